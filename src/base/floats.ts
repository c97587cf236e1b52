/**
 * Floats of 32 and of 64 bits, kept as `number`. Source: lua53.md §1.
 *
 * A single operation on 32-bit floats that is rounded to a double and then to 32 bits gives what
 * rounding once would have given: a double has more than twice the bits, and two to spare.
 */
import { EncodeError } from "./errors.ts";
import { pow } from "./pow.ts";
import { powf } from "./powf.ts";
import type { FloatSubtype } from "./subtypes.ts";

const { fround } = Math;

/** Bits of a 64-bit integer that are more than a double holds. */
const EXCESS_BITS = 11n;

export const FLOAT_32: FloatSubtype = {
  name: "float32",
  size: 4,
  digits: 7,

  round: fround,

  fromInteger(value) {
    if (typeof value === "number") return fround(value);
    // A double would round for the first time. Its last bit says instead that there was a rest.
    const upper = value >> EXCESS_BITS;
    const rest = value !== upper << EXCESS_BITS ? 1n : 0n;
    return fround(Number(upper | rest)) * 2 ** Number(EXCESS_BITS);
  },

  add: (left, right) => fround(left + right),
  subtract: (left, right) => fround(left - right),
  multiply: (left, right) => fround(left * right),
  divide: (left, right) => fround(left / right),
  floorDivide: (left, right) => Math.floor(fround(left / right)),

  modulo(left, right) {
    const rest = left % right;
    if (Number.isNaN(rest)) return invalid(left, right);
    return fround(rest * right) < 0 ? fround(rest + right) : rest;
  },

  power: (left, right) => signedIfNone(powf(left, right), left, right),

  write(writer, value) {
    if (fround(value) !== value && !Number.isNaN(value)) {
      throw new EncodeError("number", `${value} does not fit a 32-bit float`);
    }
    writer.float32(value);
  },

  read: (reader) => reader.float32(),
};

export const FLOAT_64: FloatSubtype = {
  name: "double",
  size: 8,
  digits: 14,

  round: (value) => value,
  fromInteger: Number,

  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
  floorDivide: (left, right) => Math.floor(left / right),

  modulo(left, right) {
    const rest = left % right;
    if (Number.isNaN(rest)) return invalid(left, right);
    return rest * right < 0 ? rest + right : rest;
  },

  power: (left, right) => signedIfNone(pow(left, right), left, right),

  write: (writer, value) => writer.float64(value),
  read: (reader) => reader.float64(),
};

/** A power that there is none of is the NaN of an invalid operation, whose sign `print` shows. */
function signedIfNone(power: number, left: number, right: number): number {
  if (!Number.isNaN(power) || Number.isNaN(left) || Number.isNaN(right)) return power;
  return (left - left) / (left - left);
}

/** The NaN of a remainder that there is none of, whose sign `print` shows: as the C library makes it. */
function invalid(left: number, right: number): number {
  const product = left * right;
  return product / product;
}

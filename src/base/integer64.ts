/**
 * Integers of 64 bits. Those with a magnitude below 2^53, which is almost all there are, are kept
 * as `number`, the others as `bigint`; a value has only one form. Operations try numbers first:
 * a result that is safe was not rounded. Source: lua53.md §1.
 */
import { floorModulo } from "./integer32.ts";
import { decimalInteger } from "./number-text.ts";
import type { IntegerSubtype } from "./subtypes.ts";

type Integer = number | bigint;

const MAX = 2n ** 63n - 1n;
const BITS = 64;
/** Hexadecimal digits that count. */
const HEX_DIGITS = 16;
/** 2^63. Integers are below it, and at least its negative. */
const LIMIT = 2 ** 63;

export const INTEGER_64: IntegerSubtype<Integer> = {
  name: "int64",
  size: 8,

  fromDecimal(digits) {
    const value = Number(digits);
    if (Number.isSafeInteger(value)) return value;
    const exact = decimalInteger(digits);
    return exact === undefined || exact > MAX ? undefined : exact;
  },

  fromHex: (digits) => wrap(BigInt(`0x${digits.slice(-HEX_DIGITS)}`)),
  fromBigInt: wrap,

  fromFloat(value) {
    if (Number.isSafeInteger(value)) return value + 0; // not -0
    return Number.isInteger(value) && value >= -LIMIT && value < LIMIT ? BigInt(value) : undefined;
  },

  add(left, right) {
    if (typeof left === "number" && typeof right === "number") {
      const sum = left + right;
      if (Number.isSafeInteger(sum)) return sum;
    }
    return wrap(BigInt(left) + BigInt(right));
  },

  subtract(left, right) {
    if (typeof left === "number" && typeof right === "number") {
      const difference = left - right;
      if (Number.isSafeInteger(difference)) return difference;
    }
    return wrap(BigInt(left) - BigInt(right));
  },

  multiply(left, right) {
    if (typeof left === "number" && typeof right === "number") {
      const product = left * right;
      if (Number.isSafeInteger(product)) return product + 0; // not -0
    }
    return wrap(BigInt(left) * BigInt(right));
  },

  floorDivide(left, right) {
    if (typeof left === "number" && typeof right === "number") {
      // Just below an integer the quotient is further from it than a rounding can carry it.
      return Math.floor(left / right) + 0;
    }
    return wrap(floorQuotient(BigInt(left), BigInt(right)));
  },

  modulo(left, right) {
    if (typeof left === "number" && typeof right === "number") return floorModulo(left, right);
    const dividend = BigInt(left);
    const divisor = BigInt(right);
    return wrap(dividend - floorQuotient(dividend, divisor) * divisor);
  },

  negate: (value) => (typeof value === "number" ? 0 - value : wrap(-value)),

  bitAnd: (left, right) =>
    isInt32(left) && isInt32(right) ? left & right : wrap(BigInt(left) & BigInt(right)),
  bitOr: (left, right) =>
    isInt32(left) && isInt32(right) ? left | right : wrap(BigInt(left) | BigInt(right)),
  bitXor: (left, right) =>
    isInt32(left) && isInt32(right) ? left ^ right : wrap(BigInt(left) ^ BigInt(right)),
  bitNot: (value) => (isInt32(value) ? ~value : wrap(~BigInt(value))),

  shiftLeft: (value, count) => shift(value, Number(count)),
  shiftRight: (value, count) => shift(value, -Number(count)),
};

/** The integer with the lower 64 bits of a value. */
function wrap(value: bigint): Integer {
  const wrapped = BigInt.asIntN(BITS, value);
  const small = Number(wrapped);
  return Number.isSafeInteger(small) ? small : wrapped;
}

/** These have the same bits in 64 as in 32, but for copies of the sign. */
function isInt32(value: Integer): value is number {
  return typeof value === "number" && value === (value | 0);
}

function floorQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const isRounded = quotient * divisor !== dividend;
  return isRounded && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

/** To the left, or by a negative count to the right. */
function shift(value: Integer, count: number): Integer {
  if (count >= BITS || count <= -BITS) return 0;
  if (typeof value === "number" && (count >= 0 || value >= 0)) {
    const scaled = Math.floor(value * 2 ** count);
    if (Number.isSafeInteger(scaled)) return scaled;
  }
  const bits = BigInt.asUintN(BITS, BigInt(value));
  return wrap(count >= 0 ? bits << BigInt(count) : bits >> BigInt(-count));
}

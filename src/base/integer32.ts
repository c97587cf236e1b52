/** Integers of 32 bits, kept as `number`. Source: lua53.md §1. */
import type { IntegerSubtype } from "./subtypes.ts";

const MAX = 2 ** 31 - 1;
const BITS = 32;
/** Hexadecimal digits that count. */
const HEX_DIGITS = 8;

export const INTEGER_32: IntegerSubtype<number> = {
  name: "int32",
  size: 4,

  fromDecimal(digits) {
    const value = Number(digits);
    return value <= MAX ? value : undefined;
  },

  fromHex: (digits) => Number(`0x${digits.slice(-HEX_DIGITS)}`) | 0,
  fromBigInt: (value) => Number(BigInt.asIntN(BITS, value)),
  fromFloat: (value) => (value === (value | 0) ? value | 0 : undefined),

  add: (left, right) => (left + right) | 0,
  subtract: (left, right) => (left - right) | 0,
  multiply: Math.imul,
  // As a double the quotient is exact enough; the least integer divided by -1 wraps to itself.
  floorDivide: (left, right) => Math.floor(left / right) | 0,
  modulo: floorModulo,
  negate: (value) => -value | 0,

  bitAnd: (left, right) => left & right,
  bitOr: (left, right) => left | right,
  bitXor: (left, right) => left ^ right,
  bitNot: (value) => ~value,
  shiftLeft,
  shiftRight: (value, count) => shiftLeft(value, -count),
};

/** The remainder that has the sign of the divisor, for two integers below 2^53; never -0. */
export function floorModulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest + 0;
}

function shiftLeft(value: number, count: number): number {
  if (count >= BITS || count <= -BITS) return 0;
  return count >= 0 ? value << count : (value >>> -count) | 0;
}

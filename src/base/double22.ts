/**
 * Numbers that are doubles, as firmware 2.2 reads them (lua51.md §1.3): a private decimal routine
 * that is off by some last bits, knows no subnormal results, and takes in 18 digits at most.
 * Hexadecimal numerals are integers of 64 bits, and those from 2^63 on come out negative.
 */
import { DOUBLE } from "./double.ts";
import { untilNul } from "./lua-string.ts";
import type { NumberModel } from "./number-model.ts";
import {
  type DecimalParts,
  decimalParts,
  hexInteger,
  saturate,
  shortInteger,
} from "./number-text.ts";

/** Digits that count, leading zeros included; all others only move the decimal point. */
const MAX_DIGITS = 18;

/** The decimal exponent is cut off here, far beyond where the result is infinite or zero. */
const MAX_EXPONENT = 511;

/** 10^(2^i) for each bit i of a decimal exponent. */
const BINARY_POWERS_OF_TEN = [1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128, 1e256];

const MAX_UINT64 = 2n ** 64n - 1n;

/** Only reading numerals is of its own; all else is as in {@link DOUBLE}. */
export const DOUBLE_22: NumberModel = {
  ...DOUBLE,
  name: "double-2.2",

  /** NaN for a zero with an exponent of 309 or more, such as `0e400`. */
  parse(text) {
    const short = shortInteger(text);
    if (short >= 0) return short;
    const numeral = untilNul(text);
    const parts = decimalParts(numeral);
    if (parts) return decimalValue(parts);
    const hex = hexInteger(numeral);
    return hex === undefined ? undefined : Number(BigInt.asIntN(64, saturate(hex, MAX_UINT64)));
  },
};

function decimalValue({ whole, fraction, exponent }: DecimalParts): number {
  const digits = (whole + fraction).slice(0, MAX_DIGITS);
  const scale = whole.length - digits.length;
  const sum = (scale + exponentValue(exponent)) | 0;
  const factor = powerOfTen(Math.min(Math.abs(sum), MAX_EXPONENT));
  const significand = integerValue(digits);
  return sum < 0 ? significand / factor : significand * factor;
}

/** Up to 18 digits as a double. Both halves and the product are exact: it is rounded once. */
function integerValue(digits: string): number {
  return Number(digits.slice(0, -9)) * 1e9 + Number(digits.slice(-9));
}

/** An exponent with its sign. Digits beyond 32 bits wrap around; an empty text is 0. */
function exponentValue(text: string): number {
  let value = 0;
  for (const digit of text.replace(/^[+-]/, "")) value = (Math.imul(value, 10) + Number(digit)) | 0;
  return text.startsWith("-") ? -value : value;
}

/** 10^exponent by squares, with their rounding errors, for 0 ≤ exponent ≤ 511. */
function powerOfTen(exponent: number): number {
  let power = 1;
  for (let bit = 0; bit < BINARY_POWERS_OF_TEN.length; bit++) {
    if (exponent & (1 << bit)) power *= BINARY_POWERS_OF_TEN[bit];
  }
  return power;
}

/**
 * What an IEEE 754 double is made of, and the way back from an integer significand to the nearest
 * double. Everything here is exact, or rounded once to nearest with ties to even.
 *
 *   sign 1 bit · biased exponent 11 bits · fraction 52 bits
 */

const scratch = new DataView(new ArrayBuffer(8));

/** Bits of a significand, the implied leading one included. */
const SIGNIFICAND_BITS = 53;

/** Exponent of the last bit of a subnormal number, which is the least there is. */
const LEAST_EXPONENT = -1074;

/** Sign, exponent and the upper 20 bits of the fraction, as a signed 32-bit integer. */
export function highWord(value: number): number {
  scratch.setFloat64(0, value);
  return scratch.getInt32(0);
}

/** The number with the given {@link highWord} and else the bits of `value`. */
export function withHighWord(value: number, high: number): number {
  scratch.setFloat64(0, value);
  scratch.setInt32(0, high);
  return scratch.getFloat64(0);
}

/** True when the sign bit is set: tells -0 from 0 and `-nan` from `nan`. */
export function isNegative(value: number): boolean {
  return highWord(value) < 0;
}

/** A finite number ≥ 0 as `significand · 2^exponent`. */
export function decompose(value: number): { significand: bigint; exponent: number } {
  scratch.setFloat64(0, value);
  const bits = scratch.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = BigInt.asUintN(52, bits);
  if (biased === 0) return { significand: fraction, exponent: LEAST_EXPONENT };
  return { significand: fraction | (1n << 52n), exponent: biased - 1 + LEAST_EXPONENT };
}

/** The double nearest to `significand · 2^exponent`, for a significand ≥ 0. */
export function compose(significand: bigint, exponent: number): number {
  const length = significand.toString(2).length;
  const top = length + exponent;
  if (significand === 0n || top < LEAST_EXPONENT) return 0;
  if (top > 1024) return Number.POSITIVE_INFINITY;
  // Subnormal numbers have fewer bits, down to none at all for one that may still round up.
  const kept = Math.min(SIGNIFICAND_BITS, top - LEAST_EXPONENT);
  const dropped = Math.max(length - kept, 0);
  const rounded = divideToEven(significand, 1n << BigInt(dropped));
  return scale(Number(rounded), exponent + dropped);
}

/** `dividend / divisor` as an integer, for a dividend ≥ 0 and a divisor > 0. */
export function divideToEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twiceRest = (dividend - quotient * divisor) * 2n;
  const isOdd = (quotient & 1n) === 1n;
  return twiceRest > divisor || (twiceRest === divisor && isOdd) ? quotient + 1n : quotient;
}

/**
 * `value · 2^exponent` for -2044 ≤ exponent ≤ 2046, when that is a double or too large for one. It
 * takes two factors since 2^exponent need not be a double.
 */
export function scale(value: number, exponent: number): number {
  const first = Math.max(-1022, Math.min(1023, exponent));
  return value * powerOfTwo(first) * powerOfTwo(exponent - first);
}

/** 2^exponent, for -1022 ≤ exponent ≤ 1023. */
function powerOfTwo(exponent: number): number {
  return withHighWord(0, (exponent + 1023) << 20);
}

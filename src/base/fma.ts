/**
 * Fused multiply-add in plain double arithmetic: the product is not rounded before the sum.
 *
 * Product and sums are split into a rounded part and its exact error (Dekker, Knuth). What is left
 * over is added with rounding to odd, which keeps enough information for the last addition to round
 * as if it had seen everything (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums").
 */

const scratch = new DataView(new ArrayBuffer(8));

/** Multiplying by it splits a double into two halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

/**
 * `a · b + c`, rounded once, ties to even.
 *
 * Exact as long as nothing overflows, `a` and `b` stay below 2^996, and `a · b` is zero or at least
 * 2^-960, so that its error is a number as well.
 */
export function fma(a: number, b: number, c: number): number {
  const product = a * b;
  const productError = errorOfProduct(a, b, product);
  const low = c + productError;
  const lowError = errorOfSum(c, productError, low);
  const high = product + low;
  const highError = errorOfSum(product, low, high);
  return high + addToOdd(highError, lowError);
}

/** `a · b - product`, exactly. */
function errorOfProduct(a: number, b: number, product: number): number {
  const shiftedA = a * SPLITTER;
  const highA = shiftedA - (shiftedA - a);
  const lowA = a - highA;
  const shiftedB = b * SPLITTER;
  const highB = shiftedB - (shiftedB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** `a + b - sum`, exactly. */
function errorOfSum(a: number, b: number, sum: number): number {
  const ofB = sum - a;
  const ofA = sum - ofB;
  return a - ofA + (b - ofB);
}

/** `a + b`; when that is inexact, of the two doubles around it the one with an odd significand. */
function addToOdd(a: number, b: number): number {
  const sum = a + b;
  const error = errorOfSum(a, b, sum);
  if (error === 0) return sum;
  scratch.setFloat64(0, sum);
  const low = scratch.getInt32(4);
  if (low & 1) return sum;
  // The odd neighbour on the error's side: one unit away from zero or towards it.
  if (error > 0 === sum > 0) {
    scratch.setInt32(4, low | 1);
  } else {
    scratch.setInt32(4, low - 1);
    if (low === 0) scratch.setInt32(0, scratch.getInt32(0) - 1);
  }
  return scratch.getFloat64(0);
}

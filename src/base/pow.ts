/**
 * x^y to the last bit as the reference computes it while compiling: glibc's `pow` (2.28 and later)
 * on a processor with fused multiply-add. It is not correctly rounded, so its steps and their order
 * are part of the result (lua51.md §1.4); `Math.pow` differs from it in one case of ten.
 *
 * x^y = e^(y · ln x). The logarithm and its product with y are carried in two parts of about 68
 * bits together. Both functions take a table of 128 steps per octave for the bulk and a short
 * polynomial for the rest; the polynomials are summed by pairs, not by Horner's rule.
 */
import { highWord, scale, withHighWord } from "./double-bits.ts";
import { fma } from "./fma.ts";
import { LOGARITHMS, OCTAVE_START, POWERS, STEPS } from "./pow-tables.ts";

/** A number in two parts; the upper one is the nearest double of both. */
interface Parts {
  readonly upper: number;
  readonly lower: number;
}

/** ln 2. The upper part has 42 bits, which makes its product with any exponent exact. */
const LN2_UPPER = 0.6931471805598903;
const LN2_LOWER = 5.497923018708371e-14;

/**
 * ln(1 + r) = r - r²/2 + (-r³/2) · (L3 + …), where each pair of terms brings one more factor -r²/2.
 * Fitted for |r| < 2^-7.
 */
const L3 = -0.6666666666666679;
const L4 = 0.5000000000000007;
const L5 = 0.7999999995323976;
const L6 = -0.6666666663487739;
const L7 = -1.142909628459501;
const L8 = 1.0000415263675542;

/** Steps of the power table per unit of the exponent of e: 128 / ln 2, and its reciprocal, negated. */
const STEPS_PER_UNIT = 184.6649652337873;
const MINUS_UNIT_UPPER = -0.005415212348111709;
const MINUS_UNIT_LOWER = -1.2864023111638346e-14;

/** e^r = 1 + r + E2·r² + …, fitted for |r| < ln 2 / 256. */
const E2 = 0.49999999999996786;
const E3 = 0.16666666666665886;
const E4 = 0.0416666808410674;
const E5 = 0.008333335853059549;

/** Adding it to a number below 2^51 leaves no bits for a fraction: it rounds to an integer. */
const ROUND_TO_INTEGER = 1.5 * 2 ** 52;

const LEAST_NORMAL = 2 ** -1022;

/** C's `pow(x, y)`: as IEEE 754 has it, so `1^y` and `x^0` are 1 even for NaN. */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (!Number.isFinite(y)) return x === -1 && !Number.isNaN(y) ? 1 : x ** y;
  if (x === 0 || !Number.isFinite(x)) return x ** y;
  if (x > 0) return powerOfPositive(x, y);
  if (!Number.isInteger(y)) return Number.NaN;
  const magnitude = x === -1 ? 1 : powerOfPositive(-x, y);
  return y % 2 === 0 ? magnitude : -magnitude;
}

/** For finite x > 0 other than 1, and finite y other than 0. */
function powerOfPositive(x: number, y: number): number {
  const logarithm = naturalLogarithm(x);
  const upper = y * logarithm.upper;
  const distance = Math.abs(upper);
  if (distance < 2 ** -54) return 1;
  if (distance >= 1024) return upper > 0 ? Number.POSITIVE_INFINITY : 0;
  const lower = fma(y, logarithm.lower, fma(y, logarithm.upper, -upper));
  return exponential(upper, lower);
}

/** ln x = k·ln 2 + ln c + ln(1 + r), where x = 2^k · z, c is near z, and r = z/c - 1. */
function naturalLogarithm(x: number): Parts {
  const subnormal = x < LEAST_NORMAL;
  const normal = subnormal ? x * 2 ** 52 : x;
  const high = highWord(normal);
  const offset = high - OCTAVE_START;
  const octave = offset >> 20;
  const z = withHighWord(normal, high - (octave << 20));
  const k = subnormal ? octave - 52 : octave;
  const entry = 3 * ((offset >>> 13) % STEPS);

  const r = fma(z, LOGARITHMS[entry], -1);
  const half = -0.5 * r;
  const square = r * half;
  const cube = r * square;

  // Each addition to the upper part leaves an error behind, which joins the lower part.
  const upper0 = k * LN2_UPPER + LOGARITHMS[entry + 1];
  const upper1 = upper0 + r;
  const upper2 = upper1 + square;
  const lower0 = fma(k, LN2_LOWER, LOGARITHMS[entry + 2]);
  const lower1 = upper0 - upper1 + r;
  const lower2 = fma(half, r, -square);
  const lower3 = upper1 - upper2 + square;

  const tail = fma(square, fma(r, L8, L7), fma(r, L6, L5));
  const series = fma(square, tail, fma(r, L4, L3));
  const rest = fma(cube, series, lower0 + lower1 + lower2 + lower3);
  const upper = upper2 + rest;
  return { upper, lower: upper2 - upper + rest };
}

/** e^(upper + lower) = 2^(n/128) · e^r, for 2^-54 ≤ |upper| < 1024. */
function exponential(upper: number, lower: number): number {
  const n = fma(upper, STEPS_PER_UNIT, ROUND_TO_INTEGER) - ROUND_TO_INTEGER;
  const entry = 2 * (n & (STEPS - 1));
  const r = lower + fma(n, MINUS_UNIT_LOWER, fma(n, MINUS_UNIT_UPPER, upper));

  const power = POWERS[entry];
  const square = r * r;
  const cubic = fma(square, fma(r, E3, E2), r + POWERS[entry + 1]);
  const excess = fma(square * square, fma(r, E5, E4), cubic);
  const exponent = n >> 7;
  return upper > -512
    ? scale(fma(power, excess, power), exponent)
    : smallResult(power, excess, exponent);
}

/**
 * `power · (1 + excess) · 2^exponent` where the result may be subnormal. It must not be rounded
 * twice, so its bits below the last place are dealt with while it is still a normal number.
 */
function smallResult(power: number, excess: number, exponent: number): number {
  const product = power * excess;
  const sum = power + product;
  const inLeastNormals = scale(sum, exponent + 1022);
  if (inLeastNormals >= 1) return inLeastNormals * LEAST_NORMAL;
  // Adding 1 leaves just the bits that a subnormal number has.
  const error = scale(power - sum + product, exponent + 1022);
  const rounded = 1 + inLeastNormals;
  const dropped = 1 - rounded + inLeastNormals + error;
  return (rounded + dropped - 1) * LEAST_NORMAL;
}

/** The tables of `pow`, worked out again from their definitions in fixed point. */
import { expect, test } from "vitest";
import { compose, divideToEven, withHighWord } from "../../src/base/double-bits.ts";
import { LOGARITHMS, OCTAVE_START, POWERS, STEPS } from "../../src/base/pow-tables.ts";

/** 160 bits after the point; about 110 of them count in the end. */
const FRACTION_BITS = 160n;
const ONE = 1n << FRACTION_BITS;

function toDouble(fixed: bigint): number {
  return fixed < 0n ? -toDouble(-fixed) : compose(fixed, -Number(FRACTION_BITS));
}

/** ln(a/b) = 2 · (t + t³/3 + t⁵/5 + …) with t = (a - b) / (a + b). */
function logarithm(a: bigint, b: bigint): bigint {
  let power = (ONE * (a - b)) / (a + b);
  const square = (power * power) / ONE;
  let sum = 0n;
  for (let odd = 1n; power !== 0n; odd += 2n, power = (power * square) / ONE) sum += power / odd;
  return 2n * sum;
}

/** Newton's method from above. */
function squareRoot(fixed: bigint): bigint {
  for (let root = fixed + ONE; ; ) {
    const next = (root + (fixed * ONE) / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

function middleOfStep(i: number): number {
  return withHighWord(0, OCTAVE_START + (i << 13) + (1 << 12));
}

test("reciprocals are short numbers near those of the steps' middles", () => {
  for (let i = 0; i < STEPS; i++) {
    const middle = middleOfStep(i);
    const unit = middle < 1 ? 128 : 256;
    expect(LOGARITHMS[3 * i], `step ${i}`).toBe(Math.round(unit / middle) / unit);
  }
});

test("logarithms are rounded to 43 bits, and the rest to a double", () => {
  const unit = ONE >> 43n;
  for (let i = 0; i < STEPS; i++) {
    const exact = logarithm(256n, BigInt(LOGARITHMS[3 * i] * 256));
    const upper = (exact + unit / 2n) >> (FRACTION_BITS - 43n);
    expect(LOGARITHMS[3 * i + 1], `step ${i}`).toBe(Number(upper) / 2 ** 43);
    expect(LOGARITHMS[3 * i + 2], `step ${i}`).toBe(toDouble(exact - upper * unit));
  }
  expect(LOGARITHMS).toHaveLength(3 * STEPS);
});

test("powers are the nearest doubles, with their errors", () => {
  let step = 2n * ONE;
  for (let root = 1; root < STEPS; root *= 2) step = squareRoot(step);
  let exact = ONE;
  for (let j = 0; j < STEPS; j++, exact = (exact * step) / ONE) {
    const value = divideToEven(exact, ONE >> 52n);
    const rest = exact - value * (ONE >> 52n);
    expect(POWERS[2 * j], `step ${j}`).toBe(compose(value, -52));
    expect(POWERS[2 * j + 1], `step ${j}`).toBe(toDouble((rest << 52n) / value));
  }
  expect(POWERS).toHaveLength(2 * STEPS);
});

/** Fused multiply-add against exact integer arithmetic. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compose, decompose } from "../../src/base/double-bits.ts";
import { fma } from "../../src/base/fma.ts";

/** `a · b + c` rounded once, by way of integers. */
function exactly(a: number, b: number, c: number): number {
  const [left, right, addend] = [a, b, c].map((value) => decompose(Math.abs(value)));
  const exponent = left.exponent + right.exponent;
  const least = Math.min(exponent, addend.exponent);
  const product = (left.significand * right.significand) << BigInt(exponent - least);
  const addition = addend.significand << BigInt(addend.exponent - least);
  const sum = (a < 0 !== b < 0 ? -product : product) + (c < 0 ? -addition : addition);
  return sum < 0n ? -compose(-sum, least) : compose(sum, least);
}

/** Doubles of at least 2^-300 and at most 2^300 in magnitude. */
const moderate = fc
  .tuple(
    fc.double({ min: 1, max: 2, noNaN: true }),
    fc.integer({ min: -300, max: 300 }),
    fc.boolean(),
  )
  .map(([value, exponent, negative]) => (negative ? -value : value) * 2 ** exponent);

test.each([
  ["only the product's error is left", 1 + 2 ** -52, 1 + 2 ** -52, -1 - 2 ** -51, 2 ** -104],
  ["not quite a tie, below", 2 ** 27 + 1, 2 ** 27 - 1, 2 ** 107 + 2 ** 55, 2 ** 107 + 2 ** 55],
  ["not quite a tie, above", 1 + 2 ** -27, 1 + 2 ** -27, 2 ** -53, 1 + 2 ** -26 + 2 ** -52],
])("%s", (_, a, b, c, result) => {
  expect(a * b + c).not.toBe(result);
  expect(exactly(a, b, c)).toBe(result);
  expect(fma(a, b, c)).toBe(result);
});

test("the odd neighbour of what is left may lie in the binade below", () => {
  const [a, b, c] = [2 ** 27 + 1, 2 ** 27 - 1, 2 ** 107];
  expect(exactly(a, b, c)).toBe(c);
  expect(fma(a, b, c)).toBe(c);
});

test("unrelated operands", () => {
  fc.assert(
    fc.property(moderate, moderate, moderate, (a, b, c) => {
      expect(fma(a, b, c)).toBe(exactly(a, b, c));
    }),
    { numRuns: 2000 },
  );
});

test("an addend near the product, or near half a unit of it", () => {
  const operands = fc.tuple(moderate, moderate, fc.integer({ min: -110, max: 110 }), fc.boolean());
  fc.assert(
    fc.property(operands, moderate, ([a, b, shift, negative], noise) => {
      const nearby = negative ? -(a * b) : a * b;
      for (const c of [nearby, nearby * 2 ** shift, 2 ** shift * (noise / Math.abs(noise))]) {
        expect(fma(a, b, c)).toBe(exactly(a, b, c));
      }
    }),
    { numRuns: 2000 },
  );
});

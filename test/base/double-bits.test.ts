import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compose, decompose, divideToEven, isNegative, scale } from "../../src/base/double-bits.ts";

test("decompose and compose are inverse", () => {
  const finite = fc.double({ min: 0, noDefaultInfinity: true, noNaN: true });
  fc.assert(
    fc.property(finite, (value) => {
      const { significand, exponent } = decompose(value);
      expect(compose(significand, exponent)).toBe(Math.abs(value));
    }),
  );
});

test("compose rounds as the engine rounds big integers", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 200n }), (value) => {
      expect(compose(value, 0)).toBe(Number(value));
    }),
  );
});

describe("compose", () => {
  test.each<[string, bigint, number, number]>([
    ["nothing", 0n, 5000, 0],
    ["the greatest", 2n ** 53n - 1n, 971, Number.MAX_VALUE],
    ["one bit more, rounded down", 2n ** 55n - 3n, 969, Number.MAX_VALUE],
    ["one bit more, rounded up", 2n ** 54n - 1n, 970, Number.POSITIVE_INFINITY],
    ["too great", 1n, 1024, Number.POSITIVE_INFINITY],
    ["the least", 1n, -1074, Number.MIN_VALUE],
    ["half of the least: tie to even", 1n, -1075, 0],
    ["more than half of the least", 3n, -1076, Number.MIN_VALUE],
    ["a tie among subnormals", 3n, -1075, 2 * Number.MIN_VALUE],
    ["less than a quarter of the least", 1n, -1077, 0],
    ["far too little", 1n, Number.NEGATIVE_INFINITY, 0],
  ])("%s", (_, significand, exponent, value) => {
    expect(compose(significand, exponent)).toBe(value);
  });
});

test.each<[bigint, bigint, bigint]>([
  [0n, 4n, 0n],
  [5n, 4n, 1n],
  [6n, 4n, 2n],
  [7n, 4n, 2n],
  [2n, 4n, 0n],
  [10n, 4n, 2n],
])("divideToEven: %d / %d is %d", (dividend, divisor, quotient) => {
  expect(divideToEven(dividend, divisor)).toBe(quotient);
});

test("scale reaches beyond the powers of two that are doubles", () => {
  expect(scale(2 ** 52, -1074)).toBe(2 ** -1022);
  expect(scale(0.5, 1024)).toBe(2 ** 1023);
  expect(scale(1, 1024)).toBe(Number.POSITIVE_INFINITY);
});

test("isNegative looks at the sign bit", () => {
  const values = [1, 0, Number.POSITIVE_INFINITY, -1, -0, Number.NEGATIVE_INFINITY];
  expect(values.map(isNegative)).toEqual([false, false, false, true, true, true]);
});

/** Integers and floats of Lua 5.3, each operation against exact arithmetic. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FLOAT_32, FLOAT_64 } from "../../src/base/floats.ts";
import { INTEGER_32 } from "../../src/base/integer32.ts";
import { INTEGER_64 } from "../../src/base/integer64.ts";
import type { IntegerSubtype } from "../../src/base/subtypes.ts";

type Exact = (left: bigint, right: bigint) => bigint;

/** Rounded down, by the definition. */
function floorQuotient(left: bigint, right: bigint): bigint {
  const rest = ((left % right) + right) % right;
  return (left - rest) / right;
}

/** What each operation does without a limit of bits, except that shifts take the width. */
function exactOperations(bits: number): Record<string, Exact> {
  const width = BigInt(bits);
  const shift = (value: bigint, count: bigint): bigint => {
    if (count >= width || count <= -width) return 0n;
    return count >= 0n ? value << count : BigInt.asUintN(bits, value) >> -count;
  };
  return {
    add: (a, b) => a + b,
    subtract: (a, b) => a - b,
    multiply: (a, b) => a * b,
    floorDivide: floorQuotient,
    modulo: (a, b) => a - floorQuotient(a, b) * b,
    negate: (a) => -a,
    bitAnd: (a, b) => a & b,
    bitOr: (a, b) => a | b,
    bitXor: (a, b) => a ^ b,
    bitNot: (a) => ~a,
    shiftLeft: shift,
    shiftRight: (a, b) => shift(a, -b),
  };
}

/** Integers of a width: near its ends, near 0, near 2^53, powers of two, and any. */
function integers(bits: number): fc.Arbitrary<bigint> {
  const edges = [0n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n].flatMap((edge) => [edge, -edge]);
  const near = fc
    .tuple(fc.constantFrom(...edges), fc.bigInt({ min: -3n, max: 3n }))
    .map(([edge, distance]) => edge + distance);
  const power = fc.integer({ min: 0, max: bits }).map((exponent) => 2n ** BigInt(exponent));
  const counts = fc.bigInt({ min: -70n, max: 70n });
  const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n });
  return fc.oneof(near, power, counts, any).map((value) => BigInt.asIntN(bits, value));
}

/** The one form a value has. */
function kept(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

// A subtype takes only its own values; the tests make sure of that.
const subtypes: readonly [number, IntegerSubtype<never>][] = [
  [32, INTEGER_32 as IntegerSubtype<never>],
  [64, INTEGER_64 as IntegerSubtype<never>],
];

describe.each(subtypes)("integers of %d bits", (bits, subtype) => {
  const operations = exactOperations(bits);

  test.each(Object.keys(operations))("%s", (name) => {
    const divides = name === "floorDivide" || name === "modulo";
    const computed = subtype[name as keyof typeof subtype] as (a: unknown, b: unknown) => unknown;
    fc.assert(
      fc.property(integers(bits), integers(bits), (left, right) => {
        if (divides && right === 0n) return;
        const expected = kept(BigInt.asIntN(bits, operations[name](left, right)));
        expect(computed(kept(left), kept(right))).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  test("text", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 66n }), fc.nat({ max: 20 }), (value, zeros) => {
        const padding = "0".repeat(zeros);
        const fits = value < 2n ** BigInt(bits - 1);
        expect(subtype.fromDecimal(padding + value)).toBe(fits ? kept(value) : undefined);
        const wrapped = kept(BigInt.asIntN(bits, value));
        expect(subtype.fromHex(padding + value.toString(16))).toBe(wrapped);
        expect(subtype.fromBigInt(value)).toBe(wrapped);
      }),
      { numRuns: 2_000 },
    );
  });

  test("from floats", () => {
    const limit = 2 ** (bits - 1);
    // biome-ignore format: a table
    const rows: readonly [number, number | bigint | undefined][] = [
      [0, 0], [-0, 0], [1, 1], [-1, -1], [1.5, undefined], [-0.5, undefined],
      [limit, undefined], [-limit, kept(-BigInt(limit))], [-limit * 2, undefined],
      [limit / 2, kept(BigInt(limit / 2))],
      [Number.NaN, undefined], [Number.POSITIVE_INFINITY, undefined],
      [Number.NEGATIVE_INFINITY, undefined],
    ];
    for (const [value, integer] of rows) expect(subtype.fromFloat(value), `${value}`).toBe(integer);
  });
});

/** The nearest of the multiples of a power of two that have 24 bits, ties to even, sign aside. */
function nearestOf24Bits(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const dropped = BigInt(Math.max(magnitude.toString(2).length - 24, 0));
  const unit = 1n << dropped;
  const lower = magnitude >> dropped;
  const twiceRest = 2n * (magnitude - lower * unit);
  const up = twiceRest > unit || (twiceRest === unit && lower % 2n === 1n);
  const rounded = Number((up ? lower + 1n : lower) * unit);
  return value < 0n ? -rounded : rounded;
}

describe("floats from integers", () => {
  test("of 64 bits are rounded once to 32", () => {
    const nearTie = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 24 }), fc.bigInt({ min: -2n, max: 2n }))
      .map(([upper, rest]) => BigInt.asIntN(64, (BigInt(2 * upper + 1) << 38n) + rest));
    fc.assert(
      fc.property(fc.oneof(integers(64), nearTie), (value) => {
        expect(FLOAT_32.fromInteger(kept(value))).toBe(nearestOf24Bits(value));
      }),
      { numRuns: 5_000 },
    );
  });

  test("where a double in between would round a second time", () => {
    // Just above the middle of two 32-bit floats, by less than a double can tell.
    const value = 2n ** 62n + 2n ** 38n + 1n;
    expect(Math.fround(Number(value))).toBe(2 ** 62);
    expect(FLOAT_32.fromInteger(value)).toBe(2 ** 62 + 2 ** 39);
    expect(FLOAT_32.fromInteger(-value)).toBe(-(2 ** 62 + 2 ** 39));
    expect(FLOAT_64.fromInteger(2n ** 53n + 1n)).toBe(2 ** 53);
  });
});

describe("modulo of floats", () => {
  // biome-ignore format: a table
  test.each<[number, number, number, number]>([
    // dividend, divisor, result in 32 bits, result in 64
    [-1e-30,   1,         1,                   1],
    [5.5,      2,         1.5,                 1.5],
    [-5.5,     2,         0.5,                 0.5],
    [5.5,     -2,        -0.5,                -0.5],
    [1,        Infinity,  1,                   1],
    [-1,       Infinity,  Infinity,            Infinity],
    [2 ** 100, 3,         1,                   1],
    // The sign is that of a product, which is lost when the product is too small.
    [-(2 ** -100), 2 ** -80, -(2 ** -100),     2 ** -80 - 2 ** -100],
  ])("%d %% %d", (left, right, in32, in64) => {
    const round = Math.fround;
    expect(FLOAT_32.modulo(round(left), round(right))).toBe(round(in32));
    expect(FLOAT_64.modulo(left, right)).toBe(in64);
  });
});

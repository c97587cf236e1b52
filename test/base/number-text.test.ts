/** Numbers as text: `printf`'s conversions, each table checked against the C library. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decimalDouble,
  decimalInteger,
  formatFixed,
  formatG,
  hexDouble,
  hexInteger,
  shortInteger,
} from "../../src/base/number-text.ts";

const INFINITY = Number.POSITIVE_INFINITY;

describe("%.14g", () => {
  test.each<[number, string]>([
    [0, "0"],
    [-0, "-0"],
    [12, "12"],
    [-12, "-12"],
    [0.5, "0.5"],
    [-2147483648, "-2147483648"],
    [0.1, "0.1"],
    [1 / 3, "0.33333333333333"],
    [-2 / 3, "-0.66666666666667"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [99999999999999, "99999999999999"],
    [100000000000000, "1e+14"],
    [1e15, "1e+15"],
    [1e21, "1e+21"],
    [1e100, "1e+100"],
    [1e-100, "1e-100"],
    [9.999999999999999e-5, "0.0001"],
    [5e-324, "4.9406564584125e-324"],
    [2.2250738585072014e-308, "2.2250738585072e-308"],
    [Number.MAX_VALUE, "1.7976931348623e+308"],
    [INFINITY, "inf"],
    [-INFINITY, "-inf"],
    [Number.NaN, "nan"],
  ])("%d is %s", (value, text) => {
    expect(formatG(value, 14)).toBe(text);
  });

  test.each<[string, number, string]>([
    ["down to even", 123456789012345, "1.2345678901234e+14"],
    ["up to even", 123456789012355, "1.2345678901236e+14"],
    ["a fraction, down", 1234567890123.25, "1234567890123.2"],
    ["a fraction, up", 1234567890123.75, "1234567890123.8"],
    ["up to the next power of ten", 99999999999999.5, "1e+14"],
    ["not quite a tie", 123456789012345.02, "1.2345678901235e+14"],
    ["negative", -123456789012345, "-1.2345678901234e+14"],
  ])("ties: %s", (_, value, text) => {
    expect(formatG(value, 14)).toBe(text);
  });

  test("NaN has a sign", () => {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setUint32(0, 0xfff80000);
    expect(formatG(bytes.getFloat64(0), 14)).toBe("-nan");
  });

  test("reads back as the number rounded to 14 digits", () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const back = Number(formatG(value, 14));
        if (Number.isFinite(back)) expect(formatG(back, 14)).toBe(formatG(value, 14));
        expect(Number(formatG(value, 17))).toBe(value);
      }),
    );
  });
});

describe("other precisions", () => {
  test.each<[string, number, string]>([
    ["%.0g", 2.5, "2"],
    ["%.0g", 95, "1e+02"],
    ["%.7g", 16777217, "1.677722e+07"],
    ["%.7g", 0.30000001192092896, "0.3"],
    ["%.20g", 0.1, "0.10000000000000000555"],
    ["%.17g", 5e-324, "4.9406564584124654e-324"],
  ])("%s of %d is %s", (conversion, value, text) => {
    expect(formatG(value, Number(conversion.slice(2, -1)))).toBe(text);
  });
});

describe("hexDouble", () => {
  test.each<[string, number]>([
    ["0xff", 255],
    ["0XFf", 255],
    ["0x.8", 0.5],
    ["0x1.", 1],
    ["0x1.8p1", 3],
    ["0x1p4", 16],
    ["0xep1", 28],
    ["0x1P-4", 0.0625],
    ["0x1p+1023", 2 ** 1023],
    ["0x1p1024", INFINITY],
    ["0x1p-1074", 5e-324],
    ["0x1p-1075", 0],
    ["0x1.8p-1075", 5e-324],
    ["0x0p99999999999999999999", 0],
    ["0x1p99999999999999999999", INFINITY],
    ["0x1p-99999999999999999999", 0],
    ["0x10000000000000000", 2 ** 64],
    ["0x20000000000001", 2 ** 53],
    ["0x20000000000003", 2 ** 53 + 4],
    ["0x2000000000000100000000000000000001", 2 ** 133 + 2 ** 81],
    ["0x1.00000000000008p0", 1],
    ["0x1.000000000000080001p0", 1 + 2 ** -52],
  ])("%s is %d", (text, value) => {
    expect(hexDouble(text)).toBe(value);
  });

  test.each([
    "",
    "0x",
    "0x.",
    "0xg",
    "0x1p",
    "0x1p+",
    "x1",
    "1",
    "00x1",
    "0x1p1.5",
    "0x1_0",
    " 0x1",
  ])("%j is none", (text) => expect(hexDouble(text)).toBeUndefined());
});

describe("decimalDouble", () => {
  test.each<[string, number]>([
    ["5.", 5],
    [".5", 0.5],
    ["08", 8],
    ["1e5", 1e5],
    ["1.E+2", 100],
    ["9007199254740993", 9007199254740992],
    ["9007199254740993.0000000000000000000000000000000000000000000001", 9007199254740994],
    ["2.4703282292062327208e-324", 0],
    ["2.4703282292062327209e-324", 5e-324],
    ["1e400", INFINITY],
    ["0e400", 0],
  ])("%s is %d", (text, value) => {
    expect(decimalDouble(text)).toBe(value);
  });

  test.each([
    "",
    ".",
    "e5",
    ".e5",
    "1e",
    "1e+",
    "1.2.3",
    "0x1",
    "1_0",
    "Infinity",
    "0b1",
    "1n",
    " 1",
  ])("%j is none", (text) => expect(decimalDouble(text)).toBeUndefined());
});

test.each<[string, number]>([
  ["0", 0],
  ["12", 12],
  ["007", 7],
  ["999999999", 999_999_999],
  ["1234567890", -1],
  ["0xf", 15],
  ["0XabCDef9", 0xabcdef9],
  ["0xabcdef90", -1],
  ["0x", -1],
  ["0xg", -1],
  ["00x1", -1],
  ["1x1", -1],
  ["", -1],
  ["1.5", -1],
  ["1e5", -1],
  ["1\0", -1],
  ["0x/", -1],
  ["0x:", -1],
  ["0x@", -1],
  ["0xG", -1],
])("shortInteger: %j is %d", (text, value) => {
  expect(shortInteger(text)).toBe(value);
});

describe("integers", () => {
  test.each<[string, bigint | undefined]>([
    ["0", 0n],
    ["000", 0n],
    ["007", 7n],
    ["9999999999999999999", 9_999_999_999_999_999_999n],
    ["0000009999999999999999999", 9_999_999_999_999_999_999n],
    ["10000000000000000000", 10n ** 19n],
    ["99999999999999999999", 10n ** 19n],
    ["", undefined],
    ["0x1", undefined],
    ["1.", undefined],
  ])("decimalInteger: %j is %s", (text, value) => {
    expect(decimalInteger(text)).toBe(value);
  });

  test.each<[string, bigint | undefined]>([
    ["0x0", 0n],
    ["0X000", 0n],
    ["0x00fF", 255n],
    ["0xffffffffffffffff", 2n ** 64n - 1n],
    ["0x000ffffffffffffffff", 2n ** 64n - 1n],
    ["0x10000000000000000", 2n ** 64n],
    ["0xfffffffffffffffff", 2n ** 64n],
    ["0x", undefined],
    ["00x1", undefined],
    ["12", undefined],
  ])("hexInteger: %j is %s", (text, value) => {
    expect(hexInteger(text)).toBe(value);
  });

  test("ten million digits are read in time", () => {
    const count = 10_000_000;
    const start = performance.now();
    expect(decimalInteger("9".repeat(count))).toBe(10n ** 19n);
    expect(decimalInteger(`${"0".repeat(count)}12`)).toBe(12n);
    expect(hexInteger(`0x${"f".repeat(count)}`)).toBe(2n ** 64n);
    expect(hexInteger(`0x${"0".repeat(count)}12`)).toBe(18n);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

test("a long malformed numeral is refused in time", () => {
  const digits = "9".repeat(200_000);
  expect(decimalDouble(`${digits}x`)).toBeUndefined();
  expect(hexDouble(`0x${digits}g`)).toBeUndefined();
}, 2000);

describe("fixed", () => {
  test.each<[number, number, string]>([
    [0, 2, "0.00"],
    [640 / 1024, 2, "0.62"],
    [0.125, 2, "0.12"],
    [0.375, 2, "0.38"],
    [0.05, 1, "0.1"],
    [0.25, 1, "0.2"],
    [0.75, 1, "0.8"],
    [9.996, 2, "10.00"],
    [0.004, 2, "0.00"],
    [12345.678, 1, "12345.7"],
    [1e21, 1, "1000000000000000000000.0"],
    [5e-324, 3, "0.000"],
    [INFINITY, 1, "inf"],
    [Number.NaN, 1, "nan"],
  ])("%d to %i digits", (value, digits, text) => {
    expect(formatFixed(value, digits)).toBe(text);
  });
});

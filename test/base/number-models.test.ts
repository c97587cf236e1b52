/** The number models, side by side. The expectations are what the reference compilers answer. */
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/base/byte-reader.ts";
import { ByteWriter } from "../../src/base/byte-writer.ts";
import { DOUBLE } from "../../src/base/double.ts";
import { DOUBLE_22 } from "../../src/base/double22.ts";
import { EncodeError } from "../../src/base/errors.ts";
import { INT32 } from "../../src/base/int32.ts";
import { Arithmetic, type LuaNumber, type NumberModel } from "../../src/base/number-model.ts";

const INFINITY = Number.POSITIVE_INFINITY;
const MAX = 2 ** 31 - 1;
const MIN = -(2 ** 31);
const bad = undefined;

type Value = number | undefined;

describe("numerals", () => {
  // numeral, firmware 2.2, firmware 3.0, integer builds
  // biome-ignore format: a table
  test.each<[string, Value, Value, Value]>([
    ["0",                          0,            0,                       0],
    ["12",                         12,           12,                      12],
    ["08",                         8,            8,                       8],
    ["0xff",                       255,          255,                     255],
    ["0XFF",                       255,          255,                     255],
    ["5.",                         5,            5,                       bad],
    [".5",                         0.5,          0.5,                     bad],
    ["1.0",                        1,            1,                       bad],
    ["1e5",                        100000,       100000,                  bad],
    ["1E-2",                       0.01,         0.01,                    bad],
    ["1\x00abc",                   1,            1,                       1],
    ["0x1f\x00g",                  31,           31,                      31],
    ["2147483647",                 MAX,          MAX,                     MAX],
    ["2147483648",                 -MIN,         -MIN,                    MIN],
    ["0x7fffffff",                 MAX,          MAX,                     MAX],
    ["0x80000000",                 -MIN,         -MIN,                    MIN],
    ["4294967295",                 4294967295,   4294967295,              -1],
    ["4294967296",                 4294967296,   4294967296,              0],
    ["0xffffffff",                 4294967295,   4294967295,              -1],
    ["0x100000000",                4294967296,   4294967296,              0],
    ["9223372036854775807",        2 ** 63,      2 ** 63,                 -1],
    ["9223372036854775808",        2 ** 63,      2 ** 63,                 -1],
    ["99999999999999999999999",    1e23,         1e23,                    -1],
    ["0x7fffffffffffffff",         2 ** 63,      2 ** 63,                 -1],
    ["0x8000000000000000",         -(2 ** 63),   2 ** 63,                 0],
    ["0xffffffffffffffff",         -1,           2 ** 64,                 -1],
    ["0x10000000000000000",        -1,           2 ** 64,                 -1],
    ["1e400",                      INFINITY,     INFINITY,                bad],
    ["1e-400",                     0,            0,                       bad],
    ["0e400",                      Number.NaN,   0,                       bad],
    ["0e309",                      Number.NaN,   0,                       bad],
    ["0e308",                      0,            0,                       bad],
    ["1e-23",                      1.0000000000000001e-23, 1e-23,         bad],
    ["1e-30",                      9.999999999999999e-31, 1e-30,          bad],
    ["4.9e-324",                   0,            5e-324,                  bad],
    ["1e-310",                     0,            1e-310,                  bad],
    ["2.2250738585072014e-308",    0,            2.2250738585072014e-308, bad],
    ["0.00000000000000001",        1e-17,        1e-17,                   bad],
    ["0.000000000000000001",       0,            1e-18,                   bad],
    ["0.0000000000000000001",      0,            1e-19,                   bad],
    ["0.1234567890123456789",      0.12345678901234568, 0.12345678901234568, bad],
    ["1e4294967297",               10,           INFINITY,                bad],
    ["1e2147483647",               INFINITY,     INFINITY,                bad],
    ["1e2147483649",               0,            INFINITY,                bad],
    ["0x1p4",                      bad,          16,                      bad],
    ["0xep1",                      bad,          28,                      bad],
    ["0x1p",                       bad,          bad,                     bad],
    ["0x",                         bad,          bad,                     bad],
    ["0xg",                        bad,          bad,                     bad],
    ["00x10",                      bad,          bad,                     bad],
    ["1x10",                       bad,          bad,                     bad],
    ["0x0x1",                      bad,          bad,                     bad],
    ["1e",                         bad,          bad,                     bad],
    ["1e+",                        bad,          bad,                     bad],
    ["1e5e5",                      bad,          bad,                     bad],
    ["1.2.3",                      bad,          bad,                     bad],
    ["3..2",                       bad,          bad,                     bad],
    ["1_000",                      bad,          bad,                     bad],
    ["3x",                         bad,          bad,                     bad],
    ["1f",                         bad,          bad,                     bad],
  ])("%j", (text, firmware22, firmware30, integer) => {
    expect(DOUBLE_22.parse(text)).toBe(firmware22);
    expect(DOUBLE.parse(text)).toBe(firmware30);
    expect(INT32.parse(text)).toBe(integer);
  });

  test("the exponents on which the reference for 2.2 crashes", () => {
    expect(DOUBLE_22.parse("1e2147483648")).toBe(0);
    expect(DOUBLE_22.parse("1e-2147483648")).toBe(0);
  });
});

const OPERATORS: Record<string, Arithmetic> = {
  "+": Arithmetic.Add,
  "-": Arithmetic.Sub,
  "*": Arithmetic.Mul,
  "/": Arithmetic.Div,
  "%": Arithmetic.Mod,
  "^": Arithmetic.Pow,
};

describe("folding doubles", () => {
  // biome-ignore format: a table
  test.each<[number, string, number, Value]>([
    [0.1,      "+", 0.2,       0.30000000000000004],
    [1e308,    "*", 10,        INFINITY],
    [0,        "*", -1,        -0],
    [1,        "-", 1,         0],
    [-7,       "/", 2,         -3.5],
    [1,        "/", 0,         undefined],
    [1,        "/", -0,        undefined],
    [0,        "/", 0,         undefined],
    [5.5,      "%", 2,         1.5],
    [-7,       "%", 3,         2],
    [7,        "%", -3,        -2],
    [1,        "%", 0,         undefined],
    [3,        "%", INFINITY,  undefined],
    [1e20,     "%", 0.1,       1e20 - Math.floor(1e20 / 0.1) * 0.1],
    [2,        "^", 9,         512],
    [2,        "^", 0.5,       Math.SQRT2],
    [10,       "^", 23,        1.0000000000000001e23],
    [-8,       "^", 1 / 3,     undefined],
    [INFINITY, "-", INFINITY,  undefined],
  ])("%d %s %d", (left, operator, right, result) => {
    for (const model of [DOUBLE, DOUBLE_22]) {
      expect(model.fold(OPERATORS[operator], left, right)).toBe(result);
    }
  });

  test("a negated zero is negative", () => {
    expect(DOUBLE.fold(Arithmetic.Negate, 0, 0)).toBe(-0);
  });
});

describe("folding integers", () => {
  // biome-ignore format: a table
  test.each<[number, string, number, Value]>([
    [MAX,   "+", 1,     MIN],
    [MIN,   "-", 1,     MAX],
    [46341, "*", 46341, -2147479015],
    [65536, "*", 65536, 0],
    [-7,    "/", 2,     -4],
    [7,     "/", -2,    -4],
    [-7,    "/", -2,    3],
    [0,     "/", -5,    0],
    [MIN,   "/", -1,    MIN],
    [1,     "/", 0,     undefined],
    [-7,    "%", 3,     2],
    [7,     "%", -3,    -2],
    [-7,    "%", -3,    -1],
    [-6,    "%", 3,     0],
    [MIN,   "%", -1,    0],
    [1,     "%", 0,     undefined],
    [2,     "^", 10,    1024],
    [2,     "^", 31,    MIN],
    [2,     "^", 32,    0],
    [3,     "^", 21,    1870418611],
    [-2,    "^", 3,     -8],
    [0,     "^", 0,     1],
    [2,     "^", -1,    0],
    [1,     "^", -1,    0],
    [10,    "^", 308,   0],
  ])("%d %s %d", (left, operator, right, result) => {
    expect(INT32.fold(OPERATORS[operator], left, right)).toBe(result);
  });

  test("negation wraps, and there is no negative zero", () => {
    expect(INT32.fold(Arithmetic.Negate, MIN, 0)).toBe(MIN);
    expect(INT32.fold(Arithmetic.Negate, 5, 0)).toBe(-5);
    expect(INT32.fold(Arithmetic.Negate, 0, 0)).toBe(0);
  });
});

describe("file form", () => {
  function written(model: NumberModel, value: LuaNumber): string {
    const writer = new ByteWriter();
    model.write(writer, value);
    return Buffer.from(writer.finish()).toString("hex");
  }

  function read(model: NumberModel, hex: string, bigEndian = false): LuaNumber {
    const reader = new ByteReader(Buffer.from(hex, "hex"), () => {
      throw new Error("ran short");
    });
    reader.bigEndian = bigEndian;
    const value = model.read(reader);
    expect(reader.remaining).toBe(0);
    return value;
  }

  // biome-ignore format: a table
  test.each<[string, NumberModel, number, string]>([
    ["double", DOUBLE,    7,          "0000000000001c40"],
    ["double", DOUBLE_22, -0,         "0000000000000080"],
    ["double", DOUBLE,    INFINITY,   "000000000000f07f"],
    ["int32",  INT32,     7,          "07000000"],
    ["int32",  INT32,     -2,         "feffffff"],
    ["int32",  INT32,     MAX - 1,    "feffff7f"],
    ["int32",  INT32,     MIN + 1,    "01000080"],
  ])("%s: %s %d", (_, model, value, hex) => {
    expect(written(model, value)).toBe(hex);
    expect(hex).toHaveLength(2 * model.size);
    expect(read(model, hex)).toBe(value);
    expect(read(model, Buffer.from(hex, "hex").reverse().toString("hex"), true)).toBe(value);
  });

  test.each([MAX, MIN])("the extreme integer %d is refused, as the reference does", (value) => {
    const writer = new ByteWriter();
    expect(() => INT32.write(writer, value)).toThrow(
      new EncodeError("number", "value too big or small for target integer type"),
    );
    expect(writer.offset).toBe(0);
  });

  const FRACTION = "target lua_Number is integral but fractional value found";
  const RANGE = "value too big or small for target integer type";

  test.each<[LuaNumber, string]>([
    [1.5, FRACTION],
    [-0.5, FRACTION],
    [Number.NaN, FRACTION],
    [5_000_000_000, RANGE],
    [MAX + 1, RANGE],
    [MIN - 1, RANGE],
    [INFINITY, RANGE],
    [1n, RANGE],
  ])("%s is no 32-bit integer", (value, message) => {
    const writer = new ByteWriter();
    expect(() => INT32.write(writer, value)).toThrow(new EncodeError("number", message));
    expect(writer.offset).toBe(0);
  });

  test("integers from chunks with integer numbers are rounded or wrapped", () => {
    const value = 2n ** 53n + 1n;
    expect(DOUBLE.fromInteger(value)).toBe(2 ** 53);
    expect(DOUBLE.fromInteger(-value)).toBe(-(2 ** 53));
    expect(INT32.fromInteger(value)).toBe(1);
    expect(INT32.fromInteger(0xffff_ffffn)).toBe(-1);
  });
});

test("listing form", () => {
  expect(DOUBLE.format(123456789012345)).toBe("1.2345678901234e+14");
  expect(DOUBLE_22.format(-0)).toBe("-0");
  expect(INT32.format(MIN)).toBe("-2147483648");
});

/**
 * The number models of Lua 5.3. The vectors are what the reference compilers made of each
 * expression, per model: an integer, the bytes of a float, or `-` where nothing was folded.
 */
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/base/byte-reader.ts";
import { ByteWriter } from "../../src/base/byte-writer.ts";
import { EncodeError } from "../../src/base/errors.ts";
import {
  Arithmetic,
  LuaFloat,
  type LuaNumber,
  type NumberModel,
} from "../../src/base/number-model.ts";
import {
  INT32_DOUBLE,
  INT32_FLOAT32,
  INT64_DOUBLE,
  INT64_FLOAT32,
} from "../../src/base/two-subtypes.ts";
import vectors from "./two-subtypes.vectors.json" with { type: "json" };

/** In the vectors' order. */
const MODELS = [INT32_FLOAT32, INT64_DOUBLE, INT64_FLOAT32, INT32_DOUBLE];

const BINARY: Record<string, Arithmetic> = {
  "+": Arithmetic.Add,
  "-": Arithmetic.Sub,
  "*": Arithmetic.Mul,
  "/": Arithmetic.Div,
  "%": Arithmetic.Mod,
  "^": Arithmetic.Pow,
  "//": Arithmetic.FloorDivide,
  "&": Arithmetic.BitAnd,
  "|": Arithmetic.BitOr,
  "~": Arithmetic.BitXor,
  "<<": Arithmetic.ShiftLeft,
  ">>": Arithmetic.ShiftRight,
};
const UNARY: Record<string, Arithmetic> = { "-": Arithmetic.Negate, "~": Arithmetic.BitNot };

function written(model: NumberModel, value: LuaNumber): string {
  const writer = new ByteWriter();
  model.write(writer, value);
  return Buffer.from(writer.finish()).toString("hex");
}

function parsed(model: NumberModel, text: string): LuaNumber {
  return model.parse(text) ?? expect.unreachable(text);
}

/** A value as the vectors have it. */
function shown(model: NumberModel, value: LuaNumber | undefined): string {
  if (value === undefined) return "-";
  return value instanceof LuaFloat ? `#${written(model, value)}` : String(value);
}

function folded(model: NumberModel, expression: string): LuaNumber | undefined {
  const [first, second, third] = expression.split(" ");
  if (second === undefined) return parsed(model, first);
  if (third === undefined) {
    const operand = parsed(model, second);
    return model.fold(UNARY[first], operand, operand);
  }
  return model.fold(BINARY[second], parsed(model, first), parsed(model, third));
}

describe.each(Object.entries(vectors))("%s", (_, rows) => {
  test.each(MODELS.map((model) => model.name))("%s answers as the reference does", (name) => {
    const which = MODELS.findIndex((model) => model.name === name);
    const wrong = rows.filter((row) => {
      const [expression, answers] = row.split(" = ");
      const model = MODELS[which];
      return shown(model, folded(model, expression)) !== answers.split(" ")[which];
    });
    expect(wrong).toEqual([]);
  });
});

test("the vectors tell the models from each other", () => {
  const rows = Object.values(vectors).flat();
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < i; j++) {
      const differ = rows.filter((row) => {
        const answers = row.split(" = ")[1].split(" ");
        return answers[i] !== answers[j];
      });
      expect(differ.length, `${MODELS[i].name} and ${MODELS[j].name}`).toBeGreaterThan(100);
    }
  }
});

describe("numerals", () => {
  // biome-ignore format: many in a line
  test.each([
    "", "0x", "0X", "0x.", "0x.p1", "0x1p", "0x1p+", "0xp1", "3e", "3e+", "3E-", "1.2.3", "3..2",
    "1e5e5", "1e5.5", "1f", "1a", "0x1p1p1", "0x1p1a", "1p4", ".", "-1", " 1", "1 ", "inf", "nan",
    "1\0", "1_0", "0b1",
  ])("%j is malformed", (text) => {
    for (const model of MODELS) expect(model.parse(text)).toBeUndefined();
  });

  test("decimal ones that fit are integers, in the one form of each", () => {
    expect(INT64_DOUBLE.parse("9007199254740991")).toBe(2 ** 53 - 1);
    expect(INT64_DOUBLE.parse("9007199254740992")).toBe(2n ** 53n);
    expect(INT64_FLOAT32.parse("0009223372036854775807")).toBe(2n ** 63n - 1n);
    expect(INT64_DOUBLE.parse("9223372036854775808")).toEqual(new LuaFloat(2 ** 63));
    expect(INT32_DOUBLE.parse("2147483647")).toBe(2 ** 31 - 1);
    expect(INT32_DOUBLE.parse("2147483648")).toEqual(new LuaFloat(2 ** 31));
  });

  test("floats of 32 bits are rounded twice", () => {
    // Above the middle of two floats by less than a double can tell: the even one, which is below.
    expect(INT32_FLOAT32.parse("1.00000005960464477540")).toEqual(new LuaFloat(1));
    expect(INT32_FLOAT32.parse("1.0000000596046449")).toEqual(new LuaFloat(1 + 2 ** -23));
  });

  test("long runs of digits take no time", { timeout: 5_000 }, () => {
    const zeros = "0".repeat(1_000_000);
    expect(INT64_DOUBLE.parse(`${zeros}12`)).toBe(12);
    expect(INT64_DOUBLE.parse(`0x${zeros}fffffffffffffffe`)).toBe(-2);
    expect(INT64_DOUBLE.parse(`1${zeros}`)).toEqual(new LuaFloat(Number.POSITIVE_INFINITY));
    expect(INT32_FLOAT32.parse(`0.${zeros}1`)).toEqual(new LuaFloat(0));
    expect(INT64_FLOAT32.parse(`0x.${zeros}1p4000004`)).toEqual(new LuaFloat(1));
  });
});

describe("printed", () => {
  // biome-ignore format: a table
  test.each<[number, string, string]>([
    // float, with 32 bits, with 64
    [0,         "0.0",          "0.0"],
    [-0,        "-0.0",         "-0.0"],
    [3,         "3.0",          "3.0"],
    [-3,        "-3.0",         "-3.0"],
    [0.5,       "0.5",          "0.5"],
    [0.1,       "0.1",          "0.1"],
    [1 / 3,     "0.3333333",    "0.33333333333333"],
    [1e6,       "1000000.0",    "1000000.0"],
    [1e7,       "1e+07",        "10000000.0"],
    [16777216,  "1.677722e+07", "16777216.0"],
    [1e15,      "1e+15",        "1e+15"],
    [1e-5,      "1e-05",        "1e-05"],
    [1e100,     "inf",          "1e+100"],
    [-Infinity, "-inf",         "-inf"],
    [NaN,       "nan",          "nan"],
  ])("%d", (value, in32, in64) => {
    for (const model of [INT32_FLOAT32, INT64_FLOAT32]) {
      expect(model.format(new LuaFloat(Math.fround(value)))).toBe(in32);
    }
    for (const model of [INT32_DOUBLE, INT64_DOUBLE]) {
      expect(model.format(new LuaFloat(value))).toBe(in64);
    }
  });

  test("integers have no dot, and NaN has a sign", () => {
    expect(INT32_FLOAT32.format(-7)).toBe("-7");
    expect(INT64_DOUBLE.format(-(2n ** 63n))).toBe("-9223372036854775808");
    const negative = INT32_FLOAT32.read(reader("0000c0ff"));
    expect(INT32_FLOAT32.format(negative)).toBe("-nan");
  });
});

function reader(hex: string): ByteReader {
  return new ByteReader(Buffer.from(hex, "hex"), () => {
    throw new Error("ran short");
  });
}

describe("file form", () => {
  // biome-ignore format: a table
  test.each<[NumberModel, number, string]>([
    [INT32_FLOAT32, 370.5,     "0040b943"],
    [INT64_FLOAT32, -0,        "00000080"],
    [INT64_FLOAT32, 2 ** -149, "01000000"],
    [INT32_FLOAT32, Infinity,  "0000807f"],
    [INT64_DOUBLE,  370.5,     "0000000000287740"],
    [INT32_DOUBLE,  5e-324,    "0100000000000000"],
  ])("$name: %d", (model, value, hex) => {
    expect(written(model, new LuaFloat(value))).toBe(hex);
    expect(hex).toHaveLength(2 * model.size);
    const input = reader(hex);
    expect(model.read(input)).toEqual(new LuaFloat(value));
    expect(input.remaining).toBe(0);
    const backward = reader(Buffer.from(hex, "hex").reverse().toString("hex"));
    backward.bigEndian = true;
    expect(model.read(backward)).toEqual(new LuaFloat(value));
  });

  test("a value that is no float of the width is refused", () => {
    const writer = new ByteWriter();
    for (const value of [0.1, 1e39, 16777217, 1e-50]) {
      expect(() => INT64_FLOAT32.write(writer, new LuaFloat(value))).toThrow(
        new EncodeError("number", `${value} does not fit a 32-bit float`),
      );
    }
    expect(writer.offset).toBe(0);
    expect(written(INT32_FLOAT32, new LuaFloat(Number.NaN))).toBe("0000c07f");
  });

  test("integers from elsewhere wrap around", () => {
    expect(INT32_DOUBLE.fromInteger(2n ** 32n - 1n)).toBe(-1);
    expect(INT64_DOUBLE.fromInteger(2n ** 53n)).toBe(2n ** 53n);
    expect(INT64_DOUBLE.fromInteger(2n ** 64n + 5n)).toBe(5);
  });
});

test("names and widths", () => {
  const facts = MODELS.map(({ name, size, integerSize }) => [name, size, integerSize]);
  expect(facts).toEqual([
    ["int32+float32", 4, 4],
    ["int64+double", 8, 8],
    ["int64+float32", 4, 8],
    ["int32+double", 8, 4],
  ]);
});

/** Numerals: which token text converts, and to what value, in each number model (lua51.md §1.1–1.3). */
import { chunk, FLOAT_22 } from "../../support/chunk-builder.ts";
import {
  assignments,
  chunkOnly,
  program,
  sources,
  TARGETS_22_DOUBLE,
  type Topic,
  type VectorCase,
} from "../case.ts";

/** Values of one group stay few, so that each chunk is recorded byte by byte. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "small integers": ["0", "1", "7", "9", "10", "99", "255", "256", "65535", "65536"],
  "leading zeros": ["00", "08", "0010", "000", "010", "0000000000000000000000007"],
  "zeros beyond 18 digits": [
    "0000000000000000000",
    "00000000000000000001",
    "000000000000000000012",
  ],
  "hexadecimal spellings": ["0xff", "0Xff", "0xFF", "0xaBcDeF", "0XABCDEF", "0x0", "0x00", "0x007"],
  "hexadecimal around 32 bits": ["0x7ffffffe", "0xffffffff", "0x100000000", "0x1fffffffe"],
  "hexadecimal around 64 bits": [
    "0x7fffffffffffffff",
    "0x8000000000000000",
    "0xffffffffffffffff",
    "0x10000000000000000",
    "0x123456789abcdef0123",
  ],
  "hexadecimal rounding": [
    "0x20000000000000",
    "0x20000000000001",
    "0x20000000000002",
    "0x20000000000003",
    "0x7ffffffffffffc00",
    "0x7ffffffffffffdff",
    "0x7ffffffffffffe00",
  ],
  "hexadecimal ends where e, + or - start": ["0x1e+1", "0x1e-1", "0xe+0xE", "0x1E+1"],
  "decimal around 32 bits": ["2147483646", "4294967295", "4294967296", "4294967297", "6442450942"],
  "decimal around 53 bits": [
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "9007199254740995",
  ],
  "decimal around 64 bits": [
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
  ],
  "17 to 22 digits": [
    "12345678901234567",
    "123456789012345678",
    "1234567890123456789",
    "12345678901234567890",
    "123456789012345678901",
    "1234567890123456789012",
  ],
};

const floatGroups: Readonly<Record<string, readonly string[]>> = {
  "decimal points": ["0.5", ".5", "5.", "3.14", "00.10", ".0", "0.", "1.0", "10.25"],
  tenths: ["0.1", "0.2", "0.3", "0.7", "1.1", "2.2", "3.3", "123.456"],
  exponents: ["1e5", "1E5", "1e+5", "1e-5", "1.5e3", ".5e1", "5.e1", "1e05", "1e000"],
  "powers of ten, exact": ["1e0", "1e1", "1e10", "1e15", "1e16", "1e20", "1e21", "1e22"],
  "powers of ten, rounded": ["1e23", "1e24", "1e30", "1e50", "1e100", "1e126", "1e200", "1e300"],
  "negative powers of ten": [
    "1e-1",
    "1e-2",
    "1e-7",
    "1e-15",
    "1e-23",
    "1e-100",
    "1e-200",
    "1e-300",
  ],
  "long mantissas": [
    "3.14159265358979323846264338327950288",
    "2.718281828459045235360287471352662498",
    "0.1000000000000000055511151231257827",
    "123456789.123456789123456789",
    "1234567890123456.7890123456789",
    "12345678901234567890.5",
  ],
  "halfway between doubles": [
    "1.00000000000000011102230246251565404",
    "1.00000000000000011102230246251565403",
    "1.00000000000000011102230246251565405",
    "9007199254740993.0",
    "9007199254740992.99999999999",
    "5e-324",
  ],
  "leading zeros of a fraction": [
    "0.0000000000000001",
    "0.00000000000000001",
    "0.000000000000000001",
    "0.0000000000000000001",
    "0.00000000000000000000123",
    ".00000000000000000123",
  ],
  "leading zeros before digits": [
    "000000000000000001.5",
    "0000000000000000001.5",
    "00000000000000000000000001.5e3",
  ],
  largest: [
    "1e308",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "17976931348623157e292",
    "0.00017976931348623157e312",
  ],
  "overflow to infinity": ["1e309", "1e400", "1e99999", "123456789e301", "1.8e308", "1e4294967295"],
  "smallest normal": [
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
  ],
  denormals: ["1e-310", "4.9e-324", "2.4703282292062328e-324", "2.4703282292062327e-324", "1e-320"],
  "underflow to zero": ["1e-324", "1e-400", "1e-99999", "0.1e-400", "1e-4294967295"],
  "exponents near the cap of 511": ["1e-308", "1e-309", "1e-511", "1e-512", "1e511", "1e512"],
  "exponents that wrap at 32 bits": [
    "1e4294967296",
    "1e4294967297",
    "1e-4294967297",
    "2e42949672960",
  ],
  "exponents near 2^31": ["1e2147483647", "1e-2147483647", "1e2147483649"],
  "fraction digits shift the exponent": [
    "123.456e2",
    "0.00123e5",
    "1.23456789e-5",
    "12345.678e-300",
  ],
  "zero with exponent": ["0e0", "0e5", "0e-5", "0.0e10", "0e308", "0e-308"],
};

/** Hexadecimal floats, which only a C99 `strtod` reads. */
const hexadecimalFloats = ["0x1p4", "0xep1", "0x1P1023", "0x1p1024", "0x0p0", "0xAp10", "0x10p00"];

// biome-ignore format: a long list of small words
const malformed = [
  "0x", "0X", "0xg", "0x_", "0x1g", "0x1p", "0x1p-4", "0x1p+4", "0xp1", "0x.8", "0x1p4p", "0x1.8",
  "1e", "1E", "1e+", "1e-", "1e++1", "1e5e5", "1e5.5", "1e.5", "1ee5", "1e 5",
  "1.2.3", "1..2", "3..2", "3...", "1.", "1..", "1.e", "..5", "1.5.", ".5.", ".e1", ".",
  "1_000", "1_", "3x", "1f", "1L", "0b1", "0o7", "00x10", "1x10", "0x0x1", "0xx1", "08x1", "12ab",
  "1e5x",
  "0xffffffffffffffffffg", "1and 2", "0xand 1", "0xa and 1", "1or 2", "5else", "10e1e", "1.5e3.5",
];

/** The reference dies: the exponent becomes −2^31, whose absolute value is itself. */
function exponentCrash(name: string, source: string): VectorCase {
  const shape = {
    source: "@w.lua",
    code: ["LOADK 0 1", "SETGLOBAL 0 0", "RETURN 0 1"],
    constants: ["x", 0],
    lineInfo: [3, 0],
  };
  const files = { "out.lc": chunk(shape, FLOAT_22) };
  const reason = "the exponent −2^31 is one like others, and too small: the value is 0";
  return chunkOnly(name, source, {
    deviations: [{ reason, targets: TARGETS_22_DOUBLE, expect: { exit: 0, files } }],
  });
}

const special: VectorCase[] = [
  program("zero mantissa with an infinite power", "x=0e400"),
  program("zero mantissa with an infinite power, second constant", "x='a' y=0e309 z=1"),
  program("zero mantissa with an infinite power, folded", "x=-0e400 y=0e400+1"),
  program("zero mantissa, huge negative exponent", "x=0e-400"),
  exponentCrash("exponent 2^31", "x=1e2147483648"),
  exponentCrash("exponent -2^31", "x=1e-2147483648"),
  program("numeral 2147483648", "x=2147483648", { args: ["-p", "-l", "w.lua"] }),
  program("the largest integers", "x=2147483647 y=0x7fffffff z=0x80000000", {
    args: ["-p", "-l", "w.lua"],
  }),
  program("no blank between numeral and name", "x=1y=2"),
  program("numeral then dots", "x=3 ..2 y=3 .. 2 z=1 ..'a'"),
  program("two numerals in a row", "x=0x1.8"),
  program("numeral then string", "x=1'a'"),
  program("a numeral of 300 digits", `x=${"1234567890".repeat(30)}`),
  program("a fraction of 400 digits", `x=0.${"1234567890".repeat(40)}`),
  program("a malformed numeral of 200 letters", `x=1${"z".repeat(200)}`),
  program("numeral ends at the end of the file", "return 12"),
  program("numeral before every operator", "x=1+2-3*4/5%6^7==8~=9<10>11<=12>=13"),
  program("numeral as statement", "5"),
  program("negative numeral is unary minus", "x=-1 y=- 1 z=-0x10 w= -.5"),
  program("digits with letters beyond ASCII", "x=1\xe9"),
];

export const literals: Topic = {
  name: "literals",
  cases: [
    ...Object.entries(groups).map(([name, list]) => program(name, assignments(list))),
    ...Object.entries(floatGroups).map(([name, list]) => program(name, assignments(list))),
    ...sources(
      "hexadecimal float",
      hexadecimalFloats.map((text) => `x=${text}`),
    ),
    ...sources(
      "token",
      malformed.map((text) => `x=${text}`),
    ),
    ...sources("integer build refuses", ["x=1.5", "x=5.", "x=.5", "x=1e5", "x=1.0", "x=0.0"]),
    ...special,
  ],
};

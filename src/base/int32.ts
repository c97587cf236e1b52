/**
 * Numbers that are signed 32-bit integers (`LUA_NUMBER_INTEGRAL`, lua51.md §1.2 and §1.4). There are
 * no fractions: numerals with a dot or an exponent are malformed, `/` rounds down, and everything
 * else wraps around.
 */
import { EncodeError } from "./errors.ts";
import { floorModulo } from "./integer32.ts";
import { type LuaString, untilNul } from "./lua-string.ts";
import { Arithmetic, type LuaNumber, type NumberModel } from "./number-model.ts";
import { decimalInteger, hexInteger, saturate, shortInteger } from "./number-text.ts";

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Values are of type `number`: integers from -2^31 to 2^31 - 1, and never -0. */
export const INT32: NumberModel = {
  name: "int32",
  integral: true,
  size: 4,
  integerSize: 0,

  /** Numerals are read as 64-bit integers that saturate; their lower half is the value. */
  parse(text) {
    const short = shortInteger(text);
    if (short >= 0) return short;
    const numeral = untilNul(text);
    const decimal = decimalInteger(numeral);
    if (decimal !== undefined) return lowerHalf(saturate(decimal, MAX_INT64));
    const hex = hexInteger(numeral);
    return hex === undefined ? undefined : lowerHalf(saturate(hex, MAX_UINT64));
  },

  fold: (op, left, right) => calculate(op, left as number, right as number),
  format: (value) => String(value),

  /**
   * @throws EncodeError `number` for what is no 32-bit integer and, as the reference does, for the
   *   least and the greatest one
   */
  write(writer, value) {
    if (typeof value !== "number" || !isWritable(value)) {
      throw new EncodeError("number", whyNotWritten(value));
    }
    writer.int32(value);
  },

  read: (reader) => reader.int32(),
  fromInteger: lowerHalf,
};

function isWritable(value: number): boolean {
  return value === (value | 0) && value !== MAX_INT32 && value !== MIN_INT32;
}

function whyNotWritten(value: LuaNumber): LuaString {
  return typeof value === "number" && value !== Math.floor(value)
    ? "target lua_Number is integral but fractional value found"
    : "value too big or small for target integer type";
}

/** The lower 32 bits as a signed integer. */
function lowerHalf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** The result of an operator; undefined for a division by zero, which is left to the device. */
function calculate(op: Arithmetic, left: number, right: number): number | undefined {
  switch (op) {
    case Arithmetic.Add:
      return (left + right) | 0;
    case Arithmetic.Sub:
      return (left - right) | 0;
    case Arithmetic.Mul:
      return Math.imul(left, right);
    case Arithmetic.Div:
      // Quotients are exact enough as doubles; the least integer divided by -1 wraps to itself.
      return right === 0 ? undefined : Math.floor(left / right) | 0;
    case Arithmetic.Mod:
      return right === 0 ? undefined : floorModulo(left, right);
    case Arithmetic.Pow:
      return integerPower(left, right);
    case Arithmetic.Negate:
      return -left | 0;
    default:
      return undefined;
  }
}

/** By squaring. With a negative exponent the result is 0, even for a base of 1. */
export function integerPower(base: number, exponent: number): number {
  if (exponent < 0) return 0;
  let result = 1;
  let square = base;
  for (let bits = exponent; bits > 0; bits >>= 1) {
    if (bits & 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

/**
 * Numbers of Lua 5.3: integers and floats side by side (lua53.md §1). Each model puts together one
 * width of each; what happens between the two is the same for all four.
 */

import { FLOAT_32, FLOAT_64 } from "./floats.ts";
import { INTEGER_32 } from "./integer32.ts";
import { INTEGER_64 } from "./integer64.ts";
import type { LuaString } from "./lua-string.ts";
import { Arithmetic, LuaFloat, type LuaNumber, type NumberModel } from "./number-model.ts";
import {
  decimalDouble,
  formatG,
  hexDigits,
  hexDouble,
  isDecimalInteger,
  shortInteger,
} from "./number-text.ts";
import type { FloatSubtype, IntegerSubtype } from "./subtypes.ts";

export const INT32_FLOAT32 = twoSubtypes(INTEGER_32, FLOAT_32);
export const INT64_DOUBLE = twoSubtypes(INTEGER_64, FLOAT_64);
export const INT64_FLOAT32 = twoSubtypes(INTEGER_64, FLOAT_32);
export const INT32_DOUBLE = twoSubtypes(INTEGER_32, FLOAT_64);

/** Printed like this, a float would look like an integer. */
const INTEGER_TEXT = /^[-\d]+$/;

/** Both halves of a model. */
interface Halves<Value extends number | bigint> {
  readonly integers: IntegerSubtype<Value>;
  readonly floats: FloatSubtype;
}

function twoSubtypes<Value extends number | bigint>(
  integers: IntegerSubtype<Value>,
  floats: FloatSubtype,
): NumberModel {
  const halves = { integers, floats };
  return {
    name: `${integers.name}+${floats.name}`,
    integral: false,
    size: floats.size,
    integerSize: integers.size,
    subtypes: { integers, floats },
    parse: (text) => parse(halves, text),
    fold: (op, left, right) => fold(halves, op, left, right),
    format: (value) => format(floats, value),
    write: (writer, value) => floats.write(writer, toFloat(floats, value)),
    read: (reader) => new LuaFloat(floats.read(reader)),
    fromInteger: integers.fromBigInt,
  };
}

/**
 * Hexadecimal integers wrap around, decimal ones out of range are floats. Floats of 32 bits are
 * rounded from doubles, twice in all.
 */
function parse<Value extends number | bigint>(
  { integers, floats }: Halves<Value>,
  text: LuaString,
): LuaNumber | undefined {
  const short = shortInteger(text);
  if (short >= 0) return short;
  const hex = hexDigits(text);
  if (hex !== undefined) return integers.fromHex(hex);
  const integer = isDecimalInteger(text) ? integers.fromDecimal(text) : undefined;
  if (integer !== undefined) return integer;
  const value = decimalDouble(text) ?? hexDouble(text);
  return value === undefined ? undefined : new LuaFloat(floats.round(value));
}

/**
 * Left to the device: divisions by zero of either subtype, operations on bits of what is no
 * integer, and floats that are NaN or zero, which might be −0.
 */
function fold<Value extends number | bigint>(
  halves: Halves<Value>,
  op: Arithmetic,
  left: LuaNumber,
  right: LuaNumber,
): LuaNumber | undefined {
  const { integers, floats } = halves;
  if (divides(op) && toFloat(floats, right) === 0) return undefined;
  const isUnary = op === Arithmetic.Negate || op === Arithmetic.BitNot;
  const other = isUnary ? left : right;
  if (worksOnBits(op)) {
    const bits = toInteger(integers, left);
    const otherBits = toInteger(integers, other);
    if (bits === undefined || otherBits === undefined) return undefined;
    return integerResult(integers, op, bits, otherBits);
  }
  if (op !== Arithmetic.Div && op !== Arithmetic.Pow) {
    if (!(left instanceof LuaFloat || other instanceof LuaFloat)) {
      return integerResult(integers, op, left as Value, other as Value);
    }
  }
  const result = floatResult(floats, op, toFloat(floats, left), toFloat(floats, other));
  return result === 0 || Number.isNaN(result) ? undefined : new LuaFloat(result);
}

function divides(op: Arithmetic): boolean {
  return op === Arithmetic.Div || op === Arithmetic.Mod || op === Arithmetic.FloorDivide;
}

function worksOnBits(op: Arithmetic): boolean {
  switch (op) {
    case Arithmetic.BitAnd:
    case Arithmetic.BitOr:
    case Arithmetic.BitXor:
    case Arithmetic.ShiftLeft:
    case Arithmetic.ShiftRight:
    case Arithmetic.BitNot:
      return true;
    default:
      return false;
  }
}

/** The integer equal to a number, if there is one. */
function toInteger<Value extends number | bigint>(
  integers: IntegerSubtype<Value>,
  value: LuaNumber,
): Value | undefined {
  return value instanceof LuaFloat ? integers.fromFloat(value.value) : (value as Value);
}

/** The float nearest to a number. */
function toFloat(floats: FloatSubtype, value: LuaNumber): number {
  return value instanceof LuaFloat ? value.value : floats.fromInteger(value);
}

function integerResult<Value extends number | bigint>(
  integers: IntegerSubtype<Value>,
  op: Arithmetic,
  left: Value,
  right: Value,
): Value | undefined {
  switch (op) {
    case Arithmetic.Add:
      return integers.add(left, right);
    case Arithmetic.Sub:
      return integers.subtract(left, right);
    case Arithmetic.Mul:
      return integers.multiply(left, right);
    case Arithmetic.Mod:
      return integers.modulo(left, right);
    case Arithmetic.FloorDivide:
      return integers.floorDivide(left, right);
    case Arithmetic.Negate:
      return integers.negate(left);
    case Arithmetic.BitAnd:
      return integers.bitAnd(left, right);
    case Arithmetic.BitOr:
      return integers.bitOr(left, right);
    case Arithmetic.BitXor:
      return integers.bitXor(left, right);
    case Arithmetic.ShiftLeft:
      return integers.shiftLeft(left, right);
    case Arithmetic.ShiftRight:
      return integers.shiftRight(left, right);
    case Arithmetic.BitNot:
      return integers.bitNot(left);
    default:
      return undefined;
  }
}

function floatResult(floats: FloatSubtype, op: Arithmetic, left: number, right: number): number {
  switch (op) {
    case Arithmetic.Add:
      return floats.add(left, right);
    case Arithmetic.Sub:
      return floats.subtract(left, right);
    case Arithmetic.Mul:
      return floats.multiply(left, right);
    case Arithmetic.Div:
      return floats.divide(left, right);
    case Arithmetic.Mod:
      return floats.modulo(left, right);
    case Arithmetic.Pow:
      return floats.power(left, right);
    case Arithmetic.FloorDivide:
      return floats.floorDivide(left, right);
    case Arithmetic.Negate:
      return -left;
    default:
      return Number.NaN;
  }
}

/** C's `%d` for integers, and `%.7g` or `%.14g` for floats, told from integers by a `.0`. */
function format(floats: FloatSubtype, value: LuaNumber): LuaString {
  if (!(value instanceof LuaFloat)) return String(value);
  const text = formatG(value.value, floats.digits);
  return INTEGER_TEXT.test(text) ? `${text}.0` : text;
}

/**
 * Numbers of Lua 5.1 at run time: doubles, or integers of 32 bits. Both are kept as JavaScript
 * numbers. Source: the manual of Lua 5.1, §2.2.1; lua51.md §1.2.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import type { NumberModel } from "../base/number-model.ts";
import { decimalInteger, hexInteger, saturate } from "../base/number-text.ts";
import type { NumberValue, RuntimeNumbers } from "./numbers.ts";

const MAX_INT = 2 ** 31 - 1;

/** Blanks that a numeral may have around it, and its sign: C's `isspace` and `strtod`. */
const NUMERAL = /^[ \t-\r]*([-+]?)([\da-zA-Z.+-]+)[ \t-\r]*$/;

/**
 * @param model of the target; what it reads without a sign is read here with one
 * @param longBits of `lua_Integer`, which C functions take numbers as: see `MachineState`
 */
export function numbers51(model: NumberModel, longBits: 32 | 64): RuntimeNumbers {
  const { integral } = model;
  return {
    integral,
    subtypes: undefined,
    parse: (text) => parse(model, longBits, text),
    format: (value) => formatNumber(model, value as number),
    isInteger: (value) => Number.isInteger(value),
    toDouble: (value) => value as number,
    toInteger:
      longBits === 64
        ? (value) => toHostInteger(value as number)
        : (value) => toBoardInteger(value as number),
    fromDouble: integral ? (value) => truncate(value) | 0 : (value) => value,
    fromInteger: integral
      ? (value) => (typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value)))
      : (value) => Number(value),
    less: (left, right) => left < right,
    lessOrEqual: (left, right) => left <= right,
  };
}

/** Most numbers that are printed are small integers. */
function formatNumber(model: NumberModel, value: number): LuaString {
  return (value | 0) === value && value !== 0 ? String(value) : model.format(value);
}

/** As a text of C, it ends at its first NUL. */
function parse(model: NumberModel, longBits: 32 | 64, text: LuaString): NumberValue | undefined {
  const match = NUMERAL.exec(untilNul(text));
  if (match === null) return undefined;
  const [, sign, digits] = match;
  const value = model.parse(digits) as number | undefined;
  if (value === undefined) return undefined;
  if (!model.integral) return sign === "-" ? negated(value, digits) : value;
  if (digits.length <= SAFE_DIGITS) return sign === "-" ? -value | 0 : value;
  return longInteger(digits, sign === "-", longBits) ?? value;
}

/** Where hexadecimal digits are read as a `long`, too many are all ones, whatever the sign. */
function negated(value: number, digits: LuaString): number {
  const isCutOff = value === -1 && hexInteger(digits) === BEYOND_LONG;
  return isCutOff ? value : -value;
}

/** What {@link hexInteger} gives for digits that are too many. */
const BEYOND_LONG = 2n ** 64n;
/** A numeral of so many characters fits into any integer. */
const SAFE_DIGITS = 9;

/**
 * An integer as C reads it, with its sign, as a `long`: what does not fit is its end, and hexadecimal
 * digits that are too many are all ones, whatever the sign.
 */
function longInteger(digits: LuaString, isNegative: boolean, bits: 32 | 64): number | undefined {
  const hex = hexInteger(digits);
  const value = hex ?? decimalInteger(digits);
  if (value === undefined) return undefined;
  const isCutOff = hex !== undefined && value >= 1n << BigInt(bits);
  const end = 1n << BigInt(bits - 1);
  const most = isNegative ? end : end - 1n;
  const magnitude = hex ?? saturate(value, most);
  return Number(BigInt.asIntN(32, isCutOff ? -1n : isNegative ? -magnitude : magnitude));
}

/** As x86-64 converts doubles: what does not fit is the least integer. */
function toHostInteger(value: number): number | bigint {
  const whole = truncate(value);
  if (Number.isSafeInteger(whole)) return whole;
  const fits = whole >= -(2 ** 63) && whole < 2 ** 63;
  return fits ? BigInt(whole) : -(2n ** 63n);
}

/** As the firmware's own routine converts doubles: what does not fit is the nearest integer. */
function toBoardInteger(value: number): number {
  if (Number.isNaN(value)) return MAX_INT;
  return Math.min(Math.max(truncate(value), -MAX_INT - 1), MAX_INT);
}

/** Towards zero, and never -0. */
function truncate(value: number): number {
  return Math.trunc(value) + 0;
}

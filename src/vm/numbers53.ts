/**
 * Numbers of Lua 5.3 at run time: integers and floats as the target's subtypes have them. An integer
 * is kept as a JavaScript number, or as a bigint beyond 2^53; a float as a LuaFloat. JavaScript
 * compares numbers and bigints by their exact values, as Lua does integers and floats.
 * Source: the manual of Lua 5.3, §3.4.3; lua53.md §1.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaFloat, type NumberModel } from "../base/number-model.ts";
import type { Subtypes } from "../base/subtypes.ts";
import type { NumberValue, RuntimeNumbers } from "./numbers.ts";

/** Blanks that a numeral may have around it, and its sign. */
const NUMERAL = /^[ \t-\r]*([-+]?)([\da-zA-Z.+-]+)[ \t-\r]*$/;
const DIGITS = /^\d+$/;

/** @param model of the target; what it reads without a sign is read here with one */
export function numbers53(model: NumberModel): RuntimeNumbers {
  const { subtypes } = model;
  if (subtypes === undefined) throw new Error(`${model.name} is no number model of Lua 5.3`);
  const { integers, floats } = subtypes;
  return {
    integral: false,
    subtypes,
    parse: (text) => parse(model, subtypes, text),
    format: (value) => (typeof value === "number" ? String(value) : model.format(value)),
    isInteger: (value) => !(value instanceof LuaFloat),
    toDouble: (value) => (value instanceof LuaFloat ? value.value : Number(value)),
    toInteger: (value) => (value instanceof LuaFloat ? integers.fromFloat(value.value) : value),
    fromDouble: (value) => new LuaFloat(floats.round(value)),
    fromInteger: (value) =>
      typeof value === "number" && (value | 0) === value
        ? value
        : integers.fromBigInt(BigInt(value)),
    less: (left, right) => comparable(left) < comparable(right),
    lessOrEqual: (left, right) => comparable(left) <= comparable(right),
  };
}

/** The value that JavaScript's operators compare. */
export function comparable(value: NumberValue): number | bigint {
  return value instanceof LuaFloat ? value.value : value;
}

/** Unlike C's texts, a string does not end at its first NUL: with one in it, it is no number. */
function parse(model: NumberModel, subtypes: Subtypes, text: LuaString): NumberValue | undefined {
  const match = NUMERAL.exec(text);
  if (match === null) return undefined;
  const [, sign, digits] = match;
  const value = model.parse(digits);
  if (value === undefined || sign !== "-") return value;
  if (!(value instanceof LuaFloat)) return subtypes.integers.negate(value);
  return leastInteger(subtypes, digits) ?? new LuaFloat(-value.value);
}

/** The least integer is written with a digit sequence that is none without its sign. */
function leastInteger({ integers }: Subtypes, digits: LuaString): number | bigint | undefined {
  if (!DIGITS.test(digits)) return undefined;
  const magnitude = 2n ** BigInt(8 * integers.size - 1);
  const significant = digits.replace(/^0+/, "");
  return significant === String(magnitude) ? integers.fromBigInt(-magnitude) : undefined;
}

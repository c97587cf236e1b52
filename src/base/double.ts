/**
 * Numbers that are doubles, as firmware from 3.0 on reads them (lua51.md §1.2). Numerals are
 * converted by C99's `strtod`, so hexadecimal ones may have a fraction and a binary exponent.
 */
import { untilNul } from "./lua-string.ts";
import { Arithmetic, type NumberModel } from "./number-model.ts";
import { decimalDouble, formatG, hexDouble, shortInteger } from "./number-text.ts";
import { pow } from "./pow.ts";

/** Values are of type `number`; NaN is one, but no result of folding. */
export const DOUBLE: NumberModel = {
  name: "double",
  integral: false,
  size: 8,
  integerSize: 0,

  parse(text) {
    const short = shortInteger(text);
    if (short >= 0) return short;
    const numeral = untilNul(text);
    return decimalDouble(numeral) ?? hexDouble(numeral) ?? wordDouble(numeral);
  },

  /** Divisions by zero of either sign, and whatever gives NaN, are left to the device. */
  fold(op, left, right) {
    const result = calculate(op, left as number, right as number);
    return Number.isNaN(result) ? undefined : result;
  },

  /** C's `%.14g`. */
  format: (value) => formatG(value as number, 14),
  write: (writer, value) => writer.float64(value as number),
  read: (reader) => reader.float64(),
  fromInteger: (value) => Number(value),
};

/** Words are no numerals of the language; programs read them with `tonumber`. */
function wordDouble(text: string): number | undefined {
  if (/^inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}

/** The result of an operator; NaN where the compiler leaves it to the device. */
function calculate(op: Arithmetic, left: number, right: number): number {
  switch (op) {
    case Arithmetic.Add:
      return left + right;
    case Arithmetic.Sub:
      return left - right;
    case Arithmetic.Mul:
      return left * right;
    case Arithmetic.Div:
      return right === 0 ? Number.NaN : left / right;
    case Arithmetic.Mod:
      return right === 0 ? Number.NaN : left - Math.floor(left / right) * right;
    case Arithmetic.Pow:
      return pow(left, right);
    case Arithmetic.Negate:
      return -left;
    default:
      return Number.NaN;
  }
}

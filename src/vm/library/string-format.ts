/**
 * `string.format`. Items are those of C's `printf`, each with at most five flags, two digits of width
 * and two of precision. Source: the manuals' §5.4 and §6.4; lua53.md §8.
 */
import type { LuaString } from "../../base/lua-string.ts";
import { untilNul } from "../../base/lua-string.ts";
import { LuaFloat } from "../../base/number-model.ts";
import type { Call, Native } from "../call.ts";
import { isNumber } from "../numbers.ts";
import { Table } from "../table.ts";
import { TString } from "../values.ts";
import { toUnsigned } from "./integers.ts";
import {
  type FormatSpec,
  formatCharacter,
  formatFloat,
  formatSigned,
  formatText,
  formatUnsigned,
  PLAIN_SPEC,
} from "./printf.ts";
import { escapedUnit } from "./words.ts";

/** One item of a format, ready to be filled in. */
interface Item {
  readonly spec: FormatSpec;
  /** The conversion; empty when the format ends before it. */
  readonly letter: string;
  /** True when there is nothing between `%` and the letter. */
  readonly bare: boolean;
  /** True when a precision is given. */
  readonly hasPrecision: boolean;
}

/** Fills in an argument, or returns undefined when the version has no such letter. */
type Convert = (call: Call, n: number, item: Item) => LuaString | undefined;

/** @param letterInWords how the version shows a letter it does not know */
function formatFunction(convert: Convert, letterInWords: (letter: string) => LuaString): Native {
  return (call) => {
    const format = call.text(1);
    let argument = 1;
    let result = "";
    let at = 0;
    for (;;) {
      const percent = format.indexOf("%", at);
      if (percent < 0) return call.giveText(result + format.slice(at));
      result += format.slice(at, percent);
      if (format[percent + 1] === "%") {
        result += "%";
        at = percent + 2;
        continue;
      }
      if (++argument > call.count) throw call.argumentError(argument, "no value");
      const { item, end } = isLetter(format.charCodeAt(percent + 1))
        ? { item: bareItem(format[percent + 1]), end: percent + 2 }
        : scanItem(call, format, percent + 1);
      const text = convert(call, argument, item);
      if (text === undefined) {
        throw call.error(`invalid option '%${letterInWords(item.letter)}' to 'format'`);
      }
      result += text;
      at = end;
    }
  };
}

function isLetter(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}

function bareItem(letter: LuaString): Item {
  return { spec: PLAIN_SPEC, letter, bare: true, hasPrecision: false };
}

const MAX_FLAGS = 5;
/** The lead of an item: flags, width, precision. */
const LEAD = /^([-+ #0]*)(\d{0,2})(?:(\.)(\d{0,2}))?/;
/** Longer leads have too many flags. */
const MAX_LEAD = 20;

function scanItem(call: Call, format: LuaString, start: number): { item: Item; end: number } {
  const [lead, flags, width, point, precision] = LEAD.exec(
    format.slice(start, start + MAX_LEAD),
  ) as RegExpExecArray;
  if (flags.length > MAX_FLAGS) throw call.error("invalid format (repeated flags)");
  const letter = format[start + lead.length] ?? "";
  if (/\d/.test(letter)) throw call.error("invalid format (width or precision too long)");
  const spec = {
    left: flags.includes("-"),
    plus: flags.includes("+"),
    blank: flags.includes(" "),
    alternate: flags.includes("#"),
    zeros: flags.includes("0"),
    width: Number(width),
    precision: point === undefined ? -1 : Number(precision),
  };
  const item = { spec, letter, bare: lead === "", hasPrecision: point !== undefined };
  return { item, end: start + lead.length + 1 };
}

/** Beyond this length a text without precision is taken as it is. */
const LONG_TEXT = 100;

/** Lua 5.1's. Items are C strings: they end at a zero byte. */
export const format51: Native = formatFunction(convert51, untilNul);

function convert51(call: Call, n: number, item: Item): LuaString | undefined {
  const { spec, letter, hasPrecision } = item;
  const { longBits } = call.state;
  switch (letter) {
    case "c":
      return untilNul(formatCharacter(spec, Number(toLong(call.number(n), 32))));
    case "d":
    case "i":
      return formatSigned(spec, toLong(call.number(n), longBits));
    case "o":
    case "u":
    case "x":
    case "X":
      return formatUnsigned(spec, toUnsignedLong(call.number(n), longBits), letter);
    case "e":
    case "E":
    case "f":
    case "g":
    case "G":
      return call.numbers.integral ? undefined : formatFloat(spec, call.number(n), letter);
    case "q":
      return quoted51(call.text(n));
    case "s": {
      const text = call.text(n);
      if (!hasPrecision && text.length >= LONG_TEXT) return text;
      return formatText(spec, untilNul(text));
    }
    default:
      return undefined;
  }
}

/** As x86-64 converts doubles; what does not fit becomes the least integer. */
function toLong(value: number, bits: 32 | 64): number | bigint {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole) && bits === 64) return whole;
  const limit = 2 ** (bits - 1);
  return BigInt(whole >= -limit && whole < limit ? whole : -limit);
}

function toUnsignedLong(value: number, bits: 32 | 64): number | bigint {
  const whole = Math.trunc(value);
  if (whole >= 0 && whole < 2 ** 31) return whole;
  const limit = 2 ** (bits - 1);
  if (whole < limit) return BigInt.asUintN(bits, BigInt(toLong(whole, bits)));
  if (whole < 2 * limit) return BigInt(whole);
  return Number.isNaN(whole) ? BigInt(limit) : 0n;
}

function quoted51(text: LuaString): LuaString {
  const inside = text.replace(/["\\\n\r\0]/g, (unit) => {
    return unit === "\r" ? "\\r" : unit === "\0" ? "\\000" : `\\${unit}`;
  });
  return `"${inside}"`;
}

/** Lua 5.3's. */
export const format53: Native = formatFunction(convert53, escapedUnit);

function convert53(call: Call, n: number, item: Item): LuaString | undefined {
  const { spec, letter } = item;
  switch (letter) {
    case "c":
      return formatCharacter(spec, call.integer(n));
    case "d":
    case "i":
      return formatSigned(spec, call.exactInteger(n));
    case "o":
    case "u":
    case "x":
    case "X":
      return formatUnsigned(spec, toUnsigned(call, call.exactInteger(n)), letter);
    case "a":
    case "A":
    case "e":
    case "E":
    case "f":
    case "g":
    case "G":
      return formatFloat(spec, call.float(n), letter);
    case "q":
      return literal53(call, n);
    case "s":
      return text53(call, n, item);
    default:
      return undefined;
  }
}

function text53(call: Call, n: number, { spec, bare, hasPrecision }: Item): LuaString {
  const text = call.toText(call.any(n));
  if (bare) return text;
  if (text.includes("\0")) throw call.argumentError(n, "string contains zeros");
  return !hasPrecision && text.length >= LONG_TEXT ? text : formatText(spec, text);
}

/** `%q`: a text that reads back as the same value. */
function literal53(call: Call, n: number): LuaString {
  const value = call.get(n);
  if (value instanceof TString) return quoted53(value.text);
  if (value instanceof LuaFloat) return formatFloat(PLAIN_SPEC, value.value, "a");
  if (isNumber(value)) {
    // The least integer, written in decimal, would read back as a float.
    const unsigned = toUnsigned(call, value);
    return BigInt(unsigned) === -BigInt(value) && value < 0
      ? `0x${unsigned.toString(16)}`
      : String(value);
  }
  if (value === undefined || typeof value === "boolean") return call.toText(value);
  throw call.argumentError(n, "value has no literal form");
}

function quoted53(text: LuaString): LuaString {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const inside = text.replace(/["\\\n]|[\x00-\x1f\x7f](?=(\d?))/g, (unit, digit?: string) => {
    if (digit === undefined) return `\\${unit}`;
    const code = String(unit.charCodeAt(0));
    return `\\${digit === "" ? code : code.padStart(3, "0")}`;
  });
  return `"${inside}"`;
}

/** `format % arguments`: the metamethod of strings, which takes a table of arguments apart. */
export function modFunction(format: Native): Native {
  return (call) => {
    const list = call.get(2);
    if (list instanceof Table) {
      const { base } = call;
      const count = list.length();
      call.top = base + 1;
      for (let i = 1; i <= count; i++) call.push(list.getNumber(i));
      call.count = count + 1;
    }
    return format(call);
  };
}

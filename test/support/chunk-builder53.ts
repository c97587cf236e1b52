/**
 * Builds Lua 5.3 binary chunks by hand, right or wrong in any field, for tests of what reads them.
 * It shares no code with the product. Source: lua53.md §3.
 *
 *     chunk    = header count(upvalues, 1 byte) function
 *     header   = ESC "Lua" 53 0a 19 93 0d 0a 1a 0a 04 04 integersize floatsize 20 float(370.5)
 *     function = name int int params(1) vararg(1) stack(1)
 *                int function*  int code{4}*  int constant*
 *                named(1) int ([name] instack(1) index(1))*
 *                int lineinfo{1}*  int (name int int)*
 *     int      = base 128, the highest digit first; all but the last digit have bit 7 set
 *     name     = 50 | digits of length + 1 with 50 or 60 or-ed into a first byte below 16
 */
import type { LuaString } from "../../src/base/lua-string.ts";

/** What varies between the number models. */
export interface ChunkForm53 {
  readonly integerSize: 4 | 8;
  readonly floatSize: 4 | 8;
}

export const FORM_32: ChunkForm53 = { integerSize: 4, floatSize: 4 };
export const FORM_64: ChunkForm53 = { integerSize: 8, floatSize: 8 };

/** A constant: integers are numbers or bigints, floats and bytes are marked. */
export type ConstantShape53 =
  | null
  | boolean
  | number
  | bigint
  | LuaString
  | { readonly float: number }
  | { readonly raw: LuaString };

/** A function; what is left out is as in an empty main chunk `=x`. */
export interface FunctionShape53 {
  /** null: absent. */
  readonly source?: LuaString | null;
  readonly lineDefined?: number;
  readonly lastLineDefined?: number;
  readonly parameters?: number;
  readonly vararg?: number;
  readonly stack?: number;
  readonly functions?: readonly FunctionShape53[];
  readonly code?: readonly number[];
  readonly constants?: readonly ConstantShape53[];
  /** False: written as in a stripped chunk. */
  readonly named?: boolean;
  readonly upvalues?: readonly (readonly [LuaString | null, number, number])[];
  readonly lineInfo?: readonly number[];
  readonly locals?: readonly (readonly [LuaString | null, number, number])[];
  /** Bytes to write instead of true counts. */
  readonly counts?: Partial<Record<CountName53, LuaString>>;
}

export type CountName53 = "functions" | "code" | "constants" | "upvalues" | "lineInfo" | "locals";

/** RETURN 0 1 */
export const RETURN_53 = 0x00800026;

/** A whole chunk. */
export function chunk53(main: FunctionShape53, form: ChunkForm53 = FORM_32): LuaString {
  const count = String.fromCharCode((main.upvalues ?? [ENVIRONMENT]).length);
  return header53(form) + count + function53(main, form);
}

/** The header of a form, with some of its bytes replaced. */
export function header53(
  form: ChunkForm53 = FORM_32,
  changes: Readonly<Record<number, number>> = {},
): LuaString {
  const { integerSize, floatSize } = form;
  const start = `\x1bLua\x53\x0a\x19\x93\r\n\x1a\n\x04\x04${bytes(integerSize, floatSize)}\x20`;
  const units = [...(start + float(370.5, floatSize))];
  for (const [at, byte] of Object.entries(changes)) units[Number(at)] = bytes(byte);
  return units.join("");
}

const ENVIRONMENT = [null, 1, 0] as const;

function function53(shape: FunctionShape53, form: ChunkForm53): LuaString {
  const { counts = {}, code = [RETURN_53], lineInfo = [], named = true } = shape;
  const list = <T>(name: CountName53, items: readonly T[], write: (item: T) => LuaString) =>
    (counts[name] ?? int(items.length)) + items.map(write).join("");
  return [
    string(shape.source === undefined ? "=x" : shape.source),
    int(shape.lineDefined ?? 0),
    int(shape.lastLineDefined ?? 0),
    bytes(shape.parameters ?? 0, shape.vararg ?? 1, shape.stack ?? 2),
    list("functions", shape.functions ?? [], (nested) => function53(nested, form)),
    list("code", code, word),
    list("constants", shape.constants ?? [], (constant) => constant53(constant, form)),
    bytes(named ? 1 : 0),
    list("upvalues", shape.upvalues ?? [ENVIRONMENT], ([name, inStack, index]) => {
      return (named ? string(name) : "") + bytes(inStack, index);
    }),
    list("lineInfo", lineInfo, (byte) => bytes(byte)),
    list(
      "locals",
      shape.locals ?? [],
      ([name, first, end]) => string(name) + int(first) + int(end),
    ),
  ].join("");
}

function constant53(value: ConstantShape53, { floatSize }: ChunkForm53): LuaString {
  if (value === null) return "\x00";
  if (typeof value === "boolean") return value ? "\x11" : "\x10";
  if (typeof value === "string") return string(value);
  if (typeof value === "object") {
    return "raw" in value ? value.raw : `\x20${float(value.float, floatSize)}`;
  }
  const exact = BigInt(value);
  return exact < 0n ? tagged(4, -exact - 1n) : tagged(3, exact);
}

function string(text: LuaString | null): LuaString {
  if (text === null) return "\x50";
  return tagged(text.length <= 40 ? 5 : 6, BigInt(text.length + 1)) + text;
}

/** A number with a tag: its first digit may not be above 15. */
export function tagged(tag: number, value: bigint): LuaString {
  const digits = base128(value);
  if (digits[0] > 15) digits.unshift(0);
  const more = digits.length > 1 ? 0x80 : 0;
  return bytes(more + tag * 16 + digits[0]) + joined(digits.slice(1));
}

export function int(value: number): LuaString {
  return joined(base128(BigInt(value)));
}

function base128(value: bigint): number[] {
  const rest = value / 128n;
  return [...(rest > 0n ? base128(rest) : []), Number(value % 128n)];
}

function joined(digits: readonly number[]): LuaString {
  return digits.map((digit, i) => bytes(i < digits.length - 1 ? digit + 128 : digit)).join("");
}

function float(value: number, size: 4 | 8): LuaString {
  const buffer = size === 4 ? Float32Array.of(value).buffer : Float64Array.of(value).buffer;
  return bytes(...new Uint8Array(buffer));
}

function word(value: number): LuaString {
  return bytes(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
}

function bytes(...values: number[]): LuaString {
  return String.fromCharCode(...values);
}

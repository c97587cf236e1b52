/**
 * What a firmware build's numbers are. The number model owns everything that depends on it: reading
 * numerals, printing, folding, and the width in files. There is one implementation per model; a
 * target picks one, and nothing else in the project asks which numbers it has.
 */
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { LuaString } from "./lua-string.ts";

/**
 * A Lua number. In Lua 5.1, and for the float subtype of Lua 5.3, a `number`; the integer subtype
 * of Lua 5.3 is a `bigint`.
 */
export type LuaNumber = number | bigint;

/** A constant of a function: `null` is nil. */
export type Constant = null | boolean | LuaNumber | LuaString;

/** Operators that the compiler may fold. */
export enum Arithmetic {
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  Pow,
  Negate,
}

export interface NumberModel {
  /** A name for people, e.g. in a bug report; nothing depends on it. */
  readonly name: string;

  /** True when numbers are integers only (`LUA_NUMBER_INTEGRAL`). */
  readonly integral: boolean;

  /** Bytes of a number in a `.lc` file. */
  readonly size: 4 | 8;

  /** The value of a numeral token, or undefined when it is malformed. Text after a NUL is ignored. */
  parse(text: LuaString): LuaNumber | undefined;

  /**
   * The value of `left op right` computed at compile time, or undefined when the compiler must
   * leave it to the device. For {@link Arithmetic.Negate} `right` is not looked at.
   */
  fold(op: Arithmetic, left: LuaNumber, right: LuaNumber): LuaNumber | undefined;

  /** The value as `print` and the listing show it. */
  format(value: LuaNumber): LuaString;

  /** Writes a value in its file form. */
  write(writer: ByteWriter, value: LuaNumber): void;

  /** Reads a value in its file form. */
  read(reader: ByteReader): LuaNumber;

  /** The value of an integer read from a chunk with integer numbers, wrapped or rounded to fit. */
  fromInteger(value: bigint): LuaNumber;
}

/**
 * What a firmware build's numbers are. The number model owns everything that depends on it: reading
 * numerals, printing, folding, and the width in files. There is one implementation per model; a
 * target picks one, and nothing else in the project asks which numbers it has.
 */
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { LuaString } from "./lua-string.ts";
import type { Subtypes } from "./subtypes.ts";

/** A value of the float subtype of Lua 5.3: `3.0`, unlike the integer `3`. */
export class LuaFloat {
  /** The value; where floats have 32 bits it is one of these exactly. */
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/**
 * A Lua number. In Lua 5.1 a `number`, whether numbers are doubles or integers. In Lua 5.3 the
 * integer subtype is a `number` when it is a safe integer (magnitude below 2^53; never -0) and a
 * `bigint` beyond; the float subtype is a {@link LuaFloat}.
 */
export type LuaNumber = number | bigint | LuaFloat;

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
  // The rest is Lua 5.3's.
  FloorDivide,
  BitAnd,
  BitOr,
  BitXor,
  ShiftLeft,
  ShiftRight,
  BitNot,
}

export interface NumberModel {
  /** A name for people, e.g. in a bug report; nothing depends on it. */
  readonly name: string;

  /** True when numbers are integers only (`LUA_NUMBER_INTEGRAL`). */
  readonly integral: boolean;

  /** Bytes of a number in a `.lc` file; where there are two subtypes, of a float. */
  readonly size: 4 | 8;

  /** Bytes of the integer subtype; 0 where numbers have no subtypes. */
  readonly integerSize: 0 | 4 | 8;

  /** The two subtypes, where numbers have them (Lua 5.3). */
  readonly subtypes?: Subtypes;

  /**
   * The value of a numeral token, or undefined when it is malformed. In Lua 5.1, whose lexer lets a
   * NUL into a numeral, text after it is ignored.
   */
  parse(text: LuaString): LuaNumber | undefined;

  /**
   * The value of `left op right` computed at compile time, or undefined when the compiler must
   * leave it to the device. For {@link Arithmetic.Negate} and {@link Arithmetic.BitNot} `right` is
   * not looked at.
   */
  fold(op: Arithmetic, left: LuaNumber, right: LuaNumber): LuaNumber | undefined;

  /** The value as `print` and the listing show it. */
  format(value: LuaNumber): LuaString;

  /** Writes a value in its file form; where there are two subtypes, a float. */
  write(writer: ByteWriter, value: LuaNumber): void;

  /** Reads a value in its file form; where there are two subtypes, a float. */
  read(reader: ByteReader): LuaNumber;

  /**
   * The value of an integer, wrapped or rounded to fit; of the integer subtype where there is one.
   */
  fromInteger(value: bigint): LuaNumber;
}

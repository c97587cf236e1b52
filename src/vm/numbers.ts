/**
 * What a machine does with numbers while a program runs. There is one per number model; libraries
 * reach it as `call.numbers` and never look at how a number is held.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaFloat } from "../base/number-model.ts";
import type { Subtypes } from "../base/subtypes.ts";
import type { Value } from "./values.ts";

/** A Lua number as it is held: see the head of `values.ts`. */
export type NumberValue = number | bigint | LuaFloat;

export interface RuntimeNumbers {
  /** True when there are no fractions at all (Lua 5.1's integer builds). */
  readonly integral: boolean;
  /** Integers and floats, where they are subtypes (Lua 5.3). */
  readonly subtypes: Subtypes | undefined;

  /** The number that a text stands for, blanks around it allowed, as `tonumber` reads it. */
  parse(text: LuaString): NumberValue | undefined;
  /** The number as `tostring` shows it. */
  format(value: NumberValue): LuaString;

  /** Is it of the integer subtype; in Lua 5.1, has it no fraction. */
  isInteger(value: NumberValue): boolean;
  /** The nearest double. */
  toDouble(value: NumberValue): number;
  /**
   * The integer as C functions of that version take it: in Lua 5.1 cut off towards zero, in Lua 5.3
   * undefined for a float that is none. A bigint only beyond 2^53.
   */
  toInteger(value: NumberValue): number | bigint | undefined;

  /** The Lua number nearest to a double; of the float subtype where there is one. */
  fromDouble(value: number): NumberValue;
  /** The Lua number of an integer, wrapped to its width; of the integer subtype. */
  fromInteger(value: number | bigint): NumberValue;

  less(left: NumberValue, right: NumberValue): boolean;
  lessOrEqual(left: NumberValue, right: NumberValue): boolean;
}

/** Is the value a number of any kind; strings that look like one are not. */
export function isNumber(value: Value): value is NumberValue {
  return typeof value === "number" || typeof value === "bigint" || value instanceof LuaFloat;
}

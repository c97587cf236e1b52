/**
 * C's integers as the firmware's modules have them; how wide they are depends on where a program seems
 * to run, which its machine knows. `int` has 32 bits everywhere.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";

/** Bits of `lua_Integer`. */
export function integerBits({ state }: Call): 32 | 64 {
  const { integerSize } = state.target.numbers;
  if (integerSize === 0) return state.numbers.integral ? 32 : state.longBits;
  return integerSize === 8 ? 64 : 32;
}

/** An argument as C's `int`: the lower 32 bits of an integer. */
export function intArgument(call: Call, n: number, whenMissing?: number): number {
  if (whenMissing !== undefined && call.isNoneOrNil(n)) return whenMissing;
  return toInt(call.exactInteger(n));
}

/** The lower 32 bits of an integer, as a signed one. */
export function toInt(integer: number | bigint): number {
  const small = Number(integer) | 0;
  return small === integer ? small : Number(BigInt.asIntN(32, BigInt(integer)));
}

/** How messages of Lua 5.3 show a unit: as a number when it cannot be printed. Empty stands for 0. */
export function escapedUnit(unit: LuaString): LuaString {
  const code = unit === "" ? 0 : unit.charCodeAt(0);
  return code >= 0x20 && code < 0x7f ? unit : `<\\${code}>`;
}

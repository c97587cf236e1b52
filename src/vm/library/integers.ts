/** The widths of Lua 5.3's integers, 32 or 64 bits. */
import type { Call } from "../call.ts";

/** Bytes of an integer on the call's target: 4 or 8. */
export function integerSize(call: Call): 4 | 8 {
  return call.state.target.numbers.integerSize === 8 ? 8 : 4;
}

export function maxInteger(call: Call): number | bigint {
  return integerSize(call) === 8 ? 2n ** 63n - 1n : 2 ** 31 - 1;
}

export function minInteger(call: Call): number | bigint {
  return integerSize(call) === 8 ? -(2n ** 63n) : -(2 ** 31);
}

/** An integer with its bits taken for those of an unsigned one. */
export function toUnsigned(call: Call, integer: number | bigint): number | bigint {
  if (integer >= 0) return integer;
  return integerSize(call) === 8 ? BigInt.asUintN(64, BigInt(integer)) : Number(integer) >>> 0;
}

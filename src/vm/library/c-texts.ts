/** Texts as C's functions take them. Source: the manuals' §3 and §4, `lua_tostring`. */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { isNumber } from "../numbers.ts";
import { TString, type Value } from "../values.ts";

/** A text argument up to its first zero byte. */
export function cText(call: Call, n: number, whenMissing?: LuaString): LuaString {
  return untilNul(call.text(n, whenMissing));
}

/** What C takes for a text; undefined for other values. */
export function textOf(call: Call, value: Value): LuaString | undefined {
  if (value instanceof TString) return value.text;
  return isNumber(value) ? call.numbers.format(value) : undefined;
}

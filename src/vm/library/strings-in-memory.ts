/** The strings that a program has in memory. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { sharedTexts } from "../memory-use.ts";
import { Reachable } from "../reachable.ts";
import type { Table } from "../table.ts";

/** A new list of them, in order: those that it can reach, and those that the interpreter has. */
export function stringsInMemory(call: Call): Table {
  const { state } = call;
  const texts = [...sharedTexts(state, new Reachable(state))].sort(compare);
  const list = call.newTable(texts.length, 0);
  for (const [i, text] of texts.entries()) list.setNumber(i + 1, call.make(text));
  return list;
}

/** By bytes, as Lua compares strings. */
function compare(left: LuaString, right: LuaString): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The names under which programs find functions, for tracebacks and messages of Lua 5.3: fields of
 * the loaded modules, or else of the table `ROM` of what lies in flash. Source: observed.
 */
import type { LuaString } from "../base/lua-string.ts";
import { getField53 } from "./access53.ts";
import { NO_OPERAND } from "./failures53.ts";
import { METHOD } from "./methods53.ts";
import type { LuaFunction, Thread } from "./state.ts";
import { Table } from "./table.ts";
import { TString } from "./values.ts";

/** Modules, and what they hold. */
const MAX_DEPTH = 2;
/** The module whose functions are named without it. */
const GLOBALS = "_G.";

export function globalName53(thread: Thread, fn: LuaFunction): LuaString | undefined {
  const { state } = thread;
  const loaded = state.registry.getString(state.intern("_LOADED"));
  const rom = getField53(thread, state.globals, state.intern("ROM"), NO_OPERAND);
  const name =
    findIn(loaded, fn, MAX_DEPTH) ?? (rom === METHOD ? undefined : findIn(rom, fn, MAX_DEPTH));
  return name?.startsWith(GLOBALS) ? name.slice(GLOBALS.length) : name;
}

/** Goes through a table as `pairs` does; what lies in a table comes before what is behind it. */
function findIn(table: unknown, fn: LuaFunction, depth: number): LuaString | undefined {
  if (depth === 0 || !(table instanceof Table)) return undefined;
  for (let at = table.placeAfter(0); at >= 0; at = table.placeAfter(at)) {
    const key = table.keyAt(at);
    if (!(key instanceof TString)) continue;
    const value = table.valueAt(at);
    if (value === fn) return key.text;
    const within = findIn(value, fn, depth - 1);
    if (within !== undefined) return `${key.text}.${within}`;
  }
  return undefined;
}

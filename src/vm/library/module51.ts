/** `module` of Lua 5.1. Source: the manual, §5.3. */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { Closure } from "../state.ts";
import { Table } from "../table.ts";
import type { Value } from "../values.ts";

/**
 * Makes a table the environment of the calling function: that of `loaded`, or a global one, which is
 * created with all tables on the way to it. A library in flash is left alone.
 */
export function module51(call: Call, loaded: Table): number {
  const name = untilNul(call.text(1));
  if (isLibrary(call, name)) return call.giveNothing();
  const table = moduleTable(call, loaded, name);
  if (call.index(table, call.make("_NAME")) === undefined) initialise(call, table, name);
  const caller = call.state.engine.functionAt(call.thread, 1);
  if (!(caller instanceof Closure)) {
    throw call.error("'module' not called from a Lua function");
  }
  caller.environment = table;
  for (const option of call.values(2)) call.call(option, table);
  return call.giveNothing();
}

/** Is there a library of that name: it lies in flash, and is in no table of loaded modules. */
export function isLibrary(call: Call, name: LuaString): boolean {
  const value = call.index(call.thread.globals, call.make(name));
  if (!(value instanceof Table)) return false;
  return call.state.target.libraries.requiresAnyTable || value.readOnly;
}

function moduleTable(call: Call, loaded: Table, name: LuaString): Table {
  const key = call.make(name);
  const known = call.index(loaded, key);
  if (known instanceof Table) return known;
  const table = findTable(call, name);
  if (table === undefined) throw call.error(`name conflict for module '${name}'`);
  call.setIndex(loaded, key, table);
  return table;
}

/** The table that a dotted name leads to from the globals; undefined when something is in the way. */
function findTable(call: Call, name: LuaString): Table | undefined {
  let table = call.thread.globals;
  for (const part of name.split(".")) {
    const key = call.make(part);
    let next: Value = table.get(key);
    if (next === undefined) {
      next = call.newTable(0, 1);
      call.setIndex(table, key, next);
    }
    if (!(next instanceof Table)) return undefined;
    table = next;
  }
  return table;
}

function initialise(call: Call, table: Table, name: LuaString): void {
  const set = (field: string, value: Value) => call.setIndex(table, call.make(field), value);
  set("_M", table);
  set("_NAME", call.make(name));
  set("_PACKAGE", call.make(name.slice(0, name.lastIndexOf(".") + 1)));
}

/** What the parts of the module `node` have in common. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../../vm/call.ts";
import type { MachineState } from "../../vm/state.ts";
import { Table } from "../../vm/table.ts";
import { TString, type Value } from "../../vm/values.ts";
import type { ModuleContext } from "../module.ts";

/** A field's content as JavaScript has it; numbers are whole ones. */
type Field = number | boolean | LuaString;

/** A new table, with integers, booleans and strings by name. */
export function tableOf(state: MachineState, fields: Readonly<Record<LuaString, Field>>): Table {
  const table = new Table(state.heap, 0, Object.keys(fields).length);
  for (const [name, field] of Object.entries(fields)) {
    table.setString(state.intern(name), fieldValue(state, field));
  }
  return table;
}

function fieldValue(state: MachineState, field: Field): Value {
  if (typeof field === "boolean") return field;
  if (typeof field === "number") return state.numbers.fromInteger(field);
  // Not interned: a program may have many such texts.
  return new TString(field);
}

/** The firmware's warning that a function will go. */
export function warnOfOld({ state }: ModuleContext, what: LuaString, when: LuaString): void {
  state.write(
    `Warning, deprecated API! ${what}. It will be removed ${when}. See documentation for details.\n`,
  );
}

/** An argument as a whole number, when it is a number or looks like one; C's `lua_isnumber`. */
export function numberIfAny(call: Call, n: number): number | undefined {
  const number = call.state.engine.toNumber(call.state, call.get(n));
  return number === undefined ? undefined : call.numbers.toDouble(number);
}

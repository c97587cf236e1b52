/**
 * Arguments that firmware 2.2 tells apart: tables and functions in flash have types of their own there,
 * which most functions accept and some refuse. In later firmware all this makes no difference.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { LuaFunction, NativeFunction } from "../state.ts";
import { Table } from "../table.ts";

/** A table, be it in flash. */
export function anyTable(call: Call, n: number): Table {
  const value = call.get(n);
  if (value instanceof Table) return value;
  throw call.typeError(n, call.state.target.libraries.anyTable);
}

/** A table that is not in flash, where that is another type. */
export function plainTable(call: Call, n: number): Table {
  const value = call.get(n);
  if (value instanceof Table && hasType(call, n, "table")) return value;
  throw call.typeError(n, "table");
}

/** A function, be it in flash. */
export function anyFunction(call: Call, n: number): LuaFunction {
  const value = call.get(n);
  if (value instanceof LuaFunction) return value;
  throw call.typeError(n, call.state.target.libraries.anyFunction);
}

/** A function that is not in flash, where that is another type. */
export function plainFunction(call: Call, n: number): LuaFunction {
  const value = call.get(n);
  if (value instanceof LuaFunction && hasType(call, n, "function")) return value;
  throw call.typeError(n, "function");
}

function hasType(call: Call, n: number, name: LuaString): boolean {
  const value = call.get(n);
  const lies = value instanceof Table ? value.readOnly : value instanceof NativeFunction;
  return !lies || call.typeName(value) === name;
}

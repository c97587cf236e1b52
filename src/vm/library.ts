/**
 * Libraries: named sets of native functions, opened into the tables of a machine. On the device
 * their tables and functions lie in flash, cannot be changed and take no memory.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Native } from "./call.ts";
import { type MachineState, NativeFunction } from "./state.ts";
import { Table } from "./table.ts";
import type { UserdataKind, Value } from "./values.ts";

/** Functions by name, in the order in which `pairs` shows them. */
export type Functions = Readonly<Record<LuaString, Native>>;

export interface Library {
  /** The global that holds its table; empty for the functions that are globals themselves. */
  readonly name: LuaString;
  readonly functions: Functions;
  /** Fields that are no functions, such as `math.pi`; made once per machine. */
  readonly fields?: (state: MachineState) => Readonly<Record<LuaString, Value>>;
  readonly userdata?: readonly UserdataClass[];
}

/** A kind of userdata with its metatable. */
export interface UserdataClass {
  readonly kind: UserdataKind<unknown>;
  /** Fields of `__index`. */
  readonly methods: Functions;
  /** Events such as `__gc` or `__tostring`. */
  readonly metamethods?: Functions;
}

/** The table of a library, ready to be put where programs find it; read-only. */
export function openLibrary(state: MachineState, library: Library): Table {
  for (const each of library.userdata ?? []) registerUserdata(state, each);
  const table = functionTable(state, library.functions);
  const fields = library.fields?.(state) ?? {};
  for (const name of Object.keys(fields)) table.setString(state.intern(name), fields[name]);
  table.readOnly = true;
  return table;
}

/** Puts the metatable of a kind into the registry, where userdata of that kind finds it. */
function registerUserdata(
  state: MachineState,
  { kind, methods, metamethods }: UserdataClass,
): void {
  const metatable = functionTable(state, metamethods ?? {});
  const index = functionTable(state, methods);
  index.readOnly = true;
  metatable.setString(state.intern("__index"), index);
  metatable.readOnly = true;
  state.registry.setString(state.intern(kind.name), metatable);
}

function functionTable(state: MachineState, functions: Functions): Table {
  const names = Object.keys(functions);
  const table = new Table(state.heap, 0, names.length);
  for (const name of names) {
    table.setString(state.intern(name), new NativeFunction(functions[name], name, [], true));
  }
  return table;
}

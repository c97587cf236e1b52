/**
 * Libraries: named sets of native functions, opened into the tables of a machine. On the device
 * their tables and functions lie in flash, cannot be changed and take no memory.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Native } from "./call.ts";
import { type MachineState, NativeFunction } from "./state.ts";
import { Table } from "./table.ts";
import type { UserdataKind, Value } from "./values.ts";

/** In the place of a function: the very table that it is a field of. */
export const ITSELF = "itself";

/** What a table in flash holds by name, in the order in which `pairs` shows it. */
export type Entries = Readonly<Record<LuaString, Native | typeof ITSELF>>;

/** The same with values that are made already. */
export type FlashEntries = Readonly<Record<LuaString, Native | Value | typeof ITSELF>>;

/** Functions by name, in the order in which `pairs` shows them. */
export type Functions = Readonly<Record<LuaString, Native>>;

export interface Library {
  /** The global that holds its table; empty for the functions that are globals themselves. */
  readonly name: LuaString;
  readonly functions: Entries;
  /** Fields that are no functions, such as `math.pi`; made once per machine. */
  readonly fields?: (state: MachineState) => Readonly<Record<LuaString, Value>>;
  /** True when `pairs` shows {@link fields} before the functions. */
  readonly fieldsFirst?: boolean;
  readonly userdata?: readonly UserdataClass[];
}

/** A kind of userdata with its metatable: methods and events, for it is its own `__index`. */
export interface UserdataClass {
  readonly kind: UserdataKind<unknown>;
  readonly metatable: Entries;
}

/** The table of a library, ready to be put where programs find it; read-only. */
export function openLibrary(state: MachineState, library: Library): Table {
  for (const { kind, metatable } of library.userdata ?? []) {
    state.registry.setString(state.intern(kind.name), flashTable(state, metatable));
  }
  const fields = library.fields?.(state) ?? {};
  return library.fieldsFirst === true
    ? flashTable(state, { ...fields, ...library.functions })
    : flashTable(state, { ...library.functions, ...fields });
}

/** A function of a library, which lies in flash wherever it is put: in tables in memory, too. */
export function light(body: Native, name: LuaString): NativeFunction {
  return new NativeFunction(body, name, [], true);
}

/** A read-only table, of which `pairs` shows the entries in the given order. */
export function flashTable(state: MachineState, entries: FlashEntries): Table {
  const names = Object.keys(entries);
  const table = new Table(state.heap, 0, names.length);
  const { findsSortedEventsOnly } = state.target.libraries;
  const made = new Map<Native, NativeFunction>();
  table.entries = names.map((name, i) => {
    const key = state.intern(name);
    const value = toValue(table, name, entries[name], made);
    if (!findsSortedEventsOnly || isFound(names, i)) table.setString(key, value);
    return { key, value };
  });
  table.readOnly = true;
  return table;
}

/** The search for a name that begins with `_` ends at the first one that does not come before it. */
function isFound(names: readonly LuaString[], index: number): boolean {
  const name = names[index];
  return !name.startsWith("_") || names.slice(0, index).every((before) => before < name);
}

/** A function that has two names is one value: there is nothing of it but its address. */
function toValue(
  table: Table,
  name: LuaString,
  entry: Native | Value | typeof ITSELF,
  made: Map<Native, NativeFunction>,
): Value {
  if (entry === ITSELF) return table;
  if (typeof entry !== "function") return entry;
  const fn = made.get(entry) ?? light(entry, name);
  made.set(entry, fn);
  return fn;
}

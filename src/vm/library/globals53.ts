/**
 * The globals of Lua 5.3 as the reference's host build has them. `_G` is in memory with a few fields of
 * its own; what it lacks is looked up in the table `ROM` in flash, which holds the libraries, and then
 * among the basic functions. Source: lua53.md §8; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { type FlashEntries, flashTable, ITSELF, type Library, openLibrary } from "../library.ts";
import type { MachineState } from "../state.ts";
import { Table } from "../table.ts";
import { base53 } from "./base53.ts";
import { COROUTINE_53 } from "./coroutine53.ts";
import { boardDebug53, debug53 } from "./debug53.ts";
import { opened, portableModules, romEntries } from "./globals-common.ts";
import { openIo53, tableOf } from "./io53.ts";
import { math53 } from "./math53.ts";
import { os53 } from "./os53.ts";
import { openPackage53 } from "./package53.ts";
import { string53 } from "./string53.ts";
import type { Surroundings } from "./surroundings.ts";
import { TABLE_53 } from "./table53.ts";
import { UTF8, utf8Field } from "./utf8.ts";

/** Where the registry keeps the main thread and the globals. */
const MAIN_THREAD = 1;
const GLOBALS = 2;

/** Opens all libraries of the reference's host build into a fresh machine. */
export function openGlobals53(state: MachineState, surroundings: Surroundings): void {
  const base = flashTable(state, base53(surroundings));
  const own = ownTables(state, surroundings, debug53(surroundings));
  const modules = portableModules(state, surroundings);
  const rom = flashTable(state, romEntries(state, modules, { _G: base, ...own }));
  rom.metatable = flashTable(state, { __index: base });
  const setModule = setUp(state, surroundings, rom);
  setModule("io", openIo53(state, surroundings));
  setModule("os", tableOf(state, os53(surroundings)));
}

/**
 * Opens what a board has: no `os`, an `io` only in some firmware, and its firmware modules, all in one
 * table.
 *
 * @param modules in the order in which `pairs` shows them
 */
export function openBoardGlobals53(
  state: MachineState,
  surroundings: Surroundings,
  modules: readonly Library[],
): void {
  const own = ownTables(state, surroundings, boardDebug53());
  const base = base53(surroundings);
  const entries: FlashEntries = { ...base, ...own, ROM: ITSELF, ...opened(state, modules) };
  const setModule = setUp(state, surroundings, flashTable(state, entries));
  if (state.target.board.hasIo) setModule("io", openIo53(state, surroundings));
}

/** The libraries of Lua itself, in flash; that of strings is the metatable of strings, too. */
function ownTables(
  state: MachineState,
  surroundings: Surroundings,
  debug: Library,
): Readonly<Record<LuaString, Table>> {
  const string = openLibrary(state, string53(surroundings));
  state.typeMetatables.set("string", string);
  const others = opened(state, [TABLE_53, debug, COROUTINE_53, math53()]);
  return { string, ...others, utf8: openUtf8(state) };
}

/**
 * Makes what was found in flash the globals.
 *
 * @returns what puts the table of a library in memory where programs find it
 */
function setUp(
  state: MachineState,
  surroundings: Surroundings,
  found: Table,
): (name: LuaString, table: Table) => void {
  const { globals, heap, registry } = state;
  registry.setNumber(MAIN_THREAD, state.mainThread);
  registry.setNumber(GLOBALS, globals);
  const loaded = new Table(heap, 0, 1);
  registry.setString(state.intern("_LOADED"), loaded);
  globals.setString(state.intern("_VERSION"), state.intern(state.target.dialect.title));
  globals.metatable = new Table(heap, 0, 1);
  globals.metatable.setString(state.events.index, found);
  const setModule = (name: LuaString, table: Table) => {
    loaded.setString(state.intern(name), table);
    globals.setString(state.intern(name), table);
  };
  setModule("_G", globals);
  setModule("package", openPackage53(state, surroundings, loaded));
  return setModule;
}

/** One of its fields comes from its metatable, so that `pairs` does not show it. */
function openUtf8(state: MachineState): Table {
  const table = openLibrary(state, UTF8);
  table.metatable = flashTable(state, { __index: (call: Call) => utf8Field(call) });
  return table;
}

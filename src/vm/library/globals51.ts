/**
 * The globals of Lua 5.1 as the reference's host build has them. `_G` is in memory with a few fields of
 * its own, and is its own metatable; all else lies in flash: the table `ROM` with the libraries, and
 * the basic functions. Fields are set in the order of the reference, because `pairs` shows it.
 * Source: lua51.md §6.3; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { metatableOf } from "../events.ts";
import { type Entries, type FlashEntries, flashTable, ITSELF, type Library } from "../library.ts";
import { type MachineState, NativeFunction } from "../state.ts";
import { Table } from "../table.ts";
import { isTruthy, Userdata, UserdataKind, type Value } from "../values.ts";
import { next } from "./base-common.ts";
import { base51, ipairs, nextItem, pairs } from "./base51.ts";
import { COROUTINE_51 } from "./coroutine51.ts";
import { DEBUG_51 } from "./debug51.ts";
import { opened, portableModules, romEntries } from "./globals-common.ts";
import { type Io51, openIo51 } from "./io51.ts";
import { math51 } from "./math51.ts";
import { os51 } from "./os51.ts";
import { openPackage51 } from "./package51.ts";
import { string51 } from "./string51.ts";
import type { Surroundings } from "./surroundings.ts";
import { TABLE_51 } from "./table51.ts";

const PROXY = new UserdataKind<undefined>("proxy");

/** Opens all libraries of the reference's host build into a fresh machine. */
export function openGlobals51(state: MachineState, surroundings: Surroundings): void {
  const { libraries } = state.target;
  const io = openIo51(state, surroundings);
  const base: Entries = base51(surroundings, libraries.printsPiecesOnLines);
  const rom = romOfHost(state, surroundings, io);
  const found = libraries.baseComesFirst
    ? baseThenRom(state, base, rom)
    : romThenBase(state, base, rom);
  setUp(state, surroundings, found, io);
}

/**
 * Opens what a board has: no `os`, an `io` only in some firmware, and its firmware modules.
 *
 * @param modules in the order in which `pairs` shows them
 */
export function openBoardGlobals51(
  state: MachineState,
  surroundings: Surroundings,
  modules: readonly Library[],
): void {
  const base: Entries = base51(surroundings, false);
  const rom: FlashEntries = {
    ...opened(state, ownLibraries(state, surroundings)),
    ROM: ITSELF,
    ...opened(state, modules),
  };
  const found = state.target.libraries.baseComesFirst
    ? baseThenRom(state, base, rom)
    : flashTable(state, { ...base, ...rom });
  const { hasIo } = state.target.board;
  setUp(state, surroundings, found, hasIo ? openIo51(state, surroundings) : undefined);
}

/** Makes what was found in flash the globals, and puts the others beside them. */
function setUp(
  state: MachineState,
  surroundings: Surroundings,
  found: Table,
  io: Io51 | undefined,
): void {
  setStringMetatable(state, found);
  setGlobals(state, found);
  const loaded = new Table(state.heap, 0, 1);
  state.registry.setString(state.intern("_LOADED"), loaded);
  if (state.target.libraries.baseComesFirst) {
    loaded.setString(state.intern("_G"), state.globals);
  }
  openPackage51(state, surroundings, loaded);
  if (io === undefined) return;
  state.globals.setString(state.intern("io"), io.table);
  loaded.setString(state.intern("io"), io.table);
}

// What lies in flash

function ownLibraries(state: MachineState, surroundings: Surroundings): readonly Library[] {
  const { integral } = state.numbers;
  return [
    string51(surroundings, state.target.libraries),
    TABLE_51,
    DEBUG_51,
    COROUTINE_51,
    math51(integral),
  ];
}

/** Makes the entries of `ROM` as the host build has it. */
function romOfHost(state: MachineState, surroundings: Surroundings, io: Io51): FlashEntries {
  const libraries = [
    ...ownLibraries(state, surroundings),
    os51(surroundings, state.numbers.integral),
    ...portableModules(state, surroundings),
  ];
  return romEntries(state, libraries, { io: io.functions });
}

function romThenBase(state: MachineState, base: Entries, entries: FlashEntries): Table {
  const rom = flashTable(state, entries);
  rom.metatable = flashTable(state, { __index: flashTable(state, base) });
  return rom;
}

/** In firmware 2.2 the metatable of a table in flash is a field of it. */
function baseThenRom(state: MachineState, base: Entries, entries: FlashEntries): Table {
  const metatable = flashTable(state, { __index: flashTable(state, entries) });
  const table = flashTable(state, { ...base, __metatable: metatable });
  table.metatable = metatable;
  return table;
}

/** The library is the metatable of strings itself. */
function setStringMetatable(state: MachineState, found: Table): void {
  for (let table: Value = found; table instanceof Table; ) {
    const string = table.getString(state.intern("string"));
    if (string instanceof Table) state.typeMetatables.set("string", string);
    table = table.metatable?.getString(state.events.index);
  }
}

// What is in memory

function setGlobals(state: MachineState, found: Table): void {
  const { globals, heap, target } = state;
  const set = (name: LuaString, value: Value) => globals.setString(state.intern(name), value);
  const native = (name: LuaString, body: Native, upvalue: Value) =>
    set(name, new NativeFunction(body, name, [upvalue]));
  const proxies = new Table(heap, 0, 1);
  proxies.setString(state.events.mode, state.intern("kv"));
  proxies.metatable = proxies;
  set("_G", globals);
  if (target.libraries.baseComesFirst) set("__index", found);
  set("_VERSION", state.intern(target.dialect.title));
  native("ipairs", ipairs, new NativeFunction(nextItem, "ipairs", [], true));
  native("pairs", pairs, new NativeFunction(next, "next", [], true));
  native("newproxy", newproxy, proxies);
  if (!target.libraries.baseComesFirst) set("__index", found);
  globals.metatable = globals;
}

/** Makes an empty userdata, with a new metatable or that of another one made here. */
function newproxy(call: Call): number {
  const proxy = new Userdata(PROXY, undefined, 0);
  const like = call.get(1);
  if (!isTruthy(like)) return call.give(proxy);
  const known = call.upvalue(1) as Table;
  if (like === true) {
    proxy.metatable = call.newTable();
    known.set(proxy.metatable, true);
    call.state.finalizers.noteMetatable(proxy);
    return call.give(proxy);
  }
  const metatable = metatableOf(call.state, like);
  if (metatable === undefined || known.get(metatable) !== true) {
    throw call.argumentError(1, "boolean or proxy expected");
  }
  proxy.metatable = metatable;
  call.state.finalizers.noteMetatable(proxy);
  return call.give(proxy);
}

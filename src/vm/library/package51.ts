/**
 * `require` and the library `package` of Lua 5.1, which is all in memory.
 * Source: the manual, §5.3; lua51.md §6.3; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { flashTable, light } from "../library.ts";
import { LuaFunction, type MachineState, NativeFunction } from "../state.ts";
import { Table } from "../table.ts";
import { isTruthy, Userdata, type Value } from "../values.ts";
import { plainTable } from "./arguments.ts";
import { cText, textOf } from "./c-texts.ts";
import { loadFile51 } from "./load51.ts";
import { isLibrary, module51 } from "./module51.ts";
import { CONFIG, findFile, loadError, missingPreload, PATH, setField } from "./package-common.ts";
import type { Surroundings } from "./surroundings.ts";

/** Puts `package`, `module` and `require` into the globals. */
export function openPackage51(
  state: MachineState,
  surroundings: Surroundings,
  loaded: Table,
): void {
  const handles = flashTable(state, { __gc: (call: Call) => call.giveNothing() });
  setField(state, state.registry, "_LOADLIB", handles);
  const library = new Table(state.heap, 0, 2);
  setField(state, state.globals, "package", library);
  setField(state, loaded, "package", library);
  setField(state, library, "loadlib", light(loadlib, "loadlib"));
  setField(state, library, "seeall", light(seeall, "seeall"));
  const loaders = new Table(state.heap, 4, 0);
  const bodies = [preloadLoader, luaLoader(surroundings), ...libraryLoaders(surroundings)];
  for (const [i, body] of bodies.entries()) loaders.setNumber(i + 1, light(body, "loader"));
  setField(state, library, "loaders", loaders);
  setField(state, library, "path", state.intern(PATH));
  setField(state, library, "cpath", state.intern(""));
  setField(state, library, "config", state.intern(CONFIG));
  setField(state, library, "loaded", loaded);
  setField(state, library, "preload", new Table(state.heap));
  const loading = new Userdata(undefined, undefined, 0);
  const functions: Readonly<Record<string, Native>> = {
    module: (call) => module51(call, loaded),
    require: (call) => requireModule(call, loaded, loading),
  };
  for (const name of Object.keys(functions)) {
    setField(state, state.globals, name, new NativeFunction(functions[name], name));
  }
}

function global(call: Call, name: LuaString): Value {
  return call.index(call.thread.globals, call.make(name));
}

/** A field of the global `package`, whatever that is. */
function packageField(call: Call, name: LuaString): Value {
  return call.index(global(call, "package"), call.make(name));
}

// require

/** @param loading stands for a module in `loaded` while it is being loaded */
function requireModule(call: Call, loaded: Table, loading: Userdata): number {
  const name = cText(call, 1);
  const key = call.make(name);
  const known = call.index(loaded, key);
  if (isTruthy(known)) {
    if (known !== loading) return call.give(known);
    throw call.error(`loop or previous error loading module '${name}'`);
  }
  if (isLibrary(call, name)) return call.give(global(call, name));
  const loader = findLoader(call, name);
  call.setIndex(loaded, key, loading);
  const result = call.call(loader, key);
  if (result !== undefined) call.setIndex(loaded, key, result);
  if (call.index(loaded, key) === loading) call.setIndex(loaded, key, true);
  return call.give(call.index(loaded, key));
}

function findLoader(call: Call, name: LuaString): LuaFunction {
  const loaders = packageField(call, "loaders");
  if (!(loaders instanceof Table)) throw call.error("'package.loaders' must be a table");
  let tried = "";
  for (let i = 1; ; i++) {
    const searcher = loaders.getNumber(i);
    if (searcher === undefined) throw call.error(`module '${name}' not found:${tried}`);
    const answer = call.call(searcher, call.make(name));
    if (answer instanceof LuaFunction) return answer;
    tried += textOf(call, answer) ?? "";
  }
}

// Loaders

function preloadLoader(call: Call): number {
  const name = cText(call, 1);
  const preload = packageField(call, "preload");
  if (!(preload instanceof Table)) throw call.error("'package.preload' must be a table");
  const loader = call.index(preload, call.make(name));
  if (loader !== undefined) return call.give(loader);
  return call.giveText(missingPreload(name));
}

function luaLoader(surroundings: Surroundings): Native {
  return (call) => {
    const name = cText(call, 1);
    const found = findFile(call, surroundings, name, "path", packageField(call, "path"));
    if (!found.ok) return call.giveText(found.tried);
    const main = loadFile51(call, surroundings, found.path);
    if (typeof main === "string") throw loadError(call, name, found.path, main);
    return call.give(main);
  };
}

/**
 * The loaders of C libraries: that of a module itself, and that of its outermost package. They look
 * for files, but cannot load what they find.
 */
function libraryLoaders(surroundings: Surroundings): readonly Native[] {
  const load = (call: Call, file: LuaString): number => {
    const found = findFile(call, surroundings, file, "cpath", packageField(call, "cpath"));
    if (!found.ok) return call.giveText(found.tried);
    throw loadError(call, cText(call, 1), found.path, notALibrary(found.path));
  };
  return [
    (call) => load(call, cText(call, 1)),
    (call) => {
      const [root, ...rest] = cText(call, 1).split(".");
      return rest.length === 0 ? call.giveNothing() : load(call, root);
    },
  ];
}

function notALibrary(path: LuaString): LuaString {
  return `${path}: cannot open shared object file: No such file or directory`;
}

function loadlib(call: Call): number {
  const path = cText(call, 1);
  call.text(2);
  return call.giveThree(undefined, call.make(notALibrary(path)), call.make("open"));
}

function seeall(call: Call): number {
  const table = plainTable(call, 1);
  table.metatable ??= call.newTable(0, 1);
  call.setIndex(table.metatable, call.state.events.index, call.thread.globals);
  return call.giveNothing();
}

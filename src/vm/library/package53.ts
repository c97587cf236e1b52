/**
 * `require` and the library `package` of Lua 5.3, which is all in memory: without loaders of C
 * libraries, and with a look at the libraries in flash. Source: the manual, §6.3; lua53.md §8.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { light } from "../library.ts";
import { LuaFunction, type MachineState, NativeFunction } from "../state.ts";
import { Table } from "../table.ts";
import { isTruthy, type Value } from "../values.ts";
import { cText, textOf } from "./c-texts.ts";
import { loadFile53 } from "./load53.ts";
import { CONFIG, findFile, loadError, missingPreload, PATH, setField } from "./package-common.ts";
import { replaceAll, searchPath } from "./search-path.ts";
import type { Surroundings } from "./surroundings.ts";

const PATH_VARIABLES = ["LUA_PATH_5_3", "LUA_PATH"];
/** Stands for the usual path while the variable's is taken apart. */
const MARK = "\x01";

/** Fields that `package` has room for from the start. */
const FIELDS = 5;

/**
 * Makes the library, and puts `require` into the globals.
 *
 * @param loaded the modules that are loaded, by name
 */
export function openPackage53(
  state: MachineState,
  surroundings: Surroundings,
  loaded: Table,
): Table {
  const library = new Table(state.heap, 0, FIELDS);
  setField(state, library, "searchpath", light(searchPathFunction(surroundings), "searchpath"));
  const searchers = new Table(state.heap, 2, 0);
  const preload = new Table(state.heap);
  const bodies = [preloadSearcher(preload), luaSearcher(surroundings)];
  for (const [i, body] of bodies.entries()) {
    searchers.setNumber(i + 1, closure(body, "searcher", library));
  }
  setField(state, library, "loaders", searchers);
  setField(state, library, "searchers", searchers);
  setField(state, library, "path", state.intern(pathOf(surroundings)));
  setField(state, library, "config", state.intern(`${CONFIG}\n`));
  setField(state, library, "loaded", loaded);
  setField(state, state.registry, "_PRELOAD", preload);
  setField(state, library, "preload", preload);
  setField(state, state.globals, "require", closure(requireFunction(loaded), "require", library));
  return library;
}

function closure(body: Native, name: LuaString, library: Table): NativeFunction {
  return new NativeFunction(body as NativeFunction["body"], name, [library]);
}

/** The usual path takes the place of `;;` in that of the environment. */
function pathOf({ environment }: Surroundings): LuaString {
  const [given] = PATH_VARIABLES.map(environment).filter((path) => path !== undefined);
  if (given === undefined) return PATH;
  return replaceAll(replaceAll(given, ";;", `;${MARK};`), MARK, PATH);
}

function packageField(call: Call, name: LuaString): Value {
  return call.index(call.upvalue(1), call.state.intern(name));
}

// require

function requireFunction(loaded: Table): Native {
  return (call) => {
    const name = cText(call, 1);
    const key = call.make(name);
    const known = call.index(loaded, key);
    if (isTruthy(known)) return call.give(known);
    const rom = call.index(call.thread.globals, call.state.intern("ROM"));
    const library = call.index(rom, key);
    if (isTruthy(library)) return call.give(library);
    const [loader, extra] = findLoader(call, name);
    const result = call.call(loader, key, extra);
    if (result !== undefined) call.setIndex(loaded, key, result);
    if (call.index(loaded, key) === undefined) call.setIndex(loaded, key, true);
    return call.give(call.index(loaded, key));
  };
}

/** What loads the module, and what else it gets. */
function findLoader(call: Call, name: LuaString): readonly [LuaFunction, Value] {
  const searchers = packageField(call, "searchers");
  if (!(searchers instanceof Table)) throw call.error("'package.searchers' must be a table");
  let tried = "";
  for (let i = 1; ; i++) {
    const searcher = searchers.getNumber(i);
    if (searcher === undefined) throw call.error(`module '${name}' not found:${tried}`);
    const [loader, extra] = call.callAll(searcher, [call.make(name)]);
    if (loader instanceof LuaFunction) return [loader, extra];
    tried += textOf(call, loader) ?? "";
  }
}

// Searchers

function preloadSearcher(preload: Table): Native {
  return (call) => {
    const name = cText(call, 1);
    const loader = call.index(preload, call.make(name));
    return call.give(loader ?? call.make(missingPreload(name)));
  };
}

function luaSearcher(surroundings: Surroundings): Native {
  return (call) => {
    const name = cText(call, 1);
    const found = findFile(call, surroundings, name, "path", packageField(call, "path"));
    if (!found.ok) return call.giveText(found.tried);
    const main = loadFile53(call, surroundings, found.path);
    if (typeof main === "string") throw loadError(call, name, found.path, main);
    return call.giveTwo(main, call.make(found.path));
  };
}

function searchPathFunction(surroundings: Surroundings): Native {
  return (call) => {
    // The last one is looked at first.
    const directories = call.isNoneOrNil(4) ? "/" : cText(call, 4);
    const separator = call.isNoneOrNil(3) ? "." : cText(call, 3);
    const path = cText(call, 2);
    const name = cText(call, 1);
    const file = separator === "" ? name : replaceAll(name, separator, directories);
    const found = searchPath(surroundings, file, path);
    if (found.ok) return call.giveText(found.path);
    return call.giveTwo(undefined, call.make(found.tried));
  };
}

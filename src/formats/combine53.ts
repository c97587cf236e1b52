/**
 * The main function that Lua 5.3's `luac.cross` writes around several chunks, and the names and the
 * order of these. Source: lua53.md §4.3.
 *
 * Unlike Lua 5.1's, this main function calls nothing and finds nothing: run, it just returns. It is
 * a container. The *lookup* kind also holds the names of its modules and when it was built, which
 * an image needs; the other kind holds the chunks alone.
 */
import { LuacrossError } from "../base/errors.ts";
import { type LuaString, untilNul } from "../base/lua-string.ts";
import type { Constant, LuaNumber } from "../base/number-model.ts";
import type { Proto, UpvalueSource } from "../bytecode/proto.ts";
import { MAX_SHORT_STRING } from "./fields53.ts";

/** The source of the main function around several chunks. */
export const COMBINED_SOURCE: LuaString = "=(luac.cross)";

const RETURN_NOTHING = 0x00800026;
/** One instruction, on line 1. */
const LINE_INFO = [1, 0];
const ENVIRONMENT: UpvalueSource = { inStack: true, index: 0 };

/** A main function that holds `protos` and does nothing. */
export function combineCall53(protos: readonly Proto[]): Proto {
  return wrapModules53(protos.map(asNested), []);
}

/**
 * A main function that holds modules with their names, to be made an image of.
 *
 * @param time seconds since 1970, of the target's integer subtype
 * @throws {LuacrossError} `duplicate-name` when two modules have the same name; names above 40
 *   bytes are not compared, as the reference looks at the identity of strings
 */
export function combineLookup53(protos: readonly Proto[], time: LuaNumber): Proto {
  const names = protos.map(({ source }) => moduleName53(source));
  const seen = new Set<LuaString>();
  names.forEach((name, i) => {
    if (seen.has(name)) throw duplicate(baseName(protos[i].source));
    if (name.length <= MAX_SHORT_STRING) seen.add(name);
  });
  return wrapModules53(protos.map(asNested), [...names, time]);
}

function duplicate(name: LuaString): LuacrossError {
  return new LuacrossError("duplicate-name", `Cannot have duplicate files ('${name}') in LFS`);
}

/** The main function around modules that were in such a one before. */
export function wrapModules53(protos: readonly Proto[], constants: readonly Constant[]): Proto {
  return {
    source: COMBINED_SOURCE,
    lineDefined: 0,
    lastLineDefined: 0,
    upvalueCount: 1,
    upvalueSources: [ENVIRONMENT],
    parameterCount: 0,
    varargFlags: 1,
    maxStackSize: 1,
    code: Int32Array.of(RETURN_NOTHING),
    constants,
    protos,
    lineInfo: Uint8Array.from(LINE_INFO),
    locals: [],
    upvalueNames: [],
  };
}

/** A main function's environment was its own; nested it is that of the function around. */
function asNested(proto: Proto): Proto {
  const [first, ...rest] = proto.upvalueSources;
  if (first === undefined) return proto;
  const { index } = first;
  return { ...proto, upvalueSources: [{ inStack: false, index }, ...rest] };
}

/**
 * The name of a module: its file name without folder, leading dots and extensions, e.g. `init` for
 * `@src/init.lua`. Nothing else may be left, e.g. of `@...`; then it is empty.
 *
 * @param source chunk name; its first unit, `@` or `=`, is dropped unseen
 */
export function moduleName53(source: LuaString): LuaString {
  const [name] = baseName(source).split(".", 1);
  return name;
}

/** The name with its extensions. */
function baseName(source: LuaString): LuaString {
  const path = untilNul(source.slice(1));
  // A backslash separates folders only where no slash does.
  const separator = path.includes("/") ? "/" : "\\";
  return path.slice(path.lastIndexOf(separator) + 1).replace(/^\.+/, "");
}

/** An input file in the order in which it is loaded. */
export interface OrderedInput {
  readonly path: LuaString;
  /** True when it is read from standard input; a file named `-` is not. */
  readonly isStdin: boolean;
}

export interface InputOrder {
  readonly inputs: readonly OrderedInput[];
  /** Inputs that are loaded no more, which users should be told. */
  readonly lost: readonly LuaString[];
}

/**
 * The order in which the reference loads its inputs. One whose base name, without its very first
 * letter, is `__` is meant to come first, where devices look for such names. From the third place on
 * that goes wrong: all before it are replaced by the first of them.
 *
 * @param paths as on the command line; a single `-` stands for standard input
 */
export function orderInputs53(paths: readonly LuaString[]): InputOrder {
  const order: LuaString[] = [];
  paths.forEach((path, i) => {
    if (i === 0 || baseName(path) !== METAMETHODS) order.push(path);
    else order.splice(0, i, path, ...Array<LuaString>(i).fill(order[0]));
  });
  // Standard input is known by its place on the command line, whatever else has come there.
  const inputs = order.map((path, i) => ({ path, isStdin: paths[i] === STDIN }));
  const isLoaded = (path: LuaString) =>
    path === STDIN || inputs.some((input) => !input.isStdin && input.path === path);
  return { inputs, lost: paths.filter((path) => !isLoaded(path)) };
}

const METAMETHODS = "__";
const STDIN = "-";

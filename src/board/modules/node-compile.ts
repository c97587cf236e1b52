/**
 * The device's own compiler in the module `node`: `compile`, `stripdebug`, and the emergency garbage
 * collector's settings. Source: the NodeMCU manual, "node.compile", "node.stripdebug", "node.egc";
 * the firmwares' module.
 */
import { EncodeError } from "../../base/errors.ts";
import type { LuaString } from "../../base/lua-string.ts";
import type { Proto } from "../../bytecode/proto.ts";
import { type StripLevel, stripDebug } from "../../bytecode/strip-debug.ts";
import type { Call } from "../../vm/call.ts";
import { intArgument } from "../../vm/library/words.ts";
import { flashTable } from "../../vm/library.ts";
import { Closure, LuaFunction } from "../../vm/state.ts";
import type { Table } from "../../vm/table.ts";
import type { Value } from "../../vm/values.ts";
import { isFilePath } from "../file-names.ts";
import type { ModuleContext } from "../module.ts";
import { numberIfAny } from "./node-common.ts";
import { isInFlash } from "./node-lfs.ts";
import { constants, type NativesByName } from "./pick.ts";

export function compileFunctions(context: ModuleContext): NativesByName {
  const strip = context.target.node.stripsAs22 ? stripDebug22 : stripDebug30;
  return {
    compile: (call) => compile(call, context),
    stripdebug: (call) => strip(call, context),
  };
}

// Compiling

const SOURCE_ENDING = ".lua";
/** The compiler leaves out what is for debugging, but for the lines of Lua 5.3. */
const STRIP = 1;

function compile(call: Call, context: ModuleContext): number {
  const name = call.text(1);
  const { checksNames } = context.target.board.modules.file;
  if (checksNames && !isFilePath(name)) throw call.argumentError(1, "filename invalid");
  if (!name.endsWith(SOURCE_ENDING)) throw call.error("not a .lua file");
  const main = load(call, context, name);
  const chunk = encode(call, context, main.code.proto);
  if (!context.files.write(`${name.slice(0, -SOURCE_ENDING.length)}.lc`, chunk)) {
    throw call.error("cannot open/write to file");
  }
  return call.giveNothing();
}

function load(call: Call, context: ModuleContext, name: LuaString): Closure {
  const { files, state, target, chunkOf } = context;
  const content = files.read(name);
  if (content === undefined) throw call.error(`cannot open ${name}${target.node.openFailure}`);
  const loaded = state.loadChunk(chunkOf(content), `@${name}`);
  if (loaded instanceof Closure) return loaded;
  throw call.error(loaded);
}

function encode(call: Call, context: ModuleContext, proto: Proto): Uint8Array {
  try {
    return context.encode(proto, STRIP);
  } catch (error) {
    if (error instanceof EncodeError) throw call.error(error.message);
    throw error;
  }
}

// Taking debug information out

function setLevel({ compiler }: ModuleContext, level: StripLevel): void {
  compiler.stripLevel = level;
}

/** Firmware 2.2: results only without arguments, and with a function. */
function stripDebug22(call: Call, context: ModuleContext): number {
  if (call.count === 0) return call.giveInteger(context.compiler.stripLevel);
  const level = intArgument(call, 1);
  if (level < 1 || level > 3) throw call.argumentError(1, "must in range 1-3");
  if (call.count === 1) {
    setLevel(context, level);
    return call.giveNothing();
  }
  if (level === 1) return call.giveInteger(0);
  const value = call.get(2);
  const fn = value instanceof LuaFunction ? value : functionAt(call, intArgument(call, 2));
  if (!(fn instanceof Closure)) throw call.argumentError(2, "must be a Lua Function");
  if (isInFlash(context, fn.code.proto)) throw call.error("a function in flash cannot be stripped");
  return call.giveInteger(strip(fn, level, context));
}

/** Later firmware: a level is looked at before the function is, and functions in flash stay. */
function stripDebug30(call: Call, context: ModuleContext): number {
  const hasLevel = !call.isNoneOrNil(1);
  const level = hasLevel ? Math.trunc(numberIfAny(call, 1) ?? 0) : 0;
  if (hasLevel && (level < 1 || level > 3)) throw call.argumentError(1, "Invalid strip level");
  const fn = functionArgument(call);
  if (call.count >= 2 && !(fn instanceof LuaFunction)) {
    throw call.argumentError(2, "not a valid function");
  }
  if (fn instanceof LuaFunction) {
    const isOpen = fn instanceof Closure && hasLevel && !isInFlash(context, fn.code.proto);
    return call.giveInteger(isOpen ? strip(fn, level, context) : -1);
  }
  if (hasLevel) setLevel(context, level);
  return call.giveInteger(context.compiler.stripLevel);
}

/** The second argument; a number is the level of a function that is running. */
function functionArgument(call: Call): Value {
  const level = numberIfAny(call, 2);
  return level === undefined ? call.get(2) : functionAt(call, Math.trunc(level));
}

function functionAt(call: Call, level: number): LuaFunction | undefined {
  const found = level > 0 ? call.state.engine.functionAt(call.thread, level) : undefined;
  return found instanceof LuaFunction ? found : undefined;
}

function strip(fn: Closure, level: StripLevel, { target }: ModuleContext): number {
  return stripDebug(fn.code.proto, level, target.node.stripCount);
}

// The emergency garbage collector

const MODES = { NOT_ACTIVE: 0, ON_ALLOC_FAILURE: 1, ON_MEM_LIMIT: 2, ALWAYS: 4 } as const;
const ALL_MODES = MODES.ON_ALLOC_FAILURE | MODES.ON_MEM_LIMIT | MODES.ALWAYS;

/** `node.egc`. On a simulated board memory counts as free when nothing reaches it, whatever the mode. */
export function collectorTable(context: ModuleContext): Table {
  const { state, target } = context;
  const meminfo = (call: Call) => giveMemory(call, context);
  return flashTable(state, {
    ...(target.node.chipModel === undefined ? { meminfo, setmode } : { setmode }),
    ...constants(state, MODES),
  });
}

function setmode(call: Call): number {
  const mode = intArgument(call, 1) >>> 0;
  const limit = intArgument(call, 2, 0);
  if (mode > ALL_MODES) throw call.argumentError(1, "invalid mode");
  if ((mode & MODES.ON_MEM_LIMIT) !== 0 && limit === 0) {
    throw call.argumentError(1, "limit must be non-zero");
  }
  return call.giveNothing();
}

/** What Lua has allocated, and what it believes to be in use; here they are the same. */
function giveMemory(call: Call, { memory }: ModuleContext): number {
  const used = call.numbers.fromInteger(memory().used);
  return call.giveTwo(used, used);
}

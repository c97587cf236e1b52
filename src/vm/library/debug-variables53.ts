/**
 * Local variables and upvalues in the library `debug` of Lua 5.3. Chunks have no names of variables
 * unless they were made with them; what has none is shown like a temporary value.
 * Source: the manual, §6.10; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import {
  Closure,
  type Frame,
  LuaFunction,
  NativeFunction,
  type Thread,
  type Upvalue,
} from "../state.ts";
import { Userdata, type Value } from "../values.ts";
import { depthAt, endOfFrame, optionalThread } from "./debug-arguments.ts";
import { intArgument } from "./words.ts";

const TEMPORARY = "(*temporary)";
const VARARG = "(*vararg)";
const NO_NAME = "(*no name)";

// Local variables

/** Where a variable of a running function is. */
interface Place {
  readonly name: LuaString;
  readonly index: number;
}

export function getlocal(call: Call): number {
  const { thread, skipped } = optionalThread(call);
  const n = intArgument(call, skipped + 2);
  const given = call.get(skipped + 1);
  if (given instanceof LuaFunction) return call.give(parameterName(call, given, n));
  const place = placeOf(thread, runningDepth(call, thread, skipped + 1), n);
  if (place === undefined) return call.give(undefined);
  return call.giveTwo(call.make(place.name), thread.valueAt(place.index));
}

export function setlocal(call: Call): number {
  const { thread, skipped } = optionalThread(call);
  const depth = runningDepth(call, thread, skipped + 1);
  const n = intArgument(call, skipped + 2);
  const value = call.any(skipped + 3);
  const place = placeOf(thread, depth, n);
  if (place === undefined) return call.give(undefined);
  thread.stack[place.index] = value;
  return call.giveText(place.name);
}

/** @throws LuaError when there is no such level */
function runningDepth(call: Call, thread: Thread, n: number): number {
  const depth = depthAt(thread, intArgument(call, n));
  if (depth === 0) throw call.argumentError(n, "level out of range");
  return depth;
}

function parameterName(call: Call, fn: LuaFunction, n: number): Value {
  const name = fn instanceof Closure ? localName(fn, n, 0) : undefined;
  return name === undefined ? undefined : call.make(name);
}

/** The name of the n-th variable that lives before an instruction. */
function localName({ code }: Closure, n: number, pc: number): LuaString | undefined {
  let left = n;
  for (const { name, startPc, endPc } of code.proto.locals) {
    if (startPc > pc) return undefined;
    if (pc < endPc && --left === 0) return name ?? undefined;
  }
  return undefined;
}

function placeOf(thread: Thread, depth: number, n: number): Place | undefined {
  const frame = thread.frames[depth];
  const { fn, base } = frame;
  if (fn instanceof Closure && n < 0) {
    // Frames of functions that take no extra arguments do not count them.
    return fn.code.isVararg ? varargPlace(frame, -n) : undefined;
  }
  const name = fn instanceof Closure ? localName(fn, n, frame.pc - 1) : undefined;
  const isThere = n > 0 && base + n <= endOfFrame(thread, depth);
  if (name === undefined && !isThere) return undefined;
  return { name: name ?? TEMPORARY, index: base + n - 1 };
}

/** Extra arguments lie right below the registers. */
function varargPlace({ base, count }: Frame, n: number): Place | undefined {
  return n <= count ? { name: VARARG, index: base - count + n - 1 } : undefined;
}

// Upvalues

/** An upvalue of a function, Lua's or native. */
interface UpvalueAccess {
  readonly name: LuaString;
  get(): Value;
  set(value: Value): void;
}

export function getupvalue(call: Call): number {
  const n = intArgument(call, 2);
  const access = upvalueOf(call.callable(1), n);
  if (access === undefined) return call.giveNothing();
  return call.giveTwo(call.make(access.name), access.get());
}

export function setupvalue(call: Call): number {
  const value = call.any(3);
  const n = intArgument(call, 2);
  const access = upvalueOf(call.callable(1), n);
  if (access === undefined) return call.giveNothing();
  access.set(value);
  return call.giveText(access.name);
}

function upvalueOf(fn: LuaFunction, n: number): UpvalueAccess | undefined {
  if (fn instanceof Closure) {
    const upvalue = fn.upvalues[n - 1];
    if (upvalue === undefined) return undefined;
    return { name: fn.code.proto.upvalueNames[n - 1] ?? NO_NAME, ...accessTo(upvalue) };
  }
  if (!(fn instanceof NativeFunction) || n < 1 || n > fn.upvalues.length) return undefined;
  return {
    name: "",
    get: () => fn.upvalues[n - 1],
    set: (value) => {
      fn.upvalues[n - 1] = value;
    },
  };
}

function accessTo(upvalue: Upvalue): Pick<UpvalueAccess, "get" | "set"> {
  return {
    get() {
      const { array, index, thread } = upvalue;
      const slot = array[index];
      return slot === null ? thread.floats[index] : slot;
    },
    set(value) {
      upvalue.array[upvalue.index] = value;
    },
  };
}

/** What stands for upvalues in one machine: the same light userdata for the same one. */
export function upvalueidFunction() {
  const known = new WeakMap<object, Userdata>();
  return (call: Call): number => {
    const n = upvalueNumber(call, 1, 2);
    const fn = call.callable(1);
    const upvalue: object = fn instanceof Closure ? fn.upvalues[n - 1] : fn;
    const id = known.get(upvalue) ?? new Userdata(undefined, upvalue, 0);
    known.set(upvalue, id);
    return call.give(id);
  };
}

export function upvaluejoin(call: Call): number {
  const target = upvalueNumber(call, 1, 2);
  const source = upvalueNumber(call, 3, 4);
  const fn = call.get(1);
  const other = call.get(3);
  if (!(fn instanceof Closure)) throw call.argumentError(1, "Lua function expected");
  if (!(other instanceof Closure)) throw call.argumentError(3, "Lua function expected");
  fn.upvalues[target - 1] = other.upvalues[source - 1];
  return call.giveNothing();
}

/** @throws LuaError when the function has no such upvalue */
function upvalueNumber(call: Call, functionArgument: number, numberArgument: number): number {
  const n = intArgument(call, numberArgument);
  const fn = call.callable(functionArgument);
  if (upvalueOf(fn, n) === undefined) {
    throw call.argumentError(numberArgument, "invalid upvalue index");
  }
  return n;
}

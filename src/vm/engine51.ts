/**
 * Lua 5.1's machine as libraries see it: operations with metamethods, calls, and the words of error
 * messages. Source: the manual of Lua 5.1, §2.8 and §3.
 */
import type { LuaString } from "../base/lua-string.ts";
import { chunkId } from "../bytecode/chunk-id.ts";
import { badArgument } from "./argument-message.ts";
import { LuaError } from "./errors.ts";
import { metamethod } from "./events.ts";
import { execute51, executeInside51 } from "./execute51.ts";
import { currentLine51, functionName51 } from "./names51.ts";
import { isNumber } from "./numbers.ts";
import { callFromNative, protectedCall } from "./run.ts";
import { Run51 } from "./run-ops51.ts";
import {
  arithmetic51,
  callMethod,
  checkWrite,
  concatPair51,
  equals51,
  getTable51,
  length51,
  less51,
  lessOrEqual51,
  makeCallable51,
  NO_OPERAND,
  setTable51,
} from "./slow51.ts";
import {
  type BinaryEvent,
  Closure,
  type Engine,
  type Frame,
  type MachineState,
  NativeFunction,
  type Thread,
} from "./state.ts";
import { Table } from "./table.ts";
import { traceback51 } from "./traceback51.ts";
import { isLightUserdata, TString, typeName, type Value } from "./values.ts";

/** The instruction of each event. */
const OPERATIONS: Readonly<Partial<Record<BinaryEvent, Run51>>> = {
  __add: Run51.ADD,
  __sub: Run51.SUB,
  __mul: Run51.MUL,
  __div: Run51.DIV,
  __mod: Run51.MOD,
  __pow: Run51.POW,
};

export const ENGINE_51: Engine = {
  execute: execute51,
  executeInside: executeInside51,

  call(thread, functionIndex, argumentCount, wanted) {
    callFromNative(thread, execute51, functionIndex, argumentCount, wanted);
  },

  protectedCall: (thread, fn, args, handler) => protectedCall(thread, execute51, fn, args, handler),
  makeCallable: makeCallable51,

  index: (thread, object, key) => getTable51(thread, object, key, NO_OPERAND),
  setIndex(thread, object, key, value) {
    setTable51(thread, object, key, value, NO_OPERAND);
  },

  /** Natives are not at a line: their messages have no position. */
  setRaw(thread, table, key, value) {
    checkWrite(thread, table, key);
    table.set(key, value);
  },

  arithmetic(thread, event, left, right) {
    const op = OPERATIONS[event];
    if (op === undefined) throw new Error(`Lua 5.1 has no ${event}`);
    return arithmetic51(thread, op, left, right, NO_OPERAND, NO_OPERAND);
  },

  concat: (thread, left, right) => concatPair51(thread, left, right, NO_OPERAND),

  length(thread, value) {
    if (value instanceof Table) return value.length();
    return value instanceof TString ? value.text.length : length51(thread, value, NO_OPERAND);
  },

  equals: equals51,
  less: less51,
  lessOrEqual: lessOrEqual51,
  metamethod: ({ state }, value, event) => metamethod(state, value, state.intern(event)),
  toText,
  typeName: typeName51,
  argumentType: typeName51,
  traceback: traceback51,

  toNumber(state, value) {
    if (typeof value === "number") return value;
    return value instanceof TString ? state.numbers.parse(value.text) : undefined;
  },

  where(thread, level) {
    const frame = frameAt(thread, level);
    if (typeof frame === "string") return "";
    // Libraries leave out a place without a line; the machine's own errors show it as line 0.
    return level > 0 && currentLine51(frame) <= 0 ? "" : position(frame);
  },

  functionAt(thread, level) {
    const frame = frameAt(thread, level);
    return typeof frame === "string" ? frame : (frame.fn ?? "none");
  },

  argumentMessage,
};

/** `file:line: `, or nothing for a native function. */
function position(frame: Frame): LuaString {
  const { fn } = frame;
  if (!(fn instanceof Closure)) return "";
  const { target } = frame.thread.state;
  return `${chunkId(fn.code.proto.source, target.dialect.chunkIdAtRun)}:${currentLine51(frame)}: `;
}

/** The frame at a level; those that tail calls have replaced count, too. */
function frameAt(thread: Thread, level: number): Frame | "tail call" | "none" {
  let left = level;
  let { depth } = thread;
  for (; left > 0 && depth > 0; depth--) left -= 1 + thread.frames[depth].tailCalls;
  if (left < 0) return "tail call";
  return depth > 0 ? thread.frames[depth] : "none";
}

function argumentMessage({ thread }: Frame, argument: number, detail: LuaString): LuaString {
  const called = functionName51(thread, thread.depth);
  return badArgument(called?.name ?? "?", called?.kind, argument, detail);
}

/** By `__tostring`, if there is one; its result is what `tostring` returns. */
function toText(thread: Thread, value: Value): LuaString {
  const { state } = thread;
  const method = metamethod(state, value, state.events.tostring);
  if (method === undefined) return plainText(state, value);
  const text = callMethod(thread, method, value);
  if (text instanceof TString) return text.text;
  if (isNumber(text)) return state.numbers.format(text);
  throw LuaError.of(`${ENGINE_51.where(thread, 1)}'tostring' must return a string`);
}

function plainText(state: MachineState, value: Value): LuaString {
  if (value instanceof TString) return value.text;
  if (isNumber(value)) return state.numbers.format(value);
  if (value === undefined) return "nil";
  if (typeof value === "boolean") return String(value);
  if (isLightUserdata(value) && value.content === null) return `${typeName51(state, value)}: (nil)`;
  const address = state.heap.addressOf(value).toString(16).padStart(8, "0");
  return `${typeName51(state, value)}: 0x${address}`;
}

function typeName51(state: MachineState, value: Value): LuaString {
  const { runtime } = state.target;
  if (value instanceof Table && value.readOnly) return runtime.readOnlyTableType;
  if (value instanceof NativeFunction && value.light) return runtime.readOnlyFunctionType;
  if (isLightUserdata(value)) return runtime.lightUserdataType;
  return typeName(value);
}

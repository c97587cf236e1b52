/**
 * Lua 5.3's machine as libraries see it: operations with metamethods, calls, and the words of error
 * messages. Source: the manual of Lua 5.3, §2.4 and §3.4.
 */
import type { LuaString } from "../base/lua-string.ts";
import { getTable53, setRaw53, setTable53 } from "./access53.ts";
import { badArgument } from "./argument-message.ts";
import { arithmetic53, toNumber53 } from "./arithmetic53.ts";
import { LuaError } from "./errors.ts";
import { metamethod } from "./events.ts";
import { execute53 } from "./execute53.ts";
import { NO_OPERAND, position53 } from "./failures53.ts";
import { globalName53 } from "./function-names53.ts";
import { METHOD, Pending, putMethod, resolve } from "./methods53.ts";
import { functionName53 } from "./names53.ts";
import { isNumber } from "./numbers.ts";
import { callFromNative, protectedCall } from "./run.ts";
import { Run53 } from "./run-ops53.ts";
import {
  concatPair53,
  equals53,
  length53,
  less53,
  lessOrEqual53,
  makeCallable53,
} from "./slow53.ts";
import type { BinaryEvent, Engine, Frame, MachineState, Thread } from "./state.ts";
import { traceback53 } from "./traceback53.ts";
import { isLightUserdata, isTruthy, TString, typeName, type Value } from "./values.ts";

/** The instruction of each event. */
const OPERATIONS: Readonly<Record<BinaryEvent, Run53>> = {
  __add: Run53.ADD,
  __sub: Run53.SUB,
  __mul: Run53.MUL,
  __div: Run53.DIV,
  __mod: Run53.MOD,
  __pow: Run53.POW,
  __idiv: Run53.IDIV,
  __band: Run53.BAND,
  __bor: Run53.BOR,
  __bxor: Run53.BXOR,
  __shl: Run53.SHL,
  __shr: Run53.SHR,
};

export const ENGINE_53: Engine = {
  execute: execute53,
  executeInside: execute53,

  call(thread, functionIndex, argumentCount, wanted) {
    callFromNative(thread, execute53, functionIndex, argumentCount, wanted);
  },

  protectedCall: (thread, fn, args, handler) => protectedCall(thread, execute53, fn, args, handler),
  makeCallable: makeCallable53,

  index: (thread, object, key) => resolve(thread, getTable53(thread, object, key, NO_OPERAND)),

  setIndex(thread, object, key, value) {
    if (setTable53(thread, object, key, value, NO_OPERAND) === undefined) return;
    callFromNative(thread, execute53, thread.frames[thread.depth].top, 3, 0);
  },

  /** Natives are not at a line: their messages have no position. */
  setRaw(thread, table, key, value) {
    setRaw53(thread, table, key, value, "table is readonly");
  },

  arithmetic: (thread, event, left, right) =>
    resolve(thread, arithmetic53(thread, OPERATIONS[event], left, right, NO_OPERAND, NO_OPERAND)),

  concat: (thread, left, right) => resolve(thread, concatPair53(thread, left, right, NO_OPERAND)),
  length: (thread, value) => resolve(thread, length53(thread, value, NO_OPERAND)),

  equals(thread, left, right) {
    const answer = equals53(thread, left, right);
    return answer === METHOD ? isTruthy(resolve(thread, METHOD)) : answer;
  },

  less(thread, left, right) {
    const answer = less53(thread, left, right);
    return answer === METHOD ? isTruthy(resolve(thread, METHOD)) : answer;
  },

  lessOrEqual(thread, left, right) {
    const answer = lessOrEqual53(thread, left, right);
    if (typeof answer === "boolean") return answer;
    return isTruthy(resolve(thread, METHOD)) !== (answer === Pending.Negated);
  },

  metamethod: ({ state }, value, event) => metamethod(state, value, state.intern(event)),
  toText,
  argumentType,
  traceback: traceback53,
  typeName: (_, value) => typeName(value),
  toNumber: toNumber53,

  where(thread, level) {
    const depth = thread.depth - level;
    return depth > 0 ? position53(thread.frames[depth]) : "";
  },

  functionAt(thread, level) {
    const depth = thread.depth - level;
    return depth > 0 ? (thread.frames[depth].fn ?? "none") : "none";
  },

  argumentMessage,
};

function argumentMessage({ thread, fn }: Frame, argument: number, detail: LuaString): LuaString {
  const called = functionName53(thread, thread.depth);
  const name = called?.name ?? (fn && globalName53(thread, fn)) ?? "?";
  return badArgument(name, called?.kind, argument, detail);
}

/** By `__tostring`, if there is one; else the name of its type may be `__name`. */
function toText(thread: Thread, value: Value): LuaString {
  const { state } = thread;
  const method = metamethod(state, value, state.events.tostring);
  if (method === undefined) return plainText(state, value);
  putMethod(thread, method, value, undefined);
  const at = thread.frames[thread.depth].top;
  callFromNative(thread, execute53, at, 1, 1);
  const text = thread.valueAt(at);
  if (text instanceof TString) return text.text;
  if (isNumber(text)) return state.numbers.format(text);
  throw LuaError.of(`${ENGINE_53.where(thread, 1)}'__tostring' must return a string`);
}

function plainText(state: MachineState, value: Value): LuaString {
  if (value instanceof TString) return value.text;
  if (isNumber(value)) return state.numbers.format(value);
  if (value === undefined) return "nil";
  if (typeof value === "boolean") return String(value);
  if (isLightUserdata(value) && value.content === null) return "userdata: (nil)";
  const address = state.heap.addressOf(value).toString(16).padStart(8, "0");
  return `${namedType(state, value) ?? typeName(value)}: 0x${address}`;
}

/** What the metatable of a value of any type calls it. */
function namedType(state: MachineState, value: Value): LuaString | undefined {
  const name = metamethod(state, value, state.events.name);
  return name instanceof TString ? name.text : undefined;
}

function argumentType(state: MachineState, value: Value): LuaString {
  return namedType(state, value) ?? (isLightUserdata(value) ? "light userdata" : typeName(value));
}

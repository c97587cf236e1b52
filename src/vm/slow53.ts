/**
 * What the loop of Lua 5.3 leaves to others: comparisons, lengths and concatenations that are not the
 * common case, and instructions that wait for a metamethod. See `methods53.ts` for how these are
 * called. Source: the manual of Lua 5.3, §2.4, §3.4.
 */

import type { LuaString } from "../base/lua-string.ts";
import { RK_CONSTANT } from "../bytecode/instruction.ts";
import { arithmetic53 } from "./arithmetic53.ts";
import { eqOf, mayBeEqual, metamethod, metatableOf } from "./events.ts";
import { NO_OPERAND, orderError53, typeError53 } from "./failures53.ts";
import { callAt, enterLevel, LEVEL_RESULTS, putBelow, registerAt } from "./frames.ts";
import { joinTexts, textOfNumber } from "./join.ts";
import {
  type Answer,
  type Found,
  METHOD,
  METHOD_ARGUMENTS,
  Pending,
  putMethod,
} from "./methods53.ts";
import { isNumber } from "./numbers.ts";
import { Run53 } from "./run-ops53.ts";
import { Called, type Closure, type Frame, LuaFunction, type Thread } from "./state.ts";
import { Table } from "./table.ts";
import { isTruthy, rawEquals, TString, type Value } from "./values.ts";

// Comparisons

/** Equality of any values. */
export function equals53(thread: Thread, left: Value, right: Value): Answer {
  if (rawEquals(left, right)) return true;
  if (!mayBeEqual(left, right)) return false;
  const method = equalityOf(thread, left) ?? equalityOf(thread, right);
  return method === undefined ? false : putMethod(thread, method, left, right);
}

function equalityOf({ state }: Thread, value: Value): Value {
  const metatable = metatableOf(state, value);
  return metatable === undefined ? undefined : eqOf(metatable, state.events);
}

/** `left < right`. */
export function less53(thread: Thread, left: Value, right: Value): Answer {
  if (isNumber(left) && isNumber(right)) return thread.state.numbers.less(left, right);
  if (left instanceof TString && right instanceof TString) return left.text < right.text;
  const method = orderMethod(thread, thread.state.events.lt, left, right);
  if (method === undefined) throw orderError53(thread, left, right);
  return putMethod(thread, method, left, right);
}

/** `left <= right`, and how the answer of a metamethod is to be taken. */
export function lessOrEqual53(thread: Thread, left: Value, right: Value): boolean | Pending {
  if (isNumber(left) && isNumber(right)) return thread.state.numbers.lessOrEqual(left, right);
  if (left instanceof TString && right instanceof TString) return left.text <= right.text;
  const { events } = thread.state;
  const method = orderMethod(thread, events.le, left, right);
  if (method !== undefined) {
    putMethod(thread, method, left, right);
    return Pending.Result;
  }
  const opposite = orderMethod(thread, events.lt, right, left);
  if (opposite === undefined) throw orderError53(thread, left, right);
  putMethod(thread, opposite, right, left);
  return Pending.Negated;
}

function orderMethod(thread: Thread, event: TString, left: Value, right: Value): Value {
  const { state } = thread;
  return metamethod(state, left, event) ?? metamethod(state, right, event);
}

// Lengths

/** `#value`. */
export function length53(thread: Thread, value: Value, operand: number): Found {
  if (value instanceof TString) return value.text.length;
  const { state } = thread;
  const method = metamethod(state, value, state.events.len);
  if (method !== undefined) return putMethod(thread, method, value, value);
  if (value instanceof Table && !value.readOnly) return value.length();
  throw typeError53(thread, value, "get length of", operand);
}

// Concatenation

/** @param operand register of the left value, while the right one is in the next; or none */
export function concatPair53(thread: Thread, left: Value, right: Value, operand: number): Found {
  const start = textOf(thread, left);
  const end = textOf(thread, right);
  if (start !== undefined && end !== undefined) {
    return joinTexts(thread.state, start, end);
  }
  const { state } = thread;
  const { concat } = state.events;
  const method = metamethod(state, left, concat) ?? metamethod(state, right, concat);
  if (method !== undefined) return putMethod(thread, method, left, right);
  throw start === undefined
    ? typeError53(thread, left, "concatenate", operand)
    : typeError53(thread, right, "concatenate", operand < NO_OPERAND ? operand + 1 : NO_OPERAND);
}

/** The text of a string or number. */
function textOf(thread: Thread, value: Value): LuaString | undefined {
  if (value instanceof TString) return value.text;
  return isNumber(value) ? textOfNumber(thread.state, value) : undefined;
}

/** Joins registers from the right, and leaves the result in A; the whole instruction. */
export function concat53(thread: Thread, frame: Frame, word: number): Called {
  return concatUpTo(thread, frame, word, (word >>> 14) & 0x1ff);
}

function concatUpTo(thread: Thread, frame: Frame, word: number, last: number): Called {
  const { base } = frame;
  const first = word >>> 23;
  let right = thread.valueAt(base + last);
  for (let at = last - 1; at >= first; at--) {
    const joined = concatPair53(thread, thread.valueAt(base + at), right, at);
    if (joined === METHOD) return invoke53(thread, Pending.Concat + at);
    right = joined;
  }
  thread.stack[base + ((word >>> 6) & 0xff)] = right;
  return Called.Done;
}

// Instructions

/** An instruction of arithmetic, as a whole. */
export function runArithmetic53(thread: Thread, frame: Frame, word: number): Called {
  const b = word >>> 23;
  const op: Run53 = word & 0x3f;
  const c = op === Run53.UNM || op === Run53.BNOT ? b : (word >>> 14) & 0x1ff;
  const result = arithmetic53(
    thread,
    op,
    operandValue(thread, frame, b),
    operandValue(thread, frame, c),
    Math.min(b, NO_OPERAND),
    Math.min(c, NO_OPERAND),
  );
  if (result === METHOD) return invoke53(thread, Pending.Result);
  thread.stack[frame.base + ((word >>> 6) & 0xff)] = result;
  return Called.Done;
}

function operandValue(thread: Thread, frame: Frame, operand: number): Value {
  if (operand < RK_CONSTANT) return thread.valueAt(frame.base + operand);
  return (frame.fn as Closure).code.constants[operand - RK_CONSTANT];
}

/** Calls the metamethod that was put behind the current frame, for its instruction. */
export function invoke53(
  thread: Thread,
  pending: number,
  argumentCount = METHOD_ARGUMENTS,
  results = 1,
): Called {
  const frame = thread.frames[thread.depth];
  enterLevel(thread);
  frame.pending = pending;
  const called = callAt(thread, frame.top, argumentCount, LEVEL_RESULTS - results);
  return called === Called.Done ? finish53(thread, frame) : called;
}

/** Finishes the instruction of the current frame whose metamethod has returned. */
export function finish53(thread: Thread, frame: Frame): Called {
  const { pending, base, top } = frame;
  const word = (frame.fn as Closure).code.words[frame.pc - 1];
  frame.pending = Pending.Nothing;
  switch (word & 0x3f) {
    case Run53.EQ:
    case Run53.LT:
    case Run53.LE: {
      const slot = thread.stack[top];
      const isTrue = (slot === null || isTruthy(slot)) !== (pending === Pending.Negated);
      if (isTrue !== (((word >>> 6) & 0xff) !== 0)) frame.pc++;
      return Called.Done;
    }
    case Run53.SETTABUP:
    case Run53.SETGLOBAL:
    case Run53.SETTABLE:
    case Run53.SETFIELD:
      return Called.Done;
    case Run53.CONCAT: {
      const register = pending - Pending.Concat;
      move(thread, top, base + register);
      return concatUpTo(thread, frame, word, register);
    }
    default:
      move(thread, top, base + ((word >>> 6) & 0xff));
      return Called.Done;
  }
}

function move({ stack, floats }: Thread, from: number, to: number): void {
  const value = stack[from];
  stack[to] = value;
  if (value === null) floats[to] = floats[from];
}

// Calls

/** Puts the `__call` metamethod of a value below it, which becomes the first argument. */
export function makeCallable53(
  thread: Thread,
  functionIndex: number,
  argumentCount: number,
): LuaFunction {
  const { state } = thread;
  const value = thread.valueAt(functionIndex);
  const method = metamethod(state, value, state.events.call);
  if (!(method instanceof LuaFunction)) {
    throw typeError53(thread, value, "call", registerAt(thread, functionIndex) ?? NO_OPERAND);
  }
  putBelow(thread, method, functionIndex, argumentCount);
  return method;
}

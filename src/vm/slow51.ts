/**
 * What Lua 5.1's instructions do when it is not the common case: metamethods, conversions between
 * numbers and strings, and errors that name the operand. Operands are given by value; where a message
 * may name one, its RK number comes along ({@link NO_OPERAND} when it is no register).
 */

import { integerPower } from "../base/int32.ts";
import { floorModulo } from "../base/integer32.ts";
import type { LuaString } from "../base/lua-string.ts";
import { pow } from "../base/pow.ts";
import { FIELDS_PER_FLUSH, fromFloatingByte, RK_CONSTANT } from "../bytecode/instruction.ts";
import { LuaError } from "./errors.ts";
import { eqOf, indexOf, mayBeEqual, metamethod, metatableOf, newindexOf } from "./events.ts";
import { putBelow, registerAt } from "./frames.ts";
import { lengthens, reservedItems } from "./growth.ts";
import { resizeArray51 } from "./growth51.ts";
import { joinTexts, textOfNumber } from "./join.ts";
import { registerName51 } from "./names51.ts";
import { Run51 } from "./run-ops51.ts";
import { LuaFunction, type Thread } from "./state.ts";
import { Table } from "./table.ts";
import { isTruthy, rawEquals, TString, typeName, type Value } from "./values.ts";

/** For operands that no message can name. */
export const NO_OPERAND = RK_CONSTANT;

/** Metatables that are followed for one access. */
const MAX_CHAIN = 100;

// Tables

/** `object[key]` for a name. */
export function getField51(thread: Thread, object: Value, key: TString, operand: number): Value {
  const { events } = thread.state;
  let holder = object;
  for (let i = 0; i < MAX_CHAIN && holder instanceof Table; i++) {
    const value = holder.getString(key);
    if (value !== undefined) return value;
    const { metatable } = holder;
    if (metatable === undefined) return undefined;
    const next = indexOf(metatable, events);
    if (next === undefined) return undefined;
    if (next instanceof LuaFunction) return callMethod(thread, next, holder, key);
    holder = next;
  }
  return getTable51(thread, holder, key, holder === object ? operand : NO_OPERAND);
}

/** `object[key]`. */
export function getTable51(thread: Thread, object: Value, key: Value, operand: number): Value {
  const { state } = thread;
  let holder = object;
  for (let i = 0; i < MAX_CHAIN; i++) {
    let method: Value;
    if (holder instanceof Table) {
      const value = holder.get(key);
      const { metatable } = holder;
      if (value !== undefined || metatable === undefined) return value;
      method = indexOf(metatable, state.events);
      if (method === undefined) return undefined;
    } else {
      method = metamethod(state, holder, state.events.index);
      if (method === undefined) {
        throw typeError51(thread, holder, "index", holder === object ? operand : NO_OPERAND);
      }
    }
    if (method instanceof LuaFunction) return callMethod(thread, method, holder, key);
    holder = method;
  }
  throw runtimeError(thread, "loop in gettable");
}

/** `object[key] = value`. A key whose value is nil gets its node even if a metamethod takes over. */
export function setTable51(
  thread: Thread,
  object: Value,
  key: Value,
  value: Value,
  operand: number,
): void {
  const { state } = thread;
  let holder = object;
  for (let i = 0; i < MAX_CHAIN; i++) {
    let method: Value;
    if (holder instanceof Table) {
      checkWrite(thread, holder, key);
      const { metatable } = holder;
      if (metatable === undefined || holder.get(key) !== undefined) {
        holder.set(key, value);
        return;
      }
      method = newindexOf(metatable, state.events);
      holder.set(key, method === undefined ? value : undefined);
      if (method === undefined) return;
    } else {
      method = metamethod(state, holder, state.events.newindex);
      if (method === undefined) {
        throw typeError51(thread, holder, "index", holder === object ? operand : NO_OPERAND);
      }
    }
    if (method instanceof LuaFunction) {
      callMethod(thread, method, holder, key, value);
      return;
    }
    holder = method;
  }
  throw runtimeError(thread, "loop in settable");
}

/** Refuses keys that no table takes, and tables in flash. */
export function checkWrite(thread: Thread, table: Table, key: Value): void {
  if (table.readOnly) throw runtimeError(thread, thread.state.target.runtime.readOnlyTable);
  if (key === undefined) throw runtimeError(thread, "table index is nil");
  if (typeof key === "number" && Number.isNaN(key)) {
    throw runtimeError(thread, "table index is NaN");
  }
}

/** A table for a constructor, whose sizes are floating point bytes. */
export function newTable51(thread: Thread, arraySize: number, nodeCount: number): Table {
  const items = reservedItems(fromFloatingByte(arraySize));
  const nodes = reservedItems(fromFloatingByte(nodeCount));
  return new Table(thread.state.heap, items, nodes);
}

/** Stores the values above a register into its table, as items of a batch of a constructor. */
export function setList51(thread: Thread, index: number, count: number, batch: number): void {
  const { stack, floats } = thread;
  const table = stack[index];
  if (!(table instanceof Table)) return;
  const first = (batch - 1) * FIELDS_PER_FLUSH;
  if (lengthens(table, first, count)) resizeArray51(table, first + count);
  for (let i = count; i > 0; i--) {
    const value = stack[index + i];
    table.setNumber(first + i, value === null ? floats[index + i] : value);
  }
}

// Arithmetic

/** The number that a value stands for in arithmetic; strings are converted. */
function toNumber51(thread: Thread, value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (!(value instanceof TString)) return undefined;
  return thread.state.numbers.parse(value.text) as number | undefined;
}

/** The result of a binary operator. */
export function arithmetic51(
  thread: Thread,
  op: Run51,
  left: Value,
  right: Value,
  leftOperand: number,
  rightOperand: number,
): Value {
  const x = toNumber51(thread, left);
  const y = toNumber51(thread, right);
  if (x !== undefined && y !== undefined) return calculate(thread, op, x, y);
  const { state } = thread;
  const event = state.intern(ARITHMETIC_EVENTS[op] ?? "");
  const method = metamethod(state, left, event) ?? metamethod(state, right, event);
  if (method !== undefined) return callMethod(thread, method, left, right);
  throw x === undefined
    ? typeError51(thread, left, "perform arithmetic on", leftOperand)
    : typeError51(thread, right, "perform arithmetic on", rightOperand);
}

const ARITHMETIC_EVENTS: Readonly<Partial<Record<Run51, LuaString>>> = {
  [Run51.ADD]: "__add",
  [Run51.SUB]: "__sub",
  [Run51.MUL]: "__mul",
  [Run51.DIV]: "__div",
  [Run51.MOD]: "__mod",
  [Run51.POW]: "__pow",
};

function calculate(thread: Thread, op: Run51, x: number, y: number): number {
  const { integral } = thread.state.numbers;
  switch (op) {
    case Run51.ADD:
      return integral ? (x + y) | 0 : x + y;
    case Run51.SUB:
      return integral ? (x - y) | 0 : x - y;
    case Run51.MUL:
      return integral ? Math.imul(x, y) : x * y;
    case Run51.POW:
      return integral ? integerPower(x, y) : power(x, y);
    case Run51.DIV:
      if (!integral) return x / y;
      if (y === 0) throw runtimeError(thread, "divide by zero");
      return Math.floor(x / y) | 0;
    default:
      if (!integral) return x - Math.floor(x / y) * y;
      if (y === 0) throw runtimeError(thread, "modulo by zero");
      return floorModulo(x, y);
  }
}

/** Where there is no result, it is the NaN of an invalid operation, whose sign `print` shows. */
function power(x: number, y: number): number {
  const result = pow(x, y);
  if (!Number.isNaN(result) || Number.isNaN(x) || Number.isNaN(y)) return result;
  return (x - x) / (x - x);
}

export function negate51(thread: Thread, value: Value, operand: number): Value {
  const number = toNumber51(thread, value);
  if (number !== undefined) return thread.state.numbers.integral ? -number | 0 : -number;
  const { state } = thread;
  const method = metamethod(state, value, state.events.unm);
  if (method !== undefined) return callMethod(thread, method, value, value);
  throw typeError51(thread, value, "perform arithmetic on", operand);
}

/** `#value` of what is neither a table nor a string. */
export function length51(thread: Thread, value: Value, operand: number): Value {
  const { state } = thread;
  const method = metamethod(state, value, state.events.len);
  if (method !== undefined) return callMethod(thread, method, value, undefined);
  throw typeError51(thread, value, "get length of", operand);
}

// Numeric loops

/** Turns start, limit and step of a loop into numbers, and takes back the first step. */
export function prepareLoop51(thread: Thread, index: number): void {
  const start = loopNumber(thread, index, "initial value");
  loopNumber(thread, index + 1, "limit");
  const step = loopNumber(thread, index + 2, "step");
  setNumber(thread, index, thread.state.numbers.integral ? (start - step) | 0 : start - step);
}

function loopNumber(thread: Thread, index: number, what: LuaString): number {
  const value = thread.valueAt(index);
  const number = toNumber51(thread, value);
  if (number === undefined) throw runtimeError(thread, `'for' ${what} must be a number`);
  setNumber(thread, index, number);
  return number;
}

/** Makes one step of a loop whose numbers are not all small integers; false at its end. */
export function stepLoop51(thread: Thread, index: number): boolean {
  const start = thread.valueAt(index);
  const limit = thread.valueAt(index + 1);
  const step = thread.valueAt(index + 2);
  // Only code that no compiler wrote comes here without numbers.
  if (typeof start !== "number" || typeof limit !== "number" || typeof step !== "number") {
    throw runtimeError(thread, "'for' initial value must be a number");
  }
  const next = start + step;
  if (!(step > 0 ? next <= limit : limit <= next)) return false;
  setNumber(thread, index, next);
  setNumber(thread, index + 3, next);
  return true;
}

// Comparisons

/** Equality of what is not two numbers or two strings. */
export function equals51(thread: Thread, left: Value, right: Value): boolean {
  if (rawEquals(left, right)) return true;
  if (!mayBeEqual(left, right)) return false;
  const { state } = thread;
  const one = metatableOf(state, left);
  const other = metatableOf(state, right);
  if (one === undefined || other === undefined) return false;
  const method = eqOf(one, state.events);
  if (method === undefined) return false;
  if (one !== other && !rawEquals(method, eqOf(other, state.events))) return false;
  return isTruthy(callMethod(thread, method, left, right));
}

/** `left < right` of what is not two numbers. */
export function less51(thread: Thread, left: Value, right: Value): boolean {
  if (typeof left === "number" && typeof right === "number") return left < right;
  if (left instanceof TString && right instanceof TString) return left.text < right.text;
  const { events } = thread.state;
  const result = callOrder(thread, events.lt, left, right);
  if (result === undefined) throw orderError(thread, left, right);
  return result;
}

/** `left <= right` of what is not two numbers; by `not (right < left)` if there is no `__le`. */
export function lessOrEqual51(thread: Thread, left: Value, right: Value): boolean {
  if (typeof left === "number" && typeof right === "number") return left <= right;
  if (left instanceof TString && right instanceof TString) return left.text <= right.text;
  const { events } = thread.state;
  const result = callOrder(thread, events.le, left, right);
  if (result !== undefined) return result;
  const opposite = callOrder(thread, events.lt, right, left);
  if (opposite === undefined) throw orderError(thread, left, right);
  return !opposite;
}

/** The answer of a metamethod that both values of one type have; undefined when they do not. */
function callOrder(thread: Thread, event: TString, left: Value, right: Value): boolean | undefined {
  const { state } = thread;
  if (typeName(left) !== typeName(right)) return undefined;
  const method = metamethod(state, left, event);
  if (method === undefined || !rawEquals(method, metamethod(state, right, event))) return undefined;
  return isTruthy(callMethod(thread, method, left, right));
}

// Concatenation

/** The values of registers `first` to `last`, joined from the right. */
export function concat51(thread: Thread, base: number, first: number, last: number): Value {
  let right = thread.valueAt(base + last);
  for (let at = last - 1; at >= first; at--) {
    const left = thread.valueAt(base + at);
    right = concatPair51(thread, left, right, at);
  }
  return right;
}

/** @param operand register of the left value, while the right one is in the next; or none */
export function concatPair51(thread: Thread, left: Value, right: Value, operand: number): Value {
  const start = textOf(thread, left);
  const end = textOf(thread, right);
  const { state } = thread;
  if (start !== undefined && end !== undefined) {
    return joinTexts(state, start, end);
  }
  const { concat } = state.events;
  const method = metamethod(state, left, concat) ?? metamethod(state, right, concat);
  if (method !== undefined) return callMethod(thread, method, left, right);
  throw start === undefined
    ? typeError51(thread, left, "concatenate", operand)
    : typeError51(thread, right, "concatenate", operand + 1);
}

/** The text of a string or number. */
function textOf(thread: Thread, value: Value): LuaString | undefined {
  if (value instanceof TString) return value.text;
  return typeof value === "number" ? textOfNumber(thread.state, value) : undefined;
}

// Calls

/** Calls a metamethod and returns its first result. */
export function callMethod(thread: Thread, method: Value, ...args: Value[]): Value {
  const at = thread.frames[thread.depth].top;
  const { stack } = thread;
  stack[at] = method;
  for (let i = 0; i < args.length; i++) stack[at + 1 + i] = args[i];
  thread.state.engine.call(thread, at, args.length, 1);
  return thread.valueAt(at);
}

/**
 * Puts the `__call` metamethod of a value below it, which becomes the first argument. Where functions in
 * flash are of another type they are not called.
 */
export function makeCallable51(
  thread: Thread,
  functionIndex: number,
  argumentCount: number,
): LuaFunction {
  const { state } = thread;
  const value = thread.valueAt(functionIndex);
  const method = metamethod(state, value, state.events.call);
  if (!(method instanceof LuaFunction && state.engine.typeName(state, method) === "function")) {
    throw typeError51(thread, value, "call", registerAt(thread, functionIndex) ?? NO_OPERAND);
  }
  putBelow(thread, method, functionIndex, argumentCount);
  return method;
}

// Registers

/** Stores a number as arithmetic does. */
/** Where there are only integers, none lies among the floats: arithmetic wraps those in the stack. */
function setNumber({ stack, floats, state }: Thread, index: number, value: number): void {
  const small = value | 0;
  if (state.numbers.integral || (small === value && small !== 0)) stack[index] = small;
  else {
    stack[index] = null;
    floats[index] = value;
  }
}

// Errors

/** An error at the current line, if Lua code is running. */
function runtimeError(thread: Thread, message: LuaString): LuaError {
  return LuaError.of(thread.state.engine.where(thread, 0) + message);
}

/** `attempt to index global 'x' (a nil value)`. */
function typeError51(thread: Thread, value: Value, action: LuaString, operand: number): LuaError {
  const type = thread.state.engine.typeName(thread.state, value);
  const frame = thread.frames[thread.depth];
  const variable = operand < RK_CONSTANT ? registerName51(frame, operand) : undefined;
  if (variable === undefined) return runtimeError(thread, `attempt to ${action} a ${type} value`);
  const { kind, name } = variable;
  return runtimeError(thread, `attempt to ${action} ${kind} '${name}' (a ${type} value)`);
}

/** Types are told apart by their third letter: a string and a thread are "two string values". */
function orderError(thread: Thread, left: Value, right: Value): LuaError {
  const { engine } = thread.state;
  const one = engine.typeName(thread.state, left);
  const other = engine.typeName(thread.state, right);
  return one[2] === other[2]
    ? runtimeError(thread, `attempt to compare two ${one} values`)
    : runtimeError(thread, `attempt to compare ${one} with ${other}`);
}

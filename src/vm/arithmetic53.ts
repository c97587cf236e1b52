/**
 * Arithmetic of Lua 5.3 where it is not the common case: the two subtypes together, strings that
 * look like numbers, metamethods, and errors that name the operand. The numbers themselves are
 * computed by the target's subtypes. Source: the manual of Lua 5.3, §3.4.1 to §3.4.3.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaFloat } from "../base/number-model.ts";
import type { FloatSubtype, IntegerSubtype, Subtypes } from "../base/subtypes.ts";
import { metamethod } from "./events.ts";
import { integerError53, runtimeError53, typeError53 } from "./failures53.ts";
import { type Found, putMethod } from "./methods53.ts";
import { isNumber, type NumberValue } from "./numbers.ts";
import { Run53 } from "./run-ops53.ts";
import type { MachineState, Thread } from "./state.ts";
import { TString, type Value } from "./values.ts";

type Integer = number | bigint;

/** The subtypes of a machine, which has them when it runs Lua 5.3. */
export function subtypesOf({ numbers }: MachineState): Subtypes {
  if (numbers.subtypes === undefined) throw new Error("the numbers are not those of Lua 5.3");
  return numbers.subtypes;
}

/** The number that a value stands for; strings are converted. */
export function toNumber53({ numbers }: MachineState, value: Value): NumberValue | undefined {
  if (isNumber(value)) return value;
  return value instanceof TString ? numbers.parse(value.text) : undefined;
}

/** The integer equal to a number, or to one that a string stands for. */
function toInteger53(state: MachineState, value: Value): Integer | undefined {
  const number = toNumber53(state, value);
  return number === undefined ? undefined : state.numbers.toInteger(number);
}

/** The float that a value stands for in arithmetic. */
export function toFloat53(state: MachineState, value: Value): number | undefined {
  const number = toNumber53(state, value);
  if (number === undefined) return undefined;
  return number instanceof LuaFloat ? number.value : subtypesOf(state).floats.fromInteger(number);
}

/** The result of an operator; those with one operand get it twice. */
export function arithmetic53(
  thread: Thread,
  op: Run53,
  left: Value,
  right: Value,
  leftOperand: number,
  rightOperand: number,
): Found {
  const { state } = thread;
  const result = worksOnBits(op)
    ? combineBits(state, op, left, right)
    : calculate(thread, op, left, right);
  if (result !== undefined) return result;
  const event = state.intern(ARITHMETIC_EVENTS[op] ?? "");
  const method = metamethod(state, left, event) ?? metamethod(state, right, event);
  if (method !== undefined) return putMethod(thread, method, left, right);
  const leftIsNumber = toNumber53(state, left) !== undefined;
  if (worksOnBits(op) && leftIsNumber && toNumber53(state, right) !== undefined) {
    const leftIsInteger = toInteger53(state, left) !== undefined;
    throw integerError53(thread, leftIsInteger ? rightOperand : leftOperand);
  }
  const action = worksOnBits(op) ? "perform bitwise operation on" : "perform arithmetic on";
  throw leftIsNumber
    ? typeError53(thread, right, action, rightOperand)
    : typeError53(thread, left, action, leftOperand);
}

const ARITHMETIC_EVENTS: Readonly<Partial<Record<Run53, LuaString>>> = {
  [Run53.ADD]: "__add",
  [Run53.SUB]: "__sub",
  [Run53.MUL]: "__mul",
  [Run53.DIV]: "__div",
  [Run53.MOD]: "__mod",
  [Run53.POW]: "__pow",
  [Run53.IDIV]: "__idiv",
  [Run53.BAND]: "__band",
  [Run53.BOR]: "__bor",
  [Run53.BXOR]: "__bxor",
  [Run53.SHL]: "__shl",
  [Run53.SHR]: "__shr",
  [Run53.UNM]: "__unm",
  [Run53.BNOT]: "__bnot",
};

function worksOnBits(op: Run53): boolean {
  switch (op) {
    case Run53.BAND:
    case Run53.BOR:
    case Run53.BXOR:
    case Run53.SHL:
    case Run53.SHR:
    case Run53.BNOT:
      return true;
    default:
      return false;
  }
}

function combineBits(
  state: MachineState,
  op: Run53,
  left: Value,
  right: Value,
): Integer | undefined {
  const x = toInteger53(state, left);
  const y = toInteger53(state, right);
  if (x === undefined || y === undefined) return undefined;
  const { integers } = subtypesOf(state);
  switch (op) {
    case Run53.BAND:
      return integers.bitAnd(x, y);
    case Run53.BOR:
      return integers.bitOr(x, y);
    case Run53.BXOR:
      return integers.bitXor(x, y);
    case Run53.SHL:
      return integers.shiftLeft(x, y);
    case Run53.SHR:
      return integers.shiftRight(x, y);
    default:
      return integers.bitNot(x);
  }
}

/** Integers stay integers where the operator lets them; strings always become floats. */
function calculate(thread: Thread, op: Run53, left: Value, right: Value): NumberValue | undefined {
  const { integers, floats } = subtypesOf(thread.state);
  if (op !== Run53.DIV && op !== Run53.POW && isInteger(left) && isInteger(right)) {
    return calculateIntegers(thread, integers, op, left, right);
  }
  const x = toFloat53(thread.state, left);
  const y = toFloat53(thread.state, right);
  if (x === undefined || y === undefined) return undefined;
  return new LuaFloat(calculateFloats(floats, op, x, y));
}

export function isInteger(value: Value): value is Integer {
  return typeof value === "number" || typeof value === "bigint";
}

function calculateIntegers(
  thread: Thread,
  integers: IntegerSubtype<Integer>,
  op: Run53,
  x: Integer,
  y: Integer,
): Integer {
  switch (op) {
    case Run53.ADD:
      return integers.add(x, y);
    case Run53.SUB:
      return integers.subtract(x, y);
    case Run53.MUL:
      return integers.multiply(x, y);
    case Run53.UNM:
      return integers.negate(x);
    case Run53.IDIV:
      if (y === 0) throw runtimeError53(thread, "attempt to divide by zero");
      return integers.floorDivide(x, y);
    default:
      if (y === 0) throw runtimeError53(thread, "attempt to perform 'n%0'");
      return integers.modulo(x, y);
  }
}

function calculateFloats(floats: FloatSubtype, op: Run53, x: number, y: number): number {
  switch (op) {
    case Run53.ADD:
      return floats.add(x, y);
    case Run53.SUB:
      return floats.subtract(x, y);
    case Run53.MUL:
      return floats.multiply(x, y);
    case Run53.DIV:
      return floats.divide(x, y);
    case Run53.POW:
      return floats.power(x, y);
    case Run53.UNM:
      return -x;
    case Run53.IDIV:
      return floats.floorDivide(x, y);
    default:
      return floats.modulo(x, y);
  }
}

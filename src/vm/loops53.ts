/**
 * Numeric loops of Lua 5.3, before their first turn and where a turn is not the common case. A loop
 * counts in integers when its start and its step are integers: its limit is made one then, and
 * the index wraps around like any integer. Source: the manual of Lua 5.3, §3.3.5; observed.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaFloat } from "../base/number-model.ts";
import { isInteger, subtypesOf, toFloat53, toNumber53 } from "./arithmetic53.ts";
import { runtimeError53 } from "./failures53.ts";
import type { MachineState, Thread } from "./state.ts";
import type { Value } from "./values.ts";

type Integer = number | bigint;

/** Makes start, limit and step of one kind, and takes back the first step. */
export function prepareLoop53(thread: Thread, index: number): void {
  const { stack, state } = thread;
  const start = stack[index];
  const step = stack[index + 2];
  if (start !== null && step !== null && isInteger(start) && isInteger(step)) {
    const limit = integerLimit(state, thread.valueAt(index + 1), step);
    if (limit !== undefined) {
      stack[index + 1] = limit.value;
      stack[index] = subtypesOf(state).integers.subtract(limit.isBefore ? 0 : start, step);
      return;
    }
  }
  prepareFloats(thread, index);
}

/** @param isBefore true when not even the first turn is made: the start is 0 then */
interface IntegerLimit {
  readonly value: Integer;
  readonly isBefore: boolean;
}

/** The limit rounded to an integer that the loop reaches, or the last one in its direction. */
function integerLimit(state: MachineState, limit: Value, step: Integer): IntegerLimit | undefined {
  const number = toNumber53(state, limit);
  if (number === undefined) return undefined;
  if (!(number instanceof LuaFloat)) return { value: number, isBefore: false };
  const { integers } = subtypesOf(state);
  const rounded = step < 0 ? Math.ceil(number.value) : Math.floor(number.value);
  const value = integers.fromFloat(rounded);
  if (value !== undefined) return { value, isBefore: false };
  const greatest = integers.shiftRight(integers.fromBigInt(-1n), 1);
  return number.value > 0
    ? { value: greatest, isBefore: step < 0 }
    : { value: integers.bitNot(greatest), isBefore: step >= 0 };
}

function prepareFloats(thread: Thread, index: number): void {
  const { state } = thread;
  setFloat(thread, index + 1, loopFloat(thread, index + 1, "limit"));
  const step = loopFloat(thread, index + 2, "step");
  setFloat(thread, index + 2, step);
  const start = loopFloat(thread, index, "initial value");
  setFloat(thread, index, subtypesOf(state).floats.subtract(start, step));
}

function loopFloat(thread: Thread, index: number, what: LuaString): number {
  const float = toFloat53(thread.state, thread.valueAt(index));
  if (float === undefined) throw runtimeError53(thread, `'for' ${what} must be a number`);
  return float;
}

/** Makes one step of a loop whose numbers are not all small integers or floats; false at its end. */
export function stepLoop53(thread: Thread, index: number): boolean {
  const start = thread.valueAt(index);
  const limit = thread.valueAt(index + 1);
  const step = thread.valueAt(index + 2);
  // Only code that no compiler wrote comes here with anything else.
  if (!isInteger(start) || !isInteger(limit) || !isInteger(step)) {
    throw runtimeError53(thread, "'for' initial value must be a number");
  }
  const next = subtypesOf(thread.state).integers.add(start, step);
  if (!(step > 0 ? next <= limit : limit <= next)) return false;
  thread.stack[index] = next;
  thread.stack[index + 3] = next;
  return true;
}

function setFloat({ stack, floats }: Thread, index: number, value: number): void {
  stack[index] = null;
  floats[index] = value;
}

/**
 * Suspending and resuming threads; what both Lua versions share. A thread that is resumed runs in a
 * dispatch loop of its own, inside the native function that resumed it.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaError } from "./errors.ts";
import { ALL_RESULTS, leave } from "./frames.ts";
import { isYieldable, proceed, Start } from "./run.ts";
import { Called, type Frame, Outcome, type ProtectedResult, type Thread } from "./state.ts";
import type { Value } from "./values.ts";

/** Puts a function into a new thread, to be called when it is resumed for the first time. */
export function setFunction(thread: Thread, fn: Value): void {
  thread.stack[1] = fn;
}

/**
 * Runs a suspended thread until it is suspended again, ends, or fails. A thread that failed is dead,
 * but keeps its frames for a traceback.
 *
 * @param from the thread that runs now
 */
export function resume(thread: Thread, from: Thread, args: readonly Value[]): ProtectedResult {
  if (thread.status !== "suspended") return failure(`cannot resume ${whyNot(thread)} coroutine`);
  const { state } = from;
  if (from.levels >= state.limits.levelsToResume) return failure("C stack overflow");
  from.status = "normal";
  thread.status = "running";
  state.current = thread;
  thread.levels = from.levels + 1;
  thread.resumedLevels = thread.levels;
  if (state.limits.forgetsLevels) thread.epoch++;
  try {
    return { ok: true, values: run(thread, args) };
  } catch (error) {
    thread.status = "dead";
    if (!(error instanceof LuaError)) throw error;
    return { ok: false, error };
  } finally {
    state.current = from;
    from.status = "running";
  }
}

function whyNot({ status }: Thread): LuaString {
  return status === "dead" ? "dead" : status === "normal" ? "normal" : "running";
}

function failure(message: LuaString): ProtectedResult {
  return { ok: false, error: LuaError.of(message) };
}

/** What the thread yields or returns. */
function run(thread: Thread, args: readonly Value[]): Value[] {
  const called = thread.depth === 0 ? begin(thread, args) : goOn(thread, args);
  if (called === Called.Yielded) {
    thread.status = "suspended";
    const frame = thread.frames[thread.depth];
    return valuesBetween(thread, frame.top - frame.count, frame.top);
  }
  thread.status = "dead";
  return valuesBetween(thread, 1, thread.top);
}

function begin(thread: Thread, args: readonly Value[]): Called {
  putValues(thread, 2, args);
  const { execute } = thread.state.engine;
  return proceed(thread, 0, execute, Start.Call, 1, args.length, ALL_RESULTS);
}

/** The values that it is resumed with are the results of the function that suspended it. */
function goOn(thread: Thread, args: readonly Value[]): Called {
  const frame = thread.frames[thread.depth];
  putValues(thread, frame.base, args);
  leave(thread, frame, frame.base, args.length);
  return proceed(thread, 0, thread.state.engine.execute, Start.Continue);
}

function putValues(thread: Thread, index: number, values: readonly Value[]): void {
  thread.grow(index + values.length);
  for (let i = 0; i < values.length; i++) thread.stack[index + i] = values[i];
}

function valuesBetween(thread: Thread, start: number, end: number): Value[] {
  const values: Value[] = [];
  for (let i = start; i < end; i++) values.push(thread.valueAt(i));
  return values;
}

/**
 * Suspends the running thread: what a native function must return to hand its values to `resume`,
 * with the count of those it pushed last, or of its arguments.
 *
 * @throws LuaError when native code is on the way that cannot be suspended
 */
export function yieldValues(frame: Frame, count: number, whenNot: LuaString): Outcome {
  const { thread } = frame;
  if (!isYieldable(thread)) throw LuaError.of(whenNot);
  frame.count = count;
  return Outcome.Yields;
}

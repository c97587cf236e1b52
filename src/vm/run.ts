/**
 * Running a thread until a call from outside the dispatch loop returns, and what happens to errors
 * on the way: the nearest frame with a guard (`pcall`, `xpcall`) gets them; frames above it stay as
 * they are until its error handler has looked at them. The same for both Lua versions.
 */
import { LuaError } from "./errors.ts";
import {
  ALL_RESULTS,
  callAt,
  closeUpvalues,
  continueNative,
  enterLevel,
  leave,
  restoreLimits,
} from "./frames.ts";
import {
  Called,
  type Frame,
  LuaFunction,
  NativeFunction,
  type ProtectedResult,
  type Thread,
} from "./state.ts";
import type { Value } from "./values.ts";

/** A dispatch loop: runs the current frame until the one at a depth is the current one again. */
export type Execute = (thread: Thread, stop: number) => Called;

/** What {@link proceed} begins with. */
export enum Start {
  /** The function that was put at the stack index is called. */
  Call,
  /** The current frame, or a native function's continuation, goes on. */
  Continue,
}

/**
 * Runs a thread until the frame at `stop` is the current one, or it is suspended.
 *
 * @throws LuaError when no frame above `stop` has a guard; the frames are still there then
 */
export function proceed(
  thread: Thread,
  stop: number,
  execute: Execute,
  start: Start,
  functionIndex = 0,
  argumentCount = 0,
  wanted = ALL_RESULTS,
): Called {
  const { deepest } = thread;
  let begin = start;
  for (;;) {
    try {
      const called =
        begin === Start.Call
          ? callAt(thread, functionIndex, argumentCount, wanted)
          : continueNative(thread, stop);
      const ended = called === Called.Entered ? execute(thread, stop) : called;
      thread.deepest = deepest;
      return ended;
    } catch (error) {
      thread.deepest = deepest;
      recover(thread, stop, error);
      begin = Start.Continue;
    }
  }
}

/** Calls from native code: counts as a step and a C level, and cannot be suspended. */
export function callFromNative(
  thread: Thread,
  execute: Execute,
  functionIndex: number,
  argumentCount: number,
  wanted: number,
): void {
  const { floor, depth, state } = thread;
  if (--state.steps < 0) state.outOfSteps();
  enterLevel(thread);
  thread.floor = depth;
  try {
    proceed(thread, depth, execute, Start.Call, functionIndex, argumentCount, wanted);
  } finally {
    thread.floor = floor;
  }
  thread.levels--;
}

/**
 * Calls a value for a library that wants to deal with errors itself.
 *
 * @param handler gets the value of an error while the frames are still there, as that of `xpcall`
 */
export function protectedCall(
  thread: Thread,
  execute: Execute,
  fn: Value,
  args: readonly Value[],
  handler?: Value,
): ProtectedResult {
  const { depth, levels, stack } = thread;
  const at = thread.frames[depth].top;
  stack[at] = fn;
  for (const [i, arg] of args.entries()) stack[at + 1 + i] = arg;
  try {
    callFromNative(thread, execute, at, args.length, ALL_RESULTS);
    const values: Value[] = [];
    for (let i = at; i < thread.top; i++) values.push(thread.valueAt(i));
    return { ok: true, values };
  } catch (thrown) {
    const error = handled(thread, asLuaError(thrown), handler);
    unwind(thread, depth, levels, at);
    return { ok: false, error };
  }
}

/** The error handler that an error would come to which nothing else catches before; nil for none. */
export function handlerInForce(thread: Thread): Value {
  const depth = findGuard(thread, 0);
  if (depth === undefined)
    return thread === thread.state.mainThread ? thread.state.handler : undefined;
  const frame = thread.frames[depth];
  return frame.guard === "xpcall" ? thread.valueAt(frame.base) : undefined;
}

/** What an error handler, if there is one, makes of an error. */
export function handled(thread: Thread, error: LuaError, handler: Value): LuaError {
  return handler === undefined || error.passesHandlers
    ? error
    : new LuaError(handle(thread, handler, error.value));
}

/** Hands an error to the nearest guard above `stop`, or throws it on. */
function recover(thread: Thread, stop: number, thrown: unknown): void {
  const error = asLuaError(thrown);
  const depth = findGuard(thread, stop);
  if (depth === undefined) throw error;
  const frame = thread.frames[depth];
  const value =
    frame.guard === "xpcall" && !error.passesHandlers
      ? handle(thread, thread.valueAt(frame.base), error.value)
      : error.value;
  const forgets = thread.state.limits.forgetsLevels && isYieldable(thread);
  if (forgets) thread.epoch++;
  unwind(thread, depth, forgets ? thread.resumedLevels : frame.guardedLevels, frame.base);
  frame.continuation = undefined;
  thread.stack[frame.functionIndex] = false;
  thread.stack[frame.base] = value;
  leave(thread, frame, frame.functionIndex, 2);
}

function findGuard(thread: Thread, stop: number): number | undefined {
  for (let depth = thread.depth; depth > stop; depth--) {
    const { fn, guard } = thread.frames[depth];
    if (fn instanceof NativeFunction && guard !== "none") return depth;
  }
  return undefined;
}

/** True when no native code is on the way that could not go on after a yield. */
export function isYieldable(thread: Thread): boolean {
  if (thread === thread.state.mainThread) return false;
  return thread.state.limits.forgetsLevels
    ? thread.floor === 0
    : thread.levels <= thread.resumedLevels;
}

/** Gives up all frames above a depth. */
function unwind(thread: Thread, depth: number, levels: number, index: number): void {
  closeUpvalues(thread, index);
  for (let i = thread.depth; i > depth; i--) thread.frames[i].pending = 0;
  thread.depth = depth;
  thread.levels = levels;
  restoreLimits(thread);
}

/**
 * What an error handler makes of an error's value. An error in it is handed to it, too, one C level
 * further, until they are used up.
 */
function handle(thread: Thread, handler: Value, value: Value): Value {
  if (!(handler instanceof LuaFunction)) return LuaError.inHandler().value;
  for (let handled = value; ; thread.levels++) {
    const result = thread.state.engine.protectedCall(thread, handler, [handled]);
    if (result.ok) return result.values[0];
    handled = result.error.value;
    if (result.error.passesHandlers) return handled;
  }
}

/** Limits of the JavaScript engine are errors that a program can catch; all else goes through. */
function asLuaError(thrown: unknown): LuaError {
  if (thrown instanceof LuaError) return thrown;
  if (!(thrown instanceof RangeError)) throw thrown;
  if (/call stack/.test(thrown.message)) return LuaError.of("C stack overflow");
  return LuaError.outOfMemory();
}

/** Sets a guard on a native function's frame; its errors come to it from now on. */
export function guard(frame: Frame, kind: "pcall" | "xpcall"): void {
  frame.guard = kind;
  frame.guardedLevels = frame.thread.levels;
}

/**
 * How Lua 5.3 calls metamethods. Functions that may come upon one do not call it themselves, since
 * it may suspend the thread: they put it with its arguments behind the current frame and say so
 * by returning {@link METHOD}. Native code then calls it on the spot; the loop enters it, and what is
 * left to do with its result is noted in the frame (`Frame.pending`) and done when it is there.
 * Source: the manual of Lua 5.3, §2.4 and §2.6.
 */
import type { Thread } from "./state.ts";
import type { Value } from "./values.ts";

/** Says that a metamethod is to be called; see {@link putMethod}. */
export const METHOD: unique symbol = Symbol("metamethod");

export type Found = Value | typeof METHOD;
export type Answer = boolean | typeof METHOD;

/** What is to be done with the result of a metamethod: values of `Frame.pending`. */
export enum Pending {
  Nothing = 0,
  /** It is the instruction's. */
  Result = 1,
  /** The comparison is the opposite of it. */
  Negated = 2,
  /** It goes to a register (this plus its number), from which a concatenation goes on. */
  Concat = 3,
}

/** Arguments of metamethods, but for `__newindex`. */
export const METHOD_ARGUMENTS = 2;

/** Puts a metamethod and its arguments behind the current frame's values. */
export function putMethod(
  thread: Thread,
  method: Value,
  first: Value,
  second: Value,
): typeof METHOD {
  const { stack, frames, depth } = thread;
  const at = frames[depth].top;
  stack[at] = method;
  stack[at + 1] = first;
  stack[at + 2] = second;
  return METHOD;
}

/** Calls a metamethod that was put, and returns its first result. */
function callPutMethod(thread: Thread): Value {
  const at = thread.frames[thread.depth].top;
  thread.state.engine.call(thread, at, METHOD_ARGUMENTS, 1);
  return thread.valueAt(at);
}

/** What a function found, by way of a metamethod or not. */
export function resolve(thread: Thread, found: Found): Value {
  return found === METHOD ? callPutMethod(thread) : found;
}

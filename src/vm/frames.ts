/**
 * Frames and the stack under them: entering a function, leaving it with results, and the upvalues
 * that point into the stack. The dispatch loops do the common cases themselves, in the same way.
 */
import { LuaError } from "./errors.ts";
import {
  Called,
  Closure,
  type Frame,
  type LuaFunction,
  type NativeBody,
  NativeFunction,
  Outcome,
  type Thread,
  Upvalue,
} from "./state.ts";
import { Table } from "./table.ts";

/** `wanted` for as many results as there are. */
export const ALL_RESULTS = -1;
/**
 * For a call that counts as a C level, `wanted` is this minus the number of results: the level is
 * left when the function returns.
 */
export const LEVEL_RESULTS = -2;

/** Slots that are kept free above those that a function asks for. */
const SPARE_SLOTS = 5;
/** Slots that a native function may use. */
export const NATIVE_SLOTS = 20;

/**
 * Calls the value at a stack index with those behind it: enters a Lua function, runs a native one.
 *
 * @param wanted results, or {@link ALL_RESULTS}, or see {@link LEVEL_RESULTS}
 */
export function callAt(
  thread: Thread,
  functionIndex: number,
  argumentCount: number,
  wanted: number,
): Called {
  let fn = thread.stack[functionIndex];
  let count = argumentCount;
  if (!(fn instanceof Closure || fn instanceof NativeFunction)) {
    fn = thread.state.engine.makeCallable(thread, functionIndex, count++);
  }
  if (fn instanceof Closure) {
    enterClosure(thread, fn, functionIndex, count, wanted);
    return Called.Entered;
  }
  return callNative(thread, fn as NativeFunction, functionIndex, count, wanted);
}

/** {@link callAt} for a native function. */
function callNative(
  thread: Thread,
  fn: NativeFunction,
  functionIndex: number,
  argumentCount: number,
  wanted: number,
): Called {
  const frame = enterNative(thread, fn, functionIndex, argumentCount, wanted);
  return finish(thread, frame, fn.body(frame));
}

/** Leaves a native function with what its body returned. */
function finish(thread: Thread, frame: Frame, count: number): Called {
  if (count < 0) return count === Outcome.Yields ? Called.Yielded : Called.Entered;
  leave(thread, frame, frame.top - count, count);
  return Called.Done;
}

/**
 * Calls the value at a stack index for a native function, which goes on with the continuation when
 * it returns: the body returns what this returns. The call's results are at the index then, and
 * `thread.top` is behind them.
 */
export function callThen(
  frame: Frame,
  functionIndex: number,
  argumentCount: number,
  continuation: NativeBody,
): number {
  frame.continuation = continuation;
  const called = callAt(frame.thread, functionIndex, argumentCount, ALL_RESULTS);
  if (called !== Called.Done) {
    return called === Called.Yielded ? Outcome.Yields : Outcome.Continues;
  }
  frame.continuation = undefined;
  return continuation(frame);
}

/**
 * Goes on with the native functions whose calls have returned, until there is a Lua function to run
 * (then it returns Entered), the thread is suspended, or the frame at `stop` is the current one.
 */
export function continueNative(thread: Thread, stop: number): Called {
  while (thread.depth > stop) {
    const frame = thread.frames[thread.depth];
    if (frame.fn instanceof Closure) return Called.Entered;
    const { continuation } = frame;
    if (continuation === undefined) throw new Error("a native function was left in the middle");
    frame.continuation = undefined;
    const called = finish(thread, frame, continuation(frame));
    if (called === Called.Yielded) return called;
  }
  return Called.Done;
}

/** Counts a call through native code. @throws LuaError `C stack overflow` */
export function enterLevel(thread: Thread): void {
  const { levels, spareLevels } = thread.state.limits;
  if (++thread.levels < levels) return;
  if (thread.levels === levels) {
    throw LuaError.of(`${thread.state.engine.where(thread, 0)}C stack overflow`);
  }
  if (thread.levels >= levels + spareLevels) throw LuaError.inHandler();
}

/** Gives back the level of a frame that {@link enterLevel} was called for, unless it was forgotten. */
export function leaveLevel(thread: Thread, frame: Frame): void {
  if (frame.epoch === thread.epoch) thread.levels--;
}

/**
 * Makes room for a call whose function needs some slots above those that are in use.
 *
 * @param top behind the arguments
 * @throws LuaError `stack overflow`, and that error handlers fail when they use up the slots that
 *   are kept for them
 */
function claimSlots(thread: Thread, top: number, count: number): void {
  const { state, maxSlots } = thread;
  const { slotsInOverflow } = state.limits;
  const end = top + thread.slotsOfHost + count + SPARE_SLOTS;
  if (end > maxSlots) {
    if (maxSlots === slotsInOverflow) throw LuaError.inHandler();
    thread.maxSlots = slotsInOverflow;
    throw LuaError.of(`${state.engine.where(thread, 0)}stack overflow`);
  }
  thread.grow(top + count, count);
}

/** Makes room for so many values above those of a native function; false when there is none. */
export function hasRoomFor({ thread, top }: Frame, count: number): boolean {
  if (top + thread.slotsOfHost + SPARE_SLOTS + count > thread.state.limits.slots) return false;
  thread.grow(top + count, count);
  return true;
}

/** The next frame up; its fields are still those of the function that had it before. */
function pushFrame(thread: Thread): Frame {
  const depth = thread.depth + 1;
  const frame = depth < thread.frames.length ? thread.frames[depth] : addFrame(thread);
  thread.depth = depth;
  return frame;
}

/**
 * A frame that the thread did not have yet; the caller makes it the current one when it has it.
 *
 * @throws LuaError `stack overflow`, and that error handlers fail when they use up the frames that
 *   are kept for them
 */
export function addFrame(thread: Thread): Frame {
  const { frames, state } = thread;
  if (frames.length >= thread.maxFrames) {
    const { framesInOverflow } = state.limits;
    if (thread.maxFrames === framesInOverflow) throw LuaError.inHandler();
    thread.maxFrames = framesInOverflow;
    throw LuaError.of(`${state.engine.where(thread, 0)}stack overflow`);
  }
  const frame = state.newFrame(thread);
  frames.push(frame);
  return frame;
}

/** After an overflow was dealt with. */
export function restoreLimits(thread: Thread): void {
  const { framesInOverflow, framesAfterOverflow, slots } = thread.state.limits;
  if (thread.maxSlots > slots) {
    const end = thread.frames[thread.depth].top + thread.slotsOfHost + SPARE_SLOTS;
    if (end <= slots) thread.maxSlots = slots;
  }
  if (thread.maxFrames !== framesInOverflow || thread.depth >= framesAfterOverflow) return;
  thread.maxFrames = framesAfterOverflow;
  if (thread.frames.length > framesAfterOverflow) thread.frames.length = framesAfterOverflow;
}

/** Enters a native function; the caller runs its body and {@link leave}s. */
export function enterNative(
  thread: Thread,
  fn: NativeFunction,
  functionIndex: number,
  argumentCount: number,
  wanted: number,
): Frame {
  const top = functionIndex + 1 + argumentCount;
  if (top + NATIVE_SLOTS > thread.limit) claimSlots(thread, top, NATIVE_SLOTS);
  const frame = pushFrame(thread);
  frame.fn = fn;
  frame.functionIndex = functionIndex;
  frame.base = functionIndex + 1;
  frame.top = top;
  frame.count = argumentCount;
  frame.wanted = wanted;
  frame.epoch = thread.epoch;
  frame.tailCalls = 0;
  frame.continuation = undefined;
  frame.guard = "none";
  return frame;
}

/** Enters a Lua function at its first instruction. */
export function enterClosure(
  thread: Thread,
  closure: Closure,
  functionIndex: number,
  argumentCount: number,
  wanted: number,
): Frame {
  const { code } = closure;
  const top = functionIndex + 1 + argumentCount;
  if (top + code.maxStackSize > thread.limit) claimSlots(thread, top, code.maxStackSize);
  const base = code.isVararg
    ? moveArguments(thread, closure, functionIndex, argumentCount)
    : functionIndex + 1;
  const end = base + code.maxStackSize;
  thread.grow(end);
  const frame = pushFrame(thread);
  // The compiler counts on nil in all registers but the parameters.
  const given = code.isVararg ? code.parameterCount : Math.min(argumentCount, code.parameterCount);
  const extra = Math.max(0, argumentCount - code.parameterCount);
  const { stack } = thread;
  for (let i = base + given; i < end; i++) stack[i] = undefined;
  if (code.needsArg) stack[base + given] = makeArgTable(thread, base - extra, extra);
  frame.fn = closure;
  frame.functionIndex = functionIndex;
  frame.base = base;
  frame.top = end;
  frame.count = extra;
  frame.pc = 0;
  frame.wanted = wanted;
  frame.epoch = thread.epoch;
  frame.tailCalls = 0;
  return frame;
}

/**
 * Moves the fixed parameters of a vararg function above all its arguments, so that the extra ones
 * lie right below its registers.
 *
 * @returns the index of register 0
 */
function moveArguments(
  thread: Thread,
  { code }: Closure,
  functionIndex: number,
  argumentCount: number,
): number {
  const { parameterCount } = code;
  const first = functionIndex + 1;
  const base = first + Math.max(argumentCount, parameterCount);
  thread.grow(base + parameterCount);
  const { stack, floats } = thread;
  for (let i = first + argumentCount; i < first + parameterCount; i++) stack[i] = undefined;
  for (let i = 0; i < parameterCount; i++) {
    const value = stack[first + i];
    stack[base + i] = value;
    if (value === null) floats[base + i] = floats[first + i];
    stack[first + i] = undefined;
  }
  return base;
}

/** The table `arg` of Lua 5.0, which Lua 5.1 still makes for vararg functions without `...`. */
function makeArgTable(thread: Thread, first: number, count: number): Table {
  const { heap } = thread.state;
  const table = new Table(heap, count, 1);
  for (let i = 0; i < count; i++) table.setNumber(i + 1, thread.valueAt(first + i));
  table.setString(thread.state.intern("n"), count);
  return table;
}

/** Enters a Lua function in the place of the one that calls it in its last statement. */
export function enterTailCall(
  thread: Thread,
  frame: Frame,
  closure: Closure,
  functionIndex: number,
  argumentCount: number,
): void {
  if (thread.openUpvalues !== undefined) closeUpvalues(thread, frame.base);
  const target = frame.functionIndex;
  const { stack, floats } = thread;
  for (let i = 0; i <= argumentCount; i++) {
    const value = stack[functionIndex + i];
    stack[target + i] = value;
    if (value === null) floats[target + i] = floats[functionIndex + i];
  }
  const tailCalls = frame.tailCalls + 1;
  thread.depth--;
  enterClosure(thread, closure, target, argumentCount, frame.wanted);
  frame.tailCalls = tailCalls;
}

/** Copies extra arguments to an index; all of them when `wanted` is {@link ALL_RESULTS}. */
export function copyVarargs(thread: Thread, frame: Frame, index: number, wanted: number): void {
  const { base, count } = frame;
  const copied = wanted < 0 ? count : wanted;
  if (wanted < 0 && frame.top + copied > thread.limit) claimSlots(thread, frame.top, copied);
  thread.grow(index + copied);
  const { stack, floats } = thread;
  for (let i = 0; i < copied; i++) {
    const value = i < count ? stack[base - count + i] : undefined;
    stack[index + i] = value;
    if (value === null) floats[index + i] = floats[base - count + i];
  }
  if (wanted < 0) thread.top = index + copied;
}

/**
 * Leaves the current frame: moves results to where its function was, and makes up for missing ones.
 * When all were wanted, `thread.top` is behind them.
 */
export function leave(thread: Thread, frame: Frame, first: number, count: number): void {
  const { stack, floats } = thread;
  const { functionIndex } = frame;
  let { wanted } = frame;
  thread.depth--;
  if (wanted <= LEVEL_RESULTS) {
    leaveLevel(thread, frame);
    wanted = LEVEL_RESULTS - wanted;
  }
  const moved = wanted < 0 ? count : Math.min(count, wanted);
  for (let i = 0; i < moved; i++) {
    const value = stack[first + i];
    stack[functionIndex + i] = value;
    if (value === null) floats[functionIndex + i] = floats[first + i];
  }
  for (let i = moved; i < wanted; i++) stack[functionIndex + i] = undefined;
  if (wanted < 0) thread.top = functionIndex + moved;
}

/** Puts a function below what was to be called, which becomes its first argument. */
export function putBelow(
  { stack, floats }: Thread,
  fn: LuaFunction,
  functionIndex: number,
  argumentCount: number,
): void {
  for (let i = functionIndex + argumentCount; i >= functionIndex; i--) {
    stack[i + 1] = stack[i];
    if (stack[i] === null) floats[i + 1] = floats[i];
  }
  stack[functionIndex] = fn;
}

/** The register of the current frame that a stack index is; undefined when it is none. */
export function registerAt({ frames, depth }: Thread, index: number): number | undefined {
  const { base, top } = frames[depth];
  return index >= base && index < top ? index - base : undefined;
}

/** The upvalue for a stack index; closures that capture the same variable share it. */
export function findUpvalue(thread: Thread, index: number): Upvalue {
  let above: Upvalue | undefined;
  let upvalue = thread.openUpvalues;
  while (upvalue !== undefined && upvalue.index > index) {
    above = upvalue;
    upvalue = upvalue.below;
  }
  if (upvalue !== undefined && upvalue.index === index) return upvalue;
  const made = new Upvalue(thread, index, upvalue);
  if (above === undefined) thread.openUpvalues = made;
  else above.below = made;
  return made;
}

/** Closes the upvalues from a stack index on. */
export function closeUpvalues(thread: Thread, index: number): void {
  let upvalue = thread.openUpvalues;
  while (upvalue !== undefined && upvalue.index >= index) {
    const { below } = upvalue;
    upvalue.close();
    upvalue = below;
  }
  thread.openUpvalues = upvalue;
}

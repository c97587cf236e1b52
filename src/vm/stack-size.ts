/**
 * How large the stacks of a thread are on the device. Threads know what their Lua functions needed;
 * what native ones and calls needed is told from the frames: those that have returned are still
 * there, and show how deep the thread once was.
 */
import { NATIVE_SLOTS } from "./frames.ts";
import { grownCalls, grownSlots, type StackSize, shrunkSize } from "./stack-growth.ts";
import { Closure, type Frame, NativeFunction, type Thread } from "./state.ts";

/** The sizes now, if nothing that has returned since the last collection made them larger. */
export function stackSize(thread: Thread): StackSize {
  return grownStack(thread, thread.sizeWhenCollected, thread.depth);
}

/**
 * Shrinks the stacks of a thread as a collection does.
 *
 * @param passes how often it goes through them
 * @param ranBefore whether the device's collector has run by itself since the last collection
 */
export function shrinkStack(thread: Thread, passes: number, ranBefore: boolean): void {
  const { frames, depth, state } = thread;
  let size = grownStack(thread, thread.sizeOnDevice, frames.length - 1);
  for (let i = depth + 1; i < frames.length; i++) frames[i].fn = undefined;
  if (ranBefore && !state.target.memory.stacks.fits)
    size = grownStack(thread, shrunkInOutermost(thread, size), depth);
  const used = slotsInUse(thread) + thread.slotsOfHost;
  for (let i = 0; i < passes; i++) {
    size = shrunkSize(state.target.memory.stacks, size, used, depth);
  }
  thread.shrink(size);
}

/** What collections leave of a stack while its outermost Lua function runs. */
function shrunkInOutermost(thread: Thread, size: StackSize): StackSize {
  const { frames, state } = thread;
  const outermost = frames.findIndex(({ fn }) => fn instanceof Closure);
  if (outermost < 0) return size;
  const used = Math.max(1 + NATIVE_SLOTS, frames[outermost].top + thread.slotsOfHost);
  let shrunk = size;
  for (let before = 0; before !== shrunk.slots; ) {
    before = shrunk.slots;
    shrunk = shrunkSize(state.target.memory.stacks, shrunk, used, outermost);
  }
  return shrunk;
}

function grownStack(thread: Thread, { slots, calls }: StackSize, last: number): StackSize {
  const { stacks } = thread.state.target.memory;
  let size = slots;
  let deepest = 0;
  for (let i = 1; i <= last; i++) {
    const frame = thread.frames[i];
    if (frame.fn === undefined) continue;
    size = grownSlots(stacks, size, endOf(frame) + thread.slotsOfHost, wantedBy(frame));
    deepest = i;
  }
  return { slots: size, calls: grownCalls(stacks, calls, deepest) };
}

function wantedBy({ fn }: Frame): number {
  return fn instanceof Closure ? fn.code.maxStackSize : NATIVE_SLOTS;
}

/** Behind the slots that a function has room for. */
function endOf({ fn, base, count }: Frame): number {
  if (fn instanceof Closure) return base + fn.code.parameterCount + fn.code.maxStackSize;
  return fn instanceof NativeFunction ? base + count + NATIVE_SLOTS : 0;
}

function slotsInUse({ frames, depth, status }: Thread): number {
  let end = Math.max(1 + NATIVE_SLOTS, frames[depth].top);
  // The function that an error came from has no more room than it had used.
  const last = status === "dead" ? depth - 1 : depth;
  for (let i = 1; i <= last; i++) {
    const { fn, base } = frames[i];
    end = Math.max(end, fn instanceof Closure ? base + fn.code.maxStackSize : endOf(frames[i]));
  }
  return end;
}

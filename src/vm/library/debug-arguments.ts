/** Arguments of the library `debug` of Lua 5.3: threads, and functions that run at a level. */
import type { Call } from "../call.ts";
import { Closure, type Frame, Thread } from "../state.ts";

/** The thread that a function is about, and how many arguments stand before the others. */
export interface ThreadArgument {
  readonly thread: Thread;
  readonly skipped: 0 | 1;
}

/** The first argument when it is a thread, else the one that runs. */
export function optionalThread(call: Call): ThreadArgument {
  const first = call.get(1);
  return first instanceof Thread
    ? { thread: first, skipped: 1 }
    : { thread: call.thread, skipped: 0 };
}

/** Where the frame at a level is in a thread; 0 when there is none. Level 0 is the innermost. */
export function depthAt(thread: Thread, level: number): number {
  return level < 0 || level >= thread.depth ? 0 : thread.depth - level;
}

/** Behind the values of a frame. */
export function endOfFrame(thread: Thread, depth: number): number {
  const frame: Frame = thread.frames[depth];
  if (depth < thread.depth) return thread.frames[depth + 1].functionIndex;
  return frame.fn instanceof Closure ? Math.max(frame.top, thread.top) : frame.top;
}

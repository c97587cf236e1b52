/** The library `coroutine` of Lua 5.3. Source: the manual, §6.2. */
import type { Call } from "../call.ts";
import { resume, setFunction, yieldValues } from "../coroutine-run.ts";
import { LuaError } from "../errors.ts";
import type { Library } from "../library.ts";
import { isYieldable } from "../run.ts";
import { NativeFunction, type Outcome, Thread } from "../state.ts";
import { type Resume, resumeFunction, statusFunction, wrapFunction } from "./coroutine-common.ts";

/** What messages call a thread. */
const THREAD = "thread";

const resume53: Resume = (call, thread, first) => {
  if (thread.status === "suspended") return resume(thread, call.thread, call.values(first));
  const state = thread.status === "dead" || looksDead(call, thread) ? "dead" : "non-suspended";
  return { ok: false, error: LuaError.of(`cannot resume ${state} coroutine`) };
};

/**
 * A thread that resumes another one, or itself, looks like a dead one while it has no values left: in
 * a function made by `wrap`, which has handed over its arguments.
 */
function looksDead(call: Call, thread: Thread): boolean {
  const { fn } = thread.frames[thread.depth];
  const isWrapped = fn instanceof NativeFunction && fn.upvalues[0] instanceof Thread;
  return isWrapped && (thread !== call.thread || call.count === 0);
}

function newThread(call: Call): Thread {
  const thread = new Thread(call.state, call.thread.globals);
  setFunction(thread, call.callable(1));
  return thread;
}

function running(call: Call): number {
  return call.giveTwo(call.thread, call.thread === call.state.mainThread);
}

function yieldFunction(call: Call): Outcome {
  const isMain = call.thread === call.state.mainThread;
  const place = isMain ? "from outside a coroutine" : "across a C-call boundary";
  return yieldValues(call, call.count, `attempt to yield ${place}`);
}

export const COROUTINE_53: Library = {
  name: "coroutine",
  functions: {
    create: (call) => call.give(newThread(call)),
    resume: resumeFunction(resume53, THREAD),
    running,
    status: statusFunction(THREAD),
    wrap: wrapFunction(newThread, resume53),
    yield: yieldFunction,
    isyieldable: (call) => call.give(isYieldable(call.thread)),
  },
};

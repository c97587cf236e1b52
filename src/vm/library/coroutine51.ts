/** The library `coroutine` of Lua 5.1. Source: the manual, §5.2. */
import type { Call } from "../call.ts";
import { resume, setFunction, yieldValues } from "../coroutine-run.ts";
import type { Library } from "../library.ts";
import { Closure, type Outcome, Thread } from "../state.ts";
import { type Resume, resumeFunction, statusFunction, wrapFunction } from "./coroutine-common.ts";

/** What messages call a thread. */
const THREAD = "coroutine";

const resume51: Resume = (call, thread, first) => resume(thread, call.thread, call.values(first));

function newThread(call: Call): Thread {
  const fn = call.get(1);
  if (!(fn instanceof Closure)) throw call.argumentError(1, "Lua function expected");
  const thread = new Thread(call.state, call.thread.globals);
  setFunction(thread, fn);
  return thread;
}

function running(call: Call): number {
  const { thread } = call;
  return call.give(thread === call.state.mainThread ? undefined : thread);
}

function yieldFunction(call: Call): Outcome {
  return yieldValues(call, call.count, "attempt to yield across metamethod/C-call boundary");
}

export const COROUTINE_51: Library = {
  name: "coroutine",
  functions: {
    create: (call) => call.give(newThread(call)),
    resume: resumeFunction(resume51, THREAD),
    running,
    status: statusFunction(THREAD),
    wrap: wrapFunction(newThread, resume51),
    yield: yieldFunction,
  },
};

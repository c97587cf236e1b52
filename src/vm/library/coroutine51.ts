/** The library `coroutine` of Lua 5.1. Source: the manual, §5.2. */
import type { Call } from "../call.ts";
import { resume, setFunction, yieldValues } from "../coroutine-run.ts";
import { LuaError } from "../errors.ts";
import type { Library } from "../library.ts";
import { Closure, type Outcome, Thread } from "../state.ts";
import { TString } from "../values.ts";

function create(call: Call): number {
  return call.give(newThread(call));
}

function newThread(call: Call): Thread {
  const fn = call.get(1);
  if (!(fn instanceof Closure)) throw call.argumentError(1, "Lua function expected");
  const thread = new Thread(call.state, call.thread.globals);
  setFunction(thread, fn);
  return thread;
}

/** @throws LuaError when the argument is none */
function threadArgument(call: Call): Thread {
  const thread = call.get(1);
  if (!(thread instanceof Thread)) throw call.argumentError(1, "coroutine expected");
  return thread;
}

function resumeFunction(call: Call): number {
  const result = resume(threadArgument(call), call.thread, call.values(2));
  if (!result.ok) return call.giveAll([false, result.error.value]);
  return call.giveAll([true, ...result.values]);
}

function wrap(call: Call): number {
  const thread = newThread(call);
  return call.give(call.newFunction(callWrapped, "wrap", [thread]));
}

/** The function that `wrap` makes; errors with a message get the position of the caller, too. */
function callWrapped(call: Call): number {
  const result = resume(call.upvalue(1) as Thread, call.thread, call.values(1));
  if (result.ok) return call.giveAll(result.values);
  const { value } = result.error;
  throw value instanceof TString ? call.error(value.text) : new LuaError(value);
}

function status(call: Call): number {
  return call.giveText(threadArgument(call).status);
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
  functions: { create, resume: resumeFunction, running, status, wrap, yield: yieldFunction },
};

/** What the libraries `coroutine` of both versions share. Source: the manuals' §5.2 and §6.2. */
import type { Call, Native } from "../call.ts";
import { LuaError } from "../errors.ts";
import { type ProtectedResult, Thread } from "../state.ts";
import { TString } from "../values.ts";

/** Resumes a thread with the arguments from one on. */
export type Resume = (call: Call, thread: Thread, firstArgument: number) => ProtectedResult;

/**
 * The thread that the first argument must be.
 *
 * @param expected what the message calls it
 * @throws LuaError
 */
function threadArgument(call: Call, expected: string): Thread {
  const thread = call.get(1);
  if (!(thread instanceof Thread)) throw call.argumentError(1, `${expected} expected`);
  return thread;
}

export function resumeFunction(resume: Resume, expected: string): Native {
  return (call) => {
    const result = resume(call, threadArgument(call, expected), 2);
    if (!result.ok) return call.giveAll([false, result.error.value]);
    return call.giveAll([true, ...result.values]);
  };
}

export function wrapFunction(newThread: (call: Call) => Thread, resume: Resume): Native {
  /** Errors with a message get the position of the caller, too. */
  const callWrapped = (call: Call): number => {
    const result = resume(call, call.upvalue(1) as Thread, 1);
    if (result.ok) return call.giveAll(result.values);
    const { value } = result.error;
    throw value instanceof TString ? call.error(value.text) : new LuaError(value);
  };
  return (call) => call.give(call.newFunction(callWrapped, "wrap", [newThread(call)]));
}

export function statusFunction(expected: string): Native {
  return (call) => call.giveText(threadArgument(call, expected).status);
}

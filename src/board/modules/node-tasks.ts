/**
 * Tasks in the module `node`: `node.task`, and what happens to their errors. Source: the NodeMCU
 * manual, "node.task" and "node.setonerror"; the firmwares' module.
 */
import type { Call } from "../../vm/call.ts";
import { intArgument } from "../../vm/library/words.ts";
import { flashTable } from "../../vm/library.ts";
import { isNumber } from "../../vm/numbers.ts";
import { LuaFunction } from "../../vm/state.ts";
import type { Table } from "../../vm/table.ts";
import type { Value } from "../../vm/values.ts";
import { Priority } from "../event-loop.ts";
import { KeptValue } from "../kept-value.ts";
import type { ModuleContext } from "../module.ts";
import { constants, type NativesByName } from "./pick.ts";

const PRIORITIES = {
  LOW_PRIORITY: Priority.Low,
  MEDIUM_PRIORITY: Priority.Medium,
  HIGH_PRIORITY: Priority.High,
};
/** The message of an error when {@link postTask} returns false. */
export const QUEUE_OVERFLOW = "Task queue overflow. Task not posted";

export function taskFunctions({ onError }: ModuleContext): NativesByName {
  return {
    setonerror(call) {
      const value = call.get(1);
      onError(value instanceof LuaFunction ? value : undefined);
      return call.giveNothing();
    },
  };
}

/** `node.task`. */
export function taskTable(context: ModuleContext): Table {
  const { state } = context;
  return flashTable(state, {
    post: (call: Call) => post(call, context),
    ...constants(state, PRIORITIES),
  });
}

function post(call: Call, context: ModuleContext): number {
  const hasPriority = isNumber(call.get(1));
  const priority = hasPriority ? priorityArgument(call) : Priority.Medium;
  const task = functionArgument(call, context, hasPriority ? 2 : 1);
  if (!postTask(context, task, priority)) {
    throw call.error(QUEUE_OVERFLOW);
  }
  return call.giveNothing();
}

/** Lets a function be called with its priority later. Returns false when too many tasks wait. */
export function postTask(context: ModuleContext, task: Value, priority: Priority): boolean {
  const { loop, target, state, run } = context;
  if (loop.waiting(priority) >= target.node.taskQueues[priority]) return false;
  const place = new KeptValue(state, task);
  loop.post(() => run(place.take(), [state.numbers.fromInteger(priority)]), priority);
  return true;
}

/** The message has two blanks in the firmware. */
function priorityArgument(call: Call): Priority {
  const priority = intArgument(call, 1) >>> 0;
  if (priority <= Priority.High) return priority;
  throw call.argumentError(1, "invalid  priority");
}

function functionArgument(call: Call, { target }: ModuleContext, n: number): LuaFunction {
  const value = call.get(n);
  if (value instanceof LuaFunction) return value;
  const { noFunction } = target.node;
  throw noFunction === undefined
    ? call.typeError(n, "function")
    : call.argumentError(n, noFunction);
}

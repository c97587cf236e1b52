/**
 * A full collection, as `collectgarbage()` makes it. JavaScript frees memory by itself, when it
 * likes; what a program can see of a collection happens here: dead entries leave weak tables,
 * finalizers are called, and the device's stacks and its table of strings shrink. Nothing of that
 * happens unless the program or its embedder asks.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaError } from "./errors.ts";
import { metamethod } from "./events.ts";
import { bytesOf, sharedTexts } from "./memory-use.ts";
import { Reachable } from "./reachable.ts";
import { shrinkStack } from "./stack-size.ts";
import { LuaFunction, type MachineState, Thread } from "./state.ts";
import type { LuaObject } from "./values.ts";
import { clearEntries, clearValues, markStrings } from "./weak-tables.ts";

/** The device's collector begins anew when a tenth was added to what was in use. */
const GARBAGE_PART = 10;

/**
 * Collects, and then calls the finalizers that are due, until one fails; those behind it stay due.
 *
 * @param thread the one that runs
 * @throws LuaError of a finalizer
 */
export function collect(thread: Thread): void {
  const { state } = thread;
  const { finalizers, target } = state;
  const reach = new Reachable(state);
  // In Lua 5.3, values go before finalizers bring back what they can reach; in Lua 5.1, after.
  if (target.memory.collector.hasEphemerons) clearValues(reach);
  for (const object of finalizers.separate((each) => reach.isDead(each))) reach.mark(object);
  reach.finish();
  clearEntries(reach, finalizers);
  markStrings(reach, finalizers);
  shrink(state, reach);
  const { due } = finalizers;
  for (let next = due.shift(); next !== undefined; next = due.shift()) finalize(thread, next);
}

function shrink(state: MachineState, reach: Reachable): void {
  const { passes } = state.target.memory.collector;
  const { heap, stringTable, collectorSwitch } = state;
  const uncollected = bytesOf(state, reach) / GARBAGE_PART / (heap.takeCharged() + 1);
  const ranBefore = uncollected < 1 && !collectorSwitch.wasStopped;
  for (const object of reach.objects) {
    if (!(object instanceof Thread)) continue;
    shrinkStack(object, passes, ranBefore && object === state.mainThread);
  }
  const garbagePart = collectorSwitch.isStopped ? undefined : Math.min(1, uncollected);
  stringTable.shrink(sharedTexts(state, reach).size, garbagePart, passes);
  collectorSwitch.noteCollection();
}

function finalize(thread: Thread, object: LuaObject): void {
  const { state } = thread;
  const method = metamethod(state, object, state.events.gc);
  if (method === undefined) return;
  const { finalizerError } = state.target.memory.collector;
  if (finalizerError === undefined) {
    const at = thread.frames[thread.depth].top;
    thread.stack[at] = method;
    thread.stack[at + 1] = object;
    state.engine.call(thread, at, 1, 0);
  } else if (method instanceof LuaFunction) {
    const result = state.engine.protectedCall(thread, method, [object]);
    if (!result.ok) throw LuaError.of(inFinalizer(finalizerError, result.error.message));
  }
}

function inFinalizer(words: LuaString, message: LuaString | undefined): LuaString {
  return `${words} (${message ?? "no message"})`;
}

/**
 * Calls all finalizers at the end of a program, whatever it can reach; errors in them are lost.
 * Objects that get a finalizer meanwhile are left alone.
 */
export function finalizeAll({ engine, events, finalizers, mainThread }: MachineState): void {
  finalizers.separate(() => true);
  for (const object of finalizers.due.splice(0)) {
    const method = metamethod(mainThread.state, object, events.gc);
    if (method !== undefined) engine.protectedCall(mainThread, method, [object]);
  }
}

/**
 * A limit for the memory of a program. What it makes is charged roughly, where it is made, and only
 * when as much was charged as was left is memory counted exactly; so the limit costs nothing where it
 * is not near, and a program may go beyond it by a sixty-fourth before that is noticed. Nothing is
 * finalized then and no weak entry removed, for library functions may hold values that no walk sees.
 */
import { LuaError } from "./errors.ts";
import { memoryInUse } from "./memory-use.ts";
import type { MachineState } from "./state.ts";

/** What part of the limit is given out at least, so that not every byte is counted near it. */
const LEAST_PART = 64;

/** @param limit bytes as on the device */
export function limitMemory(state: MachineState, limit: number): void {
  state.heap.limit((bytes) => {
    const left = limit - memoryInUse(state) - bytes;
    if (left < 0) throw LuaError.outOfMemory();
    return Math.max(left, Math.floor(limit / LEAST_PART));
  });
}

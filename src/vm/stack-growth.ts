/**
 * How the stacks of the device's threads grow, and what collections leave of them; numbers only.
 * Source: observed; the rules are data of the target ({@link StackFacts}).
 */
import type { StackFacts } from "../target/memory-facts.ts";

/** How large the stacks of a thread are on the device. */
export interface StackSize {
  readonly slots: number;
  /** Records of calls there is room for. */
  readonly calls: number;
}

/** Calls for which the vector of a thread is never cut. */
const CALLS_KEPT = 16;
/** Slots that are never cut by half, and that are left above those in use when a stack is cut to fit. */
const SLOTS_KEPT = 90;
const SLOTS_ABOVE = 10;

/** Index behind the last slot that a stack of that size gives to a function. */
export function lastEnd({ reserve }: StackFacts, slots: number): number {
  return slots - reserve - 1;
}

/**
 * Slots of a stack for functions that end at an index.
 *
 * @param wanted how many of them the uppermost function wants
 */
export function grownSlots(facts: StackFacts, slots: number, end: number, wanted: number): number {
  const { growthExtra, addsWanted, reserve, most } = facts;
  let size = slots;
  while (end > lastEnd(facts, size) && size < most) {
    if (addsWanted) size += Math.max(size, wanted) + growthExtra;
    else size = Math.min(Math.max(2 * size, end + reserve) + growthExtra, most);
  }
  return size;
}

/** Records of calls when the innermost call has that index; the outermost has 0. */
export function grownCalls({ callsInVector }: StackFacts, calls: number, deepest: number): number {
  if (!callsInVector) return Math.max(calls, deepest);
  let size = calls;
  while (size - 1 < deepest) size *= 2;
  return size;
}

/** What a collection leaves when so many slots are in use, and the innermost call has that index. */
export function shrunkSize(
  { fits, growthExtra }: StackFacts,
  { slots, calls }: StackSize,
  used: number,
  innermost: number,
): StackSize {
  if (fits) {
    const good = used + 1 + ((used + 1) >> 3) + SLOTS_ABOVE;
    // Of the records that no call uses, every other one goes.
    return { slots: Math.min(slots, good), calls: calls - ((calls - innermost) >> 1) };
  }
  return {
    slots: 4 * used < slots && slots > SLOTS_KEPT ? (slots >> 1) + growthExtra : slots,
    calls: 4 * innermost < calls && calls > CALLS_KEPT ? calls >> 1 : calls,
  };
}

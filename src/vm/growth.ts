/**
 * How large the two parts of a table become when it has no room for another key; the same in both
 * Lua versions. The array part gets the largest size n, a power of two, of which more than half is
 * in use; all other keys need a node. Source: "The Implementation of Lua 5.0", §4.
 */
import { LuaError } from "./errors.ts";
import { Node, type Table } from "./table.ts";
import type { Value } from "./values.ts";

/** Items of a constructor that there can be memory for. */
const MAX_ITEMS = 2 ** 24;
/** Places that a constructor gets because its code claims to need them; no device has room for more. */
const MOST_RESERVED = 2 ** 13;

/**
 * What is reserved for a constructor that claims to have so many items: code that no compiler wrote may
 * claim anything, in a loop.
 *
 * @throws LuaError when there can be no memory for so many
 */
export function reservedItems(claim: number): number {
  if (claim > MAX_ITEMS) throw LuaError.outOfMemory();
  return Math.min(claim, MOST_RESERVED);
}

/**
 * Whether the array part is to be lengthened for a constructor's items behind the first so many.
 * Compilers write them in their order.
 *
 * @throws LuaError when there can be no memory for so many
 */
export function lengthens(table: Table, first: number, count: number): boolean {
  if (first + count > MAX_ITEMS) throw LuaError.outOfMemory();
  const { arraySize } = table;
  return first + count > arraySize && first <= Math.max(arraySize, MOST_RESERVED);
}

/** Greater keys are never in an array part. */
const MAX_ARRAY_BITS = 26;

export interface TableSizes {
  readonly arraySize: number;
  /** Keys outside the array part. */
  readonly nodeCount: number;
}

/** The sizes for the keys that have a value, and one more. */
export function newSizes(table: Table, key: Value): TableSizes {
  // Element i counts the keys from 2^(i−1) + 1 to 2^i.
  const slices: number[] = new Array(MAX_ARRAY_BITS + 1).fill(0);
  const total = countArray(table, slices) + countNodes(table, slices) + 1;
  countKey(key, slices);
  const { arraySize, used } = bestArray(slices);
  return { arraySize, nodeCount: total - used };
}

/** Asks for the memory of a table that is to grow. @throws LuaError when there is not enough */
export function chargeGrowth(table: Table, arraySize: number, nodeCount: number): void {
  const { sizes } = table.heap;
  const more =
    (arraySize - table.arraySize) * sizes.value + (nodeCount - table.nodeCount) * sizes.tableNode;
  if (more > 0) table.heap.charge(more);
}

function countArray({ array }: Table, slices: number[]): number {
  let total = 0;
  let at = 1;
  for (let bits = 0, end = 1; at < array.length; bits++, end *= 2) {
    const last = Math.min(end, array.length - 1);
    let count = 0;
    for (; at <= last; at++) if (array[at] !== undefined) count++;
    slices[bits] += count;
    total += count;
  }
  return total;
}

function countNodes({ nodes }: Table, slices: number[]): number {
  let total = 0;
  for (let at = 0; at < nodes.length; at += Node.Size) {
    if (nodes[at + Node.Value] === undefined) continue;
    countKey(nodes[at], slices);
    total++;
  }
  return total;
}

function countKey(key: Value, slices: number[]): void {
  if (typeof key !== "number" || key < 1 || key > 2 ** MAX_ARRAY_BITS) return;
  if (Number.isInteger(key)) slices[key === 1 ? 0 : 32 - Math.clz32(key - 1)]++;
}

function bestArray(slices: readonly number[]): { arraySize: number; used: number } {
  let best = { arraySize: 0, used: 0 };
  let used = 0;
  for (let bits = 0; bits <= MAX_ARRAY_BITS; bits++) {
    used += slices[bits];
    if (slices[bits] > 0 && used > 2 ** bits / 2) best = { arraySize: 2 ** bits, used };
  }
  return best;
}

/**
 * How tables of NodeMCU's Lua 5.1 hash numbers and grow. Unlike stock Lua's they grow in place: old
 * nodes stay where they are and are then settled one by one, which gives another order. Source:
 * lfs51.md §4.2; how the array part takes part in it was observed.
 */
import { chargeGrowth, newSizes } from "./growth.ts";
import { Node, type Table, type TableRules } from "./table.ts";
import type { Value } from "./values.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** Numbers are doubles: they hash by the sum of both halves of their bits. */
export const DOUBLE_TABLES: TableRules = {
  nodeOfNumber(table, key) {
    const number = key as number;
    if (number === 0) return 0; // zeros of both signs are one key
    scratch.setFloat64(0, number);
    const sum = (scratch.getUint32(0) + scratch.getUint32(4)) >>> 0;
    return sum % (table.mask | 1);
  },
  keyOf: (float) => float,
  grow,
};

/** Numbers are integers of 32 bits: they hash by themselves. */
export const INT32_TABLES: TableRules = {
  nodeOfNumber: (table, key) => ((key as number) >>> 0) % (table.mask | 1),
  keyOf: (float) => float,
  grow,
};

function grow(table: Table, key: Value): void {
  const { arraySize, nodeCount } = newSizes(table, key);
  resize(table, arraySize, nodeCount);
}

/** Lengthens the array part for the items of a constructor. */
export function resizeArray51(table: Table, arraySize: number): void {
  resize(table, arraySize, table.nodeCount);
}

function resize(table: Table, arraySize: number, nodeCount: number): void {
  chargeGrowth(table, arraySize, nodeCount);
  const oldSize = table.arraySize;
  if (arraySize > oldSize) table.setArraySize(arraySize);
  if (table.nodeCount > 0 || nodeCount > 0) resizeNodes(table, nodeCount);
  if (arraySize >= oldSize) return;
  const rest = table.array.slice(arraySize + 1);
  table.setArraySize(arraySize);
  for (const [i, value] of rest.entries()) {
    if (value !== undefined) table.setNumber(arraySize + 1 + i, value);
  }
}

/** A table that once had nodes keeps one at least. */
function resizeNodes(table: Table, wanted: number): void {
  const oldCount = table.nodeCount;
  const count = wanted <= 1 ? 1 : 1 << (32 - Math.clz32(wanted - 1));
  if (count > oldCount) table.addNodes(count);
  else table.lastFree = count * Node.Size;
  compact(table, oldCount, count);
  if (count < oldCount) table.dropNodes(count);
  const { nodes } = table;
  for (let at = 0; at < count * Node.Size; at += Node.Size) {
    if (nodes[at + Node.Value] !== undefined) while (!settle(table, at));
  }
}

/**
 * Breaks all chains, forgets keys without a value, moves those to the array part that fit, and
 * brings the nodes that are left below the new count.
 */
function compact(table: Table, oldCount: number, count: number): void {
  const { nodes, array } = table;
  for (let at = 0; at < oldCount * Node.Size; at += Node.Size) {
    nodes[at + Node.Next] = Node.None;
    const key = nodes[at];
    const value = nodes[at + Node.Value];
    if (value === undefined) clear(nodes, at);
    else if (isIndexOf(array, key)) {
      array[key] = value;
      clear(nodes, at);
    } else if (at >= count * Node.Size) copy(nodes, at, table.takeFreeNode());
  }
}

function isIndexOf(array: readonly Value[], key: Value): key is number {
  return typeof key === "number" && key > 0 && key < array.length && Number.isInteger(key);
}

/** One step of bringing a node where it belongs; false when another is to be settled there now. */
function settle(table: Table, at: number): boolean {
  const { nodes } = table;
  const main = table.mainPosition(nodes[at]);
  if (main === at || findPrevious(nodes, main, at) >= 0) return true;
  if (nodes[main + Node.Value] === undefined) {
    copy(nodes, at, main);
    clear(nodes, at);
    nodes[at + Node.Next] = Node.None;
    return true;
  }
  const home = table.mainPosition(nodes[main]);
  if (home === main) {
    nodes[at + Node.Next] = nodes[main + Node.Next];
    nodes[main + Node.Next] = at;
    return true;
  }
  const previous = findPrevious(nodes, home, main);
  if (previous >= 0) nodes[previous + Node.Next] = at;
  swap(nodes, at, main);
  return previous >= 0;
}

/** The node of the chain that starts at `first` whose next is `at`, or {@link Node.None}. */
function findPrevious(nodes: readonly Value[], first: number, at: number): number {
  let previous = first;
  while (previous >= 0 && nodes[previous + Node.Next] !== at)
    previous = nodes[previous + Node.Next] as number;
  return previous;
}

function clear(nodes: Value[], at: number): void {
  nodes[at] = undefined;
  nodes[at + Node.Value] = undefined;
  nodes[at + Node.Hash] = Node.None;
}

function copy(nodes: Value[], from: number, to: number): void {
  for (let field = 0; field < Node.Size; field++) nodes[to + field] = nodes[from + field];
}

function swap(nodes: Value[], a: number, b: number): void {
  for (let field = 0; field < Node.Size; field++) {
    [nodes[a + field], nodes[b + field]] = [nodes[b + field], nodes[a + field]];
  }
}

/**
 * How tables of Lua 5.3 hash numbers and grow, which is as in stock Lua: new nodes are made, and the
 * old ones put in from the last to the first. Integers hash by themselves, floats by significand
 * and exponent. Source: Lua 5.3.6, observed.
 */
import { LuaFloat, type NumberModel } from "../base/number-model.ts";
import { chargeGrowth, newSizes } from "./growth.ts";
import { Node, type Table, type TableRules } from "./table.ts";
import type { Value } from "./values.ts";

/** The rules for tables whose keys are a model's integers and floats. */
export function tables53({ name, subtypes }: NumberModel): TableRules {
  if (subtypes === undefined) throw new Error(`${name} is no number model of Lua 5.3`);
  const { integers } = subtypes;
  return {
    nodeOfNumber(table, key) {
      if (key instanceof LuaFloat) return hashFloat(key.value) % (table.mask | 1);
      return lowBits(key) & table.mask;
    },

    keyOf: (float) => integers.fromFloat(float.value) ?? float,

    grow(table, key) {
      const { arraySize, nodeCount } = newSizes(table, key);
      resize(table, arraySize, nodeCount);
    },
  };
}

/** Lengthens the array part for the items of a constructor. */
export function resizeArray53(table: Table, arraySize: number): void {
  resize(table, arraySize, table.nodeCount);
}

function resize(table: Table, arraySize: number, nodeCount: number): void {
  chargeGrowth(table, arraySize, nodeCount);
  const oldSize = table.arraySize;
  const oldNodes = table.nodes;
  const oldEnd = table.nodeCount * Node.Size;
  if (arraySize > oldSize) table.setArraySize(arraySize);
  table.setNodeCount(nodeCount);
  if (arraySize < oldSize) shrinkArray(table, arraySize);
  for (let at = oldEnd - Node.Size; at >= 0; at -= Node.Size) {
    const value = oldNodes[at + Node.Value];
    if (value !== undefined) table.set(oldNodes[at], value);
  }
}

function shrinkArray(table: Table, arraySize: number): void {
  const rest: Value[] = table.array.slice(arraySize + 1);
  table.setArraySize(arraySize);
  for (const [i, value] of rest.entries()) {
    if (value !== undefined) table.setNumber(arraySize + 1 + i, value);
  }
}

/** The lower 32 bits. */
function lowBits(key: number | bigint): number {
  return typeof key === "bigint" ? Number(BigInt.asIntN(32, key)) : key | 0;
}

/** 0 to 2^31 − 1. */
function hashFloat(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const exponent = exponentOf(value);
  // The significand, from ½ to 1, as an integer of 32 bits; what is left of it is cut off.
  const significand = (value / 2 ** exponent) * 2 ** 31;
  const sum = (exponent + Math.trunc(significand)) >>> 0;
  return sum <= 0x7fffffff ? sum : ~sum >>> 0;
}

/** The exponent for which ½ ≤ |value| / 2^exponent < 1. Floats that are keys are never 0. */
function exponentOf(value: number): number {
  const magnitude = Math.abs(value);
  let exponent = Math.floor(Math.log2(magnitude)) + 1;
  // The logarithm may be off by one next to a power of two.
  if (magnitude >= 2 ** exponent) exponent++;
  else if (magnitude < 2 ** (exponent - 1)) exponent--;
  return exponent;
}

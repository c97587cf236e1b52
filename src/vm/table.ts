/**
 * Lua tables with the structure they have on the device: an array part for 1…n and a part of nodes,
 * chained scatter with Brent's variation. So `pairs` goes in the device's order, `#` of a table with
 * holes finds the device's border, and the parts have the device's sizes. What differs between Lua
 * versions, how numbers hash and how a full table grows, is in the {@link TableRules} of a heap.
 *
 * Everything here is raw: no metamethods.
 */
import { LuaFloat } from "../base/number-model.ts";
import { computeHash, LuaObject, rawEquals, TString, type Value } from "./values.ts";

/** Fields of a node, which lie one after the other in {@link Table.nodes}. */
export const NODE_SIZE = 3;
const VALUE = 1;
/** Index of the next node's key in the same chain, or −1. */
const NEXT = 2;
const NO_NODE = -1;

/** The parts of tables that have none; they are never written to. */
const NO_ARRAY: Value[] = [undefined];
const NO_NODES: Value[] = [undefined, undefined, NO_NODE];

/** What tables of one Lua version and number model do in their own way. */
export interface TableRules {
  /** The node in which a number belongs: 0 ≤ result < nodes. */
  nodeOfNumber(table: Table, key: number | bigint | LuaFloat): number;
  /** Makes room for one more key. */
  grow(table: Table, key: Value): void;
}

/** What the objects of one machine share: made-up addresses, the seed of hashes, table rules. */
export class Heap {
  readonly rules: TableRules;
  /** Lua 5.3's seed of string hashes; 0 in Lua 5.1. */
  readonly seed: number;
  private nextAddress = 0x3fff0000;

  constructor(rules: TableRules, seed: number) {
    this.rules = rules;
    this.seed = seed;
  }

  /** The address of an object, which it gets when it is asked for the first time. */
  addressOf(object: LuaObject): number {
    if (object.address === 0) {
      object.address = this.nextAddress;
      this.nextAddress += 16;
    }
    return object.address;
  }
}

export class Table extends LuaObject {
  readonly typeName = "table";
  readonly heap: Heap;
  /** `array[i]` is the value of key i for 1 ≤ i < array.length; slot 0 is not used. */
  array: Value[] = NO_ARRAY;
  /** Key, value and next of each node; see {@link NODE_SIZE}. */
  nodes: Value[] = NO_NODES;
  /** Nodes − 1; their number is a power of two. */
  mask = 0;
  /** Index in {@link nodes} above which no node is free. */
  lastFree = 0;
  metatable: Table | undefined = undefined;
  /** When the table is a metatable: bit n is set when it is known to lack the n-th event. */
  absentEvents = 0;
  /** True for tables in flash, which cannot be changed and take no memory. */
  readOnly = false;

  constructor(heap: Heap, arraySize = 0, nodeCount = 0) {
    super();
    this.heap = heap;
    if (arraySize > 0) this.setArraySize(arraySize);
    if (nodeCount > 0) this.setNodeCount(nodeCount);
  }

  /** Slots of the array part. */
  get arraySize(): number {
    return this.array.length - 1;
  }

  /** Nodes; 0 when there is no such part. */
  get nodeCount(): number {
    return this.nodes === NO_NODES ? 0 : this.mask + 1;
  }

  // Reading

  /** The value of any key. */
  get(key: Value): Value {
    if (key instanceof TString) return this.getString(key);
    if (typeof key === "number") return this.getNumber(key);
    if (key === undefined) return undefined;
    if (key instanceof LuaFloat && Number.isSafeInteger(key.value))
      return this.getNumber(key.value);
    const at = this.findNode(key);
    return at < 0 ? undefined : this.nodes[at + VALUE];
  }

  getString(key: TString): Value {
    const hash = key.hash >= 0 ? key.hash : computeHash(key, this.heap.seed);
    const { nodes } = this;
    let at = (hash & this.mask) * NODE_SIZE;
    do {
      const found = nodes[at];
      if (found === key) return nodes[at + VALUE];
      if (found instanceof TString && found.hash === hash && found.text === key.text) {
        return nodes[at + VALUE];
      }
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    return undefined;
  }

  /** The value of a key of type `number`, integer or (in Lua 5.1) not. */
  getNumber(key: number): Value {
    const { array } = this;
    if (key > 0 && key < array.length && Number.isInteger(key)) return array[key];
    if (this.nodes === NO_NODES) return undefined;
    const at = this.findNode(key);
    return at < 0 ? undefined : this.nodes[at + VALUE];
  }

  /**
   * `#` without metamethods: some n ≥ 0 with a value at n (or n = 0) and none at n + 1; of several
   * ones, that which the device finds.
   */
  length(): number {
    const { array } = this;
    const last = array.length - 1;
    if (last > 0 && array[last] === undefined) return this.borderIn(0, last);
    if (this.nodes === NO_NODES) return last;
    return this.borderBeyond(last);
  }

  /** A border by bisection: a value (or 0) at `low`, none at `high`. */
  private borderIn(low: number, high: number): number {
    let [filled, empty] = [low, high];
    while (empty - filled > 1) {
      const middle = (filled + empty) >>> 1;
      if (this.getNumber(middle) === undefined) empty = middle;
      else filled = middle;
    }
    return filled;
  }

  private borderBeyond(last: number): number {
    let filled = last;
    let empty = last + 1;
    while (this.getNumber(empty) !== undefined) {
      filled = empty;
      empty *= 2;
      if (empty > 0x7fffffff) return this.linearBorder();
    }
    return this.borderIn(filled, empty);
  }

  /** For tables built to make the search above run away. */
  private linearBorder(): number {
    let at = 1;
    while (this.getNumber(at) !== undefined) at++;
    return at - 1;
  }

  // Writing

  /**
   * Sets the value of any key but nil and NaN, which the caller has refused; so it has tables that
   * are `readOnly`.
   */
  set(key: Value, value: Value): void {
    if (key instanceof TString) this.setString(key, value);
    else if (typeof key === "number") this.setNumber(key, value);
    else if (key instanceof LuaFloat && Number.isInteger(key.value)) {
      this.setNormalised(integerKey(key.value), value);
    } else this.setNormalised(key, value);
  }

  setString(key: TString, value: Value): void {
    const at = this.findNode(key);
    if (at >= 0) this.store(at, value);
    else if (value !== undefined) this.insert(key, value);
  }

  /** Sets the value of a key of type `number`; not NaN. */
  setNumber(key: number, value: Value): void {
    const { array } = this;
    if (key > 0 && key < array.length && Number.isInteger(key)) array[key] = value;
    else this.setNormalised(key, value);
  }

  private setNormalised(key: Value, value: Value): void {
    const at = this.findNode(key);
    if (at >= 0) this.store(at, value);
    else if (value !== undefined) this.insert(key, value);
  }

  private store(at: number, value: Value): void {
    this.absentEvents = 0;
    this.nodes[at + VALUE] = value;
  }

  /** Puts a key in that is not there. */
  private insert(key: Value, value: Value): void {
    this.absentEvents = 0;
    const at = this.addNode(key);
    if (at >= 0) this.nodes[at + VALUE] = value;
    else {
      this.heap.rules.grow(this, key);
      this.set(key, value);
    }
  }

  // Going through

  /**
   * Where the traversal goes after a place, or at its beginning for 0: the next place that has a
   * value, or −1 when there is none. Values may be changed and cleared on the way.
   */
  placeAfter(place: number): number {
    const { array, nodes } = this;
    const size = array.length;
    for (let at = place + 1; at < size; at++) if (array[at] !== undefined) return at;
    const start = Math.max(place + 1, size);
    const end = size + this.nodeCount;
    for (let at = start; at < end; at++) {
      if (nodes[(at - size) * NODE_SIZE + VALUE] !== undefined) return at;
    }
    return -1;
  }

  /** The place of a key that is or was in the table, 0 for nil, and −1 for any other. */
  placeOf(key: Value): number {
    if (key === undefined) return 0;
    const { array } = this;
    const number = key instanceof LuaFloat ? integerKey(key.value) : key;
    if (typeof number === "number" && number > 0 && number < array.length) {
      if (Number.isInteger(number)) return number;
    }
    const at = this.findNode(number);
    return at < 0 ? -1 : at / NODE_SIZE + array.length;
  }

  keyAt(place: number): Value {
    const size = this.array.length;
    return place < size ? place : this.nodes[(place - size) * NODE_SIZE];
  }

  valueAt(place: number): Value {
    const { array } = this;
    const size = array.length;
    return place < size ? array[place] : this.nodes[(place - size) * NODE_SIZE + VALUE];
  }

  // Nodes

  /** Index in `nodes` of the node in which a key belongs. */
  mainPosition(key: Value): number {
    let hash: number;
    if (key instanceof TString) hash = key.hash >= 0 ? key.hash : computeHash(key, this.heap.seed);
    else if (key instanceof LuaObject) {
      return (this.heap.addressOf(key) % (this.mask | 1)) * NODE_SIZE;
    } else if (typeof key === "boolean") hash = key ? 1 : 0;
    else if (key === undefined) hash = 0;
    else return this.heap.rules.nodeOfNumber(this, key) * NODE_SIZE;
    return (hash & this.mask) * NODE_SIZE;
  }

  /** Index in `nodes` of the node with that key, or −1. */
  private findNode(key: Value): number {
    const { nodes } = this;
    let at = this.mainPosition(key);
    do {
      const found = nodes[at];
      if (found === key || (found !== undefined && rawEquals(found, key))) return at;
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    return NO_NODE;
  }

  /** Links a new key into its chain; −1 when there is no free node. */
  private addNode(key: Value): number {
    const { nodes } = this;
    const main = this.mainPosition(key);
    if (nodes[main + VALUE] === undefined && nodes !== NO_NODES) {
      nodes[main] = key;
      return main;
    }
    const free = this.takeFreeNode();
    if (free < 0) return NO_NODE;
    const home = this.mainPosition(nodes[main]);
    if (home !== main) {
      this.moveNode(home, main, free);
      nodes[main] = key;
      return main;
    }
    nodes[free] = key;
    nodes[free + NEXT] = nodes[main + NEXT];
    nodes[main + NEXT] = free;
    return free;
  }

  /** Moves a node that is not where it belongs to a free one, and empties it. */
  private moveNode(home: number, from: number, free: number): void {
    const { nodes } = this;
    let previous = home;
    while (nodes[previous + NEXT] !== from) previous = nodes[previous + NEXT] as number;
    nodes[previous + NEXT] = free;
    nodes[free] = nodes[from];
    nodes[free + VALUE] = nodes[from + VALUE];
    nodes[free + NEXT] = nodes[from + NEXT];
    nodes[from + VALUE] = undefined;
    nodes[from + NEXT] = NO_NODE;
  }

  /** Index of a node that never had a key, or −1. Nodes are given out from the end. */
  takeFreeNode(): number {
    const { nodes } = this;
    while (this.lastFree > 0) {
      this.lastFree -= NODE_SIZE;
      if (nodes[this.lastFree] === undefined) return this.lastFree;
    }
    return NO_NODE;
  }

  // Sizes; for table rules

  /** Lengthens or shortens the array part; slots that are new hold nil. */
  setArraySize(size: number): void {
    if (this.array === NO_ARRAY) this.array = [undefined];
    const { array } = this;
    if (size < array.length - 1) array.length = size + 1;
    while (array.length <= size) array.push(undefined);
  }

  /** Gives the table that many empty nodes, rounded up to a power of two; 0 for none. */
  setNodeCount(count: number): void {
    if (count === 0) {
      this.nodes = NO_NODES;
      this.mask = 0;
      this.lastFree = 0;
      return;
    }
    const size = count <= 1 ? 1 : 1 << (32 - Math.clz32(count - 1));
    const nodes: Value[] = [undefined, undefined, NO_NODE];
    for (let i = 1; i < size; i++) nodes.push(undefined, undefined, NO_NODE);
    this.nodes = nodes;
    this.mask = size - 1;
    this.lastFree = size * NODE_SIZE;
  }
}

/** A whole float as the integer that it equals; other floats stay floats. */
function integerKey(value: number): Value {
  if (Number.isSafeInteger(value)) return value + 0;
  return Number.isInteger(value) ? BigInt(value) : new LuaFloat(value);
}

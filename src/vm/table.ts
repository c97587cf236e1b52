/**
 * Lua tables with the structure they have on the device: an array part for 1…n, and nodes in chained
 * scatter with Brent's variation. So `pairs` goes in the device's order, `#` of a table with holes
 * finds the device's border, and the parts have the device's sizes. What differs between Lua
 * versions, how numbers hash and how a full table grows, is in the {@link TableRules} of a heap.
 *
 * Everything here is raw: no metamethods. Source: lfs51.md §4.2; the structure is that of Lua 5.1.
 */
import { LuaFloat } from "../base/number-model.ts";
import { ADDRESS_SIZE, type ObjectSizes, tableSize } from "../target/object-sizes.ts";
import { computeHash, LuaObject, rawEquals, TString, type Value } from "./values.ts";

/**
 * Nodes lie one after the other in one array, which is faster to search than objects. These are the
 * fields of the node at an index, from its key on, which is nil while the node is free. (An enum,
 * because bundlers put its numbers into the code, and variables are slow there.)
 */
export enum Node {
  Value = 1,
  /** Index of the next node in the same chain, or {@link Node.None}. */
  Next = 2,
  /** The key's hash if it is a string, else {@link Node.None}: numbers compare faster than keys. */
  Hash = 3,
  /** Elements that a node takes. */
  Size = 4,
  None = -1,
}

/** The parts of tables that have none; they are never written to. */
const NO_ARRAY: Value[] = [undefined];
const NO_NODES: Value[] = [undefined, undefined, Node.None, Node.None];

/** Parts of new tables up to these sizes are copies, which is faster than to fill them. */
const SMALL_ARRAY: readonly Value[] = repeated(NO_ARRAY, 33);
const SMALL_NODES: readonly Value[] = repeated(NO_NODES, 16);

/** Made item by item: an array that was ever filled otherwise may be a slow one for good. */
function repeated(part: readonly Value[], count: number): Value[] {
  const all: Value[] = [];
  for (let i = 0; i < count; i++) all.push(...part);
  return all;
}

/** An entry of a table in flash. */
export interface FlashEntry {
  readonly key: TString;
  readonly value: Value;
}

/** What tables of one Lua version and number model do in their own way. */
export interface TableRules {
  /** The node in which a number belongs: 0 ≤ result < nodes. */
  nodeOfNumber(table: Table, key: number | bigint | LuaFloat): number;
  /** The integer that a float equals, as which it is a key; the float itself when there is none. */
  keyOf(float: LuaFloat): number | bigint | LuaFloat;
  /** Makes room for one more key, which no free node was found for. */
  grow(table: Table, key: Value): void;
}

/** Decides whether so many bytes may be had; returns how many more before it wants to be asked again. */
export type Allow = (bytes: number) => number;

/** A count that stays small is fast. */
const MOST_UNASKED = 2 ** 30 - 1;

/**
 * What the objects of one machine share: made-up addresses, the seed of hashes, table rules, and a
 * rough count of the memory that was asked for.
 */
export class Heap {
  readonly rules: TableRules;
  /** Lua 5.3's seed of string hashes; 0 in Lua 5.1. */
  readonly seed: number;
  readonly sizes: ObjectSizes;
  /** Asked when {@link allowance} is used up; may throw. */
  private allow: Allow = () => MOST_UNASKED;
  private charged = 0;
  /** Charged before {@link charged} began anew. */
  private earlier = 0;
  private allowance = 0;
  private nextAddress = 0x3fff0000;

  constructor(rules: TableRules, seed: number, sizes: ObjectSizes) {
    this.rules = rules;
    this.seed = seed;
    this.sizes = sizes;
  }

  /** Sets who decides on memory from now on. */
  limit(allow: Allow): void {
    this.allow = allow;
    this.allowance = 0;
  }

  /**
   * To be called before something is made that takes so many bytes on the device.
   *
   * @throws what {@link allow} throws
   */
  charge(bytes: number): void {
    this.charged += bytes;
    if (this.charged > this.allowance) this.ask(bytes);
  }

  /** {@link charge} for a closure of a Lua function, as if none of its upvalues were shared. */
  chargeClosure(upvalues: number): void {
    const { luaClosure, upvalue } = this.sizes;
    this.charge(luaClosure + upvalues * (upvalue + ADDRESS_SIZE));
  }

  /** What was charged since this was asked last. */
  takeCharged(): number {
    const bytes = this.earlier + this.charged;
    this.earlier = -this.charged;
    return bytes;
  }

  private ask(bytes: number): void {
    this.allowance = Math.min(this.allow(bytes), MOST_UNASKED);
    this.earlier += this.charged;
    this.charged = 0;
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
  /** See {@link Node.Size}. */
  nodes: Value[] = NO_NODES;
  /** Nodes − 1; their number is a power of two. */
  mask = 0;
  /** Index in {@link nodes} from which on no node is free. */
  lastFree = 0;
  metatable: Table | undefined = undefined;
  /**
   * What is known of the table as a metatable, one bit each (see `events.ts`); 0 when nothing is.
   * Every write to a node forgets it.
   */
  knownEvents = 0;
  /** The value of `__index`, when its bit in {@link knownEvents} is set. */
  knownIndex: Value = undefined;
  /** True for tables in flash, which cannot be changed and take no memory. */
  readOnly = false;
  /**
   * For tables in flash, what they hold in the order in which it lies there. A lookup need not find
   * all of it.
   */
  entries: readonly FlashEntry[] | undefined = undefined;

  constructor(heap: Heap, arraySize = 0, nodeCount = 0) {
    super();
    this.heap = heap;
    heap.charge(tableSize(heap.sizes, arraySize, nodeCount));
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
    if (!(key instanceof LuaFloat)) return this.valueIn(this.findNode(key));
    const integer = this.heap.rules.keyOf(key);
    if (typeof integer === "number") return this.getNumber(integer);
    return this.valueIn(this.findNode(integer));
  }

  getString(key: TString): Value {
    const hash = key.hash >= 0 ? key.hash : computeHash(key, this.heap.seed);
    const { nodes } = this;
    let at = (hash & this.mask) * Node.Size;
    do {
      if (nodes[at + Node.Hash] === hash) {
        const found = nodes[at] as TString;
        if (found === key || found.text === key.text) return nodes[at + Node.Value];
      }
      at = nodes[at + Node.Next] as number;
    } while (at >= 0);
    return undefined;
  }

  /** The value of a key of type `number`, integer or (in Lua 5.1) not. */
  getNumber(key: number): Value {
    const { array } = this;
    if (key > 0 && key < array.length && Number.isInteger(key)) return array[key];
    return this.nodes === NO_NODES ? undefined : this.valueIn(this.findNumber(key));
  }

  /**
   * `#` without metamethods: some n ≥ 0 with a value at n (or n = 0) and none at n + 1; of several
   * ones, that which the device finds.
   */
  length(): number {
    const { array } = this;
    const last = array.length - 1;
    if (last > 0 && array[last] === undefined) return this.borderBetween(0, last);
    return this.nodes === NO_NODES ? last : this.borderBeyond(last);
  }

  /** A border by bisection, with a value (or 0) at `low` and none at `high`. */
  private borderBetween(low: number, high: number): number {
    let filled = low;
    let empty = high;
    while (empty - filled > 1) {
      const middle = Math.floor((filled + empty) / 2);
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
      if (empty > 0x7fffffff) return this.firstBorder();
    }
    return this.borderBetween(filled, empty);
  }

  /** For tables that were built to make the search above run away. */
  private firstBorder(): number {
    let at = 1;
    while (this.getNumber(at) !== undefined) at++;
    return at - 1;
  }

  // Writing

  /**
   * Sets the value of any key but nil and NaN, which the caller has refused; so it has tables that
   * are `readOnly`. A new key takes up room even when the value is nil.
   */
  set(key: Value, value: Value): void {
    if (key instanceof TString) this.setString(key, value);
    else if (typeof key === "number") this.setNumber(key, value);
    else {
      const normal = key instanceof LuaFloat ? this.heap.rules.keyOf(key) : key;
      if (typeof normal === "number") this.setNumber(normal, value);
      else this.store(this.findNode(normal), normal, value);
    }
  }

  setString(key: TString, value: Value): void {
    this.store(this.findString(key), key, value);
  }

  /** Sets the value of a key of type `number`; not NaN. */
  setNumber(key: number, value: Value): void {
    const { array } = this;
    if (key > 0 && key < array.length && Number.isInteger(key)) array[key] = value;
    else this.store(this.findNumber(key), key, value);
  }

  /** Sets the value of a node, or of a key that has none yet. */
  private store(at: number, key: Value, value: Value): void {
    this.knownEvents = 0;
    const node = at >= 0 ? at : this.addNode(key);
    if (node >= 0) this.nodes[node + Node.Value] = value;
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
    if (this.entries !== undefined) return place < this.entries.length ? place + 1 : -1;
    const { array, nodes } = this;
    const size = array.length;
    for (let at = place + 1; at < size; at++) if (array[at] !== undefined) return at;
    const end = size + this.nodeCount;
    for (let at = place < size ? size : place + 1; at < end; at++) {
      if (nodes[(at - size) * Node.Size + Node.Value] !== undefined) return at;
    }
    return -1;
  }

  /** The place of a key that is or was in the table, 0 for nil, and −1 for any other. */
  placeOf(key: Value): number {
    if (key === undefined) return 0;
    if (this.entries !== undefined) return placeIn(this.entries, key);
    const { array } = this;
    const normal = key instanceof LuaFloat ? this.heap.rules.keyOf(key) : key;
    if (typeof normal === "number" && normal > 0 && normal < array.length) {
      if (Number.isInteger(normal)) return normal;
    }
    const at = this.findNode(normal);
    return at < 0 ? -1 : at / Node.Size + array.length;
  }

  keyAt(place: number): Value {
    if (this.entries !== undefined) return this.entries[place - 1].key;
    const size = this.array.length;
    return place < size ? place : this.nodes[(place - size) * Node.Size];
  }

  valueAt(place: number): Value {
    if (this.entries !== undefined) return this.entries[place - 1].value;
    const { array } = this;
    const size = array.length;
    return place < size ? array[place] : this.nodes[(place - size) * Node.Size + Node.Value];
  }

  // Nodes

  /** Index in `nodes` of the node in which a key belongs. */
  mainPosition(key: Value): number {
    if (key instanceof TString) {
      const hash = key.hash >= 0 ? key.hash : computeHash(key, this.heap.seed);
      return (hash & this.mask) * Node.Size;
    }
    if (key instanceof LuaObject) {
      return (this.heap.addressOf(key) % (this.mask | 1)) * Node.Size;
    }
    if (typeof key === "boolean") return key ? (1 & this.mask) * Node.Size : 0;
    return key === undefined ? 0 : this.heap.rules.nodeOfNumber(this, key) * Node.Size;
  }

  private valueIn(at: number): Value {
    return at < 0 ? undefined : this.nodes[at + Node.Value];
  }

  /** Index in `nodes` of the node with that key, or {@link Node.None}. */
  private findNode(key: Value): number {
    if (key instanceof TString) return this.findString(key);
    if (typeof key === "number") return this.findNumber(key);
    const { nodes } = this;
    let at = this.mainPosition(key);
    do {
      if (rawEquals(nodes[at], key)) return at;
      at = nodes[at + Node.Next] as number;
    } while (at >= 0);
    return Node.None;
  }

  private findString(key: TString): number {
    const hash = key.hash >= 0 ? key.hash : computeHash(key, this.heap.seed);
    const { nodes } = this;
    let at = (hash & this.mask) * Node.Size;
    do {
      if (nodes[at + Node.Hash] === hash) {
        const found = nodes[at] as TString;
        if (found === key || found.text === key.text) return at;
      }
      at = nodes[at + Node.Next] as number;
    } while (at >= 0);
    return Node.None;
  }

  private findNumber(key: number): number {
    const { nodes } = this;
    let at = this.heap.rules.nodeOfNumber(this, key) * Node.Size;
    do {
      const found = nodes[at];
      if (typeof found === "number" && found === key) return at;
      at = nodes[at + Node.Next] as number;
    } while (at >= 0);
    return Node.None;
  }

  /** Links a new key into its chain; {@link Node.None} when there is no free node. */
  private addNode(key: Value): number {
    const { nodes } = this;
    if (nodes === NO_NODES) return Node.None;
    const main = this.mainPosition(key);
    if (nodes[main + Node.Value] === undefined) return this.putKey(main, key);
    const free = this.takeFreeNode();
    if (free < 0) return Node.None;
    const home = this.mainPosition(nodes[main]);
    if (home !== main) {
      this.moveStray(home, main, free);
      return this.putKey(main, key);
    }
    nodes[free + Node.Next] = nodes[main + Node.Next];
    nodes[main + Node.Next] = free;
    return this.putKey(free, key);
  }

  private putKey(at: number, key: Value): number {
    this.nodes[at] = key;
    this.nodes[at + Node.Hash] = key instanceof TString ? key.hash : Node.None;
    return at;
  }

  /** Moves a node that is not where it belongs, with its place in its chain, to a free one. */
  private moveStray(home: number, from: number, free: number): void {
    const { nodes } = this;
    let previous = home;
    while (nodes[previous + Node.Next] !== from) previous = nodes[previous + Node.Next] as number;
    nodes[previous + Node.Next] = free;
    for (let field = 0; field < Node.Size; field++) nodes[free + field] = nodes[from + field];
    nodes[from + Node.Value] = undefined;
    nodes[from + Node.Next] = Node.None;
  }

  /** Index of a node that never had a key, or {@link Node.None}. They are given out from the end. */
  takeFreeNode(): number {
    const { nodes } = this;
    while (this.lastFree > 0) {
      this.lastFree -= Node.Size;
      if (nodes[this.lastFree] === undefined) return this.lastFree;
    }
    return Node.None;
  }

  // Sizes, for table rules

  /** Lengthens or shortens the array part; slots that are new hold nil. */
  setArraySize(size: number): void {
    if (this.array === NO_ARRAY) {
      this.array = SMALL_ARRAY.slice(0, Math.min(size + 1, SMALL_ARRAY.length));
    }
    const { array } = this;
    if (size < array.length - 1) array.length = size + 1;
    while (array.length <= size) array.push(undefined);
  }

  /** Replaces the nodes by that many empty ones, rounded up to a power of two; 0 for none. */
  setNodeCount(count: number): void {
    if (count === 0) {
      this.nodes = NO_NODES;
      this.mask = 0;
      this.lastFree = 0;
      return;
    }
    this.nodes = NO_NODES;
    this.addNodes(count);
  }

  /** Adds empty nodes up to a count, rounded up to a power of two; old ones stay where they are. */
  addNodes(count: number): void {
    const size = count === 1 ? 1 : 1 << (32 - Math.clz32(count - 1));
    const end = size * Node.Size;
    if (this.nodes === NO_NODES) this.nodes = SMALL_NODES.slice(0, end);
    const { nodes } = this;
    while (nodes.length < end) nodes.push(undefined, undefined, Node.None, Node.None);
    this.mask = size - 1;
    this.lastFree = end;
  }

  /** Drops nodes from the end; what is left is a power of two. */
  dropNodes(count: number): void {
    this.nodes.length = count * Node.Size;
    this.mask = count - 1;
  }
}

/** The place of a key of a table in flash, or −1. */
function placeIn(entries: readonly FlashEntry[], key: Value): number {
  if (!(key instanceof TString)) return -1;
  const at = entries.findIndex((entry) => entry.key.text === key.text);
  return at < 0 ? -1 : at + 1;
}

/**
 * The strings of a Lua 5.1 flash image and their order. Source: lfs51.md §4.
 *
 * They lie in the order in which the reference's own Lua happens to keep the keys of a table: a
 * chained scatter table whose colliding keys move to free slots, and that grows in place. So this
 * is a model of that table, slot by slot; nothing is ever looked up in it.
 */
import { fromBytes, type LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";

/** No slot, or no key in a slot. */
const NONE = -1;

/** The hash of a Lua string, as host and device compute it; a signed 32-bit integer. */
export function hashString(text: LuaString): number {
  const { length } = text;
  const step = (length >> 5) + 1;
  let hash = length;
  for (let at = length; at >= step; at -= step) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(at - 1);
  }
  return hash | 0;
}

/** Packed line info as the string it is kept as, up to its first 0; undefined when there is none. */
export function lineInfoText(lineInfo: Uint8Array): LuaString | undefined {
  if (lineInfo.length === 0) return undefined;
  const end = lineInfo.indexOf(0);
  return fromBytes(lineInfo, 0, end < 0 ? lineInfo.length : end);
}

/** Strings without repetition, numbered from 0 as they came. */
export class StringSet {
  private readonly numbers = new Map<LuaString, number>();
  private readonly all: LuaString[] = [];

  get texts(): readonly LuaString[] {
    return this.all;
  }

  add(text: LuaString): void {
    if (this.numbers.has(text)) return;
    this.numbers.set(text, this.all.length);
    this.all.push(text);
  }

  /** The number of a string that is in the set. */
  numberOf(text: LuaString): number {
    return this.numbers.get(text)!;
  }

  /** Adds what a function and those within refer to, in the reference's order. */
  addProto(proto: Proto, strip: boolean): void {
    this.add(proto.source);
    const lines = strip ? undefined : lineInfoText(proto.lineInfo);
    if (lines !== undefined) this.add(lines);
    for (const constant of proto.constants) if (typeof constant === "string") this.add(constant);
    if (!strip) this.addNames(proto);
    for (const nested of proto.protos) this.addProto(nested, strip);
  }

  private addNames({ upvalueNames, locals }: Proto): void {
    for (const name of upvalueNames) if (name !== null) this.add(name);
    for (const { name } of locals) if (name !== null) this.add(name);
  }
}

/**
 * The order in which strings lie in the image.
 *
 * @param hashes of the strings, in the order they were first met
 * @returns their numbers
 */
export function imageOrder(hashes: Int32Array): Int32Array {
  const table = new SlotTable(hashes);
  for (let key = 0; key < hashes.length; key++) table.insert(key);
  return table.order();
}

/** The table of the reference's Lua, for string keys that are never removed. */
class SlotTable {
  /** By key. */
  private readonly hashes: Int32Array;
  /** A power of two, or 0 at first. */
  private size = 0;
  private keyCount = 0;
  /** By slot: its key, or none. */
  private keys = new Int32Array(0);
  /** By slot: the next slot in the chain of keys that share a home, or none. */
  private next = new Int32Array(0);
  /** All slots from here on have been full since the table grew. */
  private free = 0;

  constructor(hashes: Int32Array) {
    this.hashes = hashes;
  }

  insert(key: number): void {
    for (;;) {
      if (this.size > 0 && this.place(key)) break;
      this.grow();
    }
    this.keyCount++;
  }

  /** The keys by ascending slot. */
  order(): Int32Array {
    return this.keys.filter((key) => key !== NONE);
  }

  /** @returns false when there is no free slot left to be found */
  private place(key: number): boolean {
    const { keys, next } = this;
    const home = this.homeOf(key);
    if (keys[home] === NONE) {
      keys[home] = key;
      return true;
    }
    const free = this.findFree();
    if (free === NONE) return false;
    const otherHome = this.homeOf(keys[home]);
    if (otherHome === home) {
      keys[free] = key;
      next[free] = next[home];
      next[home] = free;
      return true;
    }
    // Who sits here is not at home: it makes room.
    next[this.before(otherHome, home)] = free;
    keys[free] = keys[home];
    next[free] = next[home];
    keys[home] = key;
    next[home] = NONE;
    return true;
  }

  private findFree(): number {
    while (--this.free >= 0) if (this.keys[this.free] === NONE) return this.free;
    return NONE;
  }

  /** Makes room for one key more and moves every key towards its new home. */
  private grow(): void {
    let size = 1;
    while (size < this.keyCount + 1) size *= 2;
    const keys = new Int32Array(size).fill(NONE);
    keys.set(this.keys);
    this.keys = keys;
    this.next = new Int32Array(size).fill(NONE);
    this.size = size;
    this.free = size;
    for (let slot = 0; slot < size; slot++) {
      while (keys[slot] !== NONE && !this.settle(slot)) {
        // Another key is in this slot now.
      }
    }
  }

  /** @returns true when the slot needs no more work */
  private settle(slot: number): boolean {
    const { keys, next } = this;
    const home = this.homeOf(keys[slot]);
    if (home === slot || this.before(home, slot) !== NONE) return true;
    if (keys[home] === NONE) {
      keys[home] = keys[slot];
      next[home] = next[slot];
      keys[slot] = NONE;
      next[slot] = NONE;
      return true;
    }
    const otherHome = this.homeOf(keys[home]);
    if (otherHome === home) {
      next[slot] = next[home];
      next[home] = slot;
      return true;
    }
    return this.exchange(slot, home, otherHome);
  }

  /**
   * Swaps a key with the one that sits in its home.
   *
   * @param otherHome home of the latter
   * @returns true when the latter was in its home's chain, and so still is
   */
  private exchange(slot: number, home: number, otherHome: number): boolean {
    const { keys, next } = this;
    const key = keys[slot];
    const link = next[slot];
    const before = this.before(otherHome, home);
    if (before !== NONE) next[before] = slot;
    keys[slot] = keys[home];
    next[slot] = next[home];
    keys[home] = key;
    next[home] = link;
    return before !== NONE;
  }

  /** The slot in the chain from `start` whose next is `slot`, or none. */
  private before(start: number, slot: number): number {
    const { next } = this;
    let at = start;
    while (at !== NONE && next[at] !== slot) at = next[at];
    return at;
  }

  private homeOf(key: number): number {
    return this.hashes[key] & (this.size - 1);
  }
}

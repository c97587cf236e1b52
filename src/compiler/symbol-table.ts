/**
 * Holds the source of one compile and interns its names and strings. Every distinct run of bytes
 * gets a small number, its symbol; the compiler compares and looks up symbols and makes JavaScript
 * strings only of those that end up in a function. The reserved words are the first symbols, in the
 * order of their tokens.
 *
 * A symbol's bytes stay where they were first seen: in the source, or in an annex for strings that
 * do not stand in the source as they are.
 */
import { fromAscii, fromBytes, type LuaString, toBytes } from "../base/lua-string.ts";
import { RESERVED_WORDS } from "./tokens.ts";

/** FNV-1a over bytes; the scanner computes it while it reads. */
export enum Fnv {
  Seed = -2128831035,
  Prime = 0x01000193,
}

/** The number of an interned run of bytes. */
export type SymbolId = number;

/** Names that the compiler declares itself; they follow the reserved words. */
const IMPLICIT_NAMES = ["self", "arg", "_ENV"];
export const SELF: SymbolId = RESERVED_WORDS.length;
export const ARG: SymbolId = RESERVED_WORDS.length + 1;
export const ENV: SymbolId = RESERVED_WORDS.length + 2;

const FEWEST_SLOTS = 256;

/** The symbols every compile begins with, laid out as in the table. */
const SEED = seedTable();

function seedTable() {
  const words = [...RESERVED_WORDS, ...IMPLICIT_NAMES];
  const pool = toBytes(words.join(""));
  const entries: number[] = [];
  let start = 0;
  for (const word of words) {
    const end = start + word.length;
    entries.push(start, end, hashOf(pool, start, end));
    start = end;
  }
  return { pool, entries, slots: slotsFor(entries, new Array<number>(FEWEST_SLOTS).fill(0)) };
}

/** Puts all symbols into empty slots. */
function slotsFor(entries: readonly number[], slots: number[]): number[] {
  const mask = slots.length - 1;
  for (let symbol = 0; symbol * 3 < entries.length; symbol++) {
    const hash = entries[symbol * 3 + 2];
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = symbol + 1;
  }
  return slots;
}

/** FNV-1a of `bytes[start…end)`. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = Fnv.Seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], Fnv.Prime);
  return hash;
}

export class SymbolTable {
  /** Seed words, the source, and a zero byte, so that scanning loops need no test for the end. */
  readonly bytes: Uint8Array;
  /** Where the source begins in {@link bytes}, and where it ends. */
  readonly begin = SEED.pool.length;
  readonly end: number;
  /**
   * Bytes that are not in the source; their places count on from the end of {@link bytes}. This
   * number and those made from it are kept 32-bit integers: engines take the length of a typed array
   * for a double, and what is computed from one becomes slow.
   */
  private readonly annexStart: number;
  private annex: Uint8Array = NO_BYTES;
  private annexEnd = 0;
  /**
   * Per symbol three numbers: where its bytes start and end, and their hash. It is an ordinary array
   * because a compile makes it anew, and small typed arrays are slow to make.
   */
  private readonly entries = SEED.entries.slice();
  /** Open-addressed: symbol + 1, or 0 where free. Its length is a power of two. */
  private slots = SEED.slots.slice();
  /** All of {@link bytes}, once a text was asked for; empty when it is not to be used. */
  private sourceText: LuaString | undefined;

  constructor(source: Uint8Array) {
    this.end = (this.begin + source.length) | 0;
    this.annexStart = this.end + 1;
    this.bytes = new Uint8Array(this.annexStart);
    this.bytes.set(SEED.pool);
    this.bytes.set(source, this.begin);
  }

  /** The symbol of `bytes[start…end)` of the source, whose FNV-1a hash is `hash`. */
  intern(start: number, end: number, hash: number): SymbolId {
    const slot = this.findSlot(this.bytes, start, end, hash);
    const entry = this.slots[slot];
    return entry !== 0 ? entry - 1 : this.add(slot, start, end, hash);
  }

  /** The symbol of the first `length` bytes of a buffer, whose FNV-1a hash is `hash`. */
  internCopy(buffer: Uint8Array, length: number, hash: number): SymbolId {
    const slot = this.findSlot(buffer, 0, length, hash);
    const entry = this.slots[slot];
    if (entry !== 0) return entry - 1;
    const at = this.annexEnd;
    this.annexEnd += length;
    if (this.annexEnd > this.annex.length) this.annex = grown(this.annex, this.annexEnd);
    this.annex.set(buffer.subarray(0, length), at);
    const start = this.annexStart + at;
    return this.add(slot, start, start + length, hash);
  }

  /** The symbol as a Lua string. */
  text(symbol: SymbolId): LuaString {
    const { bytes } = this;
    const start = this.entries[symbol * 3];
    const end = this.entries[symbol * 3 + 1];
    if (start >= this.annexStart) {
      return fromBytes(this.annex, start - this.annexStart, end - this.annexStart);
    }
    this.sourceText ??= (bytes.length <= SHARED_TEXT && fromAscii(bytes)) || "";
    return this.sourceText === ""
      ? fromBytes(bytes, start, end)
      : this.sourceText.slice(start, end);
  }

  /** Where the symbol with these bytes is, or the free slot for it. */
  private findSlot(from: Uint8Array, start: number, end: number, hash: number): number {
    const { slots, entries } = this;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let next = slots[slot]; next !== 0; next = slots[slot]) {
      if (entries[next * 3 - 1] === hash && this.matches(next - 1, from, start, end)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private matches(symbol: SymbolId, from: Uint8Array, start: number, end: number): boolean {
    let at = this.entries[symbol * 3];
    if (this.entries[symbol * 3 + 1] - at !== end - start) return false;
    let known = this.bytes;
    if (at >= this.annexStart) {
      at -= this.annexStart;
      known = this.annex;
    }
    for (let i = start; i < end; i++, at++) {
      if (known[at] !== from[i]) return false;
    }
    return true;
  }

  private add(slot: number, start: number, end: number, hash: number): SymbolId {
    const count = (this.entries.push(start, end, hash) / 3) | 0;
    this.slots[slot] = count;
    if (count * 2 > this.slots.length) {
      this.slots = slotsFor(this.entries, new Array<number>(this.slots.length * 4).fill(0));
    }
    return count - 1;
  }
}

/**
 * Texts are cut out of the source as one string, which is fast, but engines keep the whole of it
 * as long as one piece is in use. That is not worth it for sources of more bytes than this, nor
 * possible for those that are not all ASCII.
 */
const SHARED_TEXT = 1 << 20;
const NO_BYTES = new Uint8Array(0);

function grown(bytes: Uint8Array, needed: number): Uint8Array {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

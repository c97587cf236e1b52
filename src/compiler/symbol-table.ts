/**
 * Interns names and strings of one compile. Every distinct run of bytes gets a small number, its
 * symbol; the compiler compares and looks up symbols and makes JavaScript strings only of those
 * that end up in a function. The reserved words are the first symbols, in the order of their
 * tokens.
 */
import { fromBytes, type LuaString } from "../base/lua-string.ts";
import { RESERVED_WORDS } from "./tokens.ts";

/** FNV-1a over bytes; the scanner computes it while it reads. */
export const HASH_SEED = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

/** The number of an interned run of bytes. */
export type SymbolId = number;

export class SymbolTable {
  /** Bytes of all symbols, one after another. */
  private pool: Uint8Array;
  private poolEnd = 0;
  /** Per symbol: where its bytes start in the pool (one more entry marks the end), and its hash. */
  private starts: Int32Array;
  private hashes: Int32Array;
  /** Open-addressed: symbol + 1, or 0 where free. Its length is a power of two. */
  private slots: Int32Array;
  private count = 0;
  /** The JavaScript strings made so far. */
  private readonly texts: (LuaString | undefined)[] = [];

  /** @param sourceLength length of the source, a measure of how many symbols to expect */
  constructor(sourceLength: number) {
    const expected = 64 + Math.min(sourceLength >> 4, 4096);
    this.pool = new Uint8Array(256 + Math.min(sourceLength >> 1, 65536));
    this.starts = new Int32Array(expected + 1);
    this.hashes = new Int32Array(expected);
    let slots = 128;
    while (slots < expected * 2) slots *= 2;
    this.slots = new Int32Array(slots);
    for (const word of RESERVED_WORDS) this.internText(word);
  }

  /** The symbol of `bytes[start…end)`, whose FNV-1a hash is `hash`. */
  intern(bytes: Uint8Array, start: number, end: number, hash: number): SymbolId {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let entry = slots[slot]; entry !== 0; entry = slots[slot]) {
      if (this.hashes[entry - 1] === hash && this.matches(entry - 1, bytes, start, end)) {
        return entry - 1;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = this.count + 1;
    return this.add(bytes, start, end, hash);
  }

  internText(text: LuaString): SymbolId {
    const bytes = new Uint8Array(text.length);
    let hash = HASH_SEED;
    for (let i = 0; i < text.length; i++) {
      bytes[i] = text.charCodeAt(i);
      hash = Math.imul(hash ^ bytes[i], HASH_PRIME);
    }
    return this.intern(bytes, 0, text.length, hash);
  }

  /** The symbol as a Lua string. */
  text(symbol: SymbolId): LuaString {
    const known = this.texts[symbol];
    if (known !== undefined) return known;
    const text = this.decode(this.starts[symbol], this.starts[symbol + 1]);
    this.texts[symbol] = text;
    return text;
  }

  /** Short texts are put together directly, which is faster than a call with many arguments. */
  private decode(start: number, end: number): LuaString {
    if (end - start > 24) return fromBytes(this.pool, start, end);
    let text = "";
    for (let i = start; i < end; i++) text += String.fromCharCode(this.pool[i]);
    return text;
  }

  private matches(symbol: SymbolId, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.starts[symbol];
    if (this.starts[symbol + 1] - from !== end - start) return false;
    const { pool } = this;
    for (let i = start, j = from; i < end; i++, j++) {
      if (pool[j] !== bytes[i]) return false;
    }
    return true;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number): SymbolId {
    const symbol = this.count++;
    const from = this.poolEnd;
    const poolEnd = from + (end - start);
    if (poolEnd > this.pool.length) this.pool = grown(this.pool, poolEnd);
    const { pool } = this;
    if (end - start > 64) pool.set(bytes.subarray(start, end), from);
    else for (let i = start, j = from; i < end; i++, j++) pool[j] = bytes[i];
    this.poolEnd = poolEnd;
    this.hashes[symbol] = hash;
    this.starts[symbol + 1] = poolEnd;
    this.texts.push(undefined);
    if (this.count === this.hashes.length) this.enlarge();
    return symbol;
  }

  private enlarge(): void {
    const capacity = this.count * 2;
    this.hashes = resized(this.hashes, capacity);
    this.starts = resized(this.starts, capacity + 1);
    if (capacity * 2 <= this.slots.length) return;
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let symbol = 0; symbol < this.count; symbol++) {
      const hash = this.hashes[symbol];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = symbol + 1;
    }
    this.slots = slots;
  }
}

function grown(bytes: Uint8Array, needed: number): Uint8Array {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

function resized(words: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(words);
  return larger;
}

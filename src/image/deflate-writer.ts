/**
 * Writes blocks of every kind (RFC 1951 §3.2.3–§3.2.7).
 *
 *     block   = last(1) kind(2) content
 *     content = kind 0: align length(16) ~length(16) byte* | kind 1: tokens | kind 2: description tokens
 *     tokens  = (literal | length extra distance extra)* end
 *
 * Bits fill bytes from the lowest on; codes come with their highest bit first.
 */
import type { BlockCode } from "./deflate-block-code.ts";
import {
  DISTANCE_BASE,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASE,
  reversed,
} from "./deflate-codes.ts";
import {
  ALL_SYMBOLS,
  DISTANCE_MASK,
  EXTRA_BITS,
  FIRST_DISTANCE,
  LENGTH_SHIFT,
  SYMBOL_OF_DISTANCE,
  SYMBOL_OF_LENGTH,
} from "./deflate-tokens.ts";
import { LENGTH_ORDER, MAX_CODE_LENGTH } from "./huffman.ts";

const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;
const MAX_STORED = 0xffff;
/** Kind, alignment and both lengths. */
const STORED_HEADER_BITS = 42;
const ITEM_BITS = [2, 3, 7];
const FIRST_REPETITION = 16;

/** By symbol: bits of the fixed codes. */
export const FIXED_LENGTHS = fixedLengths();

/** Bits of that many bytes as stored blocks, at most. */
export function storedBits(size: number): number {
  return 8 * size + STORED_HEADER_BITS * Math.max(1, Math.ceil(size / MAX_STORED));
}

export class DeflateWriter {
  private bytes: Uint8Array;
  private end = 0;
  private bits = 0;
  private count = 0;

  /** @param size bytes expected; more can be written */
  constructor(size: number) {
    this.bytes = new Uint8Array(size + 16);
  }

  /** @param bytes of any number; more than 65,535 become several blocks */
  stored(bytes: Uint8Array, isLast: boolean): void {
    let rest = bytes;
    do {
      const part = rest.subarray(0, MAX_STORED);
      rest = rest.subarray(part.length);
      this.header(STORED, isLast && rest.length === 0);
      this.align();
      this.put(part.length, 16);
      this.put(part.length ^ 0xffff, 16);
      this.reserve(part.length);
      this.bytes.set(part, this.end);
      this.end += part.length;
    } while (rest.length > 0);
  }

  fixed(tokens: Int32Array, isLast: boolean): void {
    this.header(FIXED, isLast);
    this.tokens(tokens, FIXED_LENGTHS);
  }

  dynamic(tokens: Int32Array, { lengths, description }: BlockCode, isLast: boolean): void {
    this.header(DYNAMIC, isLast);
    const { literals, distances, items, itemLengths, itemLengthCount } = description;
    this.put(literals - FIRST_LENGTH, 5);
    this.put(distances - 1, 5);
    this.put(itemLengthCount - 4, 4);
    for (let i = 0; i < itemLengthCount; i++) this.put(itemLengths[LENGTH_ORDER[i]], 3);
    const codes = canonicalCodes(itemLengths);
    for (const item of items) {
      const symbol = item & 255;
      this.put(codes[symbol], itemLengths[symbol]);
      if (symbol >= FIRST_REPETITION) this.put(item >> 8, ITEM_BITS[symbol - FIRST_REPETITION]);
    }
    this.tokens(tokens, lengths);
  }

  /** @returns all that was written */
  finish(): Uint8Array {
    this.align();
    return this.bytes.subarray(0, this.end);
  }

  private header(kind: number, isLast: boolean): void {
    this.put(isLast ? 1 : 0, 1);
    this.put(kind, 2);
  }

  private tokens(tokens: Int32Array, lengths: Uint8Array): void {
    const codes = new Uint16Array(ALL_SYMBOLS);
    codes.set(canonicalCodes(lengths.subarray(0, FIRST_DISTANCE)));
    codes.set(canonicalCodes(lengths.subarray(FIRST_DISTANCE)), FIRST_DISTANCE);
    for (const token of tokens) {
      const length = token >>> LENGTH_SHIFT;
      if (length === 0) this.put(codes[token], lengths[token]);
      else this.match(length, token & DISTANCE_MASK, codes, lengths);
    }
    this.put(codes[END_OF_BLOCK], lengths[END_OF_BLOCK]);
  }

  private match(length: number, distance: number, codes: Uint16Array, lengths: Uint8Array): void {
    const long = SYMBOL_OF_LENGTH[length];
    this.put(codes[long], lengths[long]);
    this.put(length - LENGTH_BASE[long - FIRST_LENGTH], EXTRA_BITS[long]);
    const symbol = SYMBOL_OF_DISTANCE[distance];
    const far = FIRST_DISTANCE + symbol;
    this.put(codes[far], lengths[far]);
    this.put(distance - DISTANCE_BASE[symbol], EXTRA_BITS[far]);
  }

  private align(): void {
    if (this.count > 0) this.put(0, 8 - this.count);
  }

  /** @param count at most 16: up to 7 bits wait already */
  private put(bits: number, count: number): void {
    this.bits |= bits << this.count;
    this.count += count;
    if (this.end + 4 > this.bytes.length) this.reserve(4);
    while (this.count >= 8) {
      this.bytes[this.end++] = this.bits;
      this.bits >>>= 8;
      this.count -= 8;
    }
  }

  private reserve(size: number): void {
    if (this.end + size <= this.bytes.length) return;
    const larger = new Uint8Array((this.end + size) * 2);
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}

/** @param lengths by symbol; @returns the codes, ready to be put */
function canonicalCodes(lengths: Uint8Array): Uint16Array {
  const next = new Uint16Array(MAX_CODE_LENGTH + 2);
  for (const length of lengths) if (length > 0) next[length + 1]++;
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    next[length + 1] += next[length];
    next[length + 1] <<= 1;
  }
  return Uint16Array.from(lengths, (length) => (length > 0 ? reversed(next[length]++, length) : 0));
}

function fixedLengths(): Uint8Array {
  const lengths = new Uint8Array(ALL_SYMBOLS).fill(8);
  lengths.fill(9, 144, END_OF_BLOCK);
  lengths.fill(7, END_OF_BLOCK, 280);
  lengths.fill(5, FIRST_DISTANCE);
  return lengths;
}

/**
 * Tokens as the optimal compressor handles them, and how often each of their symbols occurs.
 *
 *     token = byte | length << 16 | distance        a literal has no length
 *
 * Both codes' symbols are counted in one array: literals, end of block and lengths first, distances
 * from {@link FIRST_DISTANCE} on.
 */
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASE,
  LENGTH_EXTRA,
  MAX_MATCH,
  MIN_MATCH,
} from "./deflate-codes.ts";

/** How far back a device takes a copy from (lfs51.md §8). */
export const WINDOW = 16_384;

export const LENGTH_SHIFT = 16;
export const DISTANCE_MASK = 0xffff;

/** The last two never occur, but have fixed codes. */
export const LITERAL_SYMBOLS = 288;
export const DISTANCE_SYMBOLS = DISTANCE_EXTRA.length;
export const FIRST_DISTANCE = LITERAL_SYMBOLS;
export const ALL_SYMBOLS = LITERAL_SYMBOLS + DISTANCE_SYMBOLS;

/** By length: its symbol in the code of literals and lengths. */
export const SYMBOL_OF_LENGTH = lengthSymbols();
/** By distance: its symbol in the code of distances. */
export const SYMBOL_OF_DISTANCE = distanceSymbols();
/** By symbol of either code: how many extra bits follow. */
export const EXTRA_BITS = extraBits();

/** Bytes that a token stands for. */
export function tokenSize(token: number): number {
  return token >>> LENGTH_SHIFT || 1;
}

/** Adds the tokens of a range to counts. */
export function countTokens(
  tokens: Int32Array,
  start: number,
  end: number,
  counts: Int32Array,
): void {
  for (let i = start; i < end; i++) {
    const token = tokens[i];
    const length = token >>> LENGTH_SHIFT;
    if (length === 0) counts[token]++;
    else {
      counts[SYMBOL_OF_LENGTH[length]]++;
      counts[FIRST_DISTANCE + SYMBOL_OF_DISTANCE[token & DISTANCE_MASK]]++;
    }
  }
}

/** @returns the counts of a block of these tokens, its end included */
export function blockCounts(tokens: Int32Array, start: number, end: number): Int32Array {
  const counts = new Int32Array(ALL_SYMBOLS);
  countTokens(tokens, start, end, counts);
  counts[END_OF_BLOCK]++;
  return counts;
}

function lengthSymbols(): Uint16Array {
  const symbols = new Uint16Array(MAX_MATCH + 1);
  let symbol = 0;
  for (let length = MIN_MATCH; length <= MAX_MATCH; length++) {
    while (symbol + 1 < LENGTH_BASE.length && LENGTH_BASE[symbol + 1] <= length) symbol++;
    symbols[length] = FIRST_LENGTH + symbol;
  }
  return symbols;
}

function distanceSymbols(): Uint8Array {
  const symbols = new Uint8Array(WINDOW + 1);
  for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    symbols.fill(symbol, DISTANCE_BASE[symbol]);
  }
  return symbols;
}

function extraBits(): Uint8Array {
  const bits = new Uint8Array(ALL_SYMBOLS);
  bits.set(LENGTH_EXTRA, FIRST_LENGTH);
  bits.set(DISTANCE_EXTRA, FIRST_DISTANCE);
  return bits;
}

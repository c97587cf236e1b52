/**
 * What tokens are expected to cost, in bits, when a block is parsed: from guesses at first, then
 * from how often each symbol came last time, and at last from a code that was made of that.
 */
import { END_OF_BLOCK, LENGTH_EXTRA, MAX_MATCH, MIN_MATCH } from "./deflate-codes.ts";
import {
  ALL_SYMBOLS,
  DISTANCE_SYMBOLS,
  EXTRA_BITS,
  FIRST_DISTANCE,
  SYMBOL_OF_LENGTH,
} from "./deflate-tokens.ts";

export interface TokenCosts {
  /** By byte. */
  readonly literals: Float64Array;
  /** By length. */
  readonly lengths: Float64Array;
  /** By symbol. */
  readonly distances: Float64Array;
}

/** What a symbol costs more that did not come before than one that came once. */
const UNSEEN_BITS = 1;

/** Costs of which nothing is known yet; in images, zeros are many. */
export function guessedCosts(): TokenCosts {
  const bits = new Float64Array(ALL_SYMBOLS).fill(6, 0, END_OF_BLOCK);
  bits[0] = 3;
  bits.fill(5, END_OF_BLOCK, END_OF_BLOCK + LENGTH_EXTRA.length + 1);
  bits.fill(4.5, FIRST_DISTANCE);
  return tokenCosts(bits);
}

/** Costs under an ideal code for these counts. */
export function idealCosts(counts: Int32Array, logs: Float64Array): TokenCosts {
  const bits = new Float64Array(ALL_SYMBOLS);
  idealBits(counts, bits, logs, 0, FIRST_DISTANCE);
  idealBits(counts, bits, logs, FIRST_DISTANCE, ALL_SYMBOLS);
  return tokenCosts(bits);
}

/** Costs under a real code. */
export function codeCosts(lengths: Uint8Array): TokenCosts {
  const bits = new Float64Array(ALL_SYMBOLS);
  realBits(lengths, bits, 0, FIRST_DISTANCE);
  realBits(lengths, bits, FIRST_DISTANCE, ALL_SYMBOLS);
  return tokenCosts(bits);
}

/**
 * Logarithms to base 2 of 1 to `last`, by index. Engines may disagree in the last bit of their own,
 * and the result of packing must not depend on the engine.
 */
export function logarithms(last: number): Float64Array {
  const logs = new Float64Array(last + 2);
  for (let n = 2; n <= last; n++) {
    logs[n] =
      n % 2 === 0
        ? logs[n / 2] + 1
        : (logOf(n - 1, logs) + logOf(n + 1, logs) + lost(1 / (n * n)) / Math.LN2) / 2;
  }
  return logs;
}

/** @param even not beyond twice what is known */
function logOf(even: number, logs: Float64Array): number {
  return logs[even / 2] + 1;
}

/** What log(n² − 1) is less than log(n²), by the series of −log(1 − x). */
function lost(x: number): number {
  let sum = 0;
  let power = x;
  for (let k = 1; power > 1e-18; k++) {
    sum += power / k;
    power *= x;
  }
  return sum;
}

function idealBits(
  counts: Int32Array,
  bits: Float64Array,
  logs: Float64Array,
  start: number,
  end: number,
): void {
  let total = 0;
  for (let i = start; i < end; i++) total += counts[i];
  const most = logs[Math.max(total, 1)];
  for (let i = start; i < end; i++) {
    bits[i] = counts[i] > 0 ? most - logs[counts[i]] : most + UNSEEN_BITS;
  }
}

function realBits(lengths: Uint8Array, bits: Float64Array, start: number, end: number): void {
  let longest = 0;
  for (let i = start; i < end; i++) longest = Math.max(longest, lengths[i]);
  for (let i = start; i < end; i++) bits[i] = lengths[i] || longest + UNSEEN_BITS;
}

/** @param bits by symbol of either code, without extra bits */
function tokenCosts(bits: Float64Array): TokenCosts {
  const lengths = new Float64Array(MAX_MATCH + 1);
  for (let length = MIN_MATCH; length <= MAX_MATCH; length++) {
    const symbol = SYMBOL_OF_LENGTH[length];
    lengths[length] = bits[symbol] + EXTRA_BITS[symbol];
  }
  const distances = new Float64Array(DISTANCE_SYMBOLS);
  for (let i = 0; i < DISTANCE_SYMBOLS; i++) {
    distances[i] = bits[FIRST_DISTANCE + i] + EXTRA_BITS[FIRST_DISTANCE + i];
  }
  return { literals: bits.slice(0, END_OF_BLOCK), lengths, distances };
}

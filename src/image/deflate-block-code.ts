/**
 * The code of a dynamic block (RFC 1951 §3.2.7), chosen so that the code's own description and the
 * data together are short.
 *
 *     description = literals-257(5) distances-1(5) lengths-4(4) length(3)* item*
 *     item        = 0–15 | 16 times-3(2) | 17 times-3(3) | 18 times-11(7)
 *
 * 0–15 is a code's length; 16 repeats the one before, 17 and 18 repeat 0. Counts that are nearly
 * equal may be taken as equal: the code is slightly worse, but its description gets shorter.
 */
import { codeLengths } from "./code-lengths.ts";
import { FIRST_LENGTH } from "./deflate-codes.ts";
import { ALL_SYMBOLS, EXTRA_BITS, FIRST_DISTANCE, LITERAL_SYMBOLS } from "./deflate-tokens.ts";
import { LENGTH_ORDER, MAX_CODE_LENGTH } from "./huffman.ts";

export interface BlockCode {
  /** By symbol of either code: bits of its code. */
  readonly lengths: Uint8Array;
  readonly description: Description;
  /** Bits of a block with the counts that this was made for, all included. */
  readonly bits: number;
}

export interface Description {
  readonly literals: number;
  readonly distances: number;
  /** Each a symbol, and from bit 8 on its extra bits. */
  readonly items: readonly number[];
  /** By symbol of an item: bits of its code. */
  readonly itemLengths: Uint8Array;
  /** How many of those are given, in {@link LENGTH_ORDER}. */
  readonly itemLengthCount: number;
  readonly bits: number;
}

/** Last block or not, and its kind. */
export const BLOCK_HEADER_BITS = 3;
const COUNTS_BITS = 14;
const ITEM_LENGTH_BITS = 3;
const LONGEST_ITEM_CODE = 7;
const REPEAT = 16;
const FEW_ZEROS = 17;
const MANY_ZEROS = 18;
/** By symbol of an item. */
const ITEM_EXTRA = Uint8Array.from({ length: 19 }, (_, i) => [2, 3, 7][i - REPEAT] ?? 0);

/** Counts in a run are taken as equal when the largest is at most so many times the smallest. */
const TOLERANCES = [1, 1.25, 1.5, 2, 2.8];
/** A shorter run of equal lengths is hardly worth a repetition. */
const SHORTEST_RUN = 4;
/** All symbols have codes with that many bits at most. */
const SHORTEST_LIMIT = 9;

/** How long a run has to be for each kind of repetition. */
interface RunStyle {
  readonly repeated: number;
  readonly fewZeros: number;
  readonly manyZeros: number;
}

const NEVER = Number.POSITIVE_INFINITY;
/** Each kind takes room in the items' code, so that one may not be worth it. */
const STYLES: readonly RunStyle[] = [3, 6, NEVER].flatMap((repeated) => [
  { repeated, fewZeros: 3, manyZeros: 11 },
  { repeated, fewZeros: 3, manyZeros: NEVER },
  { repeated, fewZeros: NEVER, manyZeros: 11 },
  { repeated, fewZeros: 5, manyZeros: 11 },
]);

/** The plain Huffman code of these counts. */
export function plainCode(counts: Int32Array): BlockCode {
  return codeFor(counts, counts, MAX_CODE_LENGTH);
}

/** The best code out of some that are likely to be good. */
export function bestCode(counts: Int32Array): BlockCode {
  let best = plainCode(counts);
  for (const tolerance of TOLERANCES) {
    const evened = tolerance === 1 ? counts : evenedOut(counts, tolerance);
    let longest = MAX_CODE_LENGTH;
    while (longest >= SHORTEST_LIMIT) {
      const code = codeFor(counts, evened, longest);
      if (code.bits < best.bits) best = code;
      // A limit that is not reached changes nothing.
      longest = Math.max(...code.lengths) - 1;
    }
  }
  return best;
}

/** Bits of a block's tokens and its end, under that code. */
export function contentBits(counts: Int32Array, lengths: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < ALL_SYMBOLS; i++) bits += counts[i] * (lengths[i] + EXTRA_BITS[i]);
  return bits;
}

/** @param pretended counts to make the code for */
function codeFor(counts: Int32Array, pretended: Int32Array, longest: number): BlockCode {
  const lengths = new Uint8Array(ALL_SYMBOLS);
  lengths.set(codeLengths(pretended.subarray(0, FIRST_DISTANCE), longest));
  lengths.set(codeLengths(pretended.subarray(FIRST_DISTANCE), longest), FIRST_DISTANCE);
  const description = describe(lengths);
  const bits = BLOCK_HEADER_BITS + description.bits + contentBits(counts, lengths);
  return { lengths, description, bits };
}

function evenedOut(counts: Int32Array, tolerance: number): Int32Array {
  const evened = counts.slice();
  evenOut(evened.subarray(0, FIRST_DISTANCE), tolerance);
  evenOut(evened.subarray(FIRST_DISTANCE), tolerance);
  return evened;
}

function evenOut(counts: Int32Array, tolerance: number): void {
  for (let start = 0; start < counts.length; ) {
    let least = counts[start];
    let most = least;
    let sum = 0;
    let end = start;
    while (end < counts.length) {
      const count = counts[end];
      least = Math.min(least, count);
      most = Math.max(most, count);
      if (most > least * tolerance) break;
      sum += count;
      end++;
    }
    if (end - start >= SHORTEST_RUN) counts.fill(Math.round(sum / (end - start)), start, end);
    start = end;
  }
}

function describe(lengths: Uint8Array): Description {
  const literals = usedSymbols(lengths.subarray(0, LITERAL_SYMBOLS), FIRST_LENGTH);
  const distances = usedSymbols(lengths.subarray(FIRST_DISTANCE), 1);
  const all = new Uint8Array(literals + distances);
  all.set(lengths.subarray(0, literals));
  all.set(lengths.subarray(FIRST_DISTANCE, FIRST_DISTANCE + distances), literals);
  const runs = runsOf(all);
  let best: Description | undefined;
  for (const style of STYLES) {
    const found = describeRuns(runs, literals, distances, style);
    if (best === undefined || found.bits < best.bits) best = found;
  }
  return best ?? describeRuns(runs, literals, distances, STYLES[0]);
}

function usedSymbols(lengths: Uint8Array, least: number): number {
  let used = lengths.length;
  while (used > least && lengths[used - 1] === 0) used--;
  return used;
}

/** @returns for each run of equal lengths, the length, and from bit 8 on how often it comes */
function runsOf(lengths: Uint8Array): number[] {
  const runs: number[] = [];
  for (let start = 0; start < lengths.length; ) {
    let end = start + 1;
    while (end < lengths.length && lengths[end] === lengths[start]) end++;
    runs.push(lengths[start] | ((end - start) << 8));
    start = end;
  }
  return runs;
}

function describeRuns(
  runs: readonly number[],
  literals: number,
  distances: number,
  style: RunStyle,
): Description {
  const items: number[] = [];
  for (const run of runs) addRun(items, run & 255, run >> 8, style);
  const counts = new Int32Array(ITEM_EXTRA.length);
  for (const item of items) counts[item & 255]++;
  const itemLengths = codeLengths(counts, LONGEST_ITEM_CODE);
  let itemLengthCount = LENGTH_ORDER.length;
  while (itemLengths[LENGTH_ORDER[itemLengthCount - 1]] === 0) itemLengthCount--;
  let bits = COUNTS_BITS + ITEM_LENGTH_BITS * itemLengthCount;
  for (let i = 0; i < counts.length; i++) bits += counts[i] * (itemLengths[i] + ITEM_EXTRA[i]);
  return { literals, distances, items, itemLengths, itemLengthCount, bits };
}

function addRun(items: number[], length: number, times: number, style: RunStyle): void {
  let rest = times;
  if (length === 0) {
    if (times >= style.manyZeros) rest = addRepetitions(items, MANY_ZEROS, rest, 11, 138);
    if (times >= style.fewZeros) rest = addRepetitions(items, FEW_ZEROS, rest, 3, 10);
  }
  if (rest > style.repeated) {
    items.push(length);
    rest = addRepetitions(items, REPEAT, rest - 1, 3, 6);
  }
  for (; rest > 0; rest--) items.push(length);
}

/** @returns how many are left over, which are too few */
function addRepetitions(
  items: number[],
  symbol: number,
  times: number,
  least: number,
  most: number,
): number {
  let rest = times;
  while (rest >= least) {
    let taken = Math.min(rest, most);
    // Leaves enough for another one.
    if (rest > most && rest - taken < least && rest - least >= least) taken = rest - least;
    items.push(symbol | ((taken - least) << 8));
    rest -= taken;
  }
  return rest;
}

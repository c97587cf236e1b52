/**
 * Where to end one block and begin the next: each has its own code, which fits its data better but
 * has to be described. Cuts are looked for at every 32nd token only, in four steps: the best cuts
 * at few places, by estimated sizes; more cuts within what that gave; moving each cut to and fro;
 * and dropping cuts that do not pay.
 */
import { plainCode } from "./deflate-block-code.ts";
import { END_OF_BLOCK } from "./deflate-codes.ts";
import { ALL_SYMBOLS, countTokens, FIRST_DISTANCE } from "./deflate-tokens.ts";

/** Tokens between places where a cut may be. */
const GRAIN = 32;
/** Places that the first step looks at. */
const COARSE_PLACES = 128;
/** Places within a block at which it is first tried to be cut in two. */
const TRIAL_PLACES = 48;

/** What describing a code takes, about: bits for any, and for each symbol that occurs. */
const DESCRIPTION_BITS = 80;
const BITS_PER_SYMBOL = 3.6;

/** @returns for each block, the index of the token after its last one */
export function splitTokens(tokens: Int32Array, logs: Float64Array): number[] {
  if (tokens.length === 0) return [0];
  const splitter = new Splitter(tokens, logs);
  const cuts = splitter.coarseCuts();
  const finer = splitter.bisected(cuts);
  const moved = splitter.moved(finer);
  const kept = splitter.merged(moved);
  return kept.slice(1).map((place) => Math.min(place * GRAIN, tokens.length));
}

/** Cuts are counted in grains; the first one is 0, the last one the end. */
class Splitter {
  private readonly logs: Float64Array;
  /** How many grains there are. */
  private readonly end: number;
  /** For each place, the counts of all tokens before. */
  private readonly sums: Int32Array;
  private readonly counts = new Int32Array(ALL_SYMBOLS);

  constructor(tokens: Int32Array, logs: Float64Array) {
    this.logs = logs;
    this.end = Math.ceil(tokens.length / GRAIN);
    this.sums = new Int32Array((this.end + 1) * ALL_SYMBOLS);
    for (let place = 0; place < this.end; place++) {
      const next = (place + 1) * ALL_SYMBOLS;
      this.sums.copyWithin(next, place * ALL_SYMBOLS, next);
      const sum = this.sums.subarray(next, next + ALL_SYMBOLS);
      countTokens(tokens, place * GRAIN, Math.min((place + 1) * GRAIN, tokens.length), sum);
    }
  }

  coarseCuts(): number[] {
    const stride = Math.max(1, Math.ceil(this.end / COARSE_PLACES));
    const places: number[] = [];
    for (let place = 0; place < this.end; place += stride) places.push(place);
    places.push(this.end);
    // By index of a place: bits of the best blocks that end there, and where the last one begins.
    const bits = new Float64Array(places.length).fill(Infinity);
    const before = new Int32Array(places.length);
    bits[0] = 0;
    for (let i = 0; i < places.length; i++) {
      for (let j = i + 1; j < places.length; j++) {
        const sum = bits[i] + this.estimate(places[i], places[j]);
        if (sum < bits[j]) {
          bits[j] = sum;
          before[j] = i;
        }
      }
    }
    const cuts: number[] = [];
    for (let i = places.length - 1; i > 0; i = before[i]) cuts.push(places[i]);
    return [0, ...cuts.reverse()];
  }

  bisected(cuts: readonly number[]): number[] {
    return [0, ...cuts.slice(1).flatMap((cut, i) => this.bisect(cuts[i], cut))];
  }

  /** @returns the ends of the blocks that a block is cut into */
  private bisect(start: number, end: number): number[] {
    if (end - start < 2) return [end];
    const stride = Math.max(1, Math.floor((end - start) / TRIAL_PLACES));
    let cut = start + 1;
    let least = Infinity;
    for (let place = start + 1; place < end; place += stride) {
      const bits = this.estimate(start, place) + this.estimate(place, end);
      if (bits < least) {
        least = bits;
        cut = place;
      }
    }
    cut = this.bestPlace(start, cut, end, stride);
    const gain = this.exact(start, end) - this.exact(start, cut) - this.exact(cut, end);
    if (gain <= 0) return [end];
    return [...this.bisect(start, cut), ...this.bisect(cut, end)];
  }

  moved(cuts: readonly number[]): number[] {
    const moved = [...cuts];
    for (let i = 1; i + 1 < moved.length; i++) {
      moved[i] = this.bestPlace(moved[i - 1], moved[i], moved[i + 1], 16);
    }
    return moved;
  }

  merged(cuts: readonly number[]): number[] {
    const kept = [0];
    for (let i = 1; i < cuts.length; i++) {
      const start = kept[kept.length - 1];
      const cut = cuts[i];
      const end = cuts[i + 1];
      const isWorth =
        end === undefined || this.exact(start, cut) + this.exact(cut, end) < this.exact(start, end);
      if (isWorth) kept.push(cut);
    }
    return kept;
  }

  /** Moves a cut between two others to where both blocks together are least, by steps. */
  private bestPlace(start: number, cut: number, end: number, firstStep: number): number {
    let best = cut;
    let least = this.estimate(start, cut) + this.estimate(cut, end);
    for (let step = firstStep; step >= 1; step >>= 1) {
      for (const place of [best - step, best + step]) {
        if (place <= start || place >= end) continue;
        const bits = this.estimate(start, place) + this.estimate(place, end);
        if (bits < least) {
          least = bits;
          best = place;
        }
      }
    }
    return best;
  }

  /** Bits of a block, about, extra bits not counted: no cut changes them. */
  private estimate(start: number, end: number): number {
    const { sums, logs } = this;
    const from = start * ALL_SYMBOLS;
    const to = end * ALL_SYMBOLS;
    let used = 1;
    let literals = 1;
    let distances = 0;
    let known = 0;
    for (let i = 0; i < FIRST_DISTANCE; i++) {
      const count = sums[to + i] - sums[from + i];
      if (count === 0) continue;
      used++;
      literals += count;
      known += count * logs[count];
    }
    for (let i = FIRST_DISTANCE; i < ALL_SYMBOLS; i++) {
      const count = sums[to + i] - sums[from + i];
      if (count === 0) continue;
      used++;
      distances += count;
      known += count * logs[count];
    }
    const data = literals * logs[literals] + distances * logs[Math.max(distances, 1)] - known;
    return data + DESCRIPTION_BITS + BITS_PER_SYMBOL * used;
  }

  /** Bits of a block with a plain code. */
  private exact(start: number, end: number): number {
    const { sums, counts } = this;
    for (let i = 0; i < ALL_SYMBOLS; i++) {
      counts[i] = sums[end * ALL_SYMBOLS + i] - sums[start * ALL_SYMBOLS + i];
    }
    counts[END_OF_BLOCK]++;
    return plainCode(counts).bits;
  }
}

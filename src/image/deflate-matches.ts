/**
 * Matches for an optimal parser. Under whatever code, matches with the same distance symbol cost
 * the same, so that for each place at most one per symbol is worth keeping: a longest one.
 *
 * A search tree per hash of three bytes holds the places before, ordered by what follows them, with
 * the nearest at the top (as in LZMA's encoder). The way down from there meets every match that is
 * longer than all nearer ones. Matches that are no longer than a nearer one, but may have a cheaper
 * symbol, are looked for in a chain of the nearest places. Both searches are limited, and so is the
 * time for any input.
 */
import { MAX_MATCH, MIN_MATCH } from "./deflate-codes.ts";
import { DISTANCE_SYMBOLS, LENGTH_SHIFT, SYMBOL_OF_DISTANCE, WINDOW } from "./deflate-tokens.ts";

const HASH_BITS = 15;
/** Places looked at for one place, in the tree and in the chain. More gain next to nothing. */
const TREE_TRIES = 200;
const CHAIN_TRIES = 24;
/** A match in the chain may be shorter than the longest so far by so much. */
const SLACK = 3;
const NO_PLACE = -1;

export interface MatchTable {
  /** By place: index of its first match; one more entry for the end. */
  readonly starts: Int32Array;
  /** Length and distance as in a token; those of a place from the longest to the shortest. */
  readonly matches: Int32Array;
}

/** Devices refuse copies of the very first byte, so that no match begins there. */
export function findMatches(source: Uint8Array): MatchTable {
  const finder = new MatchFinder(source);
  for (let at = 0; at < source.length; at++) finder.search(at);
  return finder.table();
}

class MatchFinder {
  private readonly source: Uint8Array;
  /** By hash: the last place that has it, which is the top of its tree. */
  private readonly heads = new Int32Array(1 << HASH_BITS).fill(NO_PLACE);
  /** By place: the place before with the same hash. */
  private readonly links: Int32Array;
  /** Two by place: the trees of what comes before and after it in order. */
  private readonly sons: Int32Array;
  private readonly starts: Int32Array;
  private matches: Int32Array;
  private count = 0;
  /** By distance symbol, for the place at hand: the longest match found. */
  private readonly lengths = new Int32Array(DISTANCE_SYMBOLS);
  private readonly distances = new Int32Array(DISTANCE_SYMBOLS);

  constructor(source: Uint8Array) {
    this.source = source;
    this.links = new Int32Array(source.length);
    this.sons = new Int32Array(source.length * 2);
    this.starts = new Int32Array(source.length + 1);
    this.matches = new Int32Array(source.length * 4 + DISTANCE_SYMBOLS);
  }

  table(): MatchTable {
    const { starts, matches, count } = this;
    starts[starts.length - 1] = count;
    return { starts, matches };
  }

  search(at: number): void {
    this.starts[at] = this.count;
    const longest = Math.min(MAX_MATCH, this.source.length - at);
    // The first byte is never remembered.
    if (at === 0 || longest < MIN_MATCH) return;
    const nearest = this.remember(at);
    this.lengths.fill(0);
    const length = this.searchTree(at, nearest, longest);
    if (length < MIN_MATCH) return;
    if (length < longest) this.searchChain(at, nearest, length);
    this.keep();
  }

  /** @returns the nearest place before with the same hash */
  private remember(at: number): number {
    const { source, heads, links } = this;
    const value = source[at] | (source[at + 1] << 8) | (source[at + 2] << 16);
    const hash = Math.imul(value, 0x9e3779b1) >>> (32 - HASH_BITS);
    const nearest = heads[hash];
    heads[hash] = at;
    links[at] = nearest;
    return nearest;
  }

  /**
   * Puts a place at the top of its tree. On the way down, what was there is parted into what comes
   * before the new place and what comes after it.
   *
   * @returns the longest length found
   */
  private searchTree(at: number, top: number, longest: number): number {
    const { source, sons } = this;
    const lowest = at - WINDOW;
    let node = top;
    // Where the next tree that comes before is to hang, and how much its nodes have in common.
    let before = 2 * at;
    let beforeLength = 0;
    let after = before + 1;
    let afterLength = 0;
    let best = MIN_MATCH - 1;
    for (let rest = TREE_TRIES; rest > 0 && node >= lowest && node > 0; rest--) {
      let length = Math.min(beforeLength, afterLength);
      while (length < longest && source[node + length] === source[at + length]) length++;
      if (length > best) {
        best = length;
        this.note(length, at - node);
        if (length === longest) {
          // As far as it matters the new place is equal, and takes the old one's place.
          sons[before] = sons[2 * node];
          sons[after] = sons[2 * node + 1];
          return best;
        }
      }
      if (source[node + length] < source[at + length]) {
        sons[before] = node;
        before = 2 * node + 1;
        beforeLength = length;
        node = sons[before];
      } else {
        sons[after] = node;
        after = 2 * node;
        afterLength = length;
        node = sons[after];
      }
    }
    sons[before] = NO_PLACE;
    sons[after] = NO_PLACE;
    return best;
  }

  private searchChain(at: number, nearest: number, longest: number): void {
    const { source, links, lengths } = this;
    const lowest = Math.max(1, at - WINDOW);
    const shortest = Math.max(MIN_MATCH, longest - SLACK);
    let place = nearest;
    for (let rest = CHAIN_TRIES; rest > 0 && place >= lowest; rest--, place = links[place]) {
      const least = Math.max(lengths[SYMBOL_OF_DISTANCE[at - place]] + 1, shortest);
      // None is longer than the tree's longest.
      if (least > longest || source[place + least - 1] !== source[at + least - 1]) continue;
      let length = 0;
      while (length < longest && source[place + length] === source[at + length]) length++;
      if (length >= least) this.note(length, at - place);
    }
  }

  private note(length: number, distance: number): void {
    const symbol = SYMBOL_OF_DISTANCE[distance];
    this.lengths[symbol] = length;
    this.distances[symbol] = distance;
  }

  /** Puts the matches of a place into the table, sorted. */
  private keep(): void {
    const { lengths, distances } = this;
    if (this.count + DISTANCE_SYMBOLS > this.matches.length) this.grow();
    const { matches, count } = this;
    let end = count;
    for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
      const length = lengths[symbol];
      if (length === 0) continue;
      let slot = end++;
      for (; slot > count && matches[slot - 1] >>> LENGTH_SHIFT < length; slot--) {
        matches[slot] = matches[slot - 1];
      }
      matches[slot] = (length << LENGTH_SHIFT) | distances[symbol];
    }
    this.count = end;
  }

  private grow(): void {
    const larger = new Int32Array(this.matches.length * 2);
    larger.set(this.matches);
    this.matches = larger;
  }
}

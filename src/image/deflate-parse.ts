/**
 * Optimal parsing: the cheapest way to write a range of bytes as tokens, under given costs. It is
 * a shortest path from the range's start to its end, over places in the payload.
 */
import { MAX_MATCH, MIN_MATCH } from "./deflate-codes.ts";
import type { TokenCosts } from "./deflate-costs.ts";
import { findMatches, type MatchTable } from "./deflate-matches.ts";
import { DISTANCE_MASK, LENGTH_SHIFT, SYMBOL_OF_DISTANCE, tokenSize } from "./deflate-tokens.ts";

export class Parser {
  private readonly source: Uint8Array;
  private readonly table: MatchTable;
  /** By place: bits of the cheapest way there. */
  private readonly costs: Float64Array;
  /** By place: the last token on that way. */
  private readonly tokens: Int32Array;

  constructor(source: Uint8Array) {
    this.source = source;
    this.table = findMatches(source);
    this.costs = new Float64Array(source.length + 1);
    this.tokens = new Int32Array(source.length + 1);
  }

  /** The bytes from `start` to `end`, each on its own. */
  literals(start: number, end: number): Int32Array {
    return Int32Array.from(this.source.subarray(start, end));
  }

  /** The cheapest tokens for the bytes from `start` to `end`. */
  parse(start: number, end: number, costs: TokenCosts): Int32Array {
    this.findWays(start, end, costs);
    const { tokens } = this;
    let count = 0;
    for (let at = end; at > start; count++) at -= tokenSize(tokens[at]);
    const way = new Int32Array(count);
    for (let at = end; at > start; at -= tokenSize(tokens[at])) way[--count] = tokens[at];
    return way;
  }

  private findWays(start: number, end: number, { literals, lengths, distances }: TokenCosts): void {
    const { source, costs, tokens } = this;
    const { starts, matches } = this.table;
    costs.fill(Infinity, start + 1, end + 1);
    costs[start] = 0;
    for (let at = start; at < end; at++) {
      const cost = costs[at];
      const withLiteral = cost + literals[source[at]];
      if (withLiteral < costs[at + 1]) {
        costs[at + 1] = withLiteral;
        tokens[at + 1] = source[at];
      }
      const stop = starts[at + 1];
      let cheapest = Infinity;
      let distance = 0;
      for (let i = starts[at]; i < stop; i++) {
        const match = matches[i];
        const itsDistance = match & DISTANCE_MASK;
        const itsCost = cost + distances[SYMBOL_OF_DISTANCE[itsDistance]];
        if (itsCost < cheapest) {
          cheapest = itsCost;
          distance = itsDistance;
        }
        // From here down to the next match's length, this distance is the best of those so far.
        const next = i + 1 < stop ? matches[i + 1] >>> LENGTH_SHIFT : MIN_MATCH - 1;
        let length = Math.min(match >>> LENGTH_SHIFT, end - at);
        // Long repetitions would take very many steps, and shorter copies would not help.
        const isLongest = length === MAX_MATCH;
        for (const least = isLongest ? MAX_MATCH - 1 : next; length > least; length--) {
          const withMatch = cheapest + lengths[length];
          if (withMatch < costs[at + length]) {
            costs[at + length] = withMatch;
            tokens[at + length] = (length << LENGTH_SHIFT) | distance;
          }
        }
        if (isLongest) break;
      }
    }
  }
}

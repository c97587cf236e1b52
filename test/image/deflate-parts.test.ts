/** The parts of the best compressor, each against a plain way to say what it should give. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distanceSymbol } from "../../src/image/bit-writer.ts";
import { codeLengths } from "../../src/image/code-lengths.ts";
import { bestCode, plainCode } from "../../src/image/deflate-block-code.ts";
import { codeCosts, guessedCosts, logarithms } from "../../src/image/deflate-costs.ts";
import { findMatches } from "../../src/image/deflate-matches.ts";
import { Parser } from "../../src/image/deflate-parse.ts";
import { splitTokens } from "../../src/image/deflate-split.ts";
import {
  ALL_SYMBOLS,
  blockCounts,
  SYMBOL_OF_DISTANCE,
  SYMBOL_OF_LENGTH,
  tokenSize,
  WINDOW,
} from "../../src/image/deflate-tokens.ts";
import { FIXED_LENGTHS } from "../../src/image/deflate-writer.ts";
import { Random } from "../fuzz/random.ts";

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);
const kraft = (lengths: Uint8Array) => sum(Array.from(lengths, (bits) => (bits ? 2 ** -bits : 0)));

describe("code lengths", () => {
  const counts = fc
    .array(fc.oneof(fc.nat(3), fc.nat(100_000)), { minLength: 2, maxLength: 12 })
    .map((all) => Int32Array.from(all));
  const bitsOf = (all: Int32Array, lengths: ArrayLike<number>) =>
    sum(Array.from(all, (count, i) => count * lengths[i]));

  test("make a complete code within the limit, for all that occurs", () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(4, 7, 15), (all, limit) => {
        const lengths = codeLengths(all, limit);
        expect(kraft(lengths)).toBe(1);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
        expect(all.every((count, i) => count === 0 || lengths[i] > 0)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test("are as good as the best of all codes", () => {
    const few = fc
      .array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 6 })
      .map((all) => Int32Array.from(all));
    fc.assert(
      fc.property(few, fc.constantFrom(3, 4, 5), (all, limit) => {
        expect(bitsOf(all, codeLengths(all, limit))).toBe(leastBits(all, limit));
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  /** By trying all lengths. */
  function leastBits(all: Int32Array, limit: number, at = 0, room = 1): number {
    if (at === all.length) return 0;
    let least = Infinity;
    for (let bits = 1; bits <= limit; bits++) {
      if (2 ** -bits > room) continue;
      least = Math.min(least, all[at] * bits + leastBits(all, limit, at + 1, room - 2 ** -bits));
    }
    return least;
  }

  test("stay within 15 bits for counts that want more", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 25)
      fibonacci.push(fibonacci[fibonacci.length - 1] + fibonacci[fibonacci.length - 2]);
    const lengths = codeLengths(Int32Array.from(fibonacci), 15);
    expect(Math.max(...lengths)).toBe(15);
    expect(kraft(lengths)).toBe(1);
  });

  test("there are two codes even for one symbol, and for none", () => {
    expect([...codeLengths(Int32Array.of(0, 0, 9, 0), 7)]).toEqual([1, 0, 1, 0]);
    expect([...codeLengths(Int32Array.of(0, 0, 0), 7)]).toEqual([1, 1, 0]);
  });
});

test("symbols of lengths and distances", () => {
  expect([3, 10, 11, 12, 13, 257, 258].map((length) => SYMBOL_OF_LENGTH[length])).toEqual([
    257, 264, 265, 265, 266, 284, 285,
  ]);
  for (let distance = 1; distance <= WINDOW; distance++) {
    if (SYMBOL_OF_DISTANCE[distance] !== distanceSymbol(distance)) expect.fail(`${distance}`);
  }
});

test("logarithms", () => {
  const logs = logarithms(300_000);
  for (let n = 1; n <= 300_000; n++) {
    if (Math.abs(logs[n] - Math.log2(n)) > 1e-12) expect.fail(`log of ${n}: ${logs[n]}`);
  }
});

describe("matches", () => {
  const random = new Random("matches");
  const source = Uint8Array.from({ length: 3000 }, () => random.below(3));
  const { starts, matches } = findMatches(source);

  test("are matches, the longest first, one for each distance symbol", () => {
    for (let at = 0; at < source.length; at++) {
      const found = [...matches.subarray(starts[at], starts[at + 1])];
      const symbols = found.map((match) => SYMBOL_OF_DISTANCE[match & 0xffff]);
      expect(new Set(symbols).size).toBe(symbols.length);
      const lengths = found.map((match) => match >>> 16);
      expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
      for (const match of found) expect(agree(at, match & 0xffff, match >>> 16)).toBe(true);
    }
  });

  function agree(at: number, distance: number, length: number): boolean {
    if (distance >= at || at + length > source.length) return false;
    const [here, there] = [at, at - distance].map((place) =>
      source.subarray(place, place + length),
    );
    return Buffer.compare(here, there) === 0;
  }

  test("have a longest one for every place", () => {
    for (let at = 1; at < source.length; at++) {
      const longest = starts[at] < starts[at + 1] ? matches[starts[at]] >>> 16 : 2;
      for (let distance = 1; distance < at; distance++) {
        if (agree(at, distance, longest + 1)) expect.fail(`longer one at ${at}, ${distance} back`);
      }
    }
  });
});

describe("parsing", () => {
  test("no way is cheaper", () => {
    const random = new Random("parse");
    for (let i = 0; i < 40; i++) {
      const source = Uint8Array.from({ length: 60 }, () => random.below(3));
      const costs = i % 2 === 0 ? guessedCosts() : codeCosts(FIXED_LENGTHS);
      const { literals, lengths, distances } = costs;
      const costOf = (token: number, byte: number) =>
        token >>> 16 === 0
          ? literals[byte]
          : lengths[token >>> 16] + distances[SYMBOL_OF_DISTANCE[token & 0xffff]];
      let at = 0;
      let cost = 0;
      for (const token of new Parser(source).parse(0, source.length, costs)) {
        cost += costOf(token, source[at]);
        at += tokenSize(token);
      }
      expect(at).toBe(source.length);
      expect(cost).toBeCloseTo(leastCost(source, costOf), 9);
    }
  });

  /** Tries every copy from every place. */
  function leastCost(source: Uint8Array, costOf: (token: number, byte: number) => number): number {
    const best = new Array<number>(source.length + 1).fill(0);
    for (let at = source.length - 1; at >= 0; at--) {
      best[at] = costOf(source[at], source[at]) + best[at + 1];
      for (let distance = 1; distance < at; distance++) {
        for (
          let length = 1;
          source[at + length - 1] === source[at - distance + length - 1];
          length++
        ) {
          if (at + length > source.length) break;
          if (length < 3) continue;
          const cost = costOf((length << 16) | distance, 0) + best[at + length];
          best[at] = Math.min(best[at], cost);
        }
      }
    }
    return best[0];
  }
});

describe("blocks", () => {
  const random = new Random("blocks");
  const from = (first: number, size: number) =>
    Int32Array.from({ length: size }, () => first + random.below(20));

  test("end where the data changes, and not where it does not", () => {
    const logs = logarithms(20_000);
    expect(splitTokens(from(0, 5000), logs)).toEqual([5000]);
    const changing = Int32Array.from([...from(0, 4000), ...from(100, 4000), ...from(200, 100)]);
    const cuts = splitTokens(changing, logs);
    expect(cuts).toHaveLength(3);
    expect(Math.abs(cuts[0] - 4000)).toBeLessThan(64);
    expect(Math.abs(cuts[1] - 8000)).toBeLessThan(64);
    expect(cuts[2]).toBe(8100);
    expect(splitTokens(new Int32Array(0), logs)).toEqual([0]);
  });

  test("a code that is easier to describe is taken where it pays", () => {
    const tokens = Int32Array.from({ length: 300 }, (_, i) => (i < 200 ? i % 100 : 2 * (i - 200)));
    const counts = blockCounts(tokens, 0, tokens.length);
    expect(bestCode(counts).bits).toBeLessThan(plainCode(counts).bits);
    expect(sum(counts)).toBe(tokens.length + 1);
    expect(counts).toHaveLength(ALL_SYMBOLS);
  });
});

/** The best compressor: nothing is lost, nothing is larger than need be, every device takes it. */
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { compressLoadable, compressReference } from "../../src/image/compress.ts";
import { compressBest, smallest } from "../../src/image/compress-best.ts";
import { findMatches } from "../../src/image/deflate-matches.ts";
import { inflate } from "../../src/image/inflate.ts";
import { Random } from "../fuzz/random.ts";
import { data } from "./inputs.ts";

const COMMENT_END = 0;

/** Packs, and expects of the file all that holds for every one. @returns the file */
function packed(payload: Uint8Array): Uint8Array {
  const file = compressBest(payload);
  const { payload: unpacked, refusedCopy } = inflate(file, payload.length);
  expect(Buffer.compare(unpacked, payload)).toBe(0);
  expect(Buffer.compare(gunzipSync(file), payload)).toBe(0);
  expect(refusedCopy).toBeUndefined();
  expect(file.length).toBeGreaterThan(200);
  return file;
}

function filled(size: number, byte: (at: number, before: Uint8Array) => number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = byte(at, bytes);
  return bytes;
}

const noise = (size: number, below = 256) => {
  const random = new Random(`noise ${below}`);
  return filled(size, () => random.below(below));
};

describe("payloads of every kind", () => {
  const gaps = new Random("gaps");
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["one byte", Uint8Array.of(7)],
    ["two bytes", Uint8Array.of(7, 7)],
    ["three bytes", Uint8Array.of(7, 7, 7)],
    ["zeros", new Uint8Array(262_144)],
    ["noise", noise(262_144)],
    ["noise of exactly one window", noise(16_384)],
    ["noise of two windows", noise(32_768)],
    ["noise that a stored block cannot hold", noise(65_536)],
    ["two values", noise(40_000, 2)],
    ["few ones", filled(100_000, () => Number(gaps.chance(0.01)))],
    ["a period of 3", filled(70_000, (at) => at % 3)],
    ["a period of 258", filled(70_000, (at) => (at % 258) ** 2)],
    ["a period just beyond the window", filled(70_000, (at, all) => all[at - 16_385] ?? at * 7)],
    ["words", filled(60_000, (at) => (at % 4 === 0 ? (at * at) >> 5 : 0))],
    ["no distance at all", filled(256, (at) => at)],
  ])("%s", (_, payload) => {
    const file = packed(payload);
    const least = Math.max(201, payload.length + 5 * Math.ceil(payload.length / 65_535) + 18);
    expect(file.length).toBeLessThanOrEqual(least);
    if (payload.length < 3) return;
    const reference = compressReference(payload).length;
    expect(file.length).toBeLessThanOrEqual(Math.max(reference, 201));
  });
});

test("any payload, with more or less pattern in it", () => {
  const random = new Random("best");
  for (let i = 0; i < 60; i++) {
    const payload = toBytes(data(random, random.magnitude(3, i % 20 === 0 ? 100_000 : 6000)));
    const limit = Math.max(201, compressReference(payload).length);
    expect(packed(payload).length, `payload ${i}`).toBeLessThanOrEqual(limit);
  }
});

test("properties of payloads from parts that repeat", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => repeated(bytes, 40)),
  );
  const payloads = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 40 }))
    .map(([parts, order]) =>
      Buffer.concat([...parts, ...order.map((i) => parts[i % parts.length])]),
    )
    .map((buffer) => new Uint8Array(buffer));
  fc.assert(
    fc.property(payloads, (payload) => {
      packed(payload);
    }),
    { numRuns: 80, seed: 51 },
  );
});

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  return filled(bytes.length * times, (at) => bytes[at % bytes.length]);
}

describe("the first byte", () => {
  test.each([
    ["comes again with those after it", "abcdefgh-abcdefgh-abcdefgh"],
    ["is all there is", "a".repeat(5000)],
    ["and its two neighbours come again and again", "abc".repeat(300)],
    ["begins the only match", `${"xyz".padEnd(60, "0123456789")}!xyz?`],
  ])("%s", (_, text) => {
    packed(toBytes(text));
  });

  test("begins no match, the second one does", () => {
    const { starts, matches } = findMatches(toBytes("abcdefabcdef"));
    const found = [...matches.subarray(0, starts[12])].map((match) => [
      match >>> 16,
      match & 65_535,
    ]);
    expect(starts[7] - starts[6]).toBe(0);
    expect(found[0]).toEqual([5, 6]);
  });
});

test("copies come from as far as the window reaches, and no farther", () => {
  const block = noise(300);
  const gap = (length: number) => filled(length + 301, (at) => (at === 0 ? 1 : fill(at, length)));
  const fill = (at: number, length: number) => block[(at - 1) % length] ?? 255;
  const near = packed(gap(16_384)).length;
  const far = packed(gap(16_385)).length;
  expect(far - near).toBeGreaterThan(200);
});

test("a short file is filled up with a comment", () => {
  const file = packed(toBytes("return 1"));
  expect(file).toHaveLength(201);
  expect(file[3]).toBe(16);
  const end = file.indexOf(COMMENT_END, 10);
  expect(Buffer.from(file.subarray(10, end)).toString()).toMatch(/^ +$/);
});

test("the same payload becomes the same file, and is not changed", () => {
  const payload = toBytes(data(new Random("same"), 20_000));
  const copy = payload.slice();
  const file = compressBest(payload);
  expect(compressBest(copy)).toEqual(file);
  expect(payload).toEqual(copy);
  const within = new Uint8Array(payload.length + 20);
  within.set(payload, 9);
  expect(compressBest(within.subarray(9, 9 + payload.length))).toEqual(file);
});

describe("the reference's kind of file is taken where it is smaller", () => {
  const large = new Uint8Array(9999);
  const usual = noise(400);
  // Its first bytes come again.
  const refused = Uint8Array.from([...usual, ...usual.subarray(0, 20)]);
  refused.copyWithin(410, 0, 10);

  test("and loads", () => expect(smallest(large, usual)).toEqual(compressReference(usual)));

  test("not where devices refuse it: then another one", () => {
    expect(inflate(compressReference(refused), 1000).refusedCopy).toBeDefined();
    expect(smallest(large, refused)).toEqual(compressLoadable(refused));
  });

  test("not where it is too short to load: then one that is filled up", () => {
    const zeros = new Uint8Array(1000);
    expect(smallest(large, zeros)).toEqual(compressLoadable(zeros));
    expect(smallest(large, zeros)).toHaveLength(201);
  });

  test("not where it is larger", () => {
    const small = compressBest(usual);
    expect(smallest(small, usual)).toBe(small);
  });
});

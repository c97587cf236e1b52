/** The reference's compressor (lfs51.md §7): recorded files, and that any gzip unpacks them. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { distanceSymbol } from "../../src/image/bit-writer.ts";
import { compressReference } from "../../src/image/compress.ts";
import { DISTANCE_BASE, LENGTH_BASE, reversed } from "../../src/image/deflate-codes.ts";
import { Random } from "../fuzz/random.ts";
import { data } from "./inputs.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("recorded files", () => {
  test.each([
    ["abc 22 times", "abc".repeat(22), "1f8b08000000000004034b4c4aa61001000efb046642000000"],
    ["300 zeros", "\0".repeat(300), "1f8b080000000000040363180544070000d28f34b52c010000"],
    [
      "a match that gives way to a longer one",
      "the quick brown fox, the quicker brown fox, the quickest brown fox! ",
      "1f8b08000000000004032bc94855282ccd4cce56482aca2fcf5348cbafd051800ba61661172e2e41882b2a00008196bfff44000000",
    ],
  ])("%s", (_, text, file) => {
    expect(hex(compressReference(toBytes(text)))).toBe(file);
  });
});

test("what is packed can be unpacked", () => {
  const random = new Random("compress");
  for (let i = 0; i < 300; i++) {
    const payload = toBytes(data(random, random.magnitude(3, i % 50 === 0 ? 200_000 : 9000)));
    const unpacked = gunzipSync(compressReference(payload));
    expect(Buffer.compare(unpacked, payload), `payload ${i}`).toBe(0);
  }
});

test("the least payloads", () => {
  for (const text of ["abc", "aaa", "\0\0\0\0", "abcd"]) {
    expect(gunzipSync(compressReference(toBytes(text))).toString("latin1")).toBe(text);
  }
});

test("distances beyond the window are not used", () => {
  const random = new Random("window");
  const block = data(random, 300);
  const gap = (length: number) => block + "\xff".repeat(length - 300) + block;
  const near = compressReference(toBytes(gap(16_384)));
  const far = compressReference(toBytes(gap(16_385)));
  expect(far.length - near.length).toBeGreaterThan(200);
});

test("lengths and distances are those of deflate", () => {
  expect([...LENGTH_BASE.slice(0, 12)]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17]);
  expect([...LENGTH_BASE.slice(-4)]).toEqual([163, 195, 227, 258]);
  expect([...DISTANCE_BASE.slice(-3)]).toEqual([12_289, 16_385, 24_577]);
  expect(distanceSymbol(1)).toBe(0);
  expect(distanceSymbol(32_768)).toBe(29);
  for (let distance = 1; distance <= 32_768; distance++) {
    const symbol = distanceSymbol(distance);
    const next = DISTANCE_BASE[symbol + 1] ?? 32_769;
    if (distance < DISTANCE_BASE[symbol] || distance >= next) expect.fail(`distance ${distance}`);
  }
  expect(reversed(0b0011, 4)).toBe(0b1100);
});

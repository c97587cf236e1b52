/** Unpacking: whatever zlib makes, and clear errors for what is damaged or too much. */
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { crc32 } from "../../src/image/crc32.ts";
import { ImageError } from "../../src/image/errors.ts";
import { inflate } from "../../src/image/inflate.ts";
import { Random } from "../fuzz/random.ts";
import { data } from "./inputs.ts";

const LIMIT = 300_000;
const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
const STRATEGIES = [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE];

const bytes = (text: string) => toBytes(text);
const gzip = (text: string) => new Uint8Array(gzipSync(bytes(text)));

/** A gzip file around deflate data, with a true trailer. */
function wrap(deflated: Uint8Array, payload: Uint8Array, header = [0]): Uint8Array {
  const [flags, ...extra] = header;
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, crc32(payload), true);
  trailer.setUint32(4, payload.length, true);
  const start = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3, ...extra];
  return Uint8Array.of(...start, ...deflated, ...new Uint8Array(trailer.buffer));
}

function errorOf(run: () => unknown): ImageError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  return expect.fail("it was accepted");
}

test("the checksum is gzip's", () => {
  expect(crc32(bytes("123456789"))).toBe(0xcbf43926);
  expect(crc32(bytes(""))).toBe(0);
  expect(crc32(bytes("56789"), crc32(bytes("1234")))).toBe(0xcbf43926);
  const file = Buffer.from(gzip("some text of any length"));
  expect(crc32(bytes("some text of any length"))).toBe(file.readUInt32LE(file.length - 8));
});

test("all that zlib makes", () => {
  const random = new Random("inflate");
  for (let i = 0; i < 200; i++) {
    const payload = bytes(data(random, random.magnitude(1, i % 20 === 0 ? 250_000 : 5000)));
    const level = random.below(10);
    const strategy = random.pick(STRATEGIES);
    const file = gzipSync(payload, { level, strategy, windowBits: 14 });
    const inflated = inflate(new Uint8Array(file), LIMIT);
    const label = `${i}: level ${level}, strategy ${strategy}`;
    expect(Buffer.compare(inflated.payload, payload), label).toBe(0);
    // Runs may begin with the very first byte; other matches never do.
    if (strategy !== Z_RLE) expect(inflated.refusedCopy, label).toBeUndefined();
  }
});

test("header fields are skipped", () => {
  const payload = bytes("hello hello hello");
  const deflated = deflateRawSync(payload);
  const fields = [1 + 2 + 4 + 8 + 16, 3, 0, 7, 7, 7, 0x61, 0, 0x62, 0x63, 0, 9, 9];
  expect(inflate(wrap(deflated, payload, fields), LIMIT).payload).toEqual(payload);
});

describe("copies that a device refuses are noted", () => {
  test("from the very first byte", () => {
    const payload = bytes("abcabc");
    // Three literals and a match of 3 at distance 3: bits of the fixed codes.
    const deflated = Uint8Array.of(0x4b, 0x4c, 0x4a, 0x06, 0x22, 0x00);
    const { payload: unpacked, refusedCopy } = inflate(wrap(deflated, payload), LIMIT);
    expect(unpacked).toEqual(payload);
    expect(refusedCopy).toEqual({ position: 3, distance: 3 });
  });

  test("from too far back", () => {
    const block = data(new Random("far"), 200);
    const payload = bytes(`x${block}${"-".repeat(20_000)}${block}`);
    const { payload: unpacked, refusedCopy } = inflate(new Uint8Array(gzipSync(payload)), LIMIT);
    expect(unpacked).toEqual(payload);
    expect(refusedCopy?.distance).toBe(20_200);
  });
});

describe("errors", () => {
  const file = gzip("a text, a text, and another text");

  test("no gzip file", () => {
    expect(errorOf(() => inflate(new Uint8Array(50), LIMIT))).toMatchObject({
      code: "chunk-header",
      offset: 0,
      field: "gzip header",
    });
    expect(errorOf(() => inflate(new Uint8Array(), LIMIT)).code).toBe("chunk-truncated");
  });

  test("more than was announced, and less", () => {
    const more = file.slice();
    more[more.length - 4]--;
    expect(errorOf(() => inflate(more, LIMIT)).message).toMatch(/more than the 31 bytes/);
    const less = file.slice();
    less[less.length - 4]++;
    expect(errorOf(() => inflate(less, LIMIT)).message).toMatch(/32 bytes were unpacked/);
  });

  test("a wrong checksum", () => {
    const wrong = file.slice();
    wrong[wrong.length - 8] ^= 1;
    expect(errorOf(() => inflate(wrong, LIMIT)).message).toMatch(/checksum/);
  });

  test("bytes behind the end", () => {
    const { length } = file;
    const longer = Uint8Array.of(...file.slice(0, -4), 0, ...file.slice(-4));
    expect(errorOf(() => inflate(longer, LIMIT))).toMatchObject({ offset: length - 8 });
  });

  test.each([
    ["a kind of block that is not there", [0b111], /no such kind of block/],
    ["a stored block of damaged length", [1, 5, 0, 5, 0], /length is damaged/],
    ["a copy of what is not there yet", [0x03, 0x02, 0x00], /before the data/],
  ])("%s", (_, deflated, message) => {
    const payload = new Uint8Array(10);
    const damaged = wrap(Uint8Array.of(...deflated, 0, 0), payload);
    expect(errorOf(() => inflate(damaged, LIMIT)).message).toMatch(message);
  });

  test("a bomb is not unpacked", () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000)));
    expect(errorOf(() => inflate(bomb, LIMIT)).message).toMatch(/over the limit of 300000/);
    const disguised = bomb.slice();
    disguised.set([100, 0, 0, 0], disguised.length - 4);
    expect(errorOf(() => inflate(disguised, LIMIT)).message).toMatch(/more than the 100 bytes/);
  });

  test("whatever is damaged is refused or unpacked, and nothing else happens", () => {
    for (const level of [0, 1, 9]) {
      const payload = bytes(data(new Random("bad"), 400));
      const good = new Uint8Array(gzipSync(payload, { level }));
      for (let at = 0; at < good.length; at++) {
        for (const change of [1, 0x80, 0xff]) {
          const bad = good.slice();
          bad[at] ^= change;
          // Time and system in the header, and bits that fill up a byte, mean nothing.
          const same = Buffer.compare(unpackedOr(payload, bad), payload) === 0;
          if (!same) expect.fail(`level ${level}, byte ${at}, change ${change}`);
        }
        expect(errorOf(() => inflate(good.slice(0, at), LIMIT))).toBeInstanceOf(ImageError);
      }
    }
  });
});

/** What a file unpacks to, or `otherwise` when it is refused. */
function unpackedOr(otherwise: Uint8Array, file: Uint8Array): Uint8Array {
  try {
    return inflate(file, LIMIT).payload;
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
    return otherwise;
  }
}

/** Loading: what a good image leaves in flash, and what the device says to each bad one. */
import { describe, expect, test } from "vitest";
import type { LfsDevice } from "../../src/device/device.ts";
import { type LoadResult, reload } from "../../src/device/loader51.ts";
import { STEP_NAMES, type StepName } from "../../src/device/steps.ts";
import { pack } from "./damage.ts";
import { COPIES_FIRST_BYTE, PAIR_ADDRESS, PAIRS, TOO_SHORT } from "./fixtures.ts";
import {
  absoluteOf,
  compactOf,
  deviceFor,
  expectSame,
  flashOf,
  fromHex,
  madeUpFile,
  madeUpPayload,
  payloadOf,
  storedFile,
  TARGET_22,
  TARGET_30,
  TARGET_DEV,
} from "./support.ts";

const SUCCESS = "LFS region updated.  Restarting.";
const READ_ERROR = "read error on LFS image file";

describe.each(PAIRS)("$target", ({ target, compact, absolute }) => {
  test("holds the reference's absolute image after loading the compact one", () => {
    const device = deviceFor(target);
    const result = reload(device, { bytes: fromHex(compact) });
    const expected = fromHex(absolute);
    expected[0] &= ~1;
    expectSame(device.flash.read(0, expected.length), expected);
    expect(device.flash.word(expected.length)).toBe(0xffffffff);
    expect(result).toMatchObject({ end: "restarted", message: SUCCESS, lfs: "written" });
    expect(result).toMatchObject({ loaded: true, hazards: [], boot: { state: "loaded" } });
    expect(result.steps.map(({ name }) => name)).toEqual(STEP_NAMES);
    expect(result.steps.every(({ outcome }) => outcome === "passed")).toBe(true);
  });

  test("takes over another generation's image only by its signature", () => {
    for (const other of PAIRS) {
      const device = deviceFor(target);
      const { message } = reload(device, { bytes: fromHex(other.compact) });
      const [mine, theirs] = [absolute, other.absolute].map((hex) =>
        Number.parseInt(hex.slice(0, 2), 16),
      );
      const packedDiffers = ((mine ^ theirs) & 4) !== 0;
      const differs = packedDiffers ? "Incorrect LFS build type" : "incorrect LFS header signature";
      expect(message).toBe(mine === theirs ? SUCCESS : differs);
    }
  });
});

/** Expects a failure of the first pass: everything before the step passed, nothing was touched. */
function expectRefused(device: LfsDevice, result: LoadResult, step: StepName, message: string) {
  expect(result).toMatchObject({ end: "returned", message, lfs: "kept", loaded: false });
  const failed = result.steps.filter(({ outcome }) => outcome === "failed");
  expect(failed).toMatchObject([{ name: step, message }]);
  const at = STEP_NAMES.indexOf(step);
  const after = result.steps.slice(at + 1);
  expect(after.every(({ outcome }) => outcome === "not reached")).toBe(true);
  expect(device.flash.operations).toBe(0);
}

/** The payload of the fixture with words of its header changed, packed anew. */
function withHeader(words: Readonly<Record<number, number>>): Uint8Array {
  const payload = payloadOf(TARGET_30);
  const view = new DataView(payload.buffer);
  for (const [index, word] of Object.entries(words)) view.setUint32(Number(index) * 4, word, true);
  return pack(payload);
}

function withByte(file: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = file.slice();
  copy.set([byte], at < 0 ? file.length + at : at);
  return copy;
}

describe("the first pass refuses", () => {
  const good = compactOf(TARGET_30);
  const cases: [string, StepName, Uint8Array | undefined, string][] = [
    ["no file", "file", undefined, "LFS image file not found"],
    ["an empty file", "size", new Uint8Array(0), READ_ERROR],
    ["a file of 200 bytes", "size", good.slice(0, 200), READ_ERROR],
    ["what the reference makes of an empty module", "size", fromHex(TOO_SHORT), READ_ERROR],
    ["an absolute image", "inflate", absoluteOf(TARGET_30), READ_ERROR],
    ["another method", "inflate", withByte(good, 2, 9), READ_ERROR],
    ["reserved flags", "inflate", withByte(good, 3, 0x80), READ_ERROR],
    ["a block of type 3", "inflate", withByte(good, 10, 0x07), READ_ERROR],
    [
      "a copy of the first byte",
      "distance",
      fromHex(COPIES_FIRST_BYTE),
      "invalid dictionary offset on inflate",
    ],
    ["another version", "version", withHeader({ 0: 0xfafaa254 }), "Incorrect LFS header version"],
    ["unpacked values", "build", withHeader({ 0: 0xfafaa150 }), "Incorrect LFS build type"],
    [
      "integral numbers",
      "signature",
      withHeader({ 0: 0xfafaa156 }),
      "incorrect LFS header signature",
    ],
    [
      "a load in progress",
      "signature",
      withHeader({ 0: 0xfafaa15c }),
      "incorrect LFS header signature",
    ],
    [
      "a size over the region's",
      "fit",
      withHeader({ 1: 0x2001 }),
      "LFS Image too big for configured LFS region",
    ],
    [
      "a negative size",
      "fit",
      withHeader({ 1: 0xfffffffc }),
      "LFS Image too big for configured LFS region",
    ],
    ["an odd size", "length", withHeader({ 1: 885 }), "LFS length mismatch"],
    ["a size that is too small", "length", withHeader({ 1: 752 }), "LFS length mismatch"],
    ["no size", "length", withHeader({ 1: 0 }), "LFS length mismatch"],
    [
      "another checksum",
      "checksum",
      withByte(good, -5, good[good.length - 5] ^ 1),
      "checksum error on LFS image file",
    ],
  ];
  test.each(cases)("%s", (_, step, bytes, message) => {
    const device = deviceFor(TARGET_30);
    const result = reload(device, bytes && { bytes });
    expectRefused(device, result, step, message);
  });

  test("everything when there is no region, or one that cannot be written", () => {
    const device = deviceFor(TARGET_DEV);
    const file = { bytes: compactOf(TARGET_DEV) };
    const without = { ...device, region: undefined };
    expectRefused(device, reload(without, file), "region", "No LFS partition allocated");
    const embedded = { ...device, region: { offset: 0, size: 0x2000, mapped: 0, embedded: true } };
    expectRefused(device, reload(embedded, file), "region", "Not allowed to write to LFS section");
  });

  test("a file whose end or middle cannot be read", () => {
    const device = deviceFor(TARGET_30);
    const bytes = good;
    const end = reload(device, { bytes, unreadable: { pass: 1, offset: bytes.length - 1 } });
    expectRefused(device, end, "size", READ_ERROR);
    const start = reload(device, { bytes, unreadable: { pass: 1, offset: 0 } });
    expectRefused(device, start, "inflate", READ_ERROR);
  });

  test("when memory runs out, at each allocation in turn", () => {
    const device = deviceFor(TARGET_30);
    const file = { bytes: good };
    const { peakMemory } = reload(deviceFor(TARGET_30), file);
    const steps: Record<number, [StepName, string]> = {
      3000: ["memory", "Memory allocation error"],
      20000: ["blocks", "Memory allocation error"],
      22000: ["inflate", READ_ERROR],
      [peakMemory - 1]: ["bitmap", "Memory allocation error"],
    };
    for (const [freeHeap, [step, message]] of Object.entries(steps)) {
      const poor = { ...device, freeHeap: Number(freeHeap) };
      expectRefused(device, reload(poor, file), step, message);
    }
    expect(reload({ ...device, freeHeap: peakMemory }, file).loaded).toBe(true);
  });
});

test("memory grows with the image by its bitmap only, and older firmware takes one block more", () => {
  const peak = (target: string, size: number) =>
    reload(deviceFor(target, 0x40000), { bytes: madeUpFile(target, size) }).peakMemory;
  const bitmap = (size: number) => 4 * Math.ceil(size / 4 / 32);
  const base = peak(TARGET_30, 1000) - bitmap(1000);
  expect(base).toBe(9 * 2048 + 2048 + 1024 + 1564);
  expect(peak(TARGET_30, 0x40000)).toBe(base + bitmap(0x40000));
  expect(peak(TARGET_DEV, 0x10000)).toBe(base + bitmap(0x10000));
  expect(peak(TARGET_22, 1000)).toBe(base + 2048 + bitmap(1000));
});

describe("a good image is written", () => {
  test.each([1000, 2044, 2048, 2052, 4092, 4096, 4100, 6144, 20000, 0x10000])(
    "of %i bytes",
    (size) => {
      const device = deviceFor(TARGET_30, 0x11000);
      const old = new Uint8Array(0x11000).fill(0x5a);
      device.flash.flashFromOutside(0, old);
      const payload = madeUpPayload(TARGET_30, size);
      const result = reload(device, { bytes: pack(payload) });
      expect(result.loaded).toBe(true);
      expectSame(device.flash.read(0, size), relocated(payload, size));
      const sectors = Math.ceil(size / 4096);
      const erased = [...device.flash.eraseCounts].filter((count) => count === 2);
      expect(erased).toHaveLength(sectors);
      const rest = device.flash.read(size, sectors * 4096 - size);
      expect(rest.every((byte) => byte === 0xff)).toBe(true);
      const beyond = device.flash.read(sectors * 4096, 0x11000 - sectors * 4096);
      expect(beyond.every((byte) => byte === 0x5a)).toBe(true);
    },
  );

  test("and only its region is touched", () => {
    const small = deviceFor(TARGET_30, 0x6000);
    const region = { offset: 0x2000, size: 0x2000, mapped: PAIR_ADDRESS };
    const device = { ...small, region };
    small.flash.flashFromOutside(0, new Uint8Array(0x6000).fill(0x5a));
    expect(reload(device, { bytes: compactOf(TARGET_30) }).loaded).toBe(true);
    expect([...small.flash.eraseCounts]).toEqual([1, 1, 2, 1, 1, 1]);
    expect(small.flash.read(0, 0x2000).every((byte) => byte === 0x5a)).toBe(true);
    expect(small.flash.read(0x3000, 0x3000).every((byte) => byte === 0x5a)).toBe(true);
  });

  test("even when it lets the next boot down", () => {
    const device = deviceFor(TARGET_30);
    const result = reload(device, { bytes: madeUpFile(TARGET_30, 1000, 1000) });
    expect(result).toMatchObject({ end: "restarted", message: SUCCESS, lfs: "written" });
    expect(result).toMatchObject({ loaded: false, boot: { state: "refused" } });
  });
});

/** The image bytes with the refs of {@link madeUpPayload} replaced by addresses, worked out anew. */
function relocated(payload: Uint8Array, size: number): Uint8Array {
  const view = new DataView(payload.slice().buffer);
  for (let word = 0; word < size / 4; word++) {
    const marks = view.getUint8(size + 4 * Math.floor(word / 32) + Math.floor((word % 32) / 8));
    if (((marks >> (word % 8)) & 1) === 0) continue;
    const address = BigInt(view.getUint32(word * 4, true)) * 4n + BigInt(PAIR_ADDRESS);
    view.setUint32(word * 4, Number(BigInt.asUintN(32, address)), true);
  }
  return new Uint8Array(view.buffer, 0, size);
}

describe("the second pass", () => {
  const good = compactOf(TARGET_30);
  const worse = good.slice();
  worse[10] |= 7;
  const longCopy = fromHex(COPIES_FIRST_BYTE);
  const big = madeUpFile(TARGET_30, 0x4000);

  test.each([
    [
      "a file that cannot be read",
      { bytes: big, unreadable: { pass: 2, offset: 3000 } },
      READ_ERROR,
    ],
    [
      "data that became nonsense",
      { bytes: good, secondBytes: worse },
      "Data_error during decompression",
    ],
    [
      "a copy from too far",
      { bytes: good, secondBytes: longCopy },
      "invalid dictionary offset on inflate",
    ],
  ] as const)("erases everything after %s", (_, file, message) => {
    const device = deviceFor(TARGET_30, 0x8000);
    device.flash.flashFromOutside(0, new Uint8Array(0x8000).fill(0x5a));
    const result = reload(device, file);
    expect(result).toMatchObject({ end: "restarted", message, lfs: "erased", loaded: false });
    expect(result.steps.at(-2)).toMatchObject({ name: "write", outcome: "failed", message });
    expect(flashOf(device).every((byte) => byte === 0xff)).toBe(true);
    expect(result.boot).toEqual({ state: "empty", message: "No LFS image loaded" });
  });

  test("erases everything even when the image was complete", () => {
    const device = deviceFor(TARGET_30);
    const bytes = storedFile(madeUpPayload(TARGET_30, 0x1000), 0x1000);
    expect(reload(deviceFor(TARGET_30), { bytes }).loaded).toBe(true);
    const secondBlock = 10 + 5 + 0x1000;
    const result = reload(device, { bytes, secondBytes: withByte(bytes, secondBlock, 7) });
    expect(result).toMatchObject({ message: "Data_error during decompression", lfs: "erased" });
    expect(result.steps.at(-1)?.outcome).toBe("passed");
    expect(flashOf(device).every((byte) => byte === 0xff)).toBe(true);
  });

  test("of older firmware does not notice nonsense, and leaves an unfinished image", () => {
    const device = deviceFor(TARGET_22);
    const bytes = compactOf(TARGET_22);
    const result = reload(device, { bytes, secondBytes: withByte(bytes, 10, bytes[10] | 7) });
    expect(result).toMatchObject({ message: SUCCESS, lfs: "unfinished", loaded: false });
    expect(result.boot.state).toBe("empty");
  });
});

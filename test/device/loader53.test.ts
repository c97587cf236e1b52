/**
 * Loading images of Lua 5.3 (lua53.md §9.1): what ends up in flash, the refusals step by step, starts,
 * and power cuts.
 */
import { describe, expect, test } from "vitest";
import { boot53, inspectRegion53, type LfsDevice53 } from "../../src/device/boot53.ts";
import { NorFlash, PowerCut } from "../../src/device/flash.ts";
import { type LoadResult53, reload53 } from "../../src/device/loader53.ts";
import { powerCuts53 } from "../../src/device/power-cuts53.ts";
import { STEP_TITLES_53, type StepName53 } from "../../src/device/steps53.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { absoluteImage53, buildImage53 } from "../../src/image/build53.ts";
import { compactImage53 } from "../../src/image/compact53.ts";
import type { Target } from "../../src/target/target.ts";
import { makeProto53, TARGETS_53, target53 } from "../support/targets53.ts";
import { expectSame } from "./support.ts";

const OLDER = target53("esp8266-lua53");
const NEWER = target53("esp32-lua53");
const SECTOR = 4096;
const SIZE = 0x10000;
const MAPPED = 0x40220000;
const STEPS = Object.keys(STEP_TITLES_53) as StepName53[];

/** An image with a string of so many bytes, and of so many modules. */
function imageOf(target: Target, length = 3000, modules = 1) {
  const protos = Array.from({ length: modules }, (_, i) =>
    makeProto53({ source: `@m${i}.lua`, constants: [null, true, i, "x".repeat(length)] }),
  );
  return buildImage53(combineLookup53(protos, 1_700_000_000), { target, seed: 99 });
}

function fileOf(target: Target, length?: number, modules?: number) {
  return { name: "lfs.img", bytes: compactImage53(imageOf(target, length, modules)) };
}

function deviceOf(target: Target, more: Partial<LfsDevice53> = {}): LfsDevice53 {
  const region = { offset: 2 * SECTOR, size: SIZE, mapped: MAPPED };
  return { target, flash: new NorFlash(2 * SECTOR + SIZE), region, ...more };
}

function failedStep({ steps }: LoadResult53) {
  expect(steps.map(({ name }) => name)).toEqual(STEPS);
  const at = steps.findIndex(({ outcome }) => outcome === "failed");
  expect(steps.slice(0, at).every(({ outcome }) => outcome === "passed")).toBe(true);
  expect(steps.slice(at + 1).every(({ outcome }) => outcome === "not reached")).toBe(true);
  return steps[at];
}

describe.each(TARGETS_53)("a load for $name", (target) => {
  const device = deviceOf(target);
  const result = reload53(device, fileOf(target));

  test("passes every step and runs the image", () => {
    expect(result.steps.map(({ outcome }) => outcome)).toEqual(STEPS.map(() => "passed"));
    expect(result).toMatchObject({
      end: "restarted",
      message: undefined,
      lfs: "written",
      boot: { state: "loaded", message: "LFS image loaded" },
      loaded: true,
      hazards: [],
    });
  });

  test("leaves in flash what an absolute image holds, and nothing else", () => {
    const wanted = absoluteImage53(imageOf(target), MAPPED);
    expectSame(device.flash.read(2 * SECTOR, wanted.length), wanted);
    const rest = device.flash.read(2 * SECTOR + wanted.length, SIZE - wanted.length);
    expect(rest.every((byte) => byte === 0xff)).toBe(true);
    expect(device.flash.read(0, 2 * SECTOR).every((byte) => byte === 0xff)).toBe(true);
  });
});

describe("erasing", () => {
  test("blank sectors are left alone, others are not", () => {
    const device = deviceOf(OLDER);
    reload53(device, fileOf(OLDER, 6000));
    expect(Array.from(device.flash.eraseCounts)).toEqual(Array(18).fill(0));
    const { steps } = reload53(device, fileOf(OLDER, 3000));
    expect(Array.from(device.flash.eraseCounts.slice(0, 6))).toEqual([0, 0, 1, 1, 1, 0]);
    expect(steps.find(({ name }) => name === "erase")?.detail).toBe("3 of 16 sectors");
  });

  test("a sector that is blank but for its last byte is no blank one", () => {
    const device = deviceOf(OLDER);
    device.flash.program(3 * SECTOR - 4, Uint8Array.of(0xff, 0xff, 0xff, 0xfe));
    reload53(device, fileOf(OLDER));
    expect(device.flash.eraseCounts[2]).toBe(1);
  });
});

describe("a call that returns", () => {
  test.each([
    ["file system", { hasFileSystem: false }, "No file system mounted"],
    ["region", { region: undefined }, "No LFS partition allocated"],
  ])("without %s", (step, more, message) => {
    const result = reload53(deviceOf(OLDER, more), fileOf(OLDER));
    expect(result).toMatchObject({ end: "returned", message, lfs: "kept", loaded: false });
    expect(failedStep(result)).toMatchObject({ name: step, message });
  });

  test("without the file, with the same words", () => {
    const result = reload53(deviceOf(OLDER), undefined);
    expect(failedStep(result)).toMatchObject({
      name: "file",
      message: "No LFS partition allocated",
    });
  });
});

describe("a start that fails", () => {
  const good = fileOf(OLDER).bytes;
  const changed = (at: number, byte: number) => {
    const bytes = good.slice();
    bytes[at] = byte;
    return bytes;
  };
  const find = (text: string) => Buffer.from(good).indexOf(text, 0, "latin1");

  test.each<[StepName53, string, Uint8Array]>([
    ["header", "(null): invalid header in precompiled chunk", changed(0, 0)],
    ["header", "(null): format mismatch in precompiled chunk", changed(5, 10)],
    [
      "header",
      "(null): lua_Integer size mismatch in precompiled chunk",
      fileOf(target53("esp8266-lua53-64")).bytes,
    ],
    ["header", "(null): no string vector precompiled chunk", changed(find("\x19ss"), 0)],
    ["header", "(null): truncated precompiled chunk", new Uint8Array(0)],
    ["strings", "(null): no Proto vector precompiled chunk", changed(find("\x19pr"), 0)],
    ["strings", "(null): truncated precompiled chunk", good.subarray(0, 60)],
    ["functions", "(null): truncated precompiled chunk", good.subarray(0, -1)],
  ])("in its %s: %s", (step, message, bytes) => {
    const device = deviceOf(OLDER);
    reload53(device, fileOf(OLDER, 5000));
    const result = reload53(device, { name: "a", bytes });
    expect(result).toMatchObject({
      end: "restarted",
      message,
      loaded: false,
      peakMemory: expect.any(Number),
    });
    expect(failedStep(result)).toMatchObject({ name: step, message });
    // The header comes last, so there is none.
    expect(result.boot).toEqual({ state: "empty" });
    expect(boot53(device)).toEqual({ state: "empty" });
  });

  test("what was collected and not yet written is lost", () => {
    const device = deviceOf(OLDER);
    const result = reload53(device, { name: "a", bytes: good.subarray(0, -1) });
    // The strings are flushed on their own; of the functions nothing fills a block.
    const words = Array.from({ length: SIZE / 4 }, (_, i) => device.flash.word(2 * SECTOR + i * 4));
    const last = words.findLastIndex((word) => word !== 0xffffffff);
    const image = absoluteImage53(imageOf(OLDER), MAPPED);
    const buckets = new DataView(image.buffer).getUint32(6 * 4, true);
    const count = new DataView(image.buffer).getUint32(5 * 4, true);
    expect(last).toBe(buckets + count - 1);
    expect(result.lfs).toBe("unfinished");
  });

  test("for want of memory", () => {
    const needed = reload53(deviceOf(OLDER), fileOf(OLDER, 30_000)).peakMemory;
    expect(needed).toBeGreaterThan(8192 + 30_000);
    const enough = deviceOf(OLDER, { freeHeap: needed });
    expect(reload53(enough, fileOf(OLDER, 30_000)).loaded).toBe(true);
    const result = reload53(deviceOf(OLDER, { freeHeap: needed - 1 }), fileOf(OLDER, 30_000));
    expect(failedStep(result)).toMatchObject({
      message: "not enough memory",
      detail: `${needed} bytes needed, ${needed - 1} there`,
    });
    const none = reload53(deviceOf(OLDER, { freeHeap: 4096 }), fileOf(OLDER));
    expect(failedStep(none).name).toBe("memory");
  });

  test("where the loader would leave its memory, nobody knows how it ends", () => {
    const counts = changed(find("\x19ss") + 3, 1);
    const result = reload53(deviceOf(OLDER), { name: "a", bytes: counts });
    expect(result).toMatchObject({ end: "stuck", message: undefined, loaded: false });
    expect(result.hazards.length).toBe(1);
  });
});

describe("names of files", () => {
  const named = (length: number) => ({ ...fileOf(NEWER), name: "n".repeat(length) });

  test("above 30 bytes are not read back by the newer firmware", () => {
    expect(reload53(deviceOf(NEWER), named(30)).loaded).toBe(true);
    const device = deviceOf(NEWER);
    reload53(device, fileOf(NEWER));
    const result = reload53(device, named(31));
    expect(result).toMatchObject({ end: "restarted", lfs: "kept", loaded: false });
    expect(result.boot.state).toBe("loaded");
    expect(failedStep(result).name).toBe("open");
  });

  test("do not matter to the older one", () => {
    expect(reload53(deviceOf(OLDER), { ...fileOf(OLDER), name: "n".repeat(31) }).loaded).toBe(true);
  });
});

describe("an image that does not fit", () => {
  const region = { offset: 0, size: 2 * SECTOR, mapped: MAPPED };
  const file = fileOf(OLDER, 6000);

  test("is written over what follows the region", () => {
    const flash = new NorFlash(4 * SECTOR);
    const result = reload53({ target: OLDER, flash, region }, file);
    expect(result).toMatchObject({ end: "restarted", lfs: "written", loaded: false });
    expect(result.hazards).toEqual([expect.stringContaining("larger than the region")]);
    expect(flash.word(2 * SECTOR)).not.toBe(0xffffffff);
    expect(result.boot.state).toBe("broken");
  });

  test("ends at the end of the flash", () => {
    const flash = new NorFlash(2 * SECTOR);
    const result = reload53({ target: OLDER, flash, region }, file);
    expect(result).toMatchObject({ end: "stuck", lfs: "unfinished", loaded: false });
  });

  test("fits when it takes just the region", () => {
    const size = (length: number) => absoluteImage53(imageOf(OLDER, length), 0).length;
    const length = 6000 - (size(6000) - 2 * SECTOR);
    expect(size(length)).toBe(2 * SECTOR);
    const flash = new NorFlash(2 * SECTOR);
    expect(reload53({ target: OLDER, flash, region }, fileOf(OLDER, length)).loaded).toBe(true);
  });
});

describe("a start", () => {
  test.each([
    [0xffffffff, "empty"],
    [0, "empty"],
    [0xfafaa251, "refused"],
    [0x12345678, "refused"],
    [0xfafaa250, "broken"],
  ])("with %i in front", (word, state) => {
    const device = deviceOf(OLDER);
    const bytes = Uint8Array.of(word, word >> 8, word >> 16, word >> 24);
    device.flash.program(2 * SECTOR, bytes);
    expect(inspectRegion53(device).state).toBe(state);
    expect(device.flash.word(2 * SECTOR)).toBe(word);
    const found = boot53(device);
    expect(found.state).toBe(state);
    // What it does not know it erases.
    expect(device.flash.word(2 * SECTOR)).toBe(state === "refused" ? 0xffffffff : word);
    if (state === "refused") expect(found).toMatchObject({ message: "LFS image corrupted." });
  });

  test("with the signature of other numbers erases the image", () => {
    const device = deviceOf(target53("esp32-lua53-64"));
    expect(reload53(device, fileOf(device.target)).loaded).toBe(true);
    const other = { ...device, target: target53("esp32-lua53-double") };
    expect(boot53(other).state).toBe("refused");
    expect(boot53(other).state).toBe("empty");
  });

  test("without a region says nothing", () => {
    expect(boot53(deviceOf(OLDER, { region: undefined }))).toEqual({ state: "no region" });
  });

  test("after a load into an embedded region never finds it again", () => {
    const region = { offset: 0, size: SIZE, mapped: MAPPED, embedded: true };
    const flash = new NorFlash(SIZE);
    flash.flashFromOutside(0, absoluteImage53(imageOf(NEWER), MAPPED));
    const device = { target: NEWER, flash, region };
    expect(boot53(device).state).toBe("loaded");
    const result = reload53(device, fileOf(NEWER));
    expect(result).toMatchObject({ end: "restarted", lfs: "kept", boot: { state: "empty" } });
    expect(result.hazards.length).toBe(1);
  });
});

describe("power cuts", () => {
  const device = deviceOf(OLDER);
  reload53(device, fileOf(OLDER, 5000));
  const { load, operations, ranges } = powerCuts53(device, fileOf(OLDER, 3000));
  const words = absoluteImage53(imageOf(OLDER, 3000), MAPPED).length / 4;

  test("leave the old image, none, a header in part, or the new one", () => {
    expect(load.loaded).toBe(true);
    const erases = 2;
    expect(operations).toBe(erases + words);
    const untilHeader = operations - 12;
    expect(ranges.map(({ first, last, holds, boot }) => [first, last, holds, boot.state])).toEqual([
      [0, 0, "old", "loaded"],
      [1, untilHeader, "neither", "empty"],
      [untilHeader + 1, untilHeader + 9, "neither", "broken"],
      [untilHeader + 10, operations - 1, "neither", "loaded"],
      [operations, operations, "new", "loaded"],
    ]);
  });

  test("are what a real cut leaves", () => {
    for (const { first, last, boot } of ranges) {
      for (const done of new Set([first, last])) {
        if (done === operations) continue;
        const copy = { ...device, flash: device.flash.clone() };
        copy.flash.cutPowerAfter(done);
        expect(() => reload53(copy, fileOf(OLDER, 3000))).toThrow(PowerCut);
        copy.flash.restorePower();
        expect(inspectRegion53(copy)).toEqual(boot);
      }
    }
  });
});

/** A power cut at every point of a load: what the report says is what a real cut leaves. */
import { describe, expect, test } from "vitest";
import { boot } from "../../src/device/boot51.ts";
import type { LfsDevice } from "../../src/device/device.ts";
import { PowerCut } from "../../src/device/flash.ts";
import { reload } from "../../src/device/loader51.ts";
import { powerCuts } from "../../src/device/power-cuts.ts";
import { PAIRS } from "./fixtures.ts";
import {
  compactOf,
  deviceFor,
  expectSame,
  flashOf,
  madeUpFile,
  TARGET_22,
  TARGET_30,
  TARGET_DEV,
} from "./support.ts";

const IN_PROGRESS: Readonly<Record<string, string>> = {
  [TARGET_22]: "Flash sig not correct: fafaa158 vs fafaa150",
  [TARGET_30]: "Flash sig not correct: 0xfafaa15c vs 0xfafaa154",
  [TARGET_DEV]: "LFS sig not correct: 0xfafaa15c vs expected 0xfafaa154",
};

/** A device that runs an image already. */
function loadedDevice(target: string, size: number): LfsDevice {
  const device = deviceFor(target, size);
  expect(reload(device, { bytes: madeUpFile(target, size - 512) }).loaded).toBe(true);
  return device;
}

describe.each(Object.keys(IN_PROGRESS))("%s", (target) => {
  const size = 0x3000;
  const file = { bytes: madeUpFile(target, 0x2804) };
  const device = loadedDevice(target, size);
  const { load, operations, ranges } = powerCuts(device, file);

  test("has the four states, in their order", () => {
    const words = 0x2804 / 4;
    expect(operations).toBe(3 + words + 1);
    expect(ranges.map(({ first, last, holds }) => [first, last, holds])).toEqual([
      [0, 0, "old"],
      [1, 3, "neither"],
      [4, 3 + words, "neither"],
      [4 + words, 4 + words, "new"],
    ]);
    expect(ranges.map(({ boot: found }) => found)).toMatchObject([
      { state: "loaded", header: { size: size - 512 } },
      { state: "empty", message: "No LFS image loaded" },
      { state: "refused", message: IN_PROGRESS[target] },
      { state: "loaded", header: { size: 0x2804 } },
    ]);
    expect(ranges[1].from).toEqual({ kind: "erase", sector: 0 });
    expect(ranges[3].to).toMatchObject({ kind: "program", offset: 0 });
    expect(load.loaded).toBe(true);
  });

  test("leaves the device alone", () => {
    const before = flashOf(device);
    powerCuts(device, file);
    expectSame(flashOf(device), before);
  });
});

describe.each(PAIRS)("$target", ({ target }) => {
  test("every real cut leaves what the report says, and a reload then works", () => {
    const device = loadedDevice(target, 0x1000);
    const file = { bytes: compactOf(target) };
    const { operations, ranges } = powerCuts(device, file);
    for (let done = 0; done <= operations; done++) {
      const cut = { ...device, flash: device.flash.clone() };
      const before = flashOf(cut);
      cut.flash.cutPowerAfter(done);
      if (done < operations) expect(() => reload(cut, file)).toThrow(PowerCut);
      else expect(reload(cut, file).loaded).toBe(true);
      cut.flash.restorePower();
      const range = ranges.find(({ first, last }) => first <= done && done <= last);
      expect(boot(cut)).toEqual(range?.boot);
      if (done === 0) expectSame(flashOf(cut), before);
      expect(reload(cut, file).loaded).toBe(true);
    }
  });
});

test("a refused file means no cut that matters", () => {
  const device = loadedDevice(TARGET_30, 0x1000);
  const { operations, ranges, load } = powerCuts(device, { bytes: new Uint8Array(300) });
  expect([operations, load.end, load.lfs]).toEqual([0, "returned", "kept"]);
  expect(ranges).toMatchObject([{ first: 0, last: 0, holds: "old", boot: { state: "loaded" } }]);
});

test("a load that fails in the second pass ends without any image", () => {
  const device = loadedDevice(TARGET_30, 0x3000);
  const bytes = madeUpFile(TARGET_30, 0x2000);
  const { ranges } = powerCuts(device, { bytes, unreadable: { pass: 2, offset: 5000 } });
  expect(ranges.map(({ holds, boot: found }) => [holds, found.state])).toEqual([
    ["old", "loaded"],
    ["neither", "empty"],
    ["neither", "refused"],
    ["neither", "empty"],
  ]);
});

/** What the boot check says to each header, and in which words. */
import { describe, expect, test } from "vitest";
import { boot } from "../../src/device/boot51.ts";
import { PAIR_ADDRESS, PAIRS } from "./fixtures.ts";
import {
  absoluteOf,
  deviceFor,
  expectSame,
  flashOf,
  fromHex,
  TARGET_22,
  TARGET_30,
  TARGET_DEV,
} from "./support.ts";

/** Boots a device whose region holds these bytes. */
function bootWith(target: string, content: Uint8Array, mapped = PAIR_ADDRESS) {
  const device = deviceFor(target, 0x2000, mapped);
  device.flash.flashFromOutside(0, content);
  const before = flashOf(device);
  const result = boot(device);
  expectSame(flashOf(device), before);
  return result;
}

/** The absolute image of a fixture with one word changed. */
function withWord(target: string, index: number, word: number): Uint8Array {
  const image = absoluteOf(target);
  new DataView(image.buffer).setUint32(index * 4, word, true);
  return image;
}

describe.each(PAIRS)("$target", ({ target, absolute }) => {
  const image = fromHex(absolute);

  test("boots with its absolute image", () => {
    const result = bootWith(target, image);
    if (result.state !== "loaded") throw new Error(result.state);
    expect(result.header).toMatchObject({
      size: image.length,
      main: PAIR_ADDRESS + image.length - 72,
      hashTable: PAIR_ADDRESS + 32,
      strings: 11,
    });
    expect(result.header.signature & 1).toBe(1);
  });

  test("says that there is nothing", () => {
    const empty = { state: "empty", message: "No LFS image loaded" };
    expect(boot(deviceFor(target))).toEqual(empty);
    expect(bootWith(target, withWord(target, 0, 0))).toEqual(empty);
  });

  test("takes what main's distance allows", () => {
    const inside = image.length - 72;
    expect(bootWith(target, image, PAIR_ADDRESS + inside).state).toBe("loaded");
    expect(bootWith(target, image, PAIR_ADDRESS + inside + 4).state).toBe("refused");
    expect(bootWith(target, image, PAIR_ADDRESS - 68).state).toBe("loaded");
    expect(bootWith(target, image, PAIR_ADDRESS - 72).state).toBe("refused");
  });
});

test("without a region there is nothing to say", () => {
  expect(boot({ ...deviceFor(TARGET_30), region: undefined })).toEqual({ state: "no region" });
});

describe("the words of each generation", () => {
  test.each([
    [TARGET_30, 0xfafaa15c, "Flash sig not correct: 0xfafaa15c vs 0xfafaa154"],
    [TARGET_30, 0x0000a151, "Flash sig not correct: 0x0000a150 vs 0xfafaa154"],
    [TARGET_DEV, 0x0000a151, "LFS sig not correct: 0xa150 vs expected 0xfafaa154"],
    [TARGET_22, 0x0000a155, "Flash sig not correct: a154 vs fafaa150"],
  ])("%s, signature %i", (target, signature, message) => {
    expect(bootWith(target, withWord(target, 0, signature))).toEqual({ state: "refused", message });
  });

  const TABLE_30 = "Flash size check failed: 0xffffffff vs 0xFFFFFFFF; 0x0000032c >= 0x00000374";
  test.each([
    [TARGET_30, 3, 0xffffffff, TABLE_30],
    [TARGET_DEV, 3, 0xffffffff, TABLE_30],
    [TARGET_22, 3, 0xffffffff, "Flash size check failed: 34c vs 0xFFFFFFFF; 394 >= ?"],
    [
      TARGET_30,
      2,
      PAIR_ADDRESS + 0x1000,
      "Flash size check failed: 0x40250020 vs 0xFFFFFFFF; 0x00001000 >= 0x00000374",
    ],
    [
      TARGET_30,
      2,
      PAIR_ADDRESS - 4,
      "Flash size check failed: 0x40250020 vs 0xFFFFFFFF; 0xfffffffc >= 0x00000374",
    ],
    [TARGET_22, 2, PAIR_ADDRESS + 0x1000, "Flash size check failed: 1000 vs 0xFFFFFFFF; 394 >= ?"],
  ])("%s, word %i as %i", (target, index, word, message) => {
    expect(bootWith(target, withWord(target, index, word))).toEqual({ state: "refused", message });
  });
});

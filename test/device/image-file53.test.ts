/** From a lookup combination to the file of a Lua 5.3 image, tried on the simulated device. */
import { describe, expect, test } from "vitest";
import type { ImageOptions } from "../../src/device/image-file.ts";
import { imageFile53 } from "../../src/device/image-file53.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { derivedSeed53 } from "../../src/image/build53.ts";
import { ImageSizeError } from "../../src/image/errors.ts";
import { readImage53 } from "../../src/image/read53.ts";
import { makeProto53, TARGETS_53, target53 } from "../support/targets53.ts";

const TARGET = target53("esp8266-lua53");
const MAIN = combineLookup53(
  [
    makeProto53({
      source: "@a.lua",
      locals: [{ name: "x", startPc: 0, endPc: 1 }],
      lineInfo: [1, 2, 3, 4, 0],
    }),
    makeProto53({ source: "@b.lua", constants: ["text"] }),
  ],
  1_700_000_000,
);

const OPTIONS: ImageOptions = {
  target: TARGET,
  address: 0,
  limit: 0x40000,
  strip: "nothing",
  compression: "reference",
  exact: false,
};

describe.each(TARGETS_53)("for $name", (target) => {
  test.each([0, 0x40210000])("at address %i it loads and is read back", (address) => {
    const { file, size, fullSize, loads } = imageFile53(MAIN, { ...OPTIONS, target, address });
    expect(loads).toBe(true);
    expect(fullSize).toBe(size);
    const image = readImage53(file);
    expect(image).toMatchObject({ base: address, kind: address === 0 ? "compact" : "absolute" });
    expect(image.header.size).toBe(size);
    expect(image.main).toEqual(MAIN);
  });
});

test("the seed is the one that is given, or made from the content", () => {
  const seedOf = (seed?: number) =>
    readImage53(imageFile53(MAIN, { ...OPTIONS, seed }).file).header.seed;
  expect(seedOf(0xfedcba98)).toBe(0xfedcba98);
  expect(seedOf()).toBe(derivedSeed53(MAIN, { target: TARGET }));
});

test("names, and then line info, can be left out", () => {
  const sizes = (["nothing", "as-reference", "all"] as const).map((strip) => {
    const { size, fullSize, loads } = imageFile53(MAIN, { ...OPTIONS, strip });
    expect(loads).toBe(true);
    return { size, fullSize };
  });
  const [full, named, bare] = sizes;
  expect(full.size - named.size).toBe(12);
  expect(named.size - bare.size).toBe(8 + 4);
  for (const { fullSize } of sizes) expect(fullSize).toBe(full.size);
});

test("an image over the limit is refused", () => {
  const { size } = imageFile53(MAIN, OPTIONS);
  expect(() => imageFile53(MAIN, { ...OPTIONS, limit: size - 1 })).toThrow(ImageSizeError);
  expect(imageFile53(MAIN, { ...OPTIONS, limit: size }).size).toBe(size);
});

test("an image that no device of the older chip has the memory to load", () => {
  const constants = ["x".repeat(90_000)];
  const huge = combineLookup53([makeProto53({ constants })], 0);
  const refusal = "the device refuses it: not enough memory";
  expect(() => imageFile53(huge, OPTIONS)).toThrow(refusal);
  expect(imageFile53(huge, { ...OPTIONS, exact: true })).toMatchObject({
    loads: false,
    refusal: "not enough memory",
  });
  expect(imageFile53(huge, { ...OPTIONS, target: target53("esp32-lua53") }).loads).toBe(true);
  // It only needs memory when it is loaded; a tool may flash it.
  expect(imageFile53(huge, { ...OPTIONS, address: 0x40210000 }).loads).toBe(true);
});

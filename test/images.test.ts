/** Images in the public API: read, converted, tried, measured, for callers who have only bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absoluteImage51, buildImage51, compactImage51 } from "../src/image/build51.ts";
import {
  compareSizes,
  convertImage,
  ImageError,
  LuacrossError,
  measureImage,
  powerCuts,
  readImage,
  verifyImage,
} from "../src/index.ts";
import { PAIR_ADDRESS, PAIRS } from "./device/fixtures.ts";
import { absoluteOf, compactOf, TARGET_30 } from "./device/support.ts";
import { Random } from "./fuzz/random.ts";
import { program } from "./image/inputs.ts";
import { combine, IMAGE_TARGETS } from "./image/subject.ts";

describe.each(PAIRS.map(({ target }) => target))("an image for %s", (target) => {
  const [compact, absolute] = [compactOf(target), absoluteOf(target)];

  test("is read, converted, tried and measured", () => {
    const image = readImage(compact);
    expect(image.targets.map(({ name }) => name)).toContain(target);
    expect(image.modules.map(({ name }) => name)).toEqual(["a", "mod"]);
    expect(readImage(absolute)).toMatchObject({ base: PAIR_ADDRESS, main: image.main });
    expect(convertImage(compact, { address: PAIR_ADDRESS })).toEqual(absolute);
    expect(convertImage(absolute)).toEqual(compact);
    expect(verifyImage(compact, { target, regionSize: 4096 })).toMatchObject({ sound: true });
    expect(verifyImage(absolute)).toMatchObject({ sound: true, way: "flash" });
    expect(powerCuts(compact).ranges).toHaveLength(4);
    const sizes = measureImage(compact);
    expect(sizes.total).toBe(image.header.size);
    expect(
      compareSizes(sizes, measureImage(absolute)).modules.every(
        ({ before, after }) => before === after,
      ),
    ).toBe(true);
  });
});

test("whatever is built is read back; compact and absolute become each other", () => {
  const seed = fc.integer({ min: 0, max: 1e9 });
  const size = fc.integer({ min: 0, max: 40 });
  // No image reaches beyond the last address.
  const address = fc.integer({ min: 0x1000, max: 0xfff00 }).map((page) => page * 4096);
  const target = fc.constantFrom(...IMAGE_TARGETS);
  const property = fc.property(seed, size, address, target, (number, statements, base, row) => {
    const random = new Random(String(number));
    const inputs = { "a.lua": program(random, statements), "b.lua": program(random, 3) };
    const main = combine(inputs, row, 7);
    const image = buildImage51(main, { target: row });
    const [compact, absolute] = [compactImage51(image), absoluteImage51(image, base)];
    expect(readImage(compact).modules.map(({ proto }) => proto.code)).toEqual(
      main.protos.map(({ code }) => code),
    );
    expect(readImage(absolute).main).toEqual(readImage(compact).main);
    expect(convertImage(compact, { address: base })).toEqual(absolute);
    expect(convertImage(absolute)).toEqual(compact);
    expect(verifyImage(compact, { target: row })).toMatchObject({ sound: true });
    expect(verifyImage(absolute, { target: row })).toMatchObject({ sound: true });
  });
  fc.assert(property, { numRuns: 80 });
});

test("what is handed in is not changed, be it a part of a larger buffer of Node's", () => {
  for (const file of [compactOf(TARGET_30), absoluteOf(TARGET_30)]) {
    const larger = Buffer.concat([Buffer.alloc(3), file, Buffer.alloc(5)]);
    const part = larger.subarray(3, 3 + file.length);
    expect(readImage(part).modules).toHaveLength(2);
    expect(convertImage(part)).toEqual(compactOf(TARGET_30));
    expect(convertImage(part, { address: PAIR_ADDRESS })).toEqual(absoluteOf(TARGET_30));
    expect(verifyImage(part)).toMatchObject({ sound: true });
    expect(measureImage(part)).toEqual(measureImage(file));
    expect(new Uint8Array(part)).toEqual(file);
  }
});

describe("the wrong thing gets a sentence", () => {
  const compact = compactOf(TARGET_30);

  test("what is no image, or no bytes", () => {
    const noBytes = "image" as unknown as Uint8Array;
    for (const use of [readImage, convertImage, verifyImage, powerCuts, measureImage]) {
      expect(() => use(new TextEncoder().encode("return 1"))).toThrow(/no flash image/);
      expect(() => use(noBytes)).toThrow("image must be a Uint8Array");
      expect(() => use(compact.slice(0, 300))).toThrow(ImageError);
    }
  });

  test.each([-4096, 0, 100, 2 ** 40, Number.NaN])("a region of %d bytes", (regionSize) => {
    expect(() => verifyImage(compact, { regionSize })).toThrow(LuacrossError);
  });

  test.each([-4, 2, 2 ** 32, 0.5, Number.NaN])("an address of %d", (address) => {
    expect(() => convertImage(compact, { address })).toThrow(/an image cannot lie at/);
    expect(() => verifyImage(compact, { address })).toThrow(/an image cannot lie at/);
  });

  test("a target that is not there", () => {
    expect(() => verifyImage(compact, { target: "esp" })).toThrow(/unknown target/);
  });
});

/** Recorded images, packed as well as can be, loads on the simulated device of its target. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { LuacrossError } from "../../src/base/errors.ts";
import { loadAlone51 } from "../../src/device/loadable51.ts";
import { reload } from "../../src/device/loader51.ts";
import { compactImage51, compactPayload51 } from "../../src/image/build51.ts";
import { compressBest } from "../../src/image/compress-best.ts";
import { readImage51 } from "../../src/image/read51.ts";
import { Random } from "../fuzz/random.ts";
import { program } from "../image/inputs.ts";
import { IMAGE_TARGETS, imageOf } from "../image/subject.ts";
import { IMAGE_VECTORS, RECORDED_TIME } from "../vectors/lfs51/cases.ts";
import { formOf } from "../vectors/lfs51/form.ts";
import { deviceFor, madeUpPayload, TARGET_30 } from "./support.ts";

describe.each(IMAGE_TARGETS.map((target) => [target.name, target] as const))("%s", (_, target) => {
  // Each image on one target; all on all would take minutes.
  const turn = IMAGE_TARGETS.indexOf(target);
  const itsTurn = IMAGE_VECTORS.filter((_, i) => i % IMAGE_TARGETS.length === turn);

  test("the recorded images", () => {
    let loaded = 0;
    for (const { name, inputs, limit } of itsTurn) {
      const image = built(() => imageOf(inputs(formOf(target)), target, RECORDED_TIME, { limit }));
      if (!image) continue;
      const file = compressBest(compactPayload51(image));
      expect(loadAlone51(file, target), name).toMatchObject({ loaded: true, hazards: [] });
      expect(file.length, name).toBeLessThanOrEqual(Math.max(201, compactImage51(image).length));
      expect(readImage51(file, { allowBadCode: true }).image, name).toEqual(image);
      loaded++;
    }
    expect(loaded).toBeGreaterThan(4);
  });

  test("one of several modules is much smaller than what others make of it", () => {
    const random = new Random("large image");
    const modules = Array.from({ length: 8 }, (_, i) => [`m${i}.lua`, program(random, 50)]);
    const image = imageOf(Object.fromEntries(modules), target, RECORDED_TIME);
    const payload = compactPayload51(image);
    const file = compressBest(payload);
    expect(loadAlone51(file, target).loaded).toBe(true);
    expect(file.length).toBeLessThan(0.9 * compactImage51(image).length);
    const zlib = gzipSync(payload, { level: 9, windowBits: 14, memLevel: 9 });
    expect(file.length).toBeLessThan(0.97 * zlib.length);
  });
});

/** @returns undefined for what the reference refuses, too */
function built<T>(build: () => T): T | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof LuacrossError) return undefined;
    throw error;
  }
}

describe("made-up images of any content", () => {
  const HEADER = 32;
  const random = new Random("made up");
  const contents: [string, (at: number) => number][] = [
    ["noise", () => random.below(256)],
    ["zeros", () => 0],
    ["the first bytes again and again", (at) => FIRST[at % 12]],
    ["a period", (at) => (at * at) % 251],
    ["words", (at) => (at % 4 === 0 ? random.below(40) : 0)],
  ];
  const FIRST = madeUpPayload(TARGET_30, 1000);

  test.each(contents)("%s", (_, byte) => {
    for (const size of [200, 2048, 20_000, 32_768, 0x40000]) {
      const payload = madeUpPayload(TARGET_30, size);
      for (let at = HEADER; at < size; at++) payload[at] = byte(at);
      const device = deviceFor(TARGET_30, 0x40000);
      const result = reload(device, { bytes: compressBest(payload) });
      expect(result, `${size} bytes`).toMatchObject({ loaded: true, hazards: [] });
    }
  });
});

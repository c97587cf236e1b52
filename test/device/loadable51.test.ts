/** No compact image is written that its device would refuse. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { loadAlone51, loadableCompact51 } from "../../src/device/loadable51.ts";
import { buildImage51, compactImage51, compactPayload51 } from "../../src/image/build51.ts";
import { readImage51 } from "../../src/image/read51.ts";
import { Random } from "../fuzz/random.ts";
import { data } from "../image/inputs.ts";
import { IMAGE_TARGETS, type Inputs, imageOf } from "../image/subject.ts";
import { makeProto } from "../support/make-proto.ts";

const TIME = 1_700_000_000;

describe.each(IMAGE_TARGETS.map((target) => [target.name, target] as const))("%s", (_, target) => {
  const make = (inputs: Inputs) => imageOf(inputs, target, TIME);

  test("the reference's bytes, where the device takes them", () => {
    const image = make({ "app.lua": "print(1)", "mod.lua": "return function() return 'x' end" });
    const { file, instead } = loadableCompact51(image, target);
    expect(instead).toBeUndefined();
    expect(file).toEqual(compactImage51(image));
  });

  test("a file that is long enough, where the reference's is not", () => {
    const image = buildImage51(makeProto(), { target });
    const exact = compactImage51(image);
    expect(exact.length).toBeLessThanOrEqual(200);
    expect(loadAlone51(exact, target)).toMatchObject({ loaded: false });
    const { file, instead } = loadableCompact51(image, target);
    expect(file).toHaveLength(201);
    expect(instead).toMatch(
      /refuse the original's bytes: read error on LFS image file \(\d+ bytes/,
    );
    expect(new Uint8Array(gunzipSync(file))).toEqual(compactPayload51(image));
    expect(readImage51(file).image).toEqual(image);
    expect(loadAlone51(file, target)).toMatchObject({ loaded: true, hazards: [] });
  });

  test("a file without a copy from the first byte, where the reference's has one", () => {
    const [a, b, c] = compactPayload51(make({ "a.lua": "" }));
    const image = make({ "a.lua": `return "\\${a}\\${b}\\${c}", "a text that makes it longer"` });
    expect(loadAlone51(compactImage51(image), target)).toMatchObject({
      message: "invalid dictionary offset on inflate",
    });
    const { file, instead } = loadableCompact51(image, target);
    expect(instead).toMatch(/invalid dictionary offset on inflate \(\d+ bytes back/);
    expect(new Uint8Array(gunzipSync(file))).toEqual(compactPayload51(image));
    expect(loadAlone51(file, target)).toMatchObject({ loaded: true, hazards: [] });
  });
});

test("large ones of every kind of data", () => {
  const random = new Random("loadable");
  const [target] = IMAGE_TARGETS;
  for (const length of [1000, 16_000, 17_000, 40_000]) {
    const bytes = [...data(random, length)].map(
      (unit) => `\\${`00${unit.charCodeAt(0)}`.slice(-3)}`,
    );
    const image = imageOf({ "d.lua": `return "\\80\\161\\250${bytes.join("")}"` }, target, TIME);
    const { file, instead } = loadableCompact51(image, target);
    expect(instead).toBeDefined();
    expect(new Uint8Array(gunzipSync(file))).toEqual(compactPayload51(image));
  }
});

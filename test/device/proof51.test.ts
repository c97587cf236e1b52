/** No image leaves without a proof that it loads, and the proof can fail. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { provedImage51 } from "../../src/device/proof51.ts";
import type { Image51 } from "../../src/image/body51.ts";
import { absoluteImage51, compactImage51, compactPayload51 } from "../../src/image/build51.ts";
import { COMPRESSIONS, type Compressor } from "../../src/image/compression.ts";
import { findTarget } from "../../src/target/targets.ts";
import { IMAGE_TARGETS, imageOf } from "../image/subject.ts";
import { storedFile } from "./support.ts";

const TIME = 1_700_000_000;
const compression = COMPRESSIONS.reference;
const compact = { address: 0, compression, exact: false };
const target = findTarget("esp8266-lua51-float");

const usual = () => imageOf({ "a.lua": "return function() return 'x' end" }, target, TIME);
/** Its text is the beginning of the image once more, so that the reference copies from there. */
const refused = () =>
  imageOf({ "a.lua": 'return "\\084\\161\\250 and more to make it longer"' }, target, TIME);

describe.each(IMAGE_TARGETS.map((row) => [row.name, row] as const))("%s", (_, row) => {
  const image = imageOf({ "a.lua": "print(1)", "b.lua": "return {...}" }, row, TIME);

  test("a compact image", () => {
    const file = compactImage51(image);
    expect(provedImage51(image, { ...compact, target: row })).toEqual({
      file,
      loads: true,
      refusal: undefined,
    });
  });

  test.each([0x40210000, 0x40296000, 0x3f400000, 0xfffff000])(
    "an absolute one at %i",
    (address) => {
      const form = { ...compact, target: row, address };
      const file = absoluteImage51(image, address);
      expect(provedImage51(image, form)).toEqual({ file, loads: true, refusal: undefined });
    },
  );
});

test("other bytes where the device refuses the usual ones, or these when they are wanted", () => {
  const image = refused();
  const exact = compactImage51(image);
  const refusal = expect.stringMatching(/^invalid dictionary offset on inflate \(\d+ bytes back/);
  const other = provedImage51(image, { ...compact, target });
  expect(other).toMatchObject({ loads: true, refusal });
  expect(other.file).not.toEqual(exact);
  expect(new Uint8Array(gunzipSync(other.file))).toEqual(compactPayload51(image));
  const kept = provedImage51(image, { ...compact, target, exact: true });
  expect(kept).toEqual({ file: exact, loads: false, refusal });
});

test("an absolute image that would not start", () => {
  const form = { ...compact, target, address: 0xffffffdf };
  expect(() => provedImage51(usual(), form)).toThrow(
    expect.objectContaining({ code: "image-refused" }),
  );
  const kept = provedImage51(usual(), { ...form, exact: true });
  expect(kept).toMatchObject({ loads: false, file: absoluteImage51(usual(), 0xffffffdf) });
});

describe("a compressor that makes mistakes is found out", () => {
  const prove = (broken: Compressor, image: Image51 = usual()) =>
    provedImage51(image, { ...compact, target, compression: { usual: broken, careful: broken } });

  test.each<[string, Compressor, string]>([
    ["nothing at all", () => new Uint8Array(0), "read error on LFS image file"],
    ["not compressed", (payload) => payload, "read error on LFS image file"],
    ["too short", (payload) => storedFile(payload.subarray(0, -4), 2000), "LFS length mismatch"],
    ["a wrong sum", (payload) => wrongSum(storedFile(payload, 2000)), "checksum error"],
    [
      "another payload",
      (payload) => storedFile(changed(payload, payload.length - 5), 2000),
      "what is loaded is not what was built",
    ],
    ["another signature", (payload) => storedFile(changed(payload, 0), 2000), "LFS build type"],
  ])("%s", (_, broken, words) => {
    expect(() => prove(broken)).toThrow(words);
  });

  test("and one that does its work is not", () => {
    expect(prove((payload) => storedFile(payload, 2000)).loads).toBe(true);
  });
});

function changed(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, bytes[at] ^ 4);
}

function wrongSum(file: Uint8Array): Uint8Array {
  return changed(file, file.length - 6);
}

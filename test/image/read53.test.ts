/** Reading images of Lua 5.3 (lua53.md §4, §5), good and damaged. */
import { describe, expect, test } from "vitest";
import { LuaFloat } from "../../src/base/number-model.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { absoluteImage53, buildImage53 } from "../../src/image/build53.ts";
import { compactImage53, type Image53 } from "../../src/image/compact53.ts";
import { ImageError } from "../../src/image/errors.ts";
import { type ImageFile53, readImage53 } from "../../src/image/read53.ts";
import type { Target } from "../../src/target/target.ts";
import { makeProto53, TARGETS_53, target53 } from "../support/targets53.ts";

const SMALL = target53("esp32-lua53");
const ADDRESS = 0x40210000;
const TIME = 1_700_000_000;

const INNER = makeProto53({ lineDefined: 3, lastLineDefined: 4, constants: ["inner", null, true] });
const RICH = makeProto53({
  source: "@dir/rich.lua",
  constants: ["thread", "proto", "userdata", -1, new LuaFloat(0.5), false, "l".repeat(50)],
  protos: [INNER, makeProto53({ source: "=other", upvalueSources: [], lineInfo: [] })],
  upvalueNames: ["_ENV"],
  locals: [{ name: "a", startPc: 0, endPc: 1 }],
});

function imageOf(target: Target, sources: readonly string[] = ["@a.lua", "@b.lua"]): Image53 {
  const protos = sources.map((source) => ({ ...RICH, source }));
  const main = combineLookup53(protos, target.numbers.fromInteger(BigInt(TIME)));
  return buildImage53(main, { target, seed: 0x89abcdef });
}

function refusal(bytes: Uint8Array): ImageError {
  try {
    readImage53(bytes);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  return expect.fail("it was read");
}

describe.each(TARGETS_53)("an image for $name", (target) => {
  const image = imageOf(target);
  const compact = readImage53(compactImage53(image));
  const absolute = readImage53(absoluteImage53(image, ADDRESS));

  test("tells its kind and base", () => {
    expect([compact.kind, compact.base]).toEqual(["compact", 0]);
    expect([absolute.kind, absolute.base]).toEqual(["absolute", ADDRESS]);
  });

  test("tells what it is for", () => {
    const alike = TARGETS_53.filter(({ numbers }) => numbers === target.numbers);
    expect(compact.targets).toEqual(alike);
    // In flash the signatures of the generations differ, but not for the smallest numbers.
    const signature = target.image.facts53?.signature;
    expect(absolute.targets).toEqual(
      alike.filter(({ image: { facts53 } }) => facts53?.signature === signature),
    );
    expect(absolute.targets).toContain(target);
  });

  test.each([
    ["compact", compact],
    ["absolute", absolute],
  ])("holds all that was put in: %s", (_, file: ImageFile53) => {
    expect(file.main).toEqual(image.main);
    expect(file.modules.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(file.time).toBe(TIME);
    expect(file.header.seed).toBe(0x89abcdef);
    expect(file.strings.filter(({ fixed }) => !fixed).map(({ text }) => text)).toEqual(
      image.strings,
    );
    const sum = Object.values(file.parts).reduce((a, b) => a + b, 0);
    expect(sum).toBe(absoluteImage53(image, ADDRESS).length);
    expect(file.header.size).toBe(sum);
  });
});

describe("what is not only an image", () => {
  test("bytes behind it are counted", () => {
    const image = imageOf(SMALL);
    for (const bytes of [compactImage53(image), absoluteImage53(image, ADDRESS)]) {
      const longer = new Uint8Array(bytes.length + 7).fill(0xff);
      longer.set(bytes);
      expect(readImage53(longer).extraBytes).toBe(7);
    }
  });

  test("a file that is a view of a larger one", () => {
    const bytes = absoluteImage53(imageOf(SMALL), ADDRESS);
    const around = new Uint8Array(bytes.length + 9);
    around.set(bytes, 5);
    const file = around.subarray(5, 5 + bytes.length);
    const before = readImage53(file).main;
    around.fill(0);
    expect(before).toEqual(imageOf(SMALL).main);
  });
});

test("a time in the years when it is negative in 32 bits", () => {
  const main = combineLookup53([RICH], 0x90000000 | 0);
  const image = buildImage53(main, { target: SMALL, seed: 1 });
  expect(readImage53(compactImage53(image)).time).toBe(0x90000000);
  expect(readImage53(absoluteImage53(image, 0)).time).toBe(0x90000000);
});

test("an image without modules", () => {
  const image = imageOf(SMALL, []);
  expect(readImage53(compactImage53(image))).toMatchObject({ modules: [], time: TIME });
  expect(readImage53(absoluteImage53(image, 16))).toMatchObject({ modules: [], base: 16 });
});

describe("a compact image that is damaged", () => {
  const good = compactImage53(imageOf(SMALL));
  const damaged = (at: number, ...bytes: number[]) => {
    const copy = good.slice();
    copy.set(bytes, at);
    return refusal(copy);
  };
  /** Where some bytes are. */
  const find = (text: string) => Buffer.from(good).indexOf(text, 0, "latin1");

  test("at every byte cut short", () => {
    for (let length = 0; length < good.length; length++) {
      const error = refusal(good.subarray(0, length));
      expect(error.offset).toBeLessThanOrEqual(length);
      expect(error.code).toMatch(/^chunk-(truncated|header)$/);
    }
  });

  test.each([
    [4, 0x51, "chunk-header", "version at offset 4: version mismatch in precompiled chunk"],
    [5, 10, "chunk-header", "version at offset 5: format mismatch in precompiled chunk"],
    [14, 3, "chunk-header", "sizes at offset 14: lua_Integer size mismatch in precompiled chunk"],
  ])("in its header: byte %i is %i", (at, byte, code, message) => {
    expect(damaged(at, byte)).toMatchObject({ code, message });
  });

  test("marks", () => {
    expect(damaged(find("\x19ss"), 0)).toMatchObject({ field: "string vector" });
    expect(damaged(find("\x19pr"), 0)).toMatchObject({ field: "Proto vector" });
  });

  test.each([
    ["longest", 0, 3],
    ["short strings", 1, 0],
    ["long strings", 2, 0],
  ])("counts of strings: %s", (_, place, byte) => {
    const error = damaged(find("\x19ss") + 3 + place, byte);
    expect(error.message).toMatch(
      /^string counts at offset \d+: they are not those of the strings$/,
    );
  });

  test("a string that is there twice, new or fixed", () => {
    const inner = find("\x56inner");
    expect(damaged(inner, 0x54, 0x61, 0x6e, 0x64, 0x51, 0x51).message).toMatch("it is there twice");
    expect(damaged(find("\x52a"), 0x52, 0x62).message).toMatch("string at offset");
    expect(damaged(inner, 0x50).message).toMatch("it is absent");
  });

  test("a reference to a string that is not there", () => {
    const names = good.length - 7;
    expect(damaged(names, 0xd0, 0x7f)).toMatchObject({
      field: "name of a module",
      message: `name of a module at offset ${names}: there is no string 127`,
    });
    expect(damaged(names, 0x50).message).toMatch("it is absent");
    expect(damaged(names - 1, 2).message).toMatch("it is not that of the modules");
  });
});

describe("an absolute image that is damaged", () => {
  const image = imageOf(SMALL);
  const good = absoluteImage53(image, ADDRESS);
  const undefinedBytes = new Set<number>();
  absoluteImage53(image, ADDRESS, (offset, length) => {
    for (let i = 0; i < length; i++) undefinedBytes.add(offset + i);
  });

  test("in any byte that means something", () => {
    const found = readImage53(good);
    for (let at = 0; at < good.length; at++) {
      const copy = good.slice();
      copy[at] ^= 0x41;
      if (undefinedBytes.has(at)) {
        expect(readImage53(copy).main).toEqual(found.main);
        continue;
      }
      // Seed and time alone may be anything, but hashes go by the seed.
      const isTime = at >= 12 && at < 16;
      const isContent = isTime || changesContent(at);
      if (isContent) continue;
      expect(refusal(copy).code).toMatch(/^chunk-/);
    }
  });

  /** Instructions, lines and numbers are what they are. */
  function changesContent(at: number): boolean {
    const copy = good.slice();
    copy[at] ^= 0x41;
    try {
      const { main } = readImage53(copy).image;
      expect(main).not.toEqual(image.main);
      return true;
    } catch (error) {
      if (error instanceof ImageError) return false;
      throw error;
    }
  }

  test("cut short", () => {
    for (const length of [0, 4, 47, 48, 100, good.length - 1]) {
      expect(refusal(good.subarray(0, length)).message).toMatch(/ends too early|do not fit/);
    }
  });

  test("with another signature", () => {
    const copy = good.slice();
    copy[0] = 0x54;
    expect(refusal(copy).message).toBe(
      "signature at offset 0: fafaa254 is not an image's of Lua 5.3",
    );
  });

  test("with functions that share words", () => {
    const view = new DataView(good.slice().buffer);
    const table = view.getUint32(7 * 4, true) * 4;
    const entries = view.getUint32(table + 12, true) - ADDRESS;
    view.setUint32(entries + 12 + 4, view.getUint32(entries + 4, true), true);
    expect(refusal(new Uint8Array(view.buffer)).message).toMatch("it shares words with something");
  });
});

describe("code that must not be run", () => {
  // LOADK 5 0 in a frame of two.
  const bad = makeProto53({ source: "@a.lua", code: [0x00000141, 0x00800026] });
  const image = buildImage53(combineLookup53([bad], 0), { target: SMALL, seed: 0 });

  test.each([compactImage53(image), absoluteImage53(image, ADDRESS)])("is found", (bytes) => {
    const offset = Buffer.from(bytes).indexOf("41010000", 0, "hex");
    expect(refusal(bytes)).toMatchObject({ code: "chunk-code", offset, field: "code" });
    const { badCode, modules } = readImage53(bytes, { allowBadCode: true });
    const reason = "instruction 1: register 5 is outside the frame of 2";
    expect(badCode).toEqual({ offset, reason });
    expect(modules[0].proto.code[0]).toBe(0x141);
  });
});

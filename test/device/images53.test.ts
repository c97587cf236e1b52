/** Images of Lua 5.3 as commands and library have them: opened, tried, measured, converted. */
import { describe, expect, test } from "vitest";
import type { Proto } from "../../src/bytecode/proto.ts";
import { IMAGES_53 } from "../../src/device/images53.ts";
import type { Verification } from "../../src/device/verification.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { absoluteImage53, buildImage53 } from "../../src/image/build53.ts";
import { compactImage53 } from "../../src/image/compact53.ts";
import { type FunctionSizes, type PartSizes, sumOf, sumOfParts } from "../../src/image/sizes.ts";
import {
  compile,
  convertImage,
  measureImage,
  powerCuts,
  readImage,
  verifyImage,
} from "../../src/index.ts";
import type { Target } from "../../src/target/target.ts";
import { makeProto53, TARGETS_53, target53 } from "../support/targets53.ts";

const ADDRESS = 0x40210000;
const SMALL = target53("esp8266-lua53");

const SOURCES: Readonly<Record<string, string>> = {
  a: "local M = {} function M.go(x) return x .. 'shared', 'end' end return M",
  b: "function start() return 'shared', { 1.5, nil, 'own of b' } end",
};

function imageOf(target: Target, protos: readonly Proto[] = compiled(target), strip = false) {
  return buildImage53(combineLookup53(protos, 7), { target, seed: 1, strip });
}

function compiled(target: Target): Proto[] {
  return Object.entries(SOURCES).map(([name, source]) => {
    return compile(source, { target, chunkName: `@${name}.lua` });
  });
}

/** Names of what failed. */
function failed({ checks, beyond }: Verification): string[] {
  return [...checks, ...beyond]
    .filter(({ outcome }) => outcome === "failed")
    .map(({ name }) => name);
}

describe.each(TARGETS_53)("for $name", (target) => {
  const compact = compactImage53(imageOf(target));
  const absolute = absoluteImage53(imageOf(target), ADDRESS);

  test("is known by its first bytes", () => {
    expect(IMAGES_53.recognises(compact)).toBe(true);
    expect(IMAGES_53.recognises(absolute)).toBe(true);
    expect(IMAGES_53.recognises(compact.subarray(0, 3))).toBe(false);
    expect(IMAGES_53.recognises(new Uint8Array(0))).toBe(false);
    const chunk = Uint8Array.from(compact);
    chunk[5] = 10;
    expect(IMAGES_53.recognises(chunk)).toBe(false);
  });

  test("is read, converted, tried and measured by whoever has only bytes", () => {
    const image = readImage(compact);
    expect(image.targets).toContain(target);
    expect(image.modules.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(readImage(absolute)).toMatchObject({ base: ADDRESS, main: image.main });
    expect(convertImage(compact, { address: ADDRESS, target })).toEqual(absolute);
    expect(convertImage(absolute)).toEqual(compact);
    expect(verifyImage(compact, { target })).toMatchObject({ sound: true, way: "load" });
    expect(verifyImage(absolute, { target })).toMatchObject({ sound: true, way: "flash" });
    expect(measureImage(compact)).toEqual(measureImage(absolute));
    expect(
      powerCuts(compact, { target, regionSize: 8192 }).ranges.map(({ boot }) => boot.state),
    ).toEqual(["loaded", "empty", "broken", "loaded", "loaded"]);
  });
});

test("each generation signs its own", () => {
  const compact = compactImage53(imageOf(target53("esp32-lua53-64")));
  const words = ["esp8266-lua53-64", "esp32-lua53-64"].map((target) => {
    const absolute = convertImage(compact, { address: ADDRESS, target });
    expect(verifyImage(absolute, { target })).toMatchObject({ sound: true });
    return absolute[0];
  });
  expect(words).toEqual([0x50, 0x53]);
  expect(() => convertImage(compact, { address: ADDRESS, target: "esp32-lua53" })).toThrow(
    "esp32-lua53 refuses it: it has other numbers",
  );
});

describe("what is found out", () => {
  const file = compactImage53(imageOf(SMALL));
  const absolute = absoluteImage53(imageOf(SMALL), ADDRESS);
  const verify = (bytes: Uint8Array, target = SMALL, size = 0x10000, mapped = ADDRESS) =>
    IMAGES_53.verify(bytes, target, { offset: 0, size, mapped });

  test("about a good one: nothing", () => {
    expect(failed(verify(file))).toEqual([]);
    expect(failed(verify(absolute))).toEqual([]);
  });

  test("other numbers", () => {
    const compact = verify(file, target53("esp8266-lua53-64"));
    expect(failed(compact)).toEqual(["header", "target"]);
    expect(compact.message).toBe("(null): lua_Integer size mismatch in precompiled chunk");
    // In flash the older firmware cannot tell.
    const flashed = verify(absolute, target53("esp8266-lua53-64"));
    expect(failed(flashed)).toEqual(["target"]);
    expect(flashed).toMatchObject({ accepted: true, sound: false });
    const newer = verify(absolute, target53("esp32-lua53-64"));
    expect(newer).toMatchObject({ accepted: false, message: "LFS image corrupted." });
  });

  test("a wrong address, of which the device knows nothing", () => {
    const moved = verify(absolute, SMALL, 0x10000, ADDRESS + 0x1000);
    expect(moved).toMatchObject({ accepted: true, sound: false });
    expect(failed(moved)).toEqual(["base"]);
  });

  test("a region that is too small", () => {
    const huge = compactImage53(imageOf(SMALL, [makeProto53({ constants: ["x".repeat(9000)] })]));
    const loaded = verify(huge, SMALL, 8192);
    expect(loaded).toMatchObject({ accepted: false, sound: false, stuck: true });
    expect(failed(loaded)).toContain("fit");
    const flash = absoluteImage53(
      imageOf(SMALL, [makeProto53({ constants: ["x".repeat(9000)] })]),
      ADDRESS,
    );
    const flashed = verify(flash, SMALL, 8192);
    expect(flashed).toMatchObject({ accepted: false, stuck: true });
  });

  test("damage that the device trusts", () => {
    const damaged = file.slice();
    // One string less than there are.
    damaged[Buffer.from(file).indexOf("\x19ss", 0, "latin1") + 4]--;
    const result = verify(damaged);
    expect(result).toMatchObject({ accepted: false, stuck: true, sound: false });
    expect(failed(result)).toEqual(["strings", "content"]);
  });

  test("what programs will not find is a warning", () => {
    const proto = compile("return type(x) == 'userdata', 'thread'", { target: SMALL });
    const result = verify(compactImage53(imageOf(SMALL, [proto])));
    expect(result).toMatchObject({ accepted: true, sound: true });
    expect(result.warnings).toEqual([
      "module 'source': the string 'userdata' is not equal to 'userdata' from elsewhere",
      "module 'source': the string 'thread' will be 'userdata'",
    ]);
  });
});

describe("sizes", () => {
  function partsOf({ own, functions }: FunctionSizes): PartSizes {
    return sumOfParts([own, ...functions.map(partsOf)]);
  }

  test.each(TARGETS_53)("every byte is counted once for $name", (target) => {
    for (const strip of [false, true]) {
      const named = makeProto53({
        source: "@n.lua",
        locals: [{ name: "loc", startPc: 0, endPc: 1 }],
        upvalueNames: ["_ENV"],
      });
      const image = imageOf(target, [...compiled(target), named], strip);
      const sizes = IMAGES_53.open(compactImage53(image), {}).measure();
      expect(sizes.total).toBe(absoluteImage53(image, 0).length);
      expect(sumOf(sizes.parts)).toBe(sizes.total);
      const modules = sizes.modules.map(({ parts }) => parts);
      expect(sizes.parts).toEqual(sumOfParts([sizes.shared, sizes.index, ...modules]));
      for (const module of sizes.modules) {
        expect(module.parts).toEqual(sumOfParts([module.shared, partsOf(module.main)]));
      }
    }
  });

  test("strings belong to whoever uses them, fixed ones to nobody", () => {
    const { modules, shared, index } = measureImage(compactImage53(imageOf(SMALL)));
    const [a, b] = modules;
    // 'shared' is not of one module; 'end' is there anyway.
    expect(a.main.functions[0]).toMatchObject({ name: "go", own: { strings: 0 } });
    expect(b.main.functions[0]).toMatchObject({ name: "start", own: { strings: 28 } });
    expect(shared.strings).toBeGreaterThan(24);
    expect(index.structure).toBeGreaterThan(48);
    // Header, buckets, and the table of modules.
    expect(index.structure).toBe(48 + 128 * 4 + 3 * 12 + 16);
  });
});

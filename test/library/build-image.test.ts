/** Images by the library: what it takes, what it tells, what it refuses. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/base/lua-string.ts";
import { readImage51 } from "../../src/image/read51.ts";
import {
  type BuildImageOptions,
  buildImage,
  compile,
  encode,
  ImageSizeError,
  targets,
} from "../../src/index.ts";
import { runInMemory } from "../cli/support.ts";

const SOURCES = {
  "a.lua": "print(1)\n",
  "b.lua": "local t = {}\nfunction t.f(x)\n  local y = x\n  return y\nend\nreturn t\n",
};
const MODULES = Object.entries(SOURCES).map(([name, source]) => ({ name, source }));
const timestamp = 1_700_000_000;

/** What the command line writes. */
function written(...args: string[]): Uint8Array {
  const all = ["--timestamp", String(timestamp), ...args, ...Object.keys(SOURCES)];
  const { files } = runInMemory(all, { files: SOURCES });
  return Uint8Array.from(files["luac.out"], (unit) => unit.charCodeAt(0));
}

describe.each(targets.filter(({ image }) => image.facts51).map(({ name }) => name))(
  "%s",
  (target) => {
    test("the bytes of the command line", () => {
      const compact = buildImage(MODULES, { target, timestamp });
      expect(compact.bytes).toEqual(written("--target", target, "-f"));
      expect(compact).toMatchObject({ loads: true, replaced: false, warnings: [] });
      expect(compact.refusal).toBeUndefined();
      expect(compact.fullSize).toBe(compact.size);
      const address = 0x40280000;
      const absolute = buildImage(MODULES, { target, timestamp, address });
      expect(absolute.bytes).toEqual(written("--target", target, "-a", String(address)));
      expect(absolute.size).toBe(absolute.bytes.length);
      expect(absolute.size).toBe(compact.size);
    });

    test("stripped", () => {
      const { bytes, size, fullSize } = buildImage(MODULES, { target, timestamp, strip: true });
      expect(bytes).toEqual(written("--target", target, "-f", "--strip"));
      expect(fullSize).toBe(buildImage(MODULES, { target, timestamp }).size);
      expect(size).toBeLessThan(fullSize);
    });
  },
);

test("modules may be sources, chunks, bytes or prototypes", () => {
  const bytes = new TextEncoder().encode(SOURCES["b.lua"]);
  const usual = buildImage(MODULES, { timestamp }).bytes;
  const proto = compile(bytes, { chunkName: "@b.lua" });
  const forms = [{ name: "b.lua", source: bytes }, { name: "b.lc", source: encode(proto) }, proto];
  for (const form of forms) {
    expect(buildImage([MODULES[0], form], { timestamp }).bytes).toEqual(usual);
  }
  const shebang = { name: "b.lua", source: `#!lua\n${SOURCES["b.lua"]}` };
  expect(readImage51(buildImage([shebang]).bytes).modules.map(({ name }) => name)).toEqual(["b"]);
});

test("the build time is now when it is not given", () => {
  const before = Math.floor(Date.now() / 1000);
  const { time = 0 } = readImage51(buildImage(MODULES).bytes);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now() / 1000);
});

test("bytes that the device refuses are replaced, or kept when they are wanted", () => {
  const modules = [{ name: "a.lua", source: 'return "\\084\\161\\250 and more of it"' }];
  const replaced = buildImage(modules, { timestamp });
  expect(replaced).toMatchObject({ loads: true, replaced: true });
  expect(replaced.refusal).toMatch(/^invalid dictionary offset/);
  const exact = buildImage(modules, { timestamp, exact: true });
  expect(exact).toMatchObject({ loads: false, replaced: false, refusal: replaced.refusal });
  expect(gunzipSync(exact.bytes)).toEqual(gunzipSync(replaced.bytes));
});

test("warnings", () => {
  const twice = [...MODULES, compile("return 1", { chunkName: "@x/a.lua" })];
  expect(buildImage(twice, { address: 0x40210004 }).warnings).toEqual([
    "a.lua and x/a.lua are both module 'a'; only a.lua will be found",
    "0x40210004 is not where an LFS begins: these addresses are multiples of 0x1000",
  ]);
});

describe("refused", () => {
  const many = Array.from({ length: 51 }, (_, i) => ({ name: `m${i}.lua`, source: "return 1" }));

  test("too many modules, unless they are asked for", () => {
    expect(() => buildImage(many)).toThrow("an image of 51 modules; there can be 1 to 50");
    const { bytes } = buildImage(many, { manyModules: true });
    expect(readImage51(bytes).modules).toHaveLength(51);
    expect(() => buildImage([])).toThrow("an image of 0 modules");
  });

  test("too large an image, with what is largest", () => {
    const large = [...MODULES, { name: "big.lua", source: `return "${"x".repeat(5000)}"` }];
    const error = errorOf(() => buildImage(large, { limit: 4096 }));
    if (!(error instanceof ImageSizeError)) throw error;
    expect(error).toMatchObject({ code: "limit", limit: 4096, bound: "limit" });
    expect(error.excess).toBe(error.size - 4096);
    expect(error.modules.map(({ name }) => name)).toEqual(["big", "b", "a"]);
    expect(buildImage(large, { limit: error.size }).size).toBe(error.size);
  });

  test.each<[string, BuildImageOptions, string]>([
    ["an address outside", { address: 0x40200000 }, "address 0x40200000 is none of"],
    ["no whole address", { address: 0x40210000 + 0.5 }, "is none of"],
    [
      "an address that leaves no room",
      { target: "esp32-lua51-int", address: 2 ** 32 - 64 },
      "would reach beyond the last address",
    ],
    ["too high an address", { target: "esp32-lua51-int", address: 2 ** 32 }, "is none of"],
    ["a time that is none", { timestamp: -1 }, "timestamp -1 is no whole number"],
    ["half a second", { timestamp: 0.5 }, "timestamp 0.5 is no whole number"],
    ["another compressor", { compress: "zip" as "reference" }, "there is no compress 'zip'"],
    ["an unknown target", { target: "esp" }, "unknown target 'esp'"],
  ])("%s", (_, options, message) => {
    expect(() => buildImage(MODULES, options)).toThrow(message);
  });

  test("modules that are wrong", () => {
    expect(() => buildImage([{ name: "a.lua", source: "x = = 1" }])).toThrow("a.lua:1:");
    const truncated = { name: "a.lc", source: encode(compile("return 1")).subarray(0, 30) };
    expect(() => buildImage([truncated])).toThrow("a.lc: unexpected end");
    const none = { name: "a.lua", source: 5 as unknown as string };
    expect(() => buildImage([none])).toThrow("source must be a Uint8Array");
  });
});

test("text beyond ASCII in names and strings is kept", () => {
  const { bytes } = buildImage([{ name: "é.lua", source: 'return "ü"' }]);
  const { modules, strings } = readImage51(bytes);
  expect(modules[0].name).toBe(fromBytes(new TextEncoder().encode("é")));
  expect(strings.map(({ text }) => text)).toContain(fromBytes(new TextEncoder().encode("ü")));
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

/** What holds for every module, and that looking on does not change a compile. */
import { describe, expect, it } from "vitest";
import { fromText, toBytes } from "../../src/base/lua-string.ts";
import { compileSource } from "../../src/compiler/compile.ts";
import {
  ChunkError,
  CompileError,
  compile,
  encode,
  findTarget,
  measureRam,
} from "../../src/index.ts";
import { CompileMemory } from "../../src/ram/compile-memory.ts";
import { ramUseOfProto } from "../../src/ram/ram-use.ts";
import { SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import { makeProto } from "../support/make-proto.ts";
import { MODULES } from "./modules.ts";

const TARGET = findTarget("esp8266-lua51-float");

describe.each(Object.entries(MODULES))("%s", (name, source) => {
  const chunkName = `@${name}`;

  it("weighs no more the more is left out", () => {
    for (const target of SUPPORTED_TARGETS) {
      const use = measureRam(source, { target, chunkName });
      // A file of Lua 5.3 holds a long string once per function; the compiler makes it once.
      if (name !== "long-twice.lua") expect(use.source).toBeGreaterThanOrEqual(use.lc);
      expect(use.lc).toBeGreaterThanOrEqual(use.stripped);
      expect(use.stripped).toBeGreaterThan(use.lfs);
      expect(use.compilePeak).toBeGreaterThan(use.source ?? 0);
    }
  });

  it("weighs the same when read from a file", () => {
    for (const target of SUPPORTED_TARGETS) {
      const { lc, stripped, lfs } = measureRam(source, { target, chunkName });
      const file = encode(compile(source, { target, chunkName }), { target });
      const expected = { source: null, lc, stripped, lfs, compilePeak: null };
      expect(measureRam(file, { target, chunkName })).toEqual(expected);
    }
  });

  it("compiles to the same when it is watched", () => {
    const bytes = toBytes(fromText(source.replace(/^#.*/, "")));
    for (const target of SUPPORTED_TARGETS) {
      const options = { chunkName, target };
      const watched = compileSource(bytes, options, new CompileMemory(target.memory, []));
      expect(watched).toEqual(compileSource(bytes, options));
    }
  });
});

describe("names in a file", () => {
  const proto = makeProto({
    source: "@x.lua",
    locals: [{ name: "counter", startPc: 0, endPc: 1 }],
    upvalueNames: ["outer", "outer", null],
  });

  it("weigh as long as they are there", () => {
    const options = { chunkName: "@x.lua", target: TARGET };
    const named = ramUseOfProto(proto, options);
    const unnamed = ramUseOfProto({ ...proto, locals: [], upvalueNames: [] }, options);
    // A record and its name, three addresses and one name.
    expect(named.lc - unnamed.lc).toBe(12 + (16 + 7 + 1) + 3 * 4 + (16 + 5 + 1));
    expect(named.stripped).toBe(unnamed.stripped);
  });
});

describe("input", () => {
  it("may be bytes or text", () => {
    const text = "return 'größer'";
    expect(measureRam(new TextEncoder().encode(text))).toEqual(measureRam(text));
  });

  it("that is no Lua is refused", () => {
    expect(() => measureRam("return (")).toThrow(CompileError);
    expect(() => measureRam(Uint8Array.of(0x1b, 1))).toThrow(ChunkError);
    expect(() => measureRam(Uint8Array.of(0x1f, 0x8b, 8))).toThrow(/flash image/);
    expect(() => measureRam("", { target: "esp" })).toThrow(/did you mean/);
  });
});

/**
 * Damaged `.lc` files of Lua 5.3 (lua53.md §3.3): each is refused with the reference's words and the
 * place of the damage, at once and without setting memory aside for what is not there.
 */
import { describe, expect, test } from "vitest";
import { ChunkError } from "../../src/base/errors.ts";
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { decodeChunk53 } from "../../src/formats/lc53.ts";
import {
  type CountName53,
  chunk53,
  FORM_64,
  type FunctionShape53,
  header53,
} from "../support/chunk-builder53.ts";
import { target53 } from "../support/targets53.ts";

const SMALL = target53("esp8266-lua53");
const LARGE = target53("esp8266-lua53-64");

/** A chunk with something of everything. */
const RICH: FunctionShape53 = {
  source: "@rich.lua",
  stack: 3,
  functions: [{ source: null, lineDefined: 1, lastLineDefined: 300 }],
  constants: [null, true, { float: 1.5 }, 300, -1, "text", "l".repeat(41)],
  upvalues: [["up", 1, 0]],
  lineInfo: [1, 0],
  locals: [["name", 0, 1]],
};

/** The error that a chunk is refused with. */
function refusal(text: LuaString, target = SMALL, chunkName = "@a.lc"): ChunkError {
  try {
    decodeChunk53(toBytes(text), { target, chunkName });
  } catch (error) {
    if (error instanceof ChunkError) return error;
    throw error;
  }
  return expect.unreachable();
}

const words = (why: string) => `a.lc: ${why} precompiled chunk`;

describe("the name in the message", () => {
  test.each([
    ["@dir/a.lc", "dir/a.lc"],
    ["=stdin", "stdin"],
    ["plain", "plain"],
    ["\x1bLua…", "binary string"],
    [`@${"x".repeat(200)}`, "x".repeat(200)],
  ])("%j shows as %j", (chunkName, shown) => {
    expect(refusal("\x1b", SMALL, chunkName).message).toBe(`${shown}: truncated precompiled chunk`);
  });
});

describe("headers", () => {
  test.each([
    ["signature", 1, 0x4d, "not a"],
    ["signature", 3, 0, "not a"],
    ["version", 4, 0x51, "version mismatch in"],
    ["version", 5, 11, "format mismatch in"],
    ["check of line ends", 6, 0x18, "corrupted"],
    ["check of line ends", 11, 0x0d, "corrupted"],
    ["sizes", 12, 8, "int size mismatch in"],
    ["sizes", 13, 8, "Instruction size mismatch in"],
    ["sizes", 14, 8, "lua_Integer size mismatch in"],
    ["sizes", 15, 8, "lua_Number size mismatch in"],
    ["sample float", 17, 1, "float format mismatch in"],
  ])("a wrong %s: byte %i is %i", (field, at, byte, why) => {
    const error = refusal(header53(undefined, { [at]: byte }) + chunk53({}).slice(21));
    const isInSample = at === 17;
    expect(error).toMatchObject({ code: "chunk-header", message: words(why), field });
    expect(error.offset).toBe(isInSample ? 17 : at);
  });

  test("the first that is wrong counts", () => {
    expect(refusal(header53(undefined, { 5: 11, 12: 8 }))).toMatchObject({ offset: 5 });
    expect(refusal(chunk53({}, FORM_64))).toMatchObject({ offset: 14 });
    expect(refusal(chunk53({}), LARGE)).toMatchObject({ offset: 14 });
  });

  test("a part that is cut short is not judged", () => {
    expect(refusal("\x1bXX")).toMatchObject({ code: "chunk-truncated", field: "signature" });
    expect(refusal("\x1bLux")).toMatchObject({ code: "chunk-header" });
    expect(refusal(`${header53().slice(0, 6)}wrong`)).toMatchObject({ code: "chunk-truncated" });
  });
});

describe("cut short", () => {
  const text = chunk53(RICH);

  test("at every byte", () => {
    expect(() => decodeChunk53(toBytes(text), { target: SMALL, chunkName: "@a" })).not.toThrow();
    for (let length = 1; length < text.length; length++) {
      const error = refusal(text.slice(0, length));
      expect(error).toMatchObject({ code: "chunk-truncated", message: words("truncated") });
      expect(error.offset).toBeLessThanOrEqual(length);
      expect(error.field).not.toBe("");
    }
  });

  test.each([
    [14, "sizes"],
    [18, "sample float"],
    [21, "upvalue count"],
    [22, "source"],
    [32, "line defined"],
    [33, "last line defined"],
    [35, "function header"],
    [37, "function count"],
    [38, "source"],
    [45, "function count"],
    [46, "code size"],
    [48, "code"],
    [51, "constant count"],
  ])("after %i bytes, in the %s", (length, field) => {
    expect(refusal(text.slice(0, length))).toMatchObject({ field });
  });
});

describe("counts", () => {
  const NAMES: readonly (readonly [CountName53, string])[] = [
    ["functions", "function count"],
    ["code", "code size"],
    ["constants", "constant count"],
    ["upvalues", "upvalue count"],
    ["lineInfo", "line info size"],
    ["locals", "local count"],
  ];

  test.each(NAMES)("negative: %s", (name, field) => {
    for (const negative of ["\x88\x80\x80\x80\x00", "\x8f\xff\xff\xff\x7f"]) {
      expect(refusal(chunk53({ counts: { [name]: negative } }))).toMatchObject({
        code: "chunk-integer",
        message: "not enough memory",
        field,
      });
    }
  });

  test.each(NAMES)("far above what follows: %s", (name) => {
    expect(refusal(chunk53({ counts: { [name]: "\x87\xff\xff\xff\x7f" } }))).toMatchObject({
      message: words("truncated"),
    });
  });

  test("a string's, too", () => {
    const huge = chunk53({ source: null }).replace("\x50", "\xd7\xff\xff\xff\x7f");
    expect(refusal(huge)).toMatchObject({ message: words("truncated"), field: "source" });
  });
});

describe("constants", () => {
  test.each([
    ["of a type that there is not", "\x70"],
    ["that is an absent string", "\x50"],
    ["that is an absent long string", "\x60"],
  ])("%s", (_, raw) => {
    const error = refusal(chunk53({ constants: [1, { raw }] }));
    expect(error).toMatchObject({ code: "chunk-constant", message: words("bad constant in") });
    expect(chunk53({ constants: [1, { raw }] })[error.offset]).toBe(raw);
  });
});

describe("depth", () => {
  /** So many functions, each within the one before. */
  function nested(depth: number): LuaString {
    const start = "\x50\x00\x00\x00\x01\x02\x01";
    const end = "\x00\x00\x01\x00\x00\x00";
    const innermost = `\x50\x00\x00\x00\x01\x02\x00${end}`;
    const around = depth - 1;
    return `${header53()}\x00${start.repeat(around)}${innermost}${end.repeat(around)}`;
  }

  test("500 functions are read", () => {
    expect(() =>
      decodeChunk53(toBytes(nested(500)), { target: SMALL, chunkName: "@a", trust: true }),
    ).not.toThrow();
  });

  test.each([501, 200_000])("%i are refused", (depth) => {
    expect(refusal(nested(depth))).toMatchObject({
      code: "chunk-depth",
      message: words("functions nested too deeply in"),
      offset: 22 + 500 * 7,
    });
  });
});

describe("code", () => {
  // LOADK 5 0 in a frame of two, in the nested function.
  const bad = chunk53({ functions: [{ source: null, code: [0x00000141, 0x00800026] }] });
  const offset = bad.indexOf("\x41\x01\x00\x00");

  test("is checked", () => {
    expect(refusal(bad)).toMatchObject({
      code: "chunk-code",
      message: `${words("bad code in")}: main function, instruction 1: register 5 is outside the frame of 2`,
      offset,
      field: "instruction 1: register 5 is outside the frame of 2",
    });
  });

  test("is not when it is trusted", () => {
    const options = { target: SMALL, chunkName: "@a.lc", trust: true };
    expect(decodeChunk53(toBytes(bad), options).protos[0].code[0]).toBe(0x141);
  });

  test("is looked at last", () => {
    expect(refusal(bad.slice(0, -1))).toMatchObject({ code: "chunk-truncated" });
    const none = chunk53({ code: [], constants: [{ raw: "\x70" }] });
    expect(refusal(none)).toMatchObject({ code: "chunk-constant" });
  });
});

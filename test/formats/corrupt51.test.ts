/**
 * Damaged `.lc` files of Lua 5.1 (lua51.md §2.6, §6.4): each is refused with the reference's words
 * and the place of the damage, at once and without setting memory aside for what is not there.
 */
import { describe, expect, test } from "vitest";
import { ChunkError } from "../../src/base/errors.ts";
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { decodeChunk51 } from "../../src/formats/lc51.ts";
import { findTarget } from "../../src/target/targets.ts";
import {
  type CountName,
  chunk,
  FLOAT_22,
  FLOAT_30,
  type FunctionShape,
  header,
  INT_30,
  withByte,
} from "../support/chunk-builder.ts";

const FLOAT = findTarget("esp8266-lua51-float");
const INT = findTarget("esp8266-lua51-int");

/** A chunk with something of everything. */
const RICH: FunctionShape = {
  source: "@rich.lua",
  upvalues: 1,
  stack: 3,
  code: ["LOADK 0 1", "CLOSURE 1 0", "RETURN 0 1"],
  constants: [null, true, 1.5, "text"],
  functions: [{ source: null, lineDefined: 1, lastLineDefined: 1 }],
  lineInfo: [3, 0],
  locals: [["name", 0, 2]],
  upvalueNames: ["up"],
};

/** The error that a chunk is refused with. */
function refusal(text: LuaString, target = FLOAT, chunkName = "@a.lc"): ChunkError {
  try {
    decodeChunk51(toBytes(text), { target, chunkName });
  } catch (error) {
    if (error instanceof ChunkError) return error;
    throw error;
  }
  return expect.unreachable();
}

/** `text` with the four bytes at `at` replaced by an int. */
function withInt(text: LuaString, at: number, value: number): LuaString {
  return [0, 8, 16, 24].reduce(
    (changed, shift, i) => withByte(changed, at + i, (value >> shift) & 255),
    text,
  );
}

const words = (why: string) => `a.lc: ${why} in precompiled chunk`;

describe("the name in the message", () => {
  test.each([
    ["@dir/a.lc", "dir/a.lc"],
    ["=stdin", "stdin"],
    ["=?", "?"],
    ["plain", "plain"],
    ["", ""],
    ["\x1bLua…", "binary string"],
    ["@a\0b", "a"],
    [`@${"x".repeat(200)}`, "x".repeat(200)],
  ])("%j shows as %j", (chunkName, shown) => {
    const { message } = refusal("\x1b", FLOAT, chunkName);
    expect(message).toBe(`${shown}: unexpected end in precompiled chunk`);
  });
});

describe("headers", () => {
  const refused = (changes: Record<number, number>, target = FLOAT) =>
    refusal(header(target === INT ? INT_30 : FLOAT_30, changes) + chunk({}).slice(12), target);

  test.each([
    ["signature", 1, 0x4d],
    ["signature", 3, 0],
    ["version", 4, 0x53],
    ["version", 5, 1],
    ["word sizes", 7, 8],
    ["word sizes", 8, 8],
    ["word sizes", 9, 2],
    ["kind of numbers", 11, 0x80],
    ["kind of numbers", 11, 0xff],
  ])("a wrong %s: byte %i is %i", (field, at, byte) => {
    expect(refused({ [at]: byte })).toMatchObject({
      code: "chunk-header",
      message: words("bad header"),
      offset: at,
      field,
    });
  });

  test("floats for an integer target", () => {
    expect(refused({ 11: 0 }, INT)).toMatchObject({ code: "chunk-header", offset: 11 });
  });

  test("a header that is cut short is not judged", () => {
    expect(refusal("\x1bBAD")).toMatchObject({ code: "chunk-truncated", field: "header" });
  });

  test("integers of three bytes, once one is met", () => {
    const text = chunk({ constants: ["s", 1] }, { ...INT_30, numberSize: 3 });
    expect(refusal(text)).toMatchObject({
      code: "chunk-header",
      offset: 10,
      field: "size of numbers",
    });
  });
});

describe("cut short", () => {
  test.each([
    ["little-endian", chunk(RICH)],
    ["big-endian", chunk(RICH, { ...FLOAT_30, bigEndian: true })],
  ])("at every byte, %s", (_, text) => {
    expect(() => decodeChunk51(toBytes(text), { target: FLOAT, chunkName: "@a" })).not.toThrow();
    for (let length = 0; length < text.length; length++) {
      const error = refusal(text.slice(0, length));
      expect(error).toMatchObject({ code: "chunk-truncated", message: words("unexpected end") });
      expect(error.offset).toBeLessThanOrEqual(length);
      expect(error.field).not.toBe("");
    }
  });

  test.each([
    [4, "header"],
    [13, "source"],
    [28, "line defined"],
    [35, "function header"],
    [41, "code size"],
    [43, "code size"],
    [50, "code"],
    [58, "constant count"],
  ])("after %i bytes, in the %s", (length, field) => {
    expect(refusal(chunk(RICH).slice(0, length))).toMatchObject({ field });
  });
});

describe("integers", () => {
  test.each([
    ["line defined", 26],
    ["last line defined", 30],
    ["code size", 38],
    ["constant count", 56],
  ])("a negative %s", (field, offset) => {
    expect(refusal(withInt(chunk(RICH), offset, -1))).toMatchObject({
      code: "chunk-integer",
      message: words("bad integer"),
      offset,
      field,
    });
  });

  test.each<[CountName, string]>([
    ["functions", "function count"],
    ["lineInfo", "line info size"],
    ["locals", "local count"],
    ["upvalueNames", "upvalue count"],
  ])("a negative count of %s", (count, field) => {
    const text = chunk({ ...RICH, counts: { [count]: -0x80000000 } });
    expect(refusal(text)).toMatchObject({ code: "chunk-integer", field });
  });

  test("the pcs of a local", () => {
    const withPcs = (start: number, end: number) => chunk({ locals: [["a", start, end]] });
    expect(refusal(withPcs(-1, -1)).field).toBe("first pc of local");
    expect(refusal(withPcs(0, -1)).field).toBe("last pc of local");
  });

  test("a negative string size", () => {
    expect(refusal(withInt(chunk(RICH), 12, -1))).toMatchObject({
      code: "chunk-integer",
      message: "not enough memory",
      offset: 12,
      field: "source",
    });
  });
});

describe("counts of what is not there", { timeout: 2_000 }, () => {
  const HUGE = 0x7fffffff;

  test.each<CountName>(["code", "lineInfo", "locals", "upvalueNames"])(
    "%s: the chunk ends",
    (count) => {
      const text = chunk({ upvalues: 1, counts: { [count]: HUGE } });
      expect(refusal(text)).toMatchObject({ code: "chunk-truncated" });
    },
  );

  test("a string", () => {
    const text = withInt(chunk(RICH), 12, HUGE);
    expect(refusal(text)).toMatchObject({ code: "chunk-truncated", offset: 16, field: "source" });
  });

  test("constants and functions: what follows is taken for them until it cannot be", () => {
    // Two zero ints are eight times nil; the source's size is nil too, its text is no constant.
    const asConstants = chunk({ source: "=x", counts: { constants: HUGE }, lineInfo: [0x55, 0] });
    expect(refusal(asConstants)).toMatchObject({ code: "chunk-constant" });
    expect(refusal(chunk({ counts: { constants: HUGE } }))).toMatchObject({
      code: "chunk-truncated",
    });
    expect(refusal(chunk({ counts: { functions: HUGE } }))).toMatchObject({
      code: "chunk-truncated",
    });
  });
});

describe("constants", () => {
  const constantRefused = (raw: LuaString, target = FLOAT) =>
    refusal(chunk({ source: "@a", constants: [null, { raw }] }), target);

  test.each(["\x02", "\x05", "\x06", "\x7f", "\xff"])("tag %j", (raw) => {
    expect(constantRefused(raw)).toMatchObject({
      code: "chunk-constant",
      message: words("bad constant"),
      offset: 45,
      field: "constant",
    });
  });

  test("the tags of the other generation", () => {
    const old = findTarget("esp8266-2.2-float");
    expect(refusal(chunk({ constants: ["s"] }, FLOAT_22)).code).toBe("chunk-constant");
    expect(refusal(chunk({ constants: ["s"] }, FLOAT_30), old).code).toBe("chunk-constant");
    expect(refusal(chunk({ constants: [1] }, FLOAT_30), old).code).toBe("chunk-constant");
  });

  test("a string that is absent", () => {
    expect(constantRefused("\x04\0\0\0\0")).toMatchObject({ code: "chunk-constant", offset: 46 });
  });
});

describe("code", () => {
  test("the place is the instruction's", () => {
    const text = chunk({ ...RICH, code: ["LOADK 0 1", "MOVE 9 0", "RETURN 0 1"] });
    expect(refusal(text)).toMatchObject({
      code: "chunk-code",
      message: words("bad code"),
      offset: 44 + 4,
      field: "instruction 2: register 9 is outside the frame of 3",
    });
  });

  test("what concerns the whole function has its beginning as place", () => {
    expect(refusal(chunk({ ...RICH, stack: 251 }))).toMatchObject({
      code: "chunk-code",
      offset: 12,
      field: "function: a frame of 251 registers is over the limit of 250",
    });
  });

  test("a function is checked as soon as it is read", () => {
    const bad = { source: null, code: ["MOVE 9 9"] };
    const text = chunk({ functions: [bad] });
    // Inner code comes before what the outer function lacks, but after what the inner one lacks.
    expect(refusal(text.slice(0, -1)).code).toBe("chunk-code");
    expect(refusal(chunk({ functions: [bad, {}], counts: { lineInfo: -1 } })).code).toBe(
      "chunk-code",
    );
    const inner = chunk({ functions: [{ ...bad, counts: { upvalueNames: -1 } }] });
    expect(refusal(inner).code).toBe("chunk-integer");
  });
});

describe("depth", () => {
  const nest = (depth: number): FunctionShape =>
    depth === 1 ? {} : { source: "=x", functions: [{ ...nest(depth - 1), source: null }] };

  test("199 functions within one another load", () => {
    const bytes = toBytes(chunk(nest(199)));
    expect(() => decodeChunk51(bytes, { target: FLOAT, chunkName: "@a" })).not.toThrow();
  });

  test("200 do not, before anything of the last is read", () => {
    const text = chunk(nest(200));
    expect(refusal(text)).toMatchObject({
      code: "chunk-depth",
      message: words("code too deep"),
      field: "function",
    });
    expect(refusal(text.slice(0, refusal(text).offset)).code).toBe("chunk-depth");
  });
});

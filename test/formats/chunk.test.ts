/** What an input is, by its first bytes (lua51.md §2.5, §6.4). */
import { describe, expect, test } from "vitest";
import { fromBytes, toBytes } from "../../src/base/lua-string.ts";
import {
  chunkKind,
  isBinaryChunk,
  skipFirstLine,
  skipFirstLine53,
} from "../../src/formats/chunk.ts";

describe("the # line", () => {
  test.each([
    ["", ""],
    ["x=1", "x=1"],
    ["x=1\n#y", "x=1\n#y"],
    ["#", "\n"],
    ["#!lua", "\n"],
    ["#!lua\n", "\n"],
    ["#!lua\nx=1", "\nx=1"],
    ["#\n#\nx=1", "\n#\nx=1"],
    // Only a line feed ends it; the source sees the line feed with what follows.
    ["#!lua\r\nx=1", "\nx=1"],
    ["#!lua\n\rx=1", "\n\rx=1"],
    ["#!lua\rx=1\ny=2", "\ny=2"],
    ["#!lua\rx=1", "\n"],
    // A chunk must follow the line at once.
    ["#!lua\n\x1bLua", "\x1bLua"],
    ["#!lua\n \x1bLua", "\n \x1bLua"],
    ["#!lua\n\n\x1bLua", "\n\n\x1bLua"],
    ["#!lua\r\x1bLua", "\n"],
    ["#!lua\x1bLua", "\n"],
    // Its start is looked for from the very beginning.
    ["#!\x1blua\n\x1bLua", "\x1blua\n\x1bLua"],
    ["#!\x1blua\nx=1", "\nx=1"],
    ["\n\x1bLua", "\n\x1bLua"],
  ])("%j loads as %j", (input, loaded) => {
    expect(fromBytes(skipFirstLine(toBytes(input)))).toBe(loaded);
  });

  test("a chunk after it is not found in standard input", () => {
    const input = toBytes("#!lua\n\x1bLua");
    expect(fromBytes(skipFirstLine(input, "stdin"))).toBe("\n\x1bLua");
    expect(isBinaryChunk(skipFirstLine(input, "stdin"))).toBe(false);
    expect(isBinaryChunk(skipFirstLine(input, "file"))).toBe(true);
  });
});

describe("the start of an input for Lua 5.3", () => {
  const MARK = "\xef\xbb\xbf";
  test.each([
    ["x=1", "x=1"],
    [`${MARK}x=1`, "x=1"],
    [`${MARK}\x1bLua`, "\x1bLua"],
    [`${MARK}#!lua\nx=1`, "\nx=1"],
    ["#!lua\nx=1", "\nx=1"],
    [`#!lua\n${MARK}x=1`, `\n${MARK}x=1`],
    [`${MARK}${MARK}x=1`, `${MARK}x=1`],
    ["\xef\xbbx=1", "\xef\xbbx=1"],
    [MARK, ""],
    [`${MARK}#`, "\n"],
    ["", ""],
    // A chunk starts right behind the line.
    ["#!lua\n\x1bLua", "\x1bLua"],
    ["#!\x1blua\n\x1bLua", "\x1bLua"],
    ["#!lua\n\n\x1bLua", "\n\n\x1bLua"],
  ])("%j loads as %j", (input, loaded) => {
    expect(fromBytes(skipFirstLine53(toBytes(input)))).toBe(loaded);
  });

  test("a chunk after the line is not found in standard input, one after the mark is", () => {
    const load = (input: string) => fromBytes(skipFirstLine53(toBytes(input), "stdin"));
    expect(load("#!lua\n\x1bLua")).toBe("\n\x1bLua");
    expect(load(`${MARK}\x1bLua`)).toBe("\x1bLua");
  });
});

describe("kinds", () => {
  test.each([
    ["", "source"],
    ["x=1", "source"],
    ["Lua", "source"],
    ["#!lua\nx=1", "source"],
    ["\x1bLua\x51\0", "lc51"],
    ["#!lua\n\x1bLua\x51\0", "lc51"],
    ["\x1bLua\x53\x0a", "lc53"],
    ["\x1bLua\x53\0", "lc53"],
    ["\x1bLua\x53\x0b", "image"],
    ["\x1bLua\x52\0", "binary"],
    ["\x1bLua", "binary"],
    ["\x1bLJ\x02", "binary"],
    ["\x1b", "binary"],
    ["\x1f\x8b\x08\0", "image"],
    ["\x1f\x8b", "source"],
    ["\x51\xa1\xfa\xfa", "image"],
    ["\x57\xa1\xfa\xfa", "image"],
    ["\x53\xa2\xfa\xfa", "image"],
    ["\x51\xa3\xfa\xfa", "source"],
    ["\x61\xa1\xfa\xfa", "source"],
    ["\x51\xa1\xfa", "source"],
  ])("%j is %s", (input, kind) => {
    expect(chunkKind(toBytes(input))).toBe(kind);
  });

  test("what follows a # line in standard input is source", () => {
    expect(chunkKind(toBytes("#!lua\n\x1bLua\x51\0"), "stdin")).toBe("source");
  });
});

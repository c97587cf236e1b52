/**
 * Loading compact images of Lua 5.3 (lua53.md §5, §5.6): the loader's refusals with its words, and
 * what it does not notice.
 */
import { describe, expect, test } from "vitest";
import { ChunkError, LuacrossError } from "../../src/base/errors.ts";
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { ImageError } from "../../src/image/errors.ts";
import { loadImage53 } from "../../src/image/load53.ts";
import { ImageBuffer } from "../../src/image/word-sink.ts";
import { header53, int, tagged } from "../support/chunk-builder53.ts";
import { target53 } from "../support/targets53.ts";

const TARGET = target53("esp32-lua53");
const HEADER = header53(undefined, { 5: 11 });

/** What an image may hold instead of what is right. */
interface Shape {
  readonly counts?: LuaString;
  readonly strings?: readonly LuaString[];
  readonly functions?: readonly LuaString[];
  readonly names?: LuaString;
}

/** `RETURN 0 1` and nothing else. */
const FUNCTION = "\x53\x00\x00\x00\x01\x02\x00\x01\x26\x00\x80\x00\x00\x01\x00\x00\x00";

function imageText(shape: Shape = {}): LuaString {
  const { strings = ["=(luac.cross)", "a", "@a.lua"], functions = [FUNCTION] } = shape;
  const counts = shape.counts ?? int(17) + int(71 + strings.length) + int(0) + int(strings.length);
  const texts = strings.map((text) => tagged(5, BigInt(text.length + 1)) + text).join("");
  const names = shape.names ?? "\x02\x52\x35";
  return `${HEADER}\x31\x19ss${counts}${texts}\x19pr${int(functions.length)}${functions.join("")}${names}`;
}

function load(text: LuaString): Uint8Array {
  const sink = new ImageBuffer();
  const options = { target: TARGET, address: 0x1000, chunkName: "=(null)" };
  const size = loadImage53(toBytes(text), sink, options);
  const bytes = sink.finish();
  expect(bytes.length).toBe(size);
  return bytes;
}

function errorOf(text: LuaString): LuacrossError {
  try {
    load(text);
  } catch (error) {
    if (error instanceof LuacrossError) return error;
    throw error;
  }
  return expect.fail("it was loaded");
}

test("the image is loaded as it is", () => {
  expect(load(imageText()).length).toBeGreaterThan(2000);
});

describe("what the loader refuses", () => {
  test.each([
    ["invalid header in", `\x1a${imageText().slice(1)}`],
    ["not a", imageText().replace("Lua", "Lux")],
    ["version mismatch in", imageText().replace("Lua\x53", "Lua\x51")],
    ["format mismatch in", imageText().replace("\x53\x0b", "\x53\x0a")],
    ["corrupted", imageText().replace("\r\n", "\n\n")],
    ["lua_Integer size mismatch in", imageText().replace("\x04\x04\x04\x04", "\x04\x04\x08\x04")],
    ["no string vector", imageText().replace("\x19ss", "\x19st")],
    ["no Proto vector", imageText().replace("\x19pr", "\x19ps")],
  ])("%s", (why, text) => {
    const error = errorOf(text);
    expect(error).toBeInstanceOf(ChunkError);
    expect(error.message).toBe(`(null): ${why} precompiled chunk`);
  });

  test("a file that is cut short anywhere", () => {
    const text = imageText();
    for (let length = 0; length < text.length; length++) {
      expect(errorOf(text.slice(0, length)).message).toBe("(null): truncated precompiled chunk");
    }
  });

  test.each([
    ["modules", `${imageText().split("\x19pr")[0]}\x19pr\x88\x80\x80\x80\x00`],
    ["functions", imageText({ functions: [`${FUNCTION.slice(0, 6)}\x8f\xff\xff\xff\x7f`] })],
    ["instructions", imageText({ functions: [`${FUNCTION.slice(0, 7)}\x8f\xff\xff\xff\x7f`] })],
  ])("a negative number of %s", (_, text) => {
    expect(errorOf(text)).toMatchObject({ message: "not enough memory", code: "chunk-integer" });
  });
});

describe("what the loader does not notice", () => {
  const withConstant = (raw: LuaString) =>
    imageText({ functions: [FUNCTION.replace("\x80\x00\x00", `\x80\x00\x01${raw}`)] });

  test.each([
    ["string counts", imageText({ counts: int(17) + int(73) + int(0) + int(3) })],
    ["string counts", imageText({ counts: int(16) + int(74) + int(0) + int(3) })],
    ["string counts", imageText({ counts: int(17) + int(0) + int(74) + int(3) })],
    ["string counts", imageText({ counts: `${int(17)}\x87\xff\xff\xff\x7f${int(0)}${int(3)}` })],
    ["string", imageText({ strings: ["x".repeat(18), "a", "b"] })],
    ["string", imageText().replace("\x52a", "\x50a")],
    ["function", imageText({ functions: [`\xd0\x7f${FUNCTION.slice(1)}`] })],
    ["constant", withConstant("\x70")],
    ["constant", withConstant("\xd0\x7f")],
    ["name of a module", imageText({ names: "\x02\x50\x35" })],
    ["number of names", imageText({ names: "\x03\x52\x52\x35" })],
  ])("a wrong %s", (field, text) => {
    const error = errorOf(text);
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({ field });
  });

  test("functions too deep for its stack", () => {
    const start = "\x53\x00\x00\x00\x01\x02\x01";
    const error = errorOf(imageText({ functions: [start.repeat(100_000)] }));
    expect(error.message).toMatch("functions are nested too deeply");
  });

  test("counts of nothing: negative ones are taken as they are", () => {
    const negative = "\x8f\xff\xff\xff\x7f";
    const loaded = load(
      imageText({ functions: [FUNCTION.replace("\x80\x00\x00", `\x80\x00${negative}`)] }),
    );
    expect(Buffer.from(loaded).includes(Buffer.from("ffffffff", "hex"))).toBe(true);
  });

  test("a table of strings larger than needed", () => {
    const text = imageText({ counts: int(30) + int(130) + int(0) + int(3) });
    expect(load(text).length - load(imageText()).length).toBe((256 - 128) * 4);
  });
});

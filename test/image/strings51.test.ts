/** The hash and the order of strings in an image (lfs51.md §4). */
import { describe, expect, test } from "vitest";
import { hashString, imageOrder, lineInfoText, StringSet } from "../../src/image/strings51.ts";
import { Random } from "../fuzz/random.ts";
import { makeProto } from "../support/make-proto.ts";

describe("hashes", () => {
  test.each([
    ["", 0],
    ["a", 0x80],
    ["\x01\x04", 0x894],
    ["net", 0x36754],
    ["tmr", 0x352e8],
    ["node", 0x70d62e],
    ["print", 0x11baae46],
    ["=(luac)", 0xbe5fc006],
    ["x".repeat(31), 0x1a924eb0],
    ["x".repeat(32), 0xacb7057a],
    ["x".repeat(33), 0xa0545646],
    ["\xff\xfe", 0x29f2],
    [String.fromCharCode(...Array.from({ length: 100 }, (_, i) => i)), 0x5d42820a],
  ])("%j", (text, hash) => {
    expect(hashString(text) >>> 0).toBe(hash);
  });
});

describe("order", () => {
  const names = "=(luac) @a.lua \x01\x04 a print hello world node wifi tmr gpio file net".split(
    " ",
  );
  test.each([
    [0, ""],
    [1, "=(luac)"],
    [2, "=(luac) @a.lua"],
    [3, "\x01\x04 @a.lua =(luac)"],
    [4, "\x01\x04 @a.lua =(luac) a"],
    [5, "a =(luac) \x01\x04 @a.lua print"],
    [8, "a node =(luac) print \x01\x04 hello @a.lua world"],
    [9, "a =(luac) print \x01\x04 @a.lua hello wifi node world"],
    [13, "a gpio print \x01\x04 @a.lua hello net tmr =(luac) wifi file node world"],
  ])("of the first %i strings", (count, wanted) => {
    const order = imageOrder(Int32Array.from(names.slice(0, count), hashString));
    expect(Array.from(order, (i) => names[i]).join(" ")).toBe(wanted);
  });

  test("every string is there once, however their hashes collide", () => {
    for (const mask of [0, 1, 3, 15, 255, -1]) {
      const hashes = Int32Array.from({ length: 1000 }, (_, i) => Math.imul(i, 0x9e3779b1) & mask);
      expect([...imageOrder(hashes)].sort((a, b) => a - b)).toEqual([...hashes.keys()]);
    }
  });
});

describe("collection", () => {
  const inner = makeProto({
    source: "@b",
    constants: ["k", 1, "@a"],
    lineInfo: [1, 2, 0, 9],
    upvalueNames: ["up", null],
    locals: [
      { name: "l", startPc: 0, endPc: 1 },
      { name: null, startPc: 0, endPc: 1 },
    ],
  });
  const outer = makeProto({ source: "@a", constants: ["c"], protos: [inner, inner] });

  test("goes depth first: source, line info, constants, upvalues, locals", () => {
    const set = new StringSet();
    set.addProto(outer, false);
    expect(set.texts).toEqual(["@a", "c", "@b", "\x01\x02", "k", "up", "l"]);
    expect(set.numberOf("k")).toBe(4);
  });

  test("without debug information", () => {
    const set = new StringSet();
    set.addProto(outer, true);
    expect(set.texts).toEqual(["@a", "c", "@b", "k"]);
  });
});

test("any hashes come to an end", () => {
  const random = new Random("order");
  for (let i = 0; i < 4000; i++) {
    const range = random.magnitude(1, 5000);
    const hashes = Int32Array.from({ length: random.below(70) }, () => random.below(range));
    expect(new Set(imageOrder(hashes)).size).toBe(hashes.length);
  }
});

test("line info ends at its first 0; empty line info is not the same as none", () => {
  expect(lineInfoText(Uint8Array.of())).toBeUndefined();
  expect(lineInfoText(Uint8Array.of(0))).toBe("");
  expect(lineInfoText(Uint8Array.of(1, 2, 0, 3))).toBe("\x01\x02");
  expect(lineInfoText(Uint8Array.of(1, 2))).toBe("\x01\x02");
});

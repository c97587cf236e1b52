/** The main function around several chunks, and their names and order (lua53.md §4.3). */
import { describe, expect, test } from "vitest";
import { LuacrossError } from "../../src/base/errors.ts";
import {
  combineCall53,
  combineLookup53,
  moduleName53,
  orderInputs53,
} from "../../src/formats/combine53.ts";
import { decodeChunk53, encodeChunk53 } from "../../src/formats/lc53.ts";
import { makeProto53, target53 } from "../support/targets53.ts";

const TARGET = target53("esp8266-lua53");
const named = (...sources: string[]) => sources.map((source) => makeProto53({ source }));

describe("the main function", () => {
  const main = combineCall53([makeProto53(), makeProto53({ upvalueSources: [] })]);

  test("returns nothing and calls nothing", () => {
    expect(main).toEqual({
      ...makeProto53({ source: "=(luac.cross)", maxStackSize: 1 }),
      protos: main.protos,
    });
  });

  test("gives its environment to its functions", () => {
    expect(main.protos.map(({ upvalueSources }) => upvalueSources)).toEqual([
      [{ inStack: false, index: 0 }],
      [],
    ]);
  });

  test("leaves other upvalues and the inputs alone", () => {
    const upvalueSources = [
      { inStack: true, index: 7 },
      { inStack: true, index: 3 },
    ];
    const proto = makeProto53({ upvalueSources });
    expect(combineCall53([proto]).protos[0].upvalueSources).toEqual([
      { inStack: false, index: 7 },
      { inStack: true, index: 3 },
    ]);
    expect(proto.upvalueSources[0].inStack).toBe(true);
  });

  test("in a main function is written without its source", () => {
    const options = { target: TARGET, strip: false };
    const bytes = encodeChunk53(combineCall53([main, main]), options);
    expect(
      Buffer.from(bytes)
        .toString("latin1")
        .match(/=\(luac\.cross\)/g)?.length,
    ).toBe(1);
    const again = decodeChunk53(bytes, { target: TARGET, chunkName: "@c.lc" });
    expect(again.protos[1].source).toBe("=(luac.cross)");
    expect(encodeChunk53(again, options)).toEqual(bytes);
  });

  test("holds names and time for a lookup", () => {
    const lookup = combineLookup53(named("@x/a.lua", "@b.lua"), 77);
    expect(lookup.constants).toEqual(["a", "b", 77]);
    expect({ ...lookup, constants: [], protos: [] }).toEqual({ ...main, protos: [] });
  });
});

describe("duplicate names", () => {
  test("are refused, with the extension", () => {
    expect(() => combineLookup53(named("@x/a.b.lua", "@c.lua", "@y/a.lua"), 0)).toThrow(
      new LuacrossError("duplicate-name", "Cannot have duplicate files ('a.lua') in LFS"),
    );
    expect(() => combineLookup53(named("@...", "@..."), 0)).toThrow(
      "Cannot have duplicate files ('') in LFS",
    );
  });

  test("are not noticed above 40 bytes", () => {
    const source = (length: number) => `@${"n".repeat(length)}.lua`;
    expect(() => combineLookup53(named(source(40), source(40)), 0)).toThrow(LuacrossError);
    expect(combineLookup53(named(source(41), source(41)), 0).constants.length).toBe(3);
  });

  test("do not matter where nothing is looked up", () => {
    expect(combineCall53(named("@a.lua", "@a.lua")).protos.length).toBe(2);
  });
});

describe("module names", () => {
  test.each([
    ["@init.lua", "init"],
    ["@a.b.c.lua", "a"],
    ["@noext", "noext"],
    ["@.hid.lua", "hid"],
    ["@..lua", "lua"],
    ["@...", ""],
    ["@dd/...", ""],
    ["@dd/", ""],
    ["@a/b/c.lua", "c"],
    ["@a\\b.lua", "b"],
    ["@dd/a\\b.lua", "a\\b"],
    ["=stdin", "stdin"],
    ["=?", "?"],
    ["@a\0.lua", "a"],
    ["@", ""],
  ])("%j is %j", (source, name) => {
    expect(moduleName53(source)).toBe(name);
  });
});

describe("order", () => {
  const order = (...paths: string[]) => {
    const { inputs, lost } = orderInputs53(paths);
    return { inputs: inputs.map(({ path, isStdin }) => (isStdin ? "stdin" : path)), lost };
  };

  test.each([
    [["a.lua", "b.lua"]],
    [["a.lua", "__x.lua"]],
    [["a.lua", "d/__x.lua"]],
    [["a.lua", "__"]],
    [["x__", "a.lua"]],
    [
      ["a", "-"],
      ["a", "stdin"],
    ],
  ])("%j is kept", (paths, loaded: string[] = paths) => {
    expect(order(...paths)).toEqual({ inputs: loaded, lost: [] });
  });

  test("a second input of that name comes first", () => {
    expect(order("a", "d/__")).toEqual({ inputs: ["d/__", "a"], lost: [] });
    expect(order("a", "x__", "b")).toEqual({ inputs: ["x__", "a", "b"], lost: [] });
  });

  test("a later one takes the place of others", () => {
    expect(order("a", "b", "d/__")).toEqual({ inputs: ["d/__", "a", "a"], lost: ["b"] });
    expect(order("a", "b", "c", "x__", "d")).toEqual({
      inputs: ["x__", "a", "a", "a", "d"],
      lost: ["b", "c"],
    });
  });

  test("standard input is what is named - at its place", () => {
    expect(order("-", "d/__")).toEqual({ inputs: ["stdin", "-"], lost: ["d/__"] });
    expect(order("a", "-", "d/__")).toEqual({ inputs: ["d/__", "stdin", "a"], lost: [] });
  });
});

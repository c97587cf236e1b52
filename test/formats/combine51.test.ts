/** The main functions around several chunks (lua51.md §6.2). */
import { describe, expect, test } from "vitest";
import { verifyProto51 } from "../../src/bytecode/verify51.ts";
import {
  combineCall51,
  combineLookup51,
  hiddenModules51,
  MAX_LOOKUP_MODULES,
  moduleName,
} from "../../src/formats/combine51.ts";
import { decodeChunk51, encodeChunk51 } from "../../src/formats/lc51.ts";
import { findTarget } from "../../src/target/targets.ts";
import { assemble } from "../support/chunk-builder.ts";
import { makeProto } from "../support/make-proto.ts";
import { runLookup } from "../support/run-lookup.ts";

const named = (...sources: string[]) => sources.map((source) => makeProto({ source }));
const assembled = (...code: string[]) => Int32Array.from(code, assemble);

describe("the call kind", () => {
  test("calls every chunk in order", () => {
    const protos = named("@a.lua", "@b.lua");
    expect(combineCall51(protos)).toEqual({
      source: "=(luac)",
      lineDefined: 0,
      lastLineDefined: 0,
      upvalueCount: 0,
      upvalueSources: [],
      parameterCount: 0,
      varargFlags: 0,
      maxStackSize: 1,
      code: assembled("CLOSURE 0 0", "CALL 0 1 1", "CLOSURE 0 1", "CALL 0 1 1", "RETURN 0 1"),
      constants: [],
      protos,
      lineInfo: new Uint8Array(0),
      locals: [],
      upvalueNames: [],
    });
  });

  test("its words for very many chunks", () => {
    const { code } = combineCall51(named(...Array.from({ length: 7999 }, () => "@a.lua")));
    expect(code.length).toBe(2 * 7999 + 1);
    expect(code[2 * 7998]).toBe(0x24 + 7998 * 0x4000);
    expect(code[2 * 7998 + 1]).toBe(0x0080401c);
    expect(code[2 * 7999]).toBe(0x0080001e);
  });
});

describe("the lookup kind", () => {
  test("one module, word for word as the reference writes it", () => {
    const { code, constants, parameterCount, maxStackSize } = combineLookup51(named("@p.lua"), 77);
    const words =
      "17004000 16400080 64000000 5e000001 41400000 8a008000 c1000000 a2408000 5e008001 1e008000";
    const view = new DataView(code.buffer);
    const shown = Array.from(code, (_, i) =>
      view
        .getUint32(i * 4)
        .toString(16)
        .padStart(8, "0"),
    );
    expect(shown.join(" ")).toBe(words);
    expect(constants).toEqual(["p", 77]);
    expect({ parameterCount, maxStackSize }).toEqual({ parameterCount: 1, maxStackSize: 4 });
  });

  test("three modules, two of one name", () => {
    const proto = combineLookup51(named("@x/a.lua", "@b.lua", "@y/a.lua"), 1e9);
    expect(proto.constants).toEqual(["a", "b", "a", 1e9]);
    expect(proto.maxStackSize).toBe(6);
    const find = (i: number) => [`EQ 0 0 k${i}`, "JMP 0 2", `CLOSURE 1 ${i}`, "RETURN 1 2"];
    const names = ["LOADK 1 3", "NEWTABLE 2 3 0", "LOADK 3 0", "LOADK 4 1", "LOADK 5 2"];
    const end = ["SETLIST 2 3 1", "RETURN 1 3", "RETURN 0 1"];
    expect(proto.code).toEqual(assembled(...find(0), ...find(1), ...find(2), ...names, ...end));
    expect(verifyProto51(proto)).toBeUndefined();
  });

  test("fifty modules: the table size is rounded up", () => {
    const proto = combineLookup51(named(...Array.from({ length: 50 }, (_, i) => `@m${i}.lua`)), 0);
    expect(proto.code.length).toBe(255);
    expect(proto.code[201]).toBe(assemble("NEWTABLE 2 29 0"));
    expect(verifyProto51(proto)).toBeUndefined();
  });
});

describe("a lookup of any number of modules", () => {
  const modules = (count: number) =>
    named(...Array.from({ length: count }, (_, i) => `@m${i}.lua`));

  test.each([1, 2, 49, 50, 51, 99, 100, 101, 255, 256, 257, 300, 1000, 25_600])(
    "%i: every name is found, and every other gives time and list",
    (count) => {
      const main = combineLookup51(modules(count), 77);
      expect(verifyProto51({ ...main, maxStackSize: main.maxStackSize - 1 })).toBeDefined();
      expect(verifyProto51(main)).toBeUndefined();
      expect(main.maxStackSize).toBe(Math.min(count, 50) + 3);
      const names = Array.from({ length: count }, (_, i) => `m${i}`);
      const tried = count > 1000 ? [0, 254, 255, 256, 257, count - 1] : names.keys();
      for (const i of tried) expect(runLookup(main, `m${i}`)).toEqual([{ closure: i }]);
      expect(runLookup(main, "other")).toEqual([77, names]);
      expect(runLookup(main, null)).toEqual([77, names]);
    },
  );

  test("batches beyond 511 have their number in a word of its own", () => {
    const main = combineLookup51(modules(25_601), 77);
    expect(verifyProto51(main)).toBeUndefined();
    expect([...main.code.slice(-4)]).toEqual([
      assemble("SETLIST 2 1 0"),
      513,
      assemble("RETURN 1 3"),
      assemble("RETURN 0 1"),
    ]);
    expect(runLookup(main, "m25600")).toEqual([{ closure: 25_600 }]);
    const [time, names] = runLookup(main, null);
    expect(time).toBe(77);
    expect(Array.isArray(names) && names[25_600]).toBe("m25600");
  });

  test("no more than constants can be numbered", () => {
    const [module] = named("@m.lua");
    const most = combineLookup51(new Array(MAX_LOOKUP_MODULES).fill(module), 77);
    expect(most.constants).toHaveLength(0x40000);
    expect(() => combineLookup51(new Array(MAX_LOOKUP_MODULES + 1).fill(module), 77)).toThrow(
      "262144 modules; there can be 262143",
    );
  });

  test("what runs them notices a wrong word", () => {
    const main = combineLookup51(modules(60), 77);
    const broken = (at: number, word: number) => ({ ...main, code: main.code.with(at, word) });
    const batch = main.code.findIndex((word) => (word & 63) === 34);
    expect(() => runLookup(broken(0, assemble("MOVE 0 0")), "m1")).toThrow("opcode 0");
    expect(() => runLookup(broken(batch, assemble("SETLIST 2 51 1")), "x")).toThrow("register 53");
    expect(runLookup(broken(2, assemble("CLOSURE 1 5")), "m0")).toEqual([{ closure: 5 }]);
  });
});

test("modules that are not found", () => {
  expect(hiddenModules51(named("@a.lua", "@b.lua", "@x/a.lua", "@a.b.lua", "=?", "=?"))).toEqual([
    { name: "a", hidden: 2, found: 0 },
    { name: "a", hidden: 3, found: 0 },
    { name: "?", hidden: 5, found: 4 },
  ]);
  expect(hiddenModules51(named("@a.lua", "@A.lua"))).toEqual([]);
});

test("a combination within a combination is written without its source", () => {
  const target = findTarget("esp8266-lua51-float");
  const inner = combineCall51(named("@a.lua", "@b.lua"));
  const bytes = encodeChunk51(combineCall51([inner, inner]), { target, strip: false });
  const text = Buffer.from(bytes).toString("latin1");
  expect(text.match(/=\(luac\)/g)?.length).toBe(1);
  const again = decodeChunk51(bytes, { target, chunkName: "@c.lc" });
  expect(again.protos[1].source).toBe("=(luac)");
});

describe("module names", () => {
  test.each([
    ["@init.lua", "init"],
    ["@p.q.lua", "p"],
    ["@noext", "noext"],
    ["@.hid.lua", "hid"],
    ["@..lua", "lua"],
    ["@...", "..."],
    ["@dd/...", "dd/..."],
    ["@dd/.x", "x"],
    ["@dd/", "dd/"],
    ["@a/b/c.lua", "c"],
    ["@a\\b.lua", "b"],
    ["@dd/a\\b.lua", "a\\b"],
    ["@a.b/c", "c"],
    ["=stdin", "stdin"],
    ["=?", "?"],
    ["@a\0.lua", "a"],
    ["@", ""],
  ])("%j is %j", (source, name) => {
    expect(moduleName(source)).toBe(name);
  });
});

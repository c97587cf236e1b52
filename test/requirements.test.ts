/** What code asks for, and who is found to provide it. */
import { describe, expect, test } from "vitest";
import { compile, findTarget, targets } from "../src/index.ts";
import { type Provided, requirementsOf } from "../src/requirements.ts";

const NOTHING: Provided = { modules: [], files: [], declared: [] };
const USUAL = "esp8266-lua51-float";

function requirements(
  sources: Readonly<Record<string, string>>,
  provided: Partial<Provided> = {},
  target: string = USUAL,
) {
  const programs = Object.entries(sources).map(([name, source]) => ({
    name,
    proto: compile(source, { chunkName: `@${name}.lua`, target }),
  }));
  return requirementsOf(programs, { ...NOTHING, ...provided }, findTarget(target));
}

/** What is asked for and where it is found. */
function found(source: string, provided: Partial<Provided> = {}, target = USUAL) {
  return requirements({ main: source }, provided, target).asks.map((ask) => [ask.words, ask.found]);
}

describe.each(targets.map(({ name }) => name))("%s", (target) => {
  test("ways to ask", () => {
    const source = `
local LFS, get = node.LFS, node.LFS.get
require "a"; require("b.c"); pcall(require, "a")
node.flashindex("d")(); get("e"); LFS.f(1); if node.LFS.g then end
_G.LFS.h(); dofile("i.lua"); loadfile("i.lc"); print(LFS.config, node.LFS.list())
`;
    const { asks } = requirements({ main: source }, {}, target);
    expect(asks.map(({ kind, name, words, lines }) => [kind, name, words, lines])).toEqual([
      ["require", "a", 'require "a"', [3]],
      ["require", "b.c", 'require "b.c"', [3]],
      ["LFS", "d", 'node.flashindex "d"', [4]],
      ["LFS", "e", 'node.LFS.get "e"', [4]],
      ["LFS", "f", "node.LFS.f", [4]],
      ["LFS", "g", "node.LFS.g", [4]],
      ["LFS", "h", "LFS.h", [5]],
      ["file", "i.lua", 'dofile "i.lua"', [5]],
      ["file", "i.lc", 'loadfile "i.lc"', [5]],
    ]);
    expect(asks.every((ask) => ask.found === undefined && ask.program === "main")).toBe(true);
  });

  test("every library and every module of the firmware is found", () => {
    const { modules, libraries } = findTarget(target).firmwareNames;
    const names = [...modules, ...libraries];
    expect(new Set(names).size).toBe(names.length);
    expect([...modules].sort()).toEqual(modules);
    for (const name of ["node", "tmr", "file", "gpio", "net", "wifi", "mqtt"]) {
      expect(modules).toContain(name);
    }
    const { asks, firmwareModules } = requirements(
      { main: names.map((name) => `require "${name}"`).join("\n") },
      {},
      target,
    );
    expect(asks.filter((ask) => ask.found === undefined)).toEqual([]);
    expect(firmwareModules.map(({ name }) => name)).toEqual(modules);
  });
});

test("what one firmware has and another has not", () => {
  const source = 'require "pwm2"; return softuart, ledc, utf8, io';
  const missing = (target: string) => {
    const { asks, notInFirmware } = requirements({ main: source }, {}, target);
    return [asks[0].found, notInFirmware.map(({ name }) => name).join(" ")];
  };
  expect(missing("esp8266-2.2-float")).toEqual([undefined, "io ledc softuart utf8"]);
  expect(missing(USUAL)).toEqual(["firmware module", "io ledc utf8"]);
  expect(missing("esp8266-lua53")).toEqual(["firmware module", "io ledc"]);
  expect(missing("esp32-lua51-int")).toEqual([undefined, "io softuart utf8"]);
  expect(missing("esp32-lua53-64")).toEqual([undefined, "io softuart"]);
});

describe("who provides it", () => {
  test.each([
    ['require "a"', { modules: ["a"] }, "in LFS"],
    ['require "a"', { modules: ["a"], files: ["a.lua"] }, "file a.lua"],
    ['require "a"', { files: ["a.lua", "a.lc"] }, "file a.lc"],
    ['require "a.b"', { files: ["a/b.lua"] }, "file a/b.lua"],
    ['require "a.b"', { files: ["a.b.lua"] }, undefined],
    ['require "a"', { files: ["a"] }, undefined],
    ['require "a"', { declared: ["a"] }, "declared"],
    ['require "a"', { declared: ["a.lc"] }, "declared"],
    ['require "tmr"', { modules: ["tmr"] }, "firmware module"],
    ['require "string"', {}, "library of Lua"],
    ["LFS.a()", { modules: ["a"] }, "in LFS"],
    ["LFS.a()", { files: ["a.lua"] }, undefined],
    ["LFS.a()", { declared: ["a"] }, "declared"],
    ["LFS.config()", { modules: ["config"] }, "in LFS"],
    ['dofile "a.lua"', { files: ["a.lua"] }, "file a.lua"],
    ['dofile "a.lua"', { files: ["a.lc"] }, undefined],
    ['dofile "a.lua"', { modules: ["a"] }, "in LFS"],
    ['dofile "a.lua"', { declared: ["a"] }, "declared"],
    ['dofile "a.lua"', { declared: ["a.lua"] }, "declared"],
    ['dofile "a.txt"', { modules: ["a"] }, undefined],
    ['package.preload.a = f; require "a"', {}, "stored in package"],
    ['package.loaded["a"] = {}; require "a"', {}, "stored in package"],
    ['package.loaded.a = nil; require "a"', {}, undefined],
  ])("%s of %j: %s", (source, provided, expected) => {
    const answers = found(source, provided);
    expect(answers.map(([, who]) => who)).toEqual([expected]);
  });

  test("one program may see to what another asks for", () => {
    const { asks } = requirements({ a: 'require "x"', b: "package.preload.x = print" });
    expect(asks.map((ask) => ask.found)).toEqual(["stored in package"]);
  });
});

describe("the firmware's part", () => {
  test("modules and who uses them", () => {
    const { firmwareModules } = requirements({
      a: 'local g = gpio; g.mode(1, 1); require "net"',
      b: "return function() return tmr.now(), gpio end",
    });
    expect(firmwareModules).toEqual([
      { name: "gpio", programs: ["a", "b"] },
      { name: "net", programs: ["a"] },
      { name: "tmr", programs: ["b"] },
    ]);
  });

  test("globals of one's own and locals are none", () => {
    const { firmwareModules, notInFirmware } = requirements({
      a: "mqtt = {}; io = {}; local tmr = 1; return mqtt, io, tmr",
    });
    expect([firmwareModules, notInFirmware]).toEqual([[], []]);
  });
});

describe("conditions", () => {
  const provided = { modules: ["a"] };
  const notes = (source: string) =>
    requirements({ main: source }, provided).notes.map((note) => note.split(" ")[0]);

  test.each([
    ['require "a"', ["require"]],
    ['require "a"; package.loaders[3] = f', []],
    ['require "a"; table.insert(package.searchers, f)', []],
    ['dofile "a.lua"', ["dofile"]],
    ['dofile "a.lua"; dofile = f', []],
    ['dofile "a.lua"; _G.dofile = f', []],
    ['require "b"; dofile "b.lua"; LFS.a()', []],
  ])("%s: %j", (source, expected) => {
    expect(notes(source)).toEqual(expected);
  });
});

test("the same words are told once, with all lines", () => {
  const { asks } = requirements({ a: 'require "x"\nrequire "x" require "x"\nLFS.x()' });
  expect(asks.map(({ words, lines }) => [words, lines])).toEqual([
    ['require "x"', [1, 2]],
    ["LFS.x", [3]],
  ]);
});

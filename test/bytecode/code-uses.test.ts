/** What code reads, stores and calls by name: one line of Lua each, the same in both Lua versions. */
import { describe, expect, test } from "vitest";
import type { ReadInstruction } from "../../src/bytecode/code-steps.ts";
import { readInstruction51 } from "../../src/bytecode/code-steps51.ts";
import { readInstruction53 } from "../../src/bytecode/code-steps53.ts";
import { type Use, usesOf } from "../../src/bytecode/code-uses.ts";
import { compile } from "../../src/index.ts";

const VERSIONS: readonly (readonly [string, ReadInstruction])[] = [
  ["esp8266-lua51-float", readInstruction51],
  ["esp8266-lua53", readInstruction53],
];

/** `a.b("x"|"y", ?)`, `a.b`, `a.b =`. */
function inWords(use: Use): string {
  const path = use.path.join(".");
  if (use.kind === "read") return path;
  if (use.kind === "store") return `${path} ${use.isNil ? "= nil" : "="}`;
  const args = use.texts.map((texts) => texts.map((text) => `"${text}"`).join("|") || "?");
  return `${path}(${args.join(", ")})`;
}

describe.each(VERSIONS)("%s", (target, read) => {
  function calls(source: string): string[] {
    const found = usesOf(compile(source, { target }), read).filter(({ kind }) => kind !== "read");
    return found.map(inWords);
  }

  test.each([
    ['require "a"', ['require("a")']],
    ['local r = require; local m = r("a")', ['require("a")']],
    ['local require = require; function f() return require "a" end', ["f =", 'require("a")']],
    ['pcall(require, "a")', ['require("a")', 'pcall(?, "a")']],
    ['return require(x and "a" or "b")', ['require("a"|"b")']],
    ['local n = "a"; if x then n = "b" end; require(n)', ['require("a"|"b")']],
    [
      'local f = node.LFS and node.LFS.get or node.flashindex; f("a")',
      ['node.LFS.get("a")', 'node.flashindex("a")'],
    ],
    ['_G.require("a")', ['require("a")']],
    ['getfenv().require("a")', ["getfenv()", 'require("a")']],
    ["local G = _G; G.LFS = 1", ["LFS ="]],
    ["x = 1; package.loaded.a = nil", ["x =", "package.loaded.a = nil"]],
    ['for i = 1, 3 do require "a" end', ['require("a")']],
    ['for k in pairs(t) do require("a", k) end', ["pairs(?)", 'require("a", ?)']],
    ['while x do local f = g; g = h; f("a") end', ["g =", 'g("a")']],
    ['local f; while x do if f then f("a") end f = g end', ['g("a")']],
    ['return (function(...) return function() return require "a" end end)()', ['require("a")']],
    ['local t = {1, 2, 3, f()}; require "a"', ["f()", 'require("a")']],
    ['goto_ = require; goto_("a")', ["goto_ =", 'goto_("a")']],
    // What nobody can tell.
    ['require("a" .. x)', ["require(?)"]],
    ["require(...)", ["require()"]],
    ['local function f(require) require "a" end', []],
    ['local r = require; r = nil; r "a"', []],
    ['local r = require; r = r("b"); r "a"', ['require("b")']],
    ['local r = require; for r = 1, 2 do r("a") end', []],
    ['a.b.c.d.e("x")', []],
    ['local r = x and require; r = not r; r("a")', []],
  ])("%s", (source, expected) => {
    expect(calls(source)).toEqual(expected);
  });

  test("reads are found at their instruction", () => {
    const proto = compile("local n = node\nreturn n.LFS.app, tmr", { target });
    const uses = usesOf(proto, read);
    expect(uses.map(inWords)).toEqual(["node", "node.LFS", "node.LFS.app", "tmr"]);
    expect(uses.map(({ pc }) => pc)).toEqual([0, 1, 2, 3]);
    expect(new Set(uses.map((use) => use.proto))).toEqual(new Set([proto]));
  });

  test("more alternatives than are kept", () => {
    const names = Array.from({ length: 20 }, (_, i) => `if x == ${i} then n = "m${i}" end`);
    const [call] = calls(`local n; ${names.join(" ")} require(n)`);
    expect(call.split("|")).toHaveLength(8);
  });

  test("code that is no code does not matter", () => {
    const proto = compile("local function f() return require 'a' end return f()", { target });
    for (let seed = 1; seed < 400; seed++) {
      const code = proto.code.map((word, pc) =>
        Math.imul(word ^ (seed * 2654435761), pc * seed + 1),
      );
      expect(() => usesOf({ ...proto, code }, read)).not.toThrow();
    }
  });
});

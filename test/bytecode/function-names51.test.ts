/** Names of nested functions: told by where their closure is stored, and by nothing else. */
import { describe, expect, test } from "vitest";
import { functionNames51 } from "../../src/bytecode/function-names51.ts";
import { compile } from "../../src/index.ts";
import { makeProto } from "../support/make-proto.ts";

describe("functions are named after", () => {
  test.each<[string, string, (string | undefined)[]]>([
    ["a global", "function start() end", ["start"]],
    ["a field", "local M = {} function M.stop() end", ["stop"]],
    ["a method", "local M = {} function M:read() end", ["read"]],
    ["a field of a field", "a.b.c = function() end", ["c"]],
    [
      "a field of a constructor",
      "return { on = function() end, off = function() end }",
      ["on", "off"],
    ],
    ["a global, behind its upvalues", "local a, b function f() return a, b end", ["f"]],
    ["where it is stored first", "f = function() end g = f", ["f"]],
    [
      "nothing in a local",
      "local function f() end local g = function() end",
      [undefined, undefined],
    ],
    ["nothing when passed on", "tmr.create():alarm(1, 2, function() end)", [undefined]],
    ["nothing when returned", "return function() end", [undefined]],
    ["nothing under a computed key", "t[k] = function() end", [undefined]],
    ["nothing under a number", "t[1] = function() end", [undefined]],
    ["no key that is a function", "t[function() end] = 'x'", [undefined]],
  ])("%s", (_, source, names) => {
    expect(functionNames51(compile(source))).toEqual(names);
  });

  test("nothing where the code is nonsense", () => {
    const protos = [makeProto({ upvalueCount: 200 })];
    const code = ["CLOSURE 0 7", "SETGLOBAL 0 3", "CLOSURE 0 0"];
    expect(functionNames51(makeProto({ code, protos, constants: [1] }))).toEqual([undefined]);
  });
});

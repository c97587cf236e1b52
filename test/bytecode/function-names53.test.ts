/** Names of nested functions: told by where their closure is stored, and by nothing else. */
import { describe, expect, test } from "vitest";
import { functionNames53 } from "../../src/bytecode/function-names53.ts";
import { compile } from "../../src/index.ts";
import { makeProto53 } from "../support/targets53.ts";

describe("functions are named after", () => {
  test.each<[string, string, (string | undefined)[]]>([
    ["a global", "function start() end", ["start"]],
    ["a field", "local M = {} function M.stop() end", ["stop"]],
    ["a method", "local M = {} function M:read() end", ["read"]],
    ["a field of an upvalue", "local M = {} function f() function M.g() end end", ["f"]],
    ["a field of a field", "a.b.c = function() end", ["c"]],
    [
      "a field of a constructor",
      "return { on = function() end, off = function() end }",
      ["on", "off"],
    ],
    ["a global, with upvalues", "local a, b function f() return a, b end", ["f"]],
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
    expect(functionNames53(compile(source, { target: "esp8266-lua53" }))).toEqual(names);
  });

  test("in a function within", () => {
    const source = "local M = {} function f() function M.g() end end";
    const { protos } = compile(source, { target: "esp8266-lua53" });
    expect(functionNames53(protos[0])).toEqual(["g"]);
  });

  test("nothing where the code is nonsense", () => {
    // CLOSURE 0 7; SETTABLE 0 k0 0; CLOSURE 0 0
    const code = [0x0001c02c, 0x8000000a, 0x0000002c];
    const protos = [makeProto53()];
    expect(functionNames53(makeProto53({ code, protos, constants: ["a"] }))).toEqual([undefined]);
  });
});

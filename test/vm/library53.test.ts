/**
 * What the libraries of Lua 5.3 do that the vectors cannot ask the reference: what they see of the
 * system in memory, and where they differ from it on purpose.
 */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { runScript } from "../../src/run-script.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import { type MemoryContent, memoryScriptHost } from "../support/script-host.ts";

const TARGETS = SUPPORTED_TARGETS.filter(({ dialect }) => dialect.chunkVersion === 0x53);

function run(source: string, content: MemoryContent = {}, name = "esp8266-lua53") {
  const { host, output, errors } = memoryScriptHost(content);
  const target = findTarget(name);
  const outcome = runScript(toBytes(source), { target, host, name: "s.lua", steps: 1_000_000 });
  return { outcome, output: output(), errors: errors() };
}

describe("require", () => {
  const files = { "lib/m.lua": "return {...}", "other.lua": "x =" };

  test("looks where LUA_PATH says, and where it always does", () => {
    const source =
      "print(package.path) print(table.unpack(require 'm')) print(pcall(require, 'other'))";
    const { output } = run(source, { files, environment: { LUA_PATH: "lib/?.lua;;" } });
    const reason = "other.lua:1: unexpected symbol near <eof>";
    expect(output.split("\n")).toEqual([
      "lib/?.lua;?.lc;?.lua;",
      "m\tlib/m.lua",
      "false\terror loading module 'other' from file 'other.lua':",
      `\t${reason}`,
      "",
    ]);
  });

  test("prefers the variable of its version", () => {
    const environment = { LUA_PATH: "a", LUA_PATH_5_3: "b" };
    expect(run("print(package.path)", { environment }).output).toBe("b\n");
  });

  test("finds libraries in flash", () => {
    expect(run("print(require 'struct' == struct)").output).toBe("true\n");
  });
});

describe("standard input", () => {
  test("is read by io.read in all its formats", () => {
    const stdin = "12 0x10 1e1x\nline\nrest\nof it";
    const source = "print(io.read('n', 'n', 'n')) print(io.read('L', 'l')) print(io.read('a'))";
    expect(run(source, { stdin }).output).toBe("12\t16\t10.0\nx\n\tline\nrest\nof it\n");
  });

  test("is what debug.debug runs", () => {
    const stdin = "print('one')\nx = = 1\nerror('two')\ncont\nprint('not run')\n";
    const { output, errors } = run("debug.debug() print('on')", { stdin });
    expect(output).toBe("one\non\n");
    expect(errors).toBe(
      "lua_debug> lua_debug> (debug command):1: unexpected symbol near '='\n" +
        "lua_debug> (debug command):1: two\nlua_debug> ",
    );
  });
});

describe("what cannot be done is refused", () => {
  test.each([
    ["io.popen('ls')", "'popen' not supported"],
    ["debug.sethook(print, 'c')", "hooks cannot be set here"],
    ["string.dump(print)", "unable to dump given function"],
  ])("%s", (source, reason) => {
    const { outcome } = run(source);
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(JSON.stringify(outcome)).toContain(`s.lua:1: ${reason}`);
  });

  test("taking a hook away is not", () => {
    expect(run("debug.sethook() print(debug.gethook())").output).toBe("nil\t\t0\n");
  });
});

test("what lies in flash stays as it is, where the reference crashes", () => {
  const source = `print(pcall(function() string.len = 1 end)) setmetatable(string, {})
    print(getmetatable(string), debug.setmetatable(math, {}) == math, math.pi == math.pi)`;
  expect(run(source).output).toBe("false\ts.lua:1: table is Readonly\nnil\ttrue\ttrue\n");
});

test.each(TARGETS.map(({ name }) => name))(
  "%s has os and io, whatever its sources call them",
  (name) => {
    const source = "print(type(os.time()), type(io.stdout), rawget(_G, 'is'))";
    expect(run(source, {}, name).output).toBe("number\tuserdata\tnil\n");
  },
);

test("the ESP32's host build has no modules of the firmware", () => {
  const source = "print(struct, bit, pixbuf, sjson, pipe, color_utils)";
  expect(run(source, {}, "esp32-lua53-64").output).toBe("nil\tnil\tnil\tnil\tnil\tnil\n");
});

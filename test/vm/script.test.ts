/** Scripts on a system in memory: limits, what is left open, and what hostile programs get. */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { runScript } from "../../src/run-script.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import { runInMemory } from "../cli/support.ts";
import { memoryScriptHost } from "../support/script-host.ts";

const TARGETS = SUPPORTED_TARGETS.filter(({ dialect }) => dialect.chunkVersion === 0x51);

function run(source: string, content = {}, steps = 1_000_000) {
  const { host, output, files } = memoryScriptHost(content);
  const target = findTarget("esp8266-lua51-float");
  const outcome = runScript(toBytes(source), { target, host, name: "s.lua", steps });
  return { outcome, output: output(), files };
}

describe.each(TARGETS.map(({ name }) => name))("%s", (target) => {
  test("runs a script, then compiles with what it returned", () => {
    const files = { "s.lua": "print('ran') return function() return 1 end", "a.lua": "print(2)" };
    const args = ["--target", target, "-e", "s.lua", "-f", "-o", "o", "a.lua"];
    const { status, stdout, files: written } = runInMemory(args, { files });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ran\n/);
    expect(written.o.length).toBeGreaterThan(200);
  });

  test("an error in the script ends everything, with the old file in place", () => {
    const files = { "s.lua": "error('no')", "a.lua": "print(2)", o: "old" };
    const args = ["--target", target, "-e", "s.lua", "-o", "o", "a.lua"];
    const outcome = runInMemory(args, { files });
    expect(outcome).toEqual({
      status: 1,
      stdout: "",
      stderr: "luac.cross: s.lua:1: no\n",
      files: {},
    });
  });
});

describe("limits", () => {
  test.each([
    ["a loop without end", "while true do end"],
    ["one that catches errors", "while true do pcall(error) end"],
    ["calls without end", "local function f() return f() end f()"],
    ["a for without a body", "for i = 1, 1e300 do end"],
    ["a coroutine that never ends", "coroutine.wrap(function() while true do end end)()"],
  ])("stop %s", (_, source) => {
    expect(run(source, {}, 10_000).outcome).toMatchObject({ kind: "stopped" });
  });

  test("let through what ends in time", () => {
    expect(run("for i = 1, 1000 do end", {}, 10_000).outcome.kind).toBe("done");
  });
});

describe("files", () => {
  test("are written when the script ends, though it leaves them open", () => {
    const { files, outcome } = run("local f = io.open('o', 'w') f:write('kept')");
    expect(outcome.kind).toBe("done");
    expect(files.get("o")).toBe("kept");
  });

  test("and with os.exit, too", () => {
    const { files, outcome } = run("local f = io.open('o', 'w') f:write('kept') os.exit(4)");
    expect(outcome).toEqual({ kind: "exited", status: 4 });
    expect(files.get("o")).toBe("kept");
  });

  test("are read line by line", () => {
    const source = "for l in io.lines('i') do print('[' .. l .. ']') end";
    expect(run(source, { files: { i: "a\n\nb" } }).output).toBe("[a]\n[]\n[b]\n");
  });
});

test("there are no libraries for Lua 5.3 yet, which is said", () => {
  const outcome = runInMemory(["--target", "esp8266-lua53", "-e", "s.lua"], {
    files: { "s.lua": "" },
  });
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toBe("luac.cross: option '-e' is not supported yet for Lua 5.3\n");
});

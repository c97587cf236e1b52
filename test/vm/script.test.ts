/** Scripts on a system in memory: limits, what is left open, and what hostile programs get. */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { runLuacCross } from "../../src/cli/luac-cross.ts";
import { compile, encode } from "../../src/index.ts";
import { runScript, type Script, type ScriptOutcome } from "../../src/run-script.ts";
import type { Target } from "../../src/target/target.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import { runInMemory } from "../cli/support.ts";
import { MemoryHost } from "../support/memory-host.ts";
import { memoryScriptHost } from "../support/script-host.ts";

/** What stands behind the message of an error that nothing caught. */
const TRACEBACK_53 = `stack traceback:
\t[C]: in {error}
\ts.lua:1: in main chunk
\t[C]: in ?
`;

function tracebackOf({ dialect, libraries }: Target): string {
  if (dialect.chunkVersion === 0x51) return "";
  // A function has no global name where the basic functions are not in the table of libraries.
  const kind = libraries.rom.includes("_G") ? "function" : "field";
  return TRACEBACK_53.replace("{error}", `${kind} 'error'`);
}

const BOTH_VERSIONS = ["esp8266-lua51-float", "esp8266-lua53"];

function run(source: string, content = {}, steps = 1_000_000, name = BOTH_VERSIONS[0]) {
  const { host, output, files } = memoryScriptHost(content);
  const target = findTarget(name);
  const outcome = runScript(toBytes(source), { target, host, name: "s.lua", steps });
  return { outcome, output: output(), files };
}

describe.each(SUPPORTED_TARGETS.map(({ name }) => name))("%s", (target) => {
  test("runs a script, then compiles with what it returned", () => {
    const files = { "s.lua": "print('ran') return function() return 1 end", "a.lua": "print(2)" };
    const args = ["--target", target, "-e", "s.lua", "-f", "-o", "o", "a.lua"];
    const { status, stdout, files: written } = runInMemory(args, { files });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ran\n/);
    const alone = runInMemory(["--target", target, "-f", "-o", "o", "a.lua"], { files });
    expect(written.o.length).toBeGreaterThan(alone.files.o.length + 20);
  });

  test("an error in the script ends everything, with the old file in place", () => {
    const files = { "s.lua": "error('no')", "a.lua": "print(2)", o: "old" };
    const args = ["--target", target, "-e", "s.lua", "-o", "o", "a.lua"];
    const outcome = runInMemory(args, { files });
    expect(outcome).toEqual({
      status: 1,
      stdout: "",
      stderr: `luac.cross: s.lua:1: no\n${tracebackOf(findTarget(target))}`,
      files: {},
    });
  });
});

/** The reference says the same. */
test("a chunk without lines: libraries leave out the place, the machine says line 0", () => {
  const source = `print(pcall(function() error("x") end))
    print(pcall(function() return nil + 1 end))
    print(pcall(function() string.rep() end))`;
  const target = findTarget(BOTH_VERSIONS[0]);
  const chunk = encode(compile(source, { target }), { target, strip: true });
  const { host, output } = memoryScriptHost({});
  runScript(chunk, { target, host, name: "s.lc", steps: 1_000_000 });
  expect(output()).toBe(
    "false\tx\nfalse\t?:0: attempt to perform arithmetic on a nil value\n" +
      "false\tbad argument #1 to 'rep' (string expected, got no value)\n",
  );
});

describe("memory", () => {
  test.each(BOTH_VERSIONS)("has a limit for scripts of %s", (name) => {
    const { host } = memoryScriptHost({});
    const source = toBytes("local t = {} while true do t[#t + 1] = {} end");
    const script = { target: findTarget(name), host, name: "s.lua", steps: 10_000_000 };
    const outcome = runScript(source, { ...script, memoryLimit: 200_000 });
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(outcome).toHaveProperty("message", expect.stringMatching(/^not enough memory/));
  });

  test("ends before JavaScript's does: the command sets the limit", () => {
    const host = new MemoryHost({ args: ["-e", "s.lua"], files: { "s.lua": "" } });
    const limits: unknown[] = [];
    const runner = (_: Uint8Array, { memoryLimit }: Script): ScriptOutcome => {
      limits.push(memoryLimit);
      return { kind: "done", returned: undefined };
    };
    Object.defineProperty(host, "scripts", { value: { runScript: runner } });
    expect(runLuacCross(host)).toBe(0);
    expect(limits).toEqual([2 ** 28]);
  });
});

describe.each(BOTH_VERSIONS)("limits of %s", (name) => {
  const stopAfter = (source: string, steps: number) => run(source, {}, steps, name).outcome;

  test.each([
    ["a loop without end", "while true do end"],
    ["one that catches errors", "while true do pcall(error) end"],
    ["calls without end", "local function f() return f() end f()"],
    ["a for without a body", "for i = 1, 1e300 do end"],
    ["a coroutine that never ends", "coroutine.wrap(function() while true do end end)()"],
    [
      "a coroutine in a protected call",
      "coroutine.wrap(function() while pcall(error) or 1 do end end)()",
    ],
    ["a reader that never ends", "load(function() return ' ' end)"],
  ])("stop %s", (_, source) => {
    expect(stopAfter(source, 10_000)).toMatchObject({ kind: "stopped" });
  });

  test("let through what ends in time", () => {
    expect(stopAfter("for i = 1, 1000 do end", 10_000).kind).toBe("done");
  });
});

test.each([
  ["table.move({}, 1, 2000000000, 2)"],
  ["table.insert(setmetatable({}, {__len = function() return 2000000000 end}), 1, 0)"],
  ["table.remove(setmetatable({}, {__len = function() return 2000000000 end}), 1)"],
])("%s is stopped, too", (source) => {
  expect(run(source, {}, 10_000, "esp8266-lua53").outcome).toMatchObject({ kind: "stopped" });
});

describe.each(BOTH_VERSIONS)("files of %s", (name) => {
  const runWith = (source: string, content = {}) => run(source, content, 1_000_000, name);

  test("are written when the script ends, though it leaves them open", () => {
    const { files, outcome } = runWith("local f = io.open('o', 'w') f:write('kept')");
    expect(outcome.kind).toBe("done");
    expect(files.get("o")).toBe("kept");
  });

  test("and with os.exit, too", () => {
    const { files, outcome } = runWith("local f = io.open('o', 'w') f:write('kept') os.exit(4)");
    expect(outcome).toEqual({ kind: "exited", status: 4 });
    expect(files.get("o")).toBe("kept");
  });

  test("are read line by line", () => {
    const source = "for l in io.lines('i') do print('[' .. l .. ']') end";
    expect(runWith(source, { files: { i: "a\n\nb" } }).output).toBe("[a]\n[]\n[b]\n");
  });
});

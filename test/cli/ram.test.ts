/** `luacross ram`: the numbers of `measureRam` as a page and as JSON. */
import { describe, expect, test } from "vitest";
import { fromBytes, toText } from "../../src/base/lua-string.ts";
import { compile, encode, measureRam } from "../../src/index.ts";
import { compactOf, TARGET_30 } from "../device/support.ts";
import { MODULES } from "../ram/modules.ts";
import { run } from "./tools-support.ts";

const { "server.lua": server, "queue.lua": queue, "blink.lua": blink } = MODULES;
const files = {
  "server.lua": server,
  "queue.lua": queue,
  "blink.lua": blink,
  "queue.lc": fromBytes(encode(compile(queue, { chunkName: "@queue.lua" }))),
  "hash.lua": MODULES["hash.lua"],
  "bad.lua": "return (",
  "app.img": fromBytes(compactOf(TARGET_30)),
};

describe("JSON", () => {
  test("is an array of what every module takes", () => {
    const { status, stdout, stderr } = run(["ram", "--json", "server.lua", "hash.lua"], { files });
    expect([status, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual(
      ["server.lua", "hash.lua"].map((file) => ({
        file,
        ...measureRam(MODULES[file], { chunkName: `@${file}` }),
      })),
    );
  });

  test("has nothing for what needs the source when there is none", () => {
    const [use] = JSON.parse(run(["ram", "queue.lc", "--json"], { files }).stdout);
    const { lc, stripped, lfs } = measureRam(queue, { chunkName: "@queue.lua" });
    expect(use).toEqual({ file: "queue.lc", source: null, lc, stripped, lfs, compilePeak: null });
  });

  test("is for the target that is chosen", () => {
    const of = (args: string[], env = {}) =>
      JSON.parse(run(["ram", "--json", "queue.lua", ...args], { files, env }).stdout)[0].source;
    const target = "esp8266-lua51-int";
    expect(of(["--target", target])).toBeLessThan(of([]));
    expect(of([], { LUAC_CROSS_TARGET: target })).toBe(of(["--target", target]));
  });
});

/** The page in ordinary text. */
function page(...args: string[]): string {
  const { status, stdout, stderr } = run(["ram", ...args], { files });
  expect([status, stderr]).toEqual([0, ""]);
  return toText(stdout);
}

describe("the page", () => {
  test("shows modules, sums, savings and advice", () => {
    expect(
      page("server.lua", "queue.lua", "blink.lua"),
    ).toBe(`Bytes of RAM that a module keeps once it is loaded (esp8266-lua51-float)

  module      source    .lc  stripped    LFS  compile peak
  server.lua   2,686  2,686     2,617     20         6,056
  queue.lua    1,503  1,247     1,197     20         3,945
  blink.lua      991    735       711     20         2,145
  together     5,180  4,668     4,525     60         6,056
  saved            ·    512       655  5,120

Move server.lua and queue.lua to LFS first: that frees 4,149 bytes; all modules, 5,120 bytes, 98.8 %.
Compiling on the device needs up to 6,056 bytes for a moment; .lc files and LFS do not.
`);
  });

  test("of one module has no sum", () => {
    expect(page("blink.lua")).not.toContain("together");
    expect(page("blink.lua")).toContain("Moved to LFS, it frees 971 bytes, 98.0 %.");
  });

  test("says nothing of compiling where nothing is compiled", () => {
    expect(page("queue.lc")).toMatch(/queue\.lc +· +1,247 +1,197 +20 +·\n/);
    expect(page("queue.lc")).not.toContain("Compiling");
  });

  test("adds up no sources where one is missing", () => {
    const text = page("queue.lc", "server.lua");
    expect(text).toMatch(/together +· +3,933 .* ·\n/);
    expect(text).toContain("Moved to LFS, they free 3,893 bytes");
  });

  test("is bold and faint only at a terminal", () => {
    const args = ["ram", "server.lua", "blink.lua"];
    expect(run(args, { files }).stdout).not.toContain("\x1b");
    expect(run(args, { files, stdoutIsTerminal: true }).stdout).toContain("\x1b[1m  together");
  });
});

describe("refused with a sentence", () => {
  test.each([
    [["bad.lua"], 1, "luacross ram: bad.lua:1: unexpected symbol near '<eof>'\n"],
    [["app.img"], 1, /^luacross ram: app\.img: this is a flash image, and all of it stays/],
    [["--target", "esp", "a.lua"], 2, /unknown target 'esp'; did you mean/],
  ])("%j", (args, status, message) => {
    const outcome = run(["ram", ...args], { files });
    expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
    expect(outcome.stderr).toMatch(message);
  });

  test("and nothing is printed when one of several files is bad", () => {
    expect(run(["ram", "blink.lua", "bad.lua"], { files })).toMatchObject({
      status: 1,
      stdout: "",
    });
  });
});

/** What the commands for images have in common: options, help, exit statuses, reading of files. */
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/base/lua-string.ts";
import { parseAddress, parseSize } from "../../src/cli/tools/quantities.ts";
import { compactOf, TARGET_30 } from "../device/support.ts";
import { run } from "./tools-support.ts";

const TOOLS = ["inspect", "verify", "convert", "size", "diff", "ram"];
const files = { "app.img": fromBytes(compactOf(TARGET_30)), "a.lua": "return 1" };

describe.each(TOOLS)("%s", (tool) => {
  test("shows its help, as 'help' does", () => {
    const { status, stdout, stderr } = run([tool, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^usage: luacross ${tool} `));
    expect(stdout).toContain("\n  --json ");
    expect(stdout).toMatch(
      /\nExit status:\n\n {2}0 {2}.*\n {2}1 {2}.*\n {2}2 {2}the command line is wrong\n/,
    );
    for (const same of [
      [tool, "-h"],
      ["help", tool],
      [tool, "a", "--json", "--help"],
    ]) {
      expect(run(same).stdout).toBe(stdout);
    }
  });

  test("is in the list of commands", () => {
    expect(run(["help"]).stdout).toContain(`\n  ${tool} `);
  });

  test.each([
    [["--jsno", "app.img"], /there is no option '--jsno'; did you mean '--json'\?/],
    [["-x"], /there is no option '-x';/],
    [["--json=yes", "app.img"], /'--json' takes no value;/],
    [[], / is missing;/],
  ])("explains wrong use: %j", (args, message) => {
    const { status, stdout, stderr } = run([tool, ...args], { files });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      new RegExp(`^luacross ${tool}: [^\\n]*(; see|\\? See) 'luacross ${tool} --help'\\n$`),
    );
    expect(stderr).toMatch(message);
  });

  test("says which file is not there", () => {
    const more = { convert: ["--compact", "-o", "x"], diff: ["app.img"] }[tool] ?? [];
    const { status, stderr } = run([tool, "gone.img", ...more], { files });
    expect([status, stderr]).toEqual([
      1,
      `luacross ${tool}: cannot open gone.img: No such file or directory\n`,
    ]);
  });
});

test("options may stand anywhere, and -- ends them", () => {
  const usual = run(["size", "--target", TARGET_30, "a.lua"], { files }).stdout;
  expect(run(["size", "a.lua", `--target=${TARGET_30}`], { files }).stdout).toBe(usual);
  expect(run(["size", "--", "--json"], { files: { "--json": "return 1" } }).status).toBe(0);
});

test("a value may be missing, or a target unknown", () => {
  expect(run(["size", "a.lua", "--budget"], { files })).toMatchObject({ status: 2 });
  const unknown = run(["verify", "app.img", "--target", "esp8266-lua51-flot"], { files });
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain("did you mean 'esp8266-lua51-float'?");
});

test("too many arguments", () => {
  const { status, stderr } = run(["verify", "app.img", "b.img"], { files });
  expect([status, stderr]).toEqual([
    2,
    "luacross verify: 'b.img' is one argument too many; with '--require' there may be files beside the image; see 'luacross verify --help'\n",
  ]);
});

test("pages have colours on a terminal that wants them, and nowhere else", () => {
  const on = (env: Record<string, string>, stdoutIsTerminal: boolean) =>
    run(["inspect", "app.img"], { files, env, stdoutIsTerminal }).stdout.includes("\x1b[");
  expect(on({}, true)).toBe(true);
  expect(on({}, false)).toBe(false);
  expect(on({ NO_COLOR: "1" }, true)).toBe(false);
  expect(on({ TERM: "dumb" }, true)).toBe(false);
});

describe("quantities", () => {
  test.each([
    ["65536", 65536],
    ["0x10000", 65536],
    ["64K", 65536],
    ["64kb", 65536],
    ["64KiB", 65536],
    ["1M", 1048576],
  ])("size %s", (text, size) => {
    expect(parseSize("--x", text)).toBe(size);
  });

  test.each(["", "K", "-1", "64 K", "1.5K", "64G", "0x", "1e3", "99999999999999999999"])(
    "no size: %j",
    (text) => {
      expect(() => parseSize("--x", text)).toThrow(/is no size; write it like/);
    },
  );

  test("addresses", () => {
    expect(parseAddress("--x", "0x40210000")).toBe(0x40210000);
    expect(parseAddress("--x", "4294967295")).toBe(0xffffffff);
    for (const wrong of ["4294967296", "0x140210000", "40210000h", "", "-4", "64K"]) {
      expect(() => parseAddress("--x", wrong)).toThrow(/is no address/);
    }
  });
});

test("a question ends its sentence", () => {
  const { status, stderr } = run(["size", "--target", "esp32-lua5", "a.lua"], { files });
  expect([status, stderr]).toEqual([
    2,
    "luacross size: unknown target 'esp32-lua5'; did you mean 'esp32-lua53'? See 'luacross size --help'\n",
  ]);
});

test.each(["size", "diff", "ram"])("%s tells that the environment names no target", (tool) => {
  const env = { LUAC_CROSS_TARGET: "esp32-lua5" };
  const inputs = tool === "diff" ? ["a.lua", "a.lua"] : ["a.lua"];
  const { status, stderr } = run([tool, ...inputs], { files, env });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^luacross \w+: LUAC_CROSS_TARGET: unknown target 'esp32-lua5'; did you/);
});

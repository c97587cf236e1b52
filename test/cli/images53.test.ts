/** Flash images of Lua 5.3 on the command line: seeds, addresses, limits, what is warned of. */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { readImage } from "../../src/image-tools.ts";
import { runInMemory } from "./support.ts";

const FILES = {
  "a.lua": "return t.x\n",
  "b.lua": "local function f(...) return ..., 'b' end return f\n",
  "thread.lua": "return type(f) == 'thread'\n",
};
const TARGETS = [
  "esp8266-lua53",
  "esp8266-lua53-64",
  "esp32-lua53",
  "esp32-lua53-64",
  "esp32-lua53-int64",
  "esp32-lua53-double",
];

function run(args: readonly string[], more: Parameters<typeof runInMemory>[1] = {}) {
  return runInMemory(args, { files: FILES, ...more });
}

function seedOf(file: string): number | undefined {
  return readImage(toBytes(file)).header.seed;
}

describe.each(TARGETS)("%s", (target) => {
  const on = (...args: string[]) => run(["--target", target, ...args]);

  test("builds an image that reads back", () => {
    const { status, stdout, stderr, files } = on("-f", "-o", "o", "a.lua", "b.lua");
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    const image = readImage(toBytes(files.o));
    expect(image.modules.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(image.targets.map(({ name }) => name)).toContain(target);
  });

  test("makes the same absolute image of sources and of their image", () => {
    const fixed = ["--seed", "7", "--timestamp", "9", "a.lua", "b.lua"];
    const compact = on("-f", "-o", "i", ...fixed).files.i;
    const direct = on("-a", "0x40240000", "-o", "o", ...fixed).files.o;
    const args = ["--target", target, "-F", "i", "-a", "0x40240000", "-o", "o"];
    const placed = runInMemory(args, { files: { i: compact } });
    expect(placed).toEqual({ status: 0, stdout: "", stderr: "", files: { o: direct } });
    expect(readImage(toBytes(direct)).base).toBe(0x40240000);
  });
});

describe("the seed", () => {
  const build = (args: readonly string[], more: Parameters<typeof runInMemory>[1] = {}) =>
    run(["--target", "esp32-lua53", "-f", "-o", "o", ...args, "a.lua"], more).files.o;

  test("is the one asked for", () => {
    expect(seedOf(build(["--seed", "0xfffffffe"]))).toBe(0xfffffffe);
    expect(seedOf(build(["--seed=12"]))).toBe(12);
  });

  test("is random when nobody asks for equal builds", () => {
    expect(seedOf(build([], { now: 1000 }))).not.toBe(seedOf(build([], { now: 1001 })));
  });

  test("comes from the content when the time is given", () => {
    const [first, second] = [5, 6].map((now) => build(["--timestamp", "3"], { now }));
    expect(first).toBe(second);
    expect(build([], { env: { SOURCE_DATE_EPOCH: "3" } })).toBe(first);
    expect(build(["b.lua", "--timestamp", "3"])).not.toBe(first);
  });

  test.each(["-1", "x", "4294967296", "1.5", ""])("'%s' is none", (seed) => {
    const { status, stderr, files } = run(["--seed", seed, "-f", "a.lua"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/'?--seed'? (must be a whole number below 2\^32|needs argument)/);
    expect(files).toEqual({});
  });
});

describe("an image that is too large", () => {
  const big = { ...FILES, "big.lua": `return {${'"0123456789abcdef",'.repeat(400)}}`, o: "old" };

  test("is refused where -m says so, and leaves the old one", () => {
    const args = ["--target", "esp32-lua53", "-m", "4096", "-o", "o", "big.lua", "a.lua"];
    const { status, stderr, files } = run(args, { files: big });
    expect({ status, files }).toEqual({ status: 1, files: {} });
    expect(stderr).toMatch(/too large[^\n]*\nThe image has \d+ bytes; to fit into 4096/);
    expect(stderr).toMatch(/Largest modules: big \(\d+ bytes\), a/);
  });

  test("is refused when it is made absolute", () => {
    const { o } = run(["--target", "esp32-lua53", "-f", "-o", "o", "big.lua"], {
      files: big,
    }).files;
    const args = ["-F", "o", "-a", "0x40210000", "-m", "4096", "-o", "p"];
    const { status, stderr, files } = run(["--target", "esp32-lua53", ...args], { files: { o } });
    expect({ status, files }).toEqual({ status: 1, files: {} });
    expect(stderr).toMatch(/^luac\.cross: o: the image has \d+ bytes; to fit into 4096/);
  });
});

describe("what is warned of", () => {
  test("strings that are others in flash, and an input that is not looked at", () => {
    const built = run(["--target", "esp8266-lua53", "-f", "-o", "o", "thread.lua"]);
    expect(built.status).toBe(0);
    expect(built.stderr).toContain("warning: module 'thread' is found as");
    const args = ["--target", "esp32-lua53", "-F", "o", "-a", "0x40210000", "-o", "p", "a.lua"];
    const placed = run(args, { files: { ...FILES, o: built.files.o } });
    expect(placed.stderr).toBe(
      "luac.cross: warning: a.lua is not looked at: -F with -a takes an image only\n",
    );
    expect(Object.keys(placed.files)).toEqual(["p"]);
  });

  test("an address where no LFS begins, whatever the image is made of", () => {
    const files = { ...FILES, o: run(["--target=esp32-lua53", "-f", "-o", "o", "a.lua"]).files.o };
    for (const inputs of [["a.lua"], ["-F", "o"]]) {
      const args = ["--target", "esp32-lua53", "-a", "0x3f400010", "-o", "p", ...inputs];
      expect(run(args, { files })).toMatchObject({
        status: 0,
        stderr:
          "luac.cross: warning: 0x3f400010 is not where an LFS begins: " +
          "these addresses are multiples of 0x1000\n",
      });
      const { status, files: written } = run(["--strict", ...args], { files });
      expect({ status, written }).toEqual({ status: 1, written: {} });
    }
  });

  test("--strict makes it an error before anything is written", () => {
    const { status, files } = run(["--target=esp8266-lua53", "--strict", "-f", "thread.lua"]);
    expect({ status, files }).toEqual({ status: 1, files: {} });
  });
});

describe("-F", () => {
  const onEsp32 = (contents: string, target = "esp32-lua53") =>
    runInMemory(["--target", target, "-F", "i", "-a", "0x40210000", "-o", "o"], {
      files: { i: contents },
    });

  test.each([
    ["garbage", "garbage", /^luac\.cross: i: .*no flash image/],
    ["nothing", "", /^luac\.cross: i: .*no flash image/],
    ["a source", "return 1\n", /^luac\.cross: i: .*no flash image/],
  ])("refuses %s", (_, contents, message) => {
    const { status, stderr, files } = onEsp32(contents);
    expect({ status, files }).toEqual({ status: 1, files: {} });
    expect(stderr).toMatch(message);
  });

  test("refuses an image cut short, and one with other numbers", () => {
    const image = run(["--target", "esp32-lua53", "-f", "-o", "o", "a.lua"]).files.o;
    expect(onEsp32(image.slice(0, -3))).toMatchObject({ status: 1, files: {} });
    expect(onEsp32(image, "esp32-lua53-64").stderr).toBe(
      "luac.cross: i: esp32-lua53-64 refuses it: it has other numbers\n",
    );
  });

  test("is no option of the Lua 5.1 compilers", () => {
    const { status, stderr } = run(["-F", "o", "-a", "0x40210000"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^luac\.cross: unrecognized option '-F'\nusage: .*filenames\]\.\n/);
  });
});

describe("bytecode that the code checker refuses", () => {
  const on = (...args: string[]) => ["--target", "esp32-lua53", ...args];
  const good = run(on("-o", "o", "a.lua")).files.o;
  // The first instruction gets an opcode that does not exist.
  const at = good.indexOf(String.fromCharCode(0x06, 0x00, 0x40));
  const bad = `${good.slice(0, at)}\x3f${good.slice(at + 1)}`;
  const files = { "bad.lc": bad };

  test("is refused, unless it is trusted", () => {
    expect(run(on("-o", "o", "bad.lc"), { files })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "luac.cross: bad.lc: bad code in precompiled chunk: " +
        "main function, instruction 1: opcode 63 does not exist\n",
      files: {},
    });
    const trusted = run(on("--trust-bytecode", "-o", "o", "bad.lc"), { files });
    expect(trusted).toEqual({ status: 0, stdout: "", stderr: "", files: { o: bad } });
  });

  test("is not listed", () => {
    const { status, stderr } = run(on("--trust-bytecode", "-l", "-p", "bad.lc"), { files });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^luac\.cross: a\.lua: bad code in precompiled chunk: main function, in/,
    );
  });
});

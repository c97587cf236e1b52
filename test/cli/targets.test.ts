import { describe, expect, it } from "vitest";
import {
  DEFAULT_TARGET_NAME,
  findTarget,
  SUPPORTED_TARGETS,
  TARGETS,
} from "../../src/target/targets.ts";
import { runInMemory } from "./support.ts";

const files = { "a.lua": "return 7", "half.lua": "return 0.5" };
const INTEGER = "esp8266-lua51-int";

function chunk(args: string[], env = {}) {
  const { stderr, files: written } = runInMemory(args, { files, env });
  expect(stderr).toBe("");
  expect(Object.keys(written)).toHaveLength(1);
  return Object.values(written)[0];
}

/** The last two bytes of a chunk's header: size and kind of its numbers. */
function numbersOf(bytes: string) {
  return bytes.slice(10, 12);
}

describe("choosing a target", () => {
  it("compiles for floats by default", () => {
    expect(numbersOf(chunk(["a.lua"]))).toBe("\x08\x00");
  });

  it.each([
    [["--target", INTEGER, "a.lua"]],
    [[`--target=${INTEGER}`, "a.lua"]],
    [["-s", "--target", INTEGER, "-l", "a.lua"]],
    [["-o", "luac.out", "--target", INTEGER, "a.lua"]],
    [["a.lua", "--target", INTEGER]],
    [["--target", "esp8266-lua51-float", `--target=${INTEGER}`, "a.lua"]],
    [["--target", INTEGER, "--", "a.lua"]],
  ])("takes --target from anywhere: %j", (args) => {
    expect(numbersOf(chunk(args))).toBe("\x04\x01");
  });

  it("takes LUAC_CROSS_TARGET when there is no --target", () => {
    expect(numbersOf(chunk(["a.lua"], { LUAC_CROSS_TARGET: INTEGER }))).toBe("\x04\x01");
    const both = chunk(["--target", DEFAULT_TARGET_NAME, "a.lua"], { LUAC_CROSS_TARGET: INTEGER });
    expect(numbersOf(both)).toBe("\x08\x00");
    expect(numbersOf(chunk(["a.lua"], { LUAC_CROSS_TARGET: "" }))).toBe("\x08\x00");
  });

  it("suggests the nearest name, and says where a wrong one came from", () => {
    const option = runInMemory(["--target", "esp8266-lua51-flaot", "a.lua"], { files });
    expect(option).toMatchObject({
      status: 1,
      stderr:
        "luac.cross: unknown target 'esp8266-lua51-flaot'; did you mean 'esp8266-lua51-float'?\n",
      files: {},
    });
    const variable = runInMemory(["a.lua"], {
      files,
      env: { LUAC_CROSS_TARGET: "ESP32-lua51-in" },
    });
    expect(variable.stderr).toBe(
      "luac.cross: LUAC_CROSS_TARGET: unknown target 'ESP32-lua51-in'; did you mean 'esp32-lua51-int'?\n",
    );
    const ünknown = runInMemory(["--target", "ünknown", "a.lua"], { files });
    expect(ünknown.stderr).toContain("unknown target '\xc3\xbcnknown'");
  });

  it("refuses a name in a message of bytes, and cuts a long one", () => {
    const refusal = (name: string) => {
      try {
        return findTarget(name).name;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal("ünknown")).toContain("unknown target '\xc3\xbcnknown'; did");
    expect(refusal("x".repeat(64))).toContain(`'${"x".repeat(64)}'; did`);
    expect(refusal("x".repeat(65))).toContain(`'${"x".repeat(64)}...'; did`);
    // A letter of two units is one character, and is not cut in half.
    expect(refusal("\u{1f600}".repeat(65))).toContain(`'${"\xf0\x9f\x98\x80".repeat(64)}...'`);
    const start = performance.now();
    expect(refusal(`esp32-lua51-in${"\n".repeat(10_000_000)}`).length).toBeLessThan(150);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("answers questions even when LUAC_CROSS_TARGET is wrong", () => {
    const env = { LUAC_CROSS_TARGET: "wrong" };
    for (const question of ["-h", "--help", "--targets", "--version"]) {
      expect(runInMemory([question], { env })).toMatchObject({ status: 0, stderr: "" });
    }
  });
});

describe("each target", () => {
  const bySubtypes = (has: boolean) =>
    SUPPORTED_TARGETS.filter(({ numbers }) => numbers.integerSize > 0 === has);

  it.each(bySubtypes(false))("$name compiles", (target) => {
    const bytes = chunk(["--target", target.name, "a.lua"]);
    expect(numbersOf(bytes)).toBe(target.numbers.integral ? "\x04\x01" : "\x08\x00");
    const seven = target.numbers.integral ? "\x07\0\0\0" : "\0\0\0\0\0\0\x1c@";
    expect(bytes).toContain(String.fromCharCode(target.wire.numberTag) + seven);
  });

  it.each(bySubtypes(true))("$name compiles", (target) => {
    const bytes = chunk(["--target", target.name, "a.lua"]);
    expect(bytes.slice(0, 12)).toBe("\x1bLua\x53\x0a\x19\x93\r\n\x1a\n");
    const { integerSize, size } = target.numbers;
    expect(bytes.slice(12, 16)).toBe(String.fromCharCode(4, 4, integerSize, size));
    expect(bytes).toContain("\x01\x37"); // one constant, the integer 7
  });

  it.each(TARGETS)("$name has its banner", (target) => {
    const { stdout } = runInMemory(["-v", "--target", target.name]);
    expect(stdout).toBe(`${target.commandLine.banner}\n`);
  });
});

describe("--targets", () => {
  const { stdout } = runInMemory(["--targets"]);
  const rowOf = (name: string) => stdout.split("\n").find((line) => line.includes(` ${name} `));

  it.each(TARGETS)("has a line for $name", (target) => {
    const row = rowOf(target.name);
    expect(row).toContain(target.firmware);
    expect(row).toContain(target.dialect.title);
    expect(row).toContain(`  ${target.numbersInWords}  `);
    expect(row).toContain(target.settings);
    expect(row?.endsWith("(not supported yet)")).toBe(!target.supported);
  });

  it("marks the default, or what LUAC_CROSS_TARGET makes of it", () => {
    expect(rowOf(DEFAULT_TARGET_NAME)).toMatch(/^\* esp/);
    expect(stdout.match(/^\* /gm)).toHaveLength(1);
    const env = { LUAC_CROSS_TARGET: INTEGER };
    const other = runInMemory(["--targets"], { env }).stdout;
    expect(other.match(/^\* \S+/gm)).toEqual([`* ${INTEGER}`]);
  });
});

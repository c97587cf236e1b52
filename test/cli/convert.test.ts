/** `luacross convert`: from one format to the other and back, to the reference's bytes. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fromBytes, toBytes } from "../../src/base/lua-string.ts";
import { buildImage51, compactImage51, compactPayload51 } from "../../src/image/build51.ts";
import { buildImage } from "../../src/index.ts";
import { findTarget } from "../../src/target/targets.ts";
import { PAIRS } from "../device/fixtures.ts";
import { absoluteOf, compactOf, TARGET_30 } from "../device/support.ts";
import { makeProto } from "../support/make-proto.ts";
import { run } from "./tools-support.ts";

const ADDRESS = ["--absolute", "0x40250000"];

function convert(file: Uint8Array, ...args: string[]) {
  return run(["convert", "f.img", ...args], { files: { "f.img": fromBytes(file) } });
}

function converted(file: Uint8Array, ...args: string[]): Uint8Array {
  const { status, stderr, files } = convert(file, "-o", "out.img", ...args);
  expect([status, stderr]).toEqual([0, ""]);
  return toBytes(files["out.img"]);
}

describe.each(PAIRS.map(({ target }) => target))("%s", (target) => {
  test("the reference's bytes, either way and round", () => {
    const [compact, absolute] = [compactOf(target), absoluteOf(target)];
    expect(converted(compact, ...ADDRESS)).toEqual(absolute);
    expect(converted(absolute, "--compact")).toEqual(compact);
    expect(converted(compact, "--compact")).toEqual(compact);
    expect(converted(absolute, ...ADDRESS)).toEqual(absolute);
  });

  test("from one address to another", () => {
    const moved = converted(absoluteOf(target), "--absolute", "0x40296000");
    expect(moved).not.toEqual(absoluteOf(target));
    expect(converted(moved, ...ADDRESS)).toEqual(absoluteOf(target));
  });
});

test("what was done is said, for people and for programs", () => {
  const { stdout } = convert(compactOf(TARGET_30), ...ADDRESS, "-o", "out.img");
  expect(stdout).toBe("out.img: absolute image for 0x40250000, 884 bytes\n");
  const json = convert(compactOf(TARGET_30), ...ADDRESS, "-o", "out.img", "--json").stdout;
  expect(JSON.parse(json)).toMatchObject({ output: "out.img", base: 0x40250000, flashBytes: 884 });
});

test("to standard output, with nothing else in it", () => {
  const { stdout, files } = convert(absoluteOf(TARGET_30), "--compact", "-o", "-");
  expect(toBytes(stdout)).toEqual(compactOf(TARGET_30));
  expect(files).toEqual({});
});

describe("a compact image that its device would refuse", () => {
  const target = findTarget(TARGET_30);
  const image = buildImage51(makeProto(), { target });
  const exact = compactImage51(image);

  test("gets other bytes, and a note", () => {
    const { status, stderr, files } = convert(exact, "--compact", "-o", "out.img");
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^luacross convert: note: the device would refuse the original's bytes: read error/,
    );
    const file = toBytes(files["out.img"]);
    expect(file.length).toBeGreaterThan(200);
    expect(new Uint8Array(gunzipSync(file))).toEqual(compactPayload51(image));
  });

  test("keeps its bytes when that is insisted on", () => {
    expect(converted(exact, "--compact", "--exact")).toEqual(exact);
  });
});

test.each([
  [["--compact"], /'-o OUT', the file to write, is missing/],
  [["-o", "x"], /choose one: '--absolute ADDR' or '--compact'/],
  [["-o", "x", "--compact", ...ADDRESS], /choose one/],
  [["-o", "x", "--absolute", "0x40250004"], /not where a sector of flash begins/],
  [
    ["-o", "x", "--absolute", "0x3f400000"],
    /not in flash: images for esp8266-lua51-float lie from/,
  ],
  [["-o", "x", "--exact", ...ADDRESS], /'--exact' is for '--compact'/],
  [["-o", "-", "--compact", "--json"], /cannot go to standard output/],
])("wrong use: %j", (args, message) => {
  const { status, stderr, files } = convert(compactOf(TARGET_30), ...args);
  expect([status, files]).toEqual([2, {}]);
  expect(stderr).toMatch(message);
});

test("an ESP32 image may lie anywhere", () => {
  const file = compactOf("esp32-lua51-float");
  const args = ["--target", "esp32-lua51-float", "--absolute", "0x3f400000"];
  expect(converted(file, ...args)).toHaveLength(884);
});

test("but not beyond the last address", () => {
  const long = { name: "a.lua", source: `return "${"x".repeat(5000)}"` };
  const { bytes } = buildImage([long], { target: "esp32-lua53", timestamp: 1 });
  const args = ["--target", "esp32-lua53", "-o", "x"];
  expect(convert(bytes, ...args, "--absolute", "0xffffe000").status).toBe(0);
  const { status, stderr, files } = convert(bytes, ...args, "--absolute", "0xfffff000");
  expect([status, files]).toEqual([1, {}]);
  expect(stderr).toMatch(/^luacross convert: f\.img: an image of \d+ bytes .* beyond the last/);
});

test("a damaged image, one for another target, and what is no image leave no file", () => {
  const good = compactOf(TARGET_30);
  const wrong: [Uint8Array, string[], RegExp][] = [
    [good.slice(0, 300), [], /^luacross convert: f\.img: /],
    [good, ["--target", "esp8266-2.2-float"], /this image is for esp8266-lua51-float or/],
    [toBytes("return 1"), [], /f\.img: this is no flash image/],
  ];
  for (const [file, args, message] of wrong) {
    const { status, stdout, stderr, files } = convert(file, "--compact", "-o", "x", ...args);
    expect([status, stdout, files]).toEqual([1, "", {}]);
    expect(stderr).toMatch(message);
  }
});

test("a place that cannot be written to", () => {
  const { status, stderr } = convert(compactOf(TARGET_30), "--compact", "-o", "/dev/full");
  expect([status, stderr]).toEqual([
    1,
    "luacross convert: cannot close /dev/full: No space left on device\n",
  ]);
});

test("where firmwares want different absolute images, a note tells whose this is", () => {
  const files = { "a.lua": "return 1" };
  const env = { SOURCE_DATE_EPOCH: "1700000000" };
  const build = (target: string, ...format: string[]) => {
    const args = ["compile", "--target", target, ...format, "-o", "f.img", "a.lua"];
    return run(args, { files, env }).files["f.img"] ?? "";
  };
  const image = { "f.img": build("esp8266-lua53-64", "-f") };
  const args = ["convert", "f.img", "--absolute", "0x40210000", "-o", "out.img"];
  const guessed = run(args, { files: image });
  expect(guessed.stderr).toBe(
    "luacross convert: note: this is for esp8266-lua53-64; for esp32-lua53-64 other bytes are needed: name it with '--target'\n",
  );
  expect(guessed.files["out.img"]).toBe(build("esp8266-lua53-64", "-a", "0x40210000"));
  const named = run([...args, "--target", "esp32-lua53-64"], { files: image });
  expect([named.status, named.stderr]).toEqual([0, ""]);
  expect(named.files["out.img"]).toBe(build("esp32-lua53-64", "-a", "0x40210000"));
  expect(named.files["out.img"]).not.toBe(guessed.files["out.img"]);
});

/** `luacross inspect`: what files are, as a page and for programs, however damaged they are. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fromBytes, toBytes, toText } from "../../src/base/lua-string.ts";
import { compile, encode, targets } from "../../src/index.ts";
import { damage, extremeHeaders } from "../device/damage.ts";
import { PAIRS } from "../device/fixtures.ts";
import { absoluteOf, compactOf, payloadOf, TARGET_30 } from "../device/support.ts";
import { run } from "./tools-support.ts";

const SUPPORTED = targets.filter(({ supported }) => supported).map(({ name }) => name);

function json(file: Uint8Array, name = "f.img") {
  const { stdout, status, stderr } = run(["inspect", "--json", name], {
    files: { [name]: fromBytes(file) },
  });
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout)[0];
}

/** Where the instructions of the main function lie in a chunk. */
function findCode(chunk: Uint8Array, code: Int32Array): number {
  const wanted = new Uint8Array(code.slice().buffer);
  const at = chunk.findIndex((_, i) => wanted.every((byte, j) => chunk[i + j] === byte));
  expect(at).toBeGreaterThan(0);
  return at;
}

describe("images of the reference", () => {
  test.each(PAIRS.map(({ target }) => target))("%s", (target) => {
    const compact = json(compactOf(target));
    expect(compact.targets).toContain(target);
    expect(compact).toMatchObject({
      file: "f.img",
      kind: "compact image",
      base: null,
      functions: 4,
    });
    expect(compact.modules.map(({ name }: { name: string }) => name)).toEqual(["a", "mod"]);
    const sum = Object.values<number>(compact.parts).reduce((a, b) => a + b, 0);
    expect(sum).toBe(compact.flashBytes);
    const absolute = json(absoluteOf(target));
    const { kind, fileBytes, base, signature, ...same } = compact;
    expect(absolute).toMatchObject({ kind: "absolute image", base: 0x40250000, ...same });
    expect(absolute.fileBytes).toBe(absolute.flashBytes);
  });

  test("generations that share a signature are told apart by their tags", () => {
    expect(json(compactOf("esp8266-2.2-packed")).targets).toEqual(["esp8266-2.2-packed"]);
    expect(json(compactOf(TARGET_30)).targets).toEqual([TARGET_30, "esp32-lua51-float"]);
  });

  test("as a page", () => {
    const files = { "f.img": fromBytes(compactOf(TARGET_30)) };
    const page = toText(run(["inspect", "f.img"], { files }).stdout);
    expect(page).toMatch(/^f\.img: compact LFS image, Lua 5\.1\n {2}for {7}esp8266-lua51-float or/);
    expect(page).toMatch(/\n {2}built {5}20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
    expect(page).toMatch(/\n {2}holds {5}2 modules, 4 functions, \d+ instructions, 11 strings\n/);
    expect(page).toMatch(/\n {2}mod +368 +2\n/);
    expect(page).toMatch(/\n {2}code +\d+ {2}\d\d\.\d {2}█+/);
    expect(page).not.toMatch(/[ \t]\n/);
    expect(page).not.toContain("\x1b");
  });
});

describe(".lc files", () => {
  const source = "local t = {} function t.f(n) return n + 7, 'x' end return t";

  test.each(SUPPORTED)("%s", (target) => {
    for (const strip of [false, true]) {
      const chunk = encode(compile(source, { target, chunkName: "@t.lua" }), { target, strip });
      const found = json(chunk, "t.lc");
      expect(found.targets).toContain(target);
      expect(found).toMatchObject({ kind: "chunk", functions: 2, extraBytes: 0 });
      expect(found.source).toBe(strip ? null : "t.lua");
      const sum = Object.values<number>(found.parts).reduce((a, b) => a + b, 0);
      expect(sum).toBe(chunk.length);
    }
  });

  test("integers are told from floats, and generations by their tags", () => {
    const of = (target: string) => json(encode(compile(source, { target }), { target })).targets;
    expect(of("esp8266-2.2-int")).toEqual(["esp8266-2.2-int"]);
    expect(of("esp8266-lua51-int")).toEqual(["esp8266-lua51-int", "esp32-lua51-int"]);
    expect(of("esp8266-lua51-float")).not.toContain("esp8266-lua51-int");
  });

  test("bytes behind the end are mentioned", () => {
    const chunk = encode(compile(source));
    const longer = new Uint8Array(chunk.length + 5);
    longer.set(chunk);
    expect(json(longer)).toMatchObject({ extraBytes: 5, fileBytes: longer.length });
  });
});

test("sources, and several files at once", () => {
  const files = { "a.lua": "return 1\n", "b.lc": fromBytes(encode(compile("x = 1"))) };
  const { status, stdout } = run(["inspect", "a.lua", "b.lc"], { files });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^a\.lua: Lua source, or other text: 9 bytes, 1 line\n\nb\.lc: compiled/);
});

test("a file that is nothing is refused, and the others are shown", () => {
  const files = { "n.bin": "\x01\0\x02", "a.lua": "" };
  const { status, stdout, stderr } = run(["inspect", "n.bin", "a.lua", "gone"], { files });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^a\.lua: /);
  expect(stderr).toBe(
    "luacross inspect: n.bin: this is no Lua source, no .lc file and no LFS image\n" +
      "luacross inspect: cannot open gone: No such file or directory\n",
  );
});

test("what could steer a terminal is written out", () => {
  const chunk = encode(compile("return 1", { chunkName: "@\x1b[31mred.lua" }));
  const { stdout } = run(["inspect", "x.lc"], { files: { "x.lc": fromBytes(chunk) } });
  expect(stdout).toContain("\\x1b[31mred.lua");
  expect(stdout).not.toContain("\x1b");
});

describe("damage", () => {
  /** Says what the file is, or why it is nothing; status and output agree. */
  function survives(file: Uint8Array): void {
    const { status, stdout, stderr } = run(["inspect", "x"], { files: { x: fromBytes(file) } });
    expect(status).toBe(stderr === "" ? 0 : 1);
    if (status === 1) expect(stderr).toMatch(/^luacross inspect: x: [^\n]+\n$/);
    expect(stdout === "").toBe(status === 1);
  }

  test("of every byte of compact images, of their headers, of their length", () => {
    for (const damaged of Object.values(damage(compactOf(TARGET_30)))) damaged.forEach(survives);
    extremeHeaders(payloadOf(TARGET_30)).forEach(survives);
  });

  test.each(SUPPORTED)("of a .lc file for %s: told by a loader that knows the target", (target) => {
    const chunk = encode(compile("local t = {1, 2}; print(t, 'hello')", { target }), { target });
    const told = (file: Uint8Array) => {
      const files = { "x.lc": fromBytes(file) };
      const { status, stdout, stderr } = run(["inspect", "x.lc"], { files });
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^luacross inspect: x\.lc: [^\n]+\n$/);
      expect(stderr.match(/x\.lc/g)).toHaveLength(1);
      return stderr;
    };
    const cuts = Array.from({ length: 20 }, (_, i) => told(chunk.slice(0, -1 - i)));
    for (const message of cuts) expect(message).toMatch(/: (?:unexpected end|truncated)/);
    const badCode = chunk.slice();
    const at = findCode(chunk, compile("local t = {1, 2}; print(t, 'hello')", { target }).code);
    badCode.fill(0xff, at, at + 4);
    expect(told(badCode)).toMatch(/bad code/);
  });

  test("of every byte of an absolute image and of a .lc file", () => {
    for (const file of [absoluteOf("esp8266-lua51-int"), encode(compile("return 'a', 1, f"))]) {
      for (let at = 0; at < file.length; at++) {
        for (const change of [1, 0x80, 0xff]) {
          const damaged = file.slice();
          damaged[at] ^= change;
          survives(damaged);
        }
        survives(file.slice(0, at));
      }
    }
  });

  test("by bombs", () => {
    survives(new Uint8Array(gzipSync(Buffer.alloc(20_000_000))));
    survives(toBytes("\x1f\x8b"));
    survives(toBytes("\x1bLua"));
  });
});

test("an empty file is called empty", () => {
  const { status, stdout } = run(["inspect", "none.lua"], { files: { "none.lua": "" } });
  expect([status, stdout]).toEqual([0, "none.lua: empty\n"]);
});

test("a file that devices refuse for its few bytes is told, and what mends it", () => {
  const env = { SOURCE_DATE_EPOCH: "1700000000" };
  const build = (...options: string[]) => {
    const args = ["compile", "-f", "--strip", "-o", "f.img", ...options, "z.lua"];
    return run(args, { files: { "z.lua": "" }, env }).files["f.img"] ?? "";
  };
  const short = build("--exact");
  expect(short.length).toBeLessThanOrEqual(200);
  const files = { "f.img": short };
  const remark = `devices refuse this file (${short.length} bytes are too few for them); 'luacross convert --compact' mends it`;
  expect(run(["inspect", "f.img"], { files }).stdout).toContain(`\n  ! ${remark}\n`);
  const mended = run(["convert", "f.img", "--compact", "-o", "f.img"], { files }).files["f.img"];
  for (const image of [mended, build()]) {
    expect(run(["inspect", "f.img"], { files: { "f.img": image ?? "" } })).toMatchObject({
      status: 0,
      stdout: expect.not.stringContaining("devices refuse"),
    });
  }
});

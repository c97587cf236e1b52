/** A real folder as the files of a board. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromBytes, toBytes } from "../../src/base/lua-string.ts";
import { openFolder } from "../../src/cli/node-board-files.ts";

const ON_WINDOWS = process.platform === "win32";
let folder = "";
const at = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "luacross-folder-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("names", () => {
  it("go into folders, with slashes, and leave out what no board could have", () => {
    fs.mkdirSync(at("b/c"), { recursive: true });
    fs.mkdirSync(at("empty"));
    const names = ["z.lua", "b/c/y.lua", "b/x.lc", "B.txt", ".hidden", `${"n".repeat(32)}`];
    for (const name of names) fs.writeFileSync(at(name), "");
    expect(openFolder(folder).names()).toEqual(["B.txt", "b/c/y.lua", "b/x.lc", "z.lua"]);
  });

  it.skipIf(ON_WINDOWS)("do not go round in circles", () => {
    fs.symlinkSync(folder, at("self"));
    expect(openFolder(folder).names()).toEqual([]);
  });
});

describe("files", () => {
  it("are read, written, measured and removed", () => {
    const files = openFolder(folder);
    expect(files.write("a/b.txt", toBytes("abc"))).toBe(true);
    expect(fs.readFileSync(at("a/b.txt"), "latin1")).toBe("abc");
    expect(files.sizeOf("a/b.txt")).toBe(3);
    expect(fromBytes(files.read("a/b.txt") ?? new Uint8Array(0))).toBe("abc");
    expect(files.remove("a/b.txt")).toBe(true);
    expect(files.read("a/b.txt")).toBeUndefined();
    expect(files.remove("a/b.txt")).toBe(true);
  });

  it("are never outside of the folder", () => {
    const inner = openFolder(path.join(folder, "."));
    fs.mkdirSync(at("in"));
    fs.writeFileSync(at("secret"), "x");
    const files = openFolder(at("in"));
    expect(inner.read("secret")).toBeDefined();
    for (const name of ["../secret", "/etc/passwd", "a/../../secret", "..\\secret", "a\0b", ""]) {
      expect(files.read(name)).toBeUndefined();
      expect(files.sizeOf(name)).toBeUndefined();
      expect(files.write(name, toBytes("y"))).toBe(false);
    }
    expect(fs.readFileSync(at("secret"), "latin1")).toBe("x");
  });

  it("that are folders cannot be read or written", () => {
    fs.mkdirSync(at("d"));
    const files = openFolder(folder);
    expect(files.read("d")).toBeUndefined();
    expect(files.sizeOf("d")).toBeUndefined();
    expect(files.write("d", toBytes("x"))).toBe(false);
    expect(files.remove("d")).toBe(false);
  });
});

it("what is no folder is refused in the system's words", () => {
  fs.writeFileSync(at("file"), "");
  expect(() => openFolder(at("none"))).toThrow("No such file or directory");
  expect(() => openFolder(at("file"))).toThrow("Not a directory");
});

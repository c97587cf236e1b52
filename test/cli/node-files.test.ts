import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SystemError } from "../../src/cli/host.ts";
import { isSameFile, readWholeFile, writeWholeFile } from "../../src/cli/node-files.ts";

const ON_WINDOWS = process.platform === "win32";
const NO_DEV_FULL = !fs.existsSync("/dev/full");

let folder: string;
const at = (name: string) => path.join(folder, name);
const text = (name: string) => fs.readFileSync(at(name), "latin1");

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "luacross-files-")));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

/** The refusal of an operation, in the words of the message. */
function refusal(operation: () => unknown): string {
  try {
    operation();
  } catch (error) {
    if (error instanceof SystemError) return `cannot ${error.action}: ${error.reason}`;
    throw error;
  }
  return "done";
}

const bytes = (length: number) => new Uint8Array(length).fill(0x78);
const write = (name: string, length = 3) => refusal(() => writeWholeFile(at(name), bytes(length)));

describe("writing", () => {
  it("makes a file, and replaces one, leaving nothing beside it", () => {
    expect(write("new.lc")).toBe("done");
    expect(text("new.lc")).toBe("xxx");
    expect(write("new.lc", 5)).toBe("done");
    expect(text("new.lc")).toBe("xxxxx");
    expect(write("new.lc", 0)).toBe("done");
    expect(text("new.lc")).toBe("");
    expect(fs.readdirSync(folder)).toEqual(["new.lc"]);
  });

  it("replaces in one step: who has the old file open still reads it whole", () => {
    fs.writeFileSync(at("x.lc"), "old contents");
    const open = fs.openSync(at("x.lc"), "r");
    write("x.lc");
    // Windows refuses to replace an open file; then it is written through.
    if (!ON_WINDOWS) expect(fs.readFileSync(open, "latin1")).toBe("old contents");
    fs.closeSync(open);
    expect(text("x.lc")).toBe("xxx");
  });

  it("is not stopped by what a killed run left behind", () => {
    fs.writeFileSync(at(`.luacross-${process.pid}-0.tmp`), "half");
    expect(write("x.lc")).toBe("done");
    expect(text("x.lc")).toBe("xxx");
  });

  it.skipIf(ON_WINDOWS)("keeps permissions (Windows has none)", () => {
    fs.writeFileSync(at("x.lc"), "");
    fs.chmodSync(at("x.lc"), 0o750);
    write("x.lc");
    expect(fs.statSync(at("x.lc")).mode & 0o777).toBe(0o750);
  });

  it.skipIf(ON_WINDOWS)("gives new files the usual permissions (Windows has none)", () => {
    fs.writeFileSync(at("usual"), "");
    write("x.lc");
    expect(fs.statSync(at("x.lc")).mode).toBe(fs.statSync(at("usual")).mode);
  });

  it.skipIf(ON_WINDOWS)(
    "follows links and keeps them (Windows needs a right to make links)",
    () => {
      fs.mkdirSync(at("there"));
      fs.writeFileSync(at("there/x.lc"), "old");
      fs.symlinkSync("there/x.lc", at("link"));
      fs.symlinkSync("there/new.lc", at("dangling"));
      fs.symlinkSync("loop", at("loop"));
      expect([write("link"), write("dangling")]).toEqual(["done", "done"]);
      expect([text("there/x.lc"), text("there/new.lc")]).toEqual(["xxx", "xxx"]);
      expect(fs.readlinkSync(at("link"))).toBe("there/x.lc");
      expect(fs.readdirSync(at("there")).sort()).toEqual(["new.lc", "x.lc"]);
      expect(write("loop")).toBe("cannot open: Too many levels of symbolic links");
    },
  );

  it("gives the system's reasons", () => {
    fs.mkdirSync(at("folder"));
    fs.writeFileSync(at("file"), "old");
    expect(write("folder")).toMatch(/^cannot open: (Is a directory|Operation not permitted)$/);
    expect(write("nowhere/x.lc")).toBe("cannot open: No such file or directory");
    if (!ON_WINDOWS) {
      expect(write("file/x.lc")).toBe("cannot open: Not a directory");
      expect(refusal(() => writeWholeFile(`${at("folder")}/`, bytes(1)))).toBe(
        "cannot open: Is a directory",
      );
      expect(write("n".repeat(300))).toBe("cannot open: File name too long");
    }
    expect(text("file")).toBe("old");
  });

  it.skipIf(NO_DEV_FULL)("tells a full device as C's buffered output does (no /dev/full)", () => {
    const full = (length: number) => refusal(() => writeWholeFile("/dev/full", bytes(length)));
    expect(full(1)).toBe("cannot close: No space left on device");
    expect(full(4096)).toBe("cannot close: No space left on device");
    expect(full(4097)).toBe("cannot write: No space left on device");
    expect(full(0)).toBe("done");
  });

  it.skipIf(ON_WINDOWS)("writes to devices and never replaces them (Windows has no /dev)", () => {
    expect(refusal(() => writeWholeFile("/dev/null", bytes(100_000)))).toBe("done");
    expect(fs.statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

describe("the same file", () => {
  it("is known however it is spelled", () => {
    fs.mkdirSync(at("d"));
    for (const name of ["x", "y"]) fs.writeFileSync(at(name), "");
    expect(isSameFile(at("x"), `${folder}/d/../x`)).toBe(true);
    expect(isSameFile(at("x"), path.relative(process.cwd(), at("x")))).toBe(true);
    expect(isSameFile(at("x"), at("y"))).toBe(false);
    expect(isSameFile(at("none"), at("none"))).toBe(false);
  });

  it.skipIf(ON_WINDOWS)("is known through a symbolic link", () => {
    fs.writeFileSync(at("x"), "");
    fs.symlinkSync(at("x"), at("link"));
    expect(isSameFile(at("link"), at("x"))).toBe(true);
  });
});

describe("reading", () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 300_000])("reads %i bytes", (length) => {
    fs.writeFileSync(at("x"), bytes(length));
    expect(readWholeFile(at("x"))).toHaveLength(length);
  });

  it.skipIf(!fs.existsSync("/proc/version"))(
    "reads files that claim to be empty (no /proc)",
    () => {
      expect(readWholeFile("/proc/version").length).toBeGreaterThan(10);
    },
  );

  it("gives the system's reasons", () => {
    expect(refusal(() => readWholeFile(at("none")))).toBe("cannot open: No such file or directory");
    expect(refusal(() => readWholeFile(""))).toBe("cannot open: No such file or directory");
    if (!ON_WINDOWS) {
      expect(refusal(() => readWholeFile(folder))).toBe("cannot read: Is a directory");
      fs.writeFileSync(at("file"), "");
      expect(refusal(() => readWholeFile(at("file/x")))).toBe("cannot open: Not a directory");
    }
  });

  it.skipIf(!fs.existsSync("/dev/zero"))("does not read for ever (no /dev/zero)", () => {
    expect(refusal(() => readWholeFile("/dev/zero"))).toBe("cannot read: larger than 256 MB");
  });
});

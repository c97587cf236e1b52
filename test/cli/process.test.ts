/** The commands as processes, from a package in a folder with a blank and an umlaut in its name. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { InstalledPackage } from "./support.ts";

const ON_WINDOWS = process.platform === "win32";
const NOBODY = 65534;
const IS_ROOT = process.getuid?.() === 0;
/** Root may read and write everything, so refusals are tested as someone else. */
const unprivileged = IS_ROOT ? { uid: NOBODY } : {};

let product: InstalledPackage;

beforeAll(() => {
  product = new InstalledPackage();
});

afterAll(() => {
  product?.remove();
});

beforeEach(() => {
  fs.rmSync(product.work, { recursive: true });
  fs.mkdirSync(product.work);
  fs.chmodSync(product.work, 0o777);
  fs.writeFileSync(
    product.at("a.lua"),
    'local n = 7\nfunction f(a) return a + n end\nf(true, "hi")\n',
  );
});

/** Runs `luac.cross`. */
function cross(args: string[], options: Parameters<InstalledPackage["run"]>[2] = {}) {
  const { status, stdout, stderr } = product.run("luac.cross", args, options);
  return { status, stdout, stderr };
}

const read = (name: string) => fs.readFileSync(product.at(name), "latin1");

/** `a.lua` compiled: the worked example of lua51.md §5.5, with this file's name. */
const A_LC = Buffer.from(
  [
    "1b4c7561 51 00 01 04 04 04 08 00",
    "07000000 40612e6c756100 00000000 00000000 00 00 02 04",
    "09000000 00",
    "01000000 64000000 00000000 47400000 45400000 82008000 c1800000 5c408001 1e008000",
    "03000000 03 0000000000001c40 04 02000000 6600 04 03000000 686900",
    "01000000",
    "00000000 02000000 02000000 01 01 00 02",
    "04000000 44000000 4c400000 5e000001 1e008000",
    "00000000 00000000 03000000 800400 00000000 00000000",
    "04000000 00 01030500 00000000 00000000",
  ]
    .join("")
    .replaceAll(" ", ""),
  "hex",
).toString("latin1");

describe("luac.cross", () => {
  it("compiles to luac.out, to a named file and to standard output", () => {
    const done = { status: 0, stdout: "", stderr: "" };
    expect(cross(["a.lua"])).toEqual(done);
    expect(read("luac.out")).toBe(A_LC);
    expect(cross(["-o", "b.lc", "a.lua"])).toEqual(done);
    expect(read("b.lc")).toBe(read("luac.out"));
    expect(cross(["-o", "-", "a.lua"])).toEqual({ ...done, stdout: read("luac.out") });
    expect(fs.readdirSync(product.work).sort()).toEqual(["a.lua", "b.lc", "luac.out"]);
  });

  it("reads standard input and the environment", () => {
    const env = { LUAC_CROSS_TARGET: "esp32-lua51-int", SOURCE_DATE_EPOCH: "1234" };
    const { status, stdout } = cross(["-v", "-i", "-l", "-l", "-p", "-"], { input: "x = 7", env });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Lua 5\.1\.4 .* \[5\.1-integral\]\n/);
    expect(stdout).toContain('\t1\t"stdin"\n\t2\t1234\n');
  });

  it("keeps names with blanks and beyond ASCII, as UTF-8", () => {
    const name = "größe und 名.lua";
    fs.writeFileSync(product.at(name), "x = 1");
    const utf8 = Buffer.from(name).toString("latin1");
    const { status, stdout } = cross(["-l", "-o", `${name}c`, name]);
    expect([status, stdout.split("\n")[1]]).toEqual([
      0,
      expect.stringContaining(`main <${utf8}:0,0>`),
    ]);
    expect(read(`${name}c`)).toContain(`@${utf8}\0`);
    const missing = cross(["ü.lua"]);
    const expected = "luac.cross: cannot open ü.lua: No such file or directory\n";
    expect(missing.stderr).toBe(Buffer.from(expected).toString("latin1"));
  });

  it("counts CRLF as one line", () => {
    fs.writeFileSync(product.at("dos.lua"), "x = 1\r\ny = 2\r\n\r\nz =\r\n");
    expect(cross(["dos.lua"]).stderr).toBe(
      "luac.cross: dos.lua:5: unexpected symbol near '<eof>'\n",
    );
  });

  it("prints one line, and no hint, when stderr is not a terminal", () => {
    fs.writeFileSync(product.at("bom.lua"), "\ufeffx = 1");
    expect(cross(["bom.lua"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "luac.cross: bom.lua:1: unexpected symbol near '\xef'\n",
    });
  });

  it.each([
    [["none.lua"], "cannot open none.lua: No such file or directory"],
    [["."], ON_WINDOWS ? "cannot open .: Is a directory" : "cannot read .: Is a directory"],
    [["garbage"], "garbage:1: unexpected symbol near 'char(1)'"],
    [["cut.lc"], "cut.lc: unexpected end in precompiled chunk"],
    [["-o", ".", "a.lua"], "cannot open .: Is a directory"],
    [["-o", "none/x", "a.lua"], "cannot open none/x: No such file or directory"],
  ])("%j: %s", (args, message) => {
    fs.writeFileSync(product.at("garbage"), Uint8Array.of(1, 2, 255));
    fs.writeFileSync(product.at("cut.lc"), A_LC.slice(0, 100), "latin1");
    const before = fs.readdirSync(product.work);
    expect(cross(args)).toEqual({ status: 1, stdout: "", stderr: `luac.cross: ${message}\n` });
    expect(fs.readdirSync(product.work)).toEqual(before);
  });

  it("prints the usage for a wrong option, and for -h", () => {
    const wrong = cross(["-x"]);
    const help = cross(["-h"]);
    expect([wrong.status, wrong.stdout]).toEqual([1, ""]);
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(wrong.stderr).toBe(`luac.cross: unrecognized option '-x'\n${help.stdout}`);
  });

  it("leaves an existing output alone when anything fails", () => {
    fs.writeFileSync(product.at("out.lc"), "precious");
    fs.writeFileSync(product.at("bad.lua"), "x =");
    fs.writeFileSync(product.at("big.lua"), "x = 2147483647");
    expect(cross(["-o", "out.lc", "a.lua", "bad.lua"]).status).toBe(1);
    const target = ["--target", "esp8266-lua51-int"];
    expect(cross([...target, "-o", "out.lc", "big.lua"])).toMatchObject({
      status: 1,
      stderr: "luac.cross: value too big or small for target integer type\n",
    });
    expect(read("out.lc")).toBe("precious");
    expect(fs.readdirSync(product.work)).toHaveLength(4);
  });
});

describe.skipIf(ON_WINDOWS)("on POSIX (Windows has other permissions and no /dev)", () => {
  it("tells why a file may not be read or written", () => {
    fs.writeFileSync(product.at("secret.lua"), "");
    fs.chmodSync(product.at("secret.lua"), 0);
    fs.writeFileSync(product.at("fixed.lc"), "old");
    fs.chmodSync(product.at("fixed.lc"), 0o444);
    expect(cross(["secret.lua"], unprivileged).stderr).toBe(
      "luac.cross: cannot open secret.lua: Permission denied\n",
    );
    expect(cross(["-o", "fixed.lc", "a.lua"], unprivileged)).toMatchObject({
      status: 1,
      stderr: "luac.cross: cannot open fixed.lc: Permission denied\n",
    });
    expect(read("fixed.lc")).toBe("old");
  });

  it("writes where the folder may not be changed, if the file may", () => {
    fs.mkdirSync(product.at("folder"));
    fs.writeFileSync(product.at("folder/open.lc"), "old");
    fs.chmodSync(product.at("folder/open.lc"), 0o666);
    fs.chmodSync(product.at("folder"), 0o555);
    const refused = cross(["-o", "folder/new.lc", "a.lua"], unprivileged);
    const written = cross(["-o", "folder/open.lc", "a.lua"], unprivileged);
    fs.chmodSync(product.at("folder"), 0o755);
    expect(refused).toMatchObject({
      status: 1,
      stderr: "luac.cross: cannot open folder/new.lc: Permission denied\n",
    });
    expect(written).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(read("folder/open.lc")).toBe(A_LC);
    expect(fs.readdirSync(product.at("folder"))).toEqual(["open.lc"]);
  });

  it.skipIf(!fs.existsSync("/dev/full"))("reports a full disk (no /dev/full)", () => {
    expect(cross(["-o", "/dev/full", "a.lua"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "luac.cross: cannot close /dev/full: No space left on device\n",
    });
    fs.writeFileSync(product.at("print.lua"), "print(1)");
    const full = fs.openSync("/dev/full", "w");
    const bin = path.join(product.folder, "bin/luac.cross");
    for (const [args, name] of [
      [["-o", "-"], "(null)"],
      [["-l", "-p"], "stdout"],
      [["-e", product.at("print.lua")], "stdout"],
    ] as const) {
      const outcome = spawnSync(process.execPath, [bin, ...args, product.at("a.lua")], {
        stdio: ["ignore", full, "pipe"],
        encoding: "latin1",
      });
      expect([outcome.status, outcome.stderr]).toEqual([
        1,
        `luac.cross: cannot close ${name}: No space left on device\n`,
      ]);
    }
    fs.closeSync(full);
  });

  it("is quiet when its reader leaves", () => {
    fs.writeFileSync(product.at("long.lua"), "x = y ".repeat(100_000));
    const bin = path.join(product.folder, "bin/luac.cross");
    const line = '"$0" "$1" -l -p long.lua | head -n 2; exit';
    const outcome = spawnSync("sh", ["-c", line, process.execPath, bin], {
      cwd: product.work,
      encoding: "latin1",
    });
    expect([outcome.status, outcome.stderr]).toEqual([0, ""]);
    expect(outcome.stdout).toMatch(/^\nmain <long\.lua:0,0> \(200001 instructions/);
  });

  it("writes into a redirected /dev/stdout without replacing it", () => {
    const bin = path.join(product.folder, "bin/luac.cross");
    const line = 'echo kept > all; "$0" "$1" -o /dev/stdout a.lua >> all';
    expect(spawnSync("sh", ["-c", line, process.execPath, bin], { cwd: product.work }).status).toBe(
      0,
    );
    // Opening /dev/stdout truncates the file, as it does for the reference.
    expect(read("all").replace("kept\n", "")).toBe(A_LC);
    expect(fs.readdirSync(product.work).sort()).toEqual(["a.lua", "all"]);
  });

  it("goes by the name it was invoked by, through links", () => {
    const link = product.at("mylua-c");
    fs.symlinkSync(path.join(product.folder, "bin/luac.cross"), link);
    const outcome = spawnSync(link, ["none"], { cwd: product.work, encoding: "latin1" });
    expect(outcome.stderr).toBe("mylua-c: cannot open none: No such file or directory\n");
  });
});

describe("the package", () => {
  it("has the luacross command too", () => {
    const { status, stdout } = product.run("luacross", ["help"]);
    expect([status, stdout]).toEqual([0, expect.stringContaining("  compile FILE ...")]);
    expect(product.run("luacross", ["compile", "-o", "b.lc", "a.lua"]).status).toBe(0);
    expect(read("b.lc")).toBe(A_LC);
    const { version } = JSON.parse(fs.readFileSync("package.json", "utf8"));
    expect(product.run("luacross", ["version"]).stdout).toBe(`luacross ${version}\n`);
  });

  it("keeps what V8 made of it, and survives when that file is damaged", () => {
    cross(["-p", "a.lua"]);
    const dist = path.join(product.folder, "dist");
    const caches = () => fs.readdirSync(dist).filter((name) => /^luac\.cross\..*cache/.test(name));
    const [cache, ...more] = caches();
    expect([cache, more]).toEqual([expect.stringContaining(process.version), []]);
    const good = fs.statSync(path.join(dist, cache)).size;
    for (const damage of [Buffer.alloc(0), Buffer.from("nonsense"), Buffer.alloc(good)]) {
      fs.writeFileSync(path.join(dist, cache), damage);
      expect(cross(["a.lua"])).toEqual({ status: 0, stdout: "", stderr: "" });
    }
    expect(read("luac.out")).toBe(A_LC);
    expect(fs.statSync(path.join(dist, cache)).size).toBeGreaterThan(good / 2);
    expect(caches()).toHaveLength(1);
  });

  it("says how to build it when it is not built", () => {
    const bin = product.at("bin");
    fs.cpSync(path.join(product.folder, "bin"), bin, { recursive: true });
    const outcome = spawnSync(process.execPath, [path.join(bin, "luac.cross")], {
      encoding: "latin1",
    });
    expect([outcome.status, outcome.stderr]).toEqual([
      1,
      "luac.cross: not built yet; run: npm run build\n",
    ]);
  });

  it("loads nothing it does not use", () => {
    const usual = ["node:fs", "node:path"];
    // Scripts that run may ask for processes and the system's folders.
    const withScripts = [...usual, "node:child_process", "node:os"];
    const commands: [string, string[]][] = [
      ["luac.cross", usual],
      ["luac.cross-scripts", withScripts],
      ["luacross", [...withScripts, "node:readline"]],
    ];
    for (const [name, allowed] of commands) {
      const bundle = fs.readFileSync(path.join(product.folder, `dist/${name}.cjs`), "utf8");
      const required = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, what]) => what);
      expect(new Set(required)).toEqual(new Set(allowed));
      expect(bundle).not.toMatch(/\bimport\(/);
    }
  });

  it("compares opcodes and tokens with literals", () => {
    const bundle = fs.readFileSync(path.join(product.folder, "dist/luac.cross.cjs"), "utf8");
    expect(bundle).toMatch(/case \d+:/);
    expect(bundle).not.toMatch(/case (Op51|Token)\d*\./);
  });

  it("has commands that npm's shims can start", () => {
    for (const name of ["luac.cross", "luacross"]) {
      const file = path.join("bin", name);
      expect(fs.readFileSync(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
      if (!ON_WINDOWS) expect(fs.statSync(file).mode & 0o111).toBe(0o111);
    }
    if (!ON_WINDOWS) {
      const command = path.join(product.folder, "bin/luac.cross");
      expect(execFileSync(command, ["-v"], { encoding: "latin1" })).toMatch(/^Lua 5\.1\.4 {2}/);
    }
  });
});

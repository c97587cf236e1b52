import { describe, expect, it } from "vitest";
import { runInMemory } from "./support.ts";

const USAGE = `usage: luac.cross [options] [filenames].
Available options are:
  -        process stdin
  -l       list
  -o name  output to file 'name' (default is "luac.out")
  -e name  execute a lua source file
  -f       output a flash image file
  -a addr  generate an absolute, rather than position independent flash image file
  -i       generate lookup combination master (default with option -f)
  -m size  maximum LFS image in bytes
  -p       parse only
  -s       strip debug information
  -v       show version information
  --       stop handling options
`;
const BANNER = "Lua 5.1.4  Copyright (C) 1994-2011 Lua.org, PUC-Rio\n";

const FILES = {
  "a.lua": "local x = 1\nprint(x)\n",
  "b.lua": "#!shebang\nf('b')\n",
  "bad.lua": "x =\n",
  folder: "",
  "dir/c.lua": "return 'c'",
};

function run(...args: string[]) {
  return runInMemory(args, { files: FILES, stdin: "stdin()\n" });
}

/** The chunk a command line writes to `luac.out`, or to the file it names. */
function chunk(args: string[], name = "luac.out") {
  const { status, stderr, files } = run(...args);
  expect([status, stderr, Object.keys(files)]).toEqual([0, "", [name]]);
  return files[name];
}

describe("usage errors", () => {
  it.each([
    [[], "no input files given"],
    [["-s"], "no input files given"],
    [["--"], "no input files given"],
    [["-v", "-s"], "no input files given"],
    [["-x", "a.lua"], "unrecognized option '-x'"],
    [["-constructor", "a.lua"], "unrecognized option '-constructor'"],
    [["-ls", "a.lua"], "unrecognized option '-ls'"],
    [["-o-", "a.lua"], "unrecognized option '-o-'"],
    [["--stripped", "a.lua"], "unrecognized option '--stripped'"],
    [["-v", "-x"], "unrecognized option '-x'"],
    [["-o"], "'-o' needs argument"],
    [["-o", ""], "'-o' needs argument"],
    [["-x", "-o"], "unrecognized option '-x'"],
    [["-e"], "'-e' needs argument"],
    [["-e", ""], "'-e' needs argument"],
    [["-e", "-s", "a.lua"], "'-e' needs argument"],
    [["-a"], "'-a' needs argument"],
    [["-m"], "'-m' needs argument"],
    [["-m", "17", "a.lua"], "'-e' maximum size must be a multiple of 4,096"],
    [["-m", "0x1001", "a.lua"], "'-e' maximum size must be a multiple of 4,096"],
    [["--target"], "'--target' needs argument"],
    [["--target=", "a.lua"], "'--target' needs argument"],
  ])("%j: %s", (args, message) => {
    const { status, stdout, stderr, files } = run(...args);
    const banner = args[0] === "-v" && args[1] === "-s" ? BANNER : "";
    expect({ status, stdout, stderr, files }).toEqual({
      status: 1,
      stdout: banner,
      stderr: `luac.cross: ${message}\n${USAGE}`,
      files: {},
    });
  });

  it("refuses more than 50 modules in a lookup, after compiling them", () => {
    const good = runInMemory(["-i", ...Array(51).fill("a.lua")], { files: FILES });
    expect(good.stderr).toBe(`luac.cross: '-f': Number of modules > 50\n${USAGE}`);
    const bad = runInMemory(["-i", ...Array(51).fill("bad.lua")], { files: FILES });
    expect(bad.stderr).toBe("luac.cross: bad.lua:2: unexpected symbol near '<eof>'\n");
    expect(run("-i", "-o", "x.lc", ...Array(50).fill("a.lua")).status).toBe(0);
  });

  it("refuses 8,000 files before it opens one", () => {
    expect(run(...Array(8000).fill("missing")).stderr).toBe("luac.cross: too many input files\n");
    expect(run(...Array(7999).fill("missing")).stderr).toMatch(/cannot open missing/);
  });
});

describe("questions", () => {
  it("-h prints the usage on stdout", () => {
    expect(run("-h", "-x")).toEqual({ status: 0, stdout: USAGE, stderr: "", files: {} });
    expect(run("-x", "-h").status).toBe(1);
  });

  it("--help adds the options of luacross", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    expect(stdout.startsWith(USAGE)).toBe(true);
    for (const word of ["--target name", "--targets", "--help", "--version", "LUAC_CROSS_TARGET"]) {
      expect(stdout).toContain(word);
    }
  });

  it("--version names the product", () => {
    expect(run("--version")).toMatchObject({ status: 0, stdout: "luacross (development)\n" });
  });

  it.each([
    [["-v"], 0, BANNER],
    [["-v", "-v"], 0, BANNER],
    [["-v", "--"], 0, BANNER],
    [["-v", "--target", "esp8266-lua51-int"], 0, BANNER],
    [["--", "-v"], 1, ""],
  ])("version line: %j", (args, status, stdout) => {
    expect(run(...args)).toMatchObject({ status, stdout, files: {} });
  });

  it("-v with a file prints the version line and goes on", () => {
    expect(run("-v", "a.lua")).toMatchObject({
      status: 0,
      stdout: BANNER,
      files: { "luac.out": chunk(["a.lua"]) },
    });
  });
});

describe("output", () => {
  it("goes to luac.out, or to the last name given", () => {
    const bytes = chunk(["a.lua"]);
    expect(bytes.startsWith("\x1bLuaQ\0\x01\x04\x04\x04\x08\0")).toBe(true);
    expect(chunk(["-o", "one", "-o", "two", "a.lua"], "two")).toBe(bytes);
    expect(chunk(["-o", "-s", "a.lua"], "-s")).toBe(bytes);
    expect(chunk(["-o", "-x", "a.lua"], "-x")).toBe(bytes);
    expect(chunk(["-o", "--target", "a.lua"], "--target")).toBe(bytes);
    expect(run("-o", "-", "a.lua")).toEqual({ status: 0, stdout: bytes, stderr: "", files: {} });
  });

  it("-s leaves out source and lines", () => {
    const bytes = chunk(["-s", "a.lua"]);
    expect(bytes).not.toContain("a.lua");
    expect(bytes.length).toBeLessThan(chunk(["a.lua"]).length);
  });

  it("-p writes nothing", () => {
    expect(run("-p", "a.lua")).toEqual({ status: 0, stdout: "", stderr: "", files: {} });
    expect(run("-p", "-o", "x.lc", "a.lua").files).toEqual({});
  });

  it("-l lists, and still writes", () => {
    const { stdout, files } = run("-l", "a.lua");
    expect(stdout).toMatch(/^\nmain <a\.lua:0,0> \(5 instructions, 20 bytes at 0x/);
    expect(stdout).not.toContain("constants (2) for");
    expect(files["luac.out"]).toBe(chunk(["a.lua"]));
    expect(run("-l", "-l", "a.lua").stdout).toContain("constants (2) for");
    expect(run("-l", "-p", "-l", "-l", "a.lua").stdout).toContain("constants (2) for");
  });

  it("puts version, listing and chunk on stdout in this order", () => {
    const { stdout } = run("-v", "-l", "-o", "-", "a.lua");
    expect(stdout.startsWith(`${BANNER}\nmain <a.lua`)).toBe(true);
    expect(stdout.endsWith(chunk(["a.lua"]))).toBe(true);
  });

  it("without a file, -l and -p look at luac.out", () => {
    const files = { "luac.out": chunk(["a.lua"]) };
    const { status, stdout, files: written } = runInMemory(["-l"], { files });
    expect([status, written]).toEqual([0, {}]);
    expect(stdout).toContain("main <a.lua:0,0>");
    expect(runInMemory(["-p", "--"], { files })).toMatchObject({ status: 0, stderr: "" });
    expect(run("-l")).toMatchObject({
      status: 1,
      stderr: "luac.cross: cannot open luac.out: No such file or directory\n",
    });
  });
});

describe("inputs", () => {
  it("reads standard input for -, once", () => {
    expect(chunk(["-"])).toContain("=stdin\0");
    expect(chunk(["a.lua", "-", "-"])).toContain("=stdin\0");
    const { stdout } = run("-l", "-p", "-", "-");
    expect(stdout.match(/main <stdin:0,0> \(\d+ instructions?/g)).toEqual([
      "main <stdin:0,0> (3 instructions",
      "main <stdin:0,0> (1 instruction",
    ]);
  });

  it.each([
    [["a.lua", "-s"], "-s"],
    [["a.lua", "--"], "--"],
    [["--", "-s"], "-s"],
    [["--", "--target", "a.lua"], "--target"],
    [["--", "--"], "--"],
    [[""], ""],
    [["-s", "", "-l"], ""],
  ])("takes what follows the options for files: %j", (args, name) => {
    expect(run(...args)).toMatchObject({
      status: 1,
      stderr: `luac.cross: cannot open ${name}: No such file or directory\n`,
      files: {},
    });
  });

  it("names the file that fails, in order, and writes nothing", () => {
    expect(run("a.lua", "missing", "bad.lua")).toMatchObject({
      status: 1,
      stderr: "luac.cross: cannot open missing: No such file or directory\n",
      files: {},
    });
    expect(run("a.lua", "bad.lua", "missing")).toMatchObject({
      status: 1,
      stderr: "luac.cross: bad.lua:2: unexpected symbol near '<eof>'\n",
      files: {},
    });
    expect(run("dir").stderr).toBe("luac.cross: cannot read dir: Is a directory\n");
  });

  it("mixes sources and chunks", () => {
    const lc = chunk(["-s", "b.lua"]);
    const mixed = runInMemory(["-l", "a.lua", "b.lc"], { files: { ...FILES, "b.lc": lc } });
    expect(mixed.stdout.match(/main <.*?>/g)).toEqual([
      "main <(luac):0,0>",
      "main <a.lua:0,0>",
      "main <?:0,0>",
    ]);
    expect(mixed.stderr).toBe("");
  });

  it("skips a # line before source and chunk, and counts it", () => {
    expect(run("-l", "-p", "b.lua").stdout).toContain("\t[2]\tGETGLOBAL");
    const files = { "x.lc": `# made by hand\n${chunk(["a.lua"])}` };
    expect(runInMemory(["-l", "-p", "x.lc"], { files }).stdout).toContain("main <a.lua:0,0>");
  });
});

describe("combination", () => {
  it("calls several chunks one after another", () => {
    const { stdout } = run("-l", "-p", "a.lua", "b.lua");
    expect(stdout.slice(0, stdout.indexOf("\n\nmain"))).toMatch(
      /^\nmain <\(luac\):0,0> \(5 instructions.*\n0 params, 1 slot, 0 upvalues, 0 locals, 0 constants, 2 functions\n\t1\t\[-\]\tCLOSURE {2}\t0 0\t; 0x\w+\n\t2\t\[-\]\tCALL {5}\t0 1 1\n\t3\t\[-\]\tCLOSURE {2}\t0 1\t; 0x\w+\n\t4\t\[-\]\tCALL {5}\t0 1 1\n\t5\t\[-\]\tRETURN {3}\t0 1$/,
    );
  });

  it("-i looks modules up, even one", () => {
    const names = run("-i", "-l", "-l", "-p", "dir/c.lua", "a.lua").stdout;
    expect(names).toContain('\t1\t"c"\n\t2\t"a"\n\t3\t1600000000\n');
    expect(run("-i", "-l", "-p", "a.lua").stdout).toContain("1 param, 4 slots");
  });

  it("takes the build time from SOURCE_DATE_EPOCH", () => {
    const time = (SOURCE_DATE_EPOCH: string) =>
      runInMemory(["-i", "-l", "-l", "-p", "a.lua"], { files: FILES, env: { SOURCE_DATE_EPOCH } });
    expect(time("1234567").stdout).toContain('\t1\t"a"\n\t2\t1234567\n');
    expect(time("").stdout).toContain('\t1\t"a"\n\t2\t1600000000\n');
    for (const wrong of ["yesterday", "-1", "1.5", " 1", "99999999999999999999"]) {
      expect(time(wrong)).toMatchObject({
        status: 1,
        stdout: "",
        stderr: `luac.cross: SOURCE_DATE_EPOCH must be a whole number of seconds since 1970, not '${wrong}'\n`,
      });
    }
  });

  it("does not look at SOURCE_DATE_EPOCH when no time is recorded", () => {
    const env = { SOURCE_DATE_EPOCH: "yesterday" };
    expect(runInMemory(["a.lua", "b.lua"], { files: FILES, env }).status).toBe(0);
  });
});

describe("output that cannot be written", () => {
  it.each([
    ["dir", "cannot open dir: Is a directory"],
    ["nowhere/x.lc", "cannot open nowhere/x.lc: No such file or directory"],
    ["a.lua/x.lc", "cannot open a.lua/x.lc: Not a directory"],
    ["/dev/full", "cannot close /dev/full: No space left on device"],
  ])("%s", (output, message) => {
    expect(run("-o", output, "a.lua")).toMatchObject({
      status: 1,
      stderr: `luac.cross: ${message}\n`,
      files: {},
    });
  });

  it("names no file for a full standard output", () => {
    const full = { files: FILES, stdoutIsFull: true };
    const outcome = runInMemory(["-o", "-", "a.lua"], full);
    expect(outcome.stderr).toBe("luac.cross: cannot close (null): No space left on device\n");
    expect(runInMemory(["-l", "-p", "a.lua"], full)).toMatchObject({
      status: 1,
      stderr: "luac.cross: cannot close stdout: No space left on device\n",
    });
  });

  it("leaves no file when a number does not fit, but has listed", () => {
    const files = { "n.lua": "x = 2147483647" };
    const env = { LUAC_CROSS_TARGET: "esp8266-lua51-int" };
    const outcome = runInMemory(["-l", "n.lua"], { files, env });
    expect(outcome.stdout).toContain("LOADK");
    expect(outcome).toMatchObject({
      status: 1,
      stderr: "luac.cross: value too big or small for target integer type\n",
      files: {},
    });
    expect(runInMemory(["-p", "n.lua"], { files, env }).status).toBe(0);
  });
});

it.each(["constructor", "toString", "__proto__", "valueOf"])("takes %s for a file", (name) => {
  const target = ["--target", "esp8266-lua51-int"];
  const files = { [name]: "return 7" };
  for (const args of [
    ["-p", name, ...target],
    ["-p", ...target, name],
  ]) {
    expect(runInMemory(args, { files })).toEqual({ status: 0, stdout: "", stderr: "", files: {} });
  }
  const { files: written } = runInMemory([name, ...target], { files });
  expect(written["luac.out"].slice(10, 12)).toBe("\x04\x01");
});

it("--help says that options of our own may not follow --", () => {
  expect(run("--help").stdout).toContain("may stand anywhere before --");
  expect(run("-p", "--", "--target", "esp8266-lua51-int").stderr).toContain("cannot open --target");
});

import { expect, it } from "vitest";
import { runLuacross, TOOLS } from "../../src/cli/luacross.ts";
import { runInMemory } from "./support.ts";

const files = { "a.lua": "return 7", "bad.lua": "x =" };

function run(...args: string[]) {
  return runInMemory(args, { files, programName: "luacross" }, runLuacross);
}

it("compile does what luac.cross does", () => {
  const args = ["-s", "-o", "a.lc", "a.lua"];
  expect(run("compile", ...args)).toEqual(runInMemory(args, { files }));
  expect(run("compile", "-v").stdout).toMatch(/^Lua 5\.1\.4/);
  expect(run("compile", "--target", "esp8266-lua51-int", "a.lua").status).toBe(0);
});

it("compile calls itself by both names", () => {
  expect(run("compile", "bad.lua")).toMatchObject({
    status: 1,
    stderr: "luacross compile: bad.lua:1: unexpected symbol near '<eof>'\n",
  });
  expect(run("compile").stderr).toContain("usage: luacross compile [options] [filenames].");
});

it.each([[[]], [["help"]], [["--help"]], [["-h"]]])("%j shows the commands", (args) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stderr]).toEqual([0, ""]);
  for (const name of ["compile", "targets", "version", "help"]) {
    expect(stdout).toContain(`\n  ${name} `);
  }
  expect(stdout).toContain("For example:");
});

it("help shows the options of a command", () => {
  expect(run("help", "compile").stdout).toBe(run("compile", "--help").stdout);
  expect(run("help", "targets").stdout).toBe(run("help").stdout);
  expect(run("help", "nonsense")).toMatchObject({ status: 2, stdout: "" });
});

it.each(["", ...TOOLS.map(({ name }) => name)])("help %s fits into 79 columns", (name) => {
  const lines = run("help", ...(name === "" ? [] : [name])).stdout.split("\n");
  expect(lines.filter((line) => line.length > 79)).toEqual([]);
});

it("targets and version answer", () => {
  expect(run("targets").stdout).toContain("* esp8266-lua51-float");
  expect(run("--targets").stdout).toBe(run("targets").stdout);
  for (const word of ["version", "--version", "-v"]) expect(run(word).stdout).toMatch(/^luacross /);
});

it.each(["targets", "version"])("%s takes no arguments, but helps", (command) => {
  expect(run(command, "--json")).toEqual({
    status: 2,
    stdout: "",
    stderr: `luacross ${command}: there is no use for '--json'; see 'luacross help'\n`,
    files: {},
  });
  for (const word of ["--help", "-h"]) {
    expect(run(command, word)).toMatchObject({ status: 0, stdout: run("help").stdout });
  }
});

it("an unknown word is refused, with what was probably meant", () => {
  expect(run("compil")).toMatchObject({
    status: 2,
    stderr: "luacross: unknown command 'compil'; see 'luacross help'\n",
  });
  expect(run("a.lua").stderr).toContain("did you mean 'luacross compile a.lua'?");
  expect(run("-o").stderr).toContain("did you mean 'luacross compile -o'?");
});

/** The package holds what it promises, and nothing of the machine it was made on. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  type Manifest,
  machinePaths,
  missingTypes,
  promisedFiles,
  resolvedPackages,
  uncoveredFiles,
  uselessFiles,
} from "./package.ts";
import { projectFiles, ROOT, readProjectFile } from "./sources.ts";

const manifest: Manifest = JSON.parse(readProjectFile("package.json"));

describe("the manifest", () => {
  test("lists every file that it promises", () => {
    expect(promisedFiles(manifest)).toEqual(
      expect.arrayContaining(["bin/luac.cross", "bin/luacross", "dist/index.js"]),
    );
    expect(uncoveredFiles(manifest)).toEqual([]);
  });

  test("has no dependencies", () => {
    expect(manifest.dependencies ?? {}).toEqual({});
  });
});

test("the lock file names no host", () => {
  const lock = readProjectFile("package-lock.json");
  expect(resolvedPackages(lock)).toEqual([]);
  expect(lock).not.toMatch(/"https?:\/\/(?:[\w-]+\.)*registry\b/);
});

test("no file names a path of one machine", () => {
  const paths = projectFiles();
  expect(paths).toEqual(expect.arrayContaining(["README.md", "src/index.ts", "bin/luacross"]));
  expect(paths.flatMap((path) => machinePaths(path, readProjectFile(path)))).toEqual([]);
});

test("the tarball holds what is promised, and nothing useless", ({ skip }) => {
  const packed = pack();
  if (packed.error) skip(`npm cannot be started: ${packed.error.message}`);
  expect(packed.status, packed.stderr).toBe(0);
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: readonly { path: string }[] }];
  const paths = files.map(({ path }) => path);
  const listed = manifest.files.filter((entry) => /\.\w+$/.test(entry) && !/[!*]/.test(entry));
  const launched = Object.keys(manifest.bin).map((name) => `dist/${name}.cjs`);
  const started = projectFiles().filter((path) => path.startsWith("bin/"));
  const examples = projectFiles().filter((path) => path.startsWith("examples/"));
  expect(examples).toContain("examples/weather-station/mocks/wifi.lua");
  const promised = [...promisedFiles(manifest), ...listed, "LICENSE"];
  const wanted = [...promised, ...launched, ...started, ...examples];
  expect(paths, 'built by "npm run build"').toEqual(expect.arrayContaining(wanted));
  const [types] = promisedFiles(manifest).filter((path) => path.endsWith(".d.ts"));
  expect(missingTypes(types, new Set(paths), readProjectFile)).toEqual([]);
  expect(uselessFiles(paths)).toEqual([]);
});

/** Scripts are left out because they would build anew what other tests are looking at. */
function pack(): SpawnSyncReturns<string> {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const npm = process.env.npm_execpath ?? "";
  // Run by npm, this is npm's own program; else npm is looked for, on Windows by the shell.
  return /npm-cli\.c?js$/.test(npm)
    ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, encoding: "utf8" })
    : spawnSync("npm", args, { cwd: ROOT, encoding: "utf8", shell: process.platform === "win32" });
}

describe("the checks notice", () => {
  test("promises that `files` does not cover", () => {
    const bad: Manifest = {
      files: ["bin", "dist/index.js"],
      bin: { a: "bin/a", b: "binary/b" },
      exports: { ".": { types: "./types/a.d.ts", default: "./dist/index.js" }, "./p": "./p.js" },
      types: "./types/a.d.ts",
    };
    expect(uncoveredFiles(bad)).toEqual(["binary/b", "p.js", "types/a.d.ts"]);
    const good = { files: ["bin", "dist/*.js", "types"], bin: { a: "bin/a" } };
    const exports = { "./package.json": "./package.json", ".": "./dist/index.js" };
    expect(uncoveredFiles({ ...bad, ...good, exports })).toEqual([]);
    const partly = { ...good, files: ["bin", "*.js", "typ"] };
    expect(uncoveredFiles({ ...bad, ...partly, exports })).toEqual([
      "dist/index.js",
      "types/a.d.ts",
    ]);
  });

  test("declaration files that are not packed", () => {
    const files = new Map([
      ["t/index.d.ts", 'import type { A } from "./a/a.ts"; export { B } from "./b.ts";'],
      ["t/a/a.d.ts", 'import type { C } from "../c.d.ts"; import type { D } from "../index.ts";'],
      ["t/b.d.ts", 'export type B = import("./e.ts").E;'],
    ]);
    const read = (path: string) => files.get(path) ?? "";
    const packed = new Set(files.keys());
    expect(missingTypes("t/index.d.ts", packed, read)).toEqual(["t/c.d.ts", "t/e.d.ts"]);
    const whole = new Set([...packed, "t/c.d.ts", "t/e.d.ts"]);
    expect(missingTypes("t/index.d.ts", whole, read)).toEqual([]);
  });

  test("a host in the lock file", () => {
    const packages = { "": {}, "node_modules/a": { resolved: "https://a.b/a.tgz" }, b: {} };
    expect(resolvedPackages(JSON.stringify({ packages }))).toEqual(["node_modules/a"]);
  });

  test.each(["work", "root", "tmp", "home", "Users"])("a path in /%s", (folder) => {
    const path = `/${folder}/somebody`;
    for (const text of [path, `"${path}/x"`, `(${path})`, `file://${path}`, `cd ${path}`]) {
      expect(machinePaths("a.md", `\n${text}`)).toEqual([`a.md:2: names ${path}`]);
    }
    for (const text of [`.${path}`, `a${path}`, `~${path}`, `/${folder}/`, `\${a}${path}`]) {
      expect(machinePaths("a.md", text)).toEqual([]);
    }
  });

  test("a path on a drive", () => {
    const drive = ["C:", "Users", "somebody"].join("\\");
    expect(machinePaths("a.md", drive)).toHaveLength(1);
    expect(machinePaths("a.md", drive.replaceAll("\\", "/"))).toHaveLength(1);
    expect(machinePaths("a.md", "Case: users")).toEqual([]);
  });

  test("useless files in a tarball", () => {
    const useless = [
      "dist/a.v20.cache",
      "src/a.ts",
      "test/a.json",
      "dist/a.123.tmp",
      "bin/a.test.js",
    ];
    expect(uselessFiles(["dist/index.js", "bin/a", ...useless])).toEqual(useless);
  });
});

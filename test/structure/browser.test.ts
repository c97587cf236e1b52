/** The library runs where there is no Node: bundled for browsers, in a realm with the web's names. */
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as luacross from "../../src/index.ts";
import { type Library, results, SAMPLES, supportedTargets } from "./samples.ts";
import { ROOT } from "./sources.ts";

/** What the library may use besides the language itself. */
const WEB = { TextEncoder, TextDecoder };

/** The module of an entry's code, bundled as a page would do it, in a realm of its own. */
async function loadInBrowser(contents: string): Promise<unknown> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    stdin: { contents, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "library",
    platform: "browser",
    logLevel: "silent",
  });
  return runInContext(`${outputFiles[0].text}\nlibrary;`, createContext({ ...WEB }));
}

test("in a browser the library does what it does in Node", async () => {
  const library = (await loadInBrowser('export * from "./src/index.ts";')) as Library;
  expect(library.compile).not.toBe(luacross.compile);
  const targets = supportedTargets(library);
  expect(targets).toEqual(supportedTargets(luacross));
  expect(targets.length).toBeGreaterThanOrEqual(8);
  for (const target of targets) {
    for (const source of SAMPLES) {
      expect(results(library, source, target)).toBe(results(luacross, source, target));
    }
  }
});

test.each([
  ["process", "export const a = process.version;", "process is not defined"],
  ["Buffer", "export const a = Buffer.from('');", "Buffer is not defined"],
  ["require", 'export const a = require(["node:fs"][0]);', "Dynamic require"],
  ["Node's modules", 'export * from "node:fs";', /Could not resolve "node:fs"/],
  ["the command line", 'export * from "./src/cli/node-host.ts";', /Could not resolve "node:/],
])("a library that used %s would be noticed", async (_, code, message) => {
  await expect(loadInBrowser(code)).rejects.toThrow(message);
});

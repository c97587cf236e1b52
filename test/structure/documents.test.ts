/** The documents say nothing of the project that is not so, and leave no option out. */
import { describe, expect, test } from "vitest";
import { TOOLS } from "../../src/cli/luacross.ts";
import { helpText } from "../../src/cli/usage.ts";
import { findTarget, TARGETS } from "../../src/target/targets.ts";
import {
  type Document,
  inventedOptions,
  missingOptions,
  missingPaths,
  missingScripts,
  missingTargets,
  optionsOfHelp,
} from "./documents.ts";
import { generatedFolders, projectFiles, readProjectFile } from "./sources.ts";

const read = (path: string): Document => ({ path, text: readProjectFile(path) });
const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(read);
const README = DOCUMENTS[0];

const SCRIPTS = Object.keys(JSON.parse(readProjectFile("package.json")).scripts);
const OPTIONS = [
  ...optionsOfHelp(helpText("luac.cross", findTarget("esp8266-lua53").commandLine)),
  ...TOOLS.flatMap(({ options }) => options.map(({ name }) => name)),
];

describe("the documents", () => {
  test.each(DOCUMENTS)("$path names only paths that are there", (document) => {
    expect(missingPaths(document, projectFiles(), generatedFolders())).toEqual([]);
  });

  test.each(DOCUMENTS)("$path names only npm scripts that are there", (document) => {
    expect(missingScripts(document, SCRIPTS)).toEqual([]);
  });

  test("README.md has every target in its table", () => {
    expect(
      missingTargets(
        README,
        TARGETS.map(({ name }) => name),
      ),
    ).toEqual([]);
  });

  test("README.md has every option of the help, and no other", () => {
    expect(OPTIONS).toEqual(
      expect.arrayContaining(["-", "--", "-o", "-m", "--target", "--help", "--budget"]),
    );
    expect(missingOptions(README, OPTIONS)).toEqual([]);
    expect(inventedOptions(README, OPTIONS)).toEqual([]);
  });
});

describe("the checks notice", () => {
  const document = (text: string) => ({ path: "docs/a.md", text });

  const FILES = ["README.md", "src/base/fma.ts", "src/index.ts", "test/vm/a.test.ts", "bin/tool"];
  test.each([
    ["`src/base/gone.ts`", "src/base/gone.ts"],
    ["the `src/gone/` folder", "src/gone/"],
    ["`base/gone.ts`", "base/gone.ts"],
    ["`gone/any.ts`", "gone/any.ts"],
    ["`base/gone`", "base/gone"],
    ["`gone.ts`", "gone.ts"],
    ["`src/{base,gone}/`", "src/{base,gone}/"],
    ["`test/*/b.test.ts`", "test/*/b.test.ts"],
    ["`src/index.ts/`", "src/index.ts/"],
    ["`test/vm/gone.lua`", "test/vm/gone.lua"],
    ["`node scripts/gone.mjs --all`", "scripts/gone.mjs"],
    ["`src/gone.ts:12`", "src/gone.ts"],
    ["[text](README.md)", "README.md"],
    ["[text](../gone.md#part)", "../gone.md"],
    ["[`a`](gone)", "gone"],
  ])("a path: %s", (text, path) => {
    const expected = [`docs/a.md:2: ${path} is not there`];
    expect(missingPaths(document(`\n${text}`), FILES, ["dist"])).toEqual(expected);
  });

  test("and let sound paths be", () => {
    const text = `\`src/base/\`, \`src/base\`, \`base/fma.ts\`, \`fma.ts\`, \`test/*/*.test.ts\`,
      \`src/{base/fma,index}.ts\`, \`src/index.ts:1\`, \`node bin/tool -o a/b.lc src/init.lua\`,
      \`dist/any.js\`, \`and/or\`, \`init.lua\`, \`x / y\`, \`-1\`, \`node:fs\`, \`https://a/b.ts\`
      [a](../README.md), [b](../src/base/fma.ts#L1), [c](https://a.b/c.ts), [d](#part)
      \`\`\`
      \`src/gone.ts\`
      \`\`\``;
    expect(missingPaths(document(text), FILES, ["dist"])).toEqual([]);
  });

  test("an npm script", () => {
    const text = "`npm run gone`\n```\nnpm run a && npm start\n```\nnpm ci, npm run-script b:c.";
    expect(missingScripts(document(text), ["a"])).toEqual([
      "docs/a.md:1: there is no npm run gone",
      "docs/a.md:3: there is no npm start",
      "docs/a.md:5: there is no npm run-script b:c",
    ]);
    expect(missingScripts(document(text), ["a", "gone", "start", "b:c"])).toEqual([]);
  });

  test("a target", () => {
    const text = "| `a-int` | x |\n| `b`, `b-64` (default) | `c` |\n`d`\n| a |\n";
    expect(missingTargets(document(text), ["a-int", "b", "b-64", "a", "c", "d"])).toEqual([
      "a",
      "c",
      "d",
    ]);
  });

  test("an option", () => {
    const help = "usage: a\n  -        b\n  -o name  -c\nx -d\n  --long   e\n  A_VARIABLE f\n";
    const options = optionsOfHelp(help);
    expect(options).toEqual(["-", "-o", "--long", "A_VARIABLE"]);
    const text = "`-o -`, --long, `--long-name`\n```\na --long\n```\n";
    expect(missingOptions(document(text), options)).toEqual(["--long", "A_VARIABLE"]);
    expect(inventedOptions(document(`-x, \`a -x\`, ${text}`), options)).toEqual([
      "docs/a.md:1: there is no option --long-name",
    ]);
  });
});

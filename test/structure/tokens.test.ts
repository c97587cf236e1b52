/** The scanner under the structure tests: if it loses its way, they see nothing. */
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { importsOf, resolveImport } from "./imports.ts";
import { projectFiles, ROOT, readProjectFile, shippedSources, sourceFile } from "./sources.ts";
import { bracketPairs, stringValue, tokenize, withoutComments } from "./tokens.ts";

const texts = (source: string) => tokenize(source).map(({ text }) => text);

describe("tokens", () => {
  test.each([
    ["a /* b\n*/ c // d", ["a", "/* b\n*/", "c", "// d"]],
    ["a / b / c", ["a", "/", "b", "/", "c"]],
    ['f(/[/"]/g, x)', ["f", "(", '/[/"]/g', ",", "x", ")"]],
    ["return /a/.test(b)", ["return", "/a/", ".", "test", "(", "b", ")"]],
    ["(a) / 2 // c", ["(", "a", ")", "/", "2", "// c"]],
    ["'it\\'s' + \"//\"", ["'it\\'s'", "+", '"//"']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    ["`a${ {b: `c`} }d${e}`", ["`a${", "{", "b", ":", "`c`", "}", "}d${", "e", "}`"]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    ["`${a}/${b}` / 2", ["`${", "a", "}/${", "b", "}`", "/", "2"]],
    ["x?.y ?? .5", ["x", "?.", "y", "??", ".5"]],
    ["#a => 0x1f !== 1e3", ["#a", "=>", "0x1f", "!==", "1e3"]],
  ])("%j", (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  test("count lines", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    const lines = tokenize("a\n/* b\n\n*/ c `d\n${e}\n`").map(({ line, endLine }) => [
      line,
      endLine,
    ]);
    expect(lines).toEqual([
      [1, 1],
      [2, 4],
      [4, 4],
      [4, 5],
      [5, 5],
      [5, 6],
    ]);
  });

  test("brackets find their partners through templates", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    const pairs = bracketPairs(tokenize("f(`a${[b]}c${d}e`)"));
    expect([...pairs]).toEqual([
      [3, 5],
      [2, 6],
      [6, 8],
      [1, 9],
    ]);
  });

  test("an open literal is refused", () => {
    expect(() => tokenize("a `b")).toThrow("line 1");
    expect(() => tokenize("\n'b")).toThrow("line 2");
  });

  test("the value of a string", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    const values = tokenize("\"a\" 'b' `c` `d${e}` f").map(stringValue);
    expect(values).toEqual(["a", "b", "c", undefined, undefined, undefined, undefined]);
  });

  test("every TypeScript file of the project closes what it opens", () => {
    const paths = projectFiles().filter((path) => path.endsWith(".ts"));
    expect(paths.length).toBeGreaterThan(100);
    for (const path of paths) {
      const code = withoutComments(tokenize(readProjectFile(path)));
      const wrong = [...bracketPairs(code)].filter(([open, close]) => {
        const pair = `${code[open]?.text.at(-1)}${code[close].text[0]}`;
        return !["()", "[]", "{}"].includes(pair);
      });
      expect(wrong, path).toEqual([]);
    }
  });
});

describe("imports", () => {
  test("of every form", () => {
    const source = sourceFile(
      "src/base/sample.ts",
      `import "./a.ts";
      import type { B } from "./b.ts";
      import c, { type D, e as f } from '../c.ts';
      import * as g from "node:fs";
      export { h } from "./h.ts"; export * from "./i.ts"; export * as j from "./j.ts";
      export const k = require("k"), from = "./no.ts";
      const l = await import("./l.ts"), m = import.meta.url;
      type N = import("./n.ts").N;
      export { o }; import(p); const q = "import './q.ts'"; // import "./r.ts"
      a.require("x"); a.import("y");`,
    );
    expect(
      importsOf(source).map(({ kind, specifier, line }) => `${line} ${kind} ${specifier}`),
    ).toEqual([
      "1 import ./a.ts",
      "2 import ./b.ts",
      "3 import ../c.ts",
      "4 import node:fs",
      "5 re-export ./h.ts",
      "5 re-export ./i.ts",
      "5 re-export ./j.ts",
      "6 require k",
      "7 dynamic ./l.ts",
      "8 dynamic ./n.ts",
      "9 dynamic (computed)",
    ]);
  });

  test("none that the bundler finds is missed", async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["src/cli/main-luac-cross.ts", "src/cli/main-luacross.ts", "src/index.ts"],
      bundle: true,
      write: false,
      outdir: "unused",
      format: "esm",
      platform: "node",
      metafile: true,
    });
    const sources = new Map(shippedSources().map((source) => [source.path, source]));
    let count = 0;
    for (const [path, { imports }] of Object.entries(metafile.inputs)) {
      const found = importsOf(sources.get(path)!);
      const paths = found.map(({ specifier }) =>
        specifier.startsWith(".") ? resolveImport(path, specifier) : specifier,
      );
      for (const imported of imports) expect(paths, path).toContain(imported.path);
      count += imports.length;
    }
    expect(count).toBeGreaterThan(100);
  });
});

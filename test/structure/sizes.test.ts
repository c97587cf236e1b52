/** Files and functions that one can read in one go, and comments in a measure. */
import { describe, expect, test } from "vitest";
import { checkCommentShare, checkSizes, commentShare, functionsOf } from "./sizes.ts";
import { shippedSources, sourceFile, sourceFiles } from "./sources.ts";

const sources = shippedSources();

test("no file and no function is too long", () => {
  expect(checkSizes(sources)).toEqual([]);
});

test("the sources have comments, and not too many", () => {
  expect(checkCommentShare(sources)).toBeUndefined();
});

const lines = (count: number, line: string) => `${line}\n`.repeat(count);

describe("the check of sizes", () => {
  const check = (text: string) => checkSizes(sourceFiles({ "src/base/a.ts": text }));
  const HEAD = "/** A sample. */\n";
  const REASONED =
    "/** A sample. One function is long because it has a case for every opcode. */\n";
  const DISPATCH = `function f(x) {\nswitch (x) {\n${lines(900, "case 1:")}}\n}\n`;

  test("lets sound files be", () => {
    expect(check(HEAD + lines(799, "f();"))).toEqual([]);
    expect(check(`${HEAD}function f() {\n${lines(98, "g();")}}\n`)).toEqual([]);
    expect(check(REASONED + DISPATCH)).toEqual([]);
  });

  test.each([
    ["a long file", HEAD + lines(800, "f();"), ["src/base/a.ts:801: 801 lines, over 800"]],
    ["a long file without a dispatch", REASONED + lines(800, "f();"), [/801 lines/]],
    ["a dispatch without a reason", HEAD + DISPATCH, [/905 lines/, /:2: a function of 904 lines/]],
    ["a long function", `${HEAD}function f() {\n${lines(99, "g();")}}`, [/:2: a function of 101/]],
    ["one with a reason alone", `${REASONED}f(() => {\n${lines(99, "g();")}})`, [/of 101/]],
    ["a file without a head", "const a = 1; // what for?\n", [/:1: does not open/]],
  ])("notices %s", (_, text, findings) => {
    const expected = findings.map((part) => expect.stringMatching(part));
    expect(check(text)).toEqual(expected);
  });

  test("reasons and labels count only in their places", () => {
    expect(check(`${HEAD}/* code */ f();\n// Long because of opcodes.\n${DISPATCH}`)).toHaveLength(
      2,
    );
    expect(check(`${REASONED}function f() {\n${lines(99, '"case 1:";')}}\n`)).toHaveLength(1);
  });
});

describe("functions are found", () => {
  const BODY = "{\nf();\n}";
  test.each([
    `function f() ${BODY}`,
    `export async function* f<T extends Map<string, number[]>>(a: T): Promise<void> ${BODY}`,
    `function f(a: { b: () => void }): a is { c: number } | [D, { e: 1 }] ${BODY}`,
    `function f(): asserts a ${BODY}`,
    `function f(): { readonly a: string } & typeof b[number] ${BODY}`,
    `class A { private static async f(@b a = {}): Promise<() => C> ${BODY} }`,
    `class A { constructor() ${BODY} }`,
    `class A { get #f(): A ${BODY} }`,
    `class A { [Symbol.iterator]() ${BODY} }`,
    `const a = { f(x) ${BODY}, b: 1 };`,
    `const a = { "f"(x) ${BODY}, b: 1 };`,
    `const a = (x: number): { b: 1 } => ${BODY};`,
    `a.map((x) => ${BODY});`,
    `a.map(function (x) ${BODY});`,
  ])("%s", (text) => {
    const [found, ...others] = functionsOf(sourceFile("a.ts", text));
    expect(found).toMatchObject({ line: 1, lines: 3, labels: 0 });
    expect(others).toEqual([]);
  });

  test.each([
    `if (a) ${BODY}`,
    `for (const a of b) ${BODY}`,
    `for (;;) ${BODY}`,
    `while (f(a)) ${BODY}`,
    `try ${BODY} catch (e) ${BODY}`,
    `switch (a) ${BODY}`,
    `switch (a) { case f(b): ${BODY} case c: ${BODY} }`,
    `const a = b ? f(c) : ${BODY};`,
    `interface A ${BODY}`,
    `class A extends B<C> ${BODY}`,
    `declare function f(a: { b: 1 }): { c: 1 };\nconst d = ${BODY}`,
    `const a = (b) => ({\nc,\n});`,
  ])("but not in: %s", (text) => {
    expect(functionsOf(sourceFile("a.ts", text))).toEqual([]);
  });

  test("in the sources, wherever the keyword stands", () => {
    let count = 0;
    for (const file of sources) {
      const found = new Set(functionsOf(file).map(({ line }) => line));
      const declared = file.code.filter(({ text }) => text === "function");
      const missed = declared.filter(({ line }) => !found.has(line));
      expect(missed, file.path).toEqual([]);
      count += declared.length;
    }
    expect(count).toBeGreaterThan(200);
  });
});

describe("the share of comments", () => {
  const share = (...texts: string[]) => commentShare(texts.map((text) => sourceFile("a.ts", text)));

  test("counts lines with any comment", () => {
    expect(share("/** a\n * b\n */\nf(); // c\ng();\n\n'// d';\n`\n/* e */`;\n")).toBe(4 / 9);
    expect(share("// a\n", "f();\n", "g();\nh();\n")).toBe(1 / 4);
  });

  test.each([
    [11, "only 11.0 % of the lines"],
    [12, undefined],
    [30, undefined],
    [31, "as much as 31.0 % of the lines"],
  ])("of %i %%: %s", (comments, message) => {
    const text = lines(comments, "// a") + lines(100 - comments, "f();");
    const complaint = checkCommentShare([sourceFile("a.ts", text)]);
    if (message) expect(complaint).toContain(message);
    else expect(complaint).toBeUndefined();
  });
});

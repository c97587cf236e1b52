/** Two compiles may run side by side, so no module remembers anything. */
import { describe, expect, test } from "vitest";
import { shippedSources, sourceFiles } from "./sources.ts";
import { checkState } from "./state.ts";

test("no module has state", () => {
  expect(checkState(shippedSources())).toEqual([]);
});

describe("the check", () => {
  const check = (text: string) => checkState(sourceFiles({ "src/base/a.ts": text }));
  const SCRATCH = "const scratch = new DataView(new ArrayBuffer(8));";

  test.each([
    ["let count = 0;", "a module's variable: let"],
    ["export let count = 0;", "a module's variable: let"],
    ["const a = 1;\nvar b = a;", "a module's variable: var"],
    ["class A { static count = 0; }", "a class's variable"],
    ["class A { private static cache: B | undefined; }", "a class's variable"],
    ["const BUFFER = new CodeBuffer(64); const f = () => g(BUFFER);", "a module's own CodeBuffer"],
    ["class A { readonly b = 1; c = 2; f() {} }\nexport const D = new A();", "a module's own A"],
    ["class A { f() {} private c: B; }\nconst D = { e: 1 }, F = new A();", "a module's own A"],
    ["const WORD = /a+/g;", "remembers its last match: /a+/g"],
    ["const CACHE = new Map(); function f(x) { CACHE.set(x, 1); }", "changes the module's CACHE"],
    ["const SEEN = new Set<A>(); const f = (x) => SEEN.add(x);", "changes the module's SEEN"],
    ["const LIST: A[] = []; function f(x) { return LIST.push(x); }", "changes the module's LIST"],
    ["const BUFFER = new Uint8Array(9); f(() => { BUFFER[i + a[0]] = 1; });", "module's BUFFER"],
    ["const BUFFER = new Uint8Array(9); f(() => BUFFER[i]++);", "changes the module's BUFFER"],
    ["const COUNTS = { a: 1 }; function f() { COUNTS.a += 1; }", "changes the module's COUNTS"],
    ["const COUNTS = { a: 1 }; function f() { ++COUNTS.a; }", "changes the module's COUNTS"],
    ["const COUNTS = { a: 1 }; function f() { COUNTS.a >>>= 1; }", "changes the module's COUNTS"],
    ["const COUNTS = { a: 1 }; function f() { delete COUNTS.a; }", "changes the module's COUNTS"],
    ["const A = {}; function f() { Object.assign(A, b); }", "changes the module's A"],
    ["const A = make(); f(() => A.list?.rows[0].push(1));", "changes the module's A"],
    [`${SCRATCH} function f() { return scratch.getInt32(0); }`, "reads the scratch view"],
    [
      `${SCRATCH} const f = () => { g(() => { scratch.setInt8(0, 1); }); h(scratch.getInt8(0)); }`,
      "reads",
    ],
    [
      "const scratch = new DataView(buffer); f(() => scratch.setInt8(0, 1));",
      "changes the module's",
    ],
  ])("notices: %s", (text, message) => {
    const found = check(`\n${text}`);
    expect(found).toContainEqual(expect.stringMatching(/^src\/base\/a\.ts:[23]: /));
    expect(found.join()).toContain(message);
  });

  test("notices a change of what another module exports", () => {
    const files = {
      "src/base/a.ts": "export const LIST: A[] = []; export const FULL: A[] = [];",
      "src/base/b.ts":
        'import { LIST } from "./a.ts";\nfunction f(FULL) { LIST.sort(); FULL.sort(); }',
    };
    expect(checkState(sourceFiles(files))).toEqual(["src/base/b.ts:2: changes the module's LIST"]);
  });

  test.each([
    "function f() { let a = []; a.push(1); for (let i = 0; ; i++) g(i); }",
    "class A { static readonly B = 1; static f() {} static async g() {} static { f(); } list = []; }",
    "const A = [1]; f(A.length === 1, A[0] == B.c, A[0] >= 1, [...A].sort(), { A: 1 }, x.A = 1);",
    "const A = f(); g(h.set(A), A.b + ++c, A.b > (d = 1), A.b ? (e) => e : 1, A?.b ?? (d = 1));",
    "const A = () => new B(), C = new Map([[1, new Set()]]), D = new Float64Array(8);",
    "class A implements B { readonly c = { d: 1 }; f(): void { g(); } } const E = new A();",
    "const BASES = f(); BASES[28] = 258; BASES.reverse();",
    "const WORD = /g+y/i; f(a.replaceAll(/a/g, WORD));",
    `${SCRATCH} function f() { scratch.setInt32(0, 1); return scratch.getInt8(0); }`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    "// let a = 0;\nconst b = `let c = ${d}`;",
  ])("lets be: %s", (text) => {
    expect(check(text)).toEqual([]);
  });
});

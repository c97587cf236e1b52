/** The one-way order of the folders in `src/`; ARCHITECTURE.md, "Floors". */
import { describe, expect, test } from "vitest";
import { checkFloors } from "./floors.ts";
import { shippedSources, sourceFiles } from "./sources.ts";

test("the sources keep the order of the floors", () => {
  const sources = shippedSources();
  expect(sources.length).toBeGreaterThan(50);
  expect(checkFloors(sources)).toEqual([]);
});

/** Sound files that the samples may import. */
const SOUND = {
  "src/base/errors.ts": "export class E {}",
  "src/formats/lc51.ts": 'import { E } from "../base/errors.ts"; export { E as F };',
  "src/toolchain.ts": 'import { F } from "./formats/lc51.ts"; export const T = F;',
  "src/index.ts": 'export { E } from "./base/errors.ts"; import { T } from "./toolchain.ts";',
  "src/cli/main.ts": 'import "node:fs"; import { T } from "../toolchain.ts"; process.exit(T);',
};

describe("the check", () => {
  test("lets sound files be", () => {
    const own =
      "export function f(window: Window) { const module = g(window); h(module, a.process); }";
    expect(checkFloors(sourceFiles({ ...SOUND, "src/vm/a.ts": own }))).toEqual([]);
    const image = {
      "src/image/a.ts": 'import "../formats/lc51.ts"; import type { B } from "./b.ts";',
    };
    expect(checkFloors(sourceFiles({ ...SOUND, ...image, "src/image/b.ts": "" }))).toEqual([]);
  });

  test.each([
    ["src/base/a.ts", 'import type { F } from "../formats/lc51.ts";', "imports upward"],
    ["src/formats/a.ts", 'import "../toolchain.ts";', "imports upward"],
    ["src/toolchain2.ts", "", "is on no floor"],
    ["src/helpers/a.ts", "", "is on no floor"],
    ["src/compiler/a.ts", 'import { F } from "../formats/lc51.ts";', "reaches into a sibling"],
    ["src/vm/a.ts", 'type F = import("../formats/lc51.ts").F;', "while it runs"],
    ["src/cli/a.ts", 'import { E } from "../index.ts";', "imports the barrel"],
    ["src/cli/a.ts", 'export { E } from "../base/errors.ts";', "passes on"],
    ["src/cli/a.ts", 'import { E } from "../base/gone.ts";', "is not there"],
    ["src/cli/a.ts", 'import { E } from "../base/errors";', "is not there"],
    ["src/cli/a.ts", 'import minimist from "minimist";', "depends on the package minimist"],
    ["src/cli/a.ts", 'await import("node:zlib");', "while it runs"],
    ["src/device/a.ts", 'import { readFileSync } from "node:fs";', "imports Node's node:fs"],
    ["src/device/a.ts", 'const fs = require("node:fs");', "while it runs"],
    ["src/device/a.ts", "export default 1;", "exports a default"],
    ["src/device/a.ts", "const a = 1; export { a as default };", "exports a default"],
    ["src/device/a.ts", "export const log = (x: string) => console.log(x);", "knows of console"],
    ["src/device/a.ts", "if (process.platform) f(Buffer);", "knows of process"],
    ["src/device/a.ts", "const { width } = window.screen;", "knows of window"],
    ["src/device/a.ts", 'import { T } from "./a.ts"; export const T = 1;', "closes a cycle"],
  ])("notices in %s: %s", (path, text, message) => {
    const findings = checkFloors(sourceFiles({ ...SOUND, [path]: text }));
    expect(findings[0]).toMatch(new RegExp(`^${path}:1: .*${message}`));
  });

  test("notices a cycle of three, once", () => {
    const three = {
      "src/base/a.ts": '\nimport { b } from "./b.ts"; export const a = b;',
      "src/base/b.ts": '\nimport type { C } from "./c.ts"; export const b = 1;',
      "src/base/c.ts": '\nimport { a } from "./a.ts"; export type C = typeof a;',
    };
    expect(checkFloors(sourceFiles({ ...three, ...SOUND }))).toEqual([
      "src/base/c.ts:2: closes a cycle: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts",
    ]);
  });
});

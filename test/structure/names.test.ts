/** Differences between targets are data, not branches. */
import { describe, expect, test } from "vitest";
import { LUA51, LUA53 } from "../../src/target/dialect.ts";
import { TARGETS } from "../../src/target/targets.ts";
import { checkNames } from "./names.ts";
import { shippedSources, sourceFiles } from "./sources.ts";

const NAMES = {
  targets: TARGETS.map(({ name }) => name),
  dialects: [LUA51.name, LUA53.name],
  titles: [LUA51.title, LUA53.title],
};

test("nothing outside src/target/ compares names", () => {
  expect(checkNames(shippedSources(), NAMES)).toEqual([]);
});

describe("the check", () => {
  const check = (path: string, text: string) => checkNames(sourceFiles({ [path]: text }), NAMES);

  test.each([
    ["src/vm/a.ts", 'if (name === "esp32-lua51-int") f();', "is a target's name"],
    ["src/vm/a.ts", 'const INTEGER = ["esp8266-2.2-int"];', "is a target's name"],
    ["src/vm/a.ts", "const a = { `esp32-lua53`: 1 };", "is a target's name"],
    ["src/vm/a.ts", 'if (name.startsWith("esp32-")) f();', "begins like"],
    ["src/vm/a.ts", 'if (/x/.test(a) || a.includes("esp8266-2.2")) f();', "begins like"],
    ["src/vm/a.ts", "switch (dialect) { case 'lua53': f(); }", "is a dialect's name"],
    ["src/vm/a.ts", 'if (title === "Lua 5.1") f();', "is a dialect's title"],
    ["src/vm/a.ts", "const a = { lua51: f };", "lua51 is a dialect"],
    ["src/vm/a.ts", "if (target.dialect === LUA53) f();", "LUA53 is a dialect"],
    ["src/toolchain.ts", "f(TOOLCHAINS.lua51);", "lua51 is a dialect"],
    ["src/toolchain.ts", 'if (name === "lua51") f();', "is a dialect's name"],
    ["src/vm/a.ts", "if (target.name === other) f();", "compares target.name"],
    ["src/vm/a.ts", "if (x !== this.target?.dialect.title) f();", "compares dialect.title"],
    ["src/vm/a.ts", "switch (target.numbers.name) {}", "compares numbers.name"],
    ["src/vm/a.ts", "switch (x) { case wire.name: f(); }", "compares wire.name"],
    ["src/vm/a.ts", "f(target.name.endsWith(x));", "takes target.name to pieces"],
    ["src/vm/a.ts", "f(BACKENDS[target.dialect.name]);", "picks by dialect.name"],
    ["src/vm/a.ts", "if (version === 0x53) f();", "compares a version"],
    ["src/vm/a.ts", "switch (this.luaVersion) {}", "compares a luaVersion"],
  ])("notices in %s: %s", (path, text, message) => {
    expect(check(path, `\n${text}`)).toContainEqual(
      expect.stringMatching(new RegExp(`^${path}:2: .*${message}`)),
    );
  });

  test.each([
    ["src/target/targets.ts", 'if (name === "lua51" && dialect === LUA51) f(target.name === x);'],
    ["src/toolchain.ts", "const A = { lua51: B, lua53: C }; f(A[target.dialect.name]);"],
    ["src/compiler/compile.ts", "const A = {\n lua51: B }; f(A[dialect.name]);"],
    ["src/formats/chunk.ts", "if (version === 0x51) f();"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code
    ["src/cli/a.ts", "f(`for ${target.name}, ${target.dialect.title}`); // lua51.md: 'lua51'"],
    ["src/cli/a.ts", "f('use --target esp32-lua51-int', command.name === name);"],
    ["src/cli/a.ts", "if (other.dialect === target.dialect && kind === 'lc51') f(LUA51_BACKEND);"],
  ])("lets be in %s: %s", (path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});

/** What grew and what shrank between two images. */
import { describe, expect, test } from "vitest";
import { IMAGES_51 } from "../../src/device/images51.ts";
import { compactImage51 } from "../../src/image/build51.ts";
import { compareSizes, growth, type ImageChange } from "../../src/image/compare-sizes.ts";
import { SIZE_PARTS } from "../../src/image/sizes.ts";
import { findTarget } from "../../src/target/targets.ts";
import { type Inputs, imageOf } from "./subject.ts";

const TARGET = findTarget("esp8266-lua51-float");

function change(before: Inputs, after: Inputs): ImageChange {
  const [a, b] = [before, after].map((inputs) => {
    return IMAGES_51.open(compactImage51(imageOf(inputs, TARGET, 7)), {}).measure();
  });
  const found = compareSizes(a, b);
  // Parts, and modules with what belongs to none, each make up the whole change.
  const parts = SIZE_PARTS.reduce((sum, part) => sum + growth(found.parts[part]), 0);
  const modules = found.modules.reduce((sum, module) => sum + growth(module), 0);
  expect(parts).toBe(growth(found));
  expect(modules + growth(found.shared) + growth(found.index)).toBe(growth(found));
  return found;
}

describe("what changed is found", () => {
  const a = "function f() return 1 end\nfunction g() return 2 end";

  test("nothing between equals", () => {
    const found = change({ "a.lua": a }, { "a.lua": a });
    expect(growth(found)).toBe(0);
    expect(found.modules.flatMap(({ functions }) => functions)).toEqual([]);
  });

  test("a function that grew, by its name, although its lines moved", () => {
    const longer = a.replace("return 2", "print() return 2");
    const [module] = change({ "a.lua": a }, { "a.lua": `\n\n${longer}` }).modules;
    const grown = module.functions.filter((each) => growth(each) !== 0);
    expect(grown.map(({ name, line, only }) => [name, line, only])).toEqual([["g", 4, undefined]]);
    expect(growth(grown[0].parts.code)).toBe(2 * 4);
  });

  test("functions and modules that are new or gone", () => {
    const found = change(
      { "a.lua": a, "b.lua": "" },
      { "a.lua": `${a} h = function() end`, "c.lua": "" },
    );
    const only = Object.fromEntries(found.modules.map(({ name, only: side }) => [name, side]));
    expect(only).toEqual({ a: undefined, b: "before", c: "after" });
    const inA = found.modules.find(({ name }) => name === "a")?.functions ?? [];
    expect(inA.find(({ name }) => name === "h")).toMatchObject({ only: "after", before: 0 });
  });

  test("functions without names, by their order", () => {
    const make = (...bodies: string[]) => `f(${bodies.map((body) => `function() ${body} end`)})`;
    const [module] = change(
      { "a.lua": make("a()", "b()") },
      { "a.lua": make("a()", "b() b()", "c()") },
    ).modules;
    const nested = module.functions.filter(({ line }) => line > 0);
    expect(nested.map(({ only }) => only)).toEqual(expect.arrayContaining([undefined, "after"]));
    expect(nested.every(({ path }) => path.length === 0)).toBe(true);
  });

  test("where a function is", () => {
    const make = (body: string) => `function f() return function() ${body} end end`;
    const [module] = change({ "a.lua": make("") }, { "a.lua": make("x()") }).modules;
    expect(module.functions[0]).toMatchObject({ name: undefined, path: ["f"] });
  });

  test("the largest change first", () => {
    const found = change({ "a.lua": "", "b.lua": "" }, { "a.lua": "x()", "b.lua": "x() y() z()" });
    expect(found.modules.map(({ name }) => name)).toEqual(["b", "a"]);
  });
});

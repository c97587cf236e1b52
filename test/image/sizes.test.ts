/** Where the bytes of images go: every byte is counted, once, and at its place. */
import { describe, expect, test } from "vitest";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { OpenImage } from "../../src/device/image-format.ts";
import { IMAGES_51 } from "../../src/device/images51.ts";
import { buildImage51, compactImage51 } from "../../src/image/build51.ts";
import {
  type FunctionSizes,
  type ImageSizes,
  type PartSizes,
  SIZE_PARTS,
  sumOf,
  sumOfParts,
} from "../../src/image/sizes.ts";
import type { Target } from "../../src/target/target.ts";
import { findTarget } from "../../src/target/targets.ts";
import { makeProto } from "../support/make-proto.ts";
import { IMAGE_VECTORS } from "../vectors/lfs51/cases.ts";
import { formOf } from "../vectors/lfs51/form.ts";
import { combine, IMAGE_TARGETS, type Inputs } from "./subject.ts";

const FLOAT = findTarget("esp8266-lua51-float");

function opened(main: Proto, target: Target, strip = false): OpenImage {
  const file = compactImage51(buildImage51(main, { target, strip }));
  return IMAGES_51.open(file, { allowBadCode: true });
}

function measured(inputs: Inputs, target = FLOAT, strip = false): ImageSizes {
  return opened(combine(inputs, target, 7), target, strip).measure();
}

function partsOf({ own, functions }: FunctionSizes): PartSizes {
  return sumOfParts([own, ...functions.map(partsOf)]);
}

/** What must hold for every image. */
function checkSums(sizes: ImageSizes): void {
  expect(sumOf(sizes.parts)).toBe(sizes.total);
  for (const module of sizes.modules) {
    expect(module.parts).toEqual(sumOfParts([module.shared, partsOf(module.main)]));
    expect(sumOf(module.parts)).toBe(module.total);
    expect(module.main.total).toBe(sumOf(partsOf(module.main)));
  }
  const all = [sizes.shared, sizes.index, ...sizes.modules.map(({ parts }) => parts)];
  expect(sizes.parts).toEqual(sumOfParts(all));
  for (const parts of all)
    for (const part of SIZE_PARTS) expect(parts[part]).toBeGreaterThanOrEqual(0);
}

describe("every byte is counted once", () => {
  const small = IMAGE_VECTORS.filter(
    ({ name, limit }) => !limit && !/random|260000|limit/.test(name),
  );
  test.each(IMAGE_TARGETS.map((target) => [target.name, target] as const))("%s", (_, target) => {
    let count = 0;
    for (const { inputs, strip = false } of small) {
      const main = combine(inputs(formOf(target)), target, 7);
      const built = opened(main, target, strip);
      const sizes = built.measure();
      expect(sizes.total).toBe(built.image.header.size);
      checkSums(sizes);
      // Header, buckets and the records of all functions: nothing unknown is left over.
      const { functions = 0, header = 0, buckets = 0 } = built.image.parts;
      const tables = functions + header + buckets + (built.image.parts["nested functions"] ?? 0);
      expect(sizes.parts.structure).toBe(tables);
      expect(sizes.parts.code).toBe(built.image.parts.code);
      expect(sizes.parts.constants).toBe(built.image.parts.constants);
      count++;
    }
    expect(count).toBeGreaterThan(50);
  });
});

describe("a string belongs", () => {
  const SIZE = 16 + 12;
  const text = "ten bytes.";

  test("to the function that uses it alone", () => {
    const [{ main }] = measured({ "a.lua": `function f() return "${text}" end` }).modules;
    expect(main.functions[0].own.strings).toBe(SIZE);
    expect(main.own.strings).toBe(16 + 4);
  });

  test("to the module when several of its functions use it", () => {
    const use = `return "${text}"`;
    const [module] = measured({
      "a.lua": `f(function() ${use} end, function() ${use} end)`,
    }).modules;
    expect(module.shared.strings).toBe(SIZE);
    expect(module.main.functions.map(({ own }) => own.strings)).toEqual([0, 0]);
  });

  test("to the image when several modules use it", () => {
    const sizes = measured({ "a.lua": `return "${text}"`, "b.lua": `return "${text}"` });
    // The line info of both is the same, too.
    expect(sizes.shared).toMatchObject({ strings: SIZE, "line info": 16 + 4 });
    expect(sizes.modules.map(({ parts }) => parts.strings)).toEqual([0, 0]);
  });

  test("to the strings when lines happen to have its bytes", () => {
    const [module] = measured({ "a.lua": 'local x = "\\2"\nreturn x' }).modules;
    const [apart] = measured({ "a.lua": 'local x = "y"\nreturn x' }).modules;
    expect(apart.parts).toMatchObject({ strings: 16 + 4, "line info": 16 + 4 });
    expect(module.parts["line info"] + module.parts.strings).toBeLessThanOrEqual(2 * (16 + 4));
    checkSums(measured({ "a.lua": 'local x = "\\2"\nreturn x' }));
  });
});

test("functions have names and lines", () => {
  const [module] = measured({ "m.lua": "function f()\n return function() end\nend" }).modules;
  expect(module).toMatchObject({ name: "m", main: { name: undefined, line: 0 } });
  const [f] = module.main.functions;
  expect(f).toMatchObject({ name: "f", line: 1, lastLine: 3 });
  expect(f.functions[0]).toMatchObject({ name: undefined, line: 2, lastLine: 2 });
});

test("a main function that is no combination counts as the only module", () => {
  const built = opened(makeProto({ constants: ["a"] }), FLOAT);
  const sizes = built.measure();
  checkSums(sizes);
  expect(sizes.modules.map(({ name }) => name)).toEqual(["(main)"]);
  expect(sizes.index).toMatchObject({ code: 0, strings: 0, structure: 32 + 4 * 4 });
});

test("stripping leaves no line info", () => {
  const inputs = { "a.lua": "print(1)\nprint(2)" };
  expect(measured(inputs, FLOAT, true).parts["line info"]).toBe(0);
});

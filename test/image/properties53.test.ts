/** Any image of Lua 5.3: what is read is what was built, in both formats and for every target. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Constant, LuaFloat } from "../../src/base/number-model.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { absoluteImage53, buildImage53, flashSize53 } from "../../src/image/build53.ts";
import { compactImage53 } from "../../src/image/compact53.ts";
import { FIXED_STRINGS } from "../../src/image/fixed-strings53.ts";
import { readImage53 } from "../../src/image/read53.ts";
import type { Target } from "../../src/target/target.ts";
import { makeProto53, TARGETS_53 } from "../support/targets53.ts";

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const byte = fc.nat(255);
const line = fc.nat(0x7fffffff);
const text = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.constantFrom(...FIXED_STRINGS),
);
const local = fc.record({ name: fc.option(text), startPc: line, endPc: line });
const upvalue = fc.record({ inStack: fc.boolean(), index: byte });

function constants(target: Target): fc.Arbitrary<Constant> {
  const { numbers } = target;
  const bits = BigInt(numbers.integerSize * 8 - 1);
  const integer = fc.bigInt({ min: -(2n ** bits), max: 2n ** bits - 1n });
  // The bits of a value that is no number may change.
  const float = numbers.size === 4 ? fc.float({ noNaN: true }) : fc.double({ noNaN: true });
  return fc.oneof(
    fc.constant(null),
    fc.boolean(),
    integer.map((value) => numbers.fromInteger(value)),
    float.map((value) => new LuaFloat(value)),
    text,
  );
}

function protos(target: Target, depth: number): fc.Arbitrary<Proto> {
  const nested = fc.array(depth > 0 ? protos(target, depth - 1) : fc.constant(makeProto53()), {
    maxLength: depth > 0 ? 3 : 0,
  });
  return fc
    .record({
      source: text,
      lineDefined: line,
      lastLineDefined: line,
      parameterCount: byte,
      varargFlags: byte,
      maxStackSize: byte,
      code: fc.array(fc.integer(), { maxLength: 9 }),
      constants: fc.array(constants(target), { maxLength: 5 }),
      protos: nested,
      lineInfo: fc.array(byte, { maxLength: 9 }),
      locals: fc.array(local, { maxLength: 3 }),
      upvalues: fc.array(fc.tuple(upvalue, fc.option(text)), { maxLength: 3 }),
    })
    .map(({ upvalues, ...shape }) => {
      const names = upvalues.map(([, name]) => name);
      const upvalueNames = names.some((name) => name !== null) ? names : [];
      return makeProto53({ ...shape, upvalueSources: upvalues.map(([at]) => at), upvalueNames });
    });
}

/** Modules of different names, which folders in their sources would change. */
function modules(target: Target): fc.Arbitrary<Proto[]> {
  const named = (proto: Proto, i: number): Proto => {
    return { ...proto, source: `@m${i}.${proto.source.replaceAll(/[/\\]/g, "_")}` };
  };
  return fc.array(protos(target, 2), { maxLength: 4 }).map((list) => list.map(named));
}

describe.each(TARGETS_53)("for $name", (target) => {
  test("comes back as it was built", () => {
    fc.assert(
      fc.property(modules(target), uint32, uint32, fc.nat(0x7fffffff), (list, seed, at, time) => {
        const main = combineLookup53(list, time);
        const image = buildImage53(main, { target, seed });
        const address = at - (at % 4);
        const compact = readImage53(compactImage53(image), { allowBadCode: true });
        const flash = absoluteImage53(image, address);
        const absolute = readImage53(flash, { allowBadCode: true });
        for (const read of [compact, absolute]) {
          expect(read.main).toEqual(main);
          expect(read.image.strings).toEqual(image.strings);
          expect(read.header.seed).toBe(seed);
          expect(read.time).toBe(time);
        }
        expect(absolute.base).toBe(address);
        expect(flash.length).toBe(flashSize53(image));
      }),
      { numRuns: 40 },
    );
  });
});

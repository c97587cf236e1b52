/** Prototypes made by hand: what does not fit into an image is refused, never cut off. */
import { describe, expect, test } from "vitest";
import { EncodeError } from "../../src/base/errors.ts";
import { LuaFloat } from "../../src/base/number-model.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { buildImage51, compactImage51 } from "../../src/image/build51.ts";
import { readImage51 } from "../../src/image/read51.ts";
import { findTarget } from "../../src/target/targets.ts";
import { makeProto, type ProtoShape } from "../support/make-proto.ts";

const FLOAT = findTarget("esp8266-lua51-float");
const INTEGER = findTarget("esp32-lua51-int");

function errorOf(proto: Proto, target = FLOAT): EncodeError {
  try {
    buildImage51(proto, { target });
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  return expect.fail("it was built");
}

const WRONG: readonly [string, ProtoShape, RegExp][] = [
  ["upvalues beyond a byte", { upvalueCount: 256 }, /upvalueCount is 256/],
  ["less than no parameters", { parameterCount: -1 }, /parameterCount is -1/],
  ["half a register", { maxStackSize: 2.5 }, /maxStackSize is 2.5/],
  ["no flags at all", { varargFlags: Number.NaN }, /varargFlags is NaN/],
  ["a line beyond an int", { lineDefined: 2 ** 31 }, /lineDefined is 2147483648/],
  ["a line before the first", { lastLineDefined: -3 }, /lastLineDefined is -3/],
  ["text that is no bytes", { source: "@π.lua" }, /a source has units above 255/],
  ["such a constant", { constants: ["€"] }, /a string constant has units/],
  ["such a local", { locals: [{ name: "€", startPc: 0, endPc: 1 }] }, /name of a local/],
  ["a local's end", { locals: [{ name: "a", startPc: 0, endPc: -1 }] }, /endPc is -1/],
  ["such an upvalue", { upvalueNames: ["€"] }, /name of an upvalue/],
  ["an integer of another Lua", { constants: [2n ** 60n] }, /no number of target/],
  ["a float of another Lua", { constants: [new LuaFloat(1.5)] }, /no number of target/],
];

describe("an image is not built of", () => {
  test.each(WRONG)("%s", (_, fields, message) => {
    expect(errorOf(makeProto(fields)).message).toMatch(message);
    const nested = makeProto({ protos: [makeProto(fields)] });
    expect(errorOf(nested)).toMatchObject({ code: "number" });
  });

  test.each([0.5, 2 ** 31, -(2 ** 31) - 1, Number.NaN])("%d where there are integers", (value) => {
    const proto = makeProto({ lineDefined: 7, constants: [null, value] });
    expect(errorOf(proto, INTEGER).place).toEqual({ lineDefined: 7, constant: 1 });
    expect(() => buildImage51(proto, { target: FLOAT })).not.toThrow();
  });

  test("functions without end", () => {
    const protos: Proto[] = [];
    const endless = makeProto({ protos });
    protos.push(endless);
    expect(errorOf(endless).code).toBe("chunk-depth");
  });
});

test("what is at the limits comes back", () => {
  const frame = { upvalueCount: 255, parameterCount: 255, varargFlags: 255, maxStackSize: 250 };
  const constants = [2147483647, -2147483648, "\xff\0", true, null];
  const main = makeProto({ ...frame, lineDefined: 2147483647, constants });
  const file = compactImage51(buildImage51(main, { target: INTEGER }));
  expect(readImage51(file, { allowBadCode: true }).main).toEqual(main);
});

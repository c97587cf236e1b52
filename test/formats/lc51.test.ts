/** The `.lc` file of Lua 5.1, read and written (lua51.md §5, §6.4). */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EncodeError } from "../../src/base/errors.ts";
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Constant } from "../../src/base/number-model.ts";
import { encodeABC, encodeABx } from "../../src/bytecode/instruction.ts";
import { Op51 } from "../../src/bytecode/opcodes51.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { decodeChunk51, encodeChunk51 } from "../../src/formats/lc51.ts";
import type { Target } from "../../src/target/target.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import {
  type ChunkForm,
  type ConstantShape,
  chunk,
  FLOAT_22,
  FLOAT_30,
  INT_22,
  INT_30,
  withByte,
} from "../support/chunk-builder.ts";
import { makeProto } from "../support/make-proto.ts";

const FLOAT = findTarget("esp8266-lua51-float");
const INT = findTarget("esp8266-lua51-int");
const TARGETS_51 = SUPPORTED_TARGETS.filter((target) => target.dialect === FLOAT.dialect);

function decode(text: LuaString, target: Target = FLOAT): Proto {
  return decodeChunk51(toBytes(text), { target, chunkName: "@a.lc" });
}

function constantsOf(constants: readonly ConstantShape[], form: ChunkForm, target = FLOAT) {
  return decode(chunk({ constants }, form), target).constants;
}

/** How a chunk made by hand is written for a target. */
function formOf(target: Target): ChunkForm {
  const old = target.wire.numberTag === FLOAT_22.numberTag;
  if (target.numbers.integral) return old ? INT_22 : INT_30;
  return old ? FLOAT_22 : FLOAT_30;
}

describe("the worked example, as the reference writes it", () => {
  // local n = 7 / function f(a) return a + n end / f(true, "hi")
  const bytes = Buffer.from(
    `1b4c7561510001040404080007000000 40772e6c756100 0000000000000000 00000204 09000000 00
     0100000064000000000000004740000045400000 82008000c18000005c4080011e008000
     03000000 030000000000001c40 04020000006600 0403000000686900 01000000
       00000000 0200000002000000 01010002 04000000 440000004c4000005e0000011e008000
       00000000 00000000 03000000 800400 00000000 00000000
     04000000 00 01030500 00000000 00000000`.replaceAll(/\s/g, ""),
    "hex",
  );
  const inner = makeProto({
    source: "@w.lua",
    lineDefined: 2,
    lastLineDefined: 2,
    upvalueCount: 1,
    parameterCount: 1,
    varargFlags: 0,
    code: ["GETUPVAL 1 0", "ADD 1 0 1", "RETURN 1 2", "RETURN 0 1"],
    lineInfo: [0x80, 4, 0],
  });
  const main = makeProto({
    source: "@w.lua",
    maxStackSize: 4,
    code: [
      "LOADK 0 0",
      "CLOSURE 1 0",
      "MOVE 0 0",
      "SETGLOBAL 1 1",
      "GETGLOBAL 1 1",
      "LOADBOOL 2 1",
      "LOADK 3 2",
      "CALL 1 3 1",
      "RETURN 0 1",
    ],
    constants: [7, "f", "hi"],
    protos: [inner],
    lineInfo: [1, 3, 5, 0],
  });

  test("is read", () => {
    expect(decodeChunk51(bytes, { target: FLOAT, chunkName: "@w.lc" })).toEqual(main);
  });

  test("is written", () => {
    expect(Buffer.from(encodeChunk51(main, { target: FLOAT, strip: false }))).toEqual(bytes);
  });

  test("loses sources, lines and names when stripped", () => {
    const named = { ...main, locals: [{ name: "n", startPc: 1, endPc: 8 }] };
    const stripped = encodeChunk51(named, { target: FLOAT, strip: true });
    const bare = (proto: Proto): Proto => ({
      ...proto,
      source: "=?",
      lineInfo: new Uint8Array(0),
      locals: [],
      protos: proto.protos.map(bare),
    });
    expect(decodeChunk51(stripped, { target: FLOAT, chunkName: "@w.lc" })).toEqual(bare(main));
    expect(Buffer.from(stripped).toString("hex")).toBe(
      `1b4c756151000104040408000000000000000000000000000000020409000000
       0100000064000000000000004740000045400000 82008000c18000005c4080011e008000
       03000000 030000000000001c40 04020000006600 0403000000686900 01000000
         00000000 0200000002000000 01010002 04000000 440000004c4000005e0000011e008000
         00000000 00000000 00000000 00000000 00000000
       00000000 00000000 00000000`.replaceAll(/\s/g, ""),
    );
  });
});

describe("sources", () => {
  const sources = (proto: Proto): unknown[] => [proto.source, ...proto.protos.map(sources)];

  test("an absent one is the enclosing function's", () => {
    const leaf = { source: null };
    const main = { source: "@m", functions: [{ source: "=n", functions: [leaf] }, leaf] };
    expect(sources(decode(chunk(main)))).toEqual(["@m", ["=n", ["=n"]], ["@m"]]);
  });

  test("without any it is =?", () => {
    expect(sources(decode(chunk({ source: null, functions: [{ source: null }] })))).toEqual([
      "=?",
      ["=?"],
    ]);
  });

  test("one that repeats the enclosing function's is written as absent", () => {
    const repeated = chunk({ source: "@m", functions: [{ source: "@m" }] });
    const absent = chunk({ source: "@m", functions: [{ source: null }] });
    const written = encodeChunk51(decode(repeated), { target: FLOAT, strip: false });
    expect(written).toEqual(toBytes(absent));
  });
});

describe("strings", () => {
  test.each(["", "\0", "a\0b\xff", "x".repeat(70_000)])("%j is kept", (text) => {
    expect(constantsOf([text], FLOAT_30)).toEqual([text]);
  });

  test("the last byte is dropped whatever it is", () => {
    expect(constantsOf([{ raw: "\x04\x03\0\0\0abc" }], FLOAT_30)).toEqual(["ab"]);
  });

  test("names may be absent or empty", () => {
    const proto = decode(
      chunk({
        upvalues: 2,
        locals: [
          [null, 0, 1],
          ["", 1, 2],
        ],
        upvalueNames: [null, "u"],
      }),
    );
    expect(proto.locals).toEqual([
      { name: null, startPc: 0, endPc: 1 },
      { name: "", startPc: 1, endPc: 2 },
    ]);
    expect(proto.upvalueNames).toEqual([null, "u"]);
  });
});

describe("numbers", () => {
  const values = [0, 1, -1, 127, -128];

  test.each(TARGETS_51)("$name reads its own, in both byte orders", (target) => {
    for (const bigEndian of [false, true]) {
      expect(constantsOf(values, { ...formOf(target), bigEndian }, target)).toEqual(values);
    }
  });

  test("floats are exact", () => {
    const floats = [-0, 0.1, 5e-324, Infinity, -Infinity, Number.NaN];
    expect(constantsOf(floats, FLOAT_30)).toEqual(floats);
    expect(constantsOf(floats, { ...FLOAT_30, bigEndian: true })).toEqual(floats);
  });

  test.each([1, 2, 4, 8])("a float target reads integers of %i bytes", (numberSize) => {
    const low = -(2n ** BigInt(8 * numberSize - 1));
    const integers = [low, -low - 1n, ...values.map(BigInt)];
    for (const bigEndian of [false, true]) {
      expect(constantsOf(integers, { ...INT_30, numberSize, bigEndian })).toEqual(
        integers.map(Number),
      );
    }
  });

  test("an integer target reads its own size whatever the header says", () => {
    expect(constantsOf([258], { ...INT_30 }, INT)).toEqual([258]);
    const misnamed = chunk({ constants: [258] }, INT_30).replace("\x04\x01=", "\x07\x01=");
    expect(decode(misnamed, INT).constants).toEqual([258]);
  });

  test("an integer target converts integers of a higher kind", () => {
    const wide = chunk({ constants: [2n ** 32n + 5n] }, { ...INT_30, numberSize: 8 });
    expect(decode(wide.replace("\x08\x01", "\x08\x02"), INT).constants).toEqual([5]);
  });

  test("other integer sizes load where there is no number", () => {
    const form = { ...INT_30, numberSize: 3 };
    expect(constantsOf(["s"], form)).toEqual(["s"]);
    expect(() => constantsOf([1], form)).toThrow("a.lc: bad header in precompiled chunk");
  });
});

describe("what is accepted and made regular", () => {
  test("any true boolean", () => {
    expect(constantsOf([{ raw: "\x01\x07" }, { raw: "\x01\0" }], FLOAT_30)).toEqual([true, false]);
  });

  test("line info ends at its first 00", () => {
    const lines = (lineInfo: number[]) => Array.from(decode(chunk({ lineInfo })).lineInfo);
    expect(lines([1, 1, 0, 5, 0])).toEqual([1, 1, 0]);
    expect(lines([0])).toEqual([0]);
    expect(lines([1, 1])).toEqual([1, 1, 0]);
    expect(lines([])).toEqual([]);
  });

  test("bytes after the end", () => {
    expect(decode(`${chunk({})}trailing`)).toEqual(decode(chunk({})));
  });

  test("padding that is not zero", () => {
    const text = chunk({ source: "@w" });
    // Header, source, lines, four bytes, code size, then one byte of padding.
    const padding = 12 + 7 + 8 + 4 + 4;
    expect(text.charCodeAt(padding)).toBe(0);
    expect(decode(withByte(text, padding, 9))).toEqual(decode(text));
  });

  test("a prototype does not change when its bytes do", () => {
    const bytes = toBytes(chunk({ lineInfo: [1, 0] }));
    const proto = decodeChunk51(bytes, { target: FLOAT, chunkName: "@a" });
    bytes.fill(0xff);
    expect(proto).toEqual(decode(chunk({ lineInfo: [1, 0] })));
  });
});

describe("what cannot be written", () => {
  const refusal = new EncodeError("number", "value too big or small for target integer type");

  test.each([
    { lineDefined: 0x7fffffff },
    { lastLineDefined: 0x7fffffff },
    { locals: [{ name: "a", startPc: 0, endPc: 0x7fffffff }] },
  ])("an int one below the limit is, the limit is not: %j", (shape) => {
    const text = JSON.stringify(shape);
    const below = JSON.parse(text.replace("2147483647", "2147483646"));
    const options = { target: FLOAT, strip: false };
    expect(() => encodeChunk51(makeProto(below), options)).not.toThrow();
    expect(() => encodeChunk51(makeProto(shape), options)).toThrow(refusal);
  });

  test("the limits of 32-bit integers", () => {
    const write = (value: number, target: Target) =>
      encodeChunk51(makeProto({ constants: [value] }), { target, strip: false });
    expect(() => write(0x7ffffffe, INT)).not.toThrow();
    const place = { lineDefined: 0, constant: 0 };
    const refusalHere = new EncodeError(refusal.code, refusal.message, place);
    expect(() => write(0x7fffffff, INT)).toThrow(refusalHere);
    expect(() => write(-0x80000000, INT)).toThrow(refusalHere);
    expect(() => write(0x7fffffff, FLOAT)).not.toThrow();
  });
});

describe("what does not fit its bytes", () => {
  const encode = (shape: Partial<Omit<Proto, "code" | "lineInfo">>) =>
    encodeChunk51(makeProto({ protos: [makeProto(shape)] }), { target: FLOAT, strip: false });

  test.each([
    ["upvalueCount", "upvalue count"],
    ["parameterCount", "parameter count"],
    ["varargFlags", "vararg flags"],
    ["maxStackSize", "number of registers"],
  ])("%s", (field, name) => {
    expect(() => encode({ [field]: 255 })).not.toThrow();
    for (const value of [256, -1, 1.5, 2 ** 32, Number.NaN]) {
      expect(() => encode({ [field]: value })).toThrow(
        new EncodeError("number", `${name} must be an integer from 0 to 255, not ${value}`),
      );
    }
  });

  test.each([
    { constants: ["a\u0100b"] },
    { constants: ["\ud83d\ude00"] },
    { source: "@\u20ac.lua" },
    { locals: [{ name: "\u0131", startPc: 0, endPc: 1 }] },
    { upvalueNames: ["\u0131"] },
  ])("text that is not bytes: %j", (shape) => {
    expect(() => encode(shape)).toThrow(
      new EncodeError("number", "a string has units above 255, which are not bytes"),
    );
  });

  test("text of any bytes", () => {
    expect(() => encode({ constants: ["\0\x7f\x80\xff"] })).not.toThrow();
  });
});

describe("any prototype", () => {
  const luaString = fc
    .uint8Array({ maxLength: 12 })
    .map((bytes) => Buffer.from(bytes).toString("latin1"));
  const name = fc.option(luaString);
  const line = fc.nat(0x7ffffffe);
  const local = fc.record({ name, startPc: line, endPc: line });
  const instruction = fc.oneof(
    fc.tuple(fc.nat(1), fc.nat(1)).map(([a, b]) => encodeABC(Op51.MOVE, a, b, 0)),
    fc.nat(1).map((a) => encodeABx(Op51.LOADK, a, 0)),
  );

  /** Prototypes of a target that the code checker accepts, nested at most `depth` deep. */
  function protos(target: Target, depth: number): fc.Arbitrary<Proto> {
    const number = target.numbers.integral
      ? fc.integer({ min: -0x7ffffffe, max: 0x7ffffffe })
      : fc.double();
    const constant: fc.Arbitrary<Constant> = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      number,
      luaString,
    );
    return fc.record({
      source: luaString,
      lineDefined: line,
      lastLineDefined: line,
      upvalueCount: fc.integer({ min: 3, max: 255 }),
      upvalueSources: fc.constant([]),
      parameterCount: fc.nat(1),
      varargFlags: fc.constantFrom(0, 2, 3, 7),
      maxStackSize: fc.integer({ min: 2, max: 250 }),
      code: fc
        .array(instruction, { maxLength: 9 })
        .map((words) => Int32Array.of(...words, encodeABC(Op51.RETURN, 0, 1, 0))),
      constants: fc.array(constant, { minLength: 1, maxLength: 5 }),
      protos: depth > 0 ? fc.array(protos(target, depth - 1), { maxLength: 3 }) : fc.constant([]),
      lineInfo: fc
        .array(fc.integer({ min: 1, max: 255 }), { maxLength: 9 })
        .map((bytes) => Uint8Array.of(...bytes, ...(bytes.length > 0 ? [0] : []))),
      locals: fc.array(local, { maxLength: 3 }),
      upvalueNames: fc.array(name, { maxLength: 3 }),
    });
  }

  test.each(TARGETS_51)("comes back as it was written for $name", (target) => {
    fc.assert(
      fc.property(protos(target, 2), (proto) => {
        const bytes = encodeChunk51(proto, { target, strip: false });
        const again = decodeChunk51(bytes, { target, chunkName: "@a.lc" });
        expect(again).toEqual(proto);
        expect(encodeChunk51(again, { target, strip: false })).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });
});

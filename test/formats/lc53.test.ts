/** The `.lc` file of Lua 5.3, read and written (lua53.md §3). */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EncodeError } from "../../src/base/errors.ts";
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { type Constant, LuaFloat } from "../../src/base/number-model.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { decodeChunk53, encodeChunk53 } from "../../src/formats/lc53.ts";
import type { Target } from "../../src/target/target.ts";
import {
  type ConstantShape53,
  chunk53,
  FORM_64,
  type FunctionShape53,
  header53,
  RETURN_53,
  tagged,
} from "../support/chunk-builder53.ts";
import { form53, makeProto53, TARGETS_53, target53 } from "../support/targets53.ts";

const SMALL = target53("esp8266-lua53");
const LARGE = target53("esp8266-lua53-64");

function decode(text: LuaString, target: Target = SMALL): Proto {
  return decodeChunk53(toBytes(text), { target, chunkName: "@a.lc" });
}

function encode(proto: Proto, target: Target = SMALL, strip = false): LuaString {
  return Buffer.from(encodeChunk53(proto, { target, strip })).toString("latin1");
}

function constantsOf(constants: readonly ConstantShape53[], target: Target = SMALL) {
  return decode(chunk53({ constants }, form53(target)), target).constants;
}

test("there are six targets", () => {
  expect(TARGETS_53.map(({ numbers }) => [numbers.integerSize, numbers.size])).toEqual([
    [4, 4],
    [8, 8],
    [4, 4],
    [8, 8],
    [8, 4],
    [4, 8],
  ]);
});

describe("the worked example, as the reference writes it", () => {
  // local a = -1 / local b = 300 / return "x", nil, true, 2.5, a, {y=nil}
  const code = `01000000 41400000 81800000 c4000000 03018000 41c10000 80010000 cb410000 ca414182
    a6008003 26008000`;
  const words = code.match(/[0-9a-f]{8}/g) ?? [];
  const main = makeProto53({
    source: "@w3.lua",
    maxStackSize: 8,
    code: words.map((word) => Buffer.from(word, "hex").readInt32LE()),
    constants: [-1, 300, "x", new LuaFloat(2.5), "y", null],
    lineInfo: [1, 1, 9, 0],
  });
  const bytes = Buffer.from(
    `1b4c7561 530a 19930d0a1a0a 04040404 20 0040b943 01 | 58 4077332e6c7561 00 00 00 01 08 | 00 |
     0b ${code} | 06 40 b22c 5278 20 00002040 5279 00 | 01 01 50 01 00 | 04 01010900 | 00`.replaceAll(
      /[\s|]/g,
      "",
    ),
    "hex",
  );

  test("is read", () => {
    expect(decodeChunk53(bytes, { target: SMALL, chunkName: "@w3.lc" })).toEqual(main);
  });

  test("is written", () => {
    expect(Buffer.from(encodeChunk53(main, { target: SMALL, strip: false }))).toEqual(bytes);
  });

  test("loses only the null bytes of names when stripped", () => {
    const stripped = encode(main, SMALL, true);
    expect(stripped.length).toBe(bytes.length - 1);
    expect(decode(stripped)).toEqual(main);
  });
});

describe("tagged integers", () => {
  test.each([
    [0n, "30"],
    [15n, "3f"],
    [16n, "b010"],
    [300n, "b22c"],
    [2047n, "bf7f"],
    [2048n, "b09000"],
    [262_143n, "bfff7f"],
    [262_144n, "b0908000"],
    [1_700_000_000n, "b6aacfe200"],
    [0x7fffffffn, "b7ffffff7f"],
    [-1n, "40"],
    [-16n, "4f"],
    [-17n, "c010"],
    [-0x80000000n, "c7ffffff7f"],
  ])("%i is %s", (value, hex) => {
    const text = encode(makeProto53({ constants: [Number(value)] }));
    const shown = Buffer.from(text, "latin1").toString("hex");
    expect(shown).toContain(`00800026${"01"}${hex}0101500100`.replace("00800026", "26008000"));
    expect(decode(text).constants).toEqual([Number(value)]);
  });

  const far = [2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 62n + 1n, 2n ** 63n - 1n];

  test.each(far.flatMap((value) => [value, -value, -value - 1n]))("%i of 64 bits", (value) => {
    const kept = Number.isSafeInteger(Number(value)) ? Number(value) : value;
    expect(constantsOf([value], LARGE)).toEqual([kept]);
    const text = encode(makeProto53({ constants: [kept] }), LARGE);
    expect(text).toBe(
      encode(
        decode(chunk53({ source: "@a.lua", constants: [value], lineInfo: [1, 0] }, FORM_64), LARGE),
        LARGE,
      ),
    );
    expect(text).toContain(value < 0 ? tagged(4, -value - 1n) : tagged(3, value));
  });

  test("wrap around where integers are too small for them", () => {
    expect(constantsOf([2n ** 31n, 2n ** 32n + 5n, -(2n ** 40n)])).toEqual([-(2 ** 31), 5, 0]);
    expect(constantsOf([2n ** 63n, 2n ** 64n + 5n], LARGE)).toEqual([-(2n ** 63n), 5]);
  });

  test("may have leading zeros", () => {
    const raw = "\xb0\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x05";
    expect(constantsOf([{ raw }])).toEqual([5]);
    expect(constantsOf([{ raw }], LARGE)).toEqual([5]);
  });
});

describe("sources", () => {
  const sources = (proto: Proto): unknown[] => [proto.source, ...proto.protos.map(sources)];

  test("an absent one is the enclosing function's", () => {
    const leaf = { source: null };
    const main = { source: "@m", functions: [{ source: "=n", functions: [leaf] }, leaf] };
    expect(sources(decode(chunk53(main)))).toEqual(["@m", ["=n", ["=n"]], ["@m"]]);
    expect(encode(decode(chunk53(main)))).toBe(chunk53(main));
  });

  test("without any it is =?, and stays absent", () => {
    const text = chunk53({ source: null, functions: [{ source: null }] });
    expect(sources(decode(text))).toEqual(["=?", ["=?"]]);
    expect(encode(decode(text))).toBe(text);
  });

  test("one that repeats the enclosing function's is written as absent", () => {
    const repeated = chunk53({ source: "@m", functions: [{ source: "@m" }] });
    const absent = chunk53({ source: "@m", functions: [{ source: null }] });
    expect(encode(decode(repeated))).toBe(absent);
  });
});

describe("strings", () => {
  const lengths = [0, 1, 14, 15, 39, 40, 41, 126, 127, 2046, 2047, 70_000];

  test.each(lengths)("of %i bytes", (length) => {
    const text = "x".repeat(length);
    const chunk = chunk53({ source: `@${text}`, constants: [text] });
    expect(decode(chunk)).toMatchObject({ source: `@${text}`, constants: [text] });
    expect(encode(decode(chunk))).toBe(chunk);
  });

  test.each(["\0", "a\0b\xff"])("%j is kept", (text) => {
    expect(constantsOf([text])).toEqual([text]);
  });

  test("the tag of a string that is no constant does not matter", () => {
    const chunk = chunk53({ source: "@a" });
    for (const first of ["\x03", "\x33", "\x63", "\x73"]) {
      expect(decode(chunk.replace("\x53@a", `${first}@a`)).source).toBe("@a");
    }
    // A tag of 4 makes the length negative.
    const absent = chunk53({ source: null });
    expect(decode(absent.replace("\x50", "\x43")).source).toBe("=?");
  });

  test("a constant's tag goes by its length when it is written", () => {
    const swapped = chunk53({
      constants: [{ raw: "\x62a" }, { raw: `\xd0\x2a${"b".repeat(41)}` }],
    });
    expect(encode(decode(swapped))).toBe(chunk53({ constants: ["a", "b".repeat(41)] }));
  });
});

describe("floats", () => {
  const values = [0, -0, 0.5, -1.5, 16_777_217, 1e39, Infinity, -Infinity];

  test.each(TARGETS_53)("$name keeps its own", (target) => {
    const round = target.numbers.size === 4 ? Math.fround : (value: number) => value;
    const constants = values.map((value) => ({ float: value }));
    const floats = values.map((value) => new LuaFloat(round(value)));
    expect(constantsOf(constants, target)).toEqual(floats);
    const chunk = chunk53({ constants }, form53(target));
    expect(encode(decode(chunk, target), target)).toBe(chunk);
  });
});

describe("what is accepted and made regular", () => {
  test("nil and boolean constants with other bits", () => {
    const raws = ["\x0f", "\x80", "\x10", "\x11", "\x1f", "\x90"].map((raw) => ({ raw }));
    expect(constantsOf(raws)).toEqual([null, null, false, true, true, true]);
  });

  test("the count of upvalues in front is not looked at", () => {
    const text = chunk53({});
    const at = header53().length;
    const other = `${text.slice(0, at)}\x09${text.slice(at + 1)}`;
    expect(decode(other)).toEqual(decode(text));
    expect(encode(decode(other))).toBe(text);
  });

  test("bytes after the end", () => {
    expect(decode(`${chunk53({})}trailing`)).toEqual(decode(chunk53({})));
  });

  test("the tag of the sample float", () => {
    expect(decode(chunk53({}).replace(header53(), header53(undefined, { 16: 0x77 })))).toEqual(
      decode(chunk53({})),
    );
  });

  test("a prototype does not change when its bytes do", () => {
    const bytes = toBytes(chunk53({ lineInfo: [1, 0] }));
    const proto = decodeChunk53(bytes, { target: SMALL, chunkName: "@a" });
    bytes.fill(0xff);
    expect(proto).toEqual(decode(chunk53({ lineInfo: [1, 0] })));
  });
});

describe("names", () => {
  const named: FunctionShape53 = {
    upvalues: [
      ["_ENV", 1, 0],
      [null, 0, 3],
    ],
    locals: [
      ["a", 0, 1],
      [null, 1, 1],
    ],
  };

  test("are kept", () => {
    const proto = decode(chunk53(named));
    expect(proto.upvalueNames).toEqual(["_ENV", null]);
    expect(proto.upvalueSources).toEqual([
      { inStack: true, index: 0 },
      { inStack: false, index: 3 },
    ]);
    expect(proto.locals).toEqual([
      { name: "a", startPc: 0, endPc: 1 },
      { name: null, startPc: 1, endPc: 1 },
    ]);
    expect(encode(proto)).toBe(chunk53(named));
  });

  test("are left out of a stripped chunk, line info is not", () => {
    const shape = { ...named, lineInfo: [1, 0] };
    const stripped = chunk53({ ...shape, named: false, locals: [] });
    expect(encode(decode(chunk53(shape)), SMALL, true)).toBe(stripped);
    expect(decode(stripped).upvalueNames).toEqual([]);
  });

  test("that are all absent are none", () => {
    expect(decode(chunk53({})).upvalueNames).toEqual([]);
    expect(encode(decode(chunk53({})))).toBe(chunk53({}));
  });
});

describe("what cannot be written", () => {
  test.each([
    ["lineDefined", { lineDefined: -1 }],
    ["lastLineDefined", { lastLineDefined: 2 ** 31 }],
    ["a pc", { locals: [{ name: "a", startPc: 0, endPc: -5 }] }],
  ])("%s", (_, shape) => {
    expect(() => encode(makeProto53(shape))).toThrow(/^a count or line must be from 0 to/);
  });

  test.each(TARGETS_53)("integers that $name does not have", (target) => {
    const bits = target.numbers.integerSize * 8;
    const limit = 2n ** BigInt(bits - 1);
    const place = { lineDefined: 0, constant: 1 };
    const message = "value too big or small for target integer type";
    for (const value of [limit, -limit - 1n]) {
      const constant = bits === 32 ? Number(value) : value;
      expect(() => encode(makeProto53({ constants: [null, constant] }), target)).toThrow(
        new EncodeError("number", message, place),
      );
    }
    const least = bits === 32 ? Number(-limit) : -limit;
    expect(() => encode(makeProto53({ constants: [null, least] }), target)).not.toThrow();
  });

  test("a fraction that is no float", () => {
    expect(() => encode(makeProto53({ constants: [1.5] }))).toThrow(EncodeError);
    expect(() => encode(makeProto53({ constants: [1.5] }), LARGE)).toThrow(EncodeError);
  });

  test.each([
    [{ parameterCount: 256 }, "parameter count must be an integer from 0 to 255, not 256"],
    [{ varargFlags: -1 }, "vararg flags must be an integer from 0 to 255, not -1"],
    [{ maxStackSize: 1.5 }, "number of registers must be an integer from 0 to 255, not 1.5"],
    [
      { upvalueSources: [{ inStack: true, index: 256 }] },
      "index of an upvalue must be an integer from 0 to 255, not 256",
    ],
    [
      { upvalueSources: Array.from({ length: 256 }, () => ({ inStack: true, index: 0 })) },
      "upvalue count must be an integer from 0 to 255, not 256",
    ],
  ])("what does not fit its byte: %j", (shape, message) => {
    expect(() => encode(makeProto53(shape))).toThrow(new EncodeError("number", message));
  });

  test("text that is not bytes", () => {
    expect(() => encode(makeProto53({ constants: ["a\u0100"] }))).toThrow(
      new EncodeError("number", "a string has units above 255, which are not bytes"),
    );
  });
});

test.each([0, 1, 2, 255])("an upvalue's place of %i is written as it was read", (place) => {
  const chunk = chunk53({ source: "@m", upvalues: [[null, place, 7]] });
  const [source] = decode(chunk).upvalueSources;
  expect(source).toMatchObject({ inStack: place !== 0, index: 7 });
  expect(encode(decode(chunk))).toBe(chunk);
});

describe("any prototype", () => {
  const text = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => Buffer.from(bytes).toString("latin1"));
  const line = fc.nat(0x7fffffff);
  const byte = fc.nat(255);
  const local = fc.record({ name: fc.option(text), startPc: line, endPc: line });
  const upvalue = fc.record({ inStack: fc.boolean(), index: byte });

  function integers(target: Target): fc.Arbitrary<Constant> {
    const bits = target.numbers.integerSize * 8;
    return fc
      .bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n })
      .map((value) => target.numbers.fromInteger(value));
  }

  function floats(target: Target): fc.Arbitrary<Constant> {
    const value = target.numbers.size === 4 ? fc.float() : fc.double();
    return value.map((number) => new LuaFloat(number));
  }

  function protos(target: Target, depth: number): fc.Arbitrary<Proto> {
    const constant = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      integers(target),
      floats(target),
      text,
    );
    const nested =
      depth > 0 ? fc.array(protos(target, depth - 1), { maxLength: 3 }) : fc.constant([]);
    return fc
      .record({
        source: text,
        lineDefined: line,
        lastLineDefined: line,
        parameterCount: byte,
        varargFlags: byte,
        maxStackSize: byte,
        code: fc.array(fc.integer(), { maxLength: 9 }),
        constants: fc.array(constant, { maxLength: 5 }),
        protos: nested,
        lineInfo: fc.array(byte, { maxLength: 9 }),
        locals: fc.array(local, { maxLength: 3 }),
        upvalueSources: fc.array(upvalue, { maxLength: 3 }),
      })
      .chain((shape) => {
        const count = shape.upvalueSources.length;
        const names = fc.array(fc.option(text), { minLength: count, maxLength: count });
        return names.map((upvalueNames) => {
          const someNamed = upvalueNames.some((name) => name !== null);
          return makeProto53({ ...shape, upvalueNames: someNamed ? upvalueNames : [] });
        });
      });
  }

  test.each(TARGETS_53)("comes back as it was written for $name", (target) => {
    const options = { target, chunkName: "@a.lc", trust: true };
    fc.assert(
      fc.property(protos(target, 2), (proto) => {
        const bytes = encodeChunk53(proto, { target, strip: false });
        const again = decodeChunk53(bytes, options);
        expect(again).toEqual(proto);
        expect(encodeChunk53(again, { target, strip: false })).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  test("RETURN is the word it is thought to be", () => {
    expect(RETURN_53 & 0x3f).toBe(38);
  });
});

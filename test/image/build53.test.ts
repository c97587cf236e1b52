/** Building images of Lua 5.3: the specification's example (lua53.md Appendix C), order, limits. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Proto } from "../../src/bytecode/proto.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import {
  absoluteImage53,
  buildImage53,
  derivedSeed53,
  flashSize53,
  moduleSizes53,
  partSizes53,
} from "../../src/image/build53.ts";
import { compactImage53 } from "../../src/image/compact53.ts";
import { ImageSizeError } from "../../src/image/errors.ts";
import {
  FIXED_STRINGS,
  SHIFTED_STRINGS,
  STORED_FIXED_STRINGS,
} from "../../src/image/fixed-strings53.ts";
import { bucketCount53, factsOf53 } from "../../src/image/layout53.ts";
import { newStrings53 } from "../../src/image/strings53.ts";
import { LUA53 } from "../../src/target/dialect.ts";
import type { Target } from "../../src/target/target.ts";
import { TARGETS } from "../../src/target/targets.ts";
import { makeProto53, type ProtoShape53, TARGETS_53, target53 } from "../support/targets53.ts";

const SEED = 12_345;
const TIME = 1_700_000_000;
const ADDRESS = 0x40210000;
const SMALL = target53("esp32-lua53");
const LARGE = target53("esp32-lua53-64");

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** return t.x, "zzz…z" */
const EXAMPLE = makeProto53({
  source: "@m.lua",
  code: [0x00400006, 0x00404007, 0x00008041, 0x01800026, 0x00800026],
  constants: ["t", "x", "z".repeat(41)],
  lineInfo: [5, 0],
});

function imageOf(protos: readonly Proto[], target: Target, seed = SEED, time: number = TIME) {
  const main = combineLookup53(protos, target.numbers.fromInteger(BigInt(time)));
  return buildImage53(main, { target, seed });
}

function words(bytes: Uint8Array, offset: number, count: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * 4);
  return Array.from({ length: count }, (_, i) => view.getUint32(i * 4, true).toString(16)).join(
    " ",
  );
}

describe("the example", () => {
  test("compact, byte for byte", () => {
    const z = "7a".repeat(41);
    expect(hex(compactImage53(imageOf([EXAMPLE], SMALL)))).toBe(
      `1b4c7561530b19930d0a1a0a04040404 200040b943 b0e039 197373 29 4c 01 06
       5e3d286c7561632e63726f737329 526d 57406d2e6c7561 5274 5278 e02a ${z}
       197072 01 53 00 00 00 01 02 00 05 06004000 07404000 41800000 26008001 26008000
       03 54 55 66 01 01 50 00 00 02 0500 00 02 52 b6aacfe200`.replaceAll(/\s/g, ""),
    );
  });

  test("absolute, as the reference lays it out", () => {
    const hashes = [SMALL, LARGE].map((target) =>
      sha256(absoluteImage53(imageOf([EXAMPLE], target), ADDRESS)),
    );
    expect(hashes).toEqual([
      "43ed79648438394b5f6d2d041d7815c7b05db44c36513f3357418799172ca320",
      "7c965c6e12abb5bcfa853d47511b45b4fa44f659cd91418ded7ba0745d4153f5",
    ]);
  });

  test("absolute, its first string, a keyword, and its function", () => {
    const bytes = absoluteImage53(imageOf([EXAMPLE], SMALL), ADDRESS);
    expect(words(bytes, 0x30, 4)).toBe("40210000 d006004 96a92eb0 0");
    expect(words(bytes, 0xe0, 4)).toBe("40210090 3016004 186fe80f 0");
    expect(words(bytes, 0x9bc, 19)).toBe(
      "40210000 1002109 2 1 3 5 2 0 0 0 0 40210998 40210984 40210984 402109b8 402109bc 402109b0 " +
        "40210064 0",
    );
  });
});

describe("order of strings", () => {
  const strings = (...shapes: ProtoShape53[]) => {
    const protos = shapes.map(makeProto53);
    return newStrings53(combineLookup53(protos, 0)).slice(1);
  };

  test("names of modules, then function by function", () => {
    const inner = makeProto53({ source: "@i", constants: ["inner"] });
    const shape = {
      source: "@dir/one.lua",
      constants: ["c1", 5, "c2"],
      upvalueNames: ["up"],
      locals: [{ name: "loc", startPc: 0, endPc: 1 }],
      protos: [inner],
    };
    expect(strings(shape, { source: "@two.lua", constants: ["c2", "c3"] })).toEqual(
      "one two @dir/one.lua c1 c2 up loc @i inner @two.lua c3".split(" "),
    );
  });

  test("without those that each image has", () => {
    expect(strings({ source: "@end.lua", constants: ["thread", "and", "__index"] })).toEqual([
      "@end.lua",
    ]);
  });

  test("the wrapper's source comes first", () => {
    expect(newStrings53(combineLookup53([EXAMPLE], 0))[0]).toBe("=(luac.cross)");
  });
});

test("an image without one of its strings is not written", () => {
  const image = imageOf([EXAMPLE], SMALL);
  const lacking = { ...image, strings: image.strings.slice(0, -1) };
  expect(() => compactImage53(lacking)).toThrow("the image lacks one of its strings");
});

describe("strings that each image has", () => {
  test("are numbered without, and stored with, a second userdata", () => {
    expect(FIXED_STRINGS.length).toBe(71);
    expect(STORED_FIXED_STRINGS.length).toBe(72);
    expect(STORED_FIXED_STRINGS.filter((text) => text === "userdata").length).toBe(2);
    expect(new Set(FIXED_STRINGS)).toEqual(new Set(STORED_FIXED_STRINGS));
    expect(FIXED_STRINGS[69]).toBe("thread");
    expect([...SHIFTED_STRINGS]).toEqual([
      ["thread", "userdata"],
      ["proto", "thread"],
    ]);
  });
});

describe("seed and time", () => {
  const start = (target: Target, seed: number) =>
    hex(compactImage53(imageOf([EXAMPLE], target, seed))).slice(
      2 * (17 + target.numbers.size),
      2 * (23 + target.numbers.size),
    );

  test("a seed above 2^31 is negative where integers have 32 bits", () => {
    expect(start(SMALL, 0xffffffff)).toBe("40197373294c");
    expect(start(SMALL, 0x80000000)).toBe("c7ffffff7f19");
    expect(start(LARGE, 0xffffffff)).toBe("bfffffff7f19");
  });

  test("a time above 2^31 wraps around there", () => {
    const end = (target: Target) =>
      hex(compactImage53(imageOf([EXAMPLE], target, 0, 0x80000001))).slice(-10);
    expect(end(SMALL)).toBe("c7ffffff7e");
    expect(end(LARGE)).toBe("b880808001");
  });

  test("a derived seed depends on the content and on nothing else", () => {
    const main = (constant: number, time: number) =>
      combineLookup53([makeProto53({ constants: [constant] })], time);
    const seed = derivedSeed53(main(1, 2), { target: SMALL });
    expect(seed).toBe(derivedSeed53(main(1, 2), { target: SMALL }));
    const others = [
      derivedSeed53(main(2, 2), { target: SMALL }),
      derivedSeed53(main(1, 3), { target: SMALL }),
      derivedSeed53(main(1, 2), { target: SMALL, strip: true }),
      derivedSeed53(main(1, 2), { target: LARGE }),
    ];
    expect(new Set([seed, ...others]).size).toBe(5);
    expect(seed).toBe(seed >>> 0);
  });
});

describe("limits", () => {
  const big = makeProto53({ source: "@big.lua", constants: ["x".repeat(5000)] });
  const small = makeProto53({ source: "@small.lua" });
  const main = combineLookup53([small, big], TIME);
  const size = flashSize53(buildImage53(main, { target: SMALL, seed: SEED }));

  test("an image of just the size allowed is built", () => {
    const image = buildImage53(main, { target: SMALL, seed: SEED, limit: size });
    expect(absoluteImage53(image, ADDRESS).length).toBe(size);
  });

  test("a larger one is refused, and the largest modules are named", () => {
    const error = sizeError(() => buildImage53(main, { target: SMALL, seed: SEED, limit: 4096 }));
    expect(error).toMatchObject({ code: "limit", size, limit: 4096, excess: size - 4096 });
    expect(error.message).toBe("The image is too large for the specified LFS size");
    expect(error.modules.map(({ name }) => name)).toEqual(["big", "small"]);
  });

  test("without a limit there is none", () => {
    const huge = makeProto53({ constants: ["x".repeat(1_000_000)] });
    expect(absoluteImage53(imageOf([huge], SMALL), ADDRESS).length).toBeGreaterThan(1_000_000);
  });

  test("leaving out a module saves the size it is said to have", () => {
    const [biggest] = moduleSizes53(buildImage53(main, { target: SMALL, seed: SEED }));
    const rest = flashSize53(imageOf([small], SMALL));
    // Its name and its entry in the table of modules go as well.
    expect(size - biggest.size - rest).toBe(20 + 12);
  });
});

describe("layout", () => {
  test.each(TARGETS_53)("parts make up the size for $name", (target) => {
    const image = imageOf([EXAMPLE, makeProto53({ constants: [null, 1, true] })], target);
    const sum = Object.values(partSizes53(image)).reduce((a, b) => a + b, 0);
    expect(absoluteImage53(image, ADDRESS).length).toBe(sum);
  });

  test("names count only where they are written", () => {
    const locals = [{ name: "a", startPc: 0, endPc: 1 }];
    const main = combineLookup53([makeProto53({ locals })], 0);
    const build = (strip: boolean) => buildImage53(main, { target: SMALL, seed: 0, strip });
    expect(flashSize53(build(false)) - flashSize53(build(true))).toBe(12);
    expect(absoluteImage53(build(true), 0).length).toBe(flashSize53(build(true)));
  });

  test("buckets are the least power of two that is not below the strings", () => {
    expect([1, 2, 3, 4, 5, 128, 129].map(bucketCount53)).toEqual([1, 2, 4, 4, 8, 128, 256]);
  });

  test("both generations lay out alike, and sign differently", () => {
    for (const suffix of ["", "-64"]) {
      const [older, newer] = ["esp8266-lua53", "esp32-lua53"].map((name) => {
        const image = imageOf([EXAMPLE], target53(name + suffix));
        return { compact: compactImage53(image), flash: absoluteImage53(image, ADDRESS) };
      });
      expect(older.compact).toEqual(newer.compact);
      expect(older.flash.subarray(4)).toEqual(newer.flash.subarray(4));
    }
    const signatures = TARGETS_53.map(({ image }) => factsOf53(image).signature - 0xfafaa250);
    expect(signatures).toEqual([0, 0, 0, 3, 1, 2]);
  });

  test("an address that wraps around", () => {
    const bytes = absoluteImage53(imageOf([EXAMPLE], SMALL), 0xfffffff0);
    expect(words(bytes, 0xe0, 1)).toBe("80");
  });

  test("targets of another Lua have another format", () => {
    const others = TARGETS.filter(({ dialect }) => dialect !== LUA53);
    expect(others.length).toBeGreaterThan(0);
    for (const { image } of others) expect(() => factsOf53(image)).toThrow("another format");
  });
});

function sizeError(run: () => unknown): ImageSizeError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImageSizeError) return error;
    throw error;
  }
  return expect.fail("it was built");
}

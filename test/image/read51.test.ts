/** Reading images: round trips, what they were built for, and whatever is damaged. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Proto } from "../../src/bytecode/proto.ts";
import {
  absoluteImage51,
  buildImage51,
  compactImage51,
  compactPayload51,
} from "../../src/image/build51.ts";
import { compressReference } from "../../src/image/compress.ts";
import { ImageError } from "../../src/image/errors.ts";
import { readImage51 } from "../../src/image/read51.ts";
import { findTarget } from "../../src/target/targets.ts";
import { Random } from "../fuzz/random.ts";
import { makeProto } from "../support/make-proto.ts";
import { collidingStrings, debugChunk, program, stringModule } from "./inputs.ts";
import { combine, IMAGE_TARGETS, type Inputs, imageOf } from "./subject.ts";

const TIME = 1_700_000_000;
const ADDRESS = 0x40296000;
const FLOAT = findTarget("esp8266-lua51-float");
const SMALL = { "a.lua": "local n = ...\nreturn function() return n, 'x', 1.5, nil, true end" };

function errorOf(run: () => unknown): ImageError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  return expect.fail("it was accepted");
}

/** An absolute image with words replaced. */
function withWords(file: Uint8Array, words: Readonly<Record<number, number>>): Uint8Array {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  for (const [at, word] of Object.entries(words)) view.setUint32(Number(at), word, true);
  return changed;
}

describe("round trips", () => {
  const random = new Random("read");
  const cases: [string, (target: (typeof IMAGE_TARGETS)[number]) => Inputs][] = [
    ["a small module", () => ({ "a.lua": "print(1)" })],
    ["programs", () => ({ "a.lua": program(random, 60), "b.lua": program(random, 9) })],
    ["colliding strings", () => ({ "c.lua": stringModule(collidingStrings(random, 50, 5)) })],
    ["debug names", (target) => ({ "d.lc": debugChunk(random, target, 6), "e.lua": "" })],
  ];
  for (const [name, make] of cases) {
    test.each(IMAGE_TARGETS.map((target) => [target.name, target] as const))(
      `${name}: %s`,
      (_, target) => {
        const main = combine(make(target), target, TIME);
        const image = buildImage51(main, { target });
        const compact = compactImage51(image);
        const absolute = absoluteImage51(image, ADDRESS);
        const fromCompact = readImage51(compact, { allowBadCode: true });
        const fromAbsolute = readImage51(absolute, { allowBadCode: true });
        for (const read of [fromCompact, fromAbsolute]) {
          expect(read.main).toEqual(untilFirstZero(main));
          expect(read.time).toBe(TIME);
          expect(read.image).toEqual(image);
          expect(read.targets).toContain(target);
          expect(read.parts.unused).toBe(0);
        }
        expect(absoluteImage51(fromCompact.image, ADDRESS)).toEqual(absolute);
        expect(compactImage51(fromAbsolute.image)).toEqual(compact);
      },
    );
  }

  test("absent names stay absent", () => {
    const main = makeProto({
      upvalueCount: 2,
      upvalueNames: [null, "b"],
      locals: [{ name: null, startPc: 0, endPc: 1 }],
    });
    const image = buildImage51(main, { target: FLOAT });
    expect(readImage51(compactImage51(image)).main).toEqual(main);
  });
});

/** Line info in an image ends with its first 0. */
function untilFirstZero(proto: Proto): Proto {
  const end = proto.lineInfo.indexOf(0);
  const lineInfo = proto.lineInfo.slice(0, end + 1);
  return { ...proto, lineInfo, protos: proto.protos.map(untilFirstZero) };
}

describe("what an image tells", () => {
  const image = imageOf({ "src/x.lua": "return 1", "y.lua": "return 'y'" }, FLOAT, TIME);

  test("header, modules, strings and parts of a compact image", () => {
    const read = readImage51(compactImage51(image));
    expect(read).toMatchObject({ kind: "compact", base: 0, time: TIME, extraBytes: 0 });
    expect(read.header).toMatchObject({ signature: 0xfafaa154, buckets: 32, bucketCount: 8 });
    expect(read.header.size).toBe(image.body.length);
    expect(read.header.main).toBe(image.body.length - 72);
    expect(read.modules.map(({ name }) => name)).toEqual(["x", "y"]);
    expect(read.modules[1].proto.source).toBe("@y.lua");
    const texts = ["=(luac)", "@src/x.lua", "@y.lua", "x", "y"];
    expect(read.strings.map(({ text }) => text)).toEqual(expect.arrayContaining(texts));
    const total = Object.values(read.parts).reduce((sum, size) => sum + size, 0);
    expect(total).toBe(image.body.length);
    expect(read.parts).toMatchObject({ header: 32, buckets: 32, functions: 3 * 72, locals: 0 });
  });

  test.each([0x40210000, 0x40310000, 0x3f400000, 0x40210001, 0xfffffe00])(
    "the base of an absolute image: %i",
    (address) => {
      const read = readImage51(absoluteImage51(image, address));
      expect(read).toMatchObject({ kind: "absolute", base: address });
      expect(read.image).toEqual(image);
    },
  );

  test("an image as it lies in flash, with other things behind it", () => {
    const absolute = absoluteImage51(image, ADDRESS);
    const flash = new Uint8Array(8192).fill(0xff);
    flash.set(absolute);
    flash[0] &= 0xfe;
    const read = readImage51(flash);
    expect(read.image).toEqual(image);
    expect(read.extraBytes).toBe(8192 - absolute.length);
  });

  test("a copy that the device refuses is mentioned", () => {
    const signature = imageOf({ "a.lua": 'return "\\084\\161\\250"' }, FLOAT, TIME);
    expect(readImage51(compactImage51(signature)).refusedCopy).toBeDefined();
    expect(readImage51(compactImage51(image)).refusedCopy).toBeUndefined();
  });

  test("a main function that is no combination has no modules and no time", () => {
    const read = readImage51(compactImage51(buildImage51(makeProto(), { target: FLOAT })));
    expect(read).toMatchObject({ modules: [], time: undefined });
  });
});

describe("what it was built for", () => {
  const targetsOf = (inputs: Inputs, name: string) => {
    const image = imageOf(inputs, findTarget(name), TIME);
    return readImage51(compactImage51(image)).targets.map((target) => target.name);
  };

  test("signature and tags tell generations and numbers apart", () => {
    const of = (name: string) => targetsOf(SMALL_INTEGER, name);
    expect(of("esp8266-2.2-float")).toEqual(["esp8266-2.2-float"]);
    expect(of("esp8266-2.2-int")).toEqual(["esp8266-2.2-int"]);
    expect(of("esp8266-2.2-packed")).toEqual(["esp8266-2.2-packed"]);
    expect(of("esp8266-lua51-aligned")).toEqual(["esp8266-lua51-aligned"]);
    expect(of("esp8266-lua51-float")).toEqual(["esp8266-lua51-float", "esp32-lua51-float"]);
    expect(of("esp8266-lua51-int")).toEqual(["esp8266-lua51-int", "esp32-lua51-int"]);
  });

  test("the size of the string table may tell the ESP32 from the ESP8266", () => {
    const strings = Array.from({ length: 100 }, (_, i) => `s${i}`);
    const inputs = { "s.lua": stringModule(strings) };
    expect(targetsOf(inputs, "esp8266-lua51-float")).toEqual(["esp8266-lua51-float"]);
    expect(targetsOf(inputs, "esp32-lua51-float")).toEqual(["esp32-lua51-float"]);
  });
});

const SMALL_INTEGER = { "a.lua": "return 1" };

describe("damage", () => {
  const image = imageOf(SMALL, FLOAT, TIME);
  const compact = compactImage51(image);
  const absolute = absoluteImage51(image, ADDRESS);
  const main = image.body.length - 72;

  test.each<[string, Record<number, number>, RegExp]>([
    ["no signature", { 0: 0x12345678 }, /signature at offset 0: 12345678 is not/],
    ["another version", { 0: 0xfafaa255 }, /signature/],
    ["both kinds of numbers", { 0: 0xfafaa157 }, /signature/],
    ["half written", { 0: 0xfafaa15d }, /not written to its end/],
    ["an odd size", { 4: image.body.length - 1 }, /image size/],
    ["a size of all ones", { 4: 0xffffffff }, /image size/],
    ["no size", { 4: 0 }, /image size/],
    ["no main function", { 8: 0 }, /main function at offset 8: there is none/],
    ["a main function elsewhere", { 8: ADDRESS - 4 }, /refers to what is not in the image/],
    ["no string table", { 12: 0 }, /not in the image|there is none/],
    ["fewer strings", { 16: 3 }, /strings instead of 3/],
    ["buckets that are no power of two", { 20: 7 }, /7 buckets/],
    ["no buckets", { 20: 0 }, /0 buckets/],
    ["buckets without end", { 20: 0x80000000 }, /longer than the image/],
    ["constants without end", { [main + 40]: 0x7fffffff }, /constants at offset/],
    ["code without end", { [main + 44]: 0x7fffffff }, /code at offset/],
    ["functions without end", { [main + 48]: 0xffffffff }, /nested functions at offset/],
    ["locals out of nothing", { [main + 52]: 1 }, /locals at offset .* missing/],
    ["no source", { [main + 32]: 0 }, /source .* missing/],
    ["line info that is no string", { [main + 20]: ADDRESS + 36 }, /line info .* no string/],
  ])("%s", (_, words, message) => {
    const error = errorOf(() => readImage51(withWords(absolute, words)));
    expect(error.message).toMatch(message);
    expect(error.offset).toBeLessThanOrEqual(absolute.length);
    expect(error.field).not.toBe("");
  });

  test("a function within itself", () => {
    const children = new DataView(absolute.buffer).getUint32(main + 16, true) - ADDRESS;
    const error = errorOf(() => readImage51(withWords(absolute, { [children]: ADDRESS + main })));
    expect(error.message).toMatch(/shares words/);
  });

  test("a bitmap that marks too much or too little", () => {
    for (const [word, message] of [
      [2, /bitmap of refs at offset 8: this ref is not marked/],
      [1, /bitmap of refs at offset 4: this word is no ref/],
    ] as const) {
      const payload = compactPayload51(image);
      payload[image.body.length] ^= 1 << word;
      expect(errorOf(() => readImage51(compressReference(payload))).message).toMatch(message);
    }
  });

  test("code that the code checker refuses, unless that is wanted", () => {
    const code = new DataView(absolute.buffer).getUint32(main + 12, true) - ADDRESS;
    const damaged = withWords(absolute, { [code]: 0x3f });
    const error = errorOf(() => readImage51(damaged));
    expect(error).toMatchObject({ code: "chunk-code", offset: code });
    expect(readImage51(damaged, { allowBadCode: true }).badCode?.offset).toBe(code);
  });

  test("an image of nothing but a header", () => {
    expect(errorOf(() => readImage51(absolute.slice(0, 20))).code).toBe("chunk-truncated");
    expect(errorOf(() => readImage51(new Uint8Array())).code).toBe("chunk-truncated");
  });

  test("bombs", () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000)));
    expect(errorOf(() => readImage51(bomb)).message).toMatch(/over the limit/);
  });

  test("every byte changed, every truncation: an error or an image", () => {
    for (const file of [compact, absolute, compactPayload51(image)]) {
      for (let at = 0; at < file.length; at++) {
        for (const change of [0x01, 0x10, 0x80, 0xff]) {
          const damaged = file.slice();
          damaged[at] ^= change;
          readOrRefuse(damaged);
        }
        expect(errorOf(() => readImage51(file.slice(0, at)))).toBeInstanceOf(ImageError);
      }
    }
  });

  test("every byte of what is packed changed: an error or an image", () => {
    const payload = compactPayload51(image);
    let accepted = 0;
    for (let at = 0; at < payload.length; at++) {
      for (const change of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = payload.slice();
        damaged[at] ^= change;
        accepted += readOrRefuse(new Uint8Array(gzipSync(damaged, { level: 0 })));
      }
    }
    // Numbers, lines and the like may be anything.
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(payload.length * 2);
  });
});

/** @returns 1 if it was accepted */
function readOrRefuse(file: Uint8Array): number {
  try {
    readImage51(file);
    return 1;
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
    return 0;
  }
}

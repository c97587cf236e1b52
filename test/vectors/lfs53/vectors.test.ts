/**
 * Every image of Lua 5.3 that was recorded, byte for byte (lua53.md §4, §5): built anew from its
 * modules, read back, and as it lies in flash.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../../src/base/lua-string.ts";
import type { Constant } from "../../../src/base/number-model.ts";
import type { Proto } from "../../../src/bytecode/proto.ts";
import { compileSource } from "../../../src/compiler/compile.ts";
import { decodeChunk53, encodeChunk53 } from "../../../src/formats/lc53.ts";
import { absoluteImage53, flashSize53 } from "../../../src/image/build53.ts";
import { compactImage53, type Image53 } from "../../../src/image/compact53.ts";
import { readImage53 } from "../../../src/image/read53.ts";
import type { Target } from "../../../src/target/target.ts";
import { imageOf53 } from "../../image/subject53.ts";
import { form53, TARGETS_53, target53 } from "../../support/targets53.ts";
import { describeImage } from "../lfs51/answers.ts";
import type { AnswerFile53, ImageAnswer53 } from "./answers.ts";
import { IMAGE_VECTORS_53, type ImageVector53, RECORDED_ADDRESS } from "./cases.ts";

const ANSWERS: AnswerFile53 = JSON.parse(
  readFileSync(new URL("answers.json", import.meta.url), "utf8"),
);

const READ = { allowBadCode: true };

test("there is an answer for every case and target", () => {
  expect(Object.keys(ANSWERS.images)).toEqual(IMAGE_VECTORS_53.map(({ name }) => name));
  for (const targets of Object.values(ANSWERS.images)) {
    expect(Object.keys(targets)).toEqual(TARGETS_53.map(({ name }) => name));
  }
});

describe("images", () => {
  for (const vector of IMAGE_VECTORS_53) {
    const answers = Object.entries(ANSWERS.images[vector.name]);

    test(`${vector.name}: built`, () => {
      const built = answers.map(([name, { seed, time }]) => {
        return [name, describe53(imageOf(vector, target53(name), { seed, time }))];
      });
      expect(Object.fromEntries(built)).toEqual(Object.fromEntries(answers.map(compactOf)));
    });

    test(`${vector.name}: in flash`, () => {
      for (const [name, { seed, time, absolute, undefinedBytes }] of answers) {
        if (absolute === undefined) continue;
        const image = imageOf(vector, target53(name), { seed, time });
        let undefinedHere = 0;
        const bytes = absoluteImage53(image, RECORDED_ADDRESS, (_, length) => {
          undefinedHere += length;
        });
        expect(describeImage(bytes)).toBe(absolute);
        expect(undefinedHere).toBe(undefinedBytes);
        expect(undefinedHere).toBe(undefinedBytesOf(image));
        expect(bytes.length).toBe(flashSize53(image));
      }
    });

    test(`${vector.name}: read back`, () => {
      for (const [name, { seed, time }] of answers) {
        const image = imageOf(vector, target53(name), { seed, time });
        const file = compactImage53(image);
        const compact = readImage53(file, READ);
        const wanted = vector.strip ? withoutNames(image) : image;
        expect(compact.image).toEqual({ ...wanted, target: compact.targets[0] });
        expect(compact).toMatchObject({ kind: "compact", time, base: 0, extraBytes: 0 });
        expect(compactImage53(compact.image)).toEqual(file);
        const flash = absoluteImage53(image, RECORDED_ADDRESS);
        const absolute = readImage53(flash, READ);
        expect(absolute).toMatchObject({ kind: "absolute", time, base: RECORDED_ADDRESS });
        // In flash nothing tells whether names were left out or never there.
        expect({ ...absolute.image, strip: vector.strip }).toEqual({
          ...wanted,
          target: absolute.targets[0],
        });
      }
    });
  }
});

describe("chunks", () => {
  test("of sources are compiled to what the reference compiles them to", () => {
    for (const vector of IMAGE_VECTORS_53) {
      for (const target of TARGETS_53) {
        const compiled = Object.entries(vector.sources).map(([path, text]) => {
          const proto = compileSource(toBytes(text), { chunkName: `@${path}`, target });
          return [path, encodeChunk53(proto, { target, strip: false })];
        });
        expect(Object.fromEntries(compiled)).toEqual(chunksOf(vector, target));
      }
    }
  });

  test.each(IMAGE_VECTORS_53.filter(({ sources }) => Object.keys(sources).length > 0))(
    "$name: written as they were read",
    (vector) => {
      for (const target of TARGETS_53) {
        for (const chunk of Object.values(chunksOf(vector, target))) {
          const proto = decodeChunk53(chunk, { target, chunkName: "@a" });
          expect(encodeChunk53(proto, { target, strip: false })).toEqual(chunk);
        }
      }
    },
  );
});

function chunksOf({ name }: ImageVector53, target: Target): Record<string, Uint8Array> {
  const entries = Object.entries(ANSWERS.chunks[name][target.numbers.name]);
  return Object.fromEntries(
    entries.map(([path, text]) => [path, new Uint8Array(Buffer.from(text, "base64"))]),
  );
}

function imageOf(
  vector: ImageVector53,
  target: Target,
  choices: { readonly seed: number; readonly time: number },
): Image53 {
  const chunks = { ...chunksOf(vector, target), ...vector.chunks(form53(target)) };
  return imageOf53(chunks, target, { ...choices, strip: vector.strip });
}

function describe53(image: Image53): string {
  return describeImage(compactImage53(image));
}

function compactOf([name, { compact }]: [string, ImageAnswer53]): [string, string] {
  return [name, compact];
}

function withoutNames(image: Image53): Image53 {
  const bare = (proto: Proto): Proto => ({
    ...proto,
    upvalueNames: [],
    locals: [],
    protos: proto.protos.map(bare),
  });
  return { ...image, main: bare(image.main) };
}

/** Counted from what the specification says (lua53.md §5.5). */
function undefinedBytesOf({ main, target }: Image53): number {
  const { valueSize } = target.image;
  const { size, integerSize } = target.numbers;
  const ofConstant = (constant: Constant): number => {
    if (constant === null) return valueSize - 4;
    if (typeof constant === "boolean") return valueSize - 8;
    if (typeof constant === "string") return 0;
    return valueSize - 4 - (typeof constant === "object" ? size : integerSize);
  };
  const ofProto = (proto: Proto): number => {
    const parts = [...proto.constants.map(ofConstant), ...proto.protos.map(ofProto)];
    return 3 + 2 * proto.upvalueCount + parts.reduce((sum, part) => sum + part, 0);
  };
  const modules = main.protos.map((proto) => {
    return ofProto(proto) + (proto.source === main.source ? 4 : 0);
  });
  return modules.reduce((sum, part) => sum + part, 0);
}

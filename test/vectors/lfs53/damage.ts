/**
 * Damaged `.lc` files and compact images of Lua 5.3: which ones there are. What the reference says of
 * each is in `damaged.answers.json`, recorded by `record-damage.ts`, compared by `damaged.test.ts`.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { toBytes } from "../../../src/base/lua-string.ts";
import { compactImage53 } from "../../../src/image/compact53.ts";
import type { Target } from "../../../src/target/target.ts";
import { Random } from "../../fuzz/random.ts";
import { damage } from "../../image/damage53.ts";
import { imageOf53 } from "../../image/subject53.ts";
import { form53, TARGETS_53 } from "../../support/targets53.ts";
import type { AnswerFile53 } from "./answers.ts";
import { IMAGE_VECTORS_53, type ImageVector53 } from "./cases.ts";

export const DAMAGED_COUNT = 2000;
export const DAMAGED_ADDRESS = 0x40210000;

/** The images and chunks of these are damaged. */
const CASES = ["two modules", "constants of all types", "names in a chunk", "sources and chunks"];

export interface DamagedFile {
  readonly target: Target;
  readonly bytes: Uint8Array;
}

/**
 * What the reference says: `ok`, for images with the start of the hash of what it puts in flash; its
 * message; or `crash`.
 */
export interface DamageAnswers {
  /** All that were said. */
  readonly verdicts: readonly string[];
  /** By number of a file: index of its verdict. */
  readonly chunks: readonly number[];
  readonly images: readonly number[];
}

/** A file with something wrong, the same one for ever for each number. */
export class DamagedFiles {
  private readonly chunks: readonly DamagedFile[];
  private readonly images: readonly DamagedFile[];

  constructor(answers: AnswerFile53) {
    const vectors = IMAGE_VECTORS_53.filter(({ name }) => CASES.includes(name));
    // Of targets with the same numbers one will do; the newer generation's can lay out images.
    const targets = TARGETS_53.slice(2);
    const pairs = targets.flatMap((target) => vectors.map((vector) => ({ target, vector })));
    this.chunks = pairs.flatMap(({ target, vector }) =>
      Object.values(chunksOf(answers, vector, target)).map((bytes) => ({ target, bytes })),
    );
    this.images = pairs.map(({ target, vector }) => {
      const chunks = chunksOf(answers, vector, target);
      const { seed, time } = answers.images[vector.name][target.name];
      const image = imageOf53(chunks, target, { seed, time });
      return { target, bytes: compactImage53(image) };
    });
  }

  chunk(number: number): DamagedFile {
    const { target, bytes } = damaged(this.chunks, `chunk ${number}`);
    // Without its first byte it would be a source.
    bytes[0] = 0x1b;
    return { target, bytes };
  }

  image(number: number): DamagedFile {
    return damaged(this.images, `image ${number}`);
  }
}

function damaged(files: readonly DamagedFile[], seed: string): DamagedFile {
  const random = new Random(seed);
  const { target, bytes } = random.pick(files);
  return { target, bytes: damage(bytes, random) };
}

function chunksOf(
  answers: AnswerFile53,
  vector: ImageVector53,
  target: Target,
): Record<string, Uint8Array> {
  const made = Object.entries(vector.chunks(form53(target)));
  const compiled = Object.entries(answers.chunks[vector.name][target.numbers.name]);
  return Object.fromEntries([
    ...compiled.map(([path, text]) => [path, new Uint8Array(Buffer.from(text, "base64"))] as const),
    ...made.map(([path, text]) => [path, toBytes(text)] as const),
  ]);
}

export function readAnswers(): AnswerFile53 {
  return JSON.parse(readFileSync(new URL("answers.json", import.meta.url), "utf8"));
}

/** The verdict for an image that was loaded. */
export function loadedVerdict(flash: Uint8Array): string {
  return `ok ${createHash("sha256").update(flash).digest("hex").slice(0, 8)}`;
}

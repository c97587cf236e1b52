/**
 * Damaged files of Lua 5.3: the reference's verdict and words, except where it trusts what cannot be
 * trusted; at once, and without setting memory aside for what is not there.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ChunkError, LuacrossError } from "../../../src/base/errors.ts";
import { decodeChunk53, encodeChunk53 } from "../../../src/formats/lc53.ts";
import { ImageError } from "../../../src/image/errors.ts";
import { loadImage53 } from "../../../src/image/load53.ts";
import { readImage53 } from "../../../src/image/read53.ts";
import { ImageBuffer } from "../../../src/image/word-sink.ts";
import {
  DAMAGED_ADDRESS,
  DAMAGED_COUNT,
  type DamageAnswers,
  type DamagedFile,
  DamagedFiles,
  loadedVerdict,
  readAnswers,
} from "./damage.ts";

const { verdicts, chunks, images }: DamageAnswers = JSON.parse(
  readFileSync(new URL("damaged.answers.json", import.meta.url), "utf8"),
);
const files = new DamagedFiles(readAnswers());
const numbers = Array.from({ length: DAMAGED_COUNT }, (_, number) => number);

test("there are verdicts of every kind", () => {
  for (const answers of [chunks, images]) {
    expect(answers.length).toBe(DAMAGED_COUNT);
    const said = answers.map((index) => verdicts[index]);
    expect(said.filter((verdict) => verdict.startsWith("ok")).length).toBeGreaterThan(500);
    expect(said.filter((verdict) => verdict.includes("truncated")).length).toBeGreaterThan(100);
    expect(new Set(said.filter((verdict) => verdict.includes("mismatch"))).size).toBe(7);
  }
});

/** The error, or undefined when all went well. */
function errorOf(run: () => unknown): LuacrossError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof LuacrossError) return error;
    throw error;
  }
}

describe("chunks", () => {
  const decode = ({ target, bytes }: DamagedFile, trust: boolean) =>
    decodeChunk53(bytes, { target, chunkName: "@d.lc", trust });

  test("the verdict is the reference's, unless a constant is none", () => {
    const counts = { same: 0, badConstant: 0, crash: 0 };
    for (const number of numbers) {
      const wanted = verdicts[chunks[number]];
      const error = errorOf(() => decode(files.chunk(number), true));
      if (wanted === "crash") counts.crash++;
      else if (error?.code === "chunk-constant") counts.badConstant++;
      else if ((error?.message ?? "ok") === wanted) counts.same++;
      else expect({ number, error: error?.message }).toEqual({ number, error: wanted });
    }
    expect(counts.same).toBeGreaterThan(0.98 * DAMAGED_COUNT);
  });

  test("what loads can be written again", () => {
    for (const number of numbers) {
      const file = files.chunk(number);
      if (errorOf(() => decode(file, true)) !== undefined) continue;
      const { target } = file;
      const written = encodeChunk53(decode(file, true), { target, strip: false });
      expect(decode({ target, bytes: written }, true)).toEqual(decode(file, true));
    }
  });

  test("checked code loads in no other cases", () => {
    for (const number of numbers) {
      const file = files.chunk(number);
      const trusted = errorOf(() => decode(file, true));
      const checked = errorOf(() => decode(file, false));
      if (trusted) expect(checked?.message).toBe(trusted.message);
      else if (checked) expect(checked.code).toBe("chunk-code");
    }
  });
});

describe("images", () => {
  function verdictOf({ target, bytes }: DamagedFile): string | ImageError {
    const sink = new ImageBuffer();
    const options = { target, address: DAMAGED_ADDRESS, chunkName: "=(null)" };
    const error = errorOf(() => loadImage53(bytes, sink, options));
    if (error instanceof ImageError) return error;
    return error ? error.message : loadedVerdict(sink.finish());
  }

  test("the loader's verdict and bytes are the reference's, unless it leaves its memory", () => {
    const counts = { same: 0, beyond: 0 };
    for (const number of numbers) {
      const wanted = verdicts[images[number]];
      const verdict = verdictOf(files.image(number));
      if (verdict instanceof ImageError) counts.beyond++;
      else if (verdict === wanted) counts.same++;
      else expect({ number, verdict }).toEqual({ number, verdict: wanted });
    }
    expect(counts.same).toBeGreaterThan(0.75 * DAMAGED_COUNT);
  });

  test("reading is not less strict than loading", () => {
    for (const number of numbers) {
      const file = files.image(number);
      const error = errorOf(() => readImage53(file.bytes, { allowBadCode: true }));
      const verdict = verdictOf(file);
      const isLoaded = typeof verdict === "string" && verdict.startsWith("ok");
      if (!isLoaded) expect(error).toBeInstanceOf(ImageError);
      expect(error).not.toBeInstanceOf(ChunkError);
    }
  });
});

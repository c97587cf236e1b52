/**
 * Every image that was recorded, byte for byte (lfs51.md §4–§7, §12): built anew from its sources,
 * and, where all of it is on record, read back.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LuacrossError } from "../../../src/base/errors.ts";
import type { Image51 } from "../../../src/image/body51.ts";
import { absoluteImage51, compactImage51 } from "../../../src/image/build51.ts";
import type { Target } from "../../../src/target/target.ts";
import { findTarget } from "../../../src/target/targets.ts";
import { imageOf } from "../../image/subject.ts";
import { type AnswerFile, describeImage, describeRefusal, type ImageAnswers } from "./answers.ts";
import { IMAGE_VECTORS, type ImageVector, RECORDED_ADDRESS, RECORDED_TIME } from "./cases.ts";
import { formOf } from "./form.ts";

const ANSWERS: AnswerFile = JSON.parse(
  readFileSync(new URL("answers.json", import.meta.url), "utf8"),
);

test("there is an answer for every case, and enough of them", () => {
  expect(Object.keys(ANSWERS)).toEqual(IMAGE_VECTORS.map(({ name }) => name));
  const builds = Object.values(ANSWERS).flatMap((targets) => Object.keys(targets));
  expect(builds.length * 2).toBeGreaterThan(800);
});

describe("images", () => {
  for (const vector of IMAGE_VECTORS) {
    test(vector.name, () => {
      const built = Object.keys(ANSWERS[vector.name]).map((name) => [
        name,
        buildBoth(vector, findTarget(name)),
      ]);
      expect(Object.fromEntries(built)).toEqual(ANSWERS[vector.name]);
    });
  }
});

function buildBoth(vector: ImageVector, target: Target): ImageAnswers {
  const image = attempt(vector, target);
  if (typeof image === "string") return { compact: image, absolute: image };
  return {
    compact: describeImage(compactImage51(image)),
    absolute: describeImage(absoluteImage51(image, RECORDED_ADDRESS)),
  };
}

/** As `luac.cross` builds it, which heeds `-s` for some targets only. */
function attempt(vector: ImageVector, target: Target): Image51 | string {
  const inputs = vector.inputs(formOf(target));
  const strip = vector.strip && target.image.facts51?.honoursStrip;
  try {
    return imageOf(inputs, target, RECORDED_TIME, { strip, limit: vector.limit });
  } catch (error) {
    if (error instanceof LuacrossError) return describeRefusal(error.message);
    throw error;
  }
}

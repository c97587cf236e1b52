/**
 * Records what the reference answers:
 *
 *     LUACROSS_REFERENCE=FOLDER LUACROSS_CLOCK=LIBRARY node scripts/run.mjs test/vectors/lfs51/record-images.ts
 *
 * FOLDER holds one executable per target; LIBRARY is libfaketime, which stops their clock.
 */
import { writeFileSync } from "node:fs";
import type { Target } from "../../../src/target/target.ts";
import { ReferenceCase, timeOf } from "../../image/reference.ts";
import { IMAGE_TARGETS } from "../../image/subject.ts";
import { describeImage, describeRefusal, type ImageAnswers } from "./answers.ts";
import { IMAGE_VECTORS, type ImageVector, RECORDED_ADDRESS, RECORDED_TIME } from "./cases.ts";
import { formOf } from "./form.ts";

const OUTPUT = "test/vectors/lfs51/answers.json";

function main(): void {
  stopClock();
  const answers: Record<string, Record<string, ImageAnswers>> = {};
  for (const vector of IMAGE_VECTORS) {
    const targets = IMAGE_TARGETS.filter(
      ({ wire }) => vector.runsOn22 !== false || wire.stringTag === 4,
    );
    const entries = targets.map((target) => [target.name, answersOf(vector, target)] as const);
    answers[vector.name] = Object.fromEntries(entries);
  }
  writeFileSync(OUTPUT, `${JSON.stringify(answers, null, 1)}\n`);
}

/** Set for the executables that are started, not for this program. */
function stopClock(): void {
  const { LUACROSS_CLOCK } = process.env;
  if (LUACROSS_CLOCK === undefined) throw new Error("LUACROSS_CLOCK does not name a library");
  const time = new Date(RECORDED_TIME * 1000).toISOString().slice(0, 19).replace("T", " ");
  Object.assign(process.env, { LD_PRELOAD: LUACROSS_CLOCK, FAKETIME: `@${time}`, TZ: "UTC" });
}

function answersOf(vector: ImageVector, target: Target): ImageAnswers {
  const reference = new ReferenceCase(vector.inputs(formOf(target)));
  const options = vector.strip ? ["-s"] : [];
  if (vector.limit !== undefined) options.push("-m", String(vector.limit));
  try {
    return {
      compact: ask(reference, target, [...options, "-f"]),
      absolute: ask(reference, target, [...options, "-a", String(RECORDED_ADDRESS)]),
    };
  } finally {
    reference.remove();
  }
}

function ask(reference: ReferenceCase, target: Target, options: readonly string[]): string {
  const { status, message, file } = reference.build(target.name, options);
  if (typeof status === "string") throw new Error(`${target.name}: ${status}`);
  if (status !== 0) return describeRefusal(message);
  if (timeOf(file) !== RECORDED_TIME) throw new Error("the reference's clock does not stand still");
  return describeImage(file);
}

main();

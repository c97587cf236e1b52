/**
 * Records what the reference says of damaged files:
 *
 *     LUACROSS_REFERENCE=FOLDER node scripts/run.mjs test/vectors/lfs53/record-damage.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { LuacrossError } from "../../../src/base/errors.ts";
import { loadImage53 } from "../../../src/image/load53.ts";
import { ImageBuffer } from "../../../src/image/word-sink.ts";
import { type Answer53, ReferenceFolder53 } from "../../image/reference53.ts";
import type { AnswerFile53 } from "./answers.ts";
import {
  DAMAGED_ADDRESS,
  DAMAGED_COUNT,
  type DamagedFile,
  DamagedFiles,
  loadedVerdict,
} from "./damage.ts";

const FOLDER = "test/vectors/lfs53";

function main(): void {
  const answers: AnswerFile53 = JSON.parse(readFileSync(`${FOLDER}/answers.json`, "utf8"));
  const files = new DamagedFiles(answers);
  const folder = new ReferenceFolder53();
  const verdicts: string[] = [];
  const note = (verdict: string): number => {
    if (!verdicts.includes(verdict)) verdicts.push(verdict);
    return verdicts.indexOf(verdict);
  };
  const numbers = Array.from({ length: DAMAGED_COUNT }, (_, number) => number);
  const chunks = numbers.map((number) => note(askChunk(folder, files.chunk(number))));
  const images = numbers.map((number) => note(askImage(folder, files.image(number))));
  folder.remove();
  writeFileSync(
    `${FOLDER}/damaged.answers.json`,
    `${JSON.stringify({ verdicts, chunks, images })}\n`,
  );
}

function askChunk(folder: ReferenceFolder53, { target, bytes }: DamagedFile): string {
  folder.write("d.lc", bytes);
  return verdictOf(folder.run(target.name, [], ["d.lc"]), () => "ok");
}

function askImage(folder: ReferenceFolder53, file: DamagedFile): string {
  folder.write("d.img", file.bytes);
  const options = ["-F", "d.img", "-a", String(DAMAGED_ADDRESS)];
  return verdictOf(folder.run(file.target.name, options), (flash) => {
    maskUndefined(file, flash);
    return loadedVerdict(flash);
  });
}

function verdictOf(answer: Answer53, whenLoaded: (file: Uint8Array) => string): string {
  const { status, message, file } = answer;
  if (typeof status === "string") return "crash";
  return status === 0 ? whenLoaded(file) : message;
}

/** Puts zeros in the places that are not defined, as far as the image is loaded here. */
function maskUndefined({ target, bytes }: DamagedFile, flash: Uint8Array): void {
  const onUndefined = (offset: number, length: number) => flash.fill(0, offset, offset + length);
  const options = { target, address: DAMAGED_ADDRESS, chunkName: "=(null)", onUndefined };
  try {
    loadImage53(bytes, new ImageBuffer(), options);
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
  }
}

main();

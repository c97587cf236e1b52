/**
 * Records what the reference answers:
 *
 *     LUACROSS_REFERENCE=FOLDER node scripts/run.mjs test/vectors/lfs53/record-images.ts
 *
 * FOLDER holds one executable per target. Seed and time are those the reference chose.
 */
import { writeFileSync } from "node:fs";
import { fromBytes } from "../../../src/base/lua-string.ts";
import { readImage53 } from "../../../src/image/read53.ts";
import type { Target } from "../../../src/target/target.ts";
import { makesAbsoluteImages, ReferenceFolder53 } from "../../image/reference53.ts";
import { imageOf53 } from "../../image/subject53.ts";
import { form53, TARGETS_53 } from "../../support/targets53.ts";
import { describeImage } from "../lfs51/answers.ts";
import type { ImageAnswer53 } from "./answers.ts";
import { IMAGE_VECTORS_53, type ImageVector53, RECORDED_ADDRESS } from "./cases.ts";
import { absoluteWithoutUndefined } from "./masks.ts";

const OUTPUT = "test/vectors/lfs53/answers.json";

function main(): void {
  const chunks: Record<string, Record<string, Record<string, string>>> = {};
  const images: Record<string, Record<string, ImageAnswer53>> = {};
  for (const vector of IMAGE_VECTORS_53) {
    chunks[vector.name] = {};
    images[vector.name] = {};
    for (const target of TARGETS_53) {
      const recording = new Recording(vector, target);
      chunks[vector.name][target.numbers.name] = recording.chunks();
      images[vector.name][target.name] = recording.image();
      recording.folder.remove();
    }
  }
  writeFileSync(OUTPUT, `${JSON.stringify({ chunks, images }, null, 1)}\n`);
}

class Recording {
  readonly folder = new ReferenceFolder53();
  private readonly vector: ImageVector53;
  private readonly target: Target;
  private readonly made: Readonly<Record<string, string>>;
  private readonly compiled: Record<string, Uint8Array> = {};

  constructor(vector: ImageVector53, target: Target) {
    this.vector = vector;
    this.target = target;
    this.made = vector.chunks(form53(target));
    for (const [path, text] of Object.entries({ ...vector.sources, ...this.made })) {
      this.folder.write(path, text);
    }
  }

  chunks(): Record<string, string> {
    for (const path of Object.keys(this.vector.sources)) {
      this.compiled[path] = this.ask([], [path]);
    }
    const entries = Object.entries(this.compiled);
    return Object.fromEntries(
      entries.map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]),
    );
  }

  image(): ImageAnswer53 {
    const { target, vector, folder } = this;
    const strip = vector.strip ? ["-s"] : [];
    const paths = [...Object.keys(vector.sources), ...Object.keys(this.made)];
    const compact = this.ask([...strip, "-f"], paths);
    const { header, time = 0 } = readImage53(compact, { allowBadCode: true });
    const answer = { seed: header.seed, time, compact: describeImage(compact) };
    if (!makesAbsoluteImages(target.name)) return answer;
    folder.write("compact.img", compact);
    const absolute = this.ask(["-F", "compact.img", "-a", String(RECORDED_ADDRESS)], []);
    const chunks = { ...this.compiled, ...this.made };
    const { seed } = header;
    const image = imageOf53(chunks, target, { seed, time, strip: vector.strip });
    const masked = absoluteWithoutUndefined(image, absolute);
    return {
      ...answer,
      absolute: describeImage(masked.bytes),
      undefinedBytes: masked.undefinedBytes,
    };
  }

  private ask(options: readonly string[], inputs: readonly string[]): Uint8Array {
    const { status, message, file } = this.folder.run(this.target.name, options, inputs);
    if (status === 0) return file;
    throw new Error(
      `${this.vector.name}, ${this.target.name}: ${status} ${fromBytes(file)} ${message}`,
    );
  }
}

main();

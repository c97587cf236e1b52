/** Compares one case, for one target, with the reference, and what was built with itself. */
import { LuacrossError } from "../../src/base/errors.ts";
import type { Image51 } from "../../src/image/body51.ts";
import { absoluteImage51, buildImage51, compactImage51 } from "../../src/image/build51.ts";
import { readImage51 } from "../../src/image/read51.ts";
import type { Target } from "../../src/target/target.ts";
import { type ImageAnswer, ReferenceCase, timeOf } from "./reference.ts";
import { combine, type Inputs } from "./subject.ts";

const ADDRESSES = [0x40210000, 0x40296000, 0x402a1004];

/** Counts what was compared. */
export class Tally {
  differences = 0;
  private readonly counts = new Map<string, number>();
  private readonly found: string[] = [];

  count(what: string, amount = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + amount);
  }

  difference(what: string): void {
    this.differences++;
    if (this.found.length < 20) this.found.push(`DIFFERENT: ${what}`);
  }

  lines(): string[] {
    const counts = [...this.counts].sort().map(([what, count]) => `${what}: ${count}`);
    return [...counts, ...this.found, `${this.differences} differences`];
  }
}

/** What is to be compared. */
export interface ImageCase {
  readonly kind: string;
  readonly seed: string;
  /** Whether `-s` is given. */
  readonly strip: boolean;
}

/** Builds one image per format, with the reference and here, and reads what the reference built. */
export function compareCase(what: ImageCase, inputs: Inputs, target: Target, tally: Tally): void {
  const reference = new ReferenceCase(inputs);
  const address = ADDRESSES[what.seed.length % ADDRESSES.length];
  const options = what.strip ? ["-s"] : [];
  try {
    const run = new Comparison(what, inputs, target, tally);
    const compact = reference.build(target.name, [...options, "-f"]);
    const absolute = reference.build(target.name, [...options, "-a", String(address)]);
    run.compare("-f", compact, compactImage51);
    run.compare("-a", absolute, (image) => absoluteImage51(image, address));
    if (compact.status !== 0) return;
    run.readBack("-f", compact.file, compactImage51);
    run.readBack("-a", absolute.file, (image) => absoluteImage51(image, address));
  } finally {
    reference.remove();
  }
}

type Write = (image: Image51) => Uint8Array;

class Comparison {
  private readonly what: ImageCase;
  private readonly inputs: Inputs;
  private readonly target: Target;
  private readonly tally: Tally;

  constructor(what: ImageCase, inputs: Inputs, target: Target, tally: Tally) {
    this.what = what;
    this.inputs = inputs;
    this.target = target;
    this.tally = tally;
  }

  compare(format: string, answer: ImageAnswer, write: Write): void {
    const { tally, target, what } = this;
    const time = answer.status === 0 ? timeOf(answer.file) : 0;
    const ours = attempt(() => write(this.build(time)));
    if (answer.status !== 0) {
      tally.count(`refused by both: ${answer.message.replace(/^.*: /, "").slice(0, 60)}`);
      if (ours !== answer.message) this.different(format, `${String(ours)}, ${answer.message}`);
      return;
    }
    tally.count("images");
    tally.count(`images for ${target.name}`);
    tally.count(`images of ${what.kind}`);
    tally.count("bytes", answer.file.length);
    if (typeof ours === "string") this.different(format, ours);
    else if (!same(ours, answer.file)) this.different(format, "bytes");
  }

  /** Reads a file and writes it again: its image as it is, and one built from its functions. */
  readBack(format: string, file: Uint8Array, write: Write): void {
    const { target, tally } = this;
    const { targets, image, main } = readImage51(file, { allowBadCode: true });
    if (!targets.includes(target)) this.different(format, "target");
    if (!same(write(image), file)) this.different(format, "written again");
    if (!same(write(buildImage51(main, { target })), file)) this.different(format, "built again");
    tally.count("read back");
  }

  private build(time: number): Image51 {
    const { target, inputs } = this;
    const strip = this.what.strip && target.image.facts51?.honoursStrip;
    return buildImage51(combine(inputs, target, time), { target, strip });
  }

  private different(format: string, how: string): void {
    const { kind, seed } = this.what;
    this.tally.difference(`${this.target.name} ${kind} ${seed} ${format}: ${how}`);
  }
}

function attempt(build: () => Uint8Array): Uint8Array | string {
  try {
    return build();
  } catch (error) {
    if (error instanceof LuacrossError) return error.message;
    throw error;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}

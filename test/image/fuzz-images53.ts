/**
 * Compares images of Lua 5.3 with those of reference executables:
 *
 *     LUACROSS_REFERENCE=… node scripts/run.mjs test/image/fuzz-images53.ts [--cases N] [--seed S]
 *         [--damaged N] --modules FOLDER
 *
 * FOLDER has Lua files, of which each case takes some. Seed and time are read out of the reference's
 * image, which is then built once more from the `.lc` files of its modules, and laid out in flash
 * where the reference can do so. `--damaged` loads as many damaged images. Exit status 1 means a
 * difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LuacrossError } from "../../src/base/errors.ts";
import { moduleName53 } from "../../src/formats/combine53.ts";
import { absoluteImage53, flashSize53 } from "../../src/image/build53.ts";
import { compactImage53, type Image53 } from "../../src/image/compact53.ts";
import { ImageError } from "../../src/image/errors.ts";
import { loadImage53 } from "../../src/image/load53.ts";
import { readImage53 } from "../../src/image/read53.ts";
import { ImageBuffer } from "../../src/image/word-sink.ts";
import type { Target } from "../../src/target/target.ts";
import { Random } from "../fuzz/random.ts";
import { TARGETS_53 } from "../support/targets53.ts";
import { Tally } from "./compare.ts";
import { damage } from "./damage53.ts";
import { makesAbsoluteImages, ReferenceFolder53 } from "./reference53.ts";
import { type Chunks53, imageOf53 } from "./subject53.ts";

const ADDRESSES = [0x40210000, 0x40296000, 0x3f400000, 0x12345678];
/** The reference's region, beyond which it crashes. */
const REGION = 0x40000;
const SMALL = 4000;

class Campaign {
  readonly tally = new Tally();
  private readonly folder = new ReferenceFolder53();
  /** Module names; none twice. */
  private readonly modules: string[] = [];
  /** By target and module; undefined when it does not compile. */
  private readonly chunks = new Map<string, Uint8Array | undefined>();
  private readonly images: { readonly target: Target; readonly file: Uint8Array }[] = [];

  constructor(modules: string) {
    for (const file of readdirSync(modules).filter((name) => name.endsWith(".lua"))) {
      const name = moduleName53(`@${file}`);
      if (this.modules.includes(name)) continue;
      this.modules.push(name);
      this.folder.write(`${name}.lua`, new Uint8Array(readFileSync(join(modules, file))));
    }
  }

  compareImages(seed: string, cases: number): void {
    for (let i = 0; i < cases; i++) {
      const random = new Random(`${seed} ${i}`);
      for (const target of TARGETS_53) this.compareImage(target, random);
    }
  }

  compareDamaged(seed: string, cases: number): void {
    for (let i = 0; i < cases; i++) {
      const random = new Random(`damaged ${seed} ${i}`);
      const { target, file } = random.pick(this.images);
      this.loadDamaged(target, damage(file, random), `${seed} ${i}`);
    }
  }

  remove(): void {
    this.folder.remove();
  }

  private compareImage(target: Target, random: Random): void {
    const chunks = this.chooseChunks(target, random);
    const strip = random.chance(0.2);
    const paths = Object.keys(chunks).map((name) => `${name}.lua`);
    const options = strip ? ["-s", "-f"] : ["-f"];
    const { status, file, message } = this.folder.run(target.name, options, paths);
    if (status !== 0) throw new Error(`${status} ${message}`);
    const { header, time = 0, image: read } = readImage53(file, { allowBadCode: true });
    const image = imageOf53(chunks, target, { seed: header.seed, time, strip });
    this.tally.count("images");
    this.tally.count("bytes", file.length);
    if (!same(compactImage53(image), file)) this.different(target, paths, "built");
    if (!same(compactImage53(read), file)) this.different(target, paths, "read and written");
    if (!makesAbsoluteImages(target.name) || flashSize53(image) >= REGION) return;
    if (file.length < SMALL) this.images.push({ target, file });
    this.compareFlash(image, file, random.pick(ADDRESSES), paths);
  }

  private compareFlash(
    image: Image53,
    file: Uint8Array,
    address: number,
    paths: readonly string[],
  ): void {
    const { target } = image;
    this.folder.write("compact.img", file);
    const answer = this.folder.run(target.name, ["-F", "compact.img", "-a", String(address)]);
    if (answer.status !== 0) throw new Error(`${answer.status} ${answer.message}`);
    const wanted = answer.file.slice();
    const flash = absoluteImage53(image, address, (offset, length) => {
      wanted.fill(0, offset, offset + length);
    });
    this.tally.count("absolute images");
    if (!same(flash, wanted)) this.different(target, paths, "in flash");
    const back = readImage53(answer.file, { allowBadCode: true });
    if (back.base !== address) this.different(target, paths, "base");
    const again = { ...back.image, strip: image.strip };
    if (!same(compactImage53(again), file)) this.different(target, paths, "read out of flash");
  }

  private loadDamaged(target: Target, file: Uint8Array, name: string): void {
    this.folder.write("damaged.img", file);
    const options = ["-F", "damaged.img", "-a", String(ADDRESSES[0])];
    const answer = this.folder.run(target.name, options);
    const undefinedRuns: [number, number][] = [];
    const ours = loaded(file, target, (offset, length) => undefinedRuns.push([offset, length]));
    this.tally.count("damaged images");
    if (ours instanceof ImageError) {
      // Nobody can tell what becomes of it.
      this.tally.count(`beyond its memory; the reference: ${verdict(answer.status)}`);
    } else if (typeof answer.status === "string") {
      // For want of memory, say; but nothing that crashes it may be loaded here.
      this.tally.count("the reference crashes, refused here");
      if (ours instanceof Uint8Array) this.different(target, [name], "the reference crashed");
    } else if (answer.status !== 0) {
      const text = ours instanceof LuacrossError ? ours.message : "loaded";
      this.tally.count("damaged: same refusal");
      if (text !== answer.message) this.different(target, [name], `${text}, ${answer.message}`);
    } else {
      for (const [offset, length] of undefinedRuns) answer.file.fill(0, offset, offset + length);
      this.tally.count("damaged: loaded by both");
      const isSame = ours instanceof Uint8Array && same(ours, answer.file);
      if (!isSame) this.different(target, [name], "loaded otherwise");
    }
  }

  private chooseChunks(target: Target, random: Random): Chunks53 {
    const count = random.magnitude(1, 60);
    const names = new Set(Array.from({ length: count }, () => random.pick(this.modules)));
    const entries = [...names].flatMap((name) => {
      const chunk = this.chunkOf(target, name);
      return chunk ? [[name, chunk] as const] : [];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : this.chooseChunks(target, random);
  }

  private chunkOf(target: Target, name: string): Uint8Array | undefined {
    const key = `${target.name} ${name}`;
    if (!this.chunks.has(key)) {
      const { status, file } = this.folder.run(target.name, [], [`${name}.lua`]);
      this.chunks.set(key, status === 0 ? file : undefined);
    }
    return this.chunks.get(key);
  }

  private different(target: Target, paths: readonly string[], how: string): void {
    this.tally.difference(`${target.name}, ${paths.join(" ")}: ${how}`);
  }
}

function loaded(
  file: Uint8Array,
  target: Target,
  onUndefined: (offset: number, length: number) => void,
): Uint8Array | LuacrossError {
  const sink = new ImageBuffer();
  try {
    const [address] = ADDRESSES;
    loadImage53(file, sink, { target, address, chunkName: "=(null)", onUndefined });
    return sink.finish();
  } catch (error) {
    if (error instanceof LuacrossError) return error;
    throw error;
  }
}

function verdict(status: number | string | null): string {
  if (typeof status === "string") return "crashes";
  return status === 0 ? "goes on" : "refuses";
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "40" },
      damaged: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      modules: { type: "string" },
    },
  });
  if (values.modules === undefined) throw new Error("--modules does not name a folder");
  const campaign = new Campaign(values.modules);
  campaign.compareImages(values.seed, Number(values.cases));
  campaign.compareDamaged(values.seed, Number(values.damaged));
  campaign.remove();
  console.log(campaign.tally.lines().join("\n"));
  if (campaign.tally.differences > 0) process.exitCode = 1;
}

main();

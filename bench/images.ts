/**
 * From the sources of an application to its compact flash image, with the proof that it loads: in
 * process, beside the reference as a process, whose start and reading of the files are in its time.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readImage51 } from "../src/image/read51.ts";
import { corpus } from "./corpus.ts";
import type { Library } from "./library.ts";
import type { Reference } from "./reference.ts";
import { inTurn, type Times, timesOf } from "./statistics.ts";

const MODULES = 30;
export const SOURCE_BYTES = 250_000;
const OUTPUT = "reference.img";

export interface ImageResult {
  readonly modules: number;
  readonly sourceBytes: number;
  /** Bytes in flash, and of the file. */
  readonly size: number;
  readonly fileSize: number;
  readonly ours: Times;
  readonly reference: Times | undefined;
  /** Why there is none. */
  readonly absent: string | undefined;
  readonly problems: readonly string[];
}

interface Module {
  readonly name: string;
  readonly source: Uint8Array;
}

/** @param rounds how often each is run, after as many to get warm */
export function measureImages(
  library: Library,
  folder: string,
  reference: Reference | string,
  rounds: number,
): ImageResult {
  mkdirSync(folder);
  const modules = applicationOf(MODULES, SOURCE_BYTES);
  for (const { name, source } of modules) writeFileSync(join(folder, name), source);
  const build = () => library.buildImage(modules, { timestamp: 0 });
  const runs: (() => void)[] = [build];
  if (typeof reference !== "string") runs.push(() => runReference(reference, folder, modules));
  const times = runs.map(() => [] as number[]);
  for (let round = -rounds; round < rounds; round++) {
    for (const run of inTurn(runs, round + rounds)) {
      const start = performance.now();
      run();
      if (round >= 0) times[runs.indexOf(run)].push(performance.now() - start);
    }
  }
  const { size, bytes } = build();
  return {
    modules: modules.length,
    sourceBytes: modules.reduce((sum, { source }) => sum + source.length, 0),
    size,
    fileSize: bytes.length,
    ours: timesOf(times[0]),
    reference: times[1] && timesOf(times[1]),
    absent: typeof reference === "string" ? reference : undefined,
    problems: typeof reference === "string" ? [] : compare(library, folder, modules),
  };
}

/** The corpus in so many modules: some of its files in each, one after the other. */
export function applicationOf(count: number, minimumBytes: number): Module[] {
  const files = corpus(minimumBytes);
  return Array.from({ length: count }, (_, i) => {
    const share = files.slice((i * files.length) / count, ((i + 1) * files.length) / count);
    const texts = share.map(({ source }) => new TextDecoder().decode(source));
    const parts = texts.map((text) => `do local part = function(...)\n${text}\nend end\n`);
    return { name: `module${i}.lua`, source: new TextEncoder().encode(parts.join("")) };
  });
}

function runReference({ executable }: Reference, folder: string, modules: readonly Module[]) {
  const args = ["-f", "-o", OUTPUT, ...modules.map(({ name }) => name)];
  const { status, stderr } = spawnSync(executable, args, { cwd: folder });
  if (status !== 0) throw new Error(`the reference says: ${stderr.toString("latin1").trim()}`);
}

/** The reference takes the time from the clock; its image tells which it was. */
function compare(library: Library, folder: string, modules: readonly Module[]): string[] {
  const theirs = readFileSync(join(folder, OUTPUT));
  const { time: timestamp } = readImage51(theirs);
  const { bytes, loads, replaced } = library.buildImage(modules, { timestamp });
  if (!theirs.equals(bytes)) return ["flash image: not the reference's bytes"];
  return loads && !replaced ? [] : ["flash image: the device refuses it"];
}

/**
 * The most memory that `luac.cross` takes for one very large source, as the operating system counts
 * it (peak resident set). The source is the corpus in one file, each module in a function, as tools
 * that bundle modules write it.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { corpus } from "./corpus.ts";
import { COMMAND, type Library } from "./library.ts";
import type { Reference } from "./reference.ts";

const SOURCE = "large.lua";
const OUTPUT = "large.lc";
const REFERENCE_OUTPUT = "reference.lc";
const HOOK = "report-peak.cjs";
const PEAK = "peak";

/** Loaded into the command; Node gives kilobytes on every system. */
const HOOK_SOURCE = `process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  require("node:fs").writeFileSync(${JSON.stringify(PEAK)}, String(maxRSS));
});
`;

export interface MemoryResult {
  readonly sourceBytes: number;
  /** Functions in the source at its top level. */
  readonly modules: number;
  /** Peak in bytes, the largest of all runs; undefined when one failed. */
  readonly peak: number | undefined;
  /** The same of a Node process that does nothing. */
  readonly nodePeak: number | undefined;
  readonly runs: number;
  readonly problems: readonly string[];
}

/**
 * A process inherits the peak of the one that starts it, so this is to be measured while we are
 * small ourselves; `nodePeak` shows whether we were.
 */
export function measureMemory(folder: string, sourceBytes: number, runs: number): MemoryResult {
  mkdirSync(folder);
  writeFileSync(join(folder, HOOK), HOOK_SOURCE);
  const source = writeLargeSource(join(folder, SOURCE), sourceBytes);
  const problems: string[] = [];
  const peakOf = (args: readonly string[]): number | undefined => {
    const all = ["--require", join(folder, HOOK), ...args];
    const { status, signal, stderr } = spawnSync(process.execPath, all, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status === 0) return Number(readFileSync(join(folder, PEAK), "utf8")) * 1024;
    problems.push(`exit ${status ?? signal}: ${stderr.toString().trim()}`);
    return undefined;
  };
  const nodePeak = peakOf(["-e", "0"]);
  const compile = [COMMAND, "-o", OUTPUT, SOURCE];
  const peaks = Array.from({ length: runs }, () => peakOf(compile));
  const peak = peaks.reduce((most, one) => most && one && Math.max(most, one));
  return { ...source, peak, nodePeak, runs, problems };
}

/** One constant per module in the main function, so the limit of 262,143 is far. */
function writeLargeSource(
  file: string,
  minimumBytes: number,
): Pick<MemoryResult, "sourceBytes" | "modules"> {
  const output = openSync(file, "w");
  const modules = corpus(minimumBytes);
  let sourceBytes = writeSync(output, "local preload = package.preload\n");
  for (const { name, source } of modules) {
    sourceBytes += writeSync(output, `preload["${name.replace(/\.lua$/, "")}"] = function(...)\n`);
    sourceBytes += writeSync(output, source);
    sourceBytes += writeSync(output, "\nend\n");
  }
  closeSync(output);
  return { sourceBytes, modules: modules.length };
}

/** @returns what is wrong with the chunk that the command wrote, in words */
export function checkMemory(
  library: Library,
  folder: string,
  { modules }: MemoryResult,
  reference: Reference | string,
): string[] {
  const problems: string[] = [];
  const chunk = readFileSync(join(folder, OUTPUT));
  const found = library.decode(new Uint8Array(chunk)).protos.length;
  if (found !== modules) problems.push(`${found} functions came out of ${modules}`);
  if (typeof reference !== "string") {
    reference.run(folder, REFERENCE_OUTPUT, [SOURCE]);
    const expected = readFileSync(join(folder, REFERENCE_OUTPUT));
    if (!chunk.equals(expected)) problems.push(`${SOURCE}: not the bytes of the reference`);
  }
  return problems;
}

/**
 * `npm run bench`: how fast luacross is, beside the reference and beside other ways to compile Lua
 * in JavaScript.
 *
 *     npm run bench -- [--quick] [--json FILE]
 *
 * `--quick` runs few rounds; `--json` also writes every number to a file. The environment variable
 * LUACROSS_REFERENCE names a folder of reference executables, one per target, to compare with;
 * LUACROSS_BENCH_DIR a folder of Lua repositories to measure on as well.
 *
 * Results are checked: exit status 1 means that something came out wrong, never that it was slow.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkAgainstReference, checkRoundTrip, problemsOf } from "./check.ts";
import { CONTENDER_OPTION, serveContender } from "./contender-process.ts";
import { measureImages } from "./images.ts";
import { measureInspection } from "./inspection.ts";
import { compiles, forTarget, type Library, loadLibrary } from "./library.ts";
import { thisMachine } from "./machine.ts";
import { checkMemory, measureMemory } from "./memory.ts";
import { measurePacking } from "./packing.ts";
import { type RaceOptions, type RaceRules, race } from "./race.ts";
import { Reference } from "./reference.ts";
import { goalsOf, type RaceReport, type Report, reportLines } from "./report.ts";
import {
  ENGINE_OPTION,
  measureRunning,
  type RunningOptions,
  type RunningResult,
  serveEngine,
} from "./running.ts";
import { corpusSet, repositorySet, type SourceSet, sizeOf } from "./sources.ts";
import { checkStartUp, measureStartUp } from "./start-up.ts";

/** The target that everything is measured for, and those of the other Lua version. */
const RACES: readonly RaceRules[] = [
  // A machine on which the reference does 34 MB/s is to do 50.
  { target: "esp8266-lua51-float", withPeers: true, leastRatio: 1.5 },
  { target: "esp8266-lua53", withPeers: false, leastRatio: 1.5 },
  { target: "esp8266-lua53-64", withPeers: false, leastRatio: 1 },
];

/** The targets that programs are run for. */
const RUNNING_TARGETS: readonly string[] = ["esp8266-lua51-float"];

interface Plan {
  readonly race: RaceOptions;
  /** Files that are compared with the reference one by one; each takes it a start. */
  readonly singles: number;
  readonly startUpRounds: number;
  readonly memoryRuns: number;
  readonly imageRounds: number;
  readonly packingRounds: number;
  readonly running: RunningOptions;
}

const FULL: Plan = {
  race: { rounds: 11, warmUps: 2, sampleBytes: 1_000_000, slowestBytes: 260_000 },
  singles: 2000,
  startUpRounds: 40,
  memoryRuns: 3,
  imageRounds: 40,
  packingRounds: 8,
  running: { rounds: 9, warmUps: 2 },
};

const QUICK: Plan = {
  race: { rounds: 3, warmUps: 1, sampleBytes: 260_000, slowestBytes: 65_000 },
  singles: 100,
  startUpRounds: 8,
  memoryRuns: 1,
  imageRounds: 10,
  packingRounds: 2,
  running: { rounds: 4, warmUps: 1 },
};

/** Bytes of source: for a round of luacross and the reference, and for the one large source. */
const SOURCE_BYTES = 5_000_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
  });
  // Commands are measured as they are without settings of the person who runs this.
  delete process.env.LUAC_CROSS_TARGET;
  const folder = mkdtempSync(join(tmpdir(), "luacross-bench-"));
  try {
    const report = await measure(folder, values.quick);
    console.log(reportLines(report).join("\n"));
    if (values.json !== undefined) writeFileSync(values.json, jsonOf(report));
    if (report.problems.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Processes are measured first, while this one is small: starting them takes longer from a large
 * one, and they would inherit its peak of memory.
 */
async function measure(folder: string, quick: boolean): Promise<Report> {
  const plan = quick ? QUICK : FULL;
  const machine = thisMachine();
  const library = await loadLibrary();
  const target = library.DEFAULT_TARGET_NAME;
  const reference = Reference.find(target);

  progress("one small file as a process");
  const startUp = measureStartUp(join(folder, "start-up"), reference, plan.startUpRounds);
  progress("memory");
  const memoryFolder = join(folder, "memory");
  const memory = measureMemory(memoryFolder, SOURCE_BYTES, plan.memoryRuns);
  const running: RunningResult[] = [];
  for (const each of RUNNING_TARGETS) {
    progress(`running programs: ${each}`);
    running.push(await measureRunning(each, plan.running));
  }
  const races: RaceReport[] = [];
  for (const set of sourceSets(library, folder)) {
    for (const rules of RACES) {
      progress(`source to bytecode: ${set.name}, ${rules.target}`);
      races.push(await runRace(forTarget(library, rules.target), set, rules, plan));
    }
  }

  progress("flash image");
  const images = measureImages(library, join(folder, "images"), reference, plan.imageRounds);

  const inspection = measureInspection(library, plan.imageRounds);
  progress("best packing");
  const packing = measurePacking(library, plan.packingRounds);

  const problems = [
    ...races.flatMap((one) => [...one.problems, ...one.verdict.problems]),
    ...startUp.problems,
    ...problemsOf("small file", () => checkStartUp(library, startUp)),
    ...memory.problems,
    ...images.problems,
    ...inspection.problems,
    ...packing.problems,
    ...running.flatMap((one) => one.problems),
    ...problemsOf("large source", () => checkMemory(library, memoryFolder, memory, reference)),
  ];
  const date = new Date().toISOString();
  return {
    date,
    machine,
    target,
    quick,
    races,
    startUp,
    memory,
    images,
    inspection,
    packing,
    running,
    problems,
  };
}

function* sourceSets(library: Library, folder: string): Generator<SourceSet> {
  yield corpusSet(join(folder, "corpus"), SOURCE_BYTES);
  const root = process.env.LUACROSS_BENCH_DIR;
  if (!root) return;
  // What every race takes.
  const libraries = RACES.map(({ target }) => forTarget(library, target));
  const wanted = (source: Uint8Array): boolean => libraries.every((one) => compiles(one, source));
  const set = repositorySet(root, join(folder, "repositories"), SOURCE_BYTES, wanted);
  if (set.files.length > 0) yield set;
  else console.error(`LUACROSS_BENCH_DIR: no .lua file in ${root} compiles`);
}

async function runRace(
  library: Library,
  set: SourceSet,
  rules: RaceRules,
  plan: Plan,
): Promise<RaceReport> {
  const reference = Reference.find(rules.target);
  const { standings, problems } = await race(set, reference, rules, plan.race);
  const verdict =
    typeof reference === "string"
      ? checkRoundTrip(library, set)
      : checkAgainstReference(library, set, reference, plan.singles);
  // What was timed is what was checked: both made the same number of bytes.
  const timed = standings[0].figures?.size;
  const unequal =
    timed === verdict.size ? [] : [`luacross: ${timed} bytes timed, ${verdict.size} checked`];
  return {
    rules,
    name: set.name,
    detail: set.detail,
    files: set.files.length,
    bytes: sizeOf(set.files),
    standings,
    problems: [...problems, ...unequal],
    verdict,
  };
}

function jsonOf(report: Report): string {
  const { startUp, running, ...rest } = report;
  const { outputs: _, ...numbers } = startUp;
  const runs = running.map(({ runners, ...each }) => ({
    ...each,
    runners: runners.map(({ times, ...runner }) => ({
      ...runner,
      times: Object.fromEntries(times),
    })),
  }));
  const all = { ...rest, startUp: numbers, running: runs, goals: goalsOf(report) };
  return `${JSON.stringify(all, null, 2)}\n`;
}

function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`measuring: ${what}\n`);
}

if (process.argv[2] === CONTENDER_OPTION) serveContender(process.argv[3]);
else if (process.argv[2] === ENGINE_OPTION) serveEngine(process.argv[3]);
else await main();

/**
 * Source to bytecode, in process and warm: luacross, the reference executable and other ways to
 * compile or parse Lua in JavaScript. They take turns, one round each, so that a machine that slows
 * down slows all of them.
 */
import { ContenderProcess, type Lap } from "./contender-process.ts";
import { luacrossFor } from "./contenders.ts";
import type { Reference } from "./reference.ts";
import { type SourceSet, sample, sizeOf } from "./sources.ts";
import { inTurn, rate, type Times, timesOf } from "./statistics.ts";
import { reasonOf } from "./words.ts";

export interface RaceOptions {
  readonly rounds: number;
  /** Rounds before the clock counts. */
  readonly warmUps: number;
  /** Bytes of source for the slower contenders, fengari the slowest. */
  readonly sampleBytes: number;
  readonly slowestBytes: number;
}

/** For which target luacross and the reference compile, and what else is known of the race. */
export interface RaceRules {
  readonly target: string;
  /** Whether other ways to compile Lua take part; they know nothing of targets. */
  readonly withPeers: boolean;
  /** How often the reference's speed luacross is to have. */
  readonly leastRatio: number;
}

/** A row of the table. */
export interface Standing {
  readonly name: string;
  /** What it does with a source. */
  readonly what: string;
  readonly isReference: boolean;
  /** Why it did not take part, if it did not; then there are no figures. */
  readonly absent?: string;
  readonly figures?: Figures;
}

export interface Figures {
  readonly files: number;
  /** Files it was given and could not take. */
  readonly refused: number;
  /** Of source, per round. */
  readonly bytes: number;
  readonly times: Times;
  /** Megabytes per second. */
  readonly bestRate: number;
  readonly medianRate: number;
  /** What came out of one round, in the contender's own unit; 0 where nobody counts. */
  readonly size: number;
}

export interface RaceResult {
  readonly standings: readonly Standing[];
  /** Wrong results, in words. */
  readonly problems: readonly string[];
}

interface Entry {
  readonly name: string;
  /** Its name as a contender, where that is another. */
  readonly contender?: string;
  readonly what: string;
  /** Bytes of source for one round; everything when left out. */
  readonly limit?: number;
  /** The least that can have come out of these sources if the work was done. */
  readonly leastSize: (files: number, bytes: number) => number;
}

/** A bytecode file of any Lua version is about as large as its source. */
const TENTH_OF_SOURCE = (_files: number, bytes: number): number => bytes / 10;
const STATEMENT_PER_FILE = (files: number): number => files;

const LUACROSS: Entry = {
  name: "luacross",
  what: "compile, encode",
  leastSize: TENTH_OF_SOURCE,
};

const REFERENCE = { name: "reference", what: "its executable, one process", isReference: true };

function peers({ sampleBytes, slowestBytes }: RaceOptions): Entry[] {
  return [
    { name: "luaparse", what: "parse only", limit: sampleBytes, leastSize: STATEMENT_PER_FILE },
    { name: "wasmoon", what: "load, dump", limit: sampleBytes, leastSize: TENTH_OF_SOURCE },
    { name: "fengari", what: "load, dump", limit: slowestBytes, leastSize: TENTH_OF_SOURCE },
  ];
}

/** One who takes part, with the laps so far. */
interface Runner extends Pick<Standing, "name" | "what" | "isReference"> {
  readonly leastSize: Entry["leastSize"];
  readonly files: number;
  readonly refused: number;
  readonly bytes: number;
  readonly laps: Lap[];
  lap(): Promise<Lap>;
  close(): void;
}

/** @param reference the executable, or why there is none */
export async function race(
  set: SourceSet,
  reference: Reference | string,
  { target, withPeers }: RaceRules,
  options: RaceOptions,
): Promise<RaceResult> {
  const others = withPeers ? peers(options) : [];
  const starters = [
    await enter({ ...LUACROSS, contender: luacrossFor(target) }, set),
    enterReference(reference, set),
    ...(await Promise.all(others.map((entry) => enter(entry, set)))),
  ];
  const runners = starters.filter((starter) => "laps" in starter);
  let problems: string[];
  try {
    problems = await runRounds(runners, options);
  } finally {
    // An open connection would keep this process from ending.
    for (const runner of runners) runner.close();
  }
  const standings = starters.map((one) => ("laps" in one ? standingOf(one) : one));
  return { standings, problems };
}

async function enter(entry: Entry, { folder, files }: SourceSet): Promise<Runner | Standing> {
  const { name, contender = name, what, limit, leastSize } = entry;
  const given = limit === undefined ? files : sample(files, limit);
  const child = new ContenderProcess(contender);
  try {
    await child.load(folder, given);
  } catch (error) {
    child.close();
    return { name, what, isReference: false, absent: reasonOf(error) };
  }
  return {
    name,
    what,
    isReference: false,
    leastSize,
    files: child.files,
    refused: given.length - child.files,
    bytes: child.bytes,
    laps: [],
    lap: () => child.lap(),
    close: () => child.close(),
  };
}

function enterReference(
  reference: Reference | string,
  { folder, files }: SourceSet,
): Runner | Standing {
  if (typeof reference === "string") return { ...REFERENCE, absent: reference };
  return {
    ...REFERENCE,
    leastSize: () => 0,
    files: files.length,
    refused: 0,
    bytes: sizeOf(files),
    laps: [],
    lap: async () => reference.lap(folder, files),
    close() {},
  };
}

/** @returns what was wrong; who gave a wrong result runs no further */
async function runRounds(runners: Runner[], options: RaceOptions): Promise<string[]> {
  const problems: string[] = [];
  let running = runners;
  for (let round = -options.warmUps; round < options.rounds; round++) {
    const out = new Set<Runner>();
    for (const runner of inTurn(running, round + options.warmUps)) {
      const problem = await runOnce(runner, round >= 0);
      if (problem === undefined) continue;
      problems.push(`${runner.name}: ${problem}`);
      out.add(runner);
    }
    running = running.filter((runner) => !out.has(runner));
  }
  return problems;
}

/** @returns what was wrong */
async function runOnce(runner: Runner, counts: boolean): Promise<string | undefined> {
  try {
    const lap = await runner.lap();
    if (lap.size < runner.leastSize(runner.files, runner.bytes)) return `only ${lap.size} came out`;
    const before = runner.laps.at(-1)?.size ?? lap.size;
    if (lap.size !== before) return `${lap.size} came out, ${before} the round before`;
    if (counts) runner.laps.push(lap);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function standingOf(runner: Runner): Standing {
  const { name, what, isReference, files, refused, bytes, laps } = runner;
  if (bytes === 0) return { name, what, isReference, absent: "takes none of these files" };
  if (laps.length === 0) return { name, what, isReference, absent: "failed" };
  const times = timesOf(laps.map(({ milliseconds }) => milliseconds));
  const bestRate = rate(bytes, times.best);
  const medianRate = rate(bytes, times.median);
  const { size } = laps[0];
  const figures = { files, refused, bytes, times, bestRate, medianRate, size };
  return { name, what, isReference, figures };
}

/**
 * Running programs: luacross, the reference's `-e`, and the other ways to run Lua in JavaScript.
 * Each program is the same source for all; they take turns at it, a round each, and must print the
 * same. Compiling is in the time of all, the start of the process only in the reference's. Times are
 * those of the processor, all threads of a process together, so that other work on the machine
 * counts for little; the reference's are by the clock.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AskedProcess, serve } from "./asked-process.ts";
import { engineNamed, luacrossFor, type Program } from "./engines.ts";
import { Reference } from "./reference.ts";
import { inTurn, type Times, timesOf } from "./statistics.ts";
import { reasonOf } from "./words.ts";

export const ENGINE_OPTION = "--engine";

/** The same place seen from `bench/` and, bundled, from `build/`. */
const PROGRAMS = fileURLToPath(new URL("../bench/programs/", import.meta.url));

export interface RunningOptions {
  readonly rounds: number;
  /** Rounds before the clock counts. */
  readonly warmUps: number;
  /** Names of the programs; all when left out. */
  readonly programs?: readonly string[];
}

/** One who runs programs. */
export interface RunnerResult {
  readonly name: string;
  /** Why it did not take part; then there are no times. */
  readonly absent?: string;
  /** By the names of the programs. */
  readonly times: ReadonlyMap<string, Times>;
}

export interface RunningResult {
  /** For which luacross and the reference run. */
  readonly target: string;
  readonly programs: readonly string[];
  /** luacross is the first. */
  readonly runners: readonly RunnerResult[];
  /** Wrong results, in words. */
  readonly problems: readonly string[];
}

export const LUACROSS = "luacross";
export const REFERENCE = "reference -e";
export const PEERS = ["wasmoon", "fengari"] as const;

/** Milliseconds of a round after which two are enough. */
const SLOW = 1000;

interface Run {
  readonly milliseconds: number;
  readonly output: string;
}

interface Runner {
  readonly name: string;
  run(program: Program): Promise<Run>;
  close(): void;
}

/** The other side of a runner's process: runs programs by their names. */
export function serveEngine(name: string): void {
  const engine = engineNamed(name);
  const programs = new Map(benchPrograms().map((program) => [program.name, program]));
  serve(async ({ program }: { program: string }): Promise<Run> => {
    const ready = await engine;
    const before = process.cpuUsage();
    const output = await ready.run(programs.get(program)!);
    const { user, system } = process.cpuUsage(before);
    return { milliseconds: (user + system) / 1000, output };
  });
}

export function benchPrograms(): Program[] {
  return readdirSync(PROGRAMS)
    .filter((file) => file.endsWith(".lua"))
    .map((file) => ({
      name: basename(file, ".lua"),
      source: new Uint8Array(readFileSync(join(PROGRAMS, file))),
    }));
}

export async function measureRunning(
  target: string,
  options: RunningOptions,
): Promise<RunningResult> {
  const programs = benchPrograms().filter(({ name }) => options.programs?.includes(name) ?? true);
  const reference = Reference.find(target);
  const runners: Runner[] = [
    engineRunner(LUACROSS, luacrossFor(target)),
    ...(typeof reference === "string" ? [] : [referenceRunner(reference)]),
    ...PEERS.map((name) => engineRunner(name, name)),
  ];
  const problems: string[] = [];
  const times = new Map(runners.map(({ name }) => [name, new Map<string, Times>()]));
  try {
    for (const program of programs) {
      for (const [name, found] of await runProgram(program, runners, options, problems)) {
        times.get(name)!.set(program.name, found);
      }
    }
  } finally {
    // An open connection would keep this process from ending.
    for (const runner of runners) runner.close();
  }
  const results: RunnerResult[] = runners.map(({ name }) => ({ name, times: times.get(name)! }));
  if (typeof reference === "string") {
    results.push({ name: REFERENCE, absent: reference, times: new Map() });
  }
  return { target, programs: programs.map(({ name }) => name), runners: results, problems };
}

/** @param problems receives what was wrong; who fails at a program has no times for it */
async function runProgram(
  program: Program,
  runners: readonly Runner[],
  { rounds, warmUps }: RunningOptions,
  problems: string[],
): Promise<Map<string, Times>> {
  const laps = new Map(runners.map(({ name }) => [name, [] as number[]]));
  let expected: string | undefined;
  for (let round = -warmUps; round < rounds; round++) {
    for (const runner of inTurn(runners, round + warmUps)) {
      if (!laps.has(runner.name) || isSlow(laps.get(runner.name)!)) continue;
      try {
        const { milliseconds, output } = await runner.run(program);
        expected ??= output;
        if (output !== expected) throw new Error(`printed ${output}, another ${expected}`);
        if (round >= 0) laps.get(runner.name)!.push(milliseconds);
      } catch (error) {
        problems.push(`${program.name}, ${runner.name}: ${reasonOf(error)}`);
        laps.delete(runner.name);
      }
    }
  }
  return new Map([...laps].map(([name, measured]) => [name, timesOf(measured)]));
}

/** Who takes long has shown it after a few rounds. */
function isSlow(laps: readonly number[]): boolean {
  return laps.length >= 2 && laps.every((lap) => lap > SLOW);
}

function engineRunner(name: string, engine: string): Runner {
  const child = new AskedProcess<{ program: string }, Run>(ENGINE_OPTION, engine);
  return {
    name,
    run: (program) => child.ask({ program: program.name }),
    close: () => child.close(),
  };
}

function referenceRunner({ executable }: Reference): Runner {
  return {
    name: REFERENCE,
    async run({ name }) {
      const start = performance.now();
      const { error, status, stdout, stderr } = spawnSync(executable, ["-e", `${name}.lua`], {
        cwd: PROGRAMS,
        encoding: "latin1",
      });
      const milliseconds = performance.now() - start;
      if (error) throw error;
      if (status !== 0) throw new Error(`the reference says: ${stderr.trim()}`);
      return { milliseconds, output: stdout.trimEnd() };
    },
    close() {},
  };
}

/**
 * What was aimed at, and what came of it. Goals are ratios to something measured in the same run
 * wherever they can be, so that they hold on any machine; to miss one is no error.
 */
import type { ImageResult } from "./images.ts";
import { INSPECTION, type InspectionResult } from "./inspection.ts";
import type { MemoryResult } from "./memory.ts";
import type { PackingResult } from "./packing.ts";
import type { RaceRules, Standing } from "./race.ts";
import { LUACROSS, type RunningResult } from "./running.ts";
import { LUAC_CROSS, NODE_ALONE, type StartUpResult } from "./start-up.ts";
import { geometricMean } from "./statistics.ts";
import { factor, figure, megabytes } from "./words.ts";

export interface Goal {
  readonly what: string;
  readonly aim: string;
  /** Undefined, like `met`, when it was not measured. */
  readonly result: number | undefined;
  readonly inWords: string;
  readonly met: boolean | undefined;
}

/** What Node itself needs cannot be helped; this leaves a quarter of it for us. */
const MOST_START_UP_RATIO = 1.25;
/** For the image that is measured here; those of real programs come to 0.80 to 0.85. */
const MOST_PACKED = 0.82;
/** Milliseconds. */
const MOST_PACKING = 1000;
/** Bytes. */
const MOST_MEMORY = 300_000_000;

/** Milliseconds. */
const MOST_INSPECTION = 50;

/** How often the speed of other ways to run Lua in JavaScript luacross is to have. */
const LEAST_RUNNING_RATIOS = { wasmoon: 1, fengari: 5 } as const;

/** Speed over one set of sources. */
export function speedGoal(
  setName: string,
  { target, leastRatio }: RaceRules,
  standings: readonly Standing[],
): Goal {
  const result = ratioToReference(standings[0], standings);
  return {
    what: `source to .lc for ${target}, ${setName}`,
    aim: `at least ${leastRatio} x the reference`,
    result,
    inWords: result === undefined ? "-" : factor(result),
    met: result === undefined ? undefined : result >= leastRatio,
  };
}

/** By the best rounds of both; undefined when one of them has none. */
export function ratioToReference(
  standing: Standing,
  standings: readonly Standing[],
): number | undefined {
  const reference = standings.find(({ isReference }) => isReference)?.figures;
  if (!reference || !standing.figures) return undefined;
  return standing.figures.bestRate / reference.bestRate;
}

/** By the medians: a person waits for the usual run, not for the best. */
export function startUpGoal({ rows }: StartUpResult): Goal {
  const ours = rows.find(({ name }) => name === LUAC_CROSS)?.times;
  const node = rows.find(({ name }) => name === NODE_ALONE)?.times;
  const result = ours && node ? ours.median / node.median : undefined;
  return {
    what: "one small file as a process",
    aim: `at most ${MOST_START_UP_RATIO} x ${NODE_ALONE}`,
    result,
    inWords: result === undefined ? "-" : factor(result),
    met: result === undefined ? undefined : result <= MOST_START_UP_RATIO,
  };
}

/** Memory has no other measure than its own: what it takes has to fit the machine. */
export function memoryGoal({ peak }: MemoryResult): Goal {
  return {
    what: "memory for one large source",
    aim: `under ${MOST_MEMORY / 1e6} MB`,
    result: peak,
    inWords: peak === undefined ? "-" : `${megabytes(peak)} MB`,
    met: peak === undefined ? undefined : peak < MOST_MEMORY,
  };
}

/** A person at a terminal is to see no delay: all that `luacross inspect` does with an image. */
export function inspectionGoal({ rows }: InspectionResult): Goal {
  const result = rows.find(({ name }) => name === INSPECTION)?.times.median;
  return {
    what: "inspecting a flash image",
    aim: `under ${MOST_INSPECTION} ms`,
    result,
    inWords: result === undefined ? "-" : `${figure(result)} ms`,
    met: result === undefined ? undefined : result < MOST_INSPECTION,
  };
}

/** In process, but with everything that the reference's process does, and the proof besides. */
export function imageGoal({ ours, reference }: ImageResult): Goal {
  const result = reference && ours.best / reference.best;
  return {
    what: "sources to a flash image",
    aim: "under 1.00 x the reference",
    result,
    inWords: result === undefined ? "-" : factor(result),
    met: result === undefined ? undefined : result < 1,
  };
}

/** Sizes do not depend on the machine; the time is that of the first build, compiling included. */
export function packingGoals({ best, reference, first }: PackingResult): Goal[] {
  const ratio = best / reference;
  return [
    {
      what: "best packing of the image in table 6",
      aim: `at most ${MOST_PACKED} of the reference's bytes`,
      result: ratio,
      inWords: ratio.toFixed(3),
      met: ratio <= MOST_PACKED,
    },
    {
      what: "a large image with best packing",
      aim: `under ${MOST_PACKING} ms`,
      result: first,
      inWords: `${figure(first)} ms`,
      met: first < MOST_PACKING,
    },
  ];
}

export function runningGoals(result: RunningResult): Goal[] {
  return Object.entries(LEAST_RUNNING_RATIOS).map(([peer, least]) => {
    const ratio = runningRatio(result, peer);
    return {
      what: `running programs for ${result.target}`,
      aim: `at least ${least} x ${peer}`,
      result: ratio,
      inWords: ratio === undefined ? "-" : factor(ratio),
      met: ratio === undefined ? undefined : ratio >= least,
    };
  });
}

/**
 * How often another runner's speed luacross has: the geometric mean over all programs, by the best
 * rounds. Undefined when one of them did not run all of them.
 */
export function runningRatio(
  { programs, runners }: RunningResult,
  name: string,
): number | undefined {
  const ours = runners.find((runner) => runner.name === LUACROSS);
  const theirs = runners.find((runner) => runner.name === name);
  const ratios = programs.flatMap((program) => {
    const one = ours?.times.get(program);
    const other = theirs?.times.get(program);
    return one && other ? [other.best / one.best] : [];
  });
  return ratios.length < programs.length ? undefined : geometricMean(ratios);
}

/**
 * A fuzzing campaign: makes samples in rounds, examines each, and compares them with an oracle for
 * every target. The same options always make the same samples.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Target } from "../../src/target/target.ts";
import type { Finding } from "./findings.ts";
import { type GroupOptions, groupTargets, type Tally, TargetGroup } from "./group.ts";
import { Random } from "./random.ts";
import type { View } from "./result.ts";
import type { Kind } from "./sample.ts";

export interface CampaignOptions extends GroupOptions {
  readonly seed: string;
  /** Samples per target. */
  readonly count: number;
  /** Rounds take these kinds in turn. */
  readonly kinds: readonly Kind[];
  readonly targets: readonly Target[];
  /** What is compared, instead of one thing or the other by chance. */
  readonly view?: View;
  /** Called after every round with the numbers of samples and findings so far. */
  readonly progress?: (done: number, findings: number) => void;
}

/** What came out of a campaign. */
export interface CampaignResult {
  readonly findings: readonly Finding[];
  /** One for each target. */
  readonly tallies: readonly Tally[];
}

/** Samples that are compared together. */
const ROUND = 120;

const VIEWS: readonly (readonly [number, View])[] = [
  [6, "plain"],
  [2, "stripped"],
  [2, "listing"],
];

/** Longer than any chunk id in a message, so that names are shortened. */
const LONG_FOLDER = "a-folder-with-a-very-long-name".repeat(3);

/** Runs a campaign in a scratch folder, which is removed in the end. */
export function runCampaign(options: CampaignOptions): CampaignResult {
  const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = mkdtempSync(join(parent, "luacross-fuzz-"));
  try {
    mkdirSync(join(folder, LONG_FOLDER));
    return runRounds(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runRounds(options: CampaignOptions, folder: string): CampaignResult {
  const { count, kinds, seed, progress } = options;
  const groups = groupTargets(options.targets).map(
    (members) => new TargetGroup(members, folder, options),
  );
  for (let first = 0; first < count; first += ROUND) {
    for (const group of groups) {
      const random = new Random(`round ${seed} ${first}`);
      group.run({
        kind: kinds[(first / ROUND) % kinds.length],
        seed,
        first,
        count: Math.min(ROUND, count - first),
        prefix: random.chance(0.1) ? `${LONG_FOLDER}/` : "",
        view: options.view ?? random.weighted(VIEWS),
        random,
      });
    }
    progress?.(first, groups.flatMap((group) => group.findings).length);
  }
  return {
    findings: groups.flatMap((group) => group.findings),
    tallies: groups.flatMap((group) => group.tallies),
  };
}

/**
 * `npm run fuzz`: makes programs, damaged programs and damaged binary chunks, and looks for
 * anything that should not be. Kind `hostile` runs damaged code on the machine, see `../vm/hostile/`.
 *
 *     npm run fuzz -- [--seed TEXT] [--count N] [--target NAME]... [--keep FOLDER]
 *                     [--kind valid|mutant|binary|hostile]...
 *
 * With the environment variable LUACROSS_REFERENCE, a folder of reference executables named like
 * the targets, everything is compared with what they say. Exit status 1 means something was found;
 * small inputs that show it are then in the keep folder.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Target } from "../../src/target/target.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import { toolchainFor } from "../../src/toolchain.ts";
import { runHostile } from "../vm/hostile/hostile.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.ts";
import { type Finding, findingText, saveFinding } from "./findings.ts";
import { Reference } from "./reference.ts";
import { isMadeFor, KINDS, type Kind } from "./sample.ts";

/** Samples per target; with a reference they take about 20 seconds. */
const DEFAULT_COUNT = "1440";

/** Programs are the most telling, damaged chunks the slowest. */
const DEFAULT_KINDS: readonly Kind[] = ["valid", "mutant", "valid", "binary", "valid", "mutant"];

/** Milliseconds from one sign of life to the next. */
const PROGRESS_EVERY = 5000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: DEFAULT_COUNT },
    target: { type: "string", multiple: true },
    kind: { type: "string", multiple: true },
    keep: { type: "string", default: "build/fuzz" },
  },
});

/** Not a kind of sample: these are not compared with anything. */
const HOSTILE = "hostile";

function kindNamed(name: string): Kind {
  const kind = KINDS.find((candidate) => candidate === name);
  if (kind) return kind;
  throw new Error(`no kind '${name}'; there are ${KINDS.join(", ")}, ${HOSTILE}`);
}

/** A function that reports progress, but not more often than every few seconds. */
function sparseProgress(count: number): (done: number, findings: number) => void {
  let last = performance.now();
  return (done, findings) => {
    if (performance.now() - last < PROGRESS_EVERY) return;
    last = performance.now();
    console.error(`${done} of ${count}, ${findings} findings`);
  };
}

/** One campaign for each Lua version that the chosen targets have. */
function campaignsFromArguments(): CampaignOptions[] {
  const targets = values.target?.map(findTarget) ?? SUPPORTED_TARGETS;
  const dialects = new Set(targets.map(({ dialect }) => dialect));
  return [...dialects].map((dialect) =>
    campaignFor(targets.filter((target) => target.dialect === dialect)),
  );
}

function campaignFor(targets: readonly Target[]): CampaignOptions {
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1) throw new Error("--count takes a whole number");
  const kinds = values.kind?.filter((name) => name !== HOSTILE).map(kindNamed) ?? DEFAULT_KINDS;
  const options = {
    seed: values.seed,
    count,
    kinds: kinds.filter((kind) => isMadeFor(kind, targets[0])),
    targets,
    toolchain: toolchainFor(targets[0]),
    progress: sparseProgress(count),
    found(finding: Finding) {
      console.log(`${findingText(finding)}\n  input:  ${saveFinding(finding, values.keep)}`);
    },
  };
  if (options.kinds.length === 0)
    throw new Error(`there are no such samples for ${targets[0].name}`);
  const references = process.env.LUACROSS_REFERENCE;
  if (!references) return options;
  return {
    ...options,
    oracleFor: ({ name }, folder) => new Reference(join(references, name), folder),
  };
}

/** One row per target. */
function tableOf({ tallies }: CampaignResult): string {
  const columns = ["examined", "compared", "refused", "crashed", "differed"] as const;
  const width = Math.max(...tallies.map((tally) => tally.target.length));
  const head = ["target".padEnd(width), ...columns.map((name) => name.padStart(9))].join(" ");
  const rows = tallies.map((tally) => {
    const counts = columns.map((name) => String(tally[name]).padStart(9));
    return [tally.target.padEnd(width), ...counts].join(" ");
  });
  return [head, ...rows].join("\n");
}

/** Damaged code on the machines of the chosen targets. */
function runHostileCode(): void {
  const targets = values.target?.map(findTarget) ?? SUPPORTED_TARGETS;
  for (const target of targets) {
    const { seed, count } = values;
    const { tried, ran, findings } = runHostile({ target, seed, count: Number(count) });
    console.log(
      `${target.name}: ${tried} damaged functions, ${ran} ran, ${findings.length} broke out`,
    );
    for (const { id, problem, chunk } of findings) {
      mkdirSync(values.keep, { recursive: true });
      const path = join(values.keep, `${target.name}-${HOSTILE}-${seed}-${id}.lc`);
      writeFileSync(path, chunk);
      console.log(`${problem}\n  input:  ${path}`);
    }
    if (findings.length > 0) process.exitCode = 1;
  }
}

const start = performance.now();
const isHostileOnly = values.kind?.every((name) => name === HOSTILE) ?? false;
if (values.kind?.includes(HOSTILE) ?? true) runHostileCode();
for (const options of isHostileOnly ? [] : campaignsFromArguments()) {
  const result = runCampaign(options);
  console.log(tableOf(result));
  if (result.tallies.some((tally) => tally.differed > 0)) process.exitCode = 1;
}
const seconds = Math.round((performance.now() - start) / 1000);
const against = process.env.LUACROSS_REFERENCE
  ? "compared with the reference"
  : "properties only; set LUACROSS_REFERENCE to compare";
console.log(`seed ${values.seed}, ${seconds} s, ${against}`);

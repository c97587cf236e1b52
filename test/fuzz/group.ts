/**
 * Targets that share dialect, numbers and wire era give identical files. A group of them shares
 * samples and our side of the work; only the reference is asked for each.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../../src/target/target.ts";
import type { Toolchain } from "../../src/toolchain.ts";
import { Comparison, type Counts, type Difference, type Trial } from "./compare.ts";
import { type Finding, minimised } from "./findings.ts";
import type { Fails } from "./minimise.ts";
import { examine, examineInterleaving } from "./properties.ts";
import type { Random } from "./random.ts";
import type { Oracle } from "./reference.ts";
import type { View } from "./result.ts";
import { type Kind, makeSample, type Sample } from "./sample.ts";
import { Subject } from "./subject.ts";
import { isUndefinedChunk } from "./undefined.ts";

/** What happened to the samples of one target. */
export interface Tally extends Counts {
  readonly target: string;
  /** Samples made; those of a kind the reference cannot be asked about are not compared. */
  readonly examined: number;
}

/** A row of samples of one kind. */
export interface Round {
  readonly kind: Kind;
  readonly seed: string;
  readonly first: number;
  readonly count: number;
  /** Folder, with a slash, in which the files lie for the reference. */
  readonly prefix: string;
  readonly view: View;
  readonly random: Random;
}

export interface GroupOptions {
  readonly toolchain: Toolchain;
  /**
   * Who knows the right answers for a target, about files in the given folder. Without it only
   * properties are checked.
   */
  readonly oracleFor?: (target: Target, folder: string) => Oracle;
  /** So many findings are made small and kept, 8 if not said; the rest are only counted. */
  readonly keep?: number;
  /** Called for each finding that is kept, at once: a long campaign may be ended early. */
  readonly found?: (finding: Finding) => void;
}

/** One pair of samples in so many is compiled in turn. */
const INTERLEAVE_ONE_IN = 8;

/** Tries to make a program small: alone, and when each try starts a reference. */
const TRIES = { property: 4000, comparison: 2000 };

export class TargetGroup {
  readonly findings: Finding[] = [];
  private readonly subject: Subject;
  private readonly folder: string;
  private readonly most: number;
  private readonly found: GroupOptions["found"];
  private readonly names: readonly string[];
  private readonly comparisons: readonly Comparison[];
  /** Longest binary sample, in bytes, that all references can load. */
  private readonly longestChunk: number = Number.POSITIVE_INFINITY;
  private examined = 0;
  private complaints = 0;

  /** @param folder for samples, where oracles can see them */
  constructor(targets: readonly Target[], folder: string, options: GroupOptions) {
    const { toolchain, oracleFor, keep, found } = options;
    this.subject = new Subject(targets[0], toolchain);
    this.folder = folder;
    this.most = keep ?? 8;
    this.found = found;
    this.names = targets.map((target) => target.name);
    const oracles = oracleFor ? targets.map((target) => oracleFor(target, folder)) : [];
    this.comparisons = oracles.map((oracle) => new Comparison(this.subject, oracle));
    if (!oracles.every((oracle) => this.loadsLongChunks(oracle))) this.longestChunk = 255;
  }

  /** One for each target. */
  get tallies(): Tally[] {
    return this.names.map((target, i) => {
      const counts = this.comparisons[i]?.counts ?? {
        compared: 0,
        refused: 0,
        crashed: 0,
        differed: 0,
      };
      const differed = counts.differed + this.complaints;
      return { target, ...counts, examined: this.examined, differed };
    });
  }

  /** Makes samples, examines each, and compares them all. */
  run(round: Round): void {
    const trials: Trial[] = [];
    for (let i = 0; i < round.count; i++) {
      const id = `${round.seed}-${round.first + i}`;
      const { target, toolchain } = this.subject;
      const sample = makeSample(round.kind, id, target, toolchain);
      const trial = this.examineSample(sample, `${round.prefix}${i}.lua`);
      const previous = trials.at(-1);
      if (previous && round.random.below(INTERLEAVE_ONE_IN) === 0) {
        this.interleave(previous, sample);
      }
      trials.push(trial);
    }
    this.examined += round.count;
    this.compareAll(trials, round.view);
  }

  /** Some references crash on every binary chunk of 256 bytes or more (lua51.md §6.4). */
  private loadsLongChunks(oracle: Oracle): boolean {
    const source = new TextEncoder().encode(`return "${"long".repeat(100)}"`);
    const outcome = this.subject.load(source, "long.lua");
    if (outcome.kind !== "loaded") return true;
    writeFileSync(join(this.folder, "long.lc"), this.subject.encode([outcome.proto], false));
    return oracle.compile(["long.lc"], []).status !== null;
  }

  /** Checks the properties of a sample, before anything is compared. */
  private examineSample(sample: Sample, file: string): Trial {
    const { outcome, encoded, complaint } = examine(this.subject, sample, file);
    if (complaint !== undefined) {
      this.complain(sample, file, complaint, (input) => {
        const again = examine(this.subject, { ...sample, bytes: input }, file).complaint;
        return again?.slice(0, 40) === complaint.slice(0, 40);
      });
    }
    return { sample, file, outcome, encodes: encoded !== undefined };
  }

  /** Compiles two samples in turn and expects no trace of one in the other. */
  private interleave({ sample, file }: Trial, second: Sample): void {
    const complaint = examineInterleaving(this.subject, sample, second);
    if (complaint !== undefined) this.complain(sample, file, complaint);
  }

  /** Notes that a property does not hold; `fails` tells whether a smaller input shows it too. */
  private complain(sample: Sample, file: string, text: string, fails?: Fails): void {
    this.complaints++;
    if (this.findings.length >= this.most) return;
    const { kind, id } = sample;
    const input = fails ? minimised(sample, fails, TRIES.property) : sample.bytes;
    const [target] = this.names;
    const ours = { kind: "message", text } as const;
    this.note({ target, kind, id, aspect: "property", file, ours, theirs: undefined, input });
  }

  /** Compares all samples of a round for each target of the group. */
  private compareAll(trials: readonly Trial[], view: View): void {
    if (this.comparisons.length === 0) return;
    const suitable = trials.filter(({ sample }) => this.isComparable(sample));
    for (const { file, sample } of suitable) writeFileSync(join(this.folder, file), sample.bytes);
    const seen = new Set<string>();
    this.comparisons.forEach((comparison, i) => {
      for (const difference of smallestFirst(comparison.compare(suitable, view))) {
        const { id } = difference.trial.sample;
        // When other targets of the group differ in the same sample, one small input is enough.
        if (!seen.has(id)) this.keep(this.names[i], comparison, difference);
        seen.add(id);
      }
    });
  }

  /** False for chunks to which the reference has no answer. */
  private isComparable({ kind, bytes }: Sample): boolean {
    if (kind !== "binary") return true;
    return bytes.length <= this.longestChunk && !isUndefinedChunk(bytes, this.subject.target);
  }

  /** Makes the input of a difference small and keeps it. */
  private keep(target: string, comparison: Comparison, found: Difference): void {
    if (this.findings.length >= this.most) return;
    const { trial, view } = found;
    const { sample, file } = trial;
    let { ours, theirs } = found;
    const path = join(this.folder, file);
    const differs = (bytes: Uint8Array): boolean => {
      writeFileSync(path, bytes);
      const { outcome } = examine(this.subject, { ...sample, bytes }, file);
      const verdict = comparison.compareAlone({ ...trial, outcome }, view);
      if (typeof verdict === "string") return false;
      ({ ours, theirs } = verdict);
      return true;
    };
    const input = minimised(sample, differs, TRIES.comparison);
    writeFileSync(path, sample.bytes);
    const { kind, id } = sample;
    this.note({ target, kind, id, aspect: view, file, ours, theirs, input });
  }

  private note(finding: Finding): void {
    this.findings.push(finding);
    this.found?.(finding);
  }
}

/** Small samples are quicker to make smaller. */
function smallestFirst(differences: readonly Difference[]): Difference[] {
  const size = (difference: Difference) => difference.trial.sample.bytes.length;
  return differences.toSorted((a, b) => size(a) - size(b));
}

/** Targets that give identical files, together. */
export function groupTargets(targets: readonly Target[]): Target[][] {
  const groups: Target[][] = [];
  for (const target of targets) {
    const { dialect, numbers, wire } = target;
    const group = groups.find(
      ([first]) => first.dialect === dialect && first.numbers === numbers && first.wire === wire,
    );
    if (group) group.push(target);
    else groups.push([target]);
  }
  return groups;
}

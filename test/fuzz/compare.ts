/**
 * Compares what the library makes of samples with what a reference makes of them: bytes, listing,
 * message and exit status. Samples go many at a time; only a batch that differs is taken apart.
 */
import { same } from "./properties.ts";
import { type Answer, type Oracle, OUT_OF_MEMORY } from "./reference.ts";
import {
  isSameResult,
  maskAddresses,
  optionsFor,
  ourResult,
  type Result,
  theirResult,
  type View,
} from "./result.ts";
import type { Sample } from "./sample.ts";
import type { Outcome, Subject } from "./subject.ts";

/** A sample that lies in the reference's folder, and what we made of it. */
export interface Trial {
  readonly sample: Sample;
  /** Relative to the folder; also the chunk's name. */
  readonly file: string;
  readonly outcome: Outcome;
  /** False when there is no output file, because a value has no form in it. */
  readonly encodes: boolean;
}

export interface Difference {
  readonly trial: Trial;
  readonly view: View;
  readonly ours: Result;
  readonly theirs: Result;
}

/** How a comparison of one trial ended. */
type Verdict = "same" | "both refuse" | "reference gave up" | Difference;

/** What became of the samples of one target. */
export interface Counts {
  compared: number;
  /** Of these, refused by both sides with the same words. */
  refused: number;
  /** Made the reference crash or run out of memory, which we need not repeat; not compared. */
  crashed: number;
  differed: number;
}

/** Messages in which the depth of the reference's own calls shows. */
const DEPENDS_ON_DEPTH =
  /too many syntax levels|too many C levels|variables in assignment|code too deep/;

/** One refusal in so many is asked for a second time, from the command line. */
const ALONE_ONE_IN = 60;

export class Comparison {
  readonly counts: Counts = { compared: 0, refused: 0, crashed: 0, differed: 0 };
  private readonly subject: Subject;
  private readonly oracle: Oracle;

  constructor(subject: Subject, oracle: Oracle) {
    this.subject = subject;
    this.oracle = oracle;
  }

  /** Compares all trials and counts them; those that load are compared in the given view. */
  compare(trials: readonly Trial[], view: View): Difference[] {
    const { loaded, refused, alone } = divide(trials);
    return this.count([
      ...this.compareLoaded(loaded, view),
      ...this.compareRefused(refused),
      ...alone.map((trial) => this.compareAlone(trial, view)),
    ]);
  }

  /** Adds the verdicts to the counts and returns the differences among them. */
  private count(verdicts: readonly Verdict[]): Difference[] {
    const { counts } = this;
    const differences = verdicts.filter((verdict) => typeof verdict === "object");
    const crashed = verdicts.filter((verdict) => verdict === "reference gave up").length;
    counts.compared += verdicts.length - crashed;
    counts.refused += verdicts.filter((verdict) => verdict === "both refuse").length;
    counts.crashed += crashed;
    counts.differed += differences.length;
    return differences;
  }

  /** Compares programs that load, together, and in halves if they differ. */
  private compareLoaded(trials: readonly Trial[], view: View): Verdict[] {
    if (trials.length < 2) return trials.map((trial) => this.compareAlone(trial, view));
    if (this.agreeOn(trials, view)) return trials.map(() => "same");
    return halves(trials).flatMap((half) => this.compareLoaded(half, view));
  }

  /** True when the output of all of them together is the same on both sides. */
  private agreeOn(trials: readonly Trial[], view: View): boolean {
    const files = trials.map((trial) => trial.file);
    const protos = trials.flatMap(({ outcome }) =>
      outcome.kind === "loaded" ? outcome.proto : [],
    );
    if (view === "listing") {
      const { status, stdout } = this.oracle.list(files);
      return status === 0 && maskAddresses(stdout) === maskAddresses(this.subject.list(protos));
    }
    const { status, output } = this.oracle.compile(files, optionsFor(view));
    const ours = this.subject.encode(protos, view === "stripped");
    return status === 0 && output !== undefined && same(output, ours);
  }

  /** Compares the messages of programs that do not load. */
  private compareRefused(trials: readonly Trial[]): Verdict[] {
    if (trials.length === 0) return [];
    const messages = this.oracle.messages(trials.map((trial) => trial.file));
    if (messages === undefined && trials.length > 1) {
      return halves(trials).flatMap((half) => this.compareRefused(half));
    }
    return trials.map((trial, i) => {
      const theirs = messages?.[i] ?? "";
      const ours = trial.outcome.kind === "refused" ? trial.outcome.error.message : "";
      const isSure = theirs === ours && !DEPENDS_ON_DEPTH.test(theirs) && i % ALONE_ONE_IN !== 0;
      return isSure ? "both refuse" : this.compareAlone(trial, "plain");
    });
  }

  /** Compares one trial through a run of its own, and counts nothing. */
  compareAlone(trial: Trial, view: View): Verdict {
    const answer =
      view === "listing"
        ? this.oracle.list([trial.file])
        : this.oracle.compile([trial.file], optionsFor(view));
    if (hasGivenUp(answer)) return "reference gave up";
    const ours = ourResult(this.subject, trial.outcome, view);
    const theirs = theirResult(answer, view);
    if (isSameResult(ours, theirs)) return ours.kind === "message" ? "both refuse" : "same";
    return { trial, view, ours, theirs };
  }
}

/** Trials that can share an output file, those that can share a script, and all others. */
function divide(trials: readonly Trial[]): Record<"loaded" | "refused" | "alone", Trial[]> {
  const loaded: Trial[] = [];
  const refused: Trial[] = [];
  const alone: Trial[] = [];
  for (const trial of trials) {
    const { sample, outcome, encodes } = trial;
    if (sample.alone) alone.push(trial);
    else if (outcome.kind === "refused") refused.push(trial);
    else if (outcome.kind === "loaded" && encodes) loaded.push(trial);
    else alone.push(trial);
  }
  return { loaded, refused, alone };
}

/** A list in two parts. */
function halves<T>(list: readonly T[]): T[][] {
  const middle = list.length >> 1;
  return [list.slice(0, middle), list.slice(middle)];
}

/** Killed by a signal, or out of memory. */
function hasGivenUp({ status, message }: Answer): boolean {
  return status === null || message === OUT_OF_MEMORY;
}

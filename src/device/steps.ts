/**
 * The steps of a load of Lua 5.1, in the order in which they end, with what became of each. Source: lfs51.md
 * §9.1–§9.3.
 */
import type { LuaString } from "../base/lua-string.ts";

/** What a step makes sure of or does, in plain words. */
export const STEP_TITLES = {
  region: "the firmware has an LFS region that it may write",
  memory: "there is memory for the loader's own use",
  file: "the file exists",
  size: "the file is longer than 200 bytes",
  blocks: "there is memory for the blocks it inflates into",
  version: "the image format has the firmware's version",
  build: "packed or unpacked values, as in the firmware",
  signature: "the signature is that of the firmware",
  fit: "the image fits into the region",
  length: "the lengths of image, bitmap and file agree",
  bitmap: "there is memory for the bitmap",
  inflate: "the file inflates to its end",
  distance: "no copy reaches further back than the device can",
  checksum: "the CRC-32 is that of the data",
  erase: "the sectors of the image are erased",
  write: "the image is relocated and written",
  finish: "the signature is written without its load-in-progress bit",
} as const;

export type StepName = keyof typeof STEP_TITLES;

export type StepOutcome = "passed" | "failed" | "not reached";

export interface LoadStep<Name extends string = StepName> {
  readonly name: Name;
  readonly title: string;
  readonly outcome: StepOutcome;
  /** The device's own text for the failure. */
  readonly message?: LuaString;
  /** What was found, in plain words. */
  readonly detail?: string;
}

export const STEP_NAMES = Object.keys(STEP_TITLES) as readonly StepName[];

/** Collects what became of each step of one load. */
export class StepList<Name extends string> {
  private readonly titles: Readonly<Record<Name, string>>;
  private readonly known = new Map<Name, LoadStep<Name>>();

  /** @param titles of the steps, in their order */
  constructor(titles: Readonly<Record<Name, string>>) {
    this.titles = titles;
  }

  passed(name: Name, detail?: string): void {
    this.note(name, "passed", { ...(detail !== undefined && { detail }) });
  }

  failed(name: Name, message: LuaString | undefined, detail: string | undefined): void {
    this.note(name, "failed", {
      ...(message !== undefined && { message }),
      ...(detail !== undefined && { detail }),
    });
  }

  has(name: Name): boolean {
    return this.known.has(name);
  }

  /** Every step there is, in order. */
  all(): readonly LoadStep<Name>[] {
    const names = Object.keys(this.titles) as Name[];
    return names.map(
      (name) => this.known.get(name) ?? { name, title: this.titles[name], outcome: "not reached" },
    );
  }

  private note(name: Name, outcome: StepOutcome, more: Pick<LoadStep, "message" | "detail">): void {
    this.known.set(name, { name, title: this.titles[name], outcome, ...more });
  }
}

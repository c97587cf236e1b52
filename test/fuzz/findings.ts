/**
 * What a campaign found, each with an input made as small as possible, and how it is kept: two
 * files that can be moved to the folder `found`, where the test of this folder tries them again.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Fails, minimiseSource } from "./minimise.ts";
import { examine } from "./properties.ts";
import { isSameResult, ourResult, type Result, summary, type View } from "./result.ts";
import type { Kind, Sample } from "./sample.ts";
import type { Subject } from "./subject.ts";

/** Something that must not be. */
export interface Finding {
  readonly target: string;
  readonly kind: Kind;
  readonly id: string;
  /** A property of our own, or the view in which the reference differs. */
  readonly aspect: "property" | View;
  /** Name of the input's file when it was found; in a program it is part of the result. */
  readonly file: string;
  readonly ours: Result;
  /** What the reference makes of the input; undefined for a property. */
  readonly theirs: Result | undefined;
  /** A small input that shows it. */
  readonly input: Uint8Array;
}

/** A finding as it is kept: without what was wrong with us, as that will be put right. */
export type KeptFinding = Omit<Finding, "ours">;

/** A sample's input made as small as possible; damaged chunks are small and stay as they are. */
export function minimised({ kind, bytes }: Sample, fails: Fails, tries: number): Uint8Array {
  return kind === "binary" ? bytes : minimiseSource(bytes, fails, tries);
}

/**
 * Writes a finding: the input, and beside it what is known of it.
 * @returns the path of the input
 */
export function saveFinding(finding: Finding, folder: string): string {
  const { input, ours, ...facts } = finding;
  const { target, kind, id } = facts;
  const path = join(folder, `${target}-${kind}-${id}.${kind === "binary" ? "lc" : "lua"}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, input);
  writeFileSync(`${path}.json`, `${JSON.stringify(facts, null, 2)}\n`);
  return path;
}

/** Reads a finding that was kept. @param path of the input */
export function loadFinding(path: string): KeptFinding {
  const facts: Omit<KeptFinding, "input"> = JSON.parse(readFileSync(`${path}.json`, "utf8"));
  return { ...facts, input: readFileSync(path) };
}

/**
 * What is wrong today with a finding that was kept, in a few lines for people; undefined when it
 * was put right.
 */
export function retryFinding(finding: KeptFinding, subject: Subject): string | undefined {
  const { kind, id, aspect, file, theirs, input } = finding;
  const { outcome, complaint } = examine(subject, { kind, id, bytes: input, alone: true }, file);
  if (complaint !== undefined || aspect === "property" || theirs === undefined) return complaint;
  const ours = ourResult(subject, outcome, aspect);
  return isSameResult(ours, theirs) ? undefined : findingText({ ...finding, ours });
}

/** A finding in a few lines, for people. */
export function findingText({ target, kind, id, aspect, ours, theirs }: Finding): string {
  const head = `${target}: ${kind} ${id}, ${aspect}`;
  if (theirs === undefined) return `${head}\n  ours:   ${ours.text}`;
  return `${head}\n  ours:   ${summary(ours, theirs)}\n  theirs: ${summary(theirs, ours)}`;
}

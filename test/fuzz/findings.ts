/** What a campaign found, each with an input made as small as possible. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { View } from "./compare.ts";
import { type Fails, minimiseSource } from "./minimise.ts";
import type { Kind, Sample } from "./sample.ts";

/** Something that must not be. */
export interface Finding {
  readonly target: string;
  readonly kind: Kind;
  readonly id: string;
  /** A property of our own, or the {@link View} in which the reference differs. */
  readonly aspect: "property" | View;
  readonly ours: string;
  /** Empty for a property. */
  readonly theirs: string;
  /** A small input that shows it. */
  readonly input: Uint8Array;
}

/** A sample's input made as small as possible; damaged chunks are small and stay as they are. */
export function minimised({ kind, bytes }: Sample, fails: Fails, tries: number): Uint8Array {
  return kind === "binary" ? bytes : minimiseSource(bytes, fails, tries);
}

/**
 * Writes the input of a finding, and beside it what was found.
 * @returns the path of the input
 */
export function saveFinding(finding: Finding, folder: string): string {
  const { input, ...facts } = finding;
  const { target, kind, id } = facts;
  const path = join(folder, `${target}-${kind}-${id}.${kind === "binary" ? "lc" : "lua"}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, input);
  writeFileSync(`${path}.json`, `${JSON.stringify(facts, null, 2)}\n`);
  return path;
}

/** A finding in a few lines, for people. */
export function findingText({ target, kind, id, aspect, ours, theirs }: Finding): string {
  const lines = [`${target}: ${kind} ${id}, ${aspect}`, `  ours:   ${ours}`];
  if (theirs !== "") lines.push(`  theirs: ${theirs}`);
  return lines.join("\n");
}

/** Runs cases with the product, in process, against a host that lives in memory. */
import { readFileSync } from "node:fs";
import { runLuacCross } from "../../src/cli/luac-cross.ts";
import { MemoryHost } from "../support/memory-host.ts";
import {
  type Answer,
  type CaseRecord,
  differences,
  expectedAnswer,
  recordedAnswer,
  toAnswer,
} from "./answers.ts";
import { type Outcome, RECORDED_TIME, type Topic, type VectorCase } from "./case.ts";
import { answersPath } from "./topics.ts";

/** The answers on record for a topic, by case name. */
export function readRecords(topic: Topic): Readonly<Record<string, CaseRecord>> {
  const text = readFileSync(answersPath(topic), "utf8");
  return JSON.parse(text) as Record<string, CaseRecord>;
}

/** What luacross shows when it is called as the case says, for one target. */
export function runProduct(vector: VectorCase, target: string): Outcome {
  const { files, stdin = "", stdoutIsFull = false, programName = "luac.cross" } = vector;
  const args = ["--target", target, ...(vector.own ?? []), ...vector.args];
  const now = RECORDED_TIME;
  const host = new MemoryHost({ args, files, stdin, stdoutIsFull, programName, now });
  const exit = runLuacCross(host);
  return { exit, stdout: host.stdout, stderr: host.stderr, files: host.changedFiles() };
}

/** What differs from the record, with the case's deviations in place. */
export function replay(vector: VectorCase, record: CaseRecord, target: string): string[] {
  const recorded = recordedAnswer(record, target);
  if (!recorded) return ["no answer on record"];
  const expected: Answer = expectedAnswer(vector, recorded, target);
  return differences(expected, toAnswer(vector, runProduct(vector, target)));
}

/** Why the target's answer may differ from the record, if the case says so. */
export function reasonsOf(vector: VectorCase, target: string): string {
  const deviations = (vector.deviations ?? []).filter(({ targets }) => targets.includes(target));
  return deviations.map(({ reason }) => ` (deviates: ${reason})`).join("");
}

/**
 * Records what the reference answers to every case: `npm run vectors [-- --check] [TOPIC…]`.
 * The environment variable LUACROSS_REFERENCE names a directory with one reference executable per
 * target, each called as its target. With `--check` nothing is written; the answers are compared
 * with those on record. LUACROSS_CLOCK names the library libfaketime, which stops the clock of the
 * executables: images hold the time as it is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Answer,
  type CaseRecord,
  serialize,
  targetsOf,
  toAnswer,
  toRecord,
} from "./answers.ts";
import type { Topic, VectorCase } from "./case.ts";
import { LUACROSS_CLOCK, runReference } from "./run-reference.ts";
import { answersPath, TOPICS, topicTitle } from "./topics.ts";

/** No answers file may be larger, so that reviews stay possible. */
const MAX_FILE_SIZE = 500_000;

function recordCase(reference: string, vector: VectorCase): CaseRecord {
  const answers = new Map<string, Answer>();
  for (const target of targetsOf(vector)) {
    answers.set(target, toAnswer(vector, runReference(join(reference, target), vector)));
  }
  return toRecord(answers);
}

function recordTopic(reference: string, topic: Topic): string {
  const records: Record<string, CaseRecord> = {};
  for (const vector of topic.cases) {
    if (vector.name in records) throw new Error(`${topic.name}: two cases '${vector.name}'`);
    // JavaScript would move such a key to the front.
    if (/^\d+$/.test(vector.name)) throw new Error(`${topic.name}: '${vector.name}' is a number`);
    records[vector.name] = recordCase(reference, vector);
  }
  const text = serialize(records);
  if (text.length > MAX_FILE_SIZE)
    throw new Error(`${topic.name}: ${text.length} bytes of answers`);
  return text;
}

function main(args: readonly string[]): number {
  const reference = process.env.LUACROSS_REFERENCE;
  if (!reference) {
    console.error("LUACROSS_REFERENCE must name the folder of the reference executables");
    return 1;
  }
  if (LUACROSS_CLOCK === "") {
    console.error("LUACROSS_CLOCK must name the library that stops the clock");
    return 1;
  }
  const check = args.includes("--check");
  const wanted = args.filter((arg) => arg !== "--check");
  const topics = TOPICS.filter((topic) => {
    const names = [topic.name, topicTitle(topic)];
    return wanted.length === 0 || wanted.some((name) => names.includes(name));
  });
  let different = 0;
  for (const topic of topics) {
    const text = recordTopic(reference, topic);
    const path = answersPath(topic);
    const same = !check || readFileSync(path, "latin1") === text;
    if (!check) writeFileSync(path, text);
    if (!same) different++;
    console.log(
      `${topicTitle(topic)}: ${topic.cases.length} cases, ${text.length} bytes${same ? "" : ", DIFFERENT"}`,
    );
  }
  return different > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));

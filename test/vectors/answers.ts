/**
 * The form in which answers are recorded, and the comparison with it.
 *
 *     answers file = { case name: record, … }, one case per line
 *     record       = { channel: [ group, … ], … }      channels: exit, stdout, stdoutChunk,
 *                                                      stderr, and `file NAME`
 *     group        = { targets: "all" | [ target, … ], value }
 *     value        = exit status or signal name | text | { hex } | { length, sha256 [, start] }
 *
 * Within a channel, targets that gave the same answer stand in one group. A channel without any
 * group for a target was empty: no text printed, no such file written. Every target has an `exit`.
 */
import { createHash } from "node:crypto";
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Outcome, VectorCase } from "./case.ts";
import { LUA51_TARGETS } from "./case.ts";
import { maskAddresses, maskChunkTime, maskListedTime } from "./masks.ts";

export type Value =
  | number
  | string
  | { readonly hex: string }
  | { readonly length: number; readonly sha256: string; readonly start?: string };

export interface Group {
  readonly targets: "all" | readonly string[];
  readonly value: Value;
}

export type CaseRecord = Readonly<Record<string, readonly Group[]>>;

/** What one run showed: channel → value; empty channels are left out. */
export type Answer = Readonly<Record<string, Value>>;

/** Chunks, and images, of more bytes are recorded as length and digest. */
const MAX_CHUNK = 600;
const MAX_IMAGE = 300;
/** So are texts of more units, with their first {@link START} units for the reader. */
const MAX_TEXT = 4000;
const START = 160;

export function targetsOf(vector: VectorCase): readonly string[] {
  return vector.targets ?? LUA51_TARGETS;
}

/** An outcome masked, split into channels and shortened. */
export function toAnswer(vector: VectorCase, outcome: Outcome): Answer {
  const lookup = vector.args.includes("-i");
  const answer: Record<string, Value> = { exit: outcome.exit };
  const [text, chunk] = splitStdout(vector, outcome.stdout);
  const listing = maskAddresses(text);
  if (text) answer.stdout = textValue(lookup ? maskListedTime(listing) : listing);
  if (chunk) answer.stdoutChunk = bytesValue(lookup ? maskChunkTime(chunk) : chunk);
  if (outcome.stderr) answer.stderr = textValue(outcome.stderr);
  for (const name of Object.keys(outcome.files).sort()) {
    const contents = outcome.files[name];
    answer[`file ${name}`] = bytesValue(lookup ? maskChunkTime(contents) : contents);
  }
  return answer;
}

/** How chunks and images begin. */
const BEGINNINGS = ["\x1bLua", "\x1f\x8b\x08", "\x51\xa1\xfa", "\x53\xa1\xfa", "\x55\xa1\xfa"];

/** With `-o -` stdout is text, then a chunk or an image. */
function splitStdout(vector: VectorCase, stdout: LuaString): [LuaString, LuaString] {
  const output = vector.args.lastIndexOf("-o");
  if (vector.args[output + 1] !== "-") return [stdout, ""];
  const places = BEGINNINGS.map((text) => stdout.indexOf(text)).filter((at) => at >= 0);
  const start = Math.min(...places, stdout.length);
  return [stdout.slice(0, start), stdout.slice(start)];
}

function textValue(text: LuaString): Value {
  return text.length <= MAX_TEXT ? text : { ...digest(text), start: text.slice(0, START) };
}

function bytesValue(bytes: LuaString): Value {
  const most = bytes.startsWith(BEGINNINGS[0]) ? MAX_CHUNK : MAX_IMAGE;
  return bytes.length <= most ? { hex: hexOf(bytes) } : digest(bytes);
}

function hexOf(bytes: LuaString): string {
  return Buffer.from(toBytes(bytes)).toString("hex");
}

function digest(bytes: LuaString): { length: number; sha256: string } {
  const sha256 = createHash("sha256").update(toBytes(bytes)).digest("hex");
  return { length: bytes.length, sha256 };
}

/** Groups the answers of a case's targets channel by channel. */
export function toRecord(answers: ReadonlyMap<string, Answer>): CaseRecord {
  const channels = new Set([...answers.values()].flatMap((answer) => Object.keys(answer)));
  const record: Record<string, Group[]> = {};
  for (const channel of channels) record[channel] = groupsOf(channel, answers);
  return record;
}

function groupsOf(channel: string, answers: ReadonlyMap<string, Answer>): Group[] {
  const byValue = new Map<string, { targets: string[]; value: Value }>();
  for (const [target, answer] of answers) {
    if (!(channel in answer)) continue;
    const key = JSON.stringify(answer[channel]);
    const group = byValue.get(key) ?? { targets: [], value: answer[channel] };
    byValue.set(key, group);
    group.targets.push(target);
  }
  const isAll = (targets: string[]) => targets.length === answers.size;
  return [...byValue.values()].map(({ targets, value }) => ({
    targets: isAll(targets) ? "all" : targets,
    value,
  }));
}

/** What was recorded for one target, or undefined when nothing was. */
export function recordedAnswer(record: CaseRecord, target: string): Answer | undefined {
  const answer: Record<string, Value> = {};
  for (const [channel, groups] of Object.entries(record)) {
    const group = groups.find(({ targets }) => targets === "all" || targets.includes(target));
    if (group) answer[channel] = group.value;
  }
  return "exit" in answer ? answer : undefined;
}

/** The recorded answer with the parts replaced that a deviation of the case states. */
export function expectedAnswer(vector: VectorCase, recorded: Answer, target: string): Answer {
  let expected = recorded;
  for (const deviation of vector.deviations ?? []) {
    if (deviation.targets.includes(target)) expected = replaced(vector, expected, deviation.expect);
  }
  return expected;
}

function replaced(vector: VectorCase, recorded: Answer, expect: Partial<Outcome>): Answer {
  const stated = toAnswer(vector, { exit: 0, stdout: "", stderr: "", files: {}, ...expect });
  const isStated = (channel: string) => {
    if (channel.startsWith("file ")) return "files" in expect;
    return (channel === "stdoutChunk" ? "stdout" : channel) in expect;
  };
  const kept = Object.entries(recorded).filter(([channel]) => !isStated(channel));
  const added = Object.entries(stated).filter(([channel]) => isStated(channel));
  return Object.fromEntries([...kept, ...added]);
}

/** One line per channel that differs; none when the answers are the same. */
export function differences(expected: Answer, actual: Answer): string[] {
  const channels = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...channels]
    .filter((channel) => JSON.stringify(expected[channel]) !== JSON.stringify(actual[channel]))
    .map(
      (channel) => `${channel}: expected ${show(expected, channel)}, got ${show(actual, channel)}`,
    );
}

function show(answer: Answer, channel: string): string {
  return channel in answer ? JSON.stringify(answer[channel]) : "nothing";
}

/** The text of an answers file: one case per line, ASCII only. */
export function serialize(records: Readonly<Record<string, CaseRecord>>): string {
  const lines = Object.entries(records).map(
    ([name, record]) => `${JSON.stringify(name)}: ${JSON.stringify(record)}`,
  );
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `{\n${lines.join(",\n")}\n}\n`.replace(/[^\n -~]/g, escapeUnit);
}

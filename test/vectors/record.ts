/**
 * Records what the reference answers to every case: `npm run vectors [-- --check] [TOPIC…]`.
 * The environment variable LUACROSS_REFERENCE names a directory with one reference executable per
 * target, each called as its target. With `--check` nothing is written; the answers are compared
 * with those on record. LUACROSS_CLOCK names the library libfaketime, which stops the clock of the
 * executables: images hold the time as it is.
 */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import {
  type Answer,
  type CaseRecord,
  serialize,
  targetsOf,
  toAnswer,
  toRecord,
} from "./answers.ts";
import { type Outcome, RECORDED_TIME, type Topic, type VectorCase } from "./case.ts";
import { ANSWERS_FOLDER, TOPICS } from "./topics.ts";

/** No answers file may be larger, so that reviews stay possible. */
const MAX_FILE_SIZE = 500_000;
const TIME_LIMIT = 120_000;

const { LUACROSS_CLOCK = "" } = process.env;
const STOPPED_CLOCK = {
  LD_PRELOAD: LUACROSS_CLOCK,
  FAKETIME: `@${new Date(RECORDED_TIME * 1000).toISOString().slice(0, 19).replace("T", " ")}`,
  TZ: "UTC",
};

/** Runs one case with one executable in a folder of its own. */
function runReference(executable: string, vector: VectorCase): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "vectors-"));
  const stdout = vector.stdoutIsFull ? openSync("/dev/full", "w") : "pipe";
  try {
    for (const [name, contents] of Object.entries(vector.files)) place(folder, name, contents);
    const result = spawnSync(executable, vector.args, {
      argv0: vector.programName ?? "luac.cross",
      cwd: folder,
      env: STOPPED_CLOCK,
      input: toBytes(vector.stdin ?? ""),
      stdio: ["pipe", stdout, "pipe"],
      timeout: TIME_LIMIT,
      maxBuffer: 1 << 28,
    });
    // A program that does not read its standard input is no failure.
    const { error } = result as { error?: NodeJS.ErrnoException };
    if (error && error.code !== "EPIPE") throw error;
    return {
      exit: result.signal ?? result.status ?? "unknown",
      stdout: fromBytes(result.stdout ?? new Uint8Array()),
      stderr: fromBytes(result.stderr),
      files: changedFiles(folder, vector.files),
    };
  } finally {
    if (stdout !== "pipe") closeSync(stdout);
    rmSync(folder, { recursive: true });
  }
}

function place(folder: string, name: string, contents: LuaString): void {
  const path = join(folder, name);
  mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
  if (!name.endsWith("/")) writeFileSync(path, toBytes(contents));
}

/** The files below `folder` that are not, byte for byte, among `before`. */
function changedFiles(
  folder: string,
  before: Readonly<Record<string, LuaString>>,
): Record<string, LuaString> {
  const changed: Record<string, LuaString> = {};
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names) {
    if (!statSync(join(folder, name)).isFile()) continue;
    const contents = fromBytes(readFileSync(join(folder, name)));
    if (before[name] !== contents) changed[name] = contents;
  }
  return changed;
}

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
  const topics = TOPICS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  let different = 0;
  for (const topic of topics) {
    const text = recordTopic(reference, topic);
    const path = join(ANSWERS_FOLDER, `${topic.name}.answers.json`);
    const same = !check || readFileSync(path, "latin1") === text;
    if (!check) writeFileSync(path, text);
    if (!same) different++;
    console.log(
      `${topic.name}: ${topic.cases.length} cases, ${text.length} bytes${same ? "" : ", DIFFERENT"}`,
    );
  }
  return different > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));

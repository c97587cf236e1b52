/**
 * Runs a case with a reference executable, in a folder of its own and with a clock that stands
 * still: the environment variable LUACROSS_CLOCK names the library libfaketime.
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
import { type Outcome, RECORDED_TIME, type VectorCase } from "./case.ts";

const TIME_LIMIT = 120_000;

/** Empty when there is none. */
export const LUACROSS_CLOCK = process.env.LUACROSS_CLOCK ?? "";
const STOPPED_CLOCK = {
  LD_PRELOAD: LUACROSS_CLOCK,
  FAKETIME: `@${new Date(RECORDED_TIME * 1000).toISOString().slice(0, 19).replace("T", " ")}`,
  TZ: "UTC",
};

/** Runs one case with one executable in a folder of its own. */
export function runReference(executable: string, vector: VectorCase): Outcome {
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

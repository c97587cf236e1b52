/**
 * The {@link Host} of a real process under Node. It touches `process.stdout` and `process.stderr`
 * only where it must: creating these streams takes longer than compiling a file.
 */
import { fstatSync } from "node:fs";
import { basename } from "node:path";
import { type LuaString, toBytes } from "../base/lua-string.ts";
import type { Host } from "./host.ts";
import { openFolder } from "./node-board-files.ts";
import { isSameFile, readStream, readWholeFile, writeAll, writeWholeFile } from "./node-files.ts";
import type { ProgramParts } from "./script-parts.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

const ON_WINDOWS = process.platform === "win32";

/** Of a host that runs no programs. */
const NO_PROGRAMS: ProgramParts = {
  scripts: undefined,
  scriptHost: notBuilt,
  openTerminal: notBuilt,
};

function notBuilt(): never {
  throw new Error("this command was built without what runs programs");
}

/**
 * @param usualName name of the program when Node cannot tell how it was invoked
 * @param parts what runs programs, as far as that is wanted
 */
export function nodeHost(usualName: string, parts: Partial<ProgramParts> = {}): Host {
  let stdinIsRead = false;
  return {
    args: process.argv.slice(2),
    programName: invokedName(process.argv[1]) || usualName,
    env: process.env,
    get stderrIsTerminal() {
      return isTerminal(STDERR, () => process.stderr.isTTY);
    },
    get stdoutIsTerminal() {
      return isTerminal(STDOUT, () => process.stdout.isTTY);
    },
    readFile: readWholeFile,
    isSameFile,
    readStdin() {
      if (stdinIsRead) return new Uint8Array(0);
      stdinIsRead = true;
      return readStream(STDIN);
    },
    writeFile: writeWholeFile,
    writeStdout(bytes) {
      if (ON_WINDOWS && process.stdout.isTTY) process.stdout.write(bytes);
      else writeAll(STDOUT, bytes);
    },
    writeStderr,
    now: () => Math.floor(Date.now() / 1000),
    ...NO_PROGRAMS,
    ...parts,
    openFolder,
    random: () => Math.floor(Math.random() * 2 ** 32),
  };
}

/** The name of the link or script that was run; the shims of npm keep it. */
function invokedName(script: string | undefined): string {
  return basename(script ?? "").replace(/\.c?js$/, "");
}

/** @param ask the stream's own answer, for what may be a terminal */
function isTerminal(file: number, ask: () => boolean): boolean {
  try {
    return (ON_WINDOWS || fstatSync(file).isCharacterDevice()) && ask() === true;
  } catch {
    return false;
  }
}

/** A Windows console takes text, not bytes, so there the stream must translate. */
function writeStderr(text: LuaString): void {
  const bytes = toBytes(text);
  if (ON_WINDOWS && process.stderr.isTTY) {
    process.stderr.write(bytes);
    return;
  }
  try {
    writeAll(STDERR, bytes);
  } catch {
    // There is no one left to tell.
  }
}

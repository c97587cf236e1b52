/**
 * The reference executable, when there is one: the environment variable LUACROSS_REFERENCE names a
 * folder with one executable per target.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join, resolve } from "node:path";
import type { Lap } from "./contender-process.ts";
import type { SourceFile } from "./sources.ts";

/** It takes 7,999 inputs; command lines have limits, too. */
const FILES_PER_PROCESS = 4000;

const MAX_STDERR = 1 << 20;

export class Reference {
  readonly executable: string;

  private constructor(executable: string) {
    this.executable = executable;
  }

  /** @returns the reason, in words, where there is none */
  static find(targetName: string): Reference | string {
    const folder = process.env.LUACROSS_REFERENCE;
    if (!folder) return "LUACROSS_REFERENCE is not set";
    const executable = resolve(folder, targetName);
    return existsSync(executable) ? new Reference(executable) : `no ${executable}`;
  }

  /** Compiles all files in one process, or in few if there are very many, to nowhere. */
  lap(folder: string, files: readonly SourceFile[]): Lap {
    let milliseconds = 0;
    for (const names of inBatches(files)) {
      const start = performance.now();
      this.run(folder, devNull, names);
      milliseconds += performance.now() - start;
    }
    return { milliseconds, size: 0 };
  }

  /**
   * Compiles files to one output each time.
   *
   * @param output a file to use; each result is read before the next is written
   */
  *outputs(folder: string, output: string, files: readonly SourceFile[]): Generator<Combined> {
    for (const names of inBatches(files)) {
      this.run(folder, output, names);
      yield { names, bytes: new Uint8Array(readFileSync(join(folder, output))) };
    }
  }

  /** @throws when it does not do it, with its own words */
  run(folder: string, output: string, names: readonly string[]): void {
    const { error, status, stderr } = spawnSync(this.executable, ["-o", output, ...names], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      maxBuffer: MAX_STDERR,
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`the reference says: ${stderr.toString("latin1").trim()}`);
  }
}

/** What became of several files: one chunk, the compiled files one after another inside it. */
export interface Combined {
  readonly names: readonly string[];
  readonly bytes: Uint8Array;
}

function inBatches(files: readonly SourceFile[]): string[][] {
  const batches: string[][] = [];
  for (let start = 0; start < files.length; start += FILES_PER_PROCESS) {
    batches.push(files.slice(start, start + FILES_PER_PROCESS).map(({ name }) => name));
  }
  return batches;
}

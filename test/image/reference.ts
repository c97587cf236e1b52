/**
 * Asks a reference executable for images. The environment variable LUACROSS_REFERENCE names a
 * folder with one executable per target, each called as its target.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { readImage51 } from "../../src/image/read51.ts";
import type { Inputs } from "./subject.ts";

export interface ImageAnswer {
  readonly status: number | string | null;
  /** Without the program's name. */
  readonly message: LuaString;
  readonly stdout: LuaString;
  readonly file: Uint8Array;
}

export function referenceFolder(): string {
  const folder = process.env.LUACROSS_REFERENCE;
  if (folder === undefined) throw new Error("LUACROSS_REFERENCE does not name a folder");
  return folder;
}

/** The time an image holds: the clock of the run that made it. */
export function timeOf(file: Uint8Array): number {
  const { time } = readImage51(file, { allowBadCode: true });
  if (time === undefined) throw new Error("the reference's image has no time");
  return time;
}

/** A folder with the inputs of one case, for any number of runs. */
export class ReferenceCase {
  private readonly folder = mkdtempSync(join(tmpdir(), "lfs51-"));
  private readonly paths: readonly string[];

  constructor(inputs: Inputs) {
    this.paths = Object.keys(inputs);
    for (const [path, contents] of Object.entries(inputs)) {
      mkdirSync(join(this.folder, dirname(path)), { recursive: true });
      const bytes = typeof contents === "string" ? toBytes(contents) : contents;
      writeFileSync(join(this.folder, path), bytes);
    }
  }

  build(target: string, options: readonly string[]): ImageAnswer {
    const output = join(this.folder, "out.img");
    rmSync(output, { force: true });
    const executable = join(referenceFolder(), target);
    const { status, signal, stdout, stderr } = spawnSync(
      executable,
      [...options, "-o", "out.img", ...this.paths],
      { cwd: this.folder, argv0: "luac.cross", timeout: 60_000 },
    );
    return {
      status: signal ?? status,
      message: fromBytes(stderr)
        .replace(/^luac\.cross: /, "")
        .replace(/\n$/, ""),
      stdout: fromBytes(stdout),
      file: readIfThere(output),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readIfThere(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return new Uint8Array(0);
  }
}

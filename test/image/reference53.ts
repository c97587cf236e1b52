/**
 * Asks reference executables of Lua 5.3 for chunks and images. The environment variable
 * LUACROSS_REFERENCE names a folder with one executable per target.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { referenceFolder } from "./reference.ts";

export interface Answer53 {
  /** The signal's name if there was one. */
  readonly status: number | string | null;
  /** Without the program's name. */
  readonly message: LuaString;
  /** Empty when none was written. */
  readonly file: Uint8Array;
}

/** A folder with inputs, for any number of runs. */
export class ReferenceFolder53 {
  readonly folder = mkdtempSync(join(tmpdir(), "lfs53-"));

  write(path: string, contents: LuaString | Uint8Array): void {
    mkdirSync(join(this.folder, dirname(path)), { recursive: true });
    const bytes = typeof contents === "string" ? toBytes(contents) : contents;
    writeFileSync(join(this.folder, path), bytes);
  }

  /** What `luac.cross OPTIONS -o FILE INPUTS` writes. */
  run(target: string, options: readonly string[], inputs: readonly string[] = []): Answer53 {
    rmSync(join(this.folder, "out.bin"), { force: true });
    const { status, signal, stderr } = spawnSync(
      join(referenceFolder(), target),
      [...options, "-o", "out.bin", ...inputs],
      { cwd: this.folder, argv0: "luac.cross", timeout: 60_000 },
    );
    const message = fromBytes(stderr)
      .replace(/^luac\.cross: /, "")
      .trimEnd();
    return { status: signal ?? status, message, file: this.output() };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private output(): Uint8Array {
    try {
      return new Uint8Array(readFileSync(join(this.folder, "out.bin")));
    } catch {
      return new Uint8Array(0);
    }
  }
}

/** The generation whose compilers make absolute images. */
export function makesAbsoluteImages(target: string): boolean {
  return target.startsWith("esp32");
}

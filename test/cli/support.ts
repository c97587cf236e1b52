/** Runs commands for the tests: in memory, or as the processes users start. */
import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { fromText, type LuaString } from "../../src/base/lua-string.ts";
import type { Host } from "../../src/cli/host.ts";
import { runLuacCross } from "../../src/cli/luac-cross.ts";
import { MemoryHost, type MemoryHostOptions } from "../support/memory-host.ts";

export interface Outcome {
  readonly status: number;
  readonly stdout: LuaString;
  readonly stderr: LuaString;
  /** Files that are new or changed. */
  readonly files: Readonly<Record<string, LuaString>>;
}

type Options = Omit<MemoryHostOptions, "args"> & {
  /** A person reads stderr. */
  readonly terminal?: boolean;
};

/** What a command does in memory. */
export function runInMemory(
  args: readonly string[],
  { terminal = false, ...options }: Options = {},
  command: (host: Host) => number = runLuacCross,
): Outcome {
  const host = new MemoryHost({ args, ...options });
  Object.defineProperty(host, "stderrIsTerminal", { value: terminal });
  const status = command(host);
  return { status, stdout: host.stdout, stderr: host.stderr, files: host.changedFiles() };
}

/** What a person sees below the message when this source does not compile. */
export function explanationOf(source: string, target = ""): LuaString {
  const outcome = runInMemory(["-p", "x.lua"], {
    files: { "x.lua": fromText(source) },
    env: { LUAC_CROSS_TARGET: target },
    terminal: true,
  });
  const quiet = runInMemory(["-p", "x.lua"], {
    files: { "x.lua": fromText(source) },
    env: { LUAC_CROSS_TARGET: target },
  });
  return outcome.stderr.slice(quiet.stderr.length);
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The package as it would be installed, built from the sources as they are now, in a folder of
 * its own with a blank and a letter beyond ASCII in its name.
 */
export class InstalledPackage {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "luacross tést ")));
  /** An empty folder to work in. */
  readonly work = path.join(this.folder, "work");

  constructor() {
    const build = path.join(root, "scripts/build.mjs");
    const outdir = path.join(this.folder, "dist");
    execFileSync(process.execPath, [build, "--commands-only", "--outdir", outdir]);
    fs.cpSync(path.join(root, "bin"), path.join(this.folder, "bin"), { recursive: true });
    fs.mkdirSync(this.work);
    // Others may look in: some tests run as another user.
    fs.chmodSync(this.folder, 0o755);
    fs.chmodSync(this.work, 0o777);
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** A path in the work folder. */
  at(name: string): string {
    return path.join(this.work, name);
  }

  /** Runs a command in the work folder. */
  run(
    name: string,
    args: readonly string[],
    options: { readonly input?: string; readonly env?: Record<string, string>; uid?: number } = {},
  ): SpawnSyncReturns<string> {
    const { input = "", env = {}, uid } = options;
    return spawnSync(process.execPath, [path.join(this.folder, "bin", name), ...args], {
      cwd: this.work,
      input,
      env: { ...process.env, LUAC_CROSS_TARGET: "", ...env },
      encoding: "latin1",
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
  }
}

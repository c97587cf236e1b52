/**
 * One small file as a process: what a build script or an editor waits for. `node -e 0` is the least
 * that any program under Node can take.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { COMMAND, compiled, EXAMPLE, type Library } from "./library.ts";
import type { Reference } from "./reference.ts";
import { inTurn, type Times, timesOf } from "./statistics.ts";

/** A module of the example of middle size. */
const MODULE = "mqtt_client.lua";
const OUTPUT = "out.lc";

export interface StartUpResult {
  readonly file: string;
  readonly fileBytes: number;
  readonly rows: readonly StartUpRow[];
  /** What the commands wrote, to be checked when nothing is measured any more. */
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly string[];
}

export interface StartUpRow {
  readonly name: string;
  readonly times?: Times;
  readonly absent?: string;
}

export const NODE_ALONE = "node -e 0";
export const LUAC_CROSS = "node bin/luac.cross";
const REFERENCE = "reference executable";

/** A way to start a process; all are run in the folder that holds the module. */
interface Command {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly writes: boolean;
}

/** @param rounds how often each command is run, one after the other */
export function measureStartUp(
  folder: string,
  reference: Reference | string,
  rounds: number,
): StartUpResult {
  mkdirSync(folder);
  copyFileSync(join(EXAMPLE, MODULE), join(folder, MODULE));
  const commands = commandsFor(reference);
  const times = new Map(commands.map(({ name }) => [name, [] as number[]]));
  const outputs = new Map<string, Uint8Array>();
  const problems: string[] = [];
  // The first run of each finds cold caches and, for ours, makes the code cache.
  for (let round = -1; round < rounds; round++) {
    for (const command of inTurn(commands, round + 1)) {
      const milliseconds = runOnce(command, folder, outputs, problems);
      if (round >= 0) times.get(command.name)!.push(milliseconds);
    }
    if (problems.length > 0) break;
  }
  const rows: StartUpRow[] = [...times]
    .filter(([, measured]) => measured.length > 0)
    .map(([name, measured]) => ({ name, times: timesOf(measured) }));
  if (typeof reference === "string") rows.push({ name: REFERENCE, absent: reference });
  const fileBytes = readFileSync(join(folder, MODULE)).length;
  return { file: MODULE, fileBytes, rows, outputs, problems };
}

function commandsFor(reference: Reference | string): Command[] {
  const compile = ["-o", OUTPUT, MODULE];
  const commands: Command[] = [
    { name: NODE_ALONE, program: process.execPath, args: ["-e", "0"], writes: false },
    { name: LUAC_CROSS, program: process.execPath, args: [COMMAND, ...compile], writes: true },
  ];
  if (typeof reference !== "string") {
    commands.push({
      name: REFERENCE,
      program: reference.executable,
      args: compile,
      writes: true,
    });
  }
  return commands;
}

/**
 * @param outputs receives what the command wrote
 * @param problems receives what went wrong
 * @returns milliseconds
 */
function runOnce(
  { name, program, args, writes }: Command,
  folder: string,
  outputs: Map<string, Uint8Array>,
  problems: string[],
): number {
  const file = join(folder, OUTPUT);
  rmSync(file, { force: true });
  const start = performance.now();
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: "ignore" });
  const milliseconds = performance.now() - start;
  if (error || status !== 0) problems.push(`${name}: ${error?.message ?? `exit ${status}`}`);
  else if (writes) {
    const output = new Uint8Array(readFileSync(file));
    const before = outputs.get(name) ?? output;
    if (!Buffer.from(before).equals(output)) problems.push(`${name}: not always the same output`);
    outputs.set(name, output);
  }
  return milliseconds;
}

/** @returns what is wrong with what the commands wrote, in words */
export function checkStartUp(library: Library, { file, outputs }: StartUpResult): string[] {
  const expected = compiled(library, file, new Uint8Array(readFileSync(join(EXAMPLE, file))));
  return [...outputs]
    .filter(([, output]) => !Buffer.from(expected).equals(output))
    .map(([name]) => `${name}: not the bytes that the library makes of ${file}`);
}

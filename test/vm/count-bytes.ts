/**
 * Runs a program whose `collectgarbage("count")` gives bytes on every target; the reference is made to
 * do that, too, when figures are recorded, for integers would lose them.
 */
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Target } from "../../src/target/target.ts";
import { loadChunk, toolchainFor } from "../../src/toolchain.ts";
import { Machine } from "../../src/vm/machine.ts";
import { memoryInUse } from "../../src/vm/memory-use.ts";
import { openHostLibraries } from "../support/host-libraries.ts";
import { memoryScriptHost } from "../support/script-host.ts";

export interface CountingRun {
  readonly source: LuaString;
  readonly target: Target;
  readonly files?: Readonly<Record<LuaString, LuaString>>;
  readonly memoryLimit?: number;
}

/** The lines it writes. @throws Error when it fails */
export function linesOf(run: CountingRun): readonly string[] {
  const { source, target, memoryLimit } = run;
  const system = memoryScriptHost({ files: run.files ?? {} });
  const toolchain = toolchainFor(target);
  const machine: Machine = new Machine({
    target,
    memoryLimit,
    steps: 3_000_000,
    write: system.host.writeOutput,
    load: (chunk, chunkName) => loadChunk(toolchain, chunk, { chunkName, target }),
  });
  openHostLibraries(machine, system, () => 1024 * memoryInUse(machine));
  const main = machine.loadChunk(toBytes(source), "@program.lua");
  if (typeof main === "string") throw new Error(main);
  const result = machine.call(main, target.libraries.scriptGetsName ? [machine.intern("x")] : []);
  if (!result.ok) throw new Error(result.error.message);
  return system
    .output()
    .split(target.libraries.printsPiecesOnLines ? /\n\n?/ : "\n")
    .filter(Boolean);
}

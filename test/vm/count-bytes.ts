/**
 * Runs a program whose `collectgarbage("count")` gives bytes on every target; the reference is made to
 * do that, too, when figures are recorded, for integers would lose them.
 */
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { isBinaryChunk, skipFirstLine } from "../../src/formats/chunk.ts";
import type { Target } from "../../src/target/target.ts";
import { toolchainFor } from "../../src/toolchain.ts";
import { openGlobals51 } from "../../src/vm/library/globals51.ts";
import { openGlobals53 } from "../../src/vm/library/globals53.ts";
import { Machine } from "../../src/vm/machine.ts";
import { memoryInUse } from "../../src/vm/memory-use.ts";
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
  const { host, output } = memoryScriptHost({ files: run.files ?? {} });
  const toolchain = toolchainFor(target);
  const machine: Machine = new Machine({
    target,
    memoryLimit,
    steps: 3_000_000,
    write: host.writeOutput,
    load: (chunk, chunkName) =>
      isBinaryChunk(chunk)
        ? toolchain.decode(chunk, { chunkName, target })
        : toolchain.compile(chunk, { chunkName, target }),
  });
  const open = { lua51: openGlobals51, lua53: openGlobals53 }[target.dialect.name];
  open(machine, {
    ...host,
    chunkOf: skipFirstLine,
    encode: (proto, strip) => toolchain.encode(proto, { target, strip: strip > 0 }),
    postTask: () => undefined,
    memoryUse: () => 1024 * memoryInUse(machine),
    atExit: () => undefined,
  });
  const main = machine.loadChunk(toBytes(source), "@program.lua");
  if (typeof main === "string") throw new Error(main);
  const result = machine.call(main, target.libraries.scriptGetsName ? [machine.intern("x")] : []);
  if (!result.ok) throw new Error(result.error.message);
  return output()
    .split(target.libraries.printsPiecesOnLines ? /\n\n?/ : "\n")
    .filter(Boolean);
}

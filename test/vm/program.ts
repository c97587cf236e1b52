/** Runs whole programs on the machine, as the reference does with its option `-e`. */
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import type { Target } from "../../src/target/target.ts";
import { toolchainFor } from "../../src/toolchain.ts";
import { openGlobals51 } from "../../src/vm/library/base51.ts";
import { COROUTINE_51 } from "../../src/vm/library/coroutine51.ts";
import { Machine } from "../../src/vm/machine.ts";

export interface Outcome {
  readonly output: LuaString;
  /** The message of an error that ended the program. */
  readonly error: LuaString | undefined;
}

/** @param source one unit per byte */
export function runProgram(source: LuaString, chunkName: LuaString, target: Target): Outcome {
  const output: LuaString[] = [];
  const machine = newMachine(target, (text) => output.push(text));
  const main = machine.loadChunk(toBytes(source), chunkName);
  if (typeof main === "string") return { output: "", error: main };
  const result = machine.call(main);
  const error = result.ok ? undefined : (result.error.message ?? "(null)");
  return { output: output.join(""), error };
}

export function newMachine(target: Target, write: (text: LuaString) => void): Machine {
  const toolchain = toolchainFor(target);
  const machine = new Machine({
    target,
    write,
    load: (chunk, name) =>
      chunk[0] === 27
        ? toolchain.decode(chunk, { chunkName: name, target })
        : toolchain.compile(chunk, { chunkName: name, target }),
  });
  openGlobals51(machine, [COROUTINE_51]);
  return machine;
}

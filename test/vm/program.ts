/** Runs whole programs on the machine, as the reference does with its option `-e`. */
import { type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { runScript } from "../../src/run-script.ts";
import type { Target } from "../../src/target/target.ts";
import { memoryScriptHost } from "../support/script-host.ts";

export interface Outcome {
  readonly output: LuaString;
  /** The message of an error that ended the program. */
  readonly error: LuaString | undefined;
}

/**
 * @param source one unit per byte
 * @param name of its file
 * @param compileAfter see {@link Script.compileAfter}
 */
export function runProgram(
  source: LuaString,
  name: LuaString,
  target: Target,
  compileAfter?: number | false,
): Outcome {
  const { host, output } = memoryScriptHost();
  const options = compileAfter === undefined ? {} : { compileAfter };
  const outcome = runScript(toBytes(source), { target, host, name, ...options });
  const failed = outcome.kind === "failed" || outcome.kind === "stopped";
  return { output: output(), error: failed ? outcome.message : undefined };
}

/** The libraries of the reference's host build in a machine that tests have made themselves. */
import { toolchainFor } from "../../src/toolchain.ts";
import { openGlobals51 } from "../../src/vm/library/globals51.ts";
import { openGlobals53 } from "../../src/vm/library/globals53.ts";
import type { MachineState } from "../../src/vm/state.ts";
import { memoryScriptHost } from "./script-host.ts";

const OPEN_GLOBALS = { lua51: openGlobals51, lua53: openGlobals53 };

/**
 * Opens them over a system in memory.
 *
 * @param memoryUse what `collectgarbage("count")` is told, in bytes
 */
export function openHostLibraries(
  machine: MachineState,
  { host } = memoryScriptHost(),
  memoryUse: () => number = () => 0,
): void {
  const { target } = machine;
  const { encode, skipFirstLine } = toolchainFor(target);
  OPEN_GLOBALS[target.dialect.name](machine, {
    ...host,
    memoryUse,
    chunkOf: skipFirstLine,
    encode: (proto, strip) => encode(proto, { target, strip: strip > 0 }),
    postTask: () => undefined,
    atExit: () => undefined,
  });
}

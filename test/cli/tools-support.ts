/** Runs the commands for images in memory. */
import { runLuacross } from "../../src/cli/luacross.ts";
import { MemoryHost, type MemoryHostOptions } from "../support/memory-host.ts";
import type { Outcome } from "./support.ts";

type Options = Omit<MemoryHostOptions, "args"> & {
  /** A person reads stdout. */
  readonly stdoutIsTerminal?: boolean;
};

/** What `luacross` does with these arguments. */
export function run(
  args: readonly string[],
  { stdoutIsTerminal = false, ...options }: Options = {},
): Outcome {
  const host = new MemoryHost({ args, programName: "luacross", ...options });
  Object.defineProperty(host, "stdoutIsTerminal", { value: stdoutIsTerminal });
  const status = runLuacross(host);
  return { status, stdout: host.stdout, stderr: host.stderr, files: host.changedFiles() };
}

/** Runs a command as a process; the two entry points of the package differ in one line. */
import type { Host } from "./host.ts";
import { nodeHost } from "./node-host.ts";
import type { ProgramParts } from "./script-parts.ts";

/**
 * @param usualName the program's name where Node cannot tell how it was invoked
 * @param command returns the exit status
 * @param parts what runs programs; a command without it starts sooner
 */
export function start(
  usualName: string,
  command: (host: Host) => number,
  parts?: Partial<ProgramParts>,
): void {
  const host = nodeHost(usualName, parts);
  try {
    process.exitCode = command(host);
  } catch (error) {
    const trace = error instanceof Error ? error.stack : String(error);
    host.writeStderr(`${usualName}: internal error, please report it: ${trace}\n`);
    process.exitCode = 70;
  }
}

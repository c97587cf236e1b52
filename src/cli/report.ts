/**
 * What every command does alike: it prints, and when it gives up it says why on stderr and ends
 * with status 1.
 */
import { LuacrossError } from "../base/errors.ts";
import { fromText, type LuaString, toBytes } from "../base/lua-string.ts";
import { DEFAULT_TARGET_NAME, findTarget } from "../target/targets.ts";
import { Failure, hintLine, orCannot, ScriptExit, UsageFailure } from "./failure.ts";
import { BrokenPipe, type Host, type Invocation } from "./host.ts";
import { usageText } from "./usage.ts";

const SUCCESS = 0;
const FAILURE = 1;

/** How V8 refuses a buffer or a string beyond its limits. */
const OUT_OF_MEMORY = /allocation failed|Invalid (string|typed array|array buffer) length/i;

/** Does the work and returns the exit status; only errors of the program itself are thrown on. */
export function statusOf(host: Host, invocation: Invocation, work: () => void): number {
  try {
    work();
    return SUCCESS;
  } catch (error) {
    if (error instanceof ScriptExit) return error.status;
    report(host, invocation, error);
    return FAILURE;
  }
}

/** @throws Failure when standard output cannot take it */
export function print(host: Host, text: LuaString): void {
  if (text === "") return;
  orCannot("stdout", () => host.writeStdout(toBytes(text)));
}

function report(host: Host, { programName }: Invocation, error: unknown): void {
  if (error instanceof BrokenPipe) return;
  const prefix = fromText(programName);
  if (error instanceof UsageFailure) {
    const { rules = findTarget(DEFAULT_TARGET_NAME).commandLine } = error;
    host.writeStderr(`${prefix}: ${error.message}\n${fromText(usageText(programName, rules))}`);
    if (host.stderrIsTerminal) host.writeStderr(hintLine(error.hint));
  } else if (error instanceof Failure || error instanceof LuacrossError) {
    host.writeStderr(`${prefix}: ${error.message}\n`);
    if (error instanceof Failure) host.writeStderr(error.details);
    if (error instanceof Failure && error.explain && host.stderrIsTerminal) {
      host.writeStderr(error.explain());
    }
  } else if (error instanceof RangeError && OUT_OF_MEMORY.test(error.message)) {
    host.writeStderr(`${prefix}: not enough memory\n`);
  } else {
    throw error;
  }
}

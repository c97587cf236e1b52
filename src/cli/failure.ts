/**
 * How a command line gives up: it throws one of these, and `statusOf` in `report.ts` prints it.
 * Messages are Lua strings (one unit per byte) and stand after `progname: `.
 */
import { fromText, type LuaString } from "../base/lua-string.ts";
import type { CommandLineRules } from "../target/command-line.ts";
import { BrokenPipe, SystemError } from "./host.ts";

/** Something went wrong with the work itself: exit status 1 and one line. */
export class Failure extends Error {
  /** More for a person at a terminal, printed below the message; asked for only then. */
  readonly explain: (() => LuaString) | undefined;
  /** Lines for everyone, printed below the message, line ends included. */
  readonly details: LuaString;

  constructor(message: LuaString, explain?: () => LuaString, details: LuaString = "") {
    super(message);
    this.name = "Failure";
    this.explain = explain;
    this.details = details;
  }
}

/** A script has ended everything with that exit status; it has said itself why. */
export class ScriptExit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit status ${status}`);
    this.name = "ScriptExit";
    this.status = status;
  }
}

/** The command line itself is wrong: the usage text follows the message. */
export class UsageFailure extends Error {
  /** A way out for a person at a terminal, below the usage text; one line without its end. */
  readonly hint: string | undefined;
  /** Whose usage text follows; that of the usual target when undefined. */
  readonly rules: CommandLineRules | undefined;

  /** @param message ordinary text, as arguments are */
  constructor(message: string, rules?: CommandLineRules, hint?: string) {
    super(fromText(message));
    this.name = "UsageFailure";
    this.rules = rules;
    this.hint = hint;
  }
}

/**
 * What `operation` returns; a refusal by the system becomes a {@link Failure} that names the file.
 *
 * @param name how the message calls the file
 * @param explain called on a refusal, for the terminal
 */
export function orCannot<Result>(
  name: string,
  operation: () => Result,
  explain?: (refusal: SystemError) => LuaString,
): Result {
  try {
    return operation();
  } catch (error) {
    if (error instanceof SystemError && !(error instanceof BrokenPipe)) {
      throw cannot(name, error, explain);
    }
    throw error;
  }
}

/** What the system refuses in a folder ends the command. @throws Failure */
export function giveUp(place: string, refusal: SystemError): never {
  throw cannot(place, refusal);
}

/** @returns the failure that says which step failed, of which file, and why */
export function cannot(
  name: string,
  refusal: SystemError,
  explain?: (refusal: SystemError) => LuaString,
): Failure {
  const message = fromText(`cannot ${refusal.action} ${name}: ${refusal.reason}`);
  return new Failure(message, explain && (() => explain(refusal)));
}

/** A hint as it is printed below a message; nothing if there is none. */
export function hintLine(hint: string | undefined): LuaString {
  return hint === undefined ? "" : fromText(`hint: ${hint}\n`);
}

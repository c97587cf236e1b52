/**
 * The `luac.cross` command: does what the reference of the same name does, in the same order.
 * Source: lua51.md §6.1, §6.2; what differs is better on purpose and listed in the README.
 *
 *     options → version → load every input → combine → listing → output
 */
import { EncodeError } from "../base/errors.ts";
import { fromText, type LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import { DEFAULT_TARGET_NAME } from "../target/targets.ts";
import { type Toolchain, toolchainFor } from "../toolchain.ts";
import { Failure, hintLine, orCannot, UsageFailure } from "./failure.ts";
import type { Host, Invocation } from "./host.ts";
import { encodeHint } from "./input-hints.ts";
import { loadInput } from "./inputs.ts";
import {
  type CompileRequest,
  parseCommandLine,
  type Question,
  type Request,
  TARGET_VARIABLE,
} from "./options.ts";
import { print, statusOf } from "./report.ts";
import { helpText, PRODUCT_VERSION, targetsText, usageText } from "./usage.ts";

/** Overrides the build time; see reproducible-builds.org. */
const TIME_VARIABLE = "SOURCE_DATE_EPOCH";

/**
 * Runs the command and returns its exit status; never throws on account of its input.
 *
 * @param invocation arguments and name, where they are not those of the process
 */
export function runLuacCross(host: Host, invocation: Invocation = host): number {
  return statusOf(host, invocation, () => {
    answer(host, invocation, parseCommandLine(invocation.args, host.env));
  });
}

function answer(host: Host, { programName }: Invocation, request: Request): void {
  if (request.kind === "compile") compile(host, request);
  else print(host, answerTo(request.kind, host, programName));
}

function answerTo(question: Question, host: Host, programName: string): LuaString {
  switch (question) {
    case "usage":
      return fromText(usageText(programName));
    case "help":
      return fromText(helpText(programName));
    case "targets":
      return targetsText(host.env[TARGET_VARIABLE] || DEFAULT_TARGET_NAME);
    case "product-version":
      return `luacross ${PRODUCT_VERSION}\n`;
  }
}

function compile(host: Host, request: CompileRequest): void {
  const { target, inputs, script } = request;
  if (request.showVersion) print(host, `${target.commandLine.banner}\n`);
  if (request.onlyVersion) return;
  if (inputs.length === 0 && script === undefined) {
    throw new UsageFailure("no input files given");
  }
  const notYet = script === undefined ? request.imageOption : "-e";
  if (notYet) throw new Failure(`option '${notYet}' is not supported yet`);
  const toolchain = toolchainFor(target);
  if (inputs.length > toolchain.maxInputs) throw new Failure("too many input files");
  const protos = inputs.map((name) => loadInput(host, name, target));
  const main = combine(host, toolchain, protos, request);
  if (request.listing > 0) {
    print(host, toolchain.list(main, { full: request.listing > 1, numbers: target.numbers }));
  }
  if (request.dump) writeOutput(host, toolchain, main, request);
}

function combine(
  host: Host,
  toolchain: Toolchain,
  protos: readonly Proto[],
  { lookup, target }: CompileRequest,
): Proto {
  if (!lookup) return protos.length === 1 ? protos[0] : toolchain.combineCall(protos);
  if (protos.length > toolchain.maxModules) {
    throw new UsageFailure(`'-f': Number of modules > ${toolchain.maxModules}`);
  }
  return toolchain.combineLookup(protos, buildTime(host), target);
}

/** @returns seconds since 1970 */
function buildTime(host: Host): number {
  const given = host.env[TIME_VARIABLE];
  if (!given) return host.now();
  const seconds = Number(given);
  if (/^\d+$/.test(given) && Number.isSafeInteger(seconds)) return seconds;
  throw new Failure(
    fromText(`${TIME_VARIABLE} must be a whole number of seconds since 1970, not '${given}'`),
  );
}

/** @throws Failure that says at a terminal where the number is which does not fit */
function encode(toolchain: Toolchain, main: Proto, target: Target, strip: boolean): Uint8Array {
  try {
    return toolchain.encode(main, { target, strip });
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new Failure(error.message, () => hintLine(encodeHint(error, target)));
  }
}

/** The whole output is made before any file is touched. */
function writeOutput(
  host: Host,
  toolchain: Toolchain,
  main: Proto,
  { target, strip, output }: CompileRequest,
): void {
  const bytes = encode(toolchain, main, target, strip);
  if (output === null) orCannot("(null)", () => host.writeStdout(bytes));
  else orCannot(output, () => host.writeFile(output, bytes));
}

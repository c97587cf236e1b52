/**
 * The `luac.cross` command: does what the reference of the same name does, in the same order.
 * Source: lua51.md §6.1, §6.2, lfs51.md §2; what differs is better on purpose and listed in the README.
 *
 *     options → version → load every input → combine → listing → output
 */
import { EncodeError } from "../base/errors.ts";
import { fromText, type LuaString, toBytes } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { lookupWarnings } from "../image-builder.ts";
import { DEFAULT_TARGET_NAME } from "../target/targets.ts";
import { type Toolchain, toolchainFor } from "../toolchain.ts";
import { Failure, hintLine, orCannot, UsageFailure } from "./failure.ts";
import { type Host, type Invocation, SystemError } from "./host.ts";
import { buildImage, imageNotes, imageWarnings, sizeLine } from "./image-output.ts";
import { encodeHint } from "./input-hints.ts";
import { loadInput } from "./inputs.ts";
import { Notices } from "./notices.ts";
import {
  type CompileRequest,
  type ImageRequest,
  parseCommandLine,
  type Question,
  type Request,
  TARGET_VARIABLE,
} from "./options.ts";
import { MANY_MODULES, type OwnOptions, parseSeconds } from "./own-options.ts";
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

function answer(host: Host, invocation: Invocation, request: Request): void {
  if (request.kind === "compile") compile(host, invocation, request);
  else print(host, answerTo(request.kind, host, invocation.programName));
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

function compile(host: Host, { programName }: Invocation, request: CompileRequest): void {
  const { target, inputs, script, own } = request;
  if (request.showVersion) print(host, `${target.commandLine.banner}\n`);
  if (request.onlyVersion) return;
  if (inputs.length === 0 && script === undefined) {
    throw new UsageFailure("no input files given");
  }
  if (script !== undefined) throw new Failure("option '-e' is not supported yet");
  const toolchain = toolchainFor(target);
  if (inputs.length > toolchain.maxInputs) throw new Failure("too many input files");
  const purpose = request.dump ? "output" : "look";
  const protos = inputs.map((name) => loadInput(host, name, target, purpose));
  const notices = new Notices(host, programName, own.strict);
  const main = combine(host, toolchain, protos, request, notices);
  if (request.listing > 0) {
    print(host, toolchain.list(main, { full: request.listing > 1, numbers: target.numbers }));
  }
  if (!request.dump) return;
  if (request.image) writeImage(host, toolchain, main, request, request.image, notices);
  else writeOutput(host, request, "", encode(toolchain, main, request));
}

function combine(
  host: Host,
  toolchain: Toolchain,
  protos: readonly Proto[],
  request: CompileRequest,
  notices: Notices,
): Proto {
  const { lookup, target, own, inputs, image } = request;
  if (!lookup) return protos.length === 1 ? protos[0] : toolchain.combineCall(protos);
  if (protos.length > toolchain.maxModules && !own.manyModules) {
    const hint = `the option ${MANY_MODULES} makes an index of more, which every firmware can use`;
    throw new UsageFailure(`'-f': Number of modules > ${toolchain.maxModules}`, hint);
  }
  notices.warn(lookupWarnings(toolchain, protos, inputs, image?.address ?? 0));
  return toolchain.combineLookup(protos, buildTime(host, own), target);
}

/** @returns seconds since 1970 */
function buildTime(host: Host, { timestamp }: OwnOptions): number {
  if (timestamp !== undefined) return timestamp;
  const given = host.env[TIME_VARIABLE];
  return given ? parseSeconds(TIME_VARIABLE, given) : host.now();
}

/** The whole image is made before any file is touched. */
function writeImage(
  host: Host,
  toolchain: Toolchain,
  main: Proto,
  request: CompileRequest,
  image: ImageRequest,
  notices: Notices,
): void {
  const built = buildImage(toolchain, main, request, image, (line) => print(host, line));
  notices.warn(imageWarnings(built));
  writeOutput(host, request, sizeLine(request, built.size, image), built.file);
  for (const note of imageNotes(built, request)) notices.note(note);
}

/** @throws Failure that says at a terminal where the number is which does not fit */
function encode(toolchain: Toolchain, main: Proto, request: CompileRequest): Uint8Array {
  const { target, strip, own } = request;
  try {
    return toolchain.encode(main, { target, strip: strip || own.strip });
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new Failure(error.message, () => hintLine(encodeHint(error, target)));
  }
}

/**
 * @param line what is printed of the output; nothing is said of one that cannot be opened
 * @throws Failure
 */
function writeOutput(
  host: Host,
  { output }: CompileRequest,
  line: LuaString,
  bytes: Uint8Array,
): void {
  if (output === null) {
    orCannot("(null)", () => host.writeStdout(joined(toBytes(line), bytes)));
    return;
  }
  orCannot(output, () => {
    try {
      host.writeFile(output, bytes);
    } catch (error) {
      if (error instanceof SystemError && error.action !== "open") print(host, line);
      throw error;
    }
  });
  print(host, line);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

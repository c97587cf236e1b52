/**
 * The `luac.cross` command: does what the reference of the same name does, in the same order.
 * Source: lua51.md §6.1, §6.2, lfs51.md §2, lua53.md §6; what differs is better on purpose and listed
 * in the README.
 *
 *     options → version → load every input → combine → listing → output
 *                       → read an image → place it             → output
 */
import { EncodeError } from "../base/errors.ts";
import { fromText, type LuaString, toBytes } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { addressWarnings, lookupWarnings } from "../image-builder.ts";
import type { CommandLineRules } from "../target/command-line.ts";
import type { Target } from "../target/target.ts";
import { DEFAULT_TARGET_NAME } from "../target/targets.ts";
import { type Toolchain, toolchainFor } from "../toolchain.ts";
import { Failure, hintLine, orCannot, ScriptExit, UsageFailure } from "./failure.ts";
import { type Host, type Invocation, SystemError } from "./host.ts";
import { buildImage, imageNotes, imageWarnings, placedImage, sizeLine } from "./image-output.ts";
import { encodeHint } from "./input-hints.ts";
import { loadInput, readInput } from "./inputs.ts";
import { Notices } from "./notices.ts";
import {
  type CompileRequest,
  type ImageRequest,
  type PlaceRequest,
  parseCommandLine,
  type Question,
  type Request,
  TARGET_VARIABLE,
} from "./options.ts";
import { MANY_MODULES, type OwnOptions, timeOfEnvironment } from "./own-options.ts";
import { print, statusOf } from "./report.ts";
import { helpText, PRODUCT_VERSION, targetsText, usageText } from "./usage.ts";

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
  switch (request.kind) {
    case "question":
      print(host, answerTo(request.question, request.rules, host, invocation.programName));
      break;
    case "compile":
      compile(host, invocation, request);
      break;
    case "place":
      place(host, invocation, request);
      break;
  }
}

function answerTo(
  question: Question,
  rules: CommandLineRules,
  host: Host,
  programName: string,
): LuaString {
  switch (question) {
    case "usage":
      return fromText(usageText(programName, rules));
    case "help":
      return fromText(helpText(programName, rules));
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
    throw new UsageFailure("no input files given", target.commandLine);
  }
  const toolchain = toolchainFor(target);
  if (inputs.length > toolchain.maxInputs) throw new Failure("too many input files");
  const notices = new Notices(host, programName, own.strict);
  const names = orderInputs(toolchain, inputs, notices);
  const load = {
    target,
    purpose: request.dump ? "output" : "look",
    trust: own.trustBytecode,
  } as const;
  const first = script === undefined ? undefined : runFirst(host, script, target);
  const loaded = names.map((name) => loadInput(host, name, load));
  const protos = first ? [first, ...loaded] : loaded;
  if (protos.length === 0) return;
  const called = first && script !== undefined ? [script, ...names] : names;
  const main = combine(host, toolchain, protos, called, request, notices);
  // A listing needs code that makes sense.
  if (request.listing > 0 && own.trustBytecode) toolchain.verify(main);
  if (request.listing > 0) {
    print(host, toolchain.list(main, { full: request.listing > 1, numbers: target.numbers }));
  }
  if (!request.dump) return;
  if (request.image) writeImage(host, toolchain, main, request, request.image, notices);
  else writeOutput(host, request, "", encode(toolchain, main, request));
}

/** What a script may have in use, in bytes of the device, before JavaScript's own memory is full. */
const SCRIPT_MEMORY = 2 ** 28;

/**
 * Runs the script of `-e`.
 *
 * @returns the function it returned, which is the first chunk, if it did
 * @throws Failure, ScriptExit
 */
function runFirst(host: Host, script: string, target: Target): Proto | undefined {
  const { scripts } = host;
  if (!scripts)
    throw new Failure("option '-e' needs the whole command, dist/luac.cross-scripts.cjs");
  const content = readInput(host, script);
  const system = host.scriptHost();
  const outcome = scripts.runScript(content, {
    target,
    host: system.host,
    name: fromText(script),
    memoryLimit: SCRIPT_MEMORY,
  });
  orCannot("stdout", () => system.flush());
  switch (outcome.kind) {
    case "done":
      return outcome.returned;
    case "exited":
      throw new ScriptExit(outcome.status);
    default:
      throw new Failure(outcome.message);
  }
}

/** The inputs in the order in which the reference loads them, which may lose some. */
function orderInputs(
  toolchain: Toolchain,
  inputs: readonly string[],
  notices: Notices,
): readonly string[] {
  const order = toolchain.orderInputs(inputs);
  notices.warn(
    order.lost.map((path) => {
      const cure = "name it first, before all other files";
      return `${path} is left out, because of a file called '__' behind it; ${cure}`;
    }),
  );
  return order.inputs.map(({ path }) => path);
}

function combine(
  host: Host,
  toolchain: Toolchain,
  protos: readonly Proto[],
  names: readonly string[],
  request: CompileRequest,
  notices: Notices,
): Proto {
  const { lookup, target, own, image } = request;
  if (!lookup) return protos.length === 1 ? protos[0] : toolchain.combineCall(protos);
  if (protos.length > toolchain.maxModules && !own.manyModules) {
    const hint = `the option ${MANY_MODULES} makes an index of more, which every firmware can use`;
    const message = `'-f': Number of modules > ${toolchain.maxModules}`;
    throw new UsageFailure(message, target.commandLine, hint);
  }
  notices.warn(lookupWarnings(toolchain, protos, names, image?.address ?? 0));
  return toolchain.combineLookup(protos, buildTime(host, own) ?? host.now(), target);
}

/** `-F … -a …`: the image as it lies in flash at that address. */
function place(host: Host, { programName }: Invocation, request: PlaceRequest): void {
  const { target, own, image, input, ignored } = request;
  if (request.showVersion) print(host, `${target.commandLine.banner}\n`);
  const notices = new Notices(host, programName, own.strict);
  notices.warn(ignored.map((name) => `${name} is not looked at: -F with -a takes an image only`));
  notices.warn(addressWarnings(image.address));
  const file = placedImage(readInput(host, input), input, target, image);
  writeOutput(host, request, "", file);
}

/** @returns seconds since 1970; undefined when it is not given */
function buildTime(host: Host, { timestamp }: OwnOptions): number | undefined {
  return timestamp ?? timeOfEnvironment(host);
}

/** A build with a given time is to give the same bytes again: its seed comes from the content. */
function imageSeed(host: Host, own: OwnOptions): number | undefined {
  if (own.seed !== undefined || buildTime(host, own) !== undefined) return own.seed;
  return host.random();
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
  notices.warn(toolchain.runTimeWarnings(main));
  const wanted = { ...image, seed: imageSeed(host, request.own) };
  const built = buildImage(toolchain, main, request, wanted, (line) => print(host, line));
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
  { output }: Pick<CompileRequest, "output">,
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

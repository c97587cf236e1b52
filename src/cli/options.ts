/**
 * The command line of `luac.cross`, as far as it goes without touching a file.
 * Source: lua51.md §6.1, lfs51.md §2, lua53.md §6; the options of luacross's own are in `own-options.ts`.
 *
 *     arguments = { option } [ "--" ] { file }        file: a name, or "-" for standard input
 */
import { LuacrossError } from "../base/errors.ts";
import type { AddressRange, CommandLineRules } from "../target/command-line.ts";
import type { Target } from "../target/target.ts";
import { DEFAULT_TARGET_NAME, findTarget } from "../target/targets.ts";
import { parseCInteger } from "./c-integer.ts";
import { Failure, UsageFailure } from "./failure.ts";
import type { Host } from "./host.ts";
import { extractOwnOptions, type OwnOptions } from "./own-options.ts";

/** What the command line asks for. */
export type Request =
  | { readonly kind: "question"; readonly question: Question; readonly rules: CommandLineRules }
  | ({ readonly kind: "compile" } & CompileRequest)
  | ({ readonly kind: "place" } & PlaceRequest);

/** Something to be printed, and that is all. */
export type Question = "usage" | "help" | "targets" | "product-version";

export interface CompileRequest {
  readonly target: Target;
  /** `-v`: print the reference's version line first. */
  readonly showVersion: boolean;
  /** There is nothing but `-v`, so the version line is all. */
  readonly onlyVersion: boolean;
  /** 0 for none, 1 for a listing, more for a full one. */
  readonly listing: number;
  readonly dump: boolean;
  readonly strip: boolean;
  readonly lookup: boolean;
  /** A file name, or null for standard output. */
  readonly output: string | null;
  /** File names, and `-` for standard input. */
  readonly inputs: readonly string[];
  /** `-e`: the script to run first. */
  readonly script: string | undefined;
  /** Undefined when a chunk is asked for. */
  readonly image: ImageRequest | undefined;
  readonly own: OwnOptions;
}

/** `-F … -a …`: an image is to become an absolute one. */
export interface PlaceRequest {
  readonly target: Target;
  readonly showVersion: boolean;
  /** The file of the image. */
  readonly input: string;
  readonly image: ImageRequest;
  /** A file name, or null for standard output. */
  readonly output: string | null;
  /** Inputs that nothing is done with, as in the reference. */
  readonly ignored: readonly string[];
  readonly own: OwnOptions;
}

export interface ImageRequest {
  /** Where the image will be mapped, 32 bits; 0 for a compact image. */
  readonly address: number;
  /** Bytes it may have, 32 bits; `Infinity` when there is no limit. */
  readonly limit: number;
  /** As it was typed. */
  readonly limitInWords?: string;
}

/** The options as they add up, argument by argument. */
interface Draft {
  /** Asked only where an option depends on it: a question needs no valid target. */
  readonly target: () => Target;
  versions: number;
  listing: number;
  dump: boolean;
  strip: boolean;
  lookup: boolean;
  /** Undefined while none is named. */
  output: string | null | undefined;
  script: string | undefined;
  /** `-F`: the image to be read. */
  imageInput: string | undefined;
  image: ImageRequest | undefined;
}

/** What an option does; `argument` is the one after it, taken only by options that have one. */
type Effect = (draft: Draft, argument: string | undefined) => void;

/** A look-up table. Unlike a record it knows no `constructor`, which a file may well be called. */
function mapOf<Value>(entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(entries));
}

const FLAGS = mapOf<Effect>({
  "-f": (draft) => needImage(draft, {}),
  "-i": (draft) => {
    draft.lookup = true;
  },
  "-l": (draft) => {
    draft.listing++;
  },
  "-p": (draft) => {
    draft.dump = false;
  },
  "-s": (draft) => {
    draft.strip = true;
  },
  "-v": (draft) => {
    draft.versions++;
  },
});

const OPTIONS_WITH_ARGUMENT = mapOf<Effect>({
  "-a": (draft, argument) => {
    if (argument === undefined) throw needsArgument(draft, "-a");
    const address = parseCInteger(argument);
    const rules = draft.target().commandLine;
    const { absoluteAddresses: range } = rules;
    if (range && (address < range.first || address > range.last)) {
      throw new UsageFailure(rules.wrongAddress, rules, addressHint(range));
    }
    needImage(draft, { address });
  },
  "-e": (draft, argument) => {
    const rules = draft.target().commandLine;
    if (!isFileName(argument)) throw new UsageFailure(rules.scriptMissing, rules);
    draft.script = argument;
  },
  "-F": (draft, argument) => {
    const rules = draft.target().commandLine;
    if (!isFileName(argument)) throw new UsageFailure(IMAGE_MISSING, rules);
    draft.imageInput = argument;
  },
  "-m": (draft, argument) => {
    if (argument === undefined) throw needsArgument(draft, "-m");
    const limit = parseCInteger(argument);
    if (limit % 4096 !== 0) {
      const rules = draft.target().commandLine;
      throw new UsageFailure(rules.wrongLimit, rules, LIMIT_HINT);
    }
    needImage(draft, { limit, limitInWords: argument });
  },
  "-o": (draft, argument) => {
    const isDash = argument === "-";
    const { refusesDashes } = draft.target().commandLine;
    if (!argument || (refusesDashes && !isDash && argument.startsWith("-"))) {
      throw needsArgument(draft, "-o");
    }
    draft.output = isDash ? null : argument;
  },
});

const IMAGE_MISSING = '"-F" needs an LFS image file argument';

/** Not missing, not empty, and not to be taken for an option. */
function isFileName(argument: string | undefined): argument is string {
  return !!argument && !argument.startsWith("-");
}

export const LIMIT_HINT = "-m takes bytes: 64 KB are 65536 or 0x10000";

function addressHint({ first, last }: AddressRange): string {
  const [from, to] = [first, last].map((address) => `0x${address.toString(16)}`);
  return `-a takes an address from ${from} to ${to}: where the board maps its LFS, not where it lies in flash`;
}

/** Options that are answered at once; what follows them is not looked at. */
const QUESTIONS = mapOf<Question>({
  "-h": "usage",
  "--help": "help",
  "--targets": "targets",
  "--version": "product-version",
});

/** The environment variable that chooses the target when no option does. */
export const TARGET_VARIABLE = "LUAC_CROSS_TARGET";

/** @throws UsageFailure; Failure on an unknown target or a wrong time */
export function parseCommandLine(all: readonly string[], env: Host["env"]): Request {
  const { args, own } = extractOwnOptions(all, (option) => OPTIONS_WITH_ARGUMENT.has(option));
  const target = () => chooseTarget(own.target, env);
  const draft: Draft = {
    target,
    versions: 0,
    listing: 0,
    dump: true,
    strip: false,
    lookup: false,
    output: undefined,
    script: undefined,
    imageInput: undefined,
    image: undefined,
  };
  const stop = readOptions(draft, args);
  if (typeof stop === "string") {
    return { kind: "question", question: stop, rules: rulesIfKnown(target) };
  }
  const files = args.slice(stop);
  const place = placement(draft, files, own);
  if (place) return { kind: "place", ...place };
  return { kind: "compile", ...complete(draft, files, args.length), own };
}

/** A question is answered whatever the target is called. */
function rulesIfKnown(target: () => Target): CommandLineRules {
  try {
    return target().commandLine;
  } catch (error) {
    if (error instanceof Failure) return findTarget(DEFAULT_TARGET_NAME).commandLine;
    throw error;
  }
}

/**
 * What `-a` is to be done with besides sources: an image.
 *
 * @returns undefined when there is none, or `-a` is none
 */
function placement(
  draft: Draft,
  files: readonly string[],
  own: OwnOptions,
): PlaceRequest | undefined {
  const { image, imageInput, script, versions, output } = draft;
  if (image === undefined || image.address === 0) return undefined;
  const target = draft.target();
  const rules = target.commandLine;
  const isAlone = files.length === 0 && script === undefined;
  const isRefused = imageInput === undefined ? isAlone : !isAlone || output === null;
  if (rules.nothingToPlace !== undefined && isRefused) {
    throw new UsageFailure(rules.nothingToPlace, rules);
  }
  if (imageInput === undefined) return undefined;
  return {
    target,
    showVersion: versions > 0,
    input: imageInput,
    image,
    output: output === undefined ? rules.defaultOutput : output,
    ignored: script === undefined ? files : [script, ...files],
    own,
  };
}

/** @returns the index of the first file, or a question that ends the matter */
function readOptions(draft: Draft, args: readonly string[]): number | Question {
  for (let i = 0; i < args.length; i++) {
    const option = args[i];
    if (option === "-" || !option.startsWith("-")) return i;
    if (option === "--") {
      // "-v --" still counts as nothing but -v.
      if (draft.versions > 0) draft.versions++;
      return i + 1;
    }
    const question = QUESTIONS.get(option);
    if (question !== undefined) return question;
    const flag = FLAGS.get(option);
    const effect = flag ?? OPTIONS_WITH_ARGUMENT.get(option);
    if (effect === undefined || !isKnown(draft, option)) {
      throw new UsageFailure(`unrecognized option '${option}'`, rulesIfKnown(draft.target));
    }
    effect(draft, flag ? undefined : args[++i]);
  }
  return args.length;
}

function isKnown(draft: Draft, option: string): boolean {
  return option !== "-F" || draft.target().commandLine.readsImages;
}

function complete(
  draft: Draft,
  files: readonly string[],
  argumentCount: number,
): Omit<CompileRequest, "own"> {
  const { listing, strip, lookup, script, image, versions } = draft;
  const target = draft.target();
  const { defaultOutput } = target.commandLine;
  const { output = defaultOutput } = draft;
  const common = {
    target,
    showVersion: versions > 0,
    onlyVersion: versions > 0 && versions === argumentCount,
    listing,
    strip,
    lookup,
    output,
    script,
    image,
  };
  // Without a file there is only the last output to look at.
  return files.length === 0 && (listing > 0 || !draft.dump)
    ? { ...common, dump: false, inputs: [defaultOutput] }
    : { ...common, dump: draft.dump, inputs: files };
}

function needImage(draft: Draft, wanted: Partial<ImageRequest>): void {
  draft.lookup = true;
  const { defaultLimit } = draft.target().commandLine;
  draft.image = { address: 0, limit: defaultLimit, ...draft.image, ...wanted };
}

function needsArgument(draft: Draft, option: string): UsageFailure {
  return new UsageFailure(`'${option}' needs argument`, draft.target().commandLine);
}

function chooseTarget(name: string | undefined, env: Host["env"]): Target {
  const variable = env[TARGET_VARIABLE];
  if (name !== undefined) return knownTarget(name, "");
  if (variable) return knownTarget(variable, `${TARGET_VARIABLE}: `);
  return findTarget(DEFAULT_TARGET_NAME);
}

/** @param origin stands before the message when the name is unknown */
function knownTarget(name: string, origin: string): Target {
  try {
    return findTarget(name);
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    const list = "hint: the option --targets lists them all\n";
    throw new Failure(origin + error.message, () => list);
  }
}

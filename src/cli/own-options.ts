/**
 * The options that luacross adds to those of `luac.cross`. They are words after two hyphens, may
 * stand anywhere before `--`, even after file names, and are taken out of the command line before
 * anything else looks at it.
 */
import { fromText } from "../base/lua-string.ts";
import { COMPRESSIONS, type CompressionName, isCompression } from "../image/compression.ts";
import { Failure, UsageFailure } from "./failure.ts";
import type { Host } from "./host.ts";

export interface OwnOptions {
  /** The target's name. */
  readonly target: string | undefined;
  /** Build time in seconds since 1970. */
  readonly timestamp: number | undefined;
  readonly compression: CompressionName;
  /** Strip images as well, on every target. */
  readonly strip: boolean;
  readonly exact: boolean;
  readonly manyModules: boolean;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Of the hashes in an image of Lua 5.3, 32 bits. */
  readonly seed: number | undefined;
  /** Load binary chunks of Lua 5.3 without a look at their code. */
  readonly trustBytecode: boolean;
}

/** The options as they add up. */
type Draft = { -readonly [Name in keyof OwnOptions]: OwnOptions[Name] };

const NO_OPTIONS: OwnOptions = {
  target: undefined,
  timestamp: undefined,
  compression: "reference",
  strip: false,
  exact: false,
  manyModules: false,
  strict: false,
  seed: undefined,
  trustBytecode: false,
};

/** What build tools set for outputs that are to be the same each time. */
const TIME_VARIABLE = "SOURCE_DATE_EPOCH";

export const MANY_MODULES = "--many-modules";

/** Options that are there or not. */
const FLAGS = new Map<string, "exact" | "manyModules" | "strict" | "strip" | "trustBytecode">([
  ["--exact", "exact"],
  [MANY_MODULES, "manyModules"],
  ["--strict", "strict"],
  ["--strip", "strip"],
  ["--trust-bytecode", "trustBytecode"],
]);

/** What the value of an option means. */
const VALUES = new Map<string, (value: string) => Partial<OwnOptions>>([
  ["--compress", (value) => ({ compression: parseCompression(value) })],
  ["--seed", (value) => ({ seed: parseSeed(value) })],
  ["--target", (value) => ({ target: value })],
  ["--timestamp", (value) => ({ timestamp: parseSeconds("--timestamp", value) })],
]);

/**
 * @param takesValue whether the argument after this one belongs to it
 * @returns the options, and the rest, which is what the reference knows
 * @throws UsageFailure, Failure
 */
export function extractOwnOptions(
  all: readonly string[],
  takesValue: (option: string) => boolean,
): { readonly args: readonly string[]; readonly own: OwnOptions } {
  const args: string[] = [];
  const own: Draft = { ...NO_OPTIONS };
  let inFiles = false;
  for (let i = 0; i < all.length; i++) {
    const argument = all[i];
    const taken = takeOption(own, argument, all[i + 1]);
    if (taken > 0) {
      i += taken - 1;
      continue;
    }
    args.push(argument);
    if (inFiles) continue;
    if (argument === "--") return { args: [...args, ...all.slice(i + 1)], own };
    inFiles = argument === "-" || !argument.startsWith("-");
    if (takesValue(argument) && i + 1 < all.length) args.push(all[++i]);
  }
  return { args, own };
}

/** @returns how many arguments were one of these options: 0 when it is none */
function takeOption(draft: Draft, argument: string, next: string | undefined): number {
  const flag = FLAGS.get(argument);
  if (flag !== undefined) {
    draft[flag] = true;
    return 1;
  }
  const [name, ...rest] = argument.split("=");
  const meaning = VALUES.get(name);
  if (meaning === undefined) return 0;
  const value = rest.length > 0 ? rest.join("=") : next;
  if (!value) throw new UsageFailure(`'${name}' needs argument`);
  Object.assign(draft, meaning(value));
  return rest.length > 0 ? 1 : 2;
}

/** @returns seconds since 1970 as the environment has them; undefined when it has none */
export function timeOfEnvironment({ env }: Pick<Host, "env">): number | undefined {
  const given = env[TIME_VARIABLE];
  return given ? parseSeconds(TIME_VARIABLE, given) : undefined;
}

/**
 * @param source the option or the variable that says so
 * @returns seconds since 1970
 * @throws Failure
 */
function parseSeconds(source: string, text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seconds)) return seconds;
  throw new Failure(
    fromText(`${source} must be a whole number of seconds since 1970, not '${text}'`),
  );
}

/** Decimal, or hexadecimal with 0x; at most 32 bits. */
function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^(\d+|0[xX][\da-fA-F]+)$/.test(text) && seed < 2 ** 32) return seed;
  throw new Failure(fromText(`--seed must be a whole number below 2^32, not '${text}'`));
}

function parseCompression(text: string): CompressionName {
  if (isCompression(text)) return text;
  const names = Object.keys(COMPRESSIONS).join(" or ");
  throw new UsageFailure(`'--compress' takes ${names}, not '${text}'`);
}

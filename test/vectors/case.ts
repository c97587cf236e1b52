/**
 * What a vector case is, and the short ways to write one. A case is one call of the command line:
 * arguments, files, standard input. What the reference answers is recorded beside it by
 * `record.ts` and compared by `vectors.test.ts`.
 */
import type { LuaString } from "../../src/base/lua-string.ts";

/** The eight Lua 5.1 targets, in the order of the product's target table. */
export const LUA51_TARGETS: readonly string[] = [
  "esp8266-2.2-float",
  "esp8266-2.2-int",
  "esp8266-2.2-packed",
  "esp8266-lua51-float",
  "esp8266-lua51-int",
  "esp8266-lua51-aligned",
  "esp32-lua51-float",
  "esp32-lua51-int",
];

/** The six Lua 5.3 targets. */
export const LUA53_TARGETS: readonly string[] = [
  "esp8266-lua53",
  "esp8266-lua53-64",
  "esp32-lua53",
  "esp32-lua53-64",
  "esp32-lua53-int64",
  "esp32-lua53-double",
];

export const TARGETS_22_DOUBLE = ["esp8266-2.2-float", "esp8266-2.2-packed"];
export const TARGETS_22 = [...TARGETS_22_DOUBLE, "esp8266-2.2-int"];
export const TARGETS_30 = LUA51_TARGETS.filter((name) => !TARGETS_22.includes(name));
export const INTEGER_TARGETS = ["esp8266-2.2-int", "esp8266-lua51-int", "esp32-lua51-int"];
/** The doubles of the newer generations. */
export const DOUBLE_TARGETS = ["esp8266-lua51-float", "esp8266-lua51-aligned", "esp32-lua51-float"];

/** The clock of all runs, in seconds since 1970. */
export const RECORDED_TIME = 1_600_000_000;

/** Everything a run shows to the outside. */
export interface Outcome {
  /** The exit status, or the name of the signal that ended the process. */
  readonly exit: number | string;
  readonly stdout: LuaString;
  readonly stderr: LuaString;
  /** The files that are new, or whose contents changed. */
  readonly files: Readonly<Record<string, LuaString>>;
}

/** A place where luacross deliberately does something else than the reference. */
export interface Deviation {
  /** Why; shown when the expectation is not met. */
  readonly reason: string;
  /** The targets it concerns. */
  readonly targets: readonly string[];
  /** What luacross shows instead; the parts left out are as recorded. */
  readonly expect: Partial<Outcome>;
}

export interface VectorCase {
  /** Unique within its topic. */
  readonly name: string;
  readonly args: readonly string[];
  /** Options of luacross alone, which stand before the others. */
  readonly own?: readonly string[];
  /** Contents by path; a path that ends in `/` is an empty directory. */
  readonly files: Readonly<Record<string, LuaString>>;
  readonly stdin?: LuaString;
  /** The name the program is called by. Default: `luac.cross`. */
  readonly programName?: string;
  /** Standard output is a device without space, `/dev/full`. */
  readonly stdoutIsFull?: boolean;
  /** Default: all of {@link LUA51_TARGETS}. */
  readonly targets?: readonly string[];
  readonly deviations?: readonly Deviation[];
}

/** The cases of one file of answers. */
export interface Topic {
  /** Base name of the files, e.g. `literals`. */
  readonly name: string;
  /** The folder of the files. Default: `lua51`. */
  readonly folder?: "lua51" | "lua53";
  readonly cases: readonly VectorCase[];
}

/** Parts of a case that the short forms below let a caller add. */
export type Extra = Partial<Omit<VectorCase, "name">>;

/** One source file: full listing on stdout, chunk in `out.lc`. */
export function program(name: string, source: LuaString, extra: Extra = {}): VectorCase {
  return {
    name,
    args: ["-l", "-l", "-o", "out.lc", "w.lua"],
    files: { "w.lua": source },
    ...extra,
  };
}

/** Many {@link program}s: names, after the name of their group, and sources. */
export function programs(table: Readonly<Record<string, LuaString>>, group = ""): VectorCase[] {
  const prefix = group && `${group}: `;
  return Object.entries(table).map(([name, source]) => program(prefix + name, source));
}

/** One {@link program} per source, named after the source itself. */
export function sources(
  prefix: string,
  list: readonly LuaString[],
  extra: Extra = {},
): VectorCase[] {
  return list.map((source) => program(`${prefix}: ${visible(source)}`, source, extra));
}

/** `-p` only: for sources of which the message matters. */
export const PARSE_ONLY: Extra = { args: ["-p", "w.lua"] };

/** A chunk only, without the listing: for inputs whose listing would be long. */
export function chunkOnly(name: string, source: LuaString, extra: Extra = {}): VectorCase {
  return program(name, source, { args: ["-o", "out.lc", "w.lua"], ...extra });
}

/** One statement `x=<expression>` per expression. */
export function assignments(expressions: readonly LuaString[]): LuaString {
  return expressions.map((expression) => `x=${expression}\n`).join("");
}

/** `count` times the text of `make(1…count)`. */
export function repeat(count: number, make: (n: number) => LuaString, between = ""): LuaString {
  return Array.from({ length: count }, (_, i) => make(i + 1)).join(between);
}

/** A name for a source: control characters and bytes of 128 and more are written as escapes. */
function visible(source: LuaString): string {
  return JSON.stringify(source)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replace(/[\x7f-\xff]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`);
}

/**
 * What the code of a program asks for by name, and who provides it: modules that it requires or takes
 * from LFS, files that it runs, modules in C that the firmware must have been built with. Found by
 * following the code (`bytecode/code-uses.ts`), so names that are put together at run time are not.
 */
import type { LuaString } from "./base/lua-string.ts";
import type { Path, Use } from "./bytecode/code-uses.ts";
import type { Proto } from "./bytecode/proto.ts";
import { isElsewhereOnly } from "./target/firmware-modules.ts";
import type { Target } from "./target/target.ts";
import { type Toolchain, toolchainFor } from "./toolchain.ts";

/** A piece of code under the name that people know it by. */
export interface Program {
  readonly name: LuaString;
  readonly proto: Proto;
}

/** What there is on the device, besides the firmware. */
export interface Provided {
  /** Modules in LFS. */
  readonly modules: readonly LuaString[];
  /** Files, with their extensions. */
  readonly files: readonly LuaString[];
  /** Said to be there, as a module or as a file. */
  readonly declared: readonly LuaString[];
}

/** What is asked for: a module for `require`, one in LFS, a file. */
export type AskKind = "require" | "LFS" | "file";

/** A question that a program asks, once for all lines that ask it. */
export interface Ask {
  readonly kind: AskKind;
  readonly name: LuaString;
  /** As in the source: `require "x"`, `LFS.x`. */
  readonly words: LuaString;
  /** The program that asks, and the lines where it does, without those that are unknown. */
  readonly program: LuaString;
  readonly lines: readonly number[];
  /** Who provides it, in words; undefined: nobody. */
  readonly found: string | undefined;
}

/** Something of the firmware, and the programs that use it. */
export interface FirmwareUse {
  readonly name: LuaString;
  readonly programs: readonly LuaString[];
}

/** What is asked for, what the firmware must have, and what to mind. */
export interface Requirements {
  /** In the order of programs and code. */
  readonly asks: readonly Ask[];
  /** Modules that the firmware must be built with; sorted. */
  readonly firmwareModules: readonly FirmwareUse[];
  /** Globals that other firmwares have, and this one has not. */
  readonly notInFirmware: readonly FirmwareUse[];
  /** Sentences about what is found on a condition only. */
  readonly notes: readonly string[];
}

/** A use and the program it is in. */
type OwnedUse = Use & { readonly program: LuaString };

export function requirementsOf(
  programs: readonly Program[],
  provided: Provided,
  target: Target,
): Requirements {
  const toolchain = toolchainFor(target);
  const uses = programs.flatMap(({ name, proto }) =>
    toolchain.usesOf(proto).map((use): OwnedUse => ({ ...use, program: name })),
  );
  const sources = { provided, target, preloaded: preloadedBy(uses) };
  const asks = gathered(uses, provided.modules, lineFinder(toolchain)).map((ask) => ({
    ...ask,
    found: providerOf(ask, sources),
  }));
  return { asks, ...firmwareUses(uses, asks, target), notes: notesOn(asks, uses) };
}

// What is asked for

interface Question {
  readonly kind: AskKind;
  readonly name: LuaString;
  readonly words: LuaString;
}

/** Fields of `node.LFS` that are no modules, and of the `LFS` that the usual `_init` makes. */
const LFS_FIELDS: readonly LuaString[] = ["config", "get", "list", "reload", "time"];
const LFS_PROPERTIES: readonly LuaString[] = ["_config", "_list", "_time"];

const CALLS: ReadonlyMap<LuaString, AskKind> = new Map([
  ["require", "require"],
  ["node.LFS.get", "LFS"],
  ["LFS.get", "LFS"],
  ["node.flashindex", "LFS"],
  ["dofile", "file"],
  ["loadfile", "file"],
]);

/** @param modules in LFS, which count before what `LFS` may have besides */
function questionsOf(use: Use, modules: readonly LuaString[]): readonly Question[] {
  const joined = use.path.join(".");
  switch (use.kind) {
    case "call": {
      const kind = CALLS.get(joined);
      const names = kind === undefined ? [] : (use.texts[0] ?? []);
      return names.flatMap((name) => (kind ? [{ kind, name, words: `${joined} "${name}"` }] : []));
    }
    case "read": {
      const name = moduleOfField(use.path, modules);
      return name === undefined ? [] : [{ kind: "LFS", name, words: joined }];
    }
    case "store":
      return [];
  }
}

/** The module that a field stands for. */
function moduleOfField(path: Path, modules: readonly LuaString[]): LuaString | undefined {
  const name = path.at(-1) ?? "";
  switch (path.slice(0, -1).join(".")) {
    case "node.LFS":
      return LFS_FIELDS.includes(name) ? undefined : name;
    case "LFS": {
      const isOther = LFS_FIELDS.includes(name) || LFS_PROPERTIES.includes(name);
      return isOther && !modules.includes(name) ? undefined : name;
    }
    default:
      return undefined;
  }
}

type LineFinder = (use: Use) => number | undefined;

function lineFinder({ linesOf }: Toolchain): LineFinder {
  const known = new Map<Proto, Int32Array>();
  return ({ proto, pc }) => {
    const ofProto = known.get(proto) ?? linesOf(proto);
    known.set(proto, ofProto);
    return ofProto[pc] > 0 ? ofProto[pc] : undefined;
  };
}

/** The same words in the same program are one question, with several lines. */
function gathered(
  uses: readonly OwnedUse[],
  modules: readonly LuaString[],
  lineOf: LineFinder,
): Omit<Ask, "found">[] {
  const asks = new Map<string, Omit<Ask, "found"> & { readonly lines: number[] }>();
  for (const use of uses) {
    for (const question of questionsOf(use, modules)) {
      const key = JSON.stringify([use.program, question.words]);
      const ask = asks.get(key) ?? { ...question, program: use.program, lines: [] };
      const line = lineOf(use);
      if (line !== undefined && !ask.lines.includes(line)) ask.lines.push(line);
      asks.set(key, ask);
    }
  }
  return [...asks.values()];
}

// Who provides it

interface Sources {
  readonly provided: Provided;
  readonly target: Target;
  readonly preloaded: ReadonlySet<LuaString>;
}

/** What some program puts into `package.preload` or `package.loaded`. */
function preloadedBy(uses: readonly Use[]): ReadonlySet<LuaString> {
  const names = uses.flatMap(({ path, ...use }) => {
    const isThere = use.kind === "store" && !use.isNil && path.length === 3;
    return isThere && /^package\.(?:preload|loaded)\./.test(path.join(".")) ? [path[2]] : [];
  });
  return new Set(names);
}

function providerOf({ kind, name }: Question, sources: Sources): string | undefined {
  switch (kind) {
    case "require":
      return providerOfModule(name, sources);
    case "LFS":
      return inFlash(name, sources) ?? declared([name], sources);
    case "file": {
      const stem = name.replace(/\.l[uc]a?$/, "");
      const names = stem === name ? [name] : [name, stem];
      return inFiles([name], sources) ?? inFlash(stem, sources) ?? declared(names, sources);
    }
  }
}

/** In the order in which `require` looks. */
function providerOfModule(name: LuaString, sources: Sources): string | undefined {
  const { modules, libraries } = sources.target.firmwareNames;
  if (modules.includes(name)) return "firmware module";
  if (libraries.includes(name)) return "library of Lua";
  if (sources.preloaded.has(name)) return "stored in package";
  const path = name.replaceAll(".", "/");
  const files = [`${path}.lc`, `${path}.lua`];
  const found = inFiles(files, sources) ?? inFlash(name, sources);
  return found ?? declared([name, ...files], sources);
}

const IN_FLASH = "in LFS";

function inFlash(name: LuaString, { provided }: Sources): string | undefined {
  return provided.modules.includes(name) ? IN_FLASH : undefined;
}

function inFiles(names: readonly LuaString[], { provided }: Sources): string | undefined {
  const file = names.find((name) => provided.files.includes(name));
  return file === undefined ? undefined : `file ${file}`;
}

function declared(names: readonly LuaString[], { provided }: Sources): string | undefined {
  return names.some((name) => provided.declared.includes(name)) ? "declared" : undefined;
}

// The firmware's part

function firmwareUses(
  uses: readonly OwnedUse[],
  asks: readonly Ask[],
  { firmwareNames }: Target,
): Pick<Requirements, "firmwareModules" | "notInFirmware"> {
  const own = new Set(
    uses.flatMap(({ kind, path }) => (kind === "store" && path.length === 1 ? path : [])),
  );
  const reads = uses.flatMap(({ kind, path: [name], program }) => {
    return kind === "read" && name !== undefined && !own.has(name) ? [{ name, program }] : [];
  });
  const required = asks.filter(({ kind }) => kind === "require");
  return {
    firmwareModules: byName([...reads, ...required], (name) =>
      firmwareNames.modules.includes(name),
    ),
    notInFirmware: byName(reads, (name) => isElsewhereOnly(name, firmwareNames)),
  };
}

function byName(
  named: readonly { readonly name: LuaString; readonly program: LuaString }[],
  isMeant: (name: LuaString) => boolean,
): FirmwareUse[] {
  const programs = new Map<LuaString, Set<LuaString>>();
  for (const { name, program } of named) {
    if (!isMeant(name)) continue;
    programs.set(name, (programs.get(name) ?? new Set()).add(program));
  }
  const sorted = [...programs].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, users]) => ({ name, programs: [...users] }));
}

// Conditions

/** What LFS holds is found by `require` and `dofile` only after somebody has seen to it. */
function notesOn(asks: readonly Ask[], uses: readonly Use[]): string[] {
  const isFound = (wanted: AskKind) =>
    asks.some(({ kind, found }) => kind === wanted && found === IN_FLASH);
  const opensLoaders = uses.some(({ path }) =>
    /^package\.(?:loaders|searchers)/.test(path.join(".")),
  );
  const replacesFiles = uses.some(({ kind, path }) => {
    return kind === "store" && /^(?:dofile|loadfile)$/.test(path.join("."));
  });
  return [
    ...(isFound("require") && !opensLoaders
      ? [
          "require finds modules in LFS once something adds LFS to package.loaders; none of this code does",
        ]
      : []),
    ...(isFound("file") && !replacesFiles
      ? [
          "dofile and loadfile find modules in LFS once others take their place; none of this code has such",
        ]
      : []),
  ];
}

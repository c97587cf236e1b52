/**
 * What grew and what shrank between two images. Modules are paired by name, functions by the name
 * they are stored under, those without one by their order; where there are several of a kind, the
 * first is paired with the first.
 */
import type { LuaString } from "../base/lua-string.ts";
import {
  type FunctionSizes,
  type ImageSizes,
  type ModuleSizes,
  noBytes,
  type PartSizes,
  SIZE_PARTS,
  type SizePart,
  sumOf,
} from "./sizes.ts";

/** Bytes on both sides; 0 where there is no such thing. */
export interface SizeChange {
  readonly before: number;
  readonly after: number;
}

export interface FunctionChange extends SizeChange {
  /** Of the side that has it, the second when both do. */
  readonly name: LuaString | undefined;
  readonly line: number;
  readonly lastLine: number;
  /** Only in one of the two. */
  readonly only: "before" | "after" | undefined;
  readonly parts: PartChanges;
  /** The functions it is in, the outermost first. */
  readonly path: readonly (LuaString | undefined)[];
}

export interface ModuleChange extends SizeChange {
  readonly name: LuaString;
  readonly only: "before" | "after" | undefined;
  readonly parts: PartChanges;
  /** Functions whose own bytes are not the same on both sides; those with most change first. */
  readonly functions: readonly FunctionChange[];
}

export type PartChanges = Readonly<Record<SizePart, SizeChange>>;

export interface ImageChange extends SizeChange {
  readonly parts: PartChanges;
  /** Every module of either; those with most change first. */
  readonly modules: readonly ModuleChange[];
  /** Strings that several modules use. */
  readonly shared: SizeChange;
  /** Header, string table, and the function that finds modules. */
  readonly index: SizeChange;
}

/** Positive: it grew. */
export function growth({ before, after }: SizeChange): number {
  return after - before;
}

export function compareSizes(before: ImageSizes, after: ImageSizes): ImageChange {
  const modules = pairs(before.modules, after.modules, ({ name }) => name);
  return {
    before: before.total,
    after: after.total,
    parts: partChanges(before.parts, after.parts),
    modules: mostChangedFirst(modules.map(([a, b]) => moduleChange(a, b))),
    shared: { before: sumOf(before.shared), after: sumOf(after.shared) },
    index: { before: sumOf(before.index), after: sumOf(after.index) },
  };
}

type Pair<T> = readonly [before: T | undefined, after: T | undefined];

function moduleChange(
  before: ModuleSizes | undefined,
  after: ModuleSizes | undefined,
): ModuleChange {
  const functions = functionChanges(before?.main, after?.main, []);
  return {
    name: (after ?? before)!.name,
    ...change(before, after),
    parts: partChanges(before?.parts, after?.parts),
    functions: mostChangedFirst(functions.filter(isChanged)),
  };
}

function functionChanges(
  before: FunctionSizes | undefined,
  after: FunctionSizes | undefined,
  path: readonly (LuaString | undefined)[],
): FunctionChange[] {
  const { name, line, lastLine } = (after ?? before)!;
  const own: FunctionChange = {
    name,
    line,
    lastLine,
    path,
    only: onlySide(before, after),
    before: before ? sumOf(before.own) : 0,
    after: after ? sumOf(after.own) : 0,
    parts: partChanges(before?.own, after?.own),
  };
  // The function of a whole file is in every path, so it is left out.
  const inner = line === 0 && path.length === 0 ? path : [...path, name];
  const nested = pairs(before?.functions ?? [], after?.functions ?? [], (each) => each.name);
  return [own, ...nested.flatMap(([a, b]) => functionChanges(a, b, inner))];
}

function change(
  before: { readonly total: number } | undefined,
  after: { readonly total: number } | undefined,
): SizeChange & Pick<ModuleChange, "only"> {
  return {
    before: before?.total ?? 0,
    after: after?.total ?? 0,
    only: onlySide(before, after),
  };
}

function onlySide(before: unknown, after: unknown): "before" | "after" | undefined {
  if (before === undefined) return "after";
  return after === undefined ? "before" : undefined;
}

/** A pair for each item of either list; those of the second in their order, then what is left. */
function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => LuaString | undefined,
): Pair<T>[] {
  const waiting = new Map<LuaString | undefined, T[]>();
  for (const item of before) {
    const same = waiting.get(key(item));
    if (same) same.push(item);
    else waiting.set(key(item), [item]);
  }
  const both = after.map((item): Pair<T> => [waiting.get(key(item))?.shift(), item]);
  const left = [...waiting.values()].flat();
  return [...both, ...left.map((item): Pair<T> => [item, undefined])];
}

function partChanges(before: PartSizes = noBytes(), after: PartSizes = noBytes()): PartChanges {
  const entries = SIZE_PARTS.map((part) => [part, { before: before[part], after: after[part] }]);
  return Object.fromEntries(entries) as Record<SizePart, SizeChange>;
}

function isChanged({ parts }: FunctionChange): boolean {
  return SIZE_PARTS.some((part) => growth(parts[part]) !== 0);
}

/** Of those that changed alike, the order stays. */
function mostChangedFirst<T extends SizeChange>(changes: readonly T[]): T[] {
  return [...changes].sort((a, b) => Math.abs(growth(b)) - Math.abs(growth(a)));
}

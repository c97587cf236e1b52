/** What `luacross ram` shows at a terminal: a row for each module, what is saved, and advice. */
import type { RamUse } from "../../ram/ram-use.ts";
import type { Target } from "../../target/target.ts";
import { type Column, type Row, type Style, shortened, table } from "./page.ts";
import { bytes, grouped, percent } from "./quantities.ts";

export interface FileUse extends RamUse {
  readonly file: string;
}

/** Ways of loading, from the dearest to the cheapest. */
const WAYS = ["source", "lc", "stripped", "lfs"] as const;

const COLUMNS: readonly Column[] = [
  { title: "module", align: "left" },
  { title: "source", align: "right" },
  { title: ".lc", align: "right" },
  { title: "stripped", align: "right" },
  { title: "LFS", align: "right" },
  { title: "compile peak", align: "right" },
];

/** Modules that advice names. */
const MOST_NAMES = 3;
/** Advice names as many modules as free this share of what can be freed. */
const ENOUGH = 0.8;

export function ramPage(uses: readonly FileUse[], target: Target, style: Style): string {
  const total = totalOf(uses);
  const rows = [
    ...uses.map((use): Row => rowOf(shortened(use.file, 32, "left"), use)),
    ...(uses.length > 1 ? [{ ...rowOf("together", total), paint: style.strong }] : []),
    savings(total),
  ];
  return [
    `Bytes of RAM that a module keeps once it is loaded (${target.name})\n\n`,
    table(COLUMNS, rows, style),
    `\n${advice(uses, total)}\n`,
    ...peakAdvice(uses),
  ].join("");
}

/**
 * What all take; of the peaks, which come one after another, the highest. Strings that several
 * modules have are counted with each, so that less may be needed.
 */
function totalOf(uses: readonly FileUse[]): RamUse {
  const sum = (way: "lc" | "stripped" | "lfs"): number =>
    uses.reduce((bytesSoFar, use) => bytesSoFar + use[way], 0);
  const sources = ifAllKnown(uses.map(({ source }) => source));
  const peaks = ifAllKnown(uses.map(({ compilePeak }) => compilePeak));
  return {
    source: sources ? sources.reduce((a, b) => a + b, 0) : null,
    lc: sum("lc"),
    stripped: sum("stripped"),
    lfs: sum("lfs"),
    compilePeak: peaks ? Math.max(...peaks) : null,
  };
}

function ifAllKnown(all: readonly (number | null)[]): readonly number[] | undefined {
  const known = all.filter((each) => each !== null);
  return known.length === all.length ? known : undefined;
}

function rowOf(name: string, use: RamUse): Row {
  const numbers = [...WAYS.map((way) => use[way]), use.compilePeak];
  return { cells: [name, ...numbers.map(cell)] };
}

function cell(count: number | null): string {
  return count === null ? "·" : grouped(count);
}

/** What each way saves against the dearest that is possible. */
function savings(total: RamUse): Row {
  const before = total.source ?? total.lc;
  const saved = WAYS.map((way) => before - (total[way] ?? before));
  return {
    cells: ["saved", ...saved.map((count) => (count === 0 ? "·" : grouped(count)))],
  };
}

/** What to move to LFS. */
function advice(uses: readonly FileUse[], total: RamUse): string {
  const before = total.source ?? total.lc;
  const freed = before - total.lfs;
  const share = `${bytes(freed)}, ${percent(freed, before)} %`;
  if (uses.length === 1) return `Moved to LFS, it frees ${share}.`;
  const first = heaviest(uses);
  if (first.length === uses.length) return `Moved to LFS, they free ${share}.`;
  const most = first.reduce((sum, use) => sum + savedByLfs(use), 0);
  const names = inWords(first.map(({ file }) => shortened(file, 32, "left")));
  return `Move ${names} to LFS first: that frees ${bytes(most)}; all modules, ${share}.`;
}

function heaviest(uses: readonly FileUse[]): FileUse[] {
  const all = uses.reduce((sum, use) => sum + savedByLfs(use), 0);
  const byWeight = [...uses].sort((a, b) => savedByLfs(b) - savedByLfs(a));
  const chosen: FileUse[] = [];
  let saved = 0;
  for (const use of byWeight) {
    if (chosen.length === MOST_NAMES || saved >= ENOUGH * all) break;
    chosen.push(use);
    saved += savedByLfs(use);
  }
  return chosen;
}

function savedByLfs({ source, lc, lfs }: RamUse): number {
  return (source ?? lc) - lfs;
}

function inWords(names: readonly string[]): string {
  const last = names[names.length - 1];
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** What compiling ahead of time spares the device. */
function peakAdvice(uses: readonly FileUse[]): string[] {
  const peaks = uses.map(({ compilePeak }) => compilePeak).filter((peak) => peak !== null);
  if (peaks.length === 0) return [];
  const highest = bytes(Math.max(...peaks));
  return [
    `Compiling on the device needs up to ${highest} for a moment; .lc files and LFS do not.\n`,
  ];
}

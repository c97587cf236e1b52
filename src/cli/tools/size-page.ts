/** What `luacross size` shows at a terminal: modules, largest functions, the budget. */
import {
  type FunctionSizes,
  type ImageSizes,
  type ModuleSizes,
  type PartSizes,
  SIZE_PARTS,
  sumOf,
  sumOfParts,
} from "../../image/sizes.ts";
import { type Column, type Row, type Style, shortened, shown, table } from "./page.ts";
import { bytes, grouped, percent } from "./quantities.ts";
import type { Subject } from "./subjects.ts";

/** Functions that are listed unless all are asked for. */
const FEW = 10;

export function sizePage(subject: Subject, sizes: ImageSizes, all: boolean, style: Style): string {
  const functions = largestFunctions(sizes);
  const listed = all ? functions : functions.slice(0, FEW);
  const more = functions.length - listed.length;
  return [
    heading(subject, sizes, style),
    `\n${moduleTable(sizes, style)}`,
    `\n${functionTable(listed, sizes.modules.length > 1, style)}`,
    more > 0 ? style.faint(`  … and ${grouped(more)} smaller ones; '--all' lists them\n`) : "",
  ].join("");
}

function heading(
  { name, target, fileSize, isBuilt, image }: Subject,
  sizes: ImageSizes,
  style: Style,
) {
  const isFile = !isBuilt && image.kind === "absolute";
  const file = isFile ? "" : `, ${grouped(fileSize)} in the compact file`;
  const made = isBuilt ? "would take" : "takes";
  const what = style.strong(shortened(name, 60));
  return `${what} ${made} ${bytes(sizes.total)} of flash${file} (${target.name})\n`;
}

const NUMBERS: readonly Column[] = SIZE_PARTS.map((title) => ({ title, align: "right" }));
const TOTALS: readonly Column[] = [
  { title: "bytes", align: "right" },
  { title: "%", align: "right" },
];

function moduleTable({ modules, shared, index, parts, total }: ImageSizes, style: Style): string {
  const row = (name: string, of: PartSizes, paint?: Row["paint"]): Row => ({
    cells: [name, grouped(sumOf(of)), percent(sumOf(of), total), ...numbers(of)],
    ...(paint && { paint }),
  });
  const largest = [...modules].sort((a, b) => b.total - a.total);
  const rows = [
    ...largest.map((module) => row(shortened(shown(module.name), 24), module.parts)),
    row("(strings of several)", shared),
    row("(header and tables)", index),
    row("total", parts, style.strong),
  ];
  return table([{ title: "module", align: "left" }, ...TOTALS, ...NUMBERS], rows, style);
}

/** A part of no bytes is only noise. */
function numbers(parts: PartSizes): string[] {
  return SIZE_PARTS.map((part) => (parts[part] === 0 ? "·" : grouped(parts[part])));
}

export interface PlacedFunction {
  readonly module: ModuleSizes;
  /** Names of the functions it is in, and its own. */
  readonly label: string;
  readonly sizes: FunctionSizes;
}

/** Every function, by its own bytes. */
function largestFunctions({ modules }: ImageSizes): PlacedFunction[] {
  const all = modules.flatMap((module) => placed(module, module.main, ""));
  return all.sort((a, b) => sumOf(b.sizes.own) - sumOf(a.sizes.own));
}

function placed(module: ModuleSizes, sizes: FunctionSizes, around: string): PlacedFunction[] {
  const label = labelOf(sizes, around);
  const inner = sizes.line === 0 ? "" : `${label} › `;
  const nested = sizes.functions.flatMap((each) => placed(module, each, inner));
  return [{ module, label, sizes }, ...nested];
}

function labelOf({ name, line }: FunctionSizes, around: string): string {
  if (line === 0 && around === "") return "(outside of functions)";
  return around + (name === undefined ? "function" : shown(name));
}

/** `3–17`; nothing for the function of a whole file. */
export function linesOf({ line, lastLine }: { line: number; lastLine: number }): string {
  if (line === 0) return "";
  return line === lastLine ? String(line) : `${line}–${lastLine}`;
}

function functionTable(
  functions: readonly PlacedFunction[],
  several: boolean,
  style: Style,
): string {
  const rows = functions.map(({ module, label, sizes }) => ({
    cells: [
      ...(several ? [shortened(shown(module.name), 16)] : []),
      shortened(label, 32, "left"),
      linesOf(sizes),
      grouped(sumOf(sizes.own)),
      ...numbers(sizes.own),
    ],
  }));
  const columns: Column[] = [
    { title: "function", align: "left" },
    { title: "lines", align: "right" },
    { title: "own bytes", align: "right" },
    ...NUMBERS,
  ];
  return table(several ? [{ title: "module", align: "left" }, ...columns] : columns, rows, style);
}

/** What the largest module and function are, for one who must save bytes. */
export function biggestInWords(sizes: ImageSizes): string {
  const modules = [...sizes.modules].sort((a, b) => b.total - a.total).slice(0, 3);
  const named = modules.map(({ name, total }) => `${shown(name)} (${grouped(total)})`).join(", ");
  const parts = sumOfParts([sizes.parts]);
  const part = SIZE_PARTS.reduce((a, b) => (parts[b] > parts[a] ? b : a));
  return `biggest: ${named}; most of all is ${part} (${grouped(parts[part])})`;
}

/**
 * Pages for a terminal: aligned columns, and colours where a person looks. Text on pages is ordinary
 * text; what comes from files is made safe by {@link shown}.
 */
import { type LuaString, toText } from "../../base/lua-string.ts";
import type { Host } from "../host.ts";

/** Sets text off. What it returns is as wide on the screen as what it gets. */
export type Paint = (text: string) => string;

export interface Style {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly bad: Paint;
}

const plain: Paint = (text) => text;
/** No colours at all. */
export const PLAIN: Style = { strong: plain, faint: plain, good: plain, bad: plain };
const COLOURS: Style = { strong: sgr(1), faint: sgr(2), good: sgr(32), bad: sgr(31) };

function sgr(code: number): Paint {
  return (text) => `\x1b[${code}m${text}\x1b[0m`;
}

/** Colours when standard output is a terminal that has them and nobody objects (no-color.org). */
export function styleFor({ stdoutIsTerminal, env }: Host): Style {
  return stdoutIsTerminal && !env.NO_COLOR && env.TERM !== "dumb" ? COLOURS : PLAIN;
}

/** Text from a file as a page can show it: controls, which may steer a terminal, are written out. */
export function shown(text: LuaString): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return toText(text).replace(/[\x00-\x1f\x7f-\x9f]/g, (control) => {
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** No more than so many characters, the end left out; of `"left"`, the beginning. */
export function shortened(text: string, most: number, side: "right" | "left" = "right"): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return side === "right"
    ? `${characters.slice(0, most - 1).join("")}…`
    : `…${characters.slice(1 - most).join("")}`;
}

export type Align = "left" | "right";

export interface Column {
  readonly title: string;
  readonly align: Align;
}

export interface Row {
  readonly cells: readonly string[];
  /** For the whole line. */
  readonly paint?: Paint;
}

/** Lines of a table with its heading, indented. Columns are as wide as their widest cell. */
export function table(columns: readonly Column[], rows: readonly Row[], { faint }: Style): string {
  const head = columns.map(({ title }) => title);
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map(({ cells }) => cells[i] ?? "")].map(width)),
  );
  const line = (cells: readonly string[]) =>
    `  ${columns.map(({ align }, i) => padded(cells[i] ?? "", widths[i], align)).join("  ")}`.trimEnd();
  const lines = rows.map(({ cells, paint = plain }) => `${paint(line(cells))}\n`);
  return [`${faint(line(head))}\n`, ...lines].join("");
}

/** Lines of a name and its fact, aligned and indented; facts that are undefined are left out. */
export function facts(
  all: readonly (readonly [string, string | undefined])[],
  style: Style,
): string {
  const known = all.filter(([, fact]) => fact !== undefined);
  const widest = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, fact]) => `  ${style.faint(name.padEnd(widest))}  ${fact}\n`).join("");
}

const BAR = "█";
const BAR_PARTS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A share of a whole as a bar of at most so many characters. */
export function bar(part: number, whole: number, most: number): string {
  const eighths = whole === 0 ? 0 : Math.round((8 * most * part) / whole);
  return BAR.repeat(eighths >> 3) + BAR_PARTS[eighths & 7];
}

function padded(text: string, to: number, align: Align): string {
  const gap = " ".repeat(Math.max(0, to - width(text)));
  return align === "left" ? text + gap : gap + text;
}

/** Characters of the text; wide ones, which are rare in names of modules, count as one. */
function width(text: string): number {
  return [...text].length;
}

/**
 * The piece of source that an error message talks about, for people at a terminal:
 *
 *       3 | x = = 5
 *         |     ^
 *
 * A tab is shown as four spaces, a control character or a byte that is not UTF-8 as U+FFFD, and a
 * long line is cut around the caret, so the caret stands right on every terminal.
 */
import type { SourcePlace } from "../base/errors.ts";
import { fromBytes, fromText, type LuaString, toText } from "../base/lua-string.ts";

/** Columns of source shown at most, and how many of them before the caret. */
const WINDOW = 76;
const BEFORE_CARET = 50;

/** Bytes of a line that are looked at on each side of the caret; more cannot be visible. */
const REACH = 4 * WINDOW;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Half-open range of byte offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the 1-based `line` lies, its line end not included. Line ends are Lua's: LF, CR, CRLF or
 * LFCR. A line past the last one is the empty one at the end.
 */
export function lineSpan(source: Uint8Array, line: number): Span {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const end = lineEnd(source, start);
    if (end === source.length) return { start: end, end };
    const pair = source[end] + source[end + 1] === LINE_FEED + CARRIAGE_RETURN;
    start = end + (pair ? 2 : 1);
  }
  return { start, end: lineEnd(source, start) };
}

function lineEnd(source: Uint8Array, start: number): number {
  let end = start;
  while (end < source.length && source[end] !== LINE_FEED && source[end] !== CARRIAGE_RETURN) end++;
  return end;
}

/**
 * Where the token stands that an error is `near`, as well as it can be told. Its text may differ
 * from the source's (escapes), then it is the last byte that had been read.
 *
 * @param near the token in the message's words; undefined if it has none
 */
export function tokenSpan(
  source: Uint8Array,
  place: SourcePlace,
  near: LuaString | undefined,
): Span {
  const line = lineSpan(source, place.line);
  const read = Math.min(Math.max(place.offset, line.start), line.end);
  if (near === "<eof>") return { start: line.end, end: line.end + 1 };
  if (near) {
    const from = Math.max(line.start, read - REACH - near.length);
    const start = fromBytes(source, from, read).lastIndexOf(near);
    if (start >= 0) return { start: from + start, end: from + start + near.length };
  }
  let end = read;
  while (end > line.start && isBlank(source[end - 1])) end--;
  return { start: Math.max(end - 1, line.start), end: Math.max(end, line.start + 1) };
}

/** The line of an error with a caret under its token; the opener's line above, if it names one. */
export function sourceView(
  source: Uint8Array,
  place: SourcePlace,
  near: LuaString | undefined,
  openerLine: number | undefined,
): LuaString {
  const shown = near === "<eof>" ? lastTextLine(source, place.line) : place.line;
  const token = tokenSpan(source, { line: shown, offset: place.offset }, near);
  const width = Math.max(4, String(shown).length + 1);
  const { text, caret } = renderLine(source, lineSpan(source, shown), token);
  const lines = [`${margin(width, shown)}${text}`, `${margin(width)}${caret}`];
  if (openerLine !== undefined && openerLine < shown) {
    const span = lineSpan(source, openerLine);
    const opener = renderLine(source, span, { start: span.start, end: span.start + 1 });
    lines.unshift(`${margin(width, openerLine)}${opener.text}`);
  }
  return fromText(lines.map((line) => `${line.trimEnd()}\n`).join(""));
}

function margin(width: number, line?: number): string {
  return `${String(line ?? "").padStart(width)} | `;
}

/** The end of input is best shown behind the last thing that was there. */
function lastTextLine(source: Uint8Array, line: number): number {
  for (let candidate = line; candidate > 0; candidate--) {
    const { start, end } = lineSpan(source, candidate);
    if (!source.subarray(start, end).every(isBlank)) return candidate;
    // Each step scans from the start; give up on sources that end in pages of blank lines.
    if (line - candidate > 100) break;
  }
  return line;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** One character as it is shown. */
interface Cell {
  readonly text: string;
  readonly width: number;
  /** Byte offset of the character. */
  readonly at: number;
}

function renderLine(source: Uint8Array, line: Span, token: Span): { text: string; caret: string } {
  const from = Math.max(line.start, token.start - REACH);
  const to = Math.min(line.end, token.start + REACH);
  const cells = cellsOf(source, from, to);
  const before = columnsOf(cells.filter((cell) => cell.at < token.start));
  const marked = columnsOf(cells.filter((cell) => cell.at >= token.start && cell.at < token.end));
  // Cut off on the left until the caret is within the window, then fill the window.
  const cutLeft = from > line.start || before > WINDOW - 10;
  const first = cutLeft ? Math.max(0, before - BEFORE_CARET) : 0;
  const { text, start, complete } = windowOf(cells, first);
  const cutRight = !complete || to < line.end;
  const lead = cutLeft ? "… " : "";
  const room = Math.max(1, Math.min(marked, WINDOW - (before - start)));
  return {
    text: lead + text + (cutRight ? " …" : ""),
    caret: `${" ".repeat(lead.length + Math.max(0, before - start))}^${"~".repeat(room - 1)}`,
  };
}

/** The cells from column `first` on that fit into the window, and the column they start at. */
function windowOf(cells: readonly Cell[], first: number) {
  let column = 0;
  let start = -1;
  let text = "";
  for (const cell of cells) {
    if (column >= first) {
      if (start < 0) start = column;
      if (column + cell.width - start > WINDOW) return { text, start, complete: false };
      text += cell.text;
    }
    column += cell.width;
  }
  return { text, start: Math.max(start, 0), complete: true };
}

function columnsOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

function cellsOf(source: Uint8Array, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  for (let at = from; at < to; ) {
    const length = sequenceLength(source, at, to);
    cells.push(cellOf(toText(fromBytes(source, at, at + length)), at));
    at += length;
  }
  return cells;
}

/** Bytes of the UTF-8 sequence at `at`, or 1 if there is none. */
function sequenceLength(source: Uint8Array, at: number, to: number): number {
  const lead = source[at];
  const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
  if (at + length > to) return 1;
  for (let i = 1; i < length; i++) if ((source[at + i] & 0xc0) !== 0x80) return 1;
  return length;
}

const REPLACEMENT = "\ufffd";
/** Controls, and marks that change the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const ZERO_WIDTH = /[\p{M}\u200b-\u200f\u2060\ufeff]/u;
const DOUBLE_WIDTH =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

function cellOf(text: string, at: number): Cell {
  if (text === "\t") return { text: "    ", width: 4, at };
  // An incomplete or over-long sequence decodes to several replacement characters.
  if (UNPRINTABLE.test(text) || text.startsWith(REPLACEMENT)) {
    return { text: REPLACEMENT, width: 1, at };
  }
  const width = ZERO_WIDTH.test(text) ? 0 : DOUBLE_WIDTH.test(text) ? 2 : 1;
  return { text, width, at };
}

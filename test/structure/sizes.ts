/**
 * How long files and functions are, and how much of the sources is comment. A dispatch, one long
 * switch over opcodes or tokens, may be longer when the comment at the file's head says why with
 * the words "long because".
 */
import { finding, type SourceFile } from "./sources.ts";
import { bracketPairs, type Token } from "./tokens.ts";

const MAX_FILE_LINES = 800;
const MAX_FUNCTION_LINES = 100;
/** A switch of so many labels is a dispatch. */
const DISPATCH_LABELS = 15;
/** Share of lines that carry a comment. */
const COMMENT_SHARE = { least: 0.12, most: 0.3 };

export interface FunctionSize {
  readonly line: number;
  readonly lines: number;
  /** `case` labels in it. */
  readonly labels: number;
  /** Indices, in the file's code, of the body's braces. */
  readonly body: readonly [open: number, close: number];
}

/** What is too long, and files without a word on what they are for. */
export function checkSizes(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const head = headComment(file);
    const long = functionsOf(file).filter(({ lines }) => lines > MAX_FUNCTION_LINES);
    const dispatches = long.filter(({ labels }) => labels >= DISPATCH_LABELS);
    const excused = /\blong because \w+/i.test(head);
    const lines = lineCount(file);
    const findings: string[] = [];
    if (head === "") findings.push(finding(file, 1, "does not open with what it is for"));
    if (lines > MAX_FILE_LINES && !(excused && dispatches.length > 0)) {
      findings.push(finding(file, lines, `${lines} lines, over ${MAX_FILE_LINES}`));
    }
    for (const each of long) {
      if (excused && dispatches.includes(each)) continue;
      const message = `a function of ${each.lines} lines, over ${MAX_FUNCTION_LINES}`;
      findings.push(finding(file, each.line, message));
    }
    return findings;
  });
}

/** What is wrong with the amount of comment in all files together; undefined when it is right. */
export function checkCommentShare(files: readonly SourceFile[]): string | undefined {
  const share = commentShare(files);
  const percent = `${(100 * share).toFixed(1)} % of the lines have comments`;
  if (share < COMMENT_SHARE.least) return `only ${percent}`;
  return share > COMMENT_SHARE.most ? `as much as ${percent}` : undefined;
}

export function commentShare(files: readonly SourceFile[]): number {
  const lines = files.reduce((sum, file) => sum + lineCount(file), 0);
  return files.reduce((sum, file) => sum + commentLines(file), 0) / lines;
}

function commentLines({ tokens }: SourceFile): number {
  const lines = new Set<number>();
  for (const { kind, line, endLine } of tokens) {
    if (kind !== "comment") continue;
    for (let at = line; at <= endLine; at++) lines.add(at);
  }
  return lines.size;
}

function lineCount({ text }: SourceFile): number {
  return text.replace(/\n$/, "").split("\n").length;
}

/** The comments before the first code. */
function headComment({ tokens }: SourceFile): string {
  const end = tokens.findIndex(({ kind }) => kind !== "comment");
  return tokens
    .slice(0, end < 0 ? tokens.length : end)
    .map(({ text }) => text)
    .join("\n");
}

/**
 * Functions, methods and arrow functions with a body in braces, nested ones too. A function type
 * whose result is written in braces passes for one; that does no harm.
 */
export function functionsOf({ code }: SourceFile): FunctionSize[] {
  const pairs = bracketPairs(code);
  return code.flatMap((token, at) => {
    const body = token.text === "=>" ? arrowBody(code, at) : bodyAfterParameters(code, pairs, at);
    const end = body === undefined ? undefined : pairs.get(body);
    if (body === undefined || end === undefined) return [];
    const labels = code.slice(body, end).filter(({ text }) => text === "case").length;
    const lines = code[end].line - token.line + 1;
    return [{ line: token.line, lines, labels, body: [body, end] }];
  });
}

function arrowBody(code: readonly Token[], arrow: number): number | undefined {
  return code[arrow + 1]?.text === "{" ? arrow + 1 : undefined;
}

/** These have parentheses and a block without being functions. */
const STATEMENTS = new Set("if for while switch catch with return typeof await".split(" "));

/** The index of the body's brace when the word at an index is the name of a function it opens. */
function bodyAfterParameters(
  code: readonly Token[],
  pairs: ReadonlyMap<number, number>,
  name: number,
): number | undefined {
  const { kind, text } = code[name];
  if (!(kind === "word" || kind === "string" || text === "]") || STATEMENTS.has(text))
    return undefined;
  const open = code[name + 1]?.text === "<" ? afterAngles(code, name + 1) : name + 1;
  const close = code[open]?.text === "(" ? pairs.get(open) : undefined;
  if (close === undefined) return undefined;
  const next = code[close + 1]?.text;
  if (next === "{") return close + 1;
  return next === ":" ? bodyAfterType(code, pairs, close + 2) : undefined;
}

/** Signs of a type after which another part of it must follow. */
const OPEN_TYPE = /^(?:[|&?:]|=>|is|asserts|readonly|keyof|typeof|extends)$/;

/** The brace after a type that begins at an index; undefined when there is something else. */
function bodyAfterType(
  code: readonly Token[],
  pairs: ReadonlyMap<number, number>,
  start: number,
): number | undefined {
  let partMissing = true;
  for (let at = start; at < code.length; at++) {
    const { kind, text } = code[at];
    if (text === "{" && !partMissing) return at;
    if (kind === "mark" && /^[;,)\]}=]$/.test(text)) return undefined;
    if (kind === "word" && (text === "case" || text === "default")) return undefined;
    if (text === "<") at = afterAngles(code, at) - 1;
    else if (kind === "mark" && /^[([{]$/.test(text)) at = pairs.get(at) ?? code.length;
    partMissing = OPEN_TYPE.test(text);
  }
  return undefined;
}

/** The index behind the `>` that closes the `<` at an index. */
function afterAngles(code: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    const { kind, text } = code[at];
    if (kind !== "mark") continue;
    if (text === "<") depth++;
    if (text === ">" && --depth === 0) return at + 1;
    if (text === ";") break;
  }
  return code.length;
}

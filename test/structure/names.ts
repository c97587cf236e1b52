/**
 * No if-soup: outside `src/target/` nothing asks which target or dialect it has. What differs is a
 * fact in the target's row or a method of its number model.
 *
 * Refused are the names themselves in any literal, key or identifier, comparing a name whatever it
 * is compared with, and taking a name to pieces.
 */
import { finding, type SourceFile } from "./sources.ts";
import { stringValue, type Token } from "./tokens.ts";

/** The names that must stay where they are. */
export interface TargetNames {
  readonly targets: readonly string[];
  readonly dialects: readonly string[];
  /** Their names in words. */
  readonly titles: readonly string[];
}

const HOME = "src/target/";

/** Files with a record that has an entry for each dialect: the only way to pick an implementation. */
const KEYED_BY_DIALECT = new Set([
  "src/compiler/compile.ts",
  "src/toolchain.ts",
  "src/image-formats.ts",
  "src/run-script.ts",
  "src/simulate.ts",
  "src/vm/version.ts",
]);

/** Files that compare a `version` which is not the target's, with the reason. */
const OTHER_VERSIONS: Readonly<Record<string, string>> = {
  "src/formats/chunk.ts": "a byte of the input, which tells its format; there is no target yet",
};

/** Records of a target that have a name. */
const NAMED = /^(?:target|dialect|numbers|wire|TARGET|DIALECT)$/;
const NAME = /^(?:name|title)$/;
const VERSION = /^(?:version|luaVersion|dialectName|targetName|generation)$/;
const COMPARISON = /^(?:[=!]==?|case)$/;
const TAKING_TO_PIECES = /^(?:startsWith|endsWith|includes|indexOf|match|search|split|slice|at)$/;

export function checkNames(files: readonly SourceFile[], names: TargetNames): string[] {
  const known = new Map<string, string>();
  for (const part of names.targets.flatMap(beginnings)) {
    known.set(part, "begins like a target's name");
  }
  for (const name of names.targets) known.set(name, "is a target's name");
  for (const name of names.dialects) known.set(name, "is a dialect's name");
  for (const title of names.titles) known.set(title, "is a dialect's title");
  return files
    .filter(({ path }) => !path.startsWith(HOME))
    .flatMap((file) => checkFile(file, known, new Set(names.dialects)));
}

/** The firmware and so on of a target: its name up to each dash, with the dash and without. */
function beginnings(name: string): string[] {
  return [...name.matchAll(/-/g)].flatMap(({ index }) => [
    name.slice(0, index),
    name.slice(0, index + 1),
  ]);
}

function checkFile(
  file: SourceFile,
  known: ReadonlyMap<string, string>,
  dialects: ReadonlySet<string>,
): string[] {
  const { code, path } = file;
  const mayKey = KEYED_BY_DIALECT.has(path);
  const messages = code.map((token, at) => {
    const value = stringValue(token);
    if (value !== undefined && known.has(value)) return `${token.text} ${known.get(value)}`;
    if (token.kind !== "word") return undefined;
    if (dialects.has(token.text.toLowerCase())) {
      const isKey = code[at + 1]?.text === ":" && /^[{,]$/.test(code[at - 1].text);
      return isKey && mayKey ? undefined : `${token.text} is a dialect`;
    }
    if (VERSION.test(token.text)) return checkVersion(code, at, path);
    return isNameOfRecord(code, at) ? checkName(code, at, mayKey) : undefined;
  });
  const findings = messages.flatMap((message, at) => {
    return message ? [finding(file, code[at].line, message)] : [];
  });
  return [...new Set(findings)];
}

/** True at the second word of `target.name`, `dialect.title` and the like. */
function isNameOfRecord(code: readonly Token[], at: number): boolean {
  const dotted = /^\??\.$/.test(code[at - 1]?.text ?? "");
  return dotted && NAME.test(code[at].text) && NAMED.test(code[at - 2].text);
}

function checkVersion(code: readonly Token[], at: number, path: string): string | undefined {
  const compared = isCompared(code, at) && OTHER_VERSIONS[path] === undefined;
  return compared ? `compares a ${code[at].text}` : undefined;
}

function checkName(code: readonly Token[], at: number, mayKey: boolean): string | undefined {
  const words = `${code[at - 2].text}.${code[at].text}`;
  if (isCompared(code, at)) return `compares ${words}`;
  const method = /^\??\.$/.test(code[at + 1]?.text ?? "") ? code[at + 2].text : "";
  if (TAKING_TO_PIECES.test(method)) return `takes ${words} to pieces`;
  const isIndex = code[at + 1]?.text === "]" && code[startOfPath(code, at) - 1]?.text === "[";
  return isIndex && !mayKey ? `picks by ${words}` : undefined;
}

/** True when a path such as `a.b.c`, which ends at an index, is compared or switched on. */
function isCompared(code: readonly Token[], end: number): boolean {
  const start = startOfPath(code, end);
  const before = code[start - 1]?.text ?? "";
  const isSubject = before === "(" && code[start - 2]?.text === "switch";
  return isSubject || COMPARISON.test(before) || COMPARISON.test(code[end + 1]?.text ?? "");
}

function startOfPath(code: readonly Token[], end: number): number {
  let start = end;
  while (/^\??\.$/.test(code[start - 1]?.text ?? "")) start -= 2;
  return start;
}

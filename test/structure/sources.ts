/** The files that the structure tests look at, and how they say where something is wrong. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Token, tokenize, withoutComments } from "./tokens.ts";

/** The project's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A TypeScript file; `path` is relative to the project's folder and has forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The tokens without comments. */
  readonly code: readonly Token[];
}

export function sourceFile(path: string, text: string): SourceFile {
  const tokens = tokenize(text);
  return { path, text, tokens, code: withoutComments(tokens) };
}

/** Sources by path, for samples that are only in memory. */
export function sourceFiles(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => sourceFile(path, text));
}

/** The shipped sources, `src/`. */
export function shippedSources(): SourceFile[] {
  return projectFiles()
    .filter((path) => path.startsWith("src/") && path.endsWith(".ts"))
    .map((path) => sourceFile(path, readProjectFile(path)));
}

export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Every file of the project that Git does not ignore, sorted. */
export function projectFiles(): string[] {
  const ignored = ignoreRules();
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => !ignored(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name, ignored) : [entry.name]))
    .sort();
}

function filesBelow(folder: string, ignored: (name: string) => boolean): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !ignored(entry.name))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path, ignored) : [path];
    });
}

/** `.gitignore` as far as this project uses it: names, and `*.ending`. */
function ignoreRules(): (name: string) => boolean {
  const rules = readProjectFile(".gitignore").split("\n").filter(Boolean);
  const names = new Set([".git", ...rules.map((rule) => rule.replace(/\/$/, ""))]);
  const endings = rules.filter((rule) => rule.startsWith("*.")).map((rule) => rule.slice(1));
  return (name) => names.has(name) || endings.some((ending) => name.endsWith(ending));
}

/** The folders that are built and not kept, such as `dist`. */
export function generatedFolders(): string[] {
  const rules = readProjectFile(".gitignore").split("\n");
  return rules.filter((rule) => rule.endsWith("/")).map((rule) => basename(rule));
}

/** What is wrong at a place, in the form that editors make a link of. */
export function finding(file: { readonly path: string }, line: number, message: string): string {
  return `${file.path}:${line}: ${message}`;
}

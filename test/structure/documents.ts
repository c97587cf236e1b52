/**
 * What the documents say that a program can check: paths of the project, npm scripts, targets and
 * options. Source: Markdown with code spans, fenced blocks, links and tables.
 */
import { posix } from "node:path";
import { finding } from "./sources.ts";

export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Files with these endings are the project's own wherever they are named. */
const OWN_ENDING = /\.(?:ts|mjs|cjs|js|json|md|yml)$/;
/** Files of people who use the product. */
const USERS_ENDING = /\.(?:lua|lc|img)$/;
/** Folders whose every file is the project's own. */
const OWN_FOLDER = /^(?:examples|test)\//;

/**
 * Paths of the project that a document names and that are not there. A path in a code span counts
 * from the project's folder or from `src/`; a file name alone may be anywhere; a link counts from
 * the document. `*` and `{a,b}` are understood.
 *
 * @param files every file of the project
 * @param generated folders that are built, whose files are not in `files`
 */
export function missingPaths(
  document: Document,
  files: readonly string[],
  generated: readonly string[],
): string[] {
  const known = new Set(files.flatMap((path) => [path, ...folders(path)]));
  const tops = new Set([...known].filter((path) => /^[^/]+\/$/.test(path)));
  for (const path of known) if (/^src\/[^/]+\/$/.test(path)) tops.add(path.slice("src/".length));
  const isThere = (path: string) =>
    generated.includes(path.split("/")[0]) || braces(path).every((each) => matches(each, known));

  const missing = (path: string, isLink: boolean) => {
    if (isLink) return !isThere(posix.join(posix.dirname(document.path), path));
    if (!path.includes("/")) return OWN_ENDING.test(path) && !isThere(`**/${path}`);
    const isOurs = OWN_FOLDER.test(path) || !USERS_ENDING.test(path);
    const isPath = tops.has(`${path.split("/")[0]}/`) || OWN_ENDING.test(path);
    return isOurs && isPath && !isThere(path) && !isThere(`src/${path}`);
  };
  return mentions(document.text)
    .filter(({ path, isLink }) => missing(path, isLink))
    .map(({ path, line }) => finding(document, line, `${path} is not there`));
}

interface Mention {
  readonly path: string;
  readonly line: number;
  readonly isLink: boolean;
}

/** Words of code spans, and where links lead, without what is plainly no path. */
function mentions(text: string): Mention[] {
  return withoutFences(text).flatMap((content, i) => {
    const spans = codeSpans(content).flatMap((span) => span.split(/\s+/));
    const links = [...content.matchAll(/\]\(([^()\s]+)[^()]*\)/g)].map(([, target]) => target);
    const isPath = (word: string) => /^[\w.*{@]/.test(word) && !/^\w+:|[<>$=;()"'\\]/.test(word);
    const mention = (isLink: boolean) => (word: string) => {
      return { path: word.replace(/#.*|:\d+$|[,:]$/, ""), line: i + 1, isLink };
    };
    return [
      ...spans.filter(isPath).map(mention(false)),
      ...links.filter(isPath).map(mention(true)),
    ];
  });
}

/** The lines of a document, those of fenced blocks empty. */
function withoutFences(text: string): string[] {
  let fence = false;
  return text.split("\n").map((line) => {
    const mark = /^\s*```/.test(line);
    if (mark) fence = !fence;
    return mark || fence ? "" : line;
  });
}

function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
}

/** A path and every folder it is in; folders with and without their slash. */
function folders(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.flatMap((_, i) => {
    const folder = parts.slice(0, i + 1).join("/");
    return [folder, `${folder}/`];
  });
}

/** `a{b,c}` as `ab` and `ac`. */
function braces(path: string): string[] {
  const found = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(path);
  if (!found) return [path];
  const [, before, choices, behind] = found;
  return choices.split(",").flatMap((choice) => braces(before + choice.trim() + behind));
}

function matches(path: string, known: ReadonlySet<string>): boolean {
  if (!path.includes("*")) return known.has(path);
  const literal = path.split("**/").map((part) => {
    return part.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  });
  const pattern = new RegExp(`^${literal.join("(?:.*/)?")}$`);
  return [...known].some((candidate) => pattern.test(candidate));
}

/** npm scripts that a document names, in code or not, and the package does not have. */
export function missingScripts(document: Document, scripts: readonly string[]): string[] {
  return document.text.split("\n").flatMap((content, i) => {
    const named = content.matchAll(/\bnpm (?:run(?:-script)? ([\w:.-]*\w)|(test|start)\b)/g);
    return [...named].flatMap(([words, script, short]) => {
      const isThere = scripts.includes(script ?? short);
      return isThere ? [] : [finding(document, i + 1, `there is no ${words}`)];
    });
  });
}

/** Targets without a row, in a table, that begins with their name. */
export function missingTargets({ text }: Document, targets: readonly string[]): string[] {
  const cells = text.split("\n").flatMap((line) => /^\|([^|]*)\|/.exec(line)?.[1] ?? []);
  const named = new Set(cells.flatMap(codeSpans));
  return targets.filter((target) => !named.has(target));
}

/** The options and environment variables that a help text lists: the first word of its rows. */
export function optionsOfHelp(help: string): string[] {
  return [...help.matchAll(/^ {2}(-\S*|[A-Z][A-Z_]+)(?= )/gm)].map(([, option]) => option);
}

/** Options that stand in no code span of a document. */
export function missingOptions({ text }: Document, options: readonly string[]): string[] {
  const words = new Set(
    codeSpans(withoutFences(text).join("\n")).flatMap((span) => span.split(" ")),
  );
  return options.filter((option) => !words.has(option));
}

/** Options that a document names in code spans of their own and that do not exist. */
export function inventedOptions(document: Document, options: readonly string[]): string[] {
  return withoutFences(document.text).flatMap((content, i) => {
    const named = codeSpans(content).map((span) => span.split(/[ =]/)[0]);
    return named
      .filter((word) => /^--?[A-Za-z]/.test(word) && !options.includes(word))
      .map((word) => finding(document, i + 1, `there is no option ${word}`));
  });
}

/**
 * No mutable module state, because compiles may be interleaved: what stands outside functions is
 * never reassigned, and once the module is loaded it is never changed. The one exception is the scratch view, in whose eight bytes
 * the bits of a number change their type: a function that reads it has written it before.
 */
import { importsOf, resolveImport } from "./imports.ts";
import { functionsOf } from "./sizes.ts";
import { finding, type SourceFile } from "./sources.ts";
import { bracketPairs, type Token } from "./tokens.ts";

const SCRATCH = "scratch = new DataView ( new ArrayBuffer ( 8 ) ) ;";

/** Objects of the language that remember nothing, or whose changes are seen by {@link changes}. */
const STANDARD = /^(?:Map|Set|Array|\w+Array|ArrayBuffer|DataView|RegExp|Text(?:De|En)coder)$/;

/** Methods that change a collection, a view or a typed array. */
const CHANGING =
  /^(?:set\w*|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/;
/** Functions of `Object` and `Reflect` that change their first argument. */
const CHANGING_FIRST =
  /^(?:Object|Reflect)\.(?:assign|defineProperty|defineProperties|setPrototypeOf|set)\($/;
/** An assignment's tokens with a blank after each. */
const ASSIGNMENT = /^(?:\+\+ |-- |(?:[-+*/%&|^] |\* \* |< < |> > (?:> )?|&& |\|\| |\?\? )?= )/;
/** A regular expression that remembers where its last match ended. */
const REMEMBERING = /\/[a-z]*[gy][a-z]*$/;

export function checkState(files: readonly SourceFile[]): string[] {
  const constants = new Map(files.map((file) => [file.path, constantsOf(file)]));
  return files.flatMap((file) => {
    const own = constants.get(file.path) ?? [];
    const imported = importsOf(file).flatMap(({ specifier, names }) => {
      const known = constants.get(resolveImport(file.path, specifier)) ?? [];
      return known.filter((name) => names.includes(name));
    });
    return [...variables(file), ...checkScratch(file), ...changes(file, [...own, ...imported])];
  });
}

/** Calls back with the index of every token that is in no brackets. */
function forEachOutside({ code }: SourceFile, visit: (at: number) => void): void {
  const pairs = bracketPairs(code);
  for (let at = 0; at < code.length; at++) {
    visit(at);
    at = pairs.get(at) ?? at;
  }
}

/** The names of a module's own constants, the scratch view not among them. */
function constantsOf(file: SourceFile): string[] {
  const { code } = file;
  const names: string[] = [];
  forEachOutside(file, (at) => {
    if (code[at - 1]?.text !== "const" || code[at].kind !== "word") return;
    if (!isScratch(code, at)) names.push(code[at].text);
  });
  return names;
}

function isScratch(code: readonly Token[], at: number): boolean {
  const wanted = SCRATCH.split(" ");
  return wanted.every((text, i) => code[at + i]?.text === text);
}

/** Classes of other files whose objects never change: names that tell kinds apart. */
const FIXED_ELSEWHERE = new Set(["UserdataKind"]);

/** Variables, objects of our classes, static fields, and regular expressions with a memory. */
function variables(file: SourceFile): string[] {
  const { code } = file;
  const found: string[] = [];
  const loading = loadingTokens(file);
  const fixed = fixedClasses(file);
  const report = (at: number, message: string) => found.push(finding(file, code[at].line, message));
  forEachOutside(file, (at) => {
    const { kind, text, line } = code[at];
    if (kind === "word" && /^(?:let|var)$/.test(text)) report(at, `a module's variable: ${text}`);
    const isMade = code[at - 1]?.text === "new" && loading.has(at) && !STANDARD.test(text);
    if (isMade && !fixed.has(text) && !FIXED_ELSEWHERE.has(text))
      report(at, `a module's own ${text}`);
    if (kind === "regex" && REMEMBERING.test(text)) {
      found.push(finding(file, line, `remembers its last match: ${text}`));
    }
  });
  code.forEach(({ text }, at) => {
    if (text !== "static" || code[at].kind !== "word") return;
    const isField = /^[=:;?!]$/.test(code[at + 2]?.text ?? "");
    if (isField && code[at + 1].text !== "readonly") report(at, "a class's variable");
  });
  return found;
}

/** The names of a file's classes whose fields, if any, are all readonly. */
function fixedClasses(file: SourceFile): ReadonlySet<string> {
  const { code } = file;
  const pairs = bracketPairs(code);
  const found = new Set<string>();
  forEachOutside(file, (at) => {
    if (code[at].text !== "class") return;
    const open = code.findIndex(({ text }, i) => i > at && text === "{");
    const close = pairs.get(open) ?? code.length;
    let isFixed = true;
    let member: string[] = [];
    for (let i = open + 1; i < close; i = (pairs.get(i) ?? i) + 1) {
      member.push(code[i].text);
      // A field ends with a semicolon, a method with its body, the first braces without "=".
      const isField = code[i].text === ";";
      if (isField && !member.includes("readonly")) isFixed = false;
      if (isField || (code[i].text === "{" && !member.includes("="))) member = [];
    }
    if (isFixed) found.add(code[at + 1].text);
  });
  return found;
}

/** Places that change what a constant holds. */
function changes(file: SourceFile, constants: readonly string[]): string[] {
  const { code } = file;
  const names = new Set(constants);
  const pairs = bracketPairs(code);
  const whileLoading = loadingTokens(file);
  return code.flatMap(({ kind, text, line }, at) => {
    const isOther = /^\??\.$/.test(code[at - 1]?.text ?? "") || whileLoading.has(at);
    if (kind !== "word" || !names.has(text) || isOther) return [];
    const changed = isChanged(code, pairs, at) || isChangedByCall(code, at);
    return changed ? [finding(file, line, `changes the module's ${text}`)] : [];
  });
}

/** The tokens outside all brackets, except behind an arrow, which is a function without braces. */
function loadingTokens(file: SourceFile): ReadonlySet<number> {
  const found = new Set<number>();
  let behindArrow = false;
  forEachOutside(file, (at) => {
    const { text } = file.code[at];
    if (text === "=>") behindArrow = true;
    if (text === ";") behindArrow = false;
    if (!behindArrow) found.add(at);
  });
  return found;
}

/** Whether the path that starts with a name ends in an assignment or a call that changes it. */
function isChanged(code: readonly Token[], pairs: ReadonlyMap<number, number>, name: number) {
  if (/^(?:delete|\+\+|--)$/.test(code[name - 1]?.text ?? "")) return true;
  let at = name + 1;
  for (;;) {
    const { text } = code[at] ?? { text: "" };
    if (text === "[") at = (pairs.get(at) ?? code.length) + 1;
    else if (/^\??\.$/.test(text)) {
      if (CHANGING.test(code[at + 1].text) && code[at + 2]?.text === "(") return true;
      at += 2;
    } else break;
  }
  const behind = code.slice(at, at + 4).map(({ text }) => `${text} `);
  return at > name + 1 && ASSIGNMENT.test(behind.join(""));
}

/** `Object.assign(NAME, …)` and the like. */
function isChangedByCall(code: readonly Token[], name: number): boolean {
  const before = code.slice(Math.max(0, name - 4), name).map(({ text }) => text);
  return CHANGING_FIRST.test(before.join(""));
}

/** Reads of the scratch view that may see what another function left there. */
function checkScratch(file: SourceFile): string[] {
  const { code } = file;
  const functions = functionsOf(file);
  const first = new Map<unknown, number>();
  code.forEach(({ text }, at) => {
    if (text !== "scratch" || code[at + 1]?.text !== ".") return;
    // Functions are in the order of their beginnings, so the last one around is the innermost.
    const around = functions.findLast(({ body: [open, close] }) => open < at && at < close);
    if (!first.has(around)) first.set(around, at);
  });
  return [...first.values()].flatMap((at) => {
    const writes = code[at + 2].text.startsWith("set");
    return writes ? [] : [finding(file, code[at].line, "reads the scratch view unwritten")];
  });
}

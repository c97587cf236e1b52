/** The imports of a file, and where they lead. */
import { posix } from "node:path";
import type { SourceFile } from "./sources.ts";
import { stringValue, type Token } from "./tokens.ts";

export interface Import {
  /** `import`; `export … from`; `import()`, as an expression or a type; `require()`. */
  readonly kind: "import" | "re-export" | "dynamic" | "require";
  readonly specifier: string;
  readonly line: number;
  /** The words between the braces, `as` and `type` among them. */
  readonly names: readonly string[];
}

export function importsOf({ code }: SourceFile): Import[] {
  const imports: Import[] = [];
  code.forEach((token, at) => {
    if (token.kind !== "word" || /^\??\.$/.test(code[at - 1]?.text ?? "")) return;
    const found = importAt(code, at);
    if (found) imports.push({ ...found, line: token.line });
  });
  return imports;
}

function importAt(code: readonly Token[], at: number): Omit<Import, "line"> | undefined {
  const { text } = code[at];
  const isCall = code[at + 1]?.text === "(";
  if (isCall && (text === "import" || text === "require")) {
    const kind = text === "import" ? "dynamic" : "require";
    return { kind, specifier: stringValue(code[at + 2]) ?? "(computed)", names: [] };
  }
  if (text !== "import" && text !== "export") return undefined;
  const end = endOfClause(code, at + 1);
  const specifier = end < code.length ? stringValue(code[end]) : undefined;
  if (specifier === undefined) return undefined;
  const names = code.slice(at + 1, end).filter((token) => token.kind === "word");
  const kind = text === "import" ? "import" : "re-export";
  return { kind, specifier, names: names.map((token) => token.text) };
}

/** The index behind an import's names and its `from`, where the module's name should be. */
function endOfClause(code: readonly Token[], start: number): number {
  let at = start;
  while (at < code.length && (code[at].kind === "word" || /^[{},*]$/.test(code[at].text))) {
    if (code[at].text === "from") return at + 1;
    at++;
  }
  // Without `from` only `import "module"` counts, not `export const …`.
  return at === start ? at : code.length;
}

/** The path of the file that a relative specifier names. */
export function resolveImport(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

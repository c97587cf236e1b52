/**
 * Enums in a bundle. A switch is fast only when its labels are numbers in the code that runs, so
 * the bundler must have put the members' values in the place of `Enum.Member`.
 */
import type { SourceFile } from "./sources.ts";
import { type Token, tokenize, withoutComments } from "./tokens.ts";

/** The names of the enums that are declared in some files. */
export function enumNames(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ code }) =>
    code.flatMap((token, i) => {
      return token.kind === "word" && code[i - 1]?.text === "enum" ? [token.text] : [];
    }),
  );
}

/** How often each file's switches have a member of an enum as their label. */
export function enumLabels(files: readonly SourceFile[], enums: readonly string[]): number {
  const isLabel = (code: readonly Token[], at: number) =>
    code[at].text === "case" && enums.includes(code[at + 1].text) && code[at + 2].text === ".";
  return files.reduce((sum, { code }) => sum + code.filter((_, at) => isLabel(code, at)).length, 0);
}

/** The places where a bundle still looks up an enum's member by its name. */
export function memberReads(bundle: string, enums: readonly string[]): string[] {
  const code = withoutComments(tokenize(bundle));
  // The bundler numbers names that exist twice; inside its declaration an enum has such a one.
  const name = new RegExp(`^(?:${enums.join("|")})\\d*$`);
  return code.flatMap(({ text }, at) => {
    const isMember = name.test(text) && /^\??\.$/.test(code[at + 1].text);
    const isRead = isMember && code[at + 3]?.text !== "=";
    return isRead && code[at - 1]?.text !== "." ? [`${text}.${code[at + 2].text}`] : [];
  });
}

/** `case` labels of a bundle that are plain numbers. */
export function numberLabels(bundle: string): number {
  const code = withoutComments(tokenize(bundle));
  return code.filter(({ text }, at) => text === "case" && code[at + 1].kind === "number").length;
}

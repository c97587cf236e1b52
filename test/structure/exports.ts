/** The names that a file exports, those of values and those that are only types. */
import type { SourceFile } from "./sources.ts";
import { bracketPairs, type Token } from "./tokens.ts";

export interface Exports {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** Sorted; of a declaration with several names only the first. `export *` is not understood. */
export function exportsOf({ code }: SourceFile): Exports {
  const pairs = bracketPairs(code);
  const values: string[] = [];
  const types: string[] = [];
  code.forEach((token, at) => {
    if (token.kind !== "word" || token.text !== "export") return;
    const allTypes = code[at + 1].text === "type";
    const open = allTypes ? at + 2 : at + 1;
    if (code[open].text !== "{") {
      const { name, isType } = declaration(code, at + 1);
      (isType ? types : values).push(name);
      return;
    }
    for (const [name, isType] of clause(code.slice(open + 1, pairs.get(open)))) {
      (allTypes || isType ? types : values).push(name);
    }
  });
  return { values: values.sort(), types: types.sort() };
}

function declaration(code: readonly Token[], start: number): { name: string; isType: boolean } {
  const at = code.findIndex(
    ({ text }, i) => i >= start && !/^(?:async|abstract|declare)$/.test(text),
  );
  const name = code[at + 1].text === "*" ? code[at + 2].text : code[at + 1].text;
  return { name, isType: /^(?:interface|type)$/.test(code[at].text) };
}

/** The exported names between the braces, and whether each is marked as a type. */
function clause(tokens: readonly Token[]): [name: string, isType: boolean][] {
  const text = tokens.map((token) => token.text).join(" ");
  return text.split(",").flatMap((part) => {
    const words = part.trim().split(" ");
    return words[0] ? [[words[words.length - 1], words[0] === "type" && words.length > 1]] : [];
  });
}

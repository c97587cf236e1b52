import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromText } from "../../src/base/lua-string.ts";
import { compileSource } from "../../src/compiler/compile.ts";
import { findTarget } from "../../src/target/targets.ts";
import { toolchainFor } from "../../src/toolchain.ts";

/**
 * `code51.txt` and `code53.txt`: for each construct a line of source behind `> `, and the code that
 * the reference makes of it, as it lists it less line numbers and addresses.
 */
const VERSIONS = [
  { file: "code51.txt", target: findTarget("esp8266-lua51-float") },
  { file: "code53.txt", target: findTarget("esp8266-lua53") },
];

function casesIn(file: string): { source: string; code: string }[] {
  return readFileSync(new URL(file, import.meta.url), "utf8")
    .split(/^> /m)
    .slice(1)
    .map((block) => {
      const [source, ...code] = block.trimEnd().split("\n");
      return { source, code: code.join("\n") };
    });
}

/** The listing of a line of source in the words of the files. */
function codeOf(source: string, target: ReturnType<typeof findTarget>): string {
  const bytes = new TextEncoder().encode(`${source}\n`);
  const proto = compileSource(bytes, { chunkName: fromText("@s.lua"), target });
  return toolchainFor(target)
    .list(proto, { full: false, numbers: target.numbers })
    .split("\n")
    .flatMap(plainLine)
    .join("\n");
}

function plainLine(line: string): string[] {
  if (line.startsWith("function")) return ["function:"];
  const counts = /^(\d+\+?) params?, (\d+) slots?, (\d+) upv/.exec(line);
  if (counts) return [`  (${counts[1]} params, ${counts[2]} slots, ${counts[3]} upvalues)`];
  const instruction = /^\t\d+\t\[[^\]]*\]\t(\S+)\s*\t(.*)$/.exec(line);
  if (!instruction) return [];
  const [, name, rest] = instruction;
  const operands = rest.replace("\t", " ").trim();
  const shown = name === "CLOSURE" ? operands.replace(/ ;.*/, "") : operands;
  return [`  ${name.padEnd(9)} ${shown}`];
}

describe.each(VERSIONS)("$file", ({ file, target }) => {
  const cases = casesIn(file);

  it("has cases", () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(cases)("$source", ({ source, code }) => {
    expect(codeOf(source, target)).toBe(code);
  });
});

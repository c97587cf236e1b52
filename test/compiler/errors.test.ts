import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CompileError } from "../../src/base/errors.ts";
import { fromText } from "../../src/base/lua-string.ts";
import { compileSource } from "../../src/compiler/compile.ts";
import type { Target } from "../../src/target/target.ts";
import { findTarget } from "../../src/target/targets.ts";

/**
 * `errors51.txt` and `errors53.txt`: programs that do not compile, one empty line between them. The
 * line that must fail ends with `--> ` and the message, which Lua takes for a comment.
 */
const VERSIONS = [
  { file: "errors51.txt", target: findTarget("esp8266-lua51-float") },
  { file: "errors53.txt", target: findTarget("esp8266-lua53") },
];

function programsIn(file: string): string[] {
  return readFileSync(new URL(file, import.meta.url), "utf8")
    .trimEnd()
    .split("\n\n");
}

function failureOf(source: string, target: Target): CompileError {
  try {
    compileSource(new TextEncoder().encode(source), { chunkName: fromText("@t.lua"), target });
  } catch (error) {
    if (error instanceof CompileError) return error;
    throw error;
  }
  throw new Error("the program compiles");
}

/** What a program says about its own failure. */
function expectation(program: string): { line: number; message: string; source: string } {
  const lines = program.split("\n");
  const index = lines.findIndex((text) => text.includes("--> "));
  const [before, message] = lines[index].split("--> ");
  lines[index] = before.trimEnd();
  const text = message.replaceAll("\\n", "\n");
  if (lines.at(-1) !== "") lines.push(""); // a source ends with a line end
  return { line: index + 1, message: text, source: lines.join("\n") };
}

describe.each(VERSIONS)("$file", ({ file, target }) => {
  it.each(programsIn(file))("%s", (program) => {
    const { line, message, source } = expectation(program);
    const error = failureOf(source, target);
    expect(error.message).toBe(`t.lua:${line}: ${message}`);
    expect(error.place?.line).toBe(line);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CompileError } from "../../src/base/errors.ts";
import { fromText } from "../../src/base/lua-string.ts";
import { compileSource } from "../../src/compiler/compile.ts";
import { DEFAULT_TARGET_NAME, findTarget } from "../../src/target/targets.ts";

/**
 * `errors51.txt`: programs that do not compile, one empty line between them. The line that must
 * fail ends with `--> ` and the message, which Lua takes for a comment.
 */
const programs = readFileSync(new URL("errors51.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n\n");

const target = findTarget(DEFAULT_TARGET_NAME);

function failureOf(source: string): CompileError {
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

describe("errors of Lua 5.1", () => {
  it.each(programs)("%s", (program) => {
    const { line, message, source } = expectation(program);
    const error = failureOf(source);
    expect(error.message).toBe(`t.lua:${line}: ${message}`);
    expect(error.place?.line).toBe(line);
  });
});

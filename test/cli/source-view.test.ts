import { describe, expect, it } from "vitest";
import { fromText, toText } from "../../src/base/lua-string.ts";
import { lineSpan } from "../../src/cli/source-view.ts";
import { explanationOf } from "./support.ts";

/** The view without the hint, as text. */
function viewOf(source: string): string {
  return toText(explanationOf(source).replace(/^hint: .*\n/m, ""));
}

function caretLine(view: string): string {
  return view.split("\n").at(-2) ?? "";
}

describe("lineSpan", () => {
  it.each([
    ["a\nb", 1, [0, 1]],
    ["a\nb", 2, [2, 3]],
    ["a\r\nb\rc\n\rd", 2, [3, 4]],
    ["a\r\nb\rc\n\rd", 4, [8, 9]],
    ["a\n\nb", 2, [2, 2]],
    ["a\n", 2, [2, 2]],
    ["a", 7, [1, 1]],
    ["", 1, [0, 0]],
  ])("%j line %i", (source, line, [start, end]) => {
    expect(lineSpan(Buffer.from(source), line)).toEqual({ start, end });
  });
});

describe("the view of a source", () => {
  it("marks the token", () => {
    expect(viewOf("x = 1\ny = = 5\n")).toBe("   2 | y = = 5\n     |     ^\n");
    expect(viewOf("return 1 local")).toBe("   1 | return 1 local\n     |          ^~~~~\n");
    expect(viewOf("goto  done")).toBe("   1 | goto  done\n     |       ^~~~\n");
  });

  it("marks the last of several like it", () => {
    expect(caretLine(viewOf("x = a + b + c + * d"))).toBe("     |                 ^");
  });

  it("counts lines as Lua does", () => {
    expect(viewOf("x = 1\r\ny = = 2\r\n")).toBe("   2 | y = = 2\n     |     ^\n");
    expect(viewOf("x = 1\ry = = 2\r")).toBe("   2 | y = = 2\n     |     ^\n");
    expect(viewOf("#!lua\nx = = 1")).toBe("   2 | x = = 1\n     |     ^\n");
  });

  it("shows a tab as four spaces", () => {
    expect(viewOf("\t\tx =\t= 1")).toBe("   1 |         x =    = 1\n     |                ^\n");
  });

  it("keeps the caret in place after wide and combining characters", () => {
    expect(viewOf("s = 'é' = 1")).toBe("   1 | s = 'é' = 1\n     |         ^\n");
    expect(viewOf("s = 'e\u0301' = 1")).toBe("   1 | s = 'e\u0301' = 1\n     |         ^\n");
    expect(viewOf("s = '日本' = 1")).toBe("   1 | s = '日本' = 1\n     |            ^\n");
    expect(viewOf("s = '😀' = 1")).toBe("   1 | s = '😀' = 1\n     |          ^\n");
  });

  it("shows nothing a terminal could take for a command", () => {
    const view = viewOf("s = '\x1b[31m\x07\u202e\x9b' = 1");
    expect(view).toBe("   1 | s = '\ufffd[31m\ufffd\ufffd\ufffd' = 1\n     |                ^\n");
  });

  it("cuts a long line around the caret", () => {
    const long = `${"a = 1 ".repeat(100)}x = = 1 ${"b = 2 ".repeat(100)}`;
    const view = viewOf(long);
    const [text, caret] = view.split("\n");
    expect(text.length).toBeLessThan(90);
    expect(text).toContain(" | … ");
    expect(text.endsWith(" …")).toBe(true);
    expect(text[caret.indexOf("^")]).toBe("=");
    expect(text.slice(0, caret.indexOf("^"))).toMatch(/x = $/);
  });

  it("cuts only on the right when the caret is near the start", () => {
    const view = viewOf(`x = = ${"b = 2 ".repeat(100)}`);
    expect(view).toMatch(/^ {3}1 \| x = = b = 2 .* …\n {5}\| {5}\^\n$/);
  });

  it("is short for a very long line", () => {
    const view = viewOf(`${"a = 1 ".repeat(50_000)}x = = 1`);
    expect(view.length).toBeLessThan(200);
    expect(view).toContain("x = = 1\n");
  });

  it("shows where something was opened that does not close", () => {
    expect(viewOf("if x then\n  y()\n\n\n")).toBe(
      "   1 | if x then\n   2 |   y()\n     |      ^\n",
    );
    expect(viewOf("f(\n  1\n  2)")).toBe("   1 | f(\n   3 |   2)\n     |   ^\n");
  });

  it("does not point at blank lines at the end", () => {
    expect(viewOf("x =\n\n")).toBe("   1 | x =\n     |    ^\n");
    expect(viewOf("")).toBe("");
  });

  it("shows tokens that are not in the source as they stand", () => {
    expect(viewOf("x = 'a' 'b\\065'")).toMatch(/\n {5}\| +\^\n$/);
    expect(viewOf("x = [[\n1\n]] = 2")).toBe("   3 | ]] = 2\n     |    ^\n");
    expect(viewOf("f(\x01)")).toBe("   1 | f(\ufffd)\n     |   ^\n");
    expect(fromText(viewOf('x = "a\nb'))).toBe('   1 | x = "a\n     |     ^~\n');
  });
});

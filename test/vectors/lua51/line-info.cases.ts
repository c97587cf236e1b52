/** Packed line info: its format, the line of each instruction, and the reference's undo bug (lua51.md §4). */
import { chunkOnly, program, programs, repeat, type Topic, type VectorCase } from "../case.ts";

const newlines = (count: number) => "\n".repeat(count);

/** The specification's worked examples. */
const worked = programs({
  "gap of one line": "a=1\nb=2\n\nc=3\n",
  "function statement": "function f()\n return 1\nend\ng()\n",
  "arguments on lines of their own": "f(\n1,\n2)\n",
  "numeric for": "for i=1,2 do\n print(i)\nend\n",
  "calls without parentheses": 'f\n{}\ng\n"x"',
  "call closed on a later line": "f(g()\n)\nh()\n",
  "not, and on two lines": "a = not b\nand c\n",
  "not, and on distant lines": "local b\na = not b\n\n\nand c\n",
});

/** Lines skipped, around every step of the variable-length groups. */
const gaps = [1, 2, 3, 62, 63, 64, 65, 66, 67, 127, 128, 129, 8191, 8192, 8193, 8194, 8195, 20000];

const deltas: VectorCase[] = gaps.flatMap((gap) => [
  program(`${gap} line ends between statements`, `a=1${newlines(gap)}b=2`),
  program(`${gap} line ends before the first statement`, `${newlines(gap)}a=1`),
  program(`${gap} lines back to the call`, `f(g(),${newlines(gap)}a)\nh()\n`),
  program(`${gap} lines undone by a call`, `f(g()${newlines(gap)})\nh()\n`),
]);

const undone: VectorCase[] = [
  ...[98, 130, 500, 4000, 16383, 16384, 16385, 16448, 16449, 16501, 16600, 20000].map((gap) =>
    program(
      `undo over ${gap} lines, then more code`,
      `f(g()${newlines(gap)})\nh()\n\nx=1${newlines(70)}y=2\n`,
    ),
  ),
  program("two undone groups in one statement", `f(g(h()${newlines(70)})${newlines(80)})\nx=1\n`),
  program(
    "two undone groups one after the other",
    `f(g()${newlines(70)})\nf(g()${newlines(90)})\nx=1\n`,
  ),
  program(
    "an undone group after a far jump back",
    `f(g(),${newlines(200)}h()${newlines(100)})\nx=1\n`,
  ),
  program("undone group in a nested function", `function k()\nf(g()${newlines(100)})\nend\nx=1\n`),
  program("undo of the very first entry", `${newlines(70)}f(g()${newlines(66)})`),
  program("undone generic for", `for k in f do${newlines(70)}end\nx=1`),
  program("undone numeric for", `for i=1,2 do${newlines(70)}end\nx=1`),
  program("undone numeric for with a body", `for i=1,2 do x=i${newlines(66)}end${newlines(66)}x=1`),
  program("undone function statement", `function f()${newlines(70)}end\nx=1`),
  program("undone method statement", `function a.b:c()${newlines(130)}end y=2${newlines(70)}x=1`),
  program("undone method call", `o\n:m(g()${newlines(70)})\nx=1`),
  program("undone string call", `f${newlines(70)}'a'\nx=1`),
  program("undone table call", `f${newlines(70)}{${newlines(70)}}\nx=1`),
  program("undo leaves lines below one", `f(g()${newlines(16501)})${newlines(3)}h()\n`),
  program(
    "undo below one, then a nested function",
    `f(g()${newlines(16501)})\nfunction k()\nreturn 1\nend\n`,
  ),
];

const statementsOnLine = (count: number) => repeat(count, () => "x=y ");

/** Runs of instructions of one line, around the largest count, 126. */
const runs: VectorCase[] = [
  ...[62, 63, 64, 70, 126, 189, 252].map((count) =>
    program(`${2 * count} instructions and the return on one line`, statementsOnLine(count)),
  ),
  ...[62, 63, 64].map((count) =>
    program(`${2 * count} instructions, then a new line`, `${statementsOnLine(count)}\ny=1`),
  ),
  ...[124, 125, 126, 127].map((count) =>
    program(
      `${count} arguments, then the call is amended`,
      `f(${repeat(count, () => "1", ",")}\n,2)\ny=1`,
    ),
  ),
  program("a full run before an amended call", `${repeat(62, () => "x=y ")} f(a\n)\n`),
  program("a full run, amended to the same line", `${repeat(62, () => "x=y ")} f(a)\nf(a\n)`),
];

/** Which line each kind of instruction gets. */
const attribution = programs({
  "binary operator across lines": "x=a\n+\nb\n*\nc\n..\nd\n<\ne",
  "unary operators across lines": "x=-\na\ny=not\nb\nz=#\nc",
  "comparison across lines": "x=a\n==\nb\nif a\n<\nb\nthen\nf()\nend",
  "and, or across lines": "x=a\nand\nb\nor\nc\n",
  "not amended by and": "local b\na=not b\n\n\nor c\nd=not\nb\nand\nnot\nc",
  "not amended by if": "if not\na\nthen\nf()\nend\nwhile not a\ndo\nend",
  "not amended with a gap over 64 lines": `local b\na=not b${newlines(70)}and c\nx=1`,
  "not amended in a long run": `${repeat(60, () => "x=y ")} a = not b\nand c`,
  "assignment across lines": "a\n,\nb\n=\n1\n,\n2\n",
  "local across lines": "local\na\n,\nb\n=\n1\n,\n2\nlocal\nc",
  "index across lines": "x=a\n.b\n[\nc\n]\nt\n.x\n=\n1",
  "constructor across lines": "x={\n1,\n\n2,\n\n\n3,\na=4,\n[b]=\n5\n}\ny=1",
  "constructor of 60 lines": `x={\n${repeat(60, (n) => `${n},\n`)}}\ny=1`,
  "method call across lines": "a\n:\nb\n(\nc\n)\nd:e(\nf)",
  "nested calls across lines": "f(\ng(\nh(\n1\n)\n)\n)\nx=1",
  "call chains across lines": "f()\n.g()\n.h()\nx=f(\n)\n.y",
  "string and table arguments across lines": "f\n[[\na\n]]\ng\n{\n1\n}\no:m\n'x'",
  "if across lines": "if a\nthen\nb()\nelseif c\nthen\nd()\nelse\ne()\nend\nx=1",
  "while across lines": "while a\ndo\nb()\nif c then\nbreak\nend\nend\nx=1",
  "repeat across lines": "repeat\na()\nuntil\nb\nx=1",
  "repeat with closure across lines":
    "repeat\nlocal a\nf(function()\nreturn a\nend)\nuntil\na\nx=1",
  "numeric for across lines": "for i\n=\n1\n,\n2\n,\n3\ndo\nf()\n\nend\nx=1",
  "generic for across lines": "for k\n,\nv\nin\nf\n(\n)\ndo\ng()\n\nend\nx=1",
  "function statement across lines": "function\nf\n(\na\n)\nreturn\na\nend\nx=1",
  "function field statement across lines": "function\na\n.b\n:c\n(\n)\n\nend\nx=1",
  "local function across lines": "local\nfunction\nf\n(\n)\n\nend\nx=1",
  "function expression across lines": "x=\nfunction\n(\n)\n\n\nend\ny=1",
  "return across lines": "return\na\n,\nf\n(\n)\n",
  "tail call across lines": "return\nf\n(\na\n)\n\n",
  "final return has the line of the last token": "x=1\n\n\n-- c\n",
  "final return of a function": "function f()\nx=1\n\n\nend\nfunction g() end\nfunction h()\n\nend",
  "break across lines": "while a do\nlocal b\nf(function() return b end)\nbreak\n\nend",
  "closure pseudo instructions": "local a,b\nx=function()\nreturn a,b\nend\ny=1",
  "long string spans lines": "x=[[\n\n\n]] y=1\nf([[\n]])\n",
  "escaped line ends span lines": "x='a\\\nb\\\r\nc' y=1\nz=2",
  "long comment spans lines": "x=1 --[[\n\n]] y=2\nz=3",
  "statement after statement on one line": "a=1 b=2\nc=3 d=4 e=5\n\nf()",
  "going backwards and forwards": "f(\n1,\n2,\ng(\n3,\n4),\n5)\nf(1\n,2)\n",
  "amended to the previous entry's line": "x=1 f(a\n)\ny=2",
  "vararg and open calls": "f(\n...\n)\nx={\n...\n}\nreturn\n...\n",
  "stepping back by one line each": "f(g(h(i(j(\n)\n)\n)\n)\n)\nx=1",
});

const lineEnds: VectorCase[] = ["\n", "\r", "\r\n", "\n\r"].map((end) =>
  program(
    `line ends ${JSON.stringify(end)}`,
    ["a=1", "", "b=[[", "x", "]]", "-- c", "d=2", "--[[", "]] e=3", "f=(g"].join(end),
  ),
);

const mixes = programs({
  "CR CR LF LF": "a=1\r\r\n\nb=2",
  "LF CR LF CR": "a=1\n\r\n\rb=2",
  "CR LF CR": "a=1\r\n\rb=2",
  "LF LF CR CR": "a=1\n\n\r\rb=2",
  "line ends in a long string": "a=[[\r\n\n\r\r\n\n]] b=2",
  "line ends after a backslash": "a='\\\r\n\\\n\r\\\r\\\n' b=2",
  "line ends in a comment": "--x\r--y\n\r--z\r\nb=2",
  "mixed endings in code": "a=1\rb=2\nc=3\r\nd=4\n\re=5\r\r\nf=6",
});

const big: VectorCase[] = [
  chunkOnly(
    "2000 statements on lines of their own",
    repeat(2000, (n) => `x=${n}\n`),
  ),
  chunkOnly(
    "2000 statements, gaps growing",
    repeat(300, (n) => `x=y${newlines(n)}`),
  ),
  chunkOnly(
    "100 functions on lines of their own",
    repeat(100, (n) => `function f${n}()\n return\n end\n\n`),
  ),
  chunkOnly(
    "calls on two lines, gaps growing",
    repeat(200, (n) => `f(g()${newlines(n)})\n`),
  ),
  program("stripped", "a=1\n\nb=2\nfunction f()\nend", {
    args: ["-s", "-l", "-l", "-o", "out.lc", "w.lua"],
  }),
  program("stripped, listing of a long gap", `a=1${newlines(90)}b=2`, {
    args: ["-l", "-s", "-o", "out.lc", "w.lua"],
  }),
];

export const lineInfo: Topic = {
  name: "line-info",
  cases: [...worked, ...deltas, ...undone, ...runs, ...attribution, ...lineEnds, ...mixes, ...big],
};

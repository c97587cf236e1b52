/** Which line each instruction belongs to, and the mistake in undoing one (lua53.md §2.3). */
import {
  LUA53_TARGETS,
  PARSE_ONLY,
  program,
  programs,
  repeat,
  type Topic,
  type VectorCase,
} from "../case.ts";

const newlines = (count: number) => "\n".repeat(count);

const attribution = programs({
  "binary operators": "x=a\n+\nb\ny=a\n..\nb\n..\nc\nz=a\n//\nb\n<<\nc",
  comparisons: "x=a\n<\nb\ny=a\n==\nb\nand\nc\n>\nd",
  "unary operators": "x=-\na\ny=not\na\nz=#\na\nw=~\na\nv=-\n-\na",
  "folded operators": "x=1\n+\n2\ny=-\n5",
  calls: "f\n(\na\n,\nb\n)\ng\n'x'\nh\n{\n}\ni\n:\nj\n(\n)",
  "chains of calls": "a\n.b\n(c)\n:d\n(e)\n[f]\n(g)\nx=1",
  "call in an argument": "f(\ng(\nh(\n)\n)\n)\nx=1",
  "method definitions": "function\na\n.b\n:c\n(\nd\n)\nreturn\nd\nend\nx=1",
  "local functions": "local\nfunction\nf\n(\n)\nend\nx=1",
  "anonymous functions": "x\n=\nfunction\n(\n)\nreturn\nend\ny=1",
  "numeric for": "for\ni\n=\n1\n,\n2\n,\n3\ndo\nf(i)\nend\nx=1",
  "generic for": "for\nk\n,\nv\nin\nf\n(\n)\ndo\ng(k)\nend\nx=1",
  while: "while\na\n<\nb\ndo\nf()\nend\nx=1",
  repeat: "repeat\nlocal a\n=\nf()\nuntil\na\nx=1",
  "repeat with a closure": "repeat\nlocal a\nf(function() return a end)\nuntil\na\nx=1",
  if: "if\na\nthen\nf()\nelseif\nb\nthen\ng()\nelse\nh()\nend\nx=1",
  "if, then on another line": "if a\nthen f() end\nif a<b\n\nthen\nf()\nend",
  "if with goto": "if\na\nthen\ngoto\nx\nend\nf()\n::x::\ng()",
  "if with break": "while a do\nif\nb\nthen\nbreak\nend\nf()\nend\nx=1",
  "goto and labels": "x=1\ngoto\na\n::\nb\n::\ny=2\n::a::\ngoto\nb",
  break: "while a do\nx=1\nbreak\nend\ny=1",
  "end of a block with a captured local": "do\nlocal a\nf(function() return a end)\nx=1\nend\ny=1",
  "end of a loop with a captured local": "for i=1,2 do\nf(function() return i end)\nx=1\nend\ny=1",
  tables: "x={\n1,\n2,\na=\n3,\n[4]=\n5,\nf()\n}\ny=1",
  "tables of 50 and more": `x={\n${repeat(52, (n) => String(n), ",\n")}\n}\ny=1`,
  assignments: "a\n,\nb\n=\nc\n,\nd\nx=1",
  "local statements": "local\na\n,\nb\n=\nf\n(\n)\nx=1",
  return: "do return\na\n,\nb\nend\nreturn\nf\n(\n)",
  "and, or": "x=a\nand\nb\nor\nc\ny=(a\nor\nb)\nand\nc",
  concatenation: "x=a\n..\nb\n..\nc\n..\nd\ny=1",
  index: "x=a\n.\nb\n[\nc\n]\na\n.b\n[c]\n=\nd",
  "last line of functions": "function f()\n\n\nend\nlocal function g() end x=function()\n\nend",
  "long strings": "x=[[\n\n]]\ny='a\\\nb'\nz='a\\z\n\nb'\nf()",
  comments: "x=1--\n--[[\n\n]]y=2\n--\nz=3",
  "all kinds of line ends": "x=1\ry=2\r\nz=3\n\rw=4\n\nv=5\r\ru=6",
});

const distances: VectorCase[] = [
  1, 2, 62, 63, 64, 65, 66, 67, 68, 127, 128, 129, 130, 191, 192, 193, 194, 8190, 8191, 8192, 8193,
  8194, 8195, 20000,
].flatMap((distance) => [
  program(`generic for over ${distance} lines`, `for k in f do${newlines(distance)}g() end\nx=1\n`),
  program(`a call over ${distance} lines`, `f(a,${newlines(distance)}b)\nx=1\n`),
  program(`an operator ${distance} lines back`, `x=a+${newlines(distance)}b\ny=1\n`),
]);

/** The negation moves from a line 36 further on to line 64, which undoing takes for the line before. */
const NO_LINE_LEFT = `${newlines(63)}local function f(p) return -${newlines(36)}p end x=1`;

const undone: VectorCase[] = [
  ...[63, 64, 65, 66, 67, 100, 127, 128, 129, 200, 1000].flatMap((distance) => [
    program(
      `undone at the start of a function over ${distance} lines`,
      `local function f(p) return -${newlines(distance)}p end\nx=1`,
    ),
    program(
      `undone twice over ${distance} lines`,
      `for k in f do${newlines(distance)}end for k in f do${newlines(distance)}end x=1`,
    ),
    program(
      `undone in a nested function over ${distance} lines`,
      `function f() for k in g do${newlines(distance)}h() end return 1 end\nx=1`,
    ),
    program(
      `undone function statement over ${distance} lines`,
      `function a.b:c()${newlines(distance)}end\nx=1`,
    ),
  ]),
  program("lines below one", `for k in f do${newlines(69)}g() end\nx=1`),
  program(
    "nested loops",
    `for k in f do${newlines(70)}for l in g do${newlines(70)}h() end${newlines(70)}end${newlines(70)}x=1`,
  ),
  program("a removed negation", `if not${newlines(70)}a then f() end\nx=1`),
  program(
    "a removed negation on another line",
    `while not a${newlines(3)}do f() end if not\n\n(not a) then g() end`,
  ),
  program("no line is left at the start", NO_LINE_LEFT, {
    ...PARSE_ONLY,
    deviations: [
      {
        reason: "the reference writes in front of its line info, and the C library notices",
        targets: LUA53_TARGETS,
        expect: { exit: 0, stderr: "" },
      },
    ],
  }),
];

const runs: VectorCase[] = [1, 63, 64, 126, 127, 128, 129, 253, 254, 255, 300, 400].map((count) =>
  program(`${count} loads on a line`, `local a\n${"a=1 ".repeat(count)}\na=2`),
);

const gaps: VectorCase[] = [2, 3, 63, 64, 65, 66, 67, 8000, 8193, 8194, 8258, 30000].map((gap) =>
  program(`a gap of ${gap} lines`, `a=1${newlines(gap)}b=2${newlines(gap)}c=3`),
);

export const lines: Topic = {
  name: "lines",
  cases: [...attribution, ...distances, ...undone, ...runs, ...gaps],
};

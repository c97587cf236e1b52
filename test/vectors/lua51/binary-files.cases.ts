/** Files around a chunk, and chunks of 256 bytes and more (lua51.md §6.4). */
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  type FunctionShape,
  INT_22,
  INT_30,
} from "../../support/chunk-builder.ts";
import { repeat, TARGETS_22_DOUBLE, type Topic, type VectorCase } from "../case.ts";
import { input, plain } from "./binary-support.ts";

const surroundings: VectorCase[] = [
  plain("trailing bytes", {}, { files: { "a.lc": `${chunk({}, INT_30)}trailing\0\x1b` } }),
  plain(
    "two chunks in one file",
    {},
    { files: { "a.lc": chunk({ source: "=1" }, INT_30) + chunk({ source: "=2" }, INT_30) } },
  ),
  plain("# line before", {}, { files: { "a.lc": `#!lua\n${chunk({}, INT_30)}` } }),
  plain("# line with CR LF before", {}, { files: { "a.lc": `#!lua\r\n${chunk({}, INT_30)}` } }),
  plain(
    "# line that holds an ESC before",
    {},
    { files: { "a.lc": `#a\x1bb\n${chunk({}, INT_30)}` } },
  ),
  plain("# line and an empty line before", {}, { files: { "a.lc": `#a\n\n${chunk({}, INT_30)}` } }),
  plain("# line without end, then ESC", {}, { files: { "a.lc": `#${chunk({}, INT_30)}` } }),
  plain("empty line before", {}, { files: { "a.lc": `\n${chunk({}, INT_30)}` } }),
  plain("only ESC", {}, { files: { "a.lc": "\x1b" } }),
  plain("# line, then only ESC", {}, { files: { "a.lc": "#\n\x1b" } }),
  plain("ESC in a source", {}, { files: { "a.lc": "x=1\x1bLua" } }),
  plain(
    "from stdin",
    {},
    { args: ["-l", "-l", "-o", "out.lc", "-"], files: {}, stdin: chunk({}, INT_30) },
  ),
  plain(
    "from stdin after a # line",
    {},
    { args: ["-l", "-o", "out.lc", "-"], files: {}, stdin: `#a\n${chunk({}, INT_30)}` },
  ),
  plain(
    "truncated, from stdin",
    {},
    { args: ["-"], files: {}, stdin: chunk({}, INT_30).slice(0, 20) },
  ),
  plain("bad header from stdin", {}, { args: ["-"], files: {}, stdin: "\x1bLua51" }),
  plain(
    "truncated, long path",
    {},
    { args: [`${"./".repeat(60)}a.lc`], files: { "a.lc": "\x1bLua" } },
  ),
  plain(
    "truncated, long name",
    {},
    { args: ["n".repeat(200)], files: { ["n".repeat(200)]: "\x1bLua" } },
  ),
  plain(
    "truncated, name beyond ASCII",
    {},
    { args: ["\u00e9.lc"], files: { "\u00e9.lc": "\x1bLua" } },
  ),
  plain("parse only", {}, { args: ["-p", "a.lc"] }),
  plain("in place", {}, { args: ["-o", "a.lc", "-s", "a.lc"] }),
];

/** From 256 bytes on the loader of generation 2.2 crashes where it should go on. */
function large(name: string, shape: FunctionShape, refusal?: string): VectorCase {
  const refused = {
    exit: 1,
    stderr: `luac.cross: a.lc: ${refusal} in precompiled chunk\n`,
    files: {},
  };
  const loaded = (form: ChunkForm) => ({
    exit: 0,
    stderr: "",
    files: { "out.lc": chunk(shape, form) },
  });
  const outcome = (form: ChunkForm) => (refusal ? refused : loaded(form));
  const reason = "chunks of 256 bytes and more load; the reference crashes on them";
  return input(name, chunk(shape, INT_30), {
    args: ["-o", "out.lc", "a.lc"],
    deviations: [
      { reason, targets: TARGETS_22_DOUBLE, expect: outcome(FLOAT_22) },
      { reason, targets: ["esp8266-2.2-int"], expect: outcome(INT_22) },
    ],
  });
}

/** A shape of exactly `size` bytes: its source fills what is missing. */
function ofSize(size: number, shape: FunctionShape = {}): FunctionShape {
  const bare = chunk({ ...shape, source: "" }, INT_30).length;
  const candidates = [0, 1, 2, 3].map((less) => ({
    ...shape,
    source: "=".padEnd(size - bare - less, "x"),
  }));
  return candidates.find((candidate) => chunk(candidate, INT_30).length === size) ?? shape;
}

function deep(count: number): FunctionShape {
  return count === 1 ? { source: null } : { source: null, functions: [deep(count - 1)] };
}

const sizes: VectorCase[] = [
  plain("255 bytes", ofSize(255)),
  large("256 bytes", ofSize(256)),
  large("300 bytes", ofSize(300, { functions: [{ source: null }] })),
  large("many functions", { functions: Array.from({ length: 40 }, () => ({ source: null })) }),
  large("long code", {
    code: [...Array.from({ length: 500 }, () => "MOVE 0 1"), "RETURN 0 1"],
    lineInfo: [126, 126, 1, 0],
  }),
  large("many constants", {
    constants: Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? null : i % 3 === 1)),
  }),
  large("many names", {
    upvalues: 60,
    upvalueNames: repeat(60, (n) => `name${n}`, ",").split(","),
    locals: [["a", 0, 1]],
  }),
  large("199 functions deep", { ...deep(199), source: "=x" }),
  large("200 functions deep", { ...deep(200), source: "=x" }, "code too deep"),
  large("bad code after 256 bytes", ofSize(300, { code: ["MOVE 0 0"] }), "bad code"),
  large(
    "bad constant after 256 bytes",
    ofSize(300, { constants: [{ raw: "\x09" }] }),
    "bad constant",
  ),
  large("negative count after 256 bytes", ofSize(300, { counts: { locals: -1 } }), "bad integer"),
  large(
    "a count too large after 256 bytes",
    ofSize(300, { counts: { locals: 1 } }),
    "unexpected end",
  ),
  input(
    "300 bytes of a wrong number type",
    chunk(ofSize(300), { ...INT_30, integral: false, numberSize: 8 }).replace(
      /^(.{11})./s,
      "$1\x80",
    ),
  ),
];

export const binaryFiles: Topic = {
  name: "binary-files",
  cases: [...surroundings, ...sizes],
};

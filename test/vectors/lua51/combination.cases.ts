/** Several inputs in one chunk: type 0, and the lookup function of `-i` (lua51.md §6.2). */
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  INT_22,
  INT_30,
} from "../../support/chunk-builder.ts";
import {
  type Extra,
  LUA51_TARGETS,
  program,
  repeat,
  type Topic,
  type VectorCase,
} from "../case.ts";

const SOURCES: Readonly<Record<string, string>> = {
  "a.lua": "x=1\n",
  "b.lua": "function f()\n return 2\nend\n",
  "c.lua": "local a,b=... return a,b",
};

function combined(name: string, args: readonly string[], extra: Extra = {}): VectorCase {
  return program(name, "", { args, files: SOURCES, ...extra });
}

/** `count` empty sources, or with `make` others. */
function many(count: number, make: (n: number) => string = () => ""): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`m${i + 1}.lua`, make(i + 1)]),
  );
}

const OUT = ["-o", "out.lc"];
const LISTED = ["-l", "-l", ...OUT];

const type0: VectorCase[] = [
  combined("two files", [...LISTED, "a.lua", "b.lua"]),
  combined("three files", [...LISTED, "a.lua", "b.lua", "c.lua"]),
  combined("the same file twice", [...LISTED, "a.lua", "a.lua"]),
  combined("stripped", ["-s", ...LISTED, "a.lua", "b.lua"]),
  combined("short listing", ["-l", "-p", "b.lua", "c.lua"]),
  combined("to stdout", ["-o", "-", "a.lua", "b.lua"]),
  combined("listing and chunk to stdout", ["-l", "-o", "-", "a.lua", "b.lua"]),
  combined("parse only", ["-p", "a.lua", "b.lua"]),
  combined("a file and stdin", [...LISTED, "a.lua", "-"], { stdin: "y=2" }),
  combined("stdin twice, the second empty", [...LISTED, "-", "-"], { stdin: "y=2" }),
  combined("error in the second file", [...OUT, "a.lua", "bad.lua"], {
    files: { ...SOURCES, "bad.lua": "x=" },
  }),
  combined("error in both files", [...OUT, "bad.lua", "worse.lua"], {
    files: { "bad.lua": "x=", "worse.lua": "y)" },
  }),
  combined("third file is missing", [...OUT, "a.lua", "b.lua", "missing.lua"]),
  combined("51 files", [...OUT, ...Object.keys(many(51))], { files: many(51) }),
  combined("300 files", [...OUT, ...Object.keys(many(300))], { files: many(300) }),
  combined("7999 times one file", [...OUT, ...Array.from({ length: 7999 }, () => "a.lua")], {
    files: { "a.lua": "" },
  }),
  combined("8000 times one file", [...OUT, ...Array.from({ length: 8000 }, () => "a.lua")], {
    files: { "a.lua": "" },
  }),
  combined(
    "8000 times one file, lookup",
    ["-i", ...OUT, ...Array.from({ length: 8000 }, () => "a.lua")],
    { files: { "a.lua": "" } },
  ),
  combined("8000 times a missing file", [
    ...OUT,
    ...Array.from({ length: 8000 }, () => "missing.lua"),
  ]),
];

const overflow = { ...SOURCES, "big.lua": "x=2147483647" };
const overflowing: VectorCase[] = [
  combined("too large an integer in the second file", [...OUT, "a.lua", "big.lua"], {
    files: overflow,
    deviations: [
      {
        reason: "a chunk that cannot be written leaves no file",
        targets: ["esp8266-2.2-int", "esp8266-lua51-int", "esp32-lua51-int"],
        expect: { files: {} },
      },
    ],
  }),
];

const type1: VectorCase[] = [
  combined("lookup of one", ["-i", ...LISTED, "a.lua"]),
  combined("lookup of two", ["-i", ...LISTED, "a.lua", "b.lua"]),
  combined("lookup of three", ["-i", ...LISTED, "a.lua", "b.lua", "c.lua"]),
  combined("lookup of a file in a folder", ["-i", ...LISTED, "p.lua"], { files: { "p.lua": "" } }),
  combined("lookup, the same file twice", ["-i", ...LISTED, "a.lua", "a.lua"], {
    deviations: [
      {
        reason: "modules that cannot be found are warned of",
        targets: LUA51_TARGETS,
        expect: {
          stderr:
            "luac.cross: warning: a.lua and a.lua are both module 'a'; only a.lua will be found\n",
        },
      },
    ],
  }),
  combined("lookup, stripped", ["-i", "-s", ...LISTED, "a.lua", "b.lua"]),
  combined("lookup, option given twice", ["-i", "-i", ...LISTED, "a.lua"]),
  combined("lookup, option last", [...LISTED, "-i", "a.lua", "b.lua"]),
  combined("lookup option behind a file is a file", [...LISTED, "a.lua", "-i"]),
  combined("lookup to stdout", ["-i", "-o", "-", "a.lua"]),
  combined("lookup, listing and chunk to stdout", ["-i", "-l", "-o", "-", "a.lua", "b.lua"]),
  combined("lookup, parse only", ["-i", "-p", "a.lua", "b.lua"]),
  combined("lookup, short listing", ["-i", "-l", "-p", "a.lua", "b.lua"]),
  combined("lookup of stdin", ["-i", ...LISTED, "-"], { stdin: "y=2" }),
  combined("lookup with an error", ["-i", ...OUT, "a.lua", "bad.lua"], {
    files: { ...SOURCES, "bad.lua": "x=" },
  }),
  ...[7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 49, 50, 51, 60].map((count) =>
    combined(`lookup of ${count}`, ["-i", ...OUT, ...Object.keys(many(count))], {
      files: many(count),
    }),
  ),
  combined("lookup of 51, listing asked for", ["-i", "-l", "-p", ...Object.keys(many(51))], {
    files: many(51),
  }),
  combined("lookup of 51 with a missing file", ["-i", ...Object.keys(many(51)), "missing.lua"], {
    files: many(51),
  }),
  combined("lookup of 51 with an error", ["-i", ...Object.keys(many(51))], {
    files: { ...many(51), "m51.lua": "x=" },
  }),
];

/** File names and the module names cut out of them. */
// biome-ignore format: a list of small words
const paths = [
  "p.q.lua", ".hid.lua", "..lua", "...", "a..b", "plain", "a.", "a.b.", ".a.", "..a..b",
  "a\\b.lua", "d/a\\b.lua", "d/x.lua", "d/e/x.lua", "d/.x", "d/...", "d.e/x", "d.e/x.lua",
  "d\\e\\x.lua", "\\x.lua", "d\\.x", "d\\", "x.lua.lua",
  "\u00e9.lua", "a b.lua", "a-b_c.lua", "@x.lua", "=x.lua", "./x.lua", "d/../x.lua", "././x.lua",
  "d//x.lua", "d/ .lua", "x", "-x.lua", "a=b.lua", "LFS.lua",
];

function pathCase(path: string): VectorCase {
  const place = path
    .replace("d/../", "")
    .replace(/^(\.\/)+/, "")
    .replace("//", "/");
  const files = { [place]: "x=1", "d/": "" };
  return combined(`module name of ${JSON.stringify(path)}`, ["-i", ...LISTED, "--", path], {
    files,
  });
}

/** Chunks and sources combined; names come from the chunk's source. */
function mixtures(form: ChunkForm, era: string): VectorCase[] {
  const file = (source: string | null) => chunk({ source }, form);
  const mixed = (name: string, args: string[], files: Record<string, string>) =>
    combined(`${name}, ${era}`, args, { files: { ...SOURCES, ...files } });
  const again = chunk(
    {
      source: "=(luac)",
      vararg: 0,
      stack: 2,
      code: ["CLOSURE 0 0", "CALL 0 1 1", "RETURN 0 1"],
      functions: [{ source: "@in.lua" }],
    },
    form,
  );
  return [
    mixed("a chunk and a source", [...LISTED, "a.lc", "a.lua"], { "a.lc": file("@first.lua") }),
    mixed("a source and a chunk", [...LISTED, "a.lua", "a.lc"], { "a.lc": file("@first.lua") }),
    mixed("two chunks", [...LISTED, "a.lc", "b.lc"], { "a.lc": file("@1"), "b.lc": file("=2") }),
    mixed("stripped chunks", [...LISTED, "a.lc", "a.lc"], { "a.lc": file(null) }),
    mixed("a combination combined again", [...LISTED, "a.lc", "a.lua"], { "a.lc": again }),
    mixed("a combination alone", [...LISTED, "a.lc"], { "a.lc": again }),
    mixed("lookup of a chunk", ["-i", ...LISTED, "a.lc"], { "a.lc": file("@folder/first.lua") }),
    mixed("lookup of a stripped chunk", ["-i", ...LISTED, "a.lc"], { "a.lc": file(null) }),
    mixed("lookup of a combination", ["-i", ...LISTED, "a.lc", "b.lua"], { "a.lc": again }),
    mixed("lookup of a chunk with a source of one character", ["-i", ...LISTED, "a.lc"], {
      "a.lc": file("@"),
    }),
    mixed("lookup of a chunk with a NUL in its source", ["-i", ...LISTED, "a.lc"], {
      "a.lc": file("@a\0b.lua"),
    }),
    mixed("lookup of a chunk whose source is text", ["-i", ...LISTED, "a.lc"], {
      "a.lc": file("x=1"),
    }),
    mixed("bad chunk after a source", [...OUT, "a.lua", "a.lc"], {
      "a.lc": file("@1").slice(0, 20),
    }),
  ];
}

const inputs: VectorCase[] = [
  ...mixtures(INT_30, "int 3.0"),
  ...mixtures(FLOAT_30, "float 3.0").slice(0, 3),
  ...mixtures(INT_22, "int 2.2").slice(0, 3),
  ...mixtures(FLOAT_22, "float 2.2").slice(0, 3),
];

const large: VectorCase[] = [
  combined("nested functions of several files", [...LISTED, "a.lua", "b.lua"], {
    files: {
      "a.lua": repeat(5, (n) => `function a${n}() return function() end end\n`),
      "b.lua": repeat(5, (n) => `function b${n}(x,...) return x end\n`),
    },
  }),
  combined("50 modules with code", ["-i", ...OUT, ...Object.keys(many(50))], {
    files: many(50, (n) => `return ${n},"module ${n}"`),
  }),
];

export const combination: Topic = {
  name: "combination",
  cases: [...type0, ...overflowing, ...type1, ...paths.map(pathCase), ...inputs, ...large],
};

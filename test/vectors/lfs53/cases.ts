/**
 * Images of Lua 5.3 that the reference was asked for: inputs and options. What it answered for each
 * target is beside this file, recorded by `record-images.ts` and compared by `vectors.test.ts`.
 */
import type { LuaString } from "../../../src/base/lua-string.ts";
import { literal } from "../../image/inputs.ts";
import { type ChunkForm53, chunk53, type FunctionShape53 } from "../../support/chunk-builder53.ts";

export interface ImageVector53 {
  /** Unique. */
  readonly name: string;
  /** Sources by path, in the order of the command line, chunks after them. */
  readonly sources: Readonly<Record<string, LuaString>>;
  /** Chunks by path. */
  readonly chunks: (form: ChunkForm53) => Readonly<Record<string, LuaString>>;
  /** `-s` is given. */
  readonly strip: boolean;
}

/** The address of absolute images. */
export const RECORDED_ADDRESS = 0x40210000;

const PRINT = "print(1)\n";

const MOD = `local function f(x, ...)
  return x, nil, true, "hello world", {...}
end
return f, f("a\\0b", -1), 1.5, 2^53
`;

const CONSTANTS = `local t = {nil, true, false}
return 0, -1, 15, 16, -16, -17, 2047, 2048, 0x7fffffff, -0x7fffffff, 0xffffffff, 1 << 20,
  0.0, 0.5, -1.25, 1e30, 1e300, 1 / 0, 3.0, 123456789012345, t
`;

const CLOSURES = `local a, b, c = 1, 2, 3
function outer(x, y, ...)
  return function(z)
    a = a + x
    return function() return a, b, c, x, y, z end
  end
end
for i = 1, 10 do outer(i) end
for k, v in pairs(t) do if not k then goto done end end
::done::
`;

const FIXED = `return "and", "while", "//", "<eof>", "not enough memory", "_ENV", "__index",
  "__concat", "no value", "boolean", "userdata", "number", "string", "table", "thread", "proto"
`;

const LONG_STRINGS = [0, 1, 16, 17, 18, 39, 40, 41, 64, 1000, 33_000];

function vector(name: string, parts: Partial<Omit<ImageVector53, "name">>): ImageVector53 {
  return { name, sources: {}, chunks: () => ({}), strip: false, ...parts };
}

function source(name: string, text: LuaString): ImageVector53 {
  return vector(name, { sources: { "w.lua": text } });
}

function several(name: string, sources: Readonly<Record<string, LuaString>>): ImageVector53 {
  return vector(name, { sources });
}

function chunks(
  name: string,
  shapes: Readonly<Record<string, FunctionShape53>>,
  strip = false,
): ImageVector53 {
  const build = (form: ChunkForm53) => {
    const entries = Object.entries(shapes);
    return Object.fromEntries(entries.map(([path, shape]) => [path, chunk53(shape, form)]));
  };
  return vector(name, { chunks: build, strip });
}

/** So many short strings besides the fixed ones, the wrapper's source, and the module's two. */
function withStrings(count: number): ImageVector53 {
  const constants = Array.from({ length: count }, (_, i) => `string ${i}`);
  return chunks(`${count} strings`, { "s.lc": { source: "@s.lua", constants } });
}

function manyModules(count: number): ImageVector53 {
  const shapes = Array.from({ length: count }, (_, i): [string, FunctionShape53] => [
    `${i}.lc`,
    { source: `@m${i}.lua`, constants: [i, `s${i % 7}`], lineInfo: [1, 0] },
  ]);
  return chunks(`${count} modules`, Object.fromEntries(shapes));
}

const NAMED: FunctionShape53 = {
  source: "@named.lua",
  lineDefined: 0,
  constants: ["k", 7, null, true],
  upvalues: [
    ["_ENV", 1, 0],
    ["up", 0, 3],
  ],
  functions: [
    { source: null, upvalues: [], lineDefined: 1, lastLineDefined: 300 },
    { source: "=other", upvalues: [[null, 0, 1]], locals: [["k", 0, 1]] },
  ],
  lineInfo: [1, 2, 3, 4, 0],
  locals: [
    ["abc", 0, 1],
    ["l".repeat(41), 1, 1],
    [null, 1, 2],
  ],
};

/** Like a combination that is an input again: its source is left out. */
const COMBINED: FunctionShape53 = {
  source: "=(luac.cross)",
  stack: 1,
  functions: [{ source: "@in.lua", upvalues: [[null, 0, 0]] }],
  lineInfo: [1, 0],
};

function deep(depth: number): FunctionShape53 {
  const outermost = { source: null, constants: [depth] };
  return depth === 0 ? outermost : { ...outermost, functions: [deep(depth - 1)] };
}

const LONG_NAME = "n".repeat(41);

export const IMAGE_VECTORS_53: readonly ImageVector53[] = [
  several("one line", { "a.lua": PRINT }),
  several("two modules", { "a.lua": PRINT, "mod.lua": MOD }),
  several("an empty module", { "a.lua": "" }),
  source("constants of all types", CONSTANTS),
  source("closures and loops", CLOSURES),
  source("strings that each image has", FIXED),
  source(
    "strings of many lengths",
    `return ${LONG_STRINGS.map((length) => literal("x".repeat(length))).join(", ")}`,
  ),
  source("strings with all bytes", 'return "\\0\\1\\127\\128\\255", "a\\0b", "\\27Lua"'),
  source("far lines", `a()${"\n".repeat(5000)}b()${"\n".repeat(70)}c()`),
  several("paths", {
    "d.x/sub/foo.bar.lua": PRINT,
    ".hidden": "return 1",
    "..two.lua": "return 2",
    "d/bs.lua": "return 3",
    "...": "return 4",
  }),
  several("names that begin with underscores", { "a.lua": PRINT, "__b.lua": PRINT, "c.lua": "" }),
  several("names like strings that each image has", {
    "thread.lua": PRINT,
    "proto.lua": PRINT,
    "end.lua": "",
  }),
  several("long names", {
    [`a/${LONG_NAME}.lua`]: PRINT,
    [`b/${LONG_NAME}.lua`]: MOD,
    [`${LONG_NAME.slice(1)}.lua`]: "",
  }),
  several("a stripped one", { "a.lua": MOD }),
  { ...several("stripped modules", { "a.lua": MOD, "b.lua": CLOSURES }), strip: true },
  ...[53, 54, 55, 181, 182, 1000].map(withStrings),
  ...[60, 255, 256, 300].map(manyModules),
  chunks("names in a chunk", { "n.lc": NAMED }),
  chunks("names in a chunk, stripped", { "n.lc": NAMED }, true),
  chunks("a chunk without line info", { "n.lc": { source: "@n.lua" } }),
  chunks("a chunk without upvalues", { "n.lc": { source: "@n.lua", upvalues: [] } }),
  chunks("a combination in a combination", { "c.lc": COMBINED, "n.lc": NAMED }),
  chunks("two combinations", {
    "c.lc": COMBINED,
    "m.lc": { source: "@m.lua", functions: [COMBINED] },
  }),
  chunks("a chain of functions", { "d.lc": { ...deep(150), source: "@d.lua" } }),
  chunks("no code, no constants", { "e.lc": { source: "@e.lua", code: [], stack: 0 } }),
  chunks("unusual bytes", {
    "u.lc": { source: "@u.lua", parameters: 200, vararg: 255, stack: 255, lineInfo: [1, 1, 1] },
  }),
  vector("sources and chunks", {
    sources: { "a.lua": MOD, "b.lua": CLOSURES },
    chunks: (form) => ({ "n.lc": chunk53(NAMED, form) }),
  }),
];

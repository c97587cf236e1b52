/** Chunks as input: what is kept, other byte orders and number sizes, damage (lua51.md §4.5, §5, §6.4). */
import {
  body,
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  type FunctionShape,
  header,
  INT_22,
  INT_30,
  withByte,
} from "../../support/chunk-builder.ts";
import {
  type Deviation,
  DOUBLE_TARGETS,
  type Extra,
  INTEGER_TARGETS,
  LUA51_TARGETS,
  program,
  repeat,
  TARGETS_22,
  TARGETS_22_DOUBLE,
  TARGETS_30,
  type Topic,
  type VectorCase,
} from "../case.ts";

const FORMS: Readonly<Record<string, ChunkForm>> = {
  "float 3.0": FLOAT_30,
  "int 3.0": INT_30,
  "float 2.2": FLOAT_22,
  "int 2.2": INT_22,
};

/** One chunk `a.lc` as input. */
function input(name: string, contents: string, extra: Extra = {}): VectorCase {
  const args = ["-l", "-l", "-o", "out.lc", "a.lc"];
  return program(name, "", { args, files: { "a.lc": contents }, ...extra });
}

/** A shape as every generation and number model writes it; half of them are refused by a target. */
function everyForm(name: string, shape: FunctionShape, extra: Extra = {}): VectorCase[] {
  return Object.entries(FORMS).map(([form, facts]) =>
    input(`${name}, ${form}`, chunk(shape, facts), extra),
  );
}

/** Without numbers and strings all targets read the integer form alike. */
const plain = (name: string, shape: FunctionShape, extra: Extra = {}) =>
  input(name, chunk(shape, INT_30), extra);

const nested: FunctionShape = {
  source: null,
  lineDefined: 2,
  lastLineDefined: 4,
  upvalues: 2,
  parameters: 1,
  vararg: 0,
  code: ["GETUPVAL 1 0", "SETUPVAL 1 1", "RETURN 1 2", "RETURN 0 1"],
  lineInfo: [0x80, 4, 0],
  locals: [["p", 0, 4]],
  upvalueNames: ["up", "vp"],
};

const named: FunctionShape = {
  source: "@n.lua",
  stack: 4,
  code: ["LOADK 0 0", "LOADK 1 1", "CLOSURE 2 0", "MOVE 0 0", "MOVE 0 1", "RETURN 0 1"],
  constants: [7, "s"],
  functions: [nested],
  lineInfo: [2, 1, 3, 0],
  locals: [["a", 1, 6], ["b", 2, 6], ["(for index)", 3, 6]],
}; // biome-ignore format: one shape per block

const constantCode = (count: number) => [
  ...Array.from({ length: count }, (_, i) => `LOADK 0 ${i}`),
  "RETURN 0 1",
];

/** A function that loads each of some constants. */
function loading(constants: FunctionShape["constants"] = []): FunctionShape {
  return { code: constantCode(constants.length), constants, lineInfo: [constants.length + 1, 0] };
}

const shapes: VectorCase[] = [
  ...everyForm("smallest", {}),
  ...everyForm("smallest, with lines", { lineInfo: [1, 0] }),
  ...everyForm("constants of each type", loading([null, true, false, 0, 1, -1, 100, "a", ""])),
  ...everyForm("equal constants stay apart", loading([1, 1, "a", "a", null, null, true, true])),
  ...everyForm(
    "strings",
    loading(["\0", "a\0b", '"\\\x07\b\f\n\r\t\v', "\x01\x1f\x7f\x80\xff", " ~"]),
  ),
  ...everyForm("integers at the edges", loading([2147483646, -2147483647, 65536, -65536, 0])),
  ...everyForm("the largest integer", loading(["x", 2147483647, 5])),
  ...everyForm("names are kept", named),
  ...everyForm("names are stripped on request", named, {
    args: ["-s", "-l", "-l", "-o", "out.lc", "a.lc"],
  }),
  ...everyForm("listing of names", named, { args: ["-l", "-p", "a.lc"] }),
  ...everyForm("a global with a NUL in its name", {
    code: ["GETGLOBAL 0 0", "SETGLOBAL 0 1", "RETURN 0 1"],
    constants: ["a\0b", ""],
  }),
];

function unwritable(targets: readonly string[]): Deviation {
  return {
    reason: "a chunk that cannot be written leaves no file",
    targets,
    expect: { files: {} },
  };
}

/** Integer overflow of a chunk that was read: the reference leaves a truncated file. */
function withoutFile(vectors: readonly VectorCase[]): VectorCase[] {
  return vectors.map((vector) => {
    if (!vector.name.startsWith("the largest integer,")) return vector;
    return { ...vector, deviations: [unwritable(INTEGER_TARGETS)] };
  });
}

const sourceNames: VectorCase[] = [
  plain("source absent", { source: null }),
  plain("source absent, nested absent", { source: null, functions: [{ source: null }], stack: 3 }),
  plain("source empty", { source: "" }),
  plain("source with @", { source: "@folder/a.lua" }),
  plain("source with =", { source: "=stdin" }),
  plain("source is a text", { source: "x=1" }),
  plain("source begins with ESC", { source: "\x1bLua" }),
  plain("source only @", { source: "@" }),
  plain("source with NUL", { source: "@a\0b" }),
  plain("source =(luac)", { source: "=(luac)" }),
  plain("nested source absent", { functions: [{ source: null }] }),
  plain("nested source equal to its parent's", { functions: [{ source: "=x" }] }),
  plain("nested source different", {
    functions: [{ source: "@y", functions: [{ source: null }, { source: "=x" }] }],
  }),
  plain("nested source empty", { functions: [{ source: "" }] }),
  plain("source absent, nested =?", { source: null, functions: [{ source: "=?" }] }),
  plain("a very long source", { source: `@${"long/".repeat(20)}a.lua` }),
];

const headers: VectorCase[] = [
  plain("lines defined", { lineDefined: 5, lastLineDefined: 9 }),
  plain("last line before first", { lineDefined: 9, lastLineDefined: 5 }),
  plain("largest line that can be written", { lineDefined: 2147483646, lastLineDefined: 2147483646 }),
  plain("largest first line", { lineDefined: 2147483647 }, { deviations: [unwritable(LUA51_TARGETS)] }),
  plain("largest last line", { lastLineDefined: 2147483647 }, { deviations: [unwritable(LUA51_TARGETS)] }),
  plain("largest start of a local", { locals: [["a", 2147483647, 1]] }, { deviations: [unwritable(LUA51_TARGETS)] }),
  plain("largest end of a local", { locals: [["a", 1, 2147483647]] }, { deviations: [unwritable(LUA51_TARGETS)] }),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 128, 255].map((vararg) => plain(`vararg flags ${vararg}`, { vararg })),
  ...[0, 1, 2, 3, 249, 250, 251, 255].map((stack) => plain(`stack ${stack}`, { stack })),
  ...[0, 1, 2, 3].map((parameters) => plain(`${parameters} parameters in 2 registers`, { parameters, vararg: 2 })),
  ...[0, 1, 2].map((parameters) => plain(`${parameters} parameters and arg in 2 registers`, { parameters, vararg: 3 })),
  plain("250 parameters", { parameters: 250, stack: 250, vararg: 0 }),
  plain("255 upvalues", { upvalues: 255 }),
  plain("one name for two upvalues", { upvalues: 2, code: ["GETUPVAL 0 0", "RETURN 0 1"], upvalueNames: ["u"] }),
  plain("two names for one upvalue", { upvalues: 1, upvalueNames: ["u", "v"] }),
  plain("empty names", { upvalues: 1, upvalueNames: [""], locals: [["", 0, 1]] }),
  plain("names with NUL and controls", { upvalues: 1, upvalueNames: ["u\0v"], locals: [["a\0b", 0, 1], ["\x01\n", 1, 0]] }),
  plain("locals beyond the code", { locals: [["a", 100, 200], ["b", 5, 1], ["a", 0, 0]] }),
]; // biome-ignore format: one case per line

const lineInfos: VectorCase[] = [
  ["ends early", [2, 0, 3, 4, 0]],
  ["covers too little", [2, 0]],
  ["covers too much", [100, 0]],
  ["only its end", [0]],
  ["two entries", [2, 3, 0]],
  ["delta group of one byte", [0x85, 5, 0]],
  ["delta group of two bytes", [0x85, 0x81, 5, 0]],
  ["delta group of three bytes", [0x85, 0x80, 0x81, 5, 0]],
  ["negative delta", [0xbf, 2, 0xc5, 3, 0]],
  ["negative line", [0xc5, 5, 0]],
  ["negative delta of two bytes", [0x85, 1, 0xc5, 0x81, 4, 0]],
  ["delta of nothing", [0x80, 5, 0]],
  ["minus nothing", [1, 0xc0, 4, 0]],
  ["full counts", [126, 126, 0]],
  ["filler byte", [127, 3, 0]],
  ["filler byte after an entry", [2, 127, 3, 0]],
  ["filler byte as a count", [0x85, 127, 2, 0]],
  ["group without count", [1, 0x85, 0]],
].map(([name, lineInfo]) =>
  plain(`line info: ${name}`, {
    lineInfo: lineInfo as number[],
    code: ["MOVE 0 0", "MOVE 0 1", "MOVE 1 0", "MOVE 1 1", "RETURN 0 1"],
  }),
);

/**
 * Integer builds take the numbers of an integer chunk to be 4 bytes; other sizes make them lose the
 * thread, and how that ends depends on the memory of the machine.
 */
const CONVERTING_TARGETS = [...TARGETS_22_DOUBLE, ...DOUBLE_TARGETS];

/** Chunks of integers, in any size and order, as float and integer builds read them. */
function conversions(): VectorCase[] {
  const small = loading([0, 1, -1, 100, -100, 127, -128]);
  const forms: Record<string, Partial<ChunkForm>> = {
    "1 byte": { numberSize: 1 },
    "2 bytes": { numberSize: 2 },
    "4 bytes": { numberSize: 4 },
    "8 bytes": { numberSize: 8 },
    "2 bytes, big-endian": { numberSize: 2, bigEndian: true },
    "4 bytes, big-endian": { numberSize: 4, bigEndian: true },
    "8 bytes, big-endian": { numberSize: 8, bigEndian: true },
  };
  const eras: Record<string, ChunkForm> = { "3.0": INT_30, "2.2": INT_22 };
  return Object.entries(eras).flatMap(([era, base]) =>
    Object.entries(forms).flatMap(([size, change]) => {
      const contents = chunk(small, { ...base, ...change });
      const readers = change.numberSize === 4 ? LUA51_TARGETS : CONVERTING_TARGETS;
      return [
        input(`integers of ${size}, ${era}`, contents, { targets: readers }),
        input(`integers of ${size}, marked 2, ${era}`, withByte(contents, 11, 2)),
      ];
    }),
  );
}

const wide = loading([2n ** 31n, -(2n ** 31n) - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]);
const longIntegers: VectorCase[] = [INT_30, INT_22].flatMap((form, i) => {
  const contents = chunk(wide, { ...form, numberSize: 8 });
  const era = ["3.0", "2.2"][i];
  // The first of them wraps to the most negative integer, which no integer build can write.
  const readers = i === 0 ? ["esp8266-lua51-int", "esp32-lua51-int"] : ["esp8266-2.2-int"];
  const wrapped = { deviations: [unwritable(readers)] };
  return [
    input(`long integers, ${era}`, contents, { targets: CONVERTING_TARGETS }),
    input(`long integers, marked 127, ${era}`, withByte(contents, 11, 127), wrapped),
    input(`long integers, marked 2, ${era}`, withByte(contents, 11, 2), wrapped),
    input(`integers, marked 128, ${era}`, withByte(contents, 11, 128)),
    input(`integers, marked 255, ${era}`, withByte(contents, 11, 255)),
  ];
});

const bigEndian: VectorCase[] = Object.entries(FORMS).flatMap(([form, facts]) => {
  const swapped = chunk(named, { ...facts, bigEndian: true });
  return [
    input(`big-endian, ${form}`, swapped),
    input(`big-endian marked 2, ${form}`, withByte(swapped, 6, 2)),
    input(`big-endian marked 255, ${form}`, withByte(swapped, 6, 255)),
  ];
});

/** A double given as 16 hexadecimal digits, most significant first. */
function rawDouble(form: ChunkForm, digits: string): { raw: string } {
  const bytes = digits.match(/../g)!.map((pair) => Number.parseInt(pair, 16));
  return { raw: String.fromCharCode(form.numberTag, ...bytes.reverse()) };
}

const doubles = {
  "zeros and infinities": [
    "0000000000000000",
    "8000000000000000",
    "7ff0000000000000",
    "fff0000000000000",
  ],
  denormals: ["0000000000000001", "8000000000000001", "000fffffffffffff", "0010000000000000"],
  "quiet not-a-number": [
    "7ff8000000000000",
    "fff8000000000000",
    "7ff8000000000001",
    "ffffffffffffffff",
  ],
  "signalling not-a-number": ["7ff0000000000001", "fff0000000000001", "7ff7ffffffffffff"],
  "fourteen digits": [
    "3fb999999999999a",
    "42dc12218377de40",
    "42dc12218377de50",
    "4341c37937e08000",
    "3ee4f8b588e368f1",
  ],
  "largest and near one": [
    "7fefffffffffffff",
    "3fefffffffffffff",
    "3ff0000000000001",
    "430c6bf526340000",
  ],
};

const rawNumbers: VectorCase[] = [FLOAT_30, FLOAT_22].flatMap((form, i) =>
  Object.entries(doubles).map(([name, list]) =>
    input(
      `${name}, ${["3.0", "2.2"][i]}`,
      chunk(loading(list.map((digits) => rawDouble(form, digits))), form),
    ),
  ),
);

const rawConstants: VectorCase[] = [
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 127, 128, 255].map((tag) =>
    plain(
      `constant tag ${tag} at the end`,
      loading([null, { raw: `${String.fromCharCode(tag)}\x05` }]),
    ),
  ),
  ...[0, 1, 2, 128, 255].map((flag) =>
    plain(`boolean ${flag}`, loading([{ raw: `\x01${String.fromCharCode(flag)}` }])),
  ),
];

/** Every byte of the header changed, on a chunk that all targets would read. */
const headerBytes: VectorCase[] = Array.from({ length: 12 }, (_, at) => at).flatMap((at) =>
  ([0, 6, 10, 11].includes(at)
    ? [0, 1, 2, 3, 4, 5, 8, 16, 0x41, 0x7f, 0x80, 0xff]
    : [0, 5, 0x50, 0xff]
  ).map((value) =>
    plain(
      `header byte ${at} is ${value}`,
      {},
      { files: { "a.lc": header(INT_30, { [at]: value }) + body({}, INT_30) } },
    ),
  ),
);

const foreign: VectorCase[] = [
  input("a chunk of desktop Lua 5.1", `\x1bLuaQ\0\x01\x04\x08\x04\x08\0${"\0".repeat(40)}`),
  input("a chunk of Lua 5.2", `\x1bLuaR\0\x01\x04\x08\x04\x08\0\x19\x93\r\n\x1a\n`),
  input("a chunk of Lua 5.3", `\x1bLuaS\0\x19\x93\r\n\x1a\n\x04\x08\x04\x08\x08xV`),
  input("integer marked as float", withByte(chunk({}, INT_30), 11, 0)),
  input("float marked as integer", withByte(chunk(loading([1.5, 2]), FLOAT_30), 11, 1), {
    targets: CONVERTING_TARGETS,
  }),
  input("float with a number size of 4", withByte(chunk(loading([1.5, 2]), FLOAT_30), 10, 4)),
  input("float with a number size of 0", withByte(chunk(loading([1.5, 2]), FLOAT_30), 10, 0)),
  input("little-endian marked big-endian", withByte(chunk({ source: "=abc" }, INT_30), 6, 0)),
];

/** A chunk with every kind of field, cut after each of its bytes. */
function truncations(name: string, form: ChunkForm, step: number): VectorCase[] {
  const whole = chunk(
    { ...named, source: "=n", locals: [["a", 1, 6]], constants: [7, "s", true, null] },
    form,
  );
  const lengths = Array.from({ length: Math.ceil(whole.length / step) }, (_, i) => i * step + 1);
  return lengths
    .filter((length) => length < whole.length)
    .map((length) =>
      input(`${name} cut after ${length} bytes`, whole.slice(0, length), { args: ["a.lc"] }),
    );
}

const negativeCounts: VectorCase[] = [
  plain("negative first line", { lineDefined: -1 }),
  plain("negative last line", { lastLineDefined: -5 }),
  ...(["code", "constants", "functions", "lineInfo", "locals", "upvalueNames"] as const).flatMap(
    (count) => [
      plain(`negative count of ${count}`, { counts: { [count]: -1 } }),
      plain(`most negative count of ${count}`, { counts: { [count]: -2147483648 } }),
      plain(`count of ${count} one too large`, { counts: { [count]: count === "code" ? 2 : 1 } }),
      plain(`count of ${count} far too large`, { counts: { [count]: 5000 } }),
    ],
  ),
  plain("negative start of a local", { locals: [["a", -1, 1]] }),
  plain("negative end of a local", { locals: [["a", 1, -1]] }),
  plain("a nested function with a negative line", { functions: [{ lineDefined: -1 }] }),
];

/** The targets that read a form's tags and numbers. */
function readersOf({ integral, numberTag }: ChunkForm): readonly string[] {
  const era = numberTag === FLOAT_22.numberTag ? TARGETS_22 : TARGETS_30;
  return integral ? era : era.filter((target) => !INTEGER_TARGETS.includes(target));
}

/** Nothing may use such a constant: the listing of the reference, or a device, would crash. */
function absentConstant(name: string, form: ChunkForm): VectorCase {
  const raw = `${String.fromCharCode(form.stringTag)}\0\0\0\0`;
  const stderr = "luac.cross: a.lc: bad constant in precompiled chunk\n";
  const reason = "a string constant that is absent is refused";
  return input(`absent string constant, ${name}`, chunk({ constants: [{ raw }] }, form), {
    args: ["-o", "out.lc", "a.lc"],
    deviations: [{ reason, targets: readersOf(form), expect: { exit: 1, stderr, files: {} } }],
  });
}

/** Strings whose length says that there is none, or is negative. */
const oddStrings: VectorCase[] = [
  ...Object.entries(FORMS).map(([form, facts]) => absentConstant(form, facts)),
  plain("absent name of a local", { locals: [[null, 0, 1]] }, { args: ["-o", "out.lc", "a.lc"] }),
  plain(
    "absent name of an upvalue",
    { upvalues: 1, upvalueNames: [null] },
    { args: ["-o", "out.lc", "a.lc"] },
  ),
  plain(
    "absent names, short listing",
    { locals: [[null, 0, 1]], upvalues: 1, upvalueNames: [null] },
    { args: ["-l", "-p", "a.lc"] },
  ),
  plain(
    "source of negative length",
    {},
    { files: { "a.lc": `${header(INT_30)}\xff\xff\xff\xff` } },
  ),
  plain(
    "source of most negative length",
    {},
    { files: { "a.lc": `${header(INT_30)}\0\0\0\x80abc` } },
  ),
  plain(
    "source without its final zero",
    {},
    { files: { "a.lc": chunk({ source: "=abc" }, INT_30).replace("c\0", "cd") } },
  ),
];

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

export const binaryInput: Topic = {
  name: "binary-input",
  cases: [
    ...withoutFile(shapes),
    ...sourceNames,
    ...headers,
    ...lineInfos,
    ...conversions(),
    ...longIntegers,
    ...bigEndian,
    ...rawNumbers,
    ...rawConstants,
    ...foreign,
    ...negativeCounts,
    ...oddStrings,
    ...surroundings,
    ...sizes,
  ],
};

export const binaryDamage: Topic = {
  name: "binary-damage",
  cases: [
    ...headerBytes,
    ...truncations("float 3.0", FLOAT_30, 1),
    ...truncations("int 2.2", INT_22, 3),
    ...truncations("float 2.2, big-endian", { ...FLOAT_22, bigEndian: true }, 3),
    ...truncations("int 3.0", INT_30, 7),
  ],
};

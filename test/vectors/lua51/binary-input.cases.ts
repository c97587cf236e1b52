/** Chunks as input: what is kept, other byte orders and number sizes (lua51.md §4.5, §5, §6.4). */
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  INT_22,
  INT_30,
  withByte,
} from "../../support/chunk-builder.ts";
import { INTEGER_TARGETS, LUA51_TARGETS, type Topic, type VectorCase } from "../case.ts";
import {
  CONVERTING_TARGETS,
  everyForm,
  FORMS,
  input,
  loading,
  named,
  plain,
  readersOf,
  unwritable,
} from "./binary-support.ts";

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

/** Integer overflow of a chunk that was read: the reference leaves a truncated file. */
const largestIntegers: VectorCase[] = Object.entries(FORMS).map(([form, facts]) => {
  const contents = chunk(loading(["x", 2147483647, 5]), facts);
  const refusing = readersOf(facts).filter((target) => INTEGER_TARGETS.includes(target));
  const deviations = facts.integral ? [unwritable(refusing)] : [];
  return input(`the largest integer, ${form}`, contents, { deviations });
});

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

// biome-ignore format: one case per line
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
];

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

export const binaryInput: Topic = {
  name: "binary-input",
  cases: [
    ...shapes,
    ...largestIntegers,
    ...sourceNames,
    ...headers,
    ...lineInfos,
    ...conversions(),
    ...longIntegers,
    ...bigEndian,
    ...rawNumbers,
    ...rawConstants,
  ],
};

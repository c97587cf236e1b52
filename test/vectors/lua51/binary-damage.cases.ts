/** Chunks that are not whole: wrong headers, cut anywhere, impossible counts (lua51.md §6.4). */
import {
  body,
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  header,
  INT_22,
  INT_30,
  withByte,
} from "../../support/chunk-builder.ts";
import type { Topic, VectorCase } from "../case.ts";
import {
  CONVERTING_TARGETS,
  FORMS,
  input,
  loading,
  named,
  plain,
  readersOf,
} from "./binary-support.ts";

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

export const binaryDamage: Topic = {
  name: "binary-damage",
  cases: [
    ...headerBytes,
    ...foreign,
    ...negativeCounts,
    ...oddStrings,
    ...truncations("float 3.0", FLOAT_30, 1),
    ...truncations("int 2.2", INT_22, 3),
    ...truncations("float 2.2, big-endian", { ...FLOAT_22, bigEndian: true }, 3),
    ...truncations("int 3.0", INT_30, 7),
  ],
};

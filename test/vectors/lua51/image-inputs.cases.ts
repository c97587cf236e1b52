/** What flash images are made from: modules, their names and number, chunks, standard input. */
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  INT_22,
  INT_30,
} from "../../support/chunk-builder.ts";
import {
  DOUBLE_TARGETS,
  type Extra,
  LUA51_TARGETS,
  repeat,
  TARGETS_22_DOUBLE,
  TARGETS_30,
  type Topic,
  type VectorCase,
} from "../case.ts";

type Files = Readonly<Record<string, string>>;

/** An image of all the files, in both formats. */
function both(name: string, files: Files, extra: Extra = {}): VectorCase[] {
  const inputs = Object.keys(files);
  const formats: readonly (readonly string[])[] = [["-f"], ["-a", "0x40280000"]];
  return formats.map((format) => ({
    name: `${name}, ${format[0]}`,
    args: ["-o", "out.img", ...format, ...inputs],
    files,
    ...extra,
  }));
}

function many(count: number): Files {
  const sources = Array.from({ length: count }, (_, i) => [
    `m${i}.lua`,
    `return ${i}, "m${i % 7}"`,
  ]);
  return Object.fromEntries(sources);
}

const TOO_MANY = Object.keys(many(51));

const modules: VectorCase[] = [
  ...both("an empty file", { "module.lua": "" }),
  ...both("two modules", { "a.lua": "print(1)\n", "b.lua": "return function() return a end" }),
  ...[2, 10, 49, 50].flatMap((count) => both(`${count} modules`, many(count))),
  ...both("51 modules", many(51)),
  {
    name: "51 modules, lookup in a chunk",
    args: ["-i", "-o", "out.lc", ...TOO_MANY],
    files: many(51),
  },
  {
    name: "51 modules, of which one is wrong",
    args: ["-f", ...TOO_MANY],
    files: { ...many(51), "m50.lua": "return )" },
  },
  { name: "51 modules, parse only", args: ["-p", "-f", ...TOO_MANY], files: many(51) },
  ...both("numbers of all kinds", {
    "n.lua": "return 0, 1, -1, 2147483647, -2147483647 - 1, 16777216, 255, 256",
  }),
  ...both("fractions", { "n.lua": "return 0.1, 1e300, 1/0, 5e-324, -0.5, 3.25" }),
];

const names: VectorCase[] = [
  ...both("paths", {
    "d.x/sub/foo.bar.lua": "return 1",
    ".hidden": "return 1",
    "..two.lua": "return 2",
    "d/bs.lua": "return 3",
    "d\\bs2.lua": "return 4",
    "d.x/...": "return 5",
  }),
  ...both("a name beyond ASCII", { "m\u00fcller.lua": "return 1" }),
  ...both("a long name", { [`${"n".repeat(200)}.lua`]: "return 1" }),
  ...duplicates("duplicate names", { "a/x.lua": "return 1", "b/x.lua": "return 2" }, [
    "a/x.lua and b/x.lua are both module 'x'; only a/x.lua will be found",
  ]),
  ...duplicates(
    "three of a name",
    { "x.lua": "return 1", "y.lua": "", "b/x.lua": "return 2", "x.y.lua": "return 3" },
    [
      "x.lua and b/x.lua are both module 'x'; only x.lua will be found",
      "x.lua and x.y.lua are both module 'x'; only x.lua will be found",
    ],
  ),
];

/** The same image, with warnings. */
function duplicates(name: string, files: Files, warnings: readonly string[]): VectorCase[] {
  return both(name, files, {
    deviations: [
      {
        reason: "modules that cannot be found are warned of",
        targets: LUA51_TARGETS,
        expect: { stderr: warnings.map((text) => `luac.cross: warning: ${text}\n`).join("") },
      },
    ],
  });
}

const SHAPE = {
  source: "@dir/chunk.lua",
  lineInfo: [1, 4, 0],
  vararg: 2,
  stack: 2,
  locals: [["abc", 0, 1]] as const,
  constants: ["k", 7, null, true],
};

/** Each form for the targets that read it. */
const FORMS: readonly (readonly [name: string, form: ChunkForm, targets: readonly string[]])[] = [
  ["float 2.2", FLOAT_22, TARGETS_22_DOUBLE],
  ["int 2.2", INT_22, ["esp8266-2.2-int"]],
  ["float 3.0", FLOAT_30, DOUBLE_TARGETS],
  ["int 3.0", INT_30, ["esp8266-lua51-int", "esp32-lua51-int"]],
];

const chunks: VectorCase[] = FORMS.flatMap(([name, form, targets]) => [
  ...both(`a chunk, ${name}`, { "c.lc": chunk(SHAPE, form) }, { targets }),
  ...both(
    `a chunk between sources, ${name}`,
    { "a.lua": "return 1", "c.lc": chunk(SHAPE, form), "b.lua": "return function() end" },
    { targets },
  ),
  ...both(
    `a chunk without a source, ${name}`,
    { "c.lc": chunk({}, form), "more.lua": "return function() end" },
    { targets },
  ),
  ...both(
    `a chunk after a # line, ${name}`,
    { "c.lc": `#!lua\n${chunk(SHAPE, form)}` },
    { targets },
  ),
  {
    name: `a chunk stripped, ${name}`,
    args: ["-s", "-f", "c.lc"],
    files: { "c.lc": chunk(SHAPE, form) },
    targets,
  },
]);

const LARGE = {
  ...SHAPE,
  functions: Array.from({ length: 9 }, (_, i) => ({
    source: i % 2 ? null : `@${i}.lua`,
    upvalues: i,
    upvalueNames: Array.from({ length: i }, (_, k) => `u${k}`),
    lineInfo: i % 3 === 0 ? [] : [0x80 + i, i, 0],
  })),
};

const largeChunks: VectorCase[] = FORMS.filter(([, , targets]) =>
  targets.every((target) => TARGETS_30.includes(target)),
).flatMap(([name, form, targets]) =>
  both(`a large chunk, ${name}`, { "c.lc": chunk(LARGE, form), "a.lua": "" }, { targets }),
);

const stdin: VectorCase[] = [
  { name: "stdin", args: ["-f", "-"], files: {}, stdin: "return 1" },
  { name: "stdin to stdout", args: ["-f", "-o", "-", "-"], files: {}, stdin: "return 1" },
  {
    name: "stdin among files",
    args: ["-a", "0x40210000", "a.lua", "-", "b.lua"],
    files: { "a.lua": "return 1", "b.lua": "return 2" },
    stdin: "return function() end",
  },
  {
    name: "stdin twice",
    args: ["-f", "-", "-"],
    files: {},
    stdin: "return 1",
    deviations: [
      {
        reason: "modules that cannot be found are warned of",
        targets: LUA51_TARGETS,
        expect: {
          stderr: "luac.cross: warning: - and - are both module 'stdin'; only - will be found\n",
        },
      },
    ],
  },
];

const errors: VectorCase[] = [
  ...both("a source with an error", { "a.lua": "return 1", "b.lua": "x = = 1" }),
  ...both("a chunk with an error", { "a.lc": "\x1bLua\x51" }),
  ...both("a folder", { "d/": "" }),
];

/** Bytes that devices refuse; luacross writes them when it is told to, and says so. */
function refused(
  name: string,
  files: Files,
  words: readonly (readonly [targets: readonly string[], text: string])[],
): VectorCase {
  return {
    name: `${name}, which devices refuse`,
    args: ["-o", "out.img", "-f", ...Object.keys(files)],
    own: ["--exact"],
    files,
    targets: words.flatMap(([targets]) => targets),
    deviations: words.map(([targets, text]) => ({
      reason: "what devices refuse is warned of",
      targets,
      expect: { stderr: `luac.cross: warning: the device will refuse this image: ${text}\n` },
    })),
  };
}

/** Bytes of the smallest image in a file. */
const SMALL: Readonly<Record<string, number>> = {
  "esp8266-2.2-float": 188,
  "esp8266-2.2-packed": 186,
  "esp8266-2.2-int": 185,
  "esp8266-lua51-float": 186,
  "esp8266-lua51-aligned": 189,
  "esp8266-lua51-int": 184,
  "esp32-lua51-float": 186,
  "esp32-lua51-int": 184,
};

const refusedByDevices: VectorCase[] = [
  ...FORMS.map(([name, form, targets]) =>
    refused(
      `a small chunk, ${name}`,
      { "c.lc": chunk({}, form) },
      targets.map((target) => [[target], `read error on LFS image file (${SMALL[target]} bytes)`]),
    ),
  ),
  refused("the bytes of a signature", { "a.lua": 'return "\\084\\161\\250 and more"' }, [
    [
      ["esp8266-2.2-packed", "esp8266-lua51-float", "esp32-lua51-float"],
      "invalid dictionary offset on inflate (120 bytes back after 120 bytes)",
    ],
  ]),
];

/** Bytes of the image, and of what each of its modules adds to it. */
const HUGE: Readonly<Record<string, readonly [image: number, huge: number, small: number]>> = {
  "esp8266-2.2-float": [270612, 270148, 124],
  "esp8266-2.2-packed": [270592, 270144, 120],
  "esp8266-2.2-int": [270572, 270140, 116],
  "esp8266-lua51-float": [270592, 270144, 120],
  "esp8266-lua51-aligned": [270612, 270148, 124],
  "esp8266-lua51-int": [270572, 270140, 116],
  "esp32-lua51-float": [270624, 270144, 120],
  "esp32-lua51-int": [270604, 270140, 116],
};

const huge: VectorCase[] = [
  {
    name: "more than the builder can hold",
    args: ["-f", "-m", "0x80000", "-o", "out.img", "huge.lua", "a.lua"],
    files: {
      "huge.lua": `return "${repeat(27_000, () => "0123456789")}"`,
      "a.lua": "return 1",
      "out.img": "old",
    },
    deviations: Object.entries(HUGE).map(([target, [image, large, small]]) => ({
      reason: "the old output is kept, and a sentence says what is too large",
      targets: [target],
      expect: {
        stderr: [
          "luac.cross: Out of Flash memory\n",
          `The image has ${image} bytes; to fit into 262144 it must shrink by ${image - 262_144}. `,
          `Largest modules: huge (${large} bytes), a (${small} bytes).\n`,
        ].join(""),
        files: {},
      },
    })),
  },
];

export const imageInputs: Topic = {
  name: "image-inputs",
  cases: [
    ...modules,
    ...names,
    ...chunks,
    ...largeChunks,
    ...stdin,
    ...errors,
    ...refusedByDevices,
    ...huge,
  ],
};

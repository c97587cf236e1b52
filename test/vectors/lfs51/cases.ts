/**
 * Images that the reference was asked for: inputs and options. What it answered for each target, in
 * both formats, is beside this file, recorded by `record-images.ts` and compared by `vectors.test.ts`.
 */
import { fromBytes, type LuaString } from "../../../src/base/lua-string.ts";
import { Random } from "../../fuzz/random.ts";
import { collidingStrings, data, literal, program, stringModule } from "../../image/inputs.ts";
import {
  type ChunkForm,
  chunk,
  FLOAT_22,
  FLOAT_30,
  INT_22,
  INT_30,
} from "../../support/chunk-builder.ts";

export interface ImageVector {
  /** Unique. */
  readonly name: string;
  /** Contents by path, in the order of the command line; chunks depend on the target's form. */
  readonly inputs: (form: ChunkForm) => Readonly<Record<string, LuaString>>;
  /** `-s` is given. */
  readonly strip?: boolean;
  /** The value of `-m`. */
  readonly limit?: number;
  /** False where the older generation's reference crashes. */
  readonly runsOn22?: boolean;
}

/** The clock of all recordings, in seconds since 1970. */
export const RECORDED_TIME = 1_700_000_000;
/** The address of absolute images. */
export const RECORDED_ADDRESS = 0x40210000;

export const FORMS: readonly ChunkForm[] = [FLOAT_30, INT_30, FLOAT_22, INT_22];

const PRINT = "print(1)\n";
const MOD = `local function f(x, ...)
  return x, nil, true, "hello world", {...}
end
return f, f("a\\0b", -1)
`;

const ALL_BYTES = fromBytes(Uint8Array.from({ length: 256 }, (_, i) => i));

const CONSTANTS = `return 0, 1, -1, 2147483647, -2147483647 - 1, 16777216, nil, true, false,
  "", "a", ${literal(ALL_BYTES)}, "\\4", "\\1\\4", "=(luac)", "@c.lua"
`;

const CLOSURES = `local a, b, c = 1, 2, 3
function outer(x, y, ...)
  local arg1 = arg
  return function(z)
    a = a + x
    return function() return a, b, c, x, y, z, arg1 end
  end
end
for i = 1, 10 do outer(i) end
for k, v in pairs(t) do if not k then break end end
`;

function source(name: string, text: LuaString, extra: Partial<ImageVector> = {}): ImageVector {
  return { name, inputs: () => ({ "w.lua": text }), ...extra };
}

function several(name: string, inputs: Readonly<Record<string, LuaString>>): ImageVector {
  return { name, inputs: () => inputs };
}

function manyModules(count: number): ImageVector {
  const entries = Array.from({ length: count }, (_, i) => [
    `m${i}.lua`,
    `return ${i}, "m${i % 7}"`,
  ]);
  return several(`${count} modules`, Object.fromEntries(entries));
}

/** A module whose image has so many strings: `count` of its own and five others. */
function withStrings(count: number): ImageVector {
  const strings = Array.from({ length: count }, (_, i) => `string ${i}`);
  return source(`${count} strings`, stringModule(strings));
}

function colliding(bits: number, count: number): ImageVector {
  const strings = collidingStrings(new Random(`${bits} ${count}`), count, bits);
  return source(`${count} strings whose hashes share ${bits} bits`, stringModule(strings));
}

function withData(name: string, text: LuaString): ImageVector {
  return source(`data: ${name}`, `return ${literal(text)}`);
}

/** A module of a single string that brings the float image of the ESP8266 near the limit. */
function large(length: number): ImageVector {
  return source(
    `a string of ${length} bytes`,
    `return ${literal("0123456789".repeat(length / 10))}`,
  );
}

const DEBUG = { source: "@d.lua", lineInfo: [1, 4, 0], vararg: 2, stack: 2 } as const;

const debugNames = (form: ChunkForm) =>
  chunk(
    {
      ...DEBUG,
      locals: [
        ["abc", 0, 1],
        ["def", 1, 1],
      ],
      constants: ["k", 7, null],
    },
    form,
  );
const debugUpvalues = (form: ChunkForm) =>
  chunk({ ...DEBUG, functions: [{ source: null, upvalues: 2, upvalueNames: ["u", "abc"] }] }, form);
const debugLarge = (form: ChunkForm) =>
  chunk(
    {
      ...DEBUG,
      functions: Array.from({ length: 9 }, (_, i) => ({
        source: i % 2 ? null : `@${i}.lua`,
        upvalues: i,
        upvalueNames: Array.from({ length: i }, (_, k) => `u${k}`),
        locals: Array.from({ length: i }, (_, k) => [`l${k}`, k, k + i] as const),
        lineInfo: i % 3 === 0 ? [] : [0x80 + i, i, 0],
      })),
    },
    form,
  );

export const IMAGE_VECTORS: readonly ImageVector[] = [
  several("one line", { "a.lua": PRINT }),
  several("two modules", { "a.lua": PRINT, "mod.lua": MOD }),
  several("an empty module of one letter", { "a.lua": "" }),
  source("constants of all types", CONSTANTS),
  source("closures and loops", CLOSURES),
  source("line info shared with a constant", 'local x = "\\2"\nreturn x'),
  source("equal line info of functions", "f(function() end, function() end, function() end)"),
  source("far lines", `a()${"\n".repeat(5000)}b()${"\n".repeat(70)}c()`),
  source("a chain of functions", `${"return function() ".repeat(60)}${"end ".repeat(60)}`),
  source("a long table", `return {${"1,x,'s',".repeat(300)}}`),
  several("paths", {
    "d.x/sub/foo.bar.lua": PRINT,
    ".hidden": "return 1",
    "..two.lua": "return 2",
    "d/bs.lua": "return 3",
    "d\\bs.lua": "return 4",
  }),
  several("duplicate names", { "a/x.lua": "return 1", "b/x.lua": "return 2", "x.lc.lua": "" }),
  ...[3, 10, 49, 50].map(manyModules),
  ...[1, 26, 27, 58, 59, 93, 94, 95, 122, 123, 124, 250, 1000].map(withStrings),
  ...[30, 31, 32, 33, 63, 64, 65, 1000, 5000].map((length) =>
    source(`strings of ${length} bytes`, stringModule(["x".repeat(length), "y".repeat(length)])),
  ),
  colliding(4, 60),
  colliding(8, 100),
  colliding(11, 40),
  source("a program of 40 statements", program(new Random("40"), 40)),
  source("a program of 400 statements", program(new Random("400"), 400)),
  withData("zeros", "\0".repeat(20_000)),
  withData("the bytes of a signature", "\x54\xa1\xfa \x50\xa1\xfa \x52\xa1\xfa"),
  withData(
    "the bytes of a signature, further away",
    `${data(new Random("a"), 16_300)}\x54\xa1\xfa`,
  ),
  ...[16_383, 16_384, 16_385, 32_768].map((period) => {
    const text = data(new Random("period"), period);
    return withData(`a period of ${period}`, text + text.slice(0, 900));
  }),
  withData("few different bytes", data(new Random("few 1"), 50_000)),
  withData("random bytes", fromBytes(Uint8Array.from({ length: 60_000 }, randomByte()))),
  withData("runs", "ab".repeat(700) + "abc".repeat(500) + "a".repeat(259) + "abcd".repeat(9000)),
  large(260_000),
  ...[-8, -4, 0, 4].map((change) => nearLimit(change)),
  source("over the limit of option -m", `return ${literal("x".repeat(5000))}`, { limit: 4096 }),
  source("within the limit of option -m", `return ${literal("x".repeat(3000))}`, { limit: 4096 }),
  source("stripped", CLOSURES, { strip: true }),
  { name: "locals of a chunk", inputs: (form) => ({ "d.lc": debugNames(form) }) },
  { name: "upvalues of a chunk", inputs: (form) => ({ "d.lc": debugUpvalues(form) }) },
  {
    name: "chunks stripped",
    inputs: (form) => ({ "d.lc": debugNames(form), "e.lc": debugUpvalues(form) }),
    strip: true,
  },
  {
    name: "sources and chunks",
    inputs: (form) => ({ "a.lua": MOD, "d.lc": debugNames(form), "b.lua": CLOSURES }),
  },
  {
    name: "a large chunk",
    inputs: (form) => ({ "d.lc": debugLarge(form), "a.lua": PRINT }),
    runsOn22: false,
  },
  {
    name: "a large chunk stripped",
    inputs: (form) => ({ "d.lc": debugLarge(form) }),
    strip: true,
    runsOn22: false,
  },
];

/** An image of just so many bytes more than there may be, for the floats of the ESP8266. */
function nearLimit(change: number): ImageVector {
  const name = `${Math.abs(change)} bytes ${change > 0 ? "over" : "below"} the limit`;
  return source(name, `return ${literal("x".repeat(261_739 + change))}`);
}

function randomByte(): () => number {
  const random = new Random("bytes");
  return () => random.below(256);
}

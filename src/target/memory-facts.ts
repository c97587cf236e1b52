/**
 * What has to be known to count the memory of a firmware build's Lua: the sizes of its objects, how
 * its string table grows, what its compiler needs, and which strings a freshly started interpreter
 * holds already, so that a module that uses them gets them for nothing. The strings are those of the firmware's own
 * interpreter with the libraries of its host build; modules of C add a few. Data only.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Dialect } from "./dialect.ts";
import { ADDRESS_SIZE, OBJECTS_51, OBJECTS_53, type ObjectSizes } from "./object-sizes.ts";

/** A string table of so many buckets is never halved. */
export const LARGEST_KEPT_TABLE = 64;

export interface MemoryFacts {
  readonly objects: ObjectSizes;
  readonly stacks: StackFacts;
  readonly collector: CollectorFacts;
  readonly strings: StringFacts;
  readonly compiler: CompilerFacts;
  /** Loading makes it for every `.lc` file; undefined where only for one without a source name. */
  readonly madeByLoader: LuaString | undefined;
  /** True when a file without debug information still has its source name and lines. */
  readonly stripKeepsPlaces: boolean;
}

/** How stacks grow with what runs on them. */
export interface StackFacts {
  /** Slots at a stack's end that no function gets. */
  readonly reserve: number;
  /** Slots that a stack gets on top of twice what it had. */
  readonly growthExtra: number;
  /** A stack gets no more slots. */
  readonly most: number;
  /** True when a function that wants more slots than there are gets them on top; else just enough. */
  readonly addsWanted: boolean;
  /** True when a collection cuts stacks to what is in use, an eighth and some slots; else by half. */
  readonly fits: boolean;
  /** True when the calls of a thread are in one vector, which doubles; else in records of their own. */
  readonly callsInVector: boolean;
}

/** What the collector does in its own way. */
export interface CollectorFacts {
  /** How often a full collection looks whether stacks and the table of strings are too large. */
  readonly passes: number;
  /** True when a table with weak keys keeps a value only while something else keeps its key. */
  readonly hasEphemerons: boolean;
  /** True when an object has a finalizer because its metatable had one when it was set. */
  readonly marksFinalizers: boolean;
  /** Begins the message of an error in a finalizer; undefined when the error passes as it is. */
  readonly finalizerError: LuaString | undefined;
}

/** What the device's compiler has in memory beside what it makes. */
export interface CompilerFacts {
  /** True when one table finds the names and constants of the whole chunk; else each function's. */
  readonly sharesLookup: boolean;
  /** True when it looks up reserved words as it does names. */
  readonly looksUpReserved: boolean;
  /** True when it finds integers by something that is no number. */
  readonly hidesIntegers: boolean;
  /** True when a table that grows is there twice for a moment. */
  readonly copiesNodes: boolean;
  /** True when the closure it will return, and room for a nested function, are there beforehand. */
  readonly linksFirst: boolean;
  /** True when a function with `...` has a local called `arg`. */
  readonly declaresArg: boolean;
  /** Bytes that have to be free behind the line info that is written. */
  readonly lineInfoRoom: number;
  /** Bytes it has of every local in sight, and of every label and open jump; 0 for none. */
  readonly localInSight: number;
  readonly label: number;
  /** Bytes of each upvalue's record that go with its name. */
  readonly upvalueName: number;
}

/** How strings are kept. */
export interface StringFacts {
  /** Buckets of an empty string table; each is an address. The table doubles when it is full. */
  readonly firstBuckets: number;
  /** Bytes of an empty buffer in which strings are joined; 0 where they are joined in place. */
  readonly firstBuffer: number;
  /** Longer strings are not shared: two that are equal lie in memory twice, outside the table. */
  readonly longestShared: number;
  /** What a freshly started interpreter holds in memory. */
  readonly present: readonly LuaString[];
}

/** Per Lua version of a firmware generation. */
export type StringsByDialect = Readonly<Partial<Record<Dialect["name"], StringFacts>>>;

/** As a list separated by spaces; strings with spaces in them come behind it. */
function strings(words: string, ...others: readonly LuaString[]): readonly LuaString[] {
  return [...words.split(" "), ...others];
}

const PRESENT = strings(
  "_G _LOADED _VERSION __add __call __concat __div __eq __gc __index __le __len __lt __mod " +
    "__mode __mul __newindex __pow __sub __unm config io loaded loaders package path preload " +
    "require stderr stdin stdout ?.lc;?.lua",
  "not enough memory",
);

const PRESENT_51 = [
  ...PRESENT,
  ...strings(
    "INT _LOADLIB cpath ipairs kv loadlib module newproxy pairs seeall",
    "",
    "Lua 5.1",
    "/\n;\n?\n!\n-",
  ),
];

const PRESENT_53 = [
  ...PRESENT,
  ...strings(
    "FILE* _ENV _IO_input _IO_output _PRELOAD __band __bnot __bor __bxor __idiv __name __shl " +
      "__shr __tostring and break clock close date difftime do else elseif end execute exit " +
      "false flush for function getenv goto if in input lines local nil not open or output popen " +
      "read remove rename repeat return searchers searchpath seek setlocale setvbuf then time " +
      "tmpfile tmpname true type until while write",
    "Lua 5.3",
    "/\n;\n?\n!\n-\n",
  ),
];

const MODULES_30 = strings("pixbuf.buf sjson.decoder sjson.encoder");

/** NodeMCU 2.2.1. */
export const STRINGS_22: StringsByDialect = { lua51: strings51([]) };

/** NodeMCU 3.0. */
export const STRINGS_30: StringsByDialect = {
  lua51: strings51(["__metatable", ...MODULES_30]),
  lua53: strings53(["os", ...MODULES_30]),
};

/** The branch for the newer chip. Its host build calls the library `os` by a wrong name. */
export const STRINGS_ESP32: StringsByDialect = {
  lua51: strings51(["__metatable"]),
  lua53: strings53(["is"]),
};

function strings51(more: readonly LuaString[]): StringFacts {
  const present = [...PRESENT_51, ...more];
  return { firstBuckets: 32, firstBuffer: 32, longestShared: Number.POSITIVE_INFINITY, present };
}

function strings53(more: readonly LuaString[]): StringFacts {
  return {
    firstBuckets: 128,
    firstBuffer: 0,
    longestShared: 40,
    present: [...PRESENT_53, ...more],
  };
}

const COMPILER_51: CompilerFacts = {
  sharesLookup: false,
  looksUpReserved: false,
  hidesIntegers: false,
  copiesNodes: false,
  linksFirst: false,
  declaresArg: true,
  lineInfoRoom: 1,
  localInSight: 0,
  label: 0,
  upvalueName: ADDRESS_SIZE,
};

const COMPILER_53: CompilerFacts = {
  sharesLookup: true,
  looksUpReserved: true,
  hidesIntegers: true,
  copiesNodes: true,
  linksFirst: true,
  declaresArg: false,
  lineInfoRoom: 3,
  localInSight: 2,
  label: 16,
  upvalueName: 0,
};

const STACKS_51: StackFacts = {
  reserve: 6,
  growthExtra: 6,
  most: Number.POSITIVE_INFINITY,
  addsWanted: true,
  fits: false,
  callsInVector: true,
};

const STACKS_53: StackFacts = {
  reserve: 5,
  growthExtra: 0,
  most: 12_000,
  addsWanted: false,
  fits: true,
  callsInVector: false,
};

const COLLECTOR_51: CollectorFacts = {
  passes: 2,
  hasEphemerons: false,
  marksFinalizers: false,
  finalizerError: undefined,
};

const COLLECTOR_53: CollectorFacts = {
  passes: 1,
  hasEphemerons: true,
  marksFinalizers: true,
  finalizerError: "error in __gc metamethod",
};

type DialectFacts = Omit<MemoryFacts, "objects" | "strings">;

const BY_DIALECT: Readonly<Record<Dialect["name"], DialectFacts>> = {
  lua51: {
    stacks: STACKS_51,
    collector: COLLECTOR_51,
    compiler: COMPILER_51,
    madeByLoader: "=?",
    stripKeepsPlaces: false,
  },
  lua53: {
    stacks: STACKS_53,
    collector: COLLECTOR_53,
    compiler: COMPILER_53,
    madeByLoader: undefined,
    stripKeepsPlaces: true,
  },
};

const OBJECTS: Readonly<Record<Dialect["name"], Readonly<Partial<Record<number, ObjectSizes>>>>> = {
  lua51: OBJECTS_51,
  lua53: OBJECTS_53,
};

/**
 * @param strings those of the firmware generation
 * @param valueSize bytes of a value in memory, which an image may lay out otherwise
 * @throws RangeError when there is no such interpreter
 */
export function memoryFacts(
  dialect: Dialect,
  strings: StringsByDialect,
  valueSize: number,
): MemoryFacts {
  const objects = OBJECTS[dialect.name][valueSize];
  const ownStrings = strings[dialect.name];
  if (objects && ownStrings) return { objects, strings: ownStrings, ...BY_DIALECT[dialect.name] };
  throw new RangeError(`no ${dialect.title} has values of ${valueSize} bytes`);
}

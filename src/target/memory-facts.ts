/**
 * What has to be known to count the memory of a firmware build's Lua: the sizes of its objects, how
 * its string table grows, and which strings a freshly started interpreter holds already, so that a
 * module that uses them gets them for nothing. The strings are those of the firmware's own
 * interpreter with the libraries of its host build; modules of C add a few. Data only.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Dialect } from "./dialect.ts";
import { OBJECTS_51, OBJECTS_53, type ObjectSizes } from "./object-sizes.ts";

export interface MemoryFacts {
  readonly objects: ObjectSizes;
  readonly strings: StringFacts;
}

/** How strings are kept. */
export interface StringFacts {
  /** Buckets of an empty string table; each is an address. The table doubles when it is full. */
  readonly firstBuckets: number;
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
  return { firstBuckets: 32, longestShared: Number.POSITIVE_INFINITY, present };
}

function strings53(more: readonly LuaString[]): StringFacts {
  return { firstBuckets: 128, longestShared: 40, present: [...PRESENT_53, ...more] };
}

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
  if (objects && ownStrings) return { objects, strings: ownStrings };
  throw new RangeError(`no ${dialect.title} has values of ${valueSize} bytes`);
}

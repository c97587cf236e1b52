/**
 * What the libraries of firmware generations have and do differently. Data only.
 * Source: lua51.md §6.3, lua53.md §8; observed with the reference's `-e`.
 */

export interface LibraryFacts {
  /** What the table `ROM` holds, in its order; `_G` are the basic functions. */
  readonly rom: readonly string[];
  /** What messages call a table, be it in flash. */
  readonly anyTable: string;
  /** What messages call a function, be it in flash. */
  readonly anyFunction: string;
  /** `print` ends every piece with a line feed, a tab and the end of the line, too. */
  readonly printsPiecesOnLines: boolean;
  /** Strings have the metamethod that makes `"%d" % 5` work. */
  readonly hasStringMod: boolean;
  /** The basic functions come before the libraries when a global is looked up. */
  readonly baseComesFirst: boolean;
  /** A library's name makes `require` and `module` take its table in any memory for loaded. */
  readonly requiresAnyTable: boolean;
  /** `string.dump` strips debug information unless it is told not to. */
  readonly dumpsStripped: boolean;
  /** `debug.getstrings` may be asked for the strings in flash. */
  readonly listsFlashStrings: boolean;
  /** In tables in flash only names of events are found before which all names are lesser ones. */
  readonly findsSortedEventsOnly: boolean;
  /** The script of `-e` gets its own name as an argument. */
  readonly scriptGetsName: boolean;
  /** Messages of modules show a character that cannot be printed by its number. */
  readonly escapesUnits: boolean;
  /** `io.popen` looks at its mode before it says that it cannot. */
  readonly checksPipeModes: boolean;
}

/** Modules of the firmware that are part of its host build, too. */
const MODULES = ["struct", "bit", "color_utils", "sjson", "pipe", "pixbuf"];

export const LIBRARIES_22: LibraryFacts = {
  rom: ["ROM", "string", "table", "debug", "coroutine", "math", "os"],
  anyTable: "table or rotable",
  anyFunction: "function or lightfunction",
  printsPiecesOnLines: true,
  hasStringMod: false,
  baseComesFirst: true,
  requiresAnyTable: false,
  dumpsStripped: false,
  listsFlashStrings: false,
  findsSortedEventsOnly: false,
  scriptGetsName: true,
  escapesUnits: false,
  checksPipeModes: false,
};

export const LIBRARIES_30: LibraryFacts = {
  rom: ["string", "table", "debug", "coroutine", "math", "ROM", "os", "io", ...MODULES],
  anyTable: "table",
  anyFunction: "function",
  printsPiecesOnLines: false,
  hasStringMod: true,
  baseComesFirst: false,
  requiresAnyTable: true,
  dumpsStripped: true,
  listsFlashStrings: true,
  findsSortedEventsOnly: true,
  scriptGetsName: false,
  escapesUnits: false,
  checksPipeModes: false,
};

/** Lua 5.1 of the ESP32. */
export const LIBRARIES_ESP32: LibraryFacts = {
  ...LIBRARIES_30,
  rom: ["string", "table", "coroutine", "debug", "math", "ROM", "os", "io"],
  scriptGetsName: true,
};

/** Lua 5.3 of firmware 3.0. */
export const LIBRARIES_53: LibraryFacts = {
  ...LIBRARIES_30,
  rom: [...["_G", "string", "table", "debug", "coroutine", "math", "utf8", "ROM"], ...MODULES],
  findsSortedEventsOnly: false,
  escapesUnits: true,
  checksPipeModes: true,
};

/**
 * Lua 5.3 of the ESP32. Its reference cannot run scripts; this is what its sources say, but for the
 * name of the library `os`, which they misspell.
 */
export const LIBRARIES_ESP32_53: LibraryFacts = {
  ...LIBRARIES_53,
  rom: ["string", "table", "coroutine", "debug", "math", "utf8", "ROM"],
  checksPipeModes: false,
};

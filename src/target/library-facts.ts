/**
 * What the libraries of firmware generations have and do differently. Data only.
 * Source: lua51.md §6.3, lua53.md §8; observed with the reference's `-e`.
 */

export interface LibraryFacts {
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
}

export const LIBRARIES_22: LibraryFacts = {
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
};

export const LIBRARIES_30: LibraryFacts = {
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
};

/** Lua 5.3 of firmware 3.0. */
export const LIBRARIES_53: LibraryFacts = { ...LIBRARIES_30, findsSortedEventsOnly: false };

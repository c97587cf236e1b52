/**
 * Where the Lua 5.1 firmware generations differ in loading and finding an LFS: data only, one record
 * per generation. Source: lfs51.md §9.
 */
import type { LuaString } from "../base/lua-string.ts";

/** The lines the boot check prints; numbers are unsigned words. */
export interface BootTexts {
  /** The signature found, without its absolute bit, and the one the firmware has. */
  readonly signature: (found: number, expected: number) => LuaString;
  /** The word for the hash table, the distance of main from the base, and the image size. */
  readonly size: (hashTable: number, main: number, size: number) => LuaString;
}

export interface LoaderFacts {
  readonly boot: BootTexts;
  /** Blocks of 2048 bytes the loader allocates; it uses nine. */
  readonly blocks: number;
  /** Whether the second pass notices that the inflater gave up. */
  readonly checksSecondInflate: boolean;
  /** All memory for data that the largest such chip has: no allocation can ask for more. */
  readonly dataRam: number;
}

const hex = (word: number): string => word.toString(16);
const hex8 = (word: number): string => hex(word).padStart(8, "0");

/** Stands where that firmware prints whatever a register held: it passes too few arguments. */
const UNKNOWN = "?";

const sizeText30 = (hashTable: number, main: number, size: number): LuaString =>
  `Flash size check failed: 0x${hex8(hashTable)} vs 0xFFFFFFFF; 0x${hex8(main)} >= 0x${hex8(size)}`;

const DATA_RAM_8266 = 80 * 1024;
/** With external memory; the loader is not told which kind it gets. */
const DATA_RAM_32 = 4 * 1024 * 1024;

/** NodeMCU 2.2.1. Its `%p` is hexadecimal without anything in front. */
export const LOADER_22: LoaderFacts = {
  boot: {
    signature: (found, expected) => `Flash sig not correct: ${hex(found)} vs ${hex(expected)}`,
    size: (_, main, size) =>
      `Flash size check failed: ${hex(main)} vs 0xFFFFFFFF; ${hex(size)} >= ${UNKNOWN}`,
  },
  blocks: 10,
  checksSecondInflate: false,
  dataRam: DATA_RAM_8266,
};

/** NodeMCU 3.0. */
export const LOADER_30: LoaderFacts = {
  boot: {
    signature: (found, expected) =>
      `Flash sig not correct: 0x${hex8(found)} vs 0x${hex8(expected)}`,
    size: sizeText30,
  },
  blocks: 9,
  checksSecondInflate: true,
  dataRam: DATA_RAM_8266,
};

/** The branch for the newer chip. */
export const LOADER_DEV: LoaderFacts = {
  boot: {
    signature: (found, expected) =>
      `LFS sig not correct: 0x${hex(found)} vs expected 0x${hex(expected)}`,
    size: sizeText30,
  },
  blocks: 9,
  checksSecondInflate: true,
  dataRam: DATA_RAM_32,
};

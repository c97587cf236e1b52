/**
 * What Lua 5.1 firmware does with its LFS region when it starts: it looks at the header and trusts
 * the rest. Source: lfs51.md §9.5, header §5.1.
 *
 *     header = signature size main hashtable strings buckets 0 0       words at the region's start
 */
import type { LuaString } from "../base/lua-string.ts";
import { ABSOLUTE_BIT, HeaderWord, WORD_SIZE } from "../image/layout51.ts";
import type { LfsDevice } from "./device.ts";

/** The header as it lies in flash; all words unsigned, addresses as the processor sees them. */
export interface LfsHeader {
  readonly signature: number;
  readonly size: number;
  readonly main: number;
  readonly hashTable: number;
  readonly strings: number;
  readonly buckets: number;
}

export type BootResult =
  /** There is no region, and nothing is said about it. */
  | { readonly state: "no region" }
  /** Nothing was ever loaded, or all was erased; `message` goes to the UART. */
  | { readonly state: "empty"; readonly message: LuaString }
  /** There is something the firmware does not want; it stays in flash, unused. */
  | { readonly state: "refused"; readonly message: LuaString }
  | { readonly state: "loaded"; readonly header: LfsHeader };

const ALL_ONES = 0xffffffff;
const EMPTY = "No LFS image loaded";

/** Starts the device as far as its LFS is concerned; it changes nothing. */
export function boot(device: LfsDevice): BootResult {
  const { region, firmware } = device;
  if (!region) return { state: "no region" };
  const texts = firmware.facts.boot;
  const header = readHeader(device, region.offset);
  const { signature, size, main, hashTable } = header;
  if (signature === 0 || signature === ALL_ONES) return { state: "empty", message: EMPTY };
  const found = (signature & ~ABSOLUTE_BIT) >>> 0;
  if (found !== firmware.signature) {
    return { state: "refused", message: texts.signature(found, firmware.signature) };
  }
  const distance = (main - region.mapped) >>> 0;
  if (hashTable === ALL_ONES || distance >= size) {
    return { state: "refused", message: texts.size(hashTable, distance, size) };
  }
  return { state: "loaded", header };
}

function readHeader({ flash }: LfsDevice, offset: number): LfsHeader {
  const word = (index: HeaderWord) => flash.word(offset + WORD_SIZE * index);
  return {
    signature: word(HeaderWord.Signature),
    size: word(HeaderWord.Size),
    main: word(HeaderWord.Main),
    hashTable: word(HeaderWord.Buckets),
    strings: word(HeaderWord.StringCount),
    buckets: word(HeaderWord.BucketCount),
  };
}

/**
 * What Lua 5.3 firmware does with its LFS region when it starts: it looks at the first word and trusts
 * the rest. Source: lua53.md §9.1, header §5.2.
 */
import type { LuaString } from "../base/lua-string.ts";
import { factsOf53, HEADER_SIZE_53, HeaderWord53, WORD_SIZE } from "../image/layout53.ts";
import type { Target } from "../target/target.ts";
import type { LfsRegion } from "./device.ts";
import { type NorFlash, SECTOR_SIZE } from "./flash.ts";

export interface LfsDevice53 {
  readonly target: Target;
  readonly flash: NorFlash;
  /** Undefined when the firmware has none. */
  readonly region: LfsRegion | undefined;
  /** False when the firmware was built without; true when left out. */
  readonly hasFileSystem?: boolean;
  /** Bytes of RAM that are free when a load begins; all the chip could have when left out. */
  readonly freeHeap?: number;
}

export type BootResult53 =
  /** There is no region, and nothing is said about it. */
  | { readonly state: "no region" }
  /** Nothing was ever loaded, or all was erased; nothing is said about that either. */
  | { readonly state: "empty" }
  /** The firmware does not know it and erases the region. */
  | { readonly state: "refused"; readonly message: LuaString }
  /** The signature is there, the rest of the header is not: the device follows it into nowhere. */
  | { readonly state: "broken"; readonly message: LuaString }
  | { readonly state: "loaded"; readonly message: LuaString };

const ALL_ONES = 0xffffffff;
const LOADED = "LFS image loaded";
const CORRUPTED = "LFS image corrupted.";

/** What a start will find; it changes nothing. */
export function inspectRegion53({ region, flash, target }: LfsDevice53): BootResult53 {
  if (!region) return { state: "no region" };
  const signature = flash.word(region.offset);
  if (signature === 0 || signature === ALL_ONES) return { state: "empty" };
  if (signature !== factsOf53(target.image).signature) {
    return { state: "refused", message: CORRUPTED };
  }
  return { state: isWhole(flash, region) ? "loaded" : "broken", message: LOADED };
}

/** Whether all that the header leads to could be in the image, and the image in the region. */
function isWhole(flash: NorFlash, { offset, size }: LfsRegion): boolean {
  const word = (index: HeaderWord53) => flash.word(offset + index * WORD_SIZE);
  const imageSize = word(HeaderWord53.Size);
  const places = [HeaderWord53.Buckets, HeaderWord53.Modules, HeaderWord53.LastShortString];
  const isInside = (place: number) => place >= HEADER_SIZE_53 && place < imageSize;
  return imageSize <= size && places.every((place) => isInside(word(place) * WORD_SIZE));
}

/**
 * Starts the device as far as its LFS is concerned. What it does not know it erases.
 *
 * @throws PowerCut
 */
export function boot53(device: LfsDevice53): BootResult53 {
  const found = inspectRegion53(device);
  if (found.state === "refused" && device.region && !device.region.embedded) {
    eraseRegion53(device.flash, device.region);
  }
  return found;
}

/**
 * Erases the sectors of the region that are not blank.
 *
 * @returns how many that were
 * @throws PowerCut
 */
export function eraseRegion53(flash: NorFlash, { offset, size }: LfsRegion): number {
  let erased = 0;
  for (let at = offset; at < offset + size; at += SECTOR_SIZE) {
    if (flash.read(at, SECTOR_SIZE).every((byte) => byte === 0xff)) continue;
    flash.erase(at / SECTOR_SIZE);
    erased++;
  }
  return erased;
}

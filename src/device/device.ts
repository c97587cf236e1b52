/**
 * What of a device takes part in loading an LFS: its firmware, its flash, and the region of the
 * flash that the firmware holds for the LFS. Source: lfs51.md §1, §9, §11.
 */
import { LuacrossError } from "../base/errors.ts";
import { factsOf } from "../image/layout51.ts";
import type { LoaderFacts } from "../target/loader-facts.ts";
import type { Target } from "../target/target.ts";
import { NorFlash, type SECTOR_SIZE } from "./flash.ts";

export interface LfsFirmware {
  /** What the firmware wants an image to begin with, without the absolute bit. */
  readonly signature: number;
  readonly facts: LoaderFacts;
}

/** A piece of flash; all in bytes. */
export interface LfsRegion {
  /** From the start of the flash; a multiple of {@link SECTOR_SIZE}. */
  readonly offset: number;
  readonly size: number;
  /** Where the processor sees it. */
  readonly mapped: number;
  /** True when it is a part of the firmware, which then refuses to load images. */
  readonly embedded?: boolean;
}

export interface LfsDevice {
  readonly firmware: LfsFirmware;
  readonly flash: NorFlash;
  /** Undefined when the firmware has none. */
  readonly region: LfsRegion | undefined;
  /** Bytes of RAM that are free when a load begins; all the chip could have when left out. */
  readonly freeHeap?: number;
}

/**
 * What loading needs to know of a target's firmware.
 *
 * @throws LuacrossError `unsupported` when its images are not Lua 5.1's, or its loader is not known
 */
export function lfsFirmware({ image, loader, name }: Target): LfsFirmware {
  const { signature } = factsOf(image);
  if (loader) return { signature, facts: loader };
  throw new LuacrossError("unsupported", `how '${name}' loads images is not known`);
}

/** Where the flash begins in the address space of the older chip. */
export const FLASH_MAPPED = 0x40200000;
/** The first address that the older firmware could use for an LFS. */
const FIRST_MAPPED = 0x40210000;

/**
 * A device with nothing but a region for its LFS, in a flash that just holds it: enough to try an
 * image on.
 *
 * @param size bytes of the region, whole sectors
 * @param mapped the address of the region
 * @throws RangeError when the size is not a positive multiple of {@link SECTOR_SIZE}
 */
export function bareDevice(
  firmware: LfsFirmware,
  size: number,
  mapped: number = FIRST_MAPPED,
): LfsDevice {
  return { firmware, flash: new NorFlash(size), region: { offset: 0, size, mapped } };
}

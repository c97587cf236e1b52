/** How the flash of a new board is divided, by generation. Source: lfs51.md §11. */
import type { LfsRegion } from "../device/device.ts";
import { type NorFlash, SECTOR_SIZE } from "../device/flash.ts";
import {
  completePartitions,
  lfsAfterFirmware,
  lfsOf,
  lfsPartition,
  shippedPartitions,
  writePartitions,
} from "../device/partitions.ts";
import type { Target } from "../target/target.ts";

/** Where the firmware begins. */
const FIRMWARE_OFFSET = 0x10000;
/** Where the newer chip maps its partition for images. */
const MAPPED = 0x3f400000;
const MAP_UNIT = 0x10000;

/**
 * The region for images of a board that has just been flashed, with its partition table where there
 * is one.
 *
 * @param size bytes, whole sectors; 0 for none
 * @throws LuacrossError `limit` when the flash is too small
 */
export function usualRegion(target: Target, flash: NorFlash, size: number): LfsRegion | undefined {
  const { firmwareSize, flashLayout } = target.board;
  const end = FIRMWARE_OFFSET + firmwareSize;
  switch (flashLayout) {
    case "after firmware":
      return lfsAfterFirmware(end, size);
    case "partition table": {
      const table = completePartitions(shippedPartitions(size), flash.size, firmwareSize);
      writePartitions(flash, table);
      return lfsOf(table);
    }
    case "partition": {
      const offset = Math.ceil(end / MAP_UNIT) * MAP_UNIT;
      return size === 0 ? undefined : lfsPartition(offset, wholeSectors(size), MAPPED);
    }
  }
}

function wholeSectors(size: number): number {
  return Math.ceil(size / SECTOR_SIZE) * SECTOR_SIZE;
}

/** How the flash of a new board is divided, by generation. Source: lfs51.md §11. */
import { LuacrossError } from "../base/errors.ts";
import { FLASH_MAPPED, type LfsRegion } from "../device/device.ts";
import { type NorFlash, SECTOR_SIZE } from "../device/flash.ts";
import {
  completePartitions,
  lfsAfterFirmware,
  lfsOf,
  lfsPartition,
  readPartitions,
  shippedPartitions,
  writePartitions,
} from "../device/partitions.ts";
import type { Target } from "../target/target.ts";

/** Where the firmware begins in the flash. */
export const FIRMWARE_OFFSET = 0x10000;
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
      const offset = mappableOffset(end);
      return size === 0 ? undefined : lfsPartition(offset, wholeSectors(size), MAPPED);
    }
  }
}

/**
 * A region that is mapped at an address, as an absolute image wants it, instead of the usual one.
 *
 * @param address a multiple of 4096
 * @param size bytes, whole sectors
 * @throws LuacrossError `limit` for an address that such boards cannot map it at
 */
export function regionAt(
  address: number,
  target: Target,
  flash: NorFlash,
  size: number,
): LfsRegion {
  const { firmwareSize, flashLayout } = target.board;
  const firmwareEnd = FIRMWARE_OFFSET + firmwareSize;
  const isMappedInPieces = flashLayout === "partition";
  const offset = isMappedInPieces ? mappableOffset(firmwareEnd) : address - FLASH_MAPPED;
  const isAligned = address % SECTOR_SIZE === 0;
  if (isAligned && offset >= FIRMWARE_OFFSET && offset + size <= flash.size) {
    return { offset, size, mapped: address };
  }
  const place = `0x${address.toString(16)}`;
  throw new LuacrossError("limit", `the board cannot have a flash store at ${place}`);
}

/**
 * The region at a start: a program may have changed the partition table since the board was new.
 *
 * @param first what it was then
 */
export function currentRegion(
  target: Target,
  flash: NorFlash,
  first: LfsRegion | undefined,
): LfsRegion | undefined {
  if (target.board.flashLayout !== "partition table") return first;
  const table = readPartitions(flash);
  return table === undefined ? first : lfsOf(table);
}

/** Where a partition behind an offset can begin, if the chip is to map it. */
function mappableOffset(end: number): number {
  return Math.ceil(end / MAP_UNIT) * MAP_UNIT;
}

function wholeSectors(size: number): number {
  return Math.ceil(size / SECTOR_SIZE) * SECTOR_SIZE;
}

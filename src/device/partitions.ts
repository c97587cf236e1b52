/**
 * Where in flash the LFS lies, for each generation of firmware. Source: lfs51.md §11.
 *
 *     2.2    region of a size fixed when the firmware is built, the last part of the firmware
 *     3.0    partition table: (type, offset, size) each, in a reboot record; completed at first boot
 *     dev    partition of a table of the chip's own, or a part of the firmware
 */
import { LuacrossError } from "../base/errors.ts";
import { FLASH_MAPPED, type LfsRegion } from "./device.ts";
import { type NorFlash, SECTOR_SIZE } from "./flash.ts";
import { PARTITION_TABLE_RECORD, readRecord, writeRecord } from "./reboot-records.ts";

export enum PartitionType {
  RfCalibration = 4,
  PhyData = 5,
  SystemParameter = 6,
  Eaglerom = 101,
  Firmware = 102,
  Lfs0 = 103,
  Lfs1 = 104,
  TlsCertificates = 105,
  Spiffs0 = 106,
  Spiffs1 = 107,
}

/** A row of the partition table; offset and size are unsigned words, in bytes. */
export interface Partition {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** What a program may change; what is left out stays. */
export interface PartitionChanges {
  readonly lfsOffset?: number;
  readonly lfsSize?: number;
  readonly spiffsOffset?: number;
  readonly spiffsSize?: number;
}

/** As the size of the file system: all that is left. */
const ALL_THAT_IS_LEFT = 0xffffffff;

const SYSTEM_PARAMETER_SIZE = 0x3000;
/** Where the file system goes if it has a size and fits there. */
const SECOND_MEGABYTE = 0x100000;
/** Sizes the firmware computes are multiples of this. */
const SIZE_UNIT = 0x2000;
const OUT_OF_RANGE = "Partition value out of range";
const WORDS_PER_ROW = 3;

/** The table that NodeMCU 3.0 is shipped with, to be completed by {@link completePartitions}. */
export function shippedPartitions(
  lfsSize = 0,
  spiffsSize: number = ALL_THAT_IS_LEFT,
  spiffsOffset = 0,
): Partition[] {
  return [
    { type: PartitionType.Eaglerom, offset: 0, size: 0xb000 },
    { type: PartitionType.RfCalibration, offset: 0xd000, size: 0x1000 },
    { type: PartitionType.PhyData, offset: 0xf000, size: 0x1000 },
    { type: PartitionType.Firmware, offset: 0x10000, size: 0 },
    { type: PartitionType.Lfs0, offset: 0, size: lfsSize },
    { type: PartitionType.Spiffs0, offset: spiffsOffset, size: spiffsSize },
    { type: PartitionType.SystemParameter, offset: 0, size: SYSTEM_PARAMETER_SIZE },
  ];
}

/**
 * What the first boot makes of the shipped table: places and sizes that were left open are filled
 * in, partitions of size 0 go.
 *
 * @param flashSize bytes of the flash
 * @param firmwareSize bytes of the firmware from flash offset 0x10000 on
 * @throws LuacrossError `limit` where the device prints this text and stops
 */
export function completePartitions(
  shipped: readonly Partition[],
  flashSize: number,
  firmwareSize: number,
): Partition[] {
  const all: Partition[] = [];
  let end = 0;
  shipped.forEach((row, index) => {
    const partition = completed(row, end, flashSize, firmwareSize);
    if (partition.size === 0) return;
    if (!fits(partition, end, flashSize)) {
      throw new LuacrossError("limit", `Partition ${index} invalid alignment`);
    }
    all.push(partition);
    end = partition.offset + partition.size;
  });
  return all;
}

function completed(
  row: Partition,
  end: number,
  flashSize: number,
  firmwareSize: number,
): Partition {
  switch (row.type) {
    case PartitionType.Firmware:
      return row.size === 0 ? { ...row, size: wholeUnits(firmwareSize) } : row;
    case PartitionType.Lfs0:
      return { ...row, offset: row.offset || end, size: wholeUnits(row.size) };
    case PartitionType.Spiffs0:
      return completedSpiffs(row, end, flashSize);
    case PartitionType.SystemParameter:
      return {
        ...row,
        offset: flashSize - SYSTEM_PARAMETER_SIZE,
        size: SYSTEM_PARAMETER_SIZE,
      };
    default:
      return row;
  }
}

function completedSpiffs(row: Partition, end: number, flashSize: number): Partition {
  if (row.size === ALL_THAT_IS_LEFT) {
    // The size is counted from the previous end even when the offset was given.
    const size = (flashSize - SYSTEM_PARAMETER_SIZE - end) >>> 0;
    return { ...row, offset: row.offset || end, size };
  }
  if (row.size === 0 || row.offset >= Math.max(end, 1)) return row;
  return { ...row, offset: spiffsOffset(row.size, end, flashSize) };
}

function spiffsOffset(size: number, end: number, flashSize: number): number {
  const room = (flashSize - SYSTEM_PARAMETER_SIZE - SECOND_MEGABYTE) >>> 0;
  return size <= room ? SECOND_MEGABYTE : end;
}

/**
 * What `node.setpartitiontable` makes of a table.
 *
 * @throws LuacrossError `limit` with the device's text
 */
export function changePartitions(
  table: readonly Partition[],
  changes: PartitionChanges,
  flashSize: number,
): Partition[] {
  const all: Partition[] = [];
  let end = 0;
  for (const row of withAllRows(table)) {
    const partition = changed(row, changes, end, flashSize);
    if (partition.size === 0) continue;
    if (!fits(partition, end, flashSize)) throw new LuacrossError("limit", OUT_OF_RANGE);
    all.push(partition);
    end = partition.offset + partition.size;
  }
  return all;
}

/** The table with empty rows for LFS and file system where they are not, each after the one before. */
function withAllRows(table: readonly Partition[]): Partition[] {
  const rows: Partition[] = [];
  table.forEach((row, i) => {
    rows.push(row);
    const next = table[i + 1]?.type;
    if (row.type === PartitionType.Firmware && next !== PartitionType.Lfs0) {
      rows.push({ type: PartitionType.Lfs0, offset: row.offset + row.size, size: 0 });
    }
    if (rows.at(-1)?.type === PartitionType.Lfs0 && next !== PartitionType.Spiffs0) {
      rows.push({ type: PartitionType.Spiffs0, offset: 0, size: 0 });
    }
  });
  return rows;
}

function changed(
  row: Partition,
  changes: PartitionChanges,
  end: number,
  flashSize: number,
): Partition {
  if (row.type === PartitionType.Lfs0) {
    const { lfsOffset = row.offset, lfsSize = row.size } = changes;
    return { ...row, offset: lfsOffset, size: lfsSize };
  }
  if (row.type !== PartitionType.Spiffs0) return row;
  const { spiffsSize: size } = changes;
  if (size === undefined) return { ...row, offset: changes.spiffsOffset ?? row.offset };
  return { ...row, size, offset: changes.spiffsOffset ?? spiffsOffset(size, end, flashSize) };
}

/** In whole sectors, after the one before, within the flash. */
function fits({ offset, size }: Partition, end: number, flashSize: number): boolean {
  // The sum is one of 32 bits on the device.
  const last = (offset + size) >>> 0;
  return (
    offset % SECTOR_SIZE === 0 && size % SECTOR_SIZE === 0 && offset >= end && last <= flashSize
  );
}

function wholeUnits(size: number): number {
  return Math.ceil(size / SIZE_UNIT) * SIZE_UNIT;
}

/** The table in the flash, or undefined when there is none. */
export function readPartitions(flash: NorFlash): Partition[] | undefined {
  const words = readRecord(flash, PARTITION_TABLE_RECORD);
  if (!words) return undefined;
  const rows: Partition[] = [];
  for (let i = 0; i + WORDS_PER_ROW <= words.length; i += WORDS_PER_ROW) {
    rows.push({ type: words[i], offset: words[i + 1], size: words[i + 2] });
  }
  return rows;
}

/** Puts the table in the flash. Returns false when there is no room for it. @throws PowerCut */
export function writePartitions(flash: NorFlash, table: readonly Partition[]): boolean {
  const words = table.flatMap(({ type, offset, size }) => [type, offset, size]);
  return writeRecord(flash, PARTITION_TABLE_RECORD, words);
}

/** NodeMCU 3.0: the LFS of a table, or undefined when it has none. */
export function lfsOf(table: readonly Partition[]): LfsRegion | undefined {
  const row = table.find(({ type }) => type === PartitionType.Lfs0);
  return row && mappedRegion(row.offset, row.size);
}

/**
 * NodeMCU 2.2: the region at the end of the firmware.
 *
 * @param firmwareEnd flash offset at which the firmware without it ends
 * @param size bytes, a multiple of 4096; 0 when there is none
 */
export function lfsAfterFirmware(firmwareEnd: number, size: number): LfsRegion | undefined {
  const offset = Math.ceil(firmwareEnd / SECTOR_SIZE) * SECTOR_SIZE;
  return size === 0 ? undefined : mappedRegion(offset, size);
}

/** The older chip maps its flash in one piece. */
function mappedRegion(offset: number, size: number): LfsRegion {
  return { offset, size, mapped: FLASH_MAPPED + offset };
}

/** The newer chip maps partitions in pieces of so many bytes. */
const MAP_UNIT = 0x10000;

/**
 * The branch for the newer chip: an LFS partition where the chip maps it.
 *
 * @param offset a multiple of 65,536
 * @throws LuacrossError `limit` with the device's text when it is not
 */
export function lfsPartition(offset: number, size: number, mapped: number): LfsRegion {
  if (offset % MAP_UNIT === 0) return { offset, size, mapped };
  throw new LuacrossError(
    "limit",
    "Unable to access LFS partition - is it 64kB aligned as it needs to be?",
  );
}

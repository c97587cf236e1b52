/** Where the LFS lies: the partition table from the first boot on, and the record it is kept in. */
import { describe, expect, test } from "vitest";
import { NorFlash, PowerCut } from "../../src/device/flash.ts";
import {
  changePartitions,
  completePartitions,
  lfsAfterFirmware,
  lfsOf,
  lfsPartition,
  type Partition,
  PartitionType,
  readPartitions,
  shippedPartitions,
  writePartitions,
} from "../../src/device/partitions.ts";
import {
  PARTITION_TABLE_RECORD,
  readRecord,
  writeRecord,
} from "../../src/device/reboot-records.ts";

const FOUR_MEGABYTES = 0x400000;
const PAGE = 0x10000;

/** The rows of a table by type, as offset and size. */
function rows(table: readonly Partition[]): Record<string, [number, number]> {
  return Object.fromEntries(
    table.map(({ type, offset, size }) => [PartitionType[type], [offset, size]]),
  );
}

describe("the first boot", () => {
  test("fills in what was left open", () => {
    const table = completePartitions(shippedPartitions(0x20000), FOUR_MEGABYTES, 0x85001);
    expect(rows(table)).toEqual({
      Eaglerom: [0, 0xb000],
      RfCalibration: [0xd000, 0x1000],
      PhyData: [0xf000, 0x1000],
      Firmware: [0x10000, 0x86000],
      Lfs0: [0x96000, 0x20000],
      Spiffs0: [0xb6000, FOUR_MEGABYTES - 0x3000 - 0xb6000],
      SystemParameter: [FOUR_MEGABYTES - 0x3000, 0x3000],
    });
    expect(lfsOf(table)).toEqual({ offset: 0x96000, size: 0x20000, mapped: 0x40296000 });
  });

  test("rounds the LFS up to 8 KB, or leaves it out", () => {
    const rounded = completePartitions(shippedPartitions(0x9000), FOUR_MEGABYTES, 0x80000);
    expect(rows(rounded).Lfs0).toEqual([0x90000, 0xa000]);
    const without = completePartitions(shippedPartitions(0), FOUR_MEGABYTES, 0x80000);
    expect(rows(without).Lfs0).toBeUndefined();
    expect(lfsOf(without)).toBeUndefined();
    expect(rows(without).Spiffs0[0]).toBe(0x90000);
  });

  test.each([
    ["at the second megabyte if it fits", 0x80000, 0, [0x100000, 0x80000]],
    ["behind the LFS if not", 0x2ff000, 0, [0xa0000, 0x2ff000]],
    ["where it is told", 0x80000, 0x200000, [0x200000, 0x80000]],
    ["not where something else is", 0x80000, 0x20000, [0x100000, 0x80000]],
    ["nowhere without a size", 0, 0, undefined],
  ])("puts the file system %s", (_, size, offset, expected) => {
    const shipped = shippedPartitions(0x10000, size, offset);
    expect(rows(completePartitions(shipped, FOUR_MEGABYTES, 0x80000)).Spiffs0).toEqual(expected);
  });

  test.each([
    ["an unaligned size", shippedPartitions(0x10000, 0x80100), FOUR_MEGABYTES],
    ["more than there is", shippedPartitions(0x10000, 0x3ff000), FOUR_MEGABYTES],
    ["a file system for a chip without a second megabyte", shippedPartitions(0, 0x10000), 0x100000],
  ])("stops at %s", (_, shipped, flashSize) => {
    expect(() => completePartitions(shipped, flashSize, 0x80000)).toThrow(
      "Partition 5 invalid alignment",
    );
  });
});

describe("a program", () => {
  const table = completePartitions(shippedPartitions(0x10000), FOUR_MEGABYTES, 0x80000);
  const change = (changes: Parameters<typeof changePartitions>[1], from = table) =>
    rows(changePartitions(from, changes, FOUR_MEGABYTES));

  test("changes nothing with nothing", () => {
    expect(change({})).toEqual(rows(table));
  });

  test("changes sizes, in 4 KB", () => {
    const changed = change({ lfsSize: 0x9000, spiffsSize: 0x80000 });
    expect(changed.Lfs0).toEqual([0x90000, 0x9000]);
    expect(changed.Spiffs0).toEqual([0x100000, 0x80000]);
  });

  test("removes the LFS, and brings it back behind the firmware", () => {
    const without = changePartitions(table, { lfsSize: 0 }, FOUR_MEGABYTES);
    expect(rows(without).Lfs0).toBeUndefined();
    expect(rows(without).Spiffs0).toEqual(rows(table).Spiffs0);
    expect(change({ lfsSize: 0x10000 }, without)).toEqual(rows(table));
  });

  test("brings the file system back", () => {
    const without = changePartitions(table, { spiffsSize: 0 }, FOUR_MEGABYTES);
    expect(rows(without).Spiffs0).toBeUndefined();
    expect(change({ spiffsSize: 0x20000 }, without).Spiffs0).toEqual([0x100000, 0x20000]);
    expect(change({}, without)).toEqual(rows(without));
  });

  test.each([
    [{ lfsSize: 0x9001 }],
    [{ lfsSize: 0x20000 }],
    [{ lfsOffset: 0x80000 }],
    [{ spiffsOffset: 0x90000 }],
    [{ spiffsSize: 0x400000 }],
  ])("is told when a value is out of range: %o", (changes) => {
    expect(() => change(changes)).toThrow("Partition value out of range");
  });
});

describe("other generations", () => {
  test("put the region behind the firmware", () => {
    const region = { offset: 0x76000, size: 0x10000, mapped: 0x40276000 };
    expect(lfsAfterFirmware(0x75001, 0x10000)).toEqual(region);
    expect(lfsAfterFirmware(0x75001, 0)).toBeUndefined();
  });

  test("want a partition at 64 KB", () => {
    const region = { offset: 0x310000, size: 0x10000, mapped: 0x3f430000 };
    expect(lfsPartition(0x310000, 0x10000, 0x3f430000)).toEqual(region);
    expect(() => lfsPartition(0x311000, 0x10000, 0x3f430000)).toThrow("is it 64kB aligned");
  });
});

describe("the record page", () => {
  const newFlash = () => new NorFlash(0x20000);

  test("is empty at first", () => {
    expect(readPartitions(newFlash())).toBeUndefined();
  });

  test("keeps the table as the firmware does", () => {
    const flash = newFlash();
    const table = completePartitions(shippedPartitions(0x10000), FOUR_MEGABYTES, 0x80000);
    expect(writePartitions(flash, table)).toBe(true);
    expect(readPartitions(flash)).toEqual(table);
    const words = [21 | (1 << 8), PartitionType.Eaglerom, 0, 0xb000, PartitionType.RfCalibration];
    expect(words.map((_, i) => flash.word(PAGE + 4 * i))).toEqual(words);
    expect(flash.word(PAGE + 4 * 22)).toBe(0xffffffff);
  });

  test("deletes in place and appends, and writes nothing for the same again", () => {
    const flash = newFlash();
    writeRecord(flash, 1, [7, 8]);
    writeRecord(flash, 2, []);
    writeRecord(flash, 1, [9]);
    const { operations } = flash;
    expect(writeRecord(flash, 1, [9])).toBe(true);
    expect(flash.operations).toBe(operations);
    const page = Array.from({ length: 7 }, (_, i) => flash.word(PAGE + 4 * i));
    expect(page).toEqual([0x002, 7, 8, 0x200, 0x101, 9, 0xffffffff]);
    expect(readRecord(flash, 1)).toEqual([9]);
    expect(readRecord(flash, 2)).toEqual([]);
    expect(flash.eraseCounts[PAGE / 0x1000]).toBe(0);
  });

  test("is erased when it is full, and keeps the other records", () => {
    const flash = newFlash();
    writeRecord(flash, 2, [42]);
    // 2 + 17 × 60 words leave two, one of which must stay free: no room for 60 more.
    for (let i = 0; i < 17; i++) writeRecord(flash, 1, new Array<number>(59).fill(i));
    expect(flash.eraseCounts[PAGE / 0x1000]).toBe(0);
    expect(writeRecord(flash, 1, [1, 2])).toBe(true);
    expect(flash.eraseCounts[PAGE / 0x1000]).toBe(1);
    expect([1, 2].map((id) => readRecord(flash, id))).toEqual([[1, 2], [42]]);
    expect(flash.word(PAGE + 4 * 5)).toBe(0xffffffff);
  });

  test("takes no more than 64 words", () => {
    const flash = newFlash();
    expect(writeRecord(flash, 3, new Array<number>(65).fill(0))).toBe(false);
    expect(flash.operations).toBe(0);
  });

  test("reads old or new after a power cut", () => {
    const old = [1, 2, 3];
    const found = new Set<string>();
    for (let cut = 0; cut < 6; cut++) {
      const flash = newFlash();
      writeRecord(flash, PARTITION_TABLE_RECORD, old);
      flash.cutPowerAfter(cut);
      const write = () => writeRecord(flash, PARTITION_TABLE_RECORD, [4, 5, 6]);
      if (cut < 5) expect(write).toThrow(PowerCut);
      else write();
      found.add(`${readRecord(flash, PARTITION_TABLE_RECORD)}`);
    }
    expect([...found]).toEqual(["1,2,3", "4,5,6"]);
  });
});

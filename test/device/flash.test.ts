/** NOR flash: what erasing and programming do, and what a power cut leaves. */
import { describe, expect, test } from "vitest";
import { type FlashOperation, NorFlash, PowerCut, SECTOR_SIZE } from "../../src/device/flash.ts";
import { expectSame } from "./support.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("a chip", () => {
  test("begins with ones, and programming only clears bits", () => {
    const flash = new NorFlash(SECTOR_SIZE);
    expect(flash.word(0)).toBe(0xffffffff);
    flash.program(4, bytes(0xf0, 1, 2, 3));
    flash.program(4, bytes(0x3c, 0xff, 0xff, 0xfe));
    expect(flash.read(4, 4)).toEqual(bytes(0x30, 1, 2, 2));
    expect(flash.word(4)).toBe(0x02020130);
    expect(flash.word(8)).toBe(0xffffffff);
  });

  test("erases one sector and counts it", () => {
    const flash = new NorFlash(3 * SECTOR_SIZE);
    for (let sector = 0; sector < 3; sector++)
      flash.program(sector * SECTOR_SIZE, bytes(0, 0, 0, 0));
    flash.erase(1);
    flash.erase(1);
    expect([0, 1, 2].map((sector) => flash.word(sector * SECTOR_SIZE))).toEqual([0, 0xffffffff, 0]);
    expect([...flash.eraseCounts]).toEqual([0, 2, 0]);
    expect(flash.operations).toBe(5);
  });

  test("does not share memory with what was read or given", () => {
    const flash = new NorFlash(SECTOR_SIZE);
    const data = bytes(1, 2, 3, 4);
    flash.program(0, data);
    data.fill(0);
    flash.read(0, 4).fill(0);
    const copy = flash.clone();
    copy.erase(0);
    expect(flash.read(0, 4)).toEqual(bytes(1, 2, 3, 4));
    expect(copy.word(0)).toBe(0xffffffff);
    expect(flash.eraseCounts[0]).toBe(0);
  });

  test("programs data that lies unaligned in memory", () => {
    const flash = new NorFlash(SECTOR_SIZE);
    flash.program(8, bytes(9, 1, 2, 3, 4).subarray(1));
    expect(flash.read(8, 4)).toEqual(bytes(1, 2, 3, 4));
  });

  test.each([
    ["no size", () => new NorFlash(0)],
    ["part of a sector", () => new NorFlash(SECTOR_SIZE + 4)],
    ["no number", () => new NorFlash(Number.NaN)],
    ["an erase outside", () => new NorFlash(SECTOR_SIZE).erase(1)],
    ["an erase of no sector", () => new NorFlash(SECTOR_SIZE).erase(0.5)],
    ["a read across the end", () => new NorFlash(SECTOR_SIZE).read(SECTOR_SIZE - 3, 4)],
    ["a read before the start", () => new NorFlash(SECTOR_SIZE).read(-1, 1)],
    ["half a word", () => new NorFlash(SECTOR_SIZE).program(0, bytes(1, 2))],
    ["an unaligned word", () => new NorFlash(SECTOR_SIZE).program(2, bytes(1, 2, 3, 4))],
    [
      "programming outside",
      () => new NorFlash(SECTOR_SIZE).program(SECTOR_SIZE, bytes(0, 0, 0, 0)),
    ],
    ["flashing in a sector", () => new NorFlash(SECTOR_SIZE).flashFromOutside(4, bytes(1))],
  ])("refuses %s", (_, act) => {
    expect(act).toThrow(RangeError);
  });

  test("is flashed from outside, with what was there before gone", () => {
    const flash = new NorFlash(3 * SECTOR_SIZE);
    flash.program(2 * SECTOR_SIZE - 4, bytes(0, 0, 0, 0));
    flash.flashFromOutside(SECTOR_SIZE, bytes(1, 2, 3, 4, 5));
    expect(flash.read(SECTOR_SIZE, 9)).toEqual(bytes(1, 2, 3, 4, 5, 0xff, 0xff, 0xff, 0xff));
    expect(flash.word(2 * SECTOR_SIZE - 4)).toBe(0xffffffff);
    expect([...flash.eraseCounts]).toEqual([0, 1, 0]);
  });
});

describe("a power cut", () => {
  test("comes between two words, and what was done stays", () => {
    const flash = new NorFlash(SECTOR_SIZE);
    flash.program(0, bytes(7, 7, 7, 7));
    flash.cutPowerAfter(1);
    expect(() => flash.program(4, bytes(1, 1, 1, 1, 2, 2, 2, 2))).toThrow(PowerCut);
    expect(flash.word(4)).toBe(0x01010101);
    expect(flash.word(8)).toBe(0xffffffff);
    expect(() => flash.erase(0)).toThrow(PowerCut);
    expect(flash.word(0)).toBe(0x07070707);
    expect(flash.operations).toBe(2);
    flash.restorePower();
    flash.erase(0);
    expect(flash.word(0)).toBe(0xffffffff);
  });

  test("can come before anything", () => {
    const flash = new NorFlash(SECTOR_SIZE);
    flash.cutPowerAfter(0);
    expect(() => flash.erase(0)).toThrow("after 0 flash operations");
    expect(flash.eraseCounts[0]).toBe(0);
  });
});

test("what is heard of one chip can be repeated on another", () => {
  const flash = new NorFlash(2 * SECTOR_SIZE);
  const heard: FlashOperation[] = [];
  flash.listen((operation) => heard.push(operation));
  flash.erase(1);
  flash.program(SECTOR_SIZE, bytes(1, 2, 3, 0x84, 5, 6, 7, 8));
  flash.listen(undefined);
  flash.program(0, bytes(0, 0, 0, 0));
  expect(heard).toEqual([
    { kind: "erase", sector: 1 },
    { kind: "program", offset: SECTOR_SIZE, word: 0x84030201 },
    { kind: "program", offset: SECTOR_SIZE + 4, word: 0x08070605 },
  ]);
  const other = new NorFlash(2 * SECTOR_SIZE);
  for (const operation of heard) other.repeat(operation);
  expectSame(other.read(SECTOR_SIZE, SECTOR_SIZE), flash.read(SECTOR_SIZE, SECTOR_SIZE));
  expect(other.word(0)).toBe(0xffffffff);
});

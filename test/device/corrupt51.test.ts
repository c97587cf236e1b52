/**
 * Damaged images. What the device does to each was recorded from NodeMCU 3.0's own loader over a
 * simulated flash, for `esp8266-lua51-*`; the other generations differ in nothing that is met here.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { reload } from "../../src/device/loader51.ts";
import { damage, extremeHeaders, pack } from "./damage.ts";
import {
  compactOf,
  deviceFor,
  expectSame,
  flashOf,
  madeUpFile,
  madeUpPayload,
  payloadOf,
  storedFile,
  TARGET_22,
  TARGET_30,
  TARGET_DEV,
} from "./support.ts";

interface Answers {
  /** What the device says, by letter, and whether the next boot loads what it wrote. */
  readonly legend: Readonly<Record<string, string>>;
  /** By target and kind of damage: a letter for each file. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const file = new URL("corrupt51.answers.json", import.meta.url);
const { legend, answers }: Answers = JSON.parse(readFileSync(file, "utf8"));

/** What the simulated device makes of a file, in the words of the legend. */
function verdict(target: string, bytes: Uint8Array): string {
  const device = deviceFor(target);
  const { end, message, boot, lfs } = reload(device, { bytes });
  if (end === "returned") expect([lfs, device.flash.operations]).toEqual(["kept", 0]);
  if (end === "stuck") return "stuck";
  const found = boot.state === "loaded" ? " loaded" : " not loaded";
  return end === "returned" ? `${message}` : message + found;
}

function expected(letters: string): string[] {
  return [...letters].map((letter) => legend[letter]);
}

describe.each(Object.keys(answers))("%s", (target) => {
  const files = {
    ...damage(compactOf(target)),
    "extreme headers": extremeHeaders(payloadOf(target)),
  };

  test("has an answer for every kind of damage", () => {
    expect(Object.keys(answers[target])).toEqual(Object.keys(files));
  });

  test.each(Object.entries(files))("%s", (kind, damaged) => {
    expect(damaged.map((bytes) => verdict(target, bytes))).toEqual(expected(answers[target][kind]));
  });
});

test("a second pass that inflates anew finds what the first one found", () => {
  const damaged = Object.values(damage(compactOf(TARGET_30))).flat();
  for (const bytes of [...damaged, ...extremeHeaders(payloadOf(TARGET_30))]) {
    const [kept, anew] = [deviceFor(TARGET_30), deviceFor(TARGET_30)];
    const result = reload(kept, { bytes });
    // A file of its own for the second pass, so that nothing is remembered of the first.
    expect(reload(anew, { bytes, secondBytes: bytes })).toEqual(result);
    expectSame(flashOf(anew), flashOf(kept));
  }
});

describe("the other generations say the same", () => {
  test.each([TARGET_DEV])("%s", (target) => {
    const damaged = damage(compactOf(target))["every byte inverted"];
    const thirty = damaged.map((bytes) => verdict(TARGET_30, bytes));
    expect(damaged.map((bytes) => verdict(target, bytes))).toEqual(thirty);
  });

  test(TARGET_22, () => {
    for (const damaged of Object.values(damage(compactOf(TARGET_22)))) {
      for (const bytes of damaged) expect(verdict(TARGET_22, bytes)).toMatch(/[a-z]/);
    }
  });
});

/** A gzip file of these deflate bytes and trailer. */
function gzip(deflate: readonly number[], crc: number, length: number): Uint8Array {
  const trailer = [crc, length].flatMap((word) => [0, 8, 16, 24].map((by) => (word >>> by) & 255));
  return Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...deflate, ...trailer]);
}

describe("memory and time are bounded", () => {
  test("for bombs that say how long they are", () => {
    const bomb = pack(new Uint8Array(200_000_000));
    expect(verdict(TARGET_30, bomb)).toBe("Incorrect LFS header version");
    const payload = new Uint8Array(100_000_000);
    payload.set(madeUpPayload(TARGET_30, 1000));
    expect(verdict(TARGET_30, pack(payload))).toBe("LFS length mismatch");
  });

  test("for a bomb behind a good image, which the device does not survive", () => {
    const payload = madeUpPayload(TARGET_30, 4096);
    const bomb = new Uint8Array(50_000_000);
    bomb.set(payload);
    const bytes = pack(bomb);
    new DataView(bytes.buffer).setUint32(bytes.length - 4, payload.length, true);
    const result = reload(deviceFor(TARGET_30), { bytes });
    expect(result).toMatchObject({ end: "stuck", message: undefined, lfs: "kept" });
    expect(result.hazards).toEqual(["the loader writes beyond its memory for the bitmap"]);
    expect(result.peakMemory).toBeLessThan(30_000);
  });

  test("for a file name without an end", () => {
    const bytes = new Uint8Array(5000).fill(1);
    bytes.set([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
    expect(reload(deviceFor(TARGET_30), { bytes })).toMatchObject({ end: "stuck", lfs: "kept" });
  });

  test("for hundreds of thousands of empty blocks", () => {
    const blocks = new Array<number>(2_000_000).fill(0).map((_, i) => (i % 5 === 3 ? 0xff : 0));
    expect(verdict(TARGET_30, gzip(blocks, 0, 5000))).toMatch(/error|stuck/);
  });

  test("for memory that no device has", () => {
    const payload = madeUpPayload(TARGET_30, 4096);
    new DataView(payload.buffer).setUint32(4, 0, true);
    const bytes = pack(payload);
    new DataView(bytes.buffer).setUint32(bytes.length - 4, 0x20000000, true);
    expect(verdict(TARGET_30, bytes)).toBe("Memory allocation error");
  });
});

describe("what the device accepts although it should not", () => {
  test("an image in optional gzip fields, in blocks of every kind", () => {
    const good = compactOf(TARGET_30);
    const named = Uint8Array.from([...good.subarray(0, 10), 65, 66, 0, ...good.subarray(10)]);
    named[3] = 8;
    expect(verdict(TARGET_30, named)).toMatch(/Restarting. loaded/);
    expect(verdict(TARGET_30, storedFile(payloadOf(TARGET_30), 100))).toMatch(/Restarting. loaded/);
  });

  test("an extra field of size 0 swallows what follows up to a zero", () => {
    const good = compactOf(TARGET_30);
    const extra = (fields: readonly number[]) => {
      const bytes = Uint8Array.from([...good.subarray(0, 10), ...fields, ...good.subarray(10)]);
      bytes[3] = 4;
      return bytes;
    };
    expect(verdict(TARGET_30, extra([2, 0, 7, 7]))).toMatch(/Restarting. loaded/);
    expect(verdict(TARGET_30, extra([0, 0]))).not.toMatch(/Restarting/);
    expect(verdict(TARGET_30, extra([0, 0, 7, 7, 0]))).toMatch(/Restarting. loaded/);
  });

  test("a short file with CRC 0: nothing is checked, and one sector is gone", () => {
    const device = deviceFor(TARGET_30);
    device.flash.flashFromOutside(0, new Uint8Array(0x2000).fill(0x5a));
    const stored = [1, 0, 1, 0xff, 0xfe, ...new Array<number>(256).fill(9)];
    const result = reload(device, { bytes: gzip(stored, 0, 5000) });
    expect(result).toMatchObject({ end: "restarted", lfs: "unfinished", loaded: false });
    expect(result.boot.state).toBe("empty");
    expect(device.flash.word(0x1000)).toBe(0x5a5a5a5a);
  });

  test("a payload of up to three bytes more", () => {
    const payload = madeUpPayload(TARGET_30, 4096);
    const longer = new Uint8Array(payload.length + 3);
    longer.set(payload);
    const result = reload(deviceFor(TARGET_30), { bytes: pack(longer) });
    expect(result.loaded).toBe(true);
    expect(result.hazards).toHaveLength(1);
    expect(reload(deviceFor(TARGET_30), { bytes: madeUpFile(TARGET_30, 4096) }).hazards).toEqual(
      [],
    );
  });
});

/** What the tests of the simulated device have in common. */
import { gunzipSync } from "node:zlib";
import { bareDevice, type LfsDevice, lfsFirmware } from "../../src/device/device.ts";
import { crc32 } from "../../src/image/crc32.ts";
import { findTarget } from "../../src/target/targets.ts";
import { pack } from "./damage.ts";
import { PAIR_ADDRESS, PAIRS } from "./fixtures.ts";

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export const REGION_SIZE = 0x2000;

/** A device of the target, with its LFS where the absolute images of the fixtures belong. */
export function deviceFor(target: string, size = REGION_SIZE, mapped = PAIR_ADDRESS): LfsDevice {
  return bareDevice(lfsFirmware(findTarget(target)), size, mapped);
}

export const TARGET_30 = "esp8266-lua51-float";
export const TARGET_22 = "esp8266-2.2-float";
export const TARGET_DEV = "esp32-lua51-float";

export function compactOf(target: string): Uint8Array {
  return fromHex(pairOf(target).compact);
}

export function absoluteOf(target: string): Uint8Array {
  return fromHex(pairOf(target).absolute);
}

export function payloadOf(target: string): Uint8Array {
  return new Uint8Array(gunzipSync(compactOf(target)));
}

function pairOf(target: string) {
  const pair = PAIRS.find((candidate) => candidate.target === target);
  if (!pair) throw new Error(`no fixture for ${target}`);
  return pair;
}

/**
 * Compares byte by byte; faster than the runner's own comparison of large arrays.
 *
 * @throws Error when the two differ
 */
export function expectSame(actual: Uint8Array, expected: Uint8Array): void {
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  if (at >= 0) throw new Error(`at ${at}: ${actual[at]} instead of ${expected[at]}`);
  if (actual.length !== expected.length) {
    throw new Error(`${actual.length} bytes instead of ${expected.length}`);
  }
}

/** The payload in a gzip file of stored blocks, each of `piece` bytes but the last. */
export function storedFile(payload: Uint8Array, piece: number): Uint8Array {
  const parts = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
  for (let at = 0; at < payload.length; at += piece) {
    const part = payload.subarray(at, at + piece);
    const final = at + piece >= payload.length ? 1 : 0;
    const size = part.length;
    parts.push(final, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255, ...part);
  }
  for (const word of [crc32(payload), payload.length]) {
    parts.push(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24);
  }
  return Uint8Array.from(parts);
}

/** The whole content of the device's flash. */
export function flashOf({ flash }: LfsDevice): Uint8Array {
  return flash.read(0, flash.size);
}

/**
 * A file with a made-up image of any size for the target: a header with main at `main`, then a
 * pattern of bytes, every 32nd word a ref.
 */
export function madeUpFile(target: string, size: number, main = size - 72): Uint8Array {
  return pack(madeUpPayload(target, size, main));
}

export function madeUpPayload(target: string, size: number, main = size - 72): Uint8Array {
  const words = Math.ceil(size / 4);
  const payload = new Uint8Array(size + 4 * Math.ceil(words / 32));
  const view = new DataView(payload.buffer);
  let state = size;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    payload[at] = state >>> 24;
  }
  const { signature } = lfsFirmware(findTarget(target));
  [signature, size, main / 4, 8, 5, 8, 0, 0].forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  for (let at = size; at < payload.length; at += 4) view.setUint32(at, 1 << 31, true);
  view.setUint32(size, 0x0c, true);
  return payload;
}

/**
 * Ways to damage an image file, the same every time: the answers in `corrupt51.answers.json` were
 * recorded for exactly these files.
 */
import { gzipSync } from "node:zlib";

/** Damaged copies of a file by the kind of damage. */
export function damage(file: Uint8Array): Readonly<Record<string, readonly Uint8Array[]>> {
  const offsets = Array.from(file, (_, i) => i);
  return {
    "every byte inverted": offsets.map((at) => changed(file, at, 0xff)),
    "a bit of every byte flipped": offsets.map((at) => changed(file, at, 1 << ((at * 5) % 8))),
    "another bit of every byte flipped": offsets.map((at) =>
      changed(file, at, 1 << ((at * 3 + 2) % 8)),
    ),
    truncated: offsets.slice(150).map((size) => file.slice(0, size)),
    extended: offsets.slice(0, 80).map((at) => extended(file, (at % 12) + 1, at * 37)),
    "another length": LENGTHS.map((length) => withLastWord(file, length)),
  };
}

const LENGTHS = [
  0, 1, 3, 7, 8, 31, 32, 883, 884, 911, 912, 913, 914, 915, 916, 2047, 2048, 2049, 8192, 65535,
  0x20000000, 0x7fffffff, 0x80000000, 0xffffffff,
];

/** The payload with words of the header set to extremes, packed anew. */
export function extremeHeaders(payload: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const files: Uint8Array[] = [];
  for (let word = 0; word < 6; word++) {
    const value = view.getUint32(word * 4, true);
    for (const extreme of [0, 1, 3, 4, 0x7fffffff, 0x80000000, 0xffffffff]) {
      files.push(withWord(payload, word, extreme));
    }
    for (const step of [-4, -1, 1, 4, 128, 0x1000]) {
      files.push(withWord(payload, word, (value + step) >>> 0));
    }
    for (let bit = 0; bit < 32; bit += 1) {
      files.push(withWord(payload, word, (value ^ (1 << bit)) >>> 0));
    }
  }
  return files;
}

function changed(file: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = file.slice();
  copy[at] ^= mask;
  return copy;
}

function extended(file: Uint8Array, count: number, seed: number): Uint8Array {
  const longer = new Uint8Array(file.length + count);
  longer.set(file);
  for (let i = 0; i < count; i++) longer[file.length + i] = (seed * (i + 1)) & 0xff;
  return longer;
}

function withLastWord(file: Uint8Array, word: number): Uint8Array {
  const copy = file.slice();
  new DataView(copy.buffer).setUint32(copy.length - 4, word, true);
  return copy;
}

function withWord(payload: Uint8Array, index: number, value: number): Uint8Array {
  const copy = payload.slice();
  new DataView(copy.buffer).setUint32(index * 4, value, true);
  return pack(copy);
}

/** A file a device takes: it looks back no further than the device can, never at byte 0. */
export function pack(payload: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(payload, { windowBits: 14 }));
}

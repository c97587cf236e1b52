/** The CRC-32 of gzip (RFC 1952 §8), four bytes at a time. */

/** The polynomial, its bits in reverse. */
const POLYNOMIAL = 0xedb88320;
const TABLES = makeTables();

/**
 * @param crc of what came before, to go on from there
 * @returns an unsigned 32-bit integer
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const { length } = bytes;
  const whole = length - (length % 4);
  let rest = ~crc;
  let at = 0;
  for (; at < whole; at += 4) {
    rest ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    rest =
      TABLES[768 + (rest & 255)] ^
      TABLES[512 + ((rest >>> 8) & 255)] ^
      TABLES[256 + ((rest >>> 16) & 255)] ^
      TABLES[rest >>> 24];
  }
  for (; at < length; at++) rest = (rest >>> 8) ^ TABLES[(rest ^ bytes[at]) & 255];
  return ~rest >>> 0;
}

/** Table n, 256 entries each, tells what a byte does that has n bytes after it. */
function makeTables(): Int32Array {
  const tables = new Int32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? POLYNOMIAL : 0);
    tables[byte] = rest;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256];
    tables[i] = (before >>> 8) ^ tables[before & 255];
  }
  return tables;
}

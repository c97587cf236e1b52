/**
 * The lengths and distances of deflate (RFC 1951 §3.2.5): which symbol stands for which range, and
 * how many extra bits tell the place in it. Shared by those who pack and unpack.
 */

export const END_OF_BLOCK = 256;
/** Symbol of the shortest match. */
export const FIRST_LENGTH = 257;
export const MIN_MATCH = 3;
export const MAX_MATCH = 258;

/** Extra bits of each length symbol, from {@link FIRST_LENGTH} on. */
export const LENGTH_EXTRA = Uint8Array.from({ length: 29 }, (_, i) =>
  i < 8 || i === 28 ? 0 : (i >> 2) - 1,
);
/** Extra bits of each distance symbol. */
export const DISTANCE_EXTRA = Uint8Array.from({ length: 30 }, (_, i) => (i < 4 ? 0 : (i >> 1) - 1));

/** The least length of each length symbol; the last one stands for 258 alone. */
export const LENGTH_BASE = bases(LENGTH_EXTRA, MIN_MATCH);
LENGTH_BASE[28] = MAX_MATCH;
/** The least distance of each distance symbol. */
export const DISTANCE_BASE = bases(DISTANCE_EXTRA, 1);

function bases(extra: Uint8Array, first: number): Uint16Array {
  const all = new Uint16Array(extra.length);
  let base = first;
  for (let i = 0; i < extra.length; i++) {
    all[i] = base;
    base += 1 << extra[i];
  }
  return all;
}

/** The `count` lowest bits in reverse: Huffman codes are packed with their highest bit first. */
export function reversed(code: number, count: number): number {
  let result = 0;
  for (let i = 0; i < count; i++) result |= ((code >> i) & 1) << (count - 1 - i);
  return result;
}

/** Huffman codes of deflate (RFC 1951 §3.2.2): decoding a code that is given by its lengths. */

export const MAX_CODE_LENGTH = 15;
/** Order in which the lengths of the code for code lengths come. */
export const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical code. */
export interface HuffmanCode {
  /** By length: how many symbols have a code of that length; 0 for length 0. */
  readonly counts: Uint16Array;
  /** All symbols that have a code, the one with the lowest code first. */
  readonly symbols: Uint16Array;
}

/** @param lengths by symbol: bits of its code, 0 when it has none */
export function huffmanCode(lengths: Uint8Array): HuffmanCode {
  const counts = new Uint16Array(MAX_CODE_LENGTH + 1);
  for (const length of lengths) if (length > 0) counts[length]++;
  const starts = new Uint16Array(MAX_CODE_LENGTH + 2);
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    starts[length + 1] = starts[length] + counts[length];
  }
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length > 0) symbols[starts[length]++] = symbol;
  }
  return { counts, symbols };
}

/** True when no two codes begin alike; there may be bits that are no code. */
export function isPrefixFree({ counts }: HuffmanCode): boolean {
  let left = 1;
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    left = left * 2 - counts[length];
    if (left < 0) return false;
  }
  return true;
}

/** The fixed code of literals and lengths. */
export function fixedLiteralCode(): HuffmanCode {
  const lengths = new Uint8Array(288).fill(8);
  lengths.fill(9, 144, 256);
  lengths.fill(7, 256, 280);
  return huffmanCode(lengths);
}

/** The fixed code of distances. */
export function fixedDistanceCode(): HuffmanCode {
  return huffmanCode(new Uint8Array(32).fill(5));
}

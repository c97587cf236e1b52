/**
 * Writes deflate's tokens with the fixed Huffman codes (RFC 1951 §3.2.6).
 *
 *     block    = 1 (1 bit) 1 (2 bits) token* end       the last block, of the fixed kind
 *     token    = literal | length distance
 *     literal  = code of 8 or 9 bits
 *     length   = code of 7 or 8 bits, 0–5 extra bits
 *     distance = code of 5 bits, 0–13 extra bits
 *     end      = 7 zero bits
 *
 * Bits fill bytes from the lowest on.
 */
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASE,
  LENGTH_EXTRA,
  MAX_MATCH,
  reversed,
} from "./deflate-codes.ts";

/** Entries of the tables below hold a number of bits in their lowest byte, the bits above it. */
const COUNT_BITS = 8;

const LITERALS = Uint32Array.from({ length: 256 }, (_, byte) => fixedCode(byte));
const LENGTHS = Uint32Array.from({ length: MAX_MATCH + 1 }, (_, length) => lengthCode(length));
const DISTANCE_CODES = Uint8Array.from({ length: 30 }, (_, symbol) => reversed(symbol, 5));

export class FixedBlockWriter {
  private readonly bytes: Uint8Array;
  private end: number;
  private bits = 0;
  private count = 0;

  /** @param bytes written from `start` on; room for 9 bits per byte of input, and 2 bytes */
  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.end = start;
    this.put(0b011, 3);
  }

  literal(byte: number): void {
    const entry = LITERALS[byte];
    this.put(entry >>> COUNT_BITS, entry & 255);
  }

  /** @param distance 1–32,768; @param length 3–258 */
  match(distance: number, length: number): void {
    const entry = LENGTHS[length];
    this.put(entry >>> COUNT_BITS, entry & 255);
    const symbol = distanceSymbol(distance);
    const rest = distance - DISTANCE_BASE[symbol];
    this.put(DISTANCE_CODES[symbol] | (rest << 5), 5 + DISTANCE_EXTRA[symbol]);
  }

  /** Ends the block. @returns where its bytes end */
  finish(): number {
    this.put(0, 7);
    if (this.count > 0) this.put(0, 8 - this.count);
    return this.end;
  }

  /** @param count at most 18: up to 7 bits wait already */
  private put(bits: number, count: number): void {
    this.bits |= bits << this.count;
    this.count += count;
    while (this.count >= 8) {
      this.bytes[this.end++] = this.bits;
      this.bits >>>= 8;
      this.count -= 8;
    }
  }
}

/** The symbol that a distance is written with. */
export function distanceSymbol(distance: number): number {
  const rest = distance - 1;
  if (rest < 2) return rest;
  const log = 31 - Math.clz32(rest);
  return 2 * log + ((rest >> (log - 1)) & 1);
}

function lengthCode(length: number): number {
  let symbol = LENGTH_BASE.length - 1;
  while (symbol > 0 && LENGTH_BASE[symbol] > length) symbol--;
  const entry = fixedCode(FIRST_LENGTH + symbol);
  const count = entry & 255;
  const rest = Math.max(length - LENGTH_BASE[symbol], 0);
  const bits = (entry >>> COUNT_BITS) | (rest << count);
  return (bits << COUNT_BITS) | (count + LENGTH_EXTRA[symbol]);
}

/** The code of a literal or length symbol, as a table's entry. */
function fixedCode(symbol: number): number {
  const [code, count] = fixedCodeParts(symbol);
  return (reversed(code, count) << COUNT_BITS) | count;
}

function fixedCodeParts(symbol: number): readonly [code: number, count: number] {
  if (symbol < 144) return [0x30 + symbol, 8];
  if (symbol < END_OF_BLOCK) return [0x190 + symbol - 144, 9];
  if (symbol < 280) return [symbol - END_OF_BLOCK, 7];
  return [0xc0 + symbol - 280, 8];
}

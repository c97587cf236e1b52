/**
 * Unpacks compact images: gzip files (RFC 1952, 1951) of limited size. What the device refuses but
 * gzip allows is unpacked all the same, and noted; see lfs51.md §8.
 *
 *     file    = 1f 8b 08 flags 6 bytes [ extra ] [ name 00 ] [ comment 00 ] [ crc of header ]
 *               block* crc length
 *     block   = last(1 bit) kind(2 bits) content
 *     content = kind 0: align length ~length byte* | kind 1: symbols | kind 2: codes symbols
 *     codes   = literals-257(5) distances-1(5) lengths-4(4) length(3)* run-length coded lengths
 *
 * Everything is checked, and nothing is unpacked beyond the length that stands at the file's end.
 */
import type { ErrorCode } from "../base/errors.ts";
import { crc32 } from "./crc32.ts";
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASE,
  LENGTH_EXTRA,
} from "./deflate-codes.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import {
  fixedDistanceCode,
  fixedLiteralCode,
  type HuffmanCode,
  huffmanCode,
  isPrefixFree,
  LENGTH_ORDER,
  MAX_CODE_LENGTH,
} from "./huffman.ts";

const HEADER_SIZE = 10;
const TRAILER_SIZE = 8;
/** Flags of the gzip header. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

/** The device looks back no further, and not at the very first byte. */
const DEVICE_WINDOW = 16_384;

/** A copy that the device's inflater refuses, and with it the whole image. */
export interface RefusedCopy {
  /** Bytes that were unpacked before. */
  readonly position: number;
  /** How far back the copy begins. */
  readonly distance: number;
}

export interface Inflated {
  readonly payload: Uint8Array;
  /** The first copy that a device refuses; undefined when it takes all. */
  readonly refusedCopy: RefusedCopy | undefined;
}

/**
 * @param maxSize bytes that may be unpacked
 * @throws {ImageError} with the offset in the file at which it is damaged
 */
export function inflate(file: Uint8Array, maxSize: number): Inflated {
  const inflater = new Inflater(file, maxSize);
  inflater.readHeader();
  while (!inflater.readBlock());
  inflater.readTrailer();
  return inflater;
}

class Inflater implements Inflated {
  readonly payload: Uint8Array;
  refusedCopy: RefusedCopy | undefined;
  private readonly file: Uint8Array;
  /** Of the next byte in the file. */
  private at = 0;
  /** Bits that were read and not used yet. */
  private bits = 0;
  private bitCount = 0;
  private end = 0;
  private field = "gzip header";

  constructor(file: Uint8Array, maxSize: number) {
    this.file = file;
    if (file.length < HEADER_SIZE + TRAILER_SIZE) {
      this.refuse("chunk-truncated", "the file ends too early", file.length);
    }
    const size = this.word(file.length - 4);
    if (size > maxSize) {
      this.field = "unpacked length";
      const reason = `${size} bytes are over the limit of ${maxSize}; the file may be cut off`;
      this.refuse(DAMAGED, reason, file.length - 4);
    }
    this.payload = new Uint8Array(size);
  }

  readHeader(): void {
    const { file } = this;
    const flags = file[3];
    if (file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8 || (flags & RESERVED) !== 0) {
      this.refuse("chunk-header", "this is no gzip file", 0);
    }
    this.at = HEADER_SIZE;
    if (flags & EXTRA) this.skip(this.byte() | (this.byte() << 8));
    if (flags & NAME) while (this.byte() !== 0);
    if (flags & COMMENT) while (this.byte() !== 0);
    if (flags & HEADER_CRC) this.skip(2);
  }

  /** @returns true after the last block */
  readBlock(): boolean {
    this.field = "block header";
    const last = this.take(1) === 1;
    switch (this.take(2)) {
      case 0:
        this.copyStored();
        break;
      case 1:
        this.unpack(fixedLiteralCode(), fixedDistanceCode());
        break;
      case 2:
        this.unpackDynamic();
        break;
      default:
        this.refuse(DAMAGED, "there is no such kind of block");
    }
    return last;
  }

  readTrailer(): void {
    const { file, payload, end } = this;
    this.field = "gzip trailer";
    if (file.length - this.at < TRAILER_SIZE) {
      this.refuse("chunk-truncated", "the file ends too early", file.length);
    }
    if (file.length - this.at > TRAILER_SIZE) this.refuse(DAMAGED, "bytes follow the packed data");
    if (end !== payload.length) {
      this.refuse(DAMAGED, `${end} bytes were unpacked instead of ${payload.length}`, this.at + 4);
    }
    if (this.word(this.at) !== crc32(payload)) this.refuse(DAMAGED, "the checksum is wrong");
  }

  private copyStored(): void {
    this.field = "stored block";
    this.bitCount = 0;
    this.bits = 0;
    const length = this.byte() | (this.byte() << 8);
    const complement = this.byte() | (this.byte() << 8);
    if (length !== (~complement & 0xffff)) this.refuse(DAMAGED, "its length is damaged");
    for (let i = 0; i < length; i++) this.put(this.byte());
  }

  private unpackDynamic(): void {
    this.field = "code lengths";
    const literalCount = this.take(5) + 257;
    const distanceCount = this.take(5) + 1;
    const lengths = this.readLengths(literalCount + distanceCount, this.readLengthCode());
    const literals = huffmanCode(lengths.subarray(0, literalCount));
    const distances = huffmanCode(lengths.subarray(literalCount));
    this.requirePrefixFree(literals);
    this.requirePrefixFree(distances);
    this.unpack(literals, distances);
  }

  private readLengthCode(): HuffmanCode {
    const lengths = new Uint8Array(LENGTH_ORDER.length);
    const count = this.take(4) + 4;
    for (let i = 0; i < count; i++) lengths[LENGTH_ORDER[i]] = this.take(3);
    const code = huffmanCode(lengths);
    this.requirePrefixFree(code);
    return code;
  }

  private readLengths(count: number, code: HuffmanCode): Uint8Array {
    const lengths = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const symbol = this.symbol(code);
      if (symbol <= MAX_CODE_LENGTH) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) this.refuse(DAMAGED, "there is no length to repeat");
      const repeated = symbol === 16 ? lengths[at - 1] : 0;
      const times = this.repetitions(symbol);
      if (at + times > count) this.refuse(DAMAGED, "there are too many");
      lengths.fill(repeated, at, at + times);
      at += times;
    }
    return lengths;
  }

  private repetitions(symbol: number): number {
    if (symbol === 16) return 3 + this.take(2);
    return symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
  }

  private requirePrefixFree(code: HuffmanCode): void {
    if (!isPrefixFree(code)) this.refuse(DAMAGED, "codes are ambiguous");
  }

  private unpack(literals: HuffmanCode, distances: HuffmanCode): void {
    this.field = "packed data";
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) this.put(symbol);
      else this.copy(symbol - FIRST_LENGTH, distances);
    }
  }

  private copy(lengthSymbol: number, distances: HuffmanCode): void {
    if (lengthSymbol >= LENGTH_BASE.length) this.refuse(DAMAGED, "there is no such length");
    const length = LENGTH_BASE[lengthSymbol] + this.take(LENGTH_EXTRA[lengthSymbol]);
    const symbol = this.symbol(distances);
    if (symbol >= DISTANCE_BASE.length) this.refuse(DAMAGED, "there is no such distance");
    const distance = DISTANCE_BASE[symbol] + this.take(DISTANCE_EXTRA[symbol]);
    const { end: position, payload } = this;
    if (distance > position) this.refuse(DAMAGED, "a copy begins before the data");
    if (distance > DEVICE_WINDOW || distance === position) {
      this.refusedCopy ??= { position, distance };
    }
    for (let i = 0; i < length; i++) this.put(payload[position - distance + i]);
  }

  private put(byte: number): void {
    if (this.end === this.payload.length) {
      this.refuse(DAMAGED, `there is more than the ${this.end} bytes the file ends with`);
    }
    this.payload[this.end++] = byte;
  }

  /** One symbol, bit by bit: codes of a length are consecutive, and so are their symbols. */
  private symbol({ counts, symbols }: HuffmanCode): number {
    let index = 0;
    let code = 0;
    for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
      if (this.bitCount === 0) this.load();
      code += this.bits & 1;
      this.bits >>>= 1;
      this.bitCount--;
      if (code < counts[length]) return symbols[index + code];
      index += counts[length];
      code = (code - counts[length]) * 2;
    }
    return this.refuse(DAMAGED, "these bits are no code");
  }

  /** So many bits, the first one lowest. */
  private take(count: number): number {
    while (this.bitCount < count) this.load();
    const bits = this.bits & ((1 << count) - 1);
    this.bits >>>= count;
    this.bitCount -= count;
    return bits;
  }

  private load(): void {
    this.bits |= this.byte() << this.bitCount;
    this.bitCount += 8;
  }

  private byte(): number {
    if (this.at >= this.file.length) this.refuse("chunk-truncated", "the file ends too early");
    return this.file[this.at++];
  }

  private skip(count: number): void {
    for (let i = 0; i < count; i++) this.byte();
  }

  private word(at: number): number {
    const { file } = this;
    return (file[at] | (file[at + 1] << 8) | (file[at + 2] << 16) | (file[at + 3] << 24)) >>> 0;
  }

  private refuse(code: ErrorCode, reason: string, offset = this.at): never {
    throw new ImageError(code, reason, offset, this.field);
  }
}

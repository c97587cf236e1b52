/**
 * The inflater of the device, with what it does to files that are no good: it checks little, and
 * takes bits it cannot make sense of for something. Source: lfs51.md §8, RFC 1951, RFC 1952.
 *
 *     file   = 1F 8B 08 flags(1) skipped(6) [extra] [name 00] [comment 00] [crc(2)]
 *              block* crc32(4) length(4)
 *     extra  = size(2) bytes                  a size of 0 skips to the next zero byte instead
 *     block  = final:1 type:2 ( pad size(2) ~size(2) bytes | fixed codes | lengths, own codes )
 *     copy   = length code, extra bits, distance code, extra bits
 */
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASE,
  LENGTH_EXTRA,
} from "../image/deflate-codes.ts";
import { type DeviceInput, FILL } from "./device-input.ts";
import { HuffmanCode, NO_SYMBOL, QUICK_MASK } from "./huffman.ts";

/** Takes what the inflater puts out. */
export interface InflaterOutput {
  put(byte: number): void;
  /** Repeats `length` bytes, at least one, from `distance` bytes back. */
  copy(distance: number, length: number): void;
  /** The inflater read memory that nothing was written to: another device may go on differently. */
  uncertain(): void;
}

export interface InflateEnd {
  /** The CRC-32 found behind the data; undefined when the inflater gave up. */
  readonly crc: number | undefined;
  /** Why it gave up, in plain words. */
  readonly trouble?: string;
}

enum Flag {
  HeaderCrc = 2,
  Extra = 4,
  Name = 8,
  Comment = 16,
  Reserved = 0xe0,
}

enum BlockType {
  Stored,
  Fixed,
  Dynamic,
}

/** What stands in the output for bits that are no code of a literal. */
const MISREAD_LITERAL = 0xfd;
/** A copy of no bytes counts down from zero: it ends when the device does. */
const FOR_EVER = 0x100000000;

// The last two of each are not in RFC 1951: they are what the device finds beside its tables for
// symbols that no compressor writes.
const LENGTH_BITS = [...LENGTH_EXTRA, 6, 3];
const LENGTHS = [...LENGTH_BASE, 323, 0];
const DISTANCE_BITS = [...DISTANCE_EXTRA, 1, 0];
const DISTANCES = [...DISTANCE_BASE, 0x1110, 18];
/** The same for bits that are no code of a distance. */
const MISREAD_DISTANCE = { bits: 1, base: 2827 };

/** The order in which the lengths of the code for lengths come. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The inflater gives up; the message says why in plain words. */
class DataError extends Error {}

/**
 * Inflates a gzip file until it ends or makes no sense.
 *
 * @throws what `input` and `output` throw
 */
export function inflate(input: DeviceInput, output: InflaterOutput): InflateEnd {
  const inflater = new Inflater(input, output);
  try {
    inflater.header();
    while (!inflater.block());
    input.align();
    const crc = input.uint32();
    input.uint32();
    return { crc };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { crc: undefined, trouble: error.message };
  }
}

class Inflater {
  private readonly input: DeviceInput;
  private readonly output: InflaterOutput;
  // Kept, because a file may consist of many small blocks.
  private fixedLiterals: HuffmanCode | undefined;
  private fixedDistances: HuffmanCode | undefined;

  constructor(input: DeviceInput, output: InflaterOutput) {
    this.input = input;
    this.output = output;
  }

  header(): void {
    const { input } = this;
    if (input.byte() !== 0x1f || input.byte() !== 0x8b) throw new DataError("not a gzip file");
    if (input.byte() !== 8) throw new DataError("not compressed with deflate");
    const flags = input.byte();
    if (flags & Flag.Reserved) throw new DataError("unknown gzip flags");
    this.skipBytes(6);
    if (flags & Flag.Extra) this.skipBytes(input.uint16());
    if (flags & Flag.Name) this.skipText();
    if (flags & Flag.Comment) this.skipText();
    if (flags & Flag.HeaderCrc) this.skipBytes(2);
  }

  /** One block. Returns true for the last one. */
  block(): boolean {
    const { input } = this;
    const final = input.bits(1) === 1;
    switch (input.bits(2)) {
      case BlockType.Stored:
        this.stored();
        break;
      case BlockType.Fixed:
        this.fixedLiterals ??= fixedLiterals();
        this.fixedDistances ??= fixedDistances();
        this.compressed(this.fixedLiterals, this.fixedDistances);
        break;
      case BlockType.Dynamic:
        this.dynamic();
        break;
      default:
        throw new DataError("a block of unknown type");
    }
    return final;
  }

  private skipBytes(count: number): void {
    if (count === 0) this.skipText();
    else for (let i = 0; i < count; i++) this.input.byte();
  }

  private skipText(): void {
    while (this.input.byte() !== 0);
  }

  private stored(): void {
    const { input, output } = this;
    input.align();
    const size = input.uint16();
    if (size !== (input.uint16() ^ 0xffff)) throw new DataError("a stored block of two sizes");
    for (let i = 0; i < size; i++) output.put(input.byte());
  }

  private dynamic(): void {
    const { input } = this;
    const literals = input.bits(5) + 257;
    const distances = input.bits(5) + 1;
    const lengths = this.codeLengths(literals + distances);
    this.compressed(
      new HuffmanCode(lengths.subarray(0, literals)),
      new HuffmanCode(lengths.subarray(literals)),
    );
  }

  /** The lengths of all codes of a dynamic block, which are themselves coded. */
  private codeLengths(total: number): Uint8Array {
    const { input } = this;
    const own = new Uint8Array(LENGTH_ORDER.length);
    const given = input.bits(4) + 4;
    for (let i = 0; i < given; i++) own[LENGTH_ORDER[i]] = input.bits(3);
    const code = new HuffmanCode(own);
    const lengths = new Uint8Array(total);
    for (let at = 0; at < total; ) {
      const symbol = code.decode(input);
      if (symbol === NO_SYMBOL) throw new DataError("a code table with an unknown code");
      if (symbol < 16) lengths[at++] = symbol;
      else at = this.repeatLength(symbol, lengths, at);
    }
    return lengths;
  }

  private repeatLength(symbol: number, lengths: Uint8Array, at: number): number {
    const { input } = this;
    // To repeat the length before the first one is to repeat whatever lies in memory there.
    if (symbol === 16 && at === 0) this.output.uncertain();
    const length = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const count =
      symbol === 16 ? input.bits(2) + 3 : symbol === 17 ? input.bits(3) + 3 : input.bits(7) + 11;
    if (at + count > lengths.length) throw new DataError("a code table that is too long");
    lengths.fill(length, at, at + count);
    return at + count;
  }

  private compressed(literals: HuffmanCode, distances: HuffmanCode): void {
    const { input, output } = this;
    for (;;) {
      this.short(literals, distances);
      const symbol = literals.decode(input);
      if (symbol === END_OF_BLOCK) return;
      if (symbol === NO_SYMBOL) output.put(MISREAD_LITERAL);
      else if (symbol < END_OF_BLOCK) output.put(symbol);
      else this.copy(symbol - FIRST_LENGTH, distances);
    }
  }

  /**
   * What has short codes and is far from the end of the file, which is nearly all of it, up to the
   * next symbol that has not. It does what one symbol at a time does, and keeps the bits at hand.
   */
  private short(literals: HuffmanCode, distances: HuffmanCode): void {
    const { input, output } = this;
    const { bytes, farEnd } = input;
    let { next, hold, held } = input;
    while (next < farEnd) {
      for (; held < FILL; held += 8) hold |= bytes[next++] << held;
      const code = literals.quick[hold & QUICK_MASK];
      const symbol = code >> 4;
      const count = code & 15;
      if (code === 0 || symbol === END_OF_BLOCK) break;
      if (symbol < END_OF_BLOCK) {
        hold >>>= count;
        held -= count;
        output.put(symbol);
        continue;
      }
      const lengthBits = LENGTH_BITS[symbol - FIRST_LENGTH];
      const length = LENGTHS[symbol - FIRST_LENGTH] + ((hold >>> count) & ((1 << lengthBits) - 1));
      let rest = hold >>> (count + lengthBits);
      let left = held - count - lengthBits;
      let after = next;
      for (; left < FILL; left += 8) rest |= bytes[after++] << left;
      const place = distances.quick[rest & QUICK_MASK];
      if (place === 0) break;
      rest >>>= place & 15;
      const distanceBits = DISTANCE_BITS[place >> 4];
      next = after;
      hold = rest >>> distanceBits;
      held = left - (place & 15) - distanceBits;
      output.copy(DISTANCES[place >> 4] + (rest & ((1 << distanceBits) - 1)), length || FOR_EVER);
    }
    input.goOn(next, hold, held);
  }

  private copy(symbol: number, distances: HuffmanCode): void {
    const { input, output } = this;
    const length = LENGTHS[symbol] + input.bits(LENGTH_BITS[symbol]);
    const code = distances.decode(input);
    const known = code !== NO_SYMBOL;
    const distance = known
      ? DISTANCES[code] + input.bits(DISTANCE_BITS[code])
      : MISREAD_DISTANCE.base + input.bits(MISREAD_DISTANCE.bits);
    output.copy(distance, length || FOR_EVER);
  }
}

function fixedLiterals(): HuffmanCode {
  const lengths = new Uint8Array(288).fill(8);
  lengths.fill(9, 144, 256).fill(7, 256, 280);
  return new HuffmanCode(lengths);
}

function fixedDistances(): HuffmanCode {
  return new HuffmanCode(new Uint8Array(32).fill(5));
}

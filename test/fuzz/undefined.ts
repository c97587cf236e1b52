/**
 * Damaged chunks that are not compared. To some the reference has no defined answer, as it reads
 * memory that nobody wrote; whatever it says of them is chance:
 *
 *  - integer numbers of a size that is none of 1, 2, 4, 8 (lua51.md §6.4): nothing is read;
 *  - line info without its closing 00, or with a 00 where a count belongs: it is searched for one
 *    past its end.
 *
 * And one it accepts only by not looking: a string constant that is absent, a null pointer which
 * some later step may follow. luacross refuses it.
 */
import { ByteReader } from "../../src/base/byte-reader.ts";
import type { Target } from "../../src/target/target.ts";

/** Thrown to leave the walk early. */
class Verdict extends Error {
  readonly isUndefined: boolean;

  constructor(isUndefined: boolean) {
    super();
    this.isUndefined = isUndefined;
  }
}

interface Walk {
  readonly reader: ByteReader;
  readonly target: Target;
  readonly numberSize: number;
}

/** True when this chunk is one of those. */
export function isUndefinedChunk(chunk: Uint8Array, target: Target): boolean {
  const start = chunk.indexOf(0x1b);
  const reader = new ByteReader(chunk.subarray(Math.max(start, 0)), () => {
    throw new Verdict(false);
  });
  try {
    walkFunction(readHeader(reader, target));
    return false;
  } catch (error) {
    if (error instanceof Verdict) return error.isUndefined;
    throw error;
  }
}

function readHeader(reader: ByteReader, target: Target): Walk {
  const header = reader.raw(12);
  reader.bigEndian = header[6] !== 1;
  const kind = (header[11] << 24) >> 24;
  const isConverted = kind > (target.numbers.integral ? 1 : 0);
  return { reader, target, numberSize: isConverted ? header[10] : target.numbers.size };
}

/** Reads a function record in its order (lua51.md §5.3) and looks for what is not defined. */
function walkFunction(walk: Walk): void {
  const { reader } = walk;
  skipString(reader);
  // Two lines of 4 bytes, and four counts of one.
  reader.raw(12);
  skipAligned(reader, 4);
  repeat(reader, () => walkConstant(walk));
  repeat(reader, () => walkFunction(walk));
  checkLineInfo(skipAligned(reader, 1));
  repeat(reader, () => {
    skipString(reader);
    reader.raw(8);
  });
  repeat(reader, () => skipString(reader));
}

/** Any other tag is an error to anybody. */
function walkConstant({ reader, target, numberSize }: Walk): void {
  const tag = reader.byte();
  if (tag === target.wire.stringTag) {
    if (!skipString(reader)) throw new Verdict(true);
  } else if (tag === target.wire.numberTag) {
    if (![1, 2, 4, 8].includes(numberSize)) throw new Verdict(true);
    reader.raw(numberSize);
  } else if (tag === 1) {
    reader.byte();
  } else if (tag !== 0) {
    throw new Verdict(false);
  }
}

/** A 00 right after a byte of 80 and more stands where a count belongs. */
function checkLineInfo(info: Uint8Array): void {
  if (info.length === 0) return;
  const end = info.indexOf(0);
  if (end < 0 || info[end - 1] >= 0x80) throw new Verdict(true);
}

/** A count of items; a negative one is an error to anybody. */
function count(reader: ByteReader): number {
  const value = reader.int32();
  if (value < 0) throw new Verdict(false);
  return value;
}

function repeat(reader: ByteReader, item: () => void): void {
  for (let left = count(reader); left > 0; left--) item();
}

/** @returns false for an absent string */
function skipString(reader: ByteReader): boolean {
  const length = count(reader);
  reader.raw(length);
  return length > 0;
}

/** A count and, aligned, so many items of `unit` bytes. */
function skipAligned(reader: ByteReader, unit: number): Uint8Array {
  const length = count(reader) * unit;
  reader.align(4);
  return reader.raw(length);
}

/**
 * Sizes and places in a flash image of Lua 5.1, shared by those who build, read and measure it.
 * Source: lfs51.md §5, §1. All sizes are in bytes; every piece of an image begins at a multiple
 * of 4 and is filled up with zeros.
 *
 *     image    = header buckets string* function     the main function's record is the last one
 *     header   = signature size main buckets strings buckets 0 0
 *     string   = next tags hash length byte* 00
 *     function = function* children constants code locals upvalues record
 *     record   = 18 words, see ProtoWord
 */
import { LuacrossError } from "../base/errors.ts";
import type { ImageFacts51, ImageLayout } from "../target/target.ts";

/** Words of the image's header. */
export enum HeaderWord {
  Signature,
  /** Bytes of the image, header included. */
  Size,
  /** Ref: record of the main function. */
  Main,
  /** Ref: bucket words of the string table. */
  Buckets,
  StringCount,
  BucketCount,
}

/** Words of a string's header. */
export enum StringWord {
  /** Ref: the string that was in the bucket before, or 0. */
  Next,
  /** The string tag in the lowest byte, {@link LFS_MARK} in the one above. */
  Tags,
  Hash,
  /** Bytes of text, without the 0 behind it. */
  Length,
}

/** Words of a function's record; words 0, 1 and 16 are 0. */
export enum ProtoWord {
  Constants = 2,
  Code = 3,
  Children = 4,
  LineInfo = 5,
  Locals = 6,
  Upvalues = 7,
  Source = 8,
  UpvalueNameCount = 9,
  ConstantCount = 10,
  CodeCount = 11,
  ChildCount = 12,
  LocalCount = 13,
  LineDefined = 14,
  LastLineDefined = 15,
  /** Four bytes: upvalues, parameters, vararg flags, registers. */
  Frame = 17,
}

export const HEADER_SIZE = 32;
export const STRING_HEADER_SIZE = 16;
export const PROTO_SIZE = 72;
/** Name, first pc, pc after the last. */
export const LOCAL_SIZE = 12;
export const WORD_SIZE = 4;

/** Set in the tags word of every string: the collector leaves it alone. */
export const LFS_MARK = 0x4000;
/** Signature bit of an image whose refs are addresses. */
export const ABSOLUTE_BIT = 0x001;
/** Signature bit of an image that was being written to flash when the power went. */
export const LOADING_BIT = 0x008;

export const NIL_TAG = 0;
export const BOOLEAN_TAG = 1;

/** The greatest image the reference builds. */
export const MAX_IMAGE_SIZE = 0x40000;
/** Refs are marked in a bitmap behind a compact image, one bit per word. */
export const WORDS_PER_MARK = 32;

/** The size rounded up to whole words. */
export function aligned(size: number): number {
  return (size + 3) & ~3;
}

/** Bytes of a string and its header. */
export function stringSize(length: number): number {
  return STRING_HEADER_SIZE + aligned(length + 1);
}

/** Bytes of the bitmap for an image of so many bytes. */
export function bitmapSize(imageSize: number): number {
  return Math.ceil(imageSize / WORD_SIZE / WORDS_PER_MARK) * WORD_SIZE;
}

/** Buckets for so many strings: the least power of two that is greater. */
export function bucketCount(stringCount: number, facts: ImageFacts51): number {
  const wanted = Math.trunc(stringCount * facts.bucketFactor);
  return 2 ** (32 - Math.clz32(wanted));
}

/** @throws {LuacrossError} `unsupported` when images of that layout are not Lua 5.1's */
export function factsOf({ facts51 }: ImageLayout): ImageFacts51 {
  if (facts51) return facts51;
  throw new LuacrossError("unsupported", "images for this target are of another format");
}

/**
 * Sizes and places in a flash image of Lua 5.3 as it lies in flash, shared by those who write, read
 * and measure it. Source: lua53.md §5.1–§5.4. All sizes are in bytes; every piece begins at a
 * multiple of 4 and is filled up with zeros.
 *
 *     image    = header string* bucket* function* entry* 0-entry table
 *     header   = 12 words, see HeaderWord53; places in it are offsets counted in words
 *     string   = next tags hash length-or-link byte* 00
 *     function = function* children code constants upvalues lines locals record
 *     record   = 19 words, see ProtoWord53
 *     constant = value tag                     value: one word, or two where a target's are long
 *     upvalue  = name inStack-and-index
 *     local    = name first-pc end-pc
 *     entry    = name constant                 the name's text; the constant leads to the record
 *     table    = 1 tags 0 entries              the modules, by name
 *
 * All that is not in the header refers by address. `next` leads to the piece of its kind that was
 * written before it, and from the first one to the start of the image.
 */
import { LuacrossError } from "../base/errors.ts";
import { MAX_SHORT_STRING } from "../formats/fields53.ts";
import type { ImageFacts53, ImageLayout } from "../target/target.ts";

/** Words of the image's header. */
export enum HeaderWord53 {
  Signature,
  /** Bytes of the image, header included. */
  Size,
  Seed,
  /** Seconds since 1970, the lowest 32 bits. */
  Time,
  /** Short strings. */
  StringCount,
  BucketCount,
  Buckets,
  Modules,
  /** The record that was written last. */
  LastProto,
  LastShortString,
  /** 0 when there is none. */
  LastLongString,
}

/** Words of a string's header. */
export enum StringWord53 {
  Next,
  /** Type, mark, keyword number (or 1: hashed), length of a short string; a byte each. */
  Tags,
  Hash,
  /** Long: the length. Short: the string that was in the bucket before, or 0. */
  LengthOrLink,
}

/** Words of a function's record; the last one is 0. */
export enum ProtoWord53 {
  Next,
  /** Type, mark, parameters, vararg flag; a byte each. */
  Tags,
  MaxStackSize,
  UpvalueCount,
  ConstantCount,
  CodeCount,
  LineInfoSize,
  ChildCount,
  LocalCount,
  LineDefined,
  LastLineDefined,
  Constants,
  Code,
  Children,
  /** 0 when there is none; likewise the upvalues. */
  LineInfo,
  Locals,
  Upvalues,
  Source,
}

/** Words of the table of modules. */
export enum TableWord53 {
  One,
  /** Type, 0, ff, the lowest byte of the number of modules. */
  Tags,
  Metatable,
  Entries,
}

export const WORD_SIZE = 4;
export const HEADER_SIZE_53 = 48;
export const STRING_HEADER_SIZE_53 = 16;
export const PROTO_SIZE_53 = 76;
export const UPVALUE_SIZE_53 = 8;
export const LOCAL_SIZE_53 = 12;
export const TABLE_SIZE_53 = 16;

/** Tags of values. */
export enum ValueTag {
  Nil = 0x00,
  Boolean = 0x01,
  /** A module's record, in the table of modules. */
  LightUserdata = 0x02,
  Float = 0x03,
  Integer = 0x13,
  ShortString = 0x44,
  LongString = 0x54,
}

/** Types of collectable objects, as their own tags name them. */
export const SHORT_STRING_TYPE = 0x04;
export const LONG_STRING_TYPE = 0x14;
export const PROTO_TYPE = 0x09;
export const TABLE_TYPE = 0x15;

/** Marks of strings, of functions, and of functions that the chain leaves out. */
export const STRING_MARK = 0x60;
export const PROTO_MARK = 0x21;
export const UNLINKED_MARK = 0x01;

/** The size rounded up to whole words. */
export function aligned(size: number): number {
  return (size + 3) & ~3;
}

/** Bytes of a string and its header. */
export function stringSize53(length: number): number {
  return STRING_HEADER_SIZE_53 + aligned(length + 1);
}

/** Bytes of an entry of the table of modules. */
export function entrySize53(valueSize: number): number {
  return WORD_SIZE + valueSize;
}

/** Buckets for so many short strings: the least power of two that is not less. */
export function bucketCount53(stringCount: number): number {
  return stringCount <= 1 ? 1 : 2 ** (32 - Math.clz32(stringCount - 1));
}

export function isShort(length: number): boolean {
  return length <= MAX_SHORT_STRING;
}

/** @throws {LuacrossError} `unsupported` when images of that layout are not Lua 5.3's */
export function factsOf53({ facts53 }: ImageLayout): ImageFacts53 {
  if (facts53) return facts53;
  throw new LuacrossError("unsupported", "images for this target are of another format");
}

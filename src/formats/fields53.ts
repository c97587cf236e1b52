/**
 * The smallest pieces of Lua 5.3 files, `.lc` and image alike, written and read: ints, tagged ints,
 * strings. Source: lua53.md §3.1; see `lc53.ts` for the whole.
 *
 *     int    = group* last                     7 bits each, the most significant first
 *     group  = 1xxxxxxx
 *     last   = 0xxxxxxx
 *     tagged = ( 1tttxxxx group* last          ttt: the tag, so the first byte has 4 bits
 *              | 0tttxxxx )                    tag 4: the value is -1 - x
 *     string = tagged byte*                    tag 5 or 6; the value is the length + 1, 0: absent
 *
 * What is read wraps around at 32 or 64 bits, as in the reference; it may have leading zeros.
 */
import type { ByteReader } from "../base/byte-reader.ts";
import type { ByteWriter } from "../base/byte-writer.ts";
import { EncodeError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";

/** The tags in bits 4–6 of a byte, ready to be or-ed in. */
export enum Tag53 {
  Nil = 0x00,
  Boolean = 0x10,
  Float = 0x20,
  Integer = 0x30,
  /** An integer below zero. */
  Negative = 0x40,
  ShortString = 0x50,
  LongString = 0x60,
}

export const TAG_MASK = 0x70;
/** The bits of a value that share a byte with the tag. */
export const FIRST_BITS = 0x0f;
/** Set in all bytes of a number but the last. */
const MORE = 0x80;
const GROUP = 0x7f;

/** Longer strings are not interned by the firmware, and have a tag of their own. */
export const MAX_SHORT_STRING = 40;

const MAX_INT = 0x7fffffff;

/** @throws {EncodeError} `number` when it is not a whole number from 0 to 2^31 − 1 */
export function writeInt(writer: ByteWriter, value: number): void {
  if (!(value >= 0 && value <= MAX_INT && Number.isInteger(value))) {
    throw new EncodeError("number", `a count or line must be from 0 to ${MAX_INT}, not ${value}`);
  }
  writeGroups(writer, value);
}

/** A signed 32-bit int; one that was written is never negative. */
export function readInt(reader: ByteReader): number {
  return readGroups(reader, 0);
}

/**
 * @param tag of a value that is not negative; others have their own
 * @param value a whole number: any bigint, or a number below 2^53 in magnitude
 */
export function writeTagged(writer: ByteWriter, tag: Tag53, value: number | bigint): void {
  if (value < 0) {
    const rest = typeof value === "bigint" ? -1n - value : -1 - value;
    writeTagged(writer, Tag53.Negative, rest);
  } else if (value <= FIRST_BITS) {
    writer.byte(tag | Number(value));
  } else if (value <= MAX_INT) {
    writeTaggedInt(writer, tag, Number(value));
  } else {
    writeTaggedLong(writer, tag, BigInt(value));
  }
}

function writeTaggedInt(writer: ByteWriter, tag: Tag53, value: number): void {
  const shift = highShift(value);
  const first = value >>> shift;
  // The first group shares its byte with the tag only if it is small enough.
  if (first <= FIRST_BITS) {
    writer.byte(MORE | tag | first);
    writeLow(writer, value, shift);
  } else {
    writer.byte(MORE | tag);
    writeLow(writer, value, shift + 7);
  }
}

function writeTaggedLong(writer: ByteWriter, tag: Tag53, value: bigint): void {
  let shift = 28n;
  while (value >> shift > GROUP) shift += 7n;
  let first = value >> shift;
  if (first > FIRST_BITS) {
    first = 0n;
    shift += 7n;
  }
  writer.byte(MORE | tag | Number(first));
  for (shift -= 7n; shift > 0n; shift -= 7n) {
    writer.byte(MORE | lowGroup(value >> shift));
  }
  writer.byte(lowGroup(value));
}

function lowGroup(value: bigint): number {
  return Number(BigInt.asUintN(7, value));
}

/**
 * The rest of a tagged int, to 32 bits, with the sign of its tag.
 *
 * @param first its first byte
 */
export function readTagged(reader: ByteReader, first: number): number {
  const bits = first & FIRST_BITS;
  const value = (first & MORE) === 0 ? bits : readGroups(reader, bits);
  return (first & TAG_MASK) === Tag53.Negative ? ~value : value;
}

/** As {@link readTagged}, to 64 bits. */
export function readTaggedLong(reader: ByteReader, first: number): bigint {
  let value = BigInt(first & FIRST_BITS);
  for (let byte = first; (byte & MORE) !== 0; ) {
    byte = reader.byte();
    value = BigInt.asIntN(64, (value << 7n) | BigInt(byte & GROUP));
  }
  return (first & TAG_MASK) === Tag53.Negative ? ~value : value;
}

/** @param text null: absent */
export function writeString(writer: ByteWriter, text: LuaString | null): void {
  if (text === null) {
    writer.byte(Tag53.ShortString);
    return;
  }
  writeTagged(writer, stringTag(text), text.length + 1);
  writer.text(text);
}

/**
 * The string, or null if it is absent.
 *
 * @param first its first byte, whose tag only matters when it makes the length negative
 */
export function readString(reader: ByteReader, first: number): LuaString | null {
  // The subtraction is one of 32 bits, too.
  const length = (readTagged(reader, first) - 1) | 0;
  return length < 0 ? null : reader.text(length);
}

export function stringTag(text: LuaString): Tag53 {
  return text.length <= MAX_SHORT_STRING ? Tag53.ShortString : Tag53.LongString;
}

/** All groups of a number below 2^31. */
function writeGroups(writer: ByteWriter, value: number): void {
  writeLow(writer, value, highShift(value) + 7);
}

/** The groups below `shift`, a multiple of 7. */
function writeLow(writer: ByteWriter, value: number, shift: number): void {
  for (let at = shift - 7; at > 0; at -= 7) {
    writer.byte(MORE | ((value >>> at) & GROUP));
  }
  writer.byte(value & GROUP);
}

/** By how many bits the highest group that is not zero is shifted. */
function highShift(value: number): number {
  let shift = 0;
  while (shift < 28 && value >>> shift > GROUP) shift += 7;
  return shift;
}

function readGroups(reader: ByteReader, high: number): number {
  let value = high;
  let byte: number;
  do {
    byte = reader.byte();
    value = (value << 7) | (byte & GROUP);
  } while ((byte & MORE) !== 0);
  return value;
}

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

/**
 * A 64-bit integer in two halves of 32, both signed. Long integers are put together by halves: in a
 * loop bigints are slow, and Node 20 has been seen to crash while it optimised one.
 */
export interface Halves {
  readonly high: number;
  readonly low: number;
}

export const TAG_MASK = 0x70;
/** The bits of a value that share a byte with the tag. */
const FIRST_BITS = 0x0f;
/** Set in all bytes of a number but the last. */
const MORE = 0x80;
const GROUP = 0x7f;
const GROUP_BITS = 7;
/** Where the last group of 64 bits is. */
const HIGHEST_SHIFT = 63;

/** Longer strings are not interned by the firmware, and have a tag of their own. */
export const MAX_SHORT_STRING = 40;

const MAX_INT = 0x7fffffff;

/** @throws {EncodeError} `number` when it is not a whole number from 0 to 2^31 − 1 */
export function writeInt(writer: ByteWriter, value: number): void {
  if (value === (value & GROUP)) {
    writer.byte(value); // nearly always
    return;
  }
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
 * @param value a whole number: a bigint of 64 bits, or a number below 2^53 in magnitude
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
    writeTaggedLong(writer, tag, toHalves(value));
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

/** The groups of 64 bits; the value is above {@link MAX_INT}. */
function writeTaggedLong(writer: ByteWriter, tag: Tag53, value: Halves): void {
  let shift = 28;
  while (shift < HIGHEST_SHIFT && !fitsGroup(value, shift)) shift += GROUP_BITS;
  const first = groupAt(value, shift);
  if (first > FIRST_BITS) {
    writer.byte(MORE | tag);
    shift += GROUP_BITS;
  } else {
    writer.byte(MORE | tag | first);
  }
  for (shift -= GROUP_BITS; shift > 0; shift -= GROUP_BITS) {
    writer.byte(MORE | groupAt(value, shift));
  }
  writer.byte(value.low & GROUP);
}

/** Whether nothing but zeros is above the group at that place. */
function fitsGroup({ high, low }: Halves, shift: number): boolean {
  const above = shift + GROUP_BITS;
  return above < 32 ? high === 0 && low >>> above === 0 : high >>> (above - 32) === 0;
}

function groupAt({ high, low }: Halves, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & GROUP;
  return ((low >>> shift) | (shift === 0 ? 0 : high << (32 - shift))) & GROUP;
}

/** @param value not negative, at most 2^63 - 1 */
function toHalves(value: number | bigint): Halves {
  if (typeof value === "number") return { high: Math.floor(value / 2 ** 32) | 0, low: value | 0 };
  return { high: Number(value >> 32n) | 0, low: Number(value & 0xffffffffn) | 0 };
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
export function readTaggedLong(reader: ByteReader, first: number): Halves {
  let high = 0;
  let low = first & FIRST_BITS;
  for (let byte = first; (byte & MORE) !== 0; ) {
    byte = reader.byte();
    high = (high << GROUP_BITS) | (low >>> (32 - GROUP_BITS));
    low = (low << GROUP_BITS) | (byte & GROUP);
  }
  const isNegative = (first & TAG_MASK) === Tag53.Negative;
  return isNegative ? { high: ~high, low: ~low } : { high, low };
}

/** @param text null: absent */
export function writeString(writer: ByteWriter, text: LuaString | null): void {
  if (text === null) {
    writer.byte(Tag53.ShortString);
    return;
  }
  const tag = stringTag(text);
  const size = text.length + 1;
  if (size <= FIRST_BITS) writer.byte(tag | size);
  else writeTaggedInt(writer, tag, size);
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

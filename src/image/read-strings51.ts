/**
 * Reads the string table of a Lua 5.1 flash image. Source: lfs51.md §5.2.
 *
 *     table  = bucket* string*
 *     bucket = ref(string)                     the newest string with such a hash, or 0
 *     string = ref(next) tags hash length byte* 00
 */
import { fromBytes, type LuaString } from "../base/lua-string.ts";
import { DAMAGED } from "./errors.ts";
import type { ImageMap } from "./image-map.ts";
import { LFS_MARK, STRING_HEADER_SIZE, StringWord, stringSize, WORD_SIZE } from "./layout51.ts";
import { hashString } from "./strings51.ts";

export interface ImageString {
  /** Where its header lies. */
  readonly offset: number;
  readonly text: LuaString;
}

export interface StringTable {
  /** In the order in which they lie in the image. */
  readonly strings: readonly ImageString[];
  /** The tag all of them have; undefined when there is none. */
  readonly tag: number | undefined;
}

/** What the header says of the table. */
export interface StringTablePlace {
  /** Where the buckets are. */
  readonly buckets: number;
  readonly bucketCount: number;
  readonly stringCount: number;
}

/** @throws {ImageError} when a device would not find each string by its hash */
export function readStrings(map: ImageMap, place: StringTablePlace): StringTable {
  const { buckets, bucketCount } = place;
  map.field = "string table";
  if (bucketCount === 0 || (bucketCount & (bucketCount - 1)) !== 0) {
    map.refuse(DAMAGED, `${bucketCount} buckets are no power of two`, buckets);
  }
  map.claim(buckets, bucketCount * WORD_SIZE, "buckets");
  const strings: ImageString[] = [];
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    map.field = "bucket";
    let at = map.ref(buckets, bucket);
    map.field = "string";
    while (at !== 0) {
      strings.push(readString(map, at, bucket, bucketCount));
      at = map.ref(at, StringWord.Next);
    }
  }
  map.field = "string table";
  if (strings.length !== place.stringCount) {
    const reason = `there are ${strings.length} strings instead of ${place.stringCount}`;
    map.refuse(DAMAGED, reason, buckets);
  }
  strings.sort((a, b) => a.offset - b.offset);
  return { strings, tag: commonTag(map, strings) };
}

function readString(map: ImageMap, at: number, bucket: number, bucketCount: number): ImageString {
  map.claim(at, STRING_HEADER_SIZE, "strings");
  const length = map.word(at, StringWord.Length);
  const start = at + STRING_HEADER_SIZE;
  if (length >= map.size) {
    const place = at + StringWord.Length * WORD_SIZE;
    map.refuse("chunk-truncated", `${length} bytes are more than the image has`, place);
  }
  map.claim(start, stringSize(length) - STRING_HEADER_SIZE, "strings");
  if (map.byte(start + length) !== 0) map.refuse(DAMAGED, "no 0 ends it", start + length);
  const text = fromBytes(map.image.body, start, start + length);
  const hash = hashString(text);
  if (hash !== (map.word(at, StringWord.Hash) | 0)) {
    map.refuse(DAMAGED, "its hash is wrong", at + StringWord.Hash * WORD_SIZE);
  }
  if ((hash & (bucketCount - 1)) !== bucket) map.refuse(DAMAGED, "it is in the wrong bucket", at);
  return { offset: at, text };
}

function commonTag(map: ImageMap, strings: readonly ImageString[]): number | undefined {
  if (strings.length === 0) return undefined;
  map.field = "string";
  const tags = map.word(strings[0].offset, StringWord.Tags);
  for (const { offset } of strings) {
    if (map.word(offset, StringWord.Tags) === tags && (tags & ~0xff) === LFS_MARK) continue;
    map.refuse(DAMAGED, "its type is not a string's", offset + StringWord.Tags * WORD_SIZE);
  }
  return tags & 0xff;
}

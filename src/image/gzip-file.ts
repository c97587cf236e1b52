/**
 * The file around a deflate stream (RFC 1952), as devices take it: lfs51.md §8.
 *
 *     file = 1f 8b 08 flags 00000000 level 03 [ comment 00 ] stream crc length
 */
import { crc32 } from "./crc32.ts";

const HEADER = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0];
const UNIX = 3;
const HEADER_SIZE = 10;
const TRAILER_SIZE = 8;
const FLAGS_AT = 3;
const HAS_COMMENT = 16;
const SPACE = 0x20;
/** Devices refuse files that are shorter. */
export const LEAST_LOADABLE = 201;

/**
 * @param payload what the stream unpacks to
 * @param level what the header says of the packer's effort: 2 for most, 4 for least
 * @param least bytes that the file must have; a comment of spaces makes up for what it lacks
 */
export function gzipFile(
  stream: Uint8Array,
  payload: Uint8Array,
  level: number,
  least = 0,
): Uint8Array {
  const comment = Math.max(0, least - HEADER_SIZE - stream.length - TRAILER_SIZE);
  const start = HEADER_SIZE + comment;
  const end = start + stream.length;
  const file = new Uint8Array(end + TRAILER_SIZE);
  file.set([...HEADER, level, UNIX]);
  if (comment > 0) file[FLAGS_AT] = HAS_COMMENT;
  // Its last byte stays 0, which ends it.
  file.fill(SPACE, HEADER_SIZE, start - Math.min(comment, 1));
  file.set(stream, start);
  const trailer = new DataView(file.buffer, end, TRAILER_SIZE);
  trailer.setUint32(0, crc32(payload), true);
  trailer.setUint32(4, payload.length, true);
  return file;
}

/**
 * Tells by its first bytes what an input is: Lua source, a binary chunk, or a flash image.
 * Source: lua51.md §2.5, §6.4; lua53.md §3.2, §4.1; lfs51.md §1, §7.
 *
 *     input   = [ "#" first line ] ( source | chunk ) | image
 *     chunk   = ESC "Lua" version ...        version 51: lc51, 53: lc53 (or image, by its format)
 *     image   = gzip file | absolute image, whose first word is FAFAAx5x
 */
import { BINARY_MARK } from "../bytecode/binary-mark.ts";

export type ChunkKind =
  /** Anything that is not one of the others. */
  | "source"
  /** A `.lc` file of Lua 5.1. */
  | "lc51"
  /** A `.lc` file of Lua 5.3. */
  | "lc53"
  /** A flash image, in any of its forms. */
  | "image"
  /** It begins like a binary chunk, but not like one of NodeMCU's. */
  | "binary";

/** Whether an input was opened by name or read from standard input. */
export type Origin = "file" | "stdin";

const HASH = 0x23;
const LINE_FEED = 0x0a;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const LUA_SIGNATURE = [BINARY_MARK, 0x4c, 0x75, 0x61];
const GZIP_SIGNATURE = [0x1f, 0x8b, 0x08];
const VERSION_51 = 0x51;
const VERSION_53 = 0x53;
/** The format byte of Lua 5.3 files that holds an image to be loaded into flash. */
const FORMAT_53_IMAGE = 11;

/**
 * What of an input is to be loaded, by the rules of Lua 5.1's file loader. An input that begins
 * with `#` loses its first line:
 *
 * - source keeps the line feed, so that its lines keep their numbers; without any line feed the
 *   whole input is one empty line;
 * - when ESC follows the line, the rest is a binary chunk. The loader then looks for its start once
 *   more, from the very beginning, so an ESC within the `#` line wins. Standard input cannot be
 *   read twice, so there a chunk after a `#` line stays source.
 *
 * @returns a view of `bytes`, or of a single line feed
 */
export function skipFirstLine(bytes: Uint8Array, origin: Origin = "file"): Uint8Array {
  if (bytes[0] !== HASH) return bytes;
  const lineEnd = bytes.indexOf(LINE_FEED);
  if (lineEnd < 0) return Uint8Array.of(LINE_FEED);
  const binary = bytes[lineEnd + 1] === BINARY_MARK && origin === "file";
  return bytes.subarray(binary ? bytes.indexOf(BINARY_MARK) : lineEnd);
}

/**
 * The same by the rules of Lua 5.3's file loader. It also leaves out a byte order mark of UTF-8 at
 * the beginning, and a chunk starts right behind the `#` line.
 */
export function skipFirstLine53(bytes: Uint8Array, origin: Origin = "file"): Uint8Array {
  const text = startsWith(bytes, BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  if (text[0] !== HASH) return text;
  const lineEnd = text.indexOf(LINE_FEED);
  if (lineEnd < 0) return Uint8Array.of(LINE_FEED);
  const binary = text[lineEnd + 1] === BINARY_MARK && origin === "file";
  return text.subarray(binary ? lineEnd + 1 : lineEnd);
}

/** True when Lua loads this input, whose `#` line is already gone, as a binary chunk. */
export function isBinaryChunk(bytes: Uint8Array): boolean {
  return bytes[0] === BINARY_MARK;
}

/** What an input is, a `#` line at its beginning being skipped. Damage further in is not noticed. */
export function chunkKind(bytes: Uint8Array, origin: Origin = "file"): ChunkKind {
  const content = skipFirstLine(bytes, origin);
  if (isBinaryChunk(content)) return binaryKind(content);
  return isImage(content) ? "image" : "source";
}

function binaryKind(bytes: Uint8Array): ChunkKind {
  if (!startsWith(bytes, LUA_SIGNATURE)) return "binary";
  const [version, format] = bytes.subarray(LUA_SIGNATURE.length);
  if (version === VERSION_51) return "lc51";
  if (version !== VERSION_53) return "binary";
  return format === FORMAT_53_IMAGE ? "image" : "lc53";
}

/** A compressed image, or an absolute one: its word FAFAA150 (Lua 5.1) or FAFAA250 with flags. */
function isImage(bytes: Uint8Array): boolean {
  if (startsWith(bytes, GZIP_SIGNATURE)) return true;
  const [flags, version, high, highest] = bytes;
  return (
    highest === 0xfa &&
    high === 0xfa &&
    (version === 0xa1 || version === 0xa2) &&
    (flags & 0xf0) === 0x50
  );
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

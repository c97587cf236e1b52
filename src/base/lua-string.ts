/**
 * Lua strings. A Lua string is a run of bytes; here it is a JavaScript string whose units are
 * all 0–255, one unit per byte. Text that comes from people (file names, options) enters through
 * {@link fromText}, bytes through {@link fromBytes}.
 */

/** A JavaScript string of units 0–255, each standing for one byte. */
export type LuaString = string;

/** `String.fromCharCode` is called with at most this many arguments at a time. */
const CHUNK = 4096;
/** Below this length units are put together by hand, which is faster than a call. */
const SHORT = 32;
/** What a decoder puts where bytes are not UTF-8. */
const REPLACEMENT = "\uFFFD";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The Lua string that holds `bytes[start…end)`. */
export function fromBytes(bytes: Uint8Array, start = 0, end = bytes.length): LuaString {
  if (end - start < SHORT) return fromFewBytes(bytes, start, end);
  const part = bytes.subarray(start, end);
  return fromAscii(part) ?? fromManyBytes(part);
}

/** The Lua string that holds the bytes if all are below 128, and undefined if not. */
export function fromAscii(bytes: Uint8Array): LuaString | undefined {
  const text = decoder.decode(bytes);
  // Each byte became a unit of its own, and none was replaced.
  return text.length === bytes.length && !text.includes(REPLACEMENT) ? text : undefined;
}

function fromManyBytes(bytes: Uint8Array): LuaString {
  let text = "";
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const part = bytes.subarray(from, from + CHUNK);
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return text;
}

function fromFewBytes(b: Uint8Array, start: number, end: number): LuaString {
  let text = "";
  let at = start;
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(b[at], b[at + 1], b[at + 2], b[at + 3]);
  }
  for (; at < end; at++) text += String.fromCharCode(b[at]);
  return text;
}

/** Whether a value is an array of bytes, of whichever realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** The bytes of a Lua string. */
export function toBytes(text: LuaString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The Lua string that holds ordinary text, encoded as UTF-8. */
export function fromText(text: string): LuaString {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) return fromBytes(new TextEncoder().encode(text));
  }
  return text;
}

/** A Lua string read as UTF-8, for showing to people; bytes that are not UTF-8 become U+FFFD. */
export function toText(text: LuaString): string {
  return decoder.decode(toBytes(text));
}

/** A Lua string as C's `%s` prints it: up to its first NUL. */
export function untilNul(text: LuaString): LuaString {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

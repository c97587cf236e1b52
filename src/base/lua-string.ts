/**
 * Lua strings. A Lua string is a run of bytes; here it is a JavaScript string whose units are
 * all 0–255, one unit per byte. Text that comes from people (file names, options) enters through
 * {@link fromText}, bytes through {@link fromBytes}.
 */

/** A JavaScript string of units 0–255, each standing for one byte. */
export type LuaString = string;

/** `String.fromCharCode` is called with at most this many arguments at a time. */
const CHUNK = 4096;

/** The Lua string that holds `bytes[start…end)`. */
export function fromBytes(bytes: Uint8Array, start = 0, end = bytes.length): LuaString {
  if (end - start <= CHUNK) {
    return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  }
  let text = "";
  for (let from = start; from < end; from += CHUNK) {
    const part = bytes.subarray(from, Math.min(from + CHUNK, end));
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return text;
}

/** The bytes of a Lua string. */
export function toBytes(text: LuaString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The Lua string that holds ordinary text, encoded as UTF-8. */
export function fromText(text: string): LuaString {
  return fromBytes(new TextEncoder().encode(text));
}

/** A Lua string read as UTF-8, for showing to people; bytes that are not UTF-8 become U+FFFD. */
export function toText(text: LuaString): string {
  return new TextDecoder().decode(toBytes(text));
}

/** A Lua string as C's `%s` prints it: up to its first NUL. */
export function untilNul(text: LuaString): LuaString {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

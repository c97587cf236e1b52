/** How a chunk's name is shown in front of a message. Source: lua51.md §2.3. */
import { type LuaString, untilNul } from "../base/lua-string.ts";

/** Bytes that `...` and quotes take from the room of a file name. */
const FILE_MARGIN = 8;
/** Bytes that `[string "..."]` takes from the room of a text. */
const TEXT_MARGIN = 17;

/**
 * `=name` is shown as it is, `@file` by its end when it is long, anything else as the first line
 * of a text.
 * @param size room for the id in bytes, C's terminator included
 */
export function chunkId(chunkName: LuaString, size: number): LuaString {
  const name = untilNul(chunkName);
  if (name.startsWith("=")) return name.slice(1, size);
  if (name.startsWith("@")) {
    const room = size - FILE_MARGIN;
    const file = name.slice(1);
    return file.length > room ? `...${file.slice(-room)}` : file;
  }
  const room = size - TEXT_MARGIN;
  const line = name.slice(0, room).split(/[\n\r]/, 1)[0];
  return `[string "${line}${line.length < name.length ? "..." : ""}"]`;
}

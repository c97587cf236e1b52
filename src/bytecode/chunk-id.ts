/** How a chunk's name is shown in front of a message. Source: lua51.md §2.3. */
import { type LuaString, untilNul } from "../base/lua-string.ts";

/** How a chunk's name is shown in messages; all numbers are bytes. */
export interface ChunkIdRoom {
  /** The whole, C's terminator included. */
  readonly size: number;
  /** The longest file name shown whole, and what is shown of a longer one's end. */
  readonly file: number;
  readonly fileEnd: number;
  /** The longest text shown whole, and what is shown of a longer one's start. */
  readonly text: number;
  readonly textStart: number;
  /** The bytes that end the first line of a text. */
  readonly lineEnds: string;
}

/**
 * `=name` is shown as it is, `@file` by its end when it is long, anything else as the first line
 * of a text.
 */
export function chunkId(chunkName: LuaString, room: ChunkIdRoom): LuaString {
  const name = untilNul(chunkName);
  if (name.startsWith("=")) return name.slice(1, room.size);
  if (name.startsWith("@")) {
    const file = name.slice(1);
    return file.length > room.file ? `...${file.slice(-room.fileEnd)}` : file;
  }
  const end = [...name].findIndex((byte) => room.lineEnds.includes(byte));
  if (end < 0 && name.length <= room.text) return `[string "${name}"]`;
  const line = end < 0 ? name : name.slice(0, end);
  return `[string "${line.slice(0, room.textStart)}..."]`;
}

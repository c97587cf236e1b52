/**
 * The smallest pieces of a Lua 5.1 `.lc` file, written and read: ints, strings, lists, and the
 * refusal of what is damaged. Source: lua51.md §5.2; see `lc51.ts` for the whole.
 *
 *     int    = 4 bytes, signed, never negative
 *     string = int byte* 00                    the int counts the 00 too; 0: absent
 *     list   = int item*
 */
import type { ByteReader } from "../base/byte-reader.ts";
import type { ByteWriter } from "../base/byte-writer.ts";
import { ChunkError, EncodeError, type ErrorCode } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import { messageName } from "../bytecode/chunk-name.ts";

/** An int above this is not written: the reference keeps one step away from the type's limit. */
const MAX_WRITTEN_INT = 0x7ffffffe;

/** A chunk that is being read. */
export interface ChunkInput {
  readonly reader: ByteReader;
  /** Its name, for messages. */
  readonly chunkName: LuaString;
}

/** @throws {EncodeError} `number` for the greatest int of all */
export function writeInt(writer: ByteWriter, value: number): void {
  if (value > MAX_WRITTEN_INT) {
    throw new EncodeError("number", "value too big or small for target integer type");
  }
  writer.int32(value);
}

/** @param field what is read, for the error */
export function readInt(input: ChunkInput, field: string): number {
  const { reader } = input;
  reader.field = field;
  const value = reader.int32();
  if (value < 0) refuse(input, "chunk-integer", "bad integer", reader.offset - 4);
  return value;
}

/** @param text null: absent */
export function writeString(writer: ByteWriter, text: LuaString | null): void {
  if (text === null) {
    writer.int32(0);
    return;
  }
  writer.int32(text.length + 1);
  writer.text(text);
  writer.byte(0);
}

/** The string, or null if it is absent. Its last byte is dropped, 00 or not. */
export function readString(input: ChunkInput, field: string): LuaString | null {
  const { reader } = input;
  reader.field = field;
  const size = reader.int32();
  if (size === 0) return null;
  // The reference takes a negative size for an enormous one and fails to find the memory.
  if (size < 0) {
    throw new ChunkError("chunk-integer", "not enough memory", reader.offset - 4, field);
  }
  const text = reader.text(size - 1);
  reader.byte();
  return text;
}

/** A count, and that many items. Nothing is set aside for items that may not be there. */
export function readList<T>(input: ChunkInput, field: string, readItem: () => T): T[] {
  const items: T[] = [];
  for (let left = readInt(input, field); left > 0; left--) items.push(readItem());
  return items;
}

/** @throws {ChunkError} always; the place is where the reader is, unless `offset` says otherwise */
export function refuse(
  { reader, chunkName }: ChunkInput,
  code: ErrorCode,
  why: string,
  offset = reader.offset,
): never {
  const message = `${messageName(chunkName)}: ${why} in precompiled chunk`;
  throw new ChunkError(code, message, offset, reader.field);
}

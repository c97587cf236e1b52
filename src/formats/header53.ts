/**
 * The header of Lua 5.3 files, which `.lc` files and compact images share. Source: lua53.md §3.2,
 * §3.3.
 *
 *     header = ESC "Lua" 53                    signature, version
 *              format                          0a: `.lc` file, 0b: image
 *              19 93 0d 0a 1a 0a               shows that nothing translated the line ends
 *              04 04 size size                 bytes of an int, an instruction, an integer, a float
 *              20 float                        370.5
 */

import type { ByteReader } from "../base/byte-reader.ts";
import type { ByteWriter } from "../base/byte-writer.ts";
import type { ErrorCode } from "../base/errors.ts";
import { LuaFloat } from "../base/number-model.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";
import type { Target } from "../target/target.ts";
import { Tag53 } from "./fields53.ts";

export const FORMAT_CHUNK = 10;
export const FORMAT_IMAGE = 11;

const LUA = Uint8Array.of(0x4c, 0x75, 0x61);
const LINE_END_CHECK = Uint8Array.of(0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a);
const WORD_SIZE = 4;
/** Offset of the two sizes that depend on the target. */
const NUMBER_SIZES_AT = 14;
const SAMPLE = 370.5;

export interface HeaderInput {
  readonly reader: ByteReader;
  readonly target: Target;
  readonly refuse: (code: ErrorCode, why: string, offset?: number) => never;
}

export function writeHeader(
  writer: ByteWriter,
  { dialect, numbers }: Target,
  format: number,
): void {
  writer.byte(BINARY_MARK);
  writer.raw(LUA);
  writer.byte(dialect.chunkVersion);
  writer.byte(format);
  writer.raw(LINE_END_CHECK);
  writer.byte(WORD_SIZE);
  writer.byte(WORD_SIZE);
  writer.byte(numbers.integerSize);
  writer.byte(numbers.size);
  writer.byte(Tag53.Float);
  numbers.write(writer, new LuaFloat(SAMPLE));
}

/** Checks what follows the ESC, in the reference's order and with its words. */
export function readHeader(input: HeaderInput, format: number): void {
  const { reader, target } = input;
  const { numbers } = target;
  reader.field = "signature";
  expectBytes(input, LUA, "not a");
  reader.field = "version";
  expectByte(input, target.dialect.chunkVersion, "version mismatch in");
  expectByte(input, format, "format mismatch in");
  reader.field = "check of line ends";
  expectBytes(input, LINE_END_CHECK, "corrupted");
  reader.field = "sizes";
  expectByte(input, WORD_SIZE, "int size mismatch in");
  expectByte(input, WORD_SIZE, "Instruction size mismatch in");
  expectByte(input, numbers.integerSize, "lua_Integer size mismatch in");
  expectByte(input, numbers.size, "lua_Number size mismatch in");
  reader.field = "sample float";
  // Its tag is not looked at.
  reader.byte();
  const start = reader.offset;
  const sample = numbers.read(reader);
  if (!(sample instanceof LuaFloat) || sample.value !== SAMPLE) {
    input.refuse("chunk-header", "float format mismatch in", start);
  }
}

/** The sizes of integers and floats that a file names; undefined where it ends before. */
export function numberSizes(file: Uint8Array): {
  readonly integerSize: number | undefined;
  readonly floatSize: number | undefined;
} {
  return { integerSize: file[NUMBER_SIZES_AT], floatSize: file[NUMBER_SIZES_AT + 1] };
}

/** All bytes are there before one is looked at. */
export function expectBytes(input: HeaderInput, wanted: ArrayLike<number>, why: string): void {
  const start = input.reader.offset;
  const found = input.reader.raw(wanted.length);
  const wrong = found.findIndex((byte, i) => byte !== wanted[i]);
  if (wrong >= 0) input.refuse("chunk-header", why, start + wrong);
}

function expectByte(input: HeaderInput, wanted: number, why: string): void {
  const start = input.reader.offset;
  if (input.reader.byte() !== wanted) input.refuse("chunk-header", why, start);
}

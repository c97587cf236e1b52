/**
 * The `.lc` file of Lua 5.1, as luac.cross writes it and the firmware loads it.
 * Source: lua51.md §5 (layout), §6.4 (what a loader accepts).
 *
 *     file      = header function              whatever follows is ignored
 *     header    = ESC "Lua" 51 00              signature, version, format
 *                 order                        01: little-endian
 *                 04 04 04                     bytes of an int, a string size, an instruction
 *                 size kind                    bytes of a number; 00: floats, 01: integers
 *     function  = string                       source; absent: as in the enclosing function
 *                 int int                      lines where it begins and ends
 *                 byte byte byte byte          upvalues, parameters, vararg flags, registers
 *                 code constants functions lines locals upvalues
 *     code      = int align word*              words: 4 bytes each
 *     constants = int constant*
 *     constant  = 00                           nil
 *               | 01 byte                      boolean
 *               | numberTag number             the tags depend on the firmware's generation
 *               | stringTag string
 *     functions = int function*
 *     lines     = int align byte*              packed line info up to its 00; counted in bytes
 *     locals    = int (string int int)*        name, first pc, pc after the last
 *     upvalues  = int string*                  names
 *     string    = int byte* 00                 the int counts the 00 too; 0: absent
 *     int       = 4 bytes, signed, never negative
 *     align     = 00*                          until the offset in the file is a multiple of 4
 *
 * A stripped file has no sources, lines, locals and upvalue names.
 */
import { ByteReader } from "../base/byte-reader.ts";
import { ByteWriter } from "../base/byte-writer.ts";
import { EncodeError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import type { Constant, LuaNumber } from "../base/number-model.ts";
import { NO_SOURCE } from "../bytecode/chunk-name.ts";
import { describeComplaint } from "../bytecode/complaint.ts";
import type { LocalVariable, Proto } from "../bytecode/proto.ts";
import { verifyProto51 } from "../bytecode/verify51.ts";
import type { Target } from "../target/target.ts";
import {
  type ChunkInput,
  readInt,
  readList,
  readString,
  refuse,
  writeInt,
  writeString,
} from "./fields51.ts";

/** The header up to the byte order: signature, version, format. */
const SIGNATURE = [0x1b, 0x4c, 0x75, 0x61, 0x51, 0x00];
const LITTLE_ENDIAN = 1;
/** Bytes of an int, of a string size and of an instruction. */
const WORD_SIZES = [4, 4, 4];
const HEADER_SIZE = 12;
/** Offsets of header bytes that are looked at one by one. */
const ORDER_AT = 6;
const NUMBER_SIZE_AT = 10;
const NUMBER_KIND_AT = 11;

const TAG_NIL = 0;
const TAG_BOOLEAN = 1;

/** Functions within one another, main function included. */
const MAX_DEPTH = 199;

export interface EncodeOptions51 {
  readonly target: Target;
  /** Leave out sources, line info and names. */
  readonly strip: boolean;
}

export interface DecodeOptions51 {
  readonly target: Target;
  /** Name of the chunk, for messages; begins with `@` or `=` when it is not the text itself. */
  readonly chunkName: LuaString;
}

interface Output extends EncodeOptions51 {
  readonly writer: ByteWriter;
}

interface Input extends ChunkInput {
  readonly target: Target;
  /** Bytes of each number if they are integers to be converted; null for the target's own numbers. */
  readonly integerSize: number | null;
}

/**
 * The `.lc` file that holds a main function and all within it.
 *
 * @throws {EncodeError} `number` when a value does not fit the target, or its place in the file
 */
export function encodeChunk51(proto: Proto, options: EncodeOptions51): Uint8Array {
  const { target, strip } = options;
  const writer = new ByteWriter(roughSize(proto));
  writeHeader(writer, target);
  writeFunction({ writer, target, strip }, proto, null);
  return writer.finish();
}

/**
 * The main function of a binary chunk. Accepts more than is written: the other byte order, and
 * integer numbers for a target with floats. The code of every function is checked.
 *
 * @param bytes the chunk from its ESC on; bytes after its end are ignored
 * @throws {ChunkError} with the reference's message, when it is not such a chunk or is damaged
 */
export function decodeChunk51(bytes: Uint8Array, options: DecodeOptions51): Proto {
  const { target, chunkName } = options;
  const reader = new ByteReader(bytes, (at) =>
    refuse({ reader: at, chunkName }, "chunk-truncated", "unexpected end"),
  );
  const integerSize = readHeader(reader, options);
  return readFunction({ reader, target, chunkName, integerSize }, NO_SOURCE, 1);
}

/** About how many bytes a function takes, so that the writer seldom has to grow. */
function roughSize(proto: Proto): number {
  let size = 64 + proto.code.length * 4 + proto.constants.length * 16 + proto.lineInfo.length;
  for (const nested of proto.protos) size += roughSize(nested);
  return size;
}

function writeHeader(writer: ByteWriter, target: Target): void {
  for (const byte of SIGNATURE) writer.byte(byte);
  writer.byte(LITTLE_ENDIAN);
  for (const size of WORD_SIZES) writer.byte(size);
  writer.byte(target.numbers.size);
  writer.byte(numberKind(target));
}

/**
 * Sets the reader's byte order.
 *
 * @returns the size of integers to be converted, or null if numbers are the target's own
 */
function readHeader(reader: ByteReader, options: DecodeOptions51): number | null {
  const header = reader.raw(HEADER_SIZE);
  const expect = (at: number, wanted: readonly number[], field: string): void => {
    const wrong = wanted.findIndex((byte, i) => header[at + i] !== byte);
    if (wrong < 0) return;
    reader.field = field;
    refuse({ reader, ...options }, "chunk-header", "bad header", at + wrong);
  };
  expect(0, SIGNATURE.slice(0, 4), "signature");
  expect(4, SIGNATURE.slice(4), "version");
  expect(7, WORD_SIZES, "word sizes");
  reader.bigEndian = header[ORDER_AT] !== LITTLE_ENDIAN;
  // Read as a signed char, any kind above the target's own means integers.
  const kind = (header[NUMBER_KIND_AT] << 24) >> 24;
  const own = numberKind(options.target);
  if (kind > own) return header[NUMBER_SIZE_AT];
  expect(NUMBER_KIND_AT, [own], "kind of numbers");
  return null;
}

function numberKind(target: Target): number {
  return target.numbers.integral ? 1 : 0;
}

/** @param parentSource source of the enclosing function, or null for the main function */
function writeFunction(output: Output, proto: Proto, parentSource: LuaString | null): void {
  const { writer } = output;
  const { source } = proto;
  writeString(writer, output.strip || source === parentSource ? null : source);
  writeInt(writer, proto.lineDefined);
  writeInt(writer, proto.lastLineDefined);
  writeByte(writer, proto.upvalueCount, "upvalue count");
  writeByte(writer, proto.parameterCount, "parameter count");
  writeByte(writer, proto.varargFlags, "vararg flags");
  writeByte(writer, proto.maxStackSize, "number of registers");
  writeCode(writer, proto.code);
  writeConstants(output, proto);
  writeInt(writer, proto.protos.length);
  for (const nested of proto.protos) writeFunction(output, nested, source);
  if (output.strip) writeNoDebug(writer);
  else writeDebug(writer, proto);
}

/** @param name what is written, for the error */
function writeByte(writer: ByteWriter, value: number, name: string): void {
  if (value !== (value & 0xff)) {
    throw new EncodeError("number", `${name} must be an integer from 0 to 255, not ${value}`);
  }
  writer.byte(value);
}

/** @param depth functions that are open, this one included */
function readFunction(input: Input, parentSource: LuaString, depth: number): Proto {
  const { reader } = input;
  const start = reader.offset;
  if (depth > MAX_DEPTH) {
    reader.field = "function";
    refuse(input, "chunk-depth", "code too deep");
  }
  const source = readString(input, "source") ?? parentSource;
  const lineDefined = readInt(input, "line defined");
  const lastLineDefined = readInt(input, "last line defined");
  reader.field = "function header";
  const upvalueCount = reader.byte();
  const parameterCount = reader.byte();
  const varargFlags = reader.byte();
  const maxStackSize = reader.byte();
  const code = readCode(input);
  const codeStart = reader.offset - code.length * 4;
  // The calls below read on in the order of the file.
  const proto: Proto = {
    source,
    lineDefined,
    lastLineDefined,
    upvalueCount,
    upvalueSources: [],
    parameterCount,
    varargFlags,
    maxStackSize,
    code,
    constants: readConstants(input),
    protos: readList(input, "function count", () => readFunction(input, source, depth + 1)),
    lineInfo: readLineInfo(input),
    locals: readList(input, "local count", () => readLocal(input)),
    upvalueNames: readList(input, "upvalue count", () => readString(input, "upvalue name")),
  };
  checkCode(input, proto, start, codeStart);
  return proto;
}

/** @param start offset of the function; @param codeStart offset of its first instruction */
function checkCode(input: Input, proto: Proto, start: number, codeStart: number): void {
  const complaint = verifyProto51(proto);
  if (complaint === undefined) return;
  input.reader.field = describeComplaint(complaint);
  const offset = complaint.pc < 0 ? start : codeStart + complaint.pc * 4;
  refuse(input, "chunk-code", "bad code", offset);
}

function writeCode(writer: ByteWriter, code: Int32Array): void {
  writeInt(writer, code.length);
  writer.align(4);
  writer.words(code);
}

function readCode(input: Input): Int32Array {
  const { reader } = input;
  const count = readInt(input, "code size");
  reader.align(4);
  reader.field = "code";
  const bytes = reader.raw(count * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const code = new Int32Array(count);
  for (let pc = 0; pc < count; pc++) code[pc] = view.getInt32(pc * 4, !reader.bigEndian);
  return code;
}

function writeConstants(output: Output, proto: Proto): void {
  const { writer, target } = output;
  const { constants } = proto;
  writeInt(writer, constants.length);
  for (let index = 0; index < constants.length; index++) {
    const constant = constants[index];
    if (typeof constant === "string") {
      writer.byte(target.wire.stringTag);
      writeString(writer, constant);
    } else if (constant === null) {
      writer.byte(TAG_NIL);
    } else if (typeof constant === "boolean") {
      writer.byte(TAG_BOOLEAN);
      writer.byte(constant ? 1 : 0);
    } else {
      writer.byte(target.wire.numberTag);
      writeNumber(output, constant, proto.lineDefined, index);
    }
  }
}

function writeNumber(output: Output, value: LuaNumber, lineDefined: number, index: number): void {
  try {
    output.target.numbers.write(output.writer, value);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new EncodeError(error.code, error.message, { lineDefined, constant: index });
  }
}

function readConstants(input: Input): Constant[] {
  return readList(input, "constant count", () => readConstant(input));
}

function readConstant(input: Input): Constant {
  const { reader, target } = input;
  reader.field = "constant";
  const tag = reader.byte();
  switch (tag) {
    case TAG_NIL:
      return null;
    case TAG_BOOLEAN:
      return reader.byte() !== 0;
    case target.wire.numberTag:
      return readNumber(input);
    case target.wire.stringTag:
      // A constant that is an absent string would crash whoever uses it.
      return readString(input, "constant") ?? refuseConstant(input, reader.offset - 4);
    default:
      return refuseConstant(input, reader.offset - 1);
  }
}

function refuseConstant(input: Input, offset: number): never {
  return refuse(input, "chunk-constant", "bad constant", offset);
}

function readNumber(input: Input): LuaNumber {
  const { reader, target, integerSize } = input;
  switch (integerSize) {
    case null:
      return target.numbers.read(reader);
    case 1:
    case 2:
    case 4:
    case 8:
      return target.numbers.fromInteger(reader.signed(integerSize));
    default:
      // Only now: a chunk without numbers loads whatever their size.
      reader.field = "size of numbers";
      return refuse(input, "chunk-header", "bad header", NUMBER_SIZE_AT);
  }
}

function writeNoDebug(writer: ByteWriter): void {
  writer.int32(0);
  writer.align(4);
  writer.int32(0);
  writer.int32(0);
}

function writeDebug(writer: ByteWriter, proto: Proto): void {
  writeInt(writer, proto.lineInfo.length);
  writer.align(4);
  writer.raw(proto.lineInfo);
  writeInt(writer, proto.locals.length);
  for (const local of proto.locals) {
    writeString(writer, local.name);
    writeInt(writer, local.startPc);
    writeInt(writer, local.endPc);
  }
  writeInt(writer, proto.upvalueNames.length);
  for (const name of proto.upvalueNames) writeString(writer, name);
}

/** Line info is kept up to its first 00, which is added if there is none. */
function readLineInfo(input: Input): Uint8Array {
  const { reader } = input;
  const count = readInt(input, "line info size");
  reader.align(4);
  reader.field = "line info";
  const bytes = reader.raw(count);
  const end = bytes.indexOf(0);
  const kept = end < 0 ? bytes : bytes.subarray(0, end);
  const lineInfo = new Uint8Array(count === 0 ? 0 : kept.length + 1);
  lineInfo.set(kept);
  return lineInfo;
}

function readLocal(input: Input): LocalVariable {
  return {
    name: readString(input, "name of local"),
    startPc: readInt(input, "first pc of local"),
    endPc: readInt(input, "last pc of local"),
  };
}

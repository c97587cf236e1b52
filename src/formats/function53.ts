/**
 * Functions in Lua 5.3 files. Source: lua53.md §3.2 (`.lc`), §4.1 (images). The two kinds of file
 * differ in how a string is written, which whoever uses this says; see `fields53.ts` for the rest.
 *
 *     function  = string                       source; absent: as in the enclosing function
 *                 int int                      lines where it begins and ends
 *                 byte byte byte               parameters, vararg flag, registers
 *                 functions code constants upvalues lines locals
 *     functions = int function*
 *     code      = int word*                    words: 4 bytes each
 *     constants = int constant*
 *     constant  = 0t                           nil; t: a tag in bits 4-6, see Tag53
 *               | 10 | 11                      false, true
 *               | 20 float                     4 or 8 bytes
 *               | tagged                       integer: tag 3 or 4
 *               | string                       tag 5 or 6
 *     upvalues  = named int upvalue*
 *     named     = byte                         1: the names are there; 0 in stripped files
 *     upvalue   = [ string ] byte byte         name; 1: a local of the enclosing function; index
 *     lines     = int byte*                    packed line info with its 00
 *     locals    = int (string int int)*        name, first pc, pc after the last
 *
 * A stripped file has no locals and no names of upvalues; sources and lines stay.
 */
import type { ByteReader } from "../base/byte-reader.ts";
import type { ByteWriter } from "../base/byte-writer.ts";
import { EncodeError, type ErrorCode } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import { type Constant, LuaFloat, type LuaNumber } from "../base/number-model.ts";
import { describeComplaint, describeFault } from "../bytecode/complaint.ts";
import type { LocalVariable, Proto, UpvalueSource } from "../bytecode/proto.ts";
import { verifyProto53 } from "../bytecode/verify53.ts";
import type { Target } from "../target/target.ts";
import {
  readInt,
  readTagged,
  readTaggedLong,
  TAG_MASK,
  Tag53,
  writeInt,
  writeTagged,
} from "./fields53.ts";

/** Functions within one another: what the compiler allows, and many a combination around. */
const MAX_DEPTH = 500;

export interface FunctionOutput {
  readonly writer: ByteWriter;
  readonly target: Target;
  /** Leave out names. */
  readonly strip: boolean;
  readonly writeText: (text: LuaString | null) => void;
}

export interface ReadFunction {
  readonly proto: Proto;
  /** Offset of its first instruction. */
  readonly codeStart: number;
}

export interface FunctionInput {
  readonly reader: ByteReader;
  readonly target: Target;
  /** Reads a string of which the first byte is read already; null: absent. */
  readonly readText: (first: number) => LuaString | null;
  /** Throws; the place is where the reader is, unless `offset` says otherwise. */
  readonly refuse: (code: ErrorCode, why: string, offset?: number) => never;
  /** Told of what the reference's loader takes without a look; it may throw or keep it for later. */
  readonly suspect: (code: ErrorCode, why: string, offset: number) => void;
  /** Told of each function when it is read, the nested ones first, to have their code checked. */
  readonly onFunction: (read: ReadFunction) => void;
  /** Told whether a function has names of upvalues written. */
  readonly onNamed?: (named: boolean) => void;
}

/** @param parentSource source of the enclosing function; equal ones are left out */
export function writeFunction(output: FunctionOutput, proto: Proto, parentSource: LuaString): void {
  const { writer, writeText } = output;
  const { source, protos, code, lineInfo } = proto;
  writeText(source === parentSource ? null : source);
  writeInt(writer, proto.lineDefined);
  writeInt(writer, proto.lastLineDefined);
  writeByte(writer, proto.parameterCount, "parameter count");
  writeByte(writer, proto.varargFlags, "vararg flags");
  writeByte(writer, proto.maxStackSize, "number of registers");
  writeInt(writer, protos.length);
  for (const nested of protos) writeFunction(output, nested, source);
  writeInt(writer, code.length);
  writer.words(code);
  writeConstants(output, proto);
  writeUpvalues(output, proto);
  writeInt(writer, lineInfo.length);
  writer.raw(lineInfo);
  writeLocals(output, proto);
}

/**
 * @param parentSource source of the enclosing function
 * @param depth functions that are open, this one included
 */
export function readFunction(input: FunctionInput, parentSource: LuaString, depth = 1): Proto {
  const { reader } = input;
  reader.field = "function";
  if (depth > MAX_DEPTH) input.refuse("chunk-depth", "functions nested too deeply in");
  const source = readText(input, "source") ?? parentSource;
  const lineDefined = readCount(input, "line defined");
  const lastLineDefined = readCount(input, "last line defined");
  reader.field = "function header";
  const parameterCount = reader.byte();
  const varargFlags = reader.byte();
  const maxStackSize = reader.byte();
  const protos = readList(input, "function count", () => readFunction(input, source, depth + 1));
  const code = readCode(input);
  const codeStart = reader.offset - code.length * 4;
  const constants = readList(input, "constant count", () => readConstant(input));
  const { upvalueSources, upvalueNames } = readUpvalues(input);
  const proto: Proto = {
    source,
    lineDefined,
    lastLineDefined,
    upvalueCount: upvalueSources.length,
    upvalueSources,
    parameterCount,
    varargFlags,
    maxStackSize,
    code,
    constants,
    protos,
    // The calls below read on in the order of the file.
    lineInfo: readLineInfo(input),
    locals: readList(input, "local count", () => readLocal(input)),
    upvalueNames,
  };
  input.onFunction({ proto, codeStart });
  return proto;
}

/** @param name what is written, for the error */
export function writeByte(writer: ByteWriter, value: number, name: string): void {
  if (value !== (value & 0xff)) {
    throw new EncodeError("number", `${name} must be an integer from 0 to 255, not ${value}`);
  }
  writer.byte(value);
}

function readText(input: FunctionInput, field: string): LuaString | null {
  input.reader.field = field;
  return input.readText(input.reader.byte());
}

function readCount({ reader }: FunctionInput, field: string): number {
  reader.field = field;
  return readInt(reader);
}

/** A count, and that many items. Nothing is set aside for items that may not be there. */
function readList<T>(input: FunctionInput, field: string, readItem: () => T): T[] {
  const items: T[] = [];
  for (let left = readSize(input, field); left > 0; left--) items.push(readItem());
  return items;
}

function readSize(input: FunctionInput, field: string): number {
  const start = input.reader.offset;
  const size = readCount(input, field);
  if (size < 0) input.refuse("chunk-integer", NO_MEMORY, start);
  return size;
}

/** The reference takes a negative size for an enormous one, and fails to find the memory. */
export const NO_MEMORY = "not enough memory";

function readCode(input: FunctionInput): Int32Array {
  const { reader } = input;
  const count = readSize(input, "code size");
  reader.field = "code";
  const bytes = reader.raw(count * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const code = new Int32Array(count);
  for (let pc = 0; pc < count; pc++) code[pc] = view.getInt32(pc * 4, true);
  return code;
}

const NO_INDEX = -1;

function writeConstants(output: FunctionOutput, { constants, lineDefined }: Proto): void {
  writeInt(output.writer, constants.length);
  for (let index = 0; index < constants.length; index++) {
    writeConstant(output, constants[index], lineDefined, index);
  }
}

/**
 * @param lineDefined line of the constant's function, for the error
 * @param index the constant's place in it; none when it is no function's
 */
export function writeConstant(
  output: FunctionOutput,
  constant: Constant,
  lineDefined = 0,
  index = NO_INDEX,
): void {
  const { writer, target } = output;
  if (typeof constant === "string") {
    output.writeText(constant);
  } else if (constant === null) {
    writer.byte(Tag53.Nil);
  } else if (typeof constant === "boolean") {
    writer.byte(Tag53.Boolean | (constant ? 1 : 0));
  } else if (constant instanceof LuaFloat) {
    writer.byte(Tag53.Float);
    target.numbers.write(writer, constant);
  } else {
    writeInteger(output, constant, lineDefined, index);
  }
}

/** @throws {EncodeError} `number` when it is not one of the target's integers */
function writeInteger(
  { writer, target }: FunctionOutput,
  value: number | bigint,
  lineDefined: number,
  index: number,
): void {
  if (!isInteger(value, target.numbers.integerSize)) {
    const place = index === NO_INDEX ? undefined : { lineDefined, constant: index };
    throw new EncodeError("number", "value too big or small for target integer type", place);
  }
  writeTagged(writer, Tag53.Integer, value);
}

function isInteger(value: number | bigint, size: number): boolean {
  if (typeof value === "bigint") return size === 8 && BigInt.asIntN(64, value) === value;
  return size === 8 ? Number.isSafeInteger(value) : (value | 0) === value;
}

function readConstant(input: FunctionInput): Constant {
  const { reader } = input;
  reader.field = "constant";
  const start = reader.offset;
  const first = reader.byte();
  switch (first & TAG_MASK) {
    case Tag53.Nil:
      return null;
    case Tag53.Boolean:
      return first !== Tag53.Boolean;
    case Tag53.Float:
      return input.target.numbers.read(reader);
    case Tag53.Integer:
    case Tag53.Negative:
      return readInteger(input, first);
    case Tag53.ShortString:
    case Tag53.LongString:
      // A constant that is an absent string would crash whoever uses it.
      return input.readText(first) ?? badConstant(input, start);
    default:
      return badConstant(input, start);
  }
}

function badConstant(input: FunctionInput, offset: number): null {
  input.suspect("chunk-constant", "bad constant in", offset);
  return null;
}

/** An integer constant, or another that is written like one. */
export function readInteger({ reader, target }: FunctionInput, first: number): LuaNumber {
  if (target.numbers.integerSize !== 8) return readTagged(reader, first);
  const { high, low } = readTaggedLong(reader, first);
  const value = high * 2 ** 32 + (low >>> 0);
  if (Number.isSafeInteger(value)) return value;
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function writeUpvalues(output: FunctionOutput, proto: Proto): void {
  const { writer, strip } = output;
  const { upvalueSources, upvalueNames } = proto;
  writer.byte(strip ? 0 : 1);
  writeInt(writer, upvalueSources.length);
  for (let i = 0; i < upvalueSources.length; i++) {
    const { inStack, index, inStackByte = Number(inStack) } = upvalueSources[i];
    if (!strip) output.writeText(i < upvalueNames.length ? upvalueNames[i] : null);
    writeByte(writer, inStackByte, "place of an upvalue");
    writeByte(writer, index, "index of an upvalue");
  }
}

/** Any byte but 0 counts as 1, and is written as it was. */
export function upvalueSource(inStackByte: number, index: number): UpvalueSource {
  const source = { inStack: inStackByte !== 0, index };
  return inStackByte > 1 ? { ...source, inStackByte } : source;
}

function readUpvalues(input: FunctionInput): Pick<Proto, "upvalueSources" | "upvalueNames"> {
  const { reader } = input;
  reader.field = "upvalues";
  const named = reader.byte() !== 0;
  input.onNamed?.(named);
  const upvalueSources: UpvalueSource[] = [];
  const upvalueNames: (LuaString | null)[] = [];
  for (let left = readSize(input, "upvalue count"); left > 0; left--) {
    if (named) upvalueNames.push(readText(input, "name of upvalue"));
    reader.field = "upvalue";
    upvalueSources.push(upvalueSource(reader.byte(), reader.byte()));
  }
  const someNamed = upvalueNames.some((name) => name !== null);
  return { upvalueSources, upvalueNames: someNamed ? upvalueNames : [] };
}

function readLineInfo(input: FunctionInput): Uint8Array {
  const count = readSize(input, "line info size");
  input.reader.field = "line info";
  return new Uint8Array(input.reader.raw(count));
}

function writeLocals(output: FunctionOutput, { locals }: Proto): void {
  const { writer, strip } = output;
  writeInt(writer, strip ? 0 : locals.length);
  if (strip) return;
  for (const local of locals) {
    output.writeText(local.name);
    writeInt(writer, local.startPc);
    writeInt(writer, local.endPc);
  }
}

function readLocal(input: FunctionInput): LocalVariable {
  return {
    name: readText(input, "name of local"),
    startPc: readCount(input, "first pc of local"),
    endPc: readCount(input, "last pc of local"),
  };
}

/** An instruction that the code checker refuses. */
export interface RefusedCode {
  readonly offset: number;
  /** With the instruction. */
  readonly reason: string;
  /** The same with the function it is in. */
  readonly fault: string;
}

/** The first one in functions that were read; undefined when all is well. */
export function firstRefusedCode(functions: readonly ReadFunction[]): RefusedCode | undefined {
  for (const { proto, codeStart } of functions) {
    const complaint = verifyProto53(proto);
    if (complaint === undefined) continue;
    const offset = codeStart + Math.max(complaint.pc, 0) * 4;
    const fault = describeFault(proto, complaint);
    return { offset, reason: describeComplaint(complaint), fault };
  }
  return undefined;
}

/**
 * The `.lc` file of Lua 5.3, as luac.cross writes it and the firmware loads it. Source: lua53.md §3.
 *
 *     file   = header                          `header53.ts`, format 0a
 *              byte                            upvalues of the main function; never looked at
 *              function                        `function53.ts`, strings as in `fields53.ts`;
 *                                              whatever follows is ignored
 *
 * The reference's loader checks the header and that nothing is missing, and trusts the rest: counts
 * and code can be anything. Here counts are believed as far as the file is long, and the code of
 * every function is checked, unless the caller trusts it.
 */
import { ByteReader } from "../base/byte-reader.ts";
import { ByteWriter } from "../base/byte-writer.ts";
import { ChunkError, type ErrorCode } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import { messageName, NO_SOURCE } from "../bytecode/chunk-name.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import { readString, writeString } from "./fields53.ts";
import {
  type FunctionInput,
  firstRefusedCode,
  NO_MEMORY,
  type ReadFunction,
  readFunction,
  writeByte,
  writeFunction,
} from "./function53.ts";
import { FORMAT_CHUNK, readHeader, writeHeader } from "./header53.ts";

export interface EncodeOptions53 {
  readonly target: Target;
  /** Leave out the names of locals and upvalues; sources and line info stay. */
  readonly strip: boolean;
}

export interface DecodeOptions53 {
  readonly target: Target;
  /** Name of the chunk, for messages; begins with `@` or `=` when it is not the text itself. */
  readonly chunkName: LuaString;
  /**
   * Take the code as it is, as the reference does. It is for looking at and for writing it again; not
   * to be run.
   */
  readonly trust?: boolean | undefined;
}

/**
 * The `.lc` file that holds a main function and all within it.
 *
 * @throws {EncodeError} `number` when a value does not fit the target, or its place in the file
 */
export function encodeChunk53(proto: Proto, { target, strip }: EncodeOptions53): Uint8Array {
  const writer = new ByteWriter(roughSize(proto));
  const writeText = (text: LuaString | null) => writeString(writer, text);
  writeHeader(writer, target, FORMAT_CHUNK);
  writeByte(writer, proto.upvalueSources.length, "upvalue count");
  writeFunction({ writer, target, strip, writeText }, proto, NO_SOURCE);
  return writer.finish();
}

/**
 * The main function of a binary chunk.
 *
 * @param bytes the chunk from its ESC on; bytes after its end are ignored
 * @throws {ChunkError} with the reference's message, when it is not such a chunk or is damaged;
 *   with one in its style where the reference would go on and crash
 */
export function decodeChunk53(bytes: Uint8Array, options: DecodeOptions53): Proto {
  return new Decoder(bytes, options).decode();
}

class Decoder {
  private readonly chunkName: LuaString;
  private readonly reader: ByteReader;
  private readonly trust: boolean;
  private readonly input: FunctionInput;
  private readonly functions: ReadFunction[] = [];
  /** What is wrong although all is there. The reference would only have noticed that it is not. */
  private suspicion: ChunkError | undefined;

  constructor(bytes: Uint8Array, { target, chunkName, trust = false }: DecodeOptions53) {
    this.chunkName = chunkName;
    this.trust = trust;
    this.reader = new ByteReader(bytes, () => this.refuse("chunk-truncated", "truncated"));
    this.input = {
      reader: this.reader,
      target,
      readText: (first) => readString(this.reader, first),
      refuse: (code, why, offset) => this.refuse(code, why, offset),
      suspect: (code, why, offset) => {
        this.suspicion ??= this.error(code, why, offset);
      },
      onFunction: (read) => this.functions.push(read),
    };
  }

  decode(): Proto {
    const { reader, input } = this;
    reader.byte();
    readHeader(input, FORMAT_CHUNK);
    reader.field = "upvalue count";
    reader.byte();
    const main = readFunction(input, NO_SOURCE);
    if (this.suspicion) throw this.suspicion;
    if (!this.trust) this.checkCode();
    return main;
  }

  private checkCode(): void {
    const refused = firstRefusedCode(this.functions);
    if (refused === undefined) return;
    const { message } = this.error("chunk-code", "bad code in", refused.offset);
    // The reference looks at no code, so that there are no words of it to keep to.
    const explained = `${message}: ${refused.fault}`;
    throw new ChunkError("chunk-code", explained, refused.offset, refused.reason);
  }

  private refuse(code: ErrorCode, why: string, offset = this.reader.offset): never {
    throw this.error(code, why, offset);
  }

  private error(code: ErrorCode, why: string, offset: number): ChunkError {
    // Having no memory is said without the chunk's name.
    const isNamed = why !== NO_MEMORY;
    const message = isNamed ? `${messageName(this.chunkName)}: ${why} precompiled chunk` : why;
    return new ChunkError(code, message, offset, this.reader.field);
  }
}

/** About how many bytes a function takes, so that the writer seldom has to grow. */
function roughSize(proto: Proto): number {
  let size = 64 + proto.code.length * 4 + proto.constants.length * 16 + proto.lineInfo.length;
  for (const nested of proto.protos) size += roughSize(nested);
  return size;
}

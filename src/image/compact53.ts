/**
 * The compact flash image of Lua 5.3, as `luac.cross -f` writes it. Source: lua53.md §4.1.
 *
 *     compact  = header                        `header53.ts`, format 0b
 *                tagged                        seed of all hashes, as an integer of the target
 *                19 "ss"                       the strings
 *                int                           length of the longest one, fixed ones included
 *                int int                       short strings, all fixed ones included; long ones
 *                int string*                   the new ones, as in `fields53.ts`
 *                19 "pr"                       the modules
 *                int function*                 `function53.ts`
 *                int ref* tagged               one more than modules: their names; time of build
 *     ref      = tagged                        tag 5 or 6 as the string's; 0: absent, else number
 *
 * Inside the functions every string is a ref. Numbers begin with 1: the new strings in the order of
 * the file, then the fixed ones.
 */

import { ByteReader } from "../base/byte-reader.ts";
import { ByteWriter } from "../base/byte-writer.ts";
import { EncodeError, type ErrorCode } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import type { Constant, LuaNumber } from "../base/number-model.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";
import type { Proto } from "../bytecode/proto.ts";
import { COMBINED_SOURCE, wrapModules53 } from "../formats/combine53.ts";
import {
  readInt,
  readString,
  readTagged,
  stringTag,
  Tag53,
  writeInt,
  writeString,
  writeTagged,
} from "../formats/fields53.ts";
import {
  type FunctionInput,
  type FunctionOutput,
  type ReadFunction,
  readFunction,
  readInteger,
  writeConstant,
  writeFunction,
} from "../formats/function53.ts";
import { expectBytes, FORMAT_IMAGE, readHeader, writeHeader } from "../formats/header53.ts";
import type { Target } from "../target/target.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import { FIXED_STRINGS } from "./fixed-strings53.ts";
import { isShort } from "./layout53.ts";
import { isFixed, stringNumbers } from "./strings53.ts";

export const STRINGS_MARK = [0x19, 0x73, 0x73];
export const PROTOS_MARK = [0x19, 0x70, 0x72];

/** What an image of Lua 5.3 holds; it can be written in either format. */
export interface Image53 {
  readonly target: Target;
  /** Leave out the names of locals and upvalues; only a compact image tells. */
  readonly strip: boolean;
  /** 32 bits, unsigned. */
  readonly seed: number;
  /** In their order, without the fixed ones. */
  readonly strings: readonly LuaString[];
  /** A lookup combination: its functions are the modules, its constants their names and the time. */
  readonly main: Proto;
}

/** @throws {EncodeError} when a value does not fit the target, or the image lacks a string */
export function compactImage53(image: Image53): Uint8Array {
  const { target, strip, strings, main } = image;
  const writer = new ByteWriter();
  writeHeader(writer, target, FORMAT_IMAGE);
  const numbers = stringNumbers(strings);
  const writeText = (text: LuaString | null) => writeReference(writer, numbers, text);
  const output: FunctionOutput = { writer, target, strip, writeText };
  writeConstant(output, target.numbers.fromInteger(BigInt(image.seed)));
  writer.raw(Uint8Array.from(STRINGS_MARK));
  writeStrings(writer, strings);
  writer.raw(Uint8Array.from(PROTOS_MARK));
  writeInt(writer, main.protos.length);
  for (const proto of main.protos) writeFunction(output, proto, main.source);
  writeInt(writer, main.constants.length);
  for (const constant of main.constants) writeConstant(output, constant);
  return writer.finish();
}

function writeReference(
  writer: ByteWriter,
  numbers: ReadonlyMap<LuaString, number>,
  text: LuaString | null,
): void {
  if (text === null) {
    writer.byte(Tag53.ShortString);
    return;
  }
  const number = numbers.get(text);
  if (number === undefined) throw new EncodeError("number", "the image lacks one of its strings");
  writeTagged(writer, stringTag(text), number);
}

function writeStrings(writer: ByteWriter, strings: readonly LuaString[]): void {
  const { longest, short, long } = countStrings(strings);
  writeInt(writer, longest);
  writeInt(writer, short);
  writeInt(writer, long);
  writeInt(writer, strings.length);
  for (const text of strings) writeString(writer, text);
}

/** Counts of all strings, fixed ones included, when the new ones are these. */
export function countStrings(strings: readonly LuaString[]): {
  /** Bytes. */
  readonly longest: number;
  readonly short: number;
  readonly long: number;
} {
  let longest = 0;
  for (const { length } of FIXED_STRINGS) longest = Math.max(longest, length);
  let short = FIXED_STRINGS.length;
  for (const { length } of strings) {
    longest = Math.max(longest, length);
    if (isShort(length)) short++;
  }
  return { longest, short, long: FIXED_STRINGS.length + strings.length - short };
}

export interface CompactImage53 {
  readonly image: Image53;
  /** All of them, nested ones before those around them. */
  readonly functions: readonly ReadFunction[];
  /** Bytes behind it. */
  readonly extraBytes: number;
}

/**
 * @param target one whose numbers have the sizes that the file names
 * @throws {ImageError} also for what the device's loader would take without a look
 */
export function readCompact53(file: Uint8Array, target: Target): CompactImage53 {
  return new CompactReader(file, target).read();
}

class CompactReader {
  private readonly reader: ByteReader;
  private readonly target: Target;
  private readonly input: FunctionInput;
  private readonly functions: ReadFunction[] = [];
  /** By number less one. */
  private texts: readonly LuaString[] = [];
  private stripped = false;

  constructor(file: Uint8Array, target: Target) {
    const refuse = (code: ErrorCode, why: string, offset?: number) =>
      this.refuse(code, `${why} precompiled chunk`, offset);
    this.reader = new ByteReader(file, () => refuse("chunk-truncated", "truncated"));
    this.target = target;
    this.input = {
      reader: this.reader,
      target,
      refuse,
      suspect: refuse,
      readText: (first) => this.readReference(first),
      onFunction: (read) => this.functions.push(read),
      onNamed: (named) => {
        this.stripped = !named;
      },
    };
  }

  read(): CompactImage53 {
    const { reader, target } = this;
    if (reader.byte() !== BINARY_MARK) this.refuse("chunk-header", "it is no image of Lua 5.3", 0);
    readHeader(this.input, FORMAT_IMAGE);
    reader.field = "seed";
    const seed = readTagged(reader, reader.byte()) >>> 0;
    reader.field = "string vector";
    expectBytes(this.input, STRINGS_MARK, "no string vector");
    const strings = this.readStrings();
    this.texts = [...strings, ...FIXED_STRINGS];
    reader.field = "Proto vector";
    expectBytes(this.input, PROTOS_MARK, "no Proto vector");
    const main = this.readModules();
    const strip = this.stripped;
    return {
      image: { target, strip, seed, strings, main },
      functions: this.functions,
      extraBytes: reader.remaining,
    };
  }

  private readStrings(): LuaString[] {
    const { reader } = this;
    reader.field = "string counts";
    const start = reader.offset;
    const longest = readInt(reader);
    const short = readInt(reader);
    const long = readInt(reader);
    const count = readInt(reader);
    const strings = new Set<LuaString>();
    for (let i = 0; i < count; i++) strings.add(this.readString(strings));
    const texts = [...strings];
    const counts = countStrings(texts);
    reader.field = "string counts";
    if (counts.short !== short || counts.long !== long || counts.longest > longest) {
      this.refuse(DAMAGED, "they are not those of the strings", start);
    }
    return texts;
  }

  /** @param others the strings before it */
  private readString(others: ReadonlySet<LuaString>): LuaString {
    const { reader } = this;
    reader.field = "string";
    const start = reader.offset;
    const text = readString(reader, reader.byte());
    if (text === null) return this.refuse(DAMAGED, "it is absent", start);
    if (others.has(text) || isFixed(text)) this.refuse(DAMAGED, "it is there twice", start);
    return text;
  }

  private readReference(first: number): LuaString | null {
    const { reader, texts } = this;
    const start = reader.offset - 1;
    const number = readTagged(reader, first);
    if (number <= 0) return null;
    const text = texts[number - 1];
    if (text === undefined) return this.refuse(DAMAGED, `there is no string ${number}`, start);
    return text;
  }

  private readModules(): Proto {
    const { reader, input } = this;
    reader.field = "number of modules";
    const start = reader.offset;
    const count = readInt(reader);
    if (count < 0) this.refuse(DAMAGED, `there cannot be ${count} modules`, start);
    const protos: Proto[] = [];
    for (let left = count; left > 0; left--) protos.push(readFunction(input, COMBINED_SOURCE));
    return wrapModules53(protos, this.readNames(count));
  }

  /** The names of so many modules, and the time. */
  private readNames(count: number): Constant[] {
    const { reader } = this;
    reader.field = "number of names";
    const start = reader.offset;
    if (readInt(reader) !== count + 1) this.refuse(DAMAGED, "it is not that of the modules", start);
    const constants: Constant[] = [];
    for (let i = 0; i < count; i++) {
      reader.field = "name of a module";
      const at = reader.offset;
      const name = this.readReference(reader.byte());
      constants.push(name ?? this.refuse(DAMAGED, "it is absent", at));
    }
    reader.field = "time";
    constants.push(this.readTime());
    return constants;
  }

  private readTime(): LuaNumber {
    return readInteger(this.input, this.reader.byte());
  }

  private refuse(code: ErrorCode, reason: string, offset = this.reader.offset): never {
    throw new ImageError(code, reason, offset, this.reader.field);
  }
}

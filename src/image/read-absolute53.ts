/**
 * Reads flash images of Lua 5.3 as they lie in flash. Source: lua53.md §5; layout `layout53.ts`.
 *
 * Every such image was made by the loader from a compact one, and there is only one way to lay out
 * what that held. So reading gathers strings and functions, following addresses with care; whether
 * every other byte is right is seen when the image is built once more.
 */
import { ByteReader } from "../base/byte-reader.ts";
import { EncodeError, type ErrorCode } from "../base/errors.ts";
import { fromBytes, type LuaString } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";
import type { LocalVariable, Proto, UpvalueSource } from "../bytecode/proto.ts";
import { COMBINED_SOURCE, wrapModules53 } from "../formats/combine53.ts";
import { type ReadFunction, upvalueSource } from "../formats/function53.ts";
import type { Target } from "../target/target.ts";
import { absoluteImage53 } from "./build53.ts";
import type { Image53 } from "./compact53.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import { FIXED_STRINGS, STORED_FIXED_STRINGS } from "./fixed-strings53.ts";
import {
  entrySize53,
  HEADER_SIZE_53,
  HeaderWord53,
  LOCAL_SIZE_53,
  LONG_STRING_TYPE,
  PROTO_SIZE_53,
  ProtoWord53,
  STRING_HEADER_SIZE_53,
  StringWord53,
  stringSize53,
  TABLE_SIZE_53,
  TableWord53,
  UPVALUE_SIZE_53,
  ValueTag,
  WORD_SIZE,
} from "./layout53.ts";
import { isFixed } from "./strings53.ts";

/** Functions within one another. */
const MAX_DEPTH = 500;

export interface AbsoluteImage53 {
  readonly image: Image53;
  /** Address at which it is to lie. */
  readonly base: number;
  /** All of them, nested ones before those around them. */
  readonly functions: readonly ReadFunction[];
}

/**
 * @param bytes the image alone
 * @param target one whose images have that signature
 * @throws {ImageError}
 */
export function readAbsolute53(bytes: Uint8Array, target: Target): AbsoluteImage53 {
  const words = new ImageWords(bytes);
  const reader = new AbsoluteReader(words, target);
  const { image, functions } = reader.read();
  const { base } = words;
  words.field = "image";
  compare(words, expect(words, image));
  return { image, base, functions };
}

interface Expected {
  readonly bytes: Uint8Array;
  /** By byte: 0 where any value will do. */
  readonly defined: Uint8Array;
}

function expect(words: ImageWords, image: Image53): Expected {
  try {
    return buildAgain(image, words.base);
  } catch (error) {
    // Some of its numbers no image can have.
    if (error instanceof EncodeError) words.refuse(error.message, 0, error.code);
    throw error;
  }
}

function buildAgain(image: Image53, base: number): Expected {
  const undefinedRuns: [number, number][] = [];
  const bytes = absoluteImage53(image, base, (offset, length) => {
    undefinedRuns.push([offset, offset + length]);
  });
  const defined = new Uint8Array(bytes.length).fill(1);
  for (const [start, end] of undefinedRuns) defined.fill(0, start, end);
  return { bytes, defined };
}

function compare(words: ImageWords, { bytes, defined }: Expected): void {
  const wrong = bytes.findIndex((byte, i) => byte !== words.bytes[i] && defined[i] === 1);
  if (wrong >= 0) words.refuse("it is not what a loader puts there", wrong);
  if (bytes.length !== words.size) {
    words.refuse(`${words.size} bytes are not the ${bytes.length} that it takes`, 0);
  }
}

/** The words of an image, which addresses lead into. Nothing can be claimed twice. */
class ImageWords {
  /** What is being read, for error messages. */
  field = "header";
  readonly bytes: Uint8Array;
  /** Address of the image. */
  base = 0;
  private readonly view: DataView;
  /** By word: 1 when it belongs to something. */
  private readonly claimed: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.claimed = new Uint8Array(Math.ceil(bytes.length / WORD_SIZE));
  }

  get size(): number {
    return this.bytes.length;
  }

  /** @param at of a structure that is claimed; @param index of a word in it */
  word(at: number, index: number): number {
    return this.view.getUint32(at + index * WORD_SIZE, true);
  }

  signed(at: number, index: number): number {
    return this.view.getInt32(at + index * WORD_SIZE, true);
  }

  /** Offset of what a word leads to; undefined when it leads to nothing. */
  target(at: number, index: number): number | undefined {
    const word = this.word(at, index);
    if (word === 0) return undefined;
    const target = (word - this.base) >>> 0;
    if (target % WORD_SIZE !== 0 || target > this.size) {
      this.refuse("it leads out of the image", at + index * WORD_SIZE);
    }
    return target;
  }

  /** Makes bytes belong to what is being read. */
  claim(at: number, size: number): void {
    if (at % WORD_SIZE !== 0 || size < 0 || size > this.size - at) {
      this.refuse("it is not all in the image", at, "chunk-truncated");
    }
    const first = at / WORD_SIZE;
    const end = Math.ceil((at + size) / WORD_SIZE);
    const taken = this.claimed.subarray(first, end).indexOf(1);
    if (taken >= 0) this.refuse("it shares words with something else", (first + taken) * WORD_SIZE);
    this.claimed.fill(1, first, end);
  }

  refuse(reason: string, offset: number, code: ErrorCode = DAMAGED): never {
    throw new ImageError(code, reason, offset, this.field);
  }
}

/** A vector that a record refers to. */
interface Vector {
  readonly at: number;
  readonly count: number;
}

class AbsoluteReader {
  private readonly words: ImageWords;
  private readonly target: Target;
  /** By offset of its header: what those mean who refer to it. */
  private readonly texts = new Map<number, LuaString>();
  private readonly functions: ReadFunction[] = [];

  constructor(words: ImageWords, target: Target) {
    this.words = words;
    this.target = target;
  }

  read(): Omit<AbsoluteImage53, "base"> {
    const { words, target } = this;
    words.claim(0, HEADER_SIZE_53);
    const strings = this.readStrings();
    const seed = words.word(0, HeaderWord53.Seed);
    const main = this.readModules();
    return { image: { target, strip: false, seed, strings, main }, functions: this.functions };
  }

  /** They lie one after another, up to the buckets. */
  private readStrings(): LuaString[] {
    const { words } = this;
    words.field = "string";
    const end = words.word(0, HeaderWord53.Buckets) * WORD_SIZE;
    const strings: LuaString[] = [];
    const places: number[] = [];
    for (let at = HEADER_SIZE_53; at < end; at += stringSize53(strings.at(-1)?.length ?? 0)) {
      strings.push(this.readString(at));
      places.push(at);
    }
    const fixedStart = strings.length - STORED_FIXED_STRINGS.length;
    if (!STORED_FIXED_STRINGS.every((text, i) => strings[fixedStart + i] === text)) {
      words.refuse("those that each image has are not there", end);
    }
    const newStrings = strings.slice(0, fixedStart);
    // Whoever refers to the place of a string by its number meant that string, not what is there.
    [...newStrings, ...FIXED_STRINGS].forEach((text, i) => {
      this.texts.set(places[i], text);
    });
    if (newStrings.some(isFixed) || new Set(newStrings).size < newStrings.length) {
      words.refuse("one of them is there twice", HEADER_SIZE_53);
    }
    // The first one leads to the start of the image.
    words.base = words.word(HEADER_SIZE_53, StringWord53.Next);
    return newStrings;
  }

  private readString(at: number): LuaString {
    const { words } = this;
    words.claim(at, STRING_HEADER_SIZE_53);
    const tags = words.word(at, StringWord53.Tags);
    const isLong = (tags & 0xff) === LONG_STRING_TYPE;
    const length = isLong ? words.word(at, StringWord53.LengthOrLink) : tags >>> 24;
    const start = at + STRING_HEADER_SIZE_53;
    words.claim(start, length + 1);
    return fromBytes(words.bytes, start, start + length);
  }

  private readModules(): Proto {
    const { words, target } = this;
    words.field = "table of modules";
    const table = words.word(0, HeaderWord53.Modules) * WORD_SIZE;
    words.claim(table, TABLE_SIZE_53);
    const entries = words.target(table, TableWord53.Entries) ?? table;
    const size = entrySize53(target.image.valueSize);
    // The table itself has only the lowest byte of their number; the last entry is empty.
    const count = (table - entries) / size - 1;
    if (!(count >= 0 && Number.isInteger(count))) {
      words.refuse("its entries do not go before it", table);
    }
    words.claim(entries, table - entries);
    const names: Constant[] = [];
    const protos: Proto[] = [];
    for (let i = 0; i < count; i++) {
      names.push(this.readName(entries + i * size));
      protos.push(this.readChild(entries + i * size, 1, COMBINED_SOURCE, 1));
    }
    const time = target.numbers.fromInteger(BigInt(words.word(0, HeaderWord53.Time)));
    return wrapModules53(protos, [...names, time]);
  }

  /** An entry leads to the text of its string. */
  private readName(at: number): LuaString {
    const { words } = this;
    words.field = "name of a module";
    const target = words.target(at, 0) ?? 0;
    const text = this.texts.get(target - STRING_HEADER_SIZE_53);
    return text ?? words.refuse("it is no string", at);
  }

  private readText(at: number, index: number): LuaString | null {
    const { words } = this;
    const target = words.target(at, index);
    if (target === undefined) return null;
    const text = this.texts.get(target);
    return text ?? words.refuse("it is no string", at + index * WORD_SIZE);
  }

  /** The function whose record a word leads to. */
  private readChild(at: number, index: number, parent: LuaString, depth: number): Proto {
    const { words } = this;
    words.field = "function";
    const record = words.target(at, index);
    if (record === undefined) return words.refuse("it is missing", at + index * WORD_SIZE);
    if (depth > MAX_DEPTH) words.refuse("functions are nested too deeply", record, "chunk-depth");
    words.claim(record, PROTO_SIZE_53);
    return this.readProto(record, parent, depth);
  }

  private readProto(at: number, parent: LuaString, depth: number): Proto {
    const { words } = this;
    const tags = words.word(at, ProtoWord53.Tags);
    words.field = "source of a function";
    const source = this.readText(at, ProtoWord53.Source) ?? parent;
    const code = this.vector(at, ProtoWord53.Code, WORD_SIZE);
    const { upvalueSources, upvalueNames } = this.readUpvalues(at);
    const proto: Proto = {
      source,
      lineDefined: words.signed(at, ProtoWord53.LineDefined),
      lastLineDefined: words.signed(at, ProtoWord53.LastLineDefined),
      upvalueCount: upvalueSources.length,
      upvalueSources,
      parameterCount: (tags >>> 16) & 0xff,
      varargFlags: tags >>> 24,
      maxStackSize: words.word(at, ProtoWord53.MaxStackSize) & 0xff,
      code: this.readCode(code),
      constants: this.readConstants(at),
      protos: this.list(this.vector(at, ProtoWord53.Children, WORD_SIZE), WORD_SIZE, (place) =>
        this.readChild(place, 0, source, depth + 1),
      ),
      lineInfo: this.readLineInfo(at),
      locals: this.readLocals(at),
      upvalueNames,
    };
    this.functions.push({ proto, codeStart: code.at });
    return proto;
  }

  /** @param index of the word that leads to it; its count has a word of its own */
  private vector(record: number, index: VectorWord, itemSize: number): Vector {
    const { words } = this;
    words.field = VECTOR_FIELDS[index];
    const count = words.word(record, COUNT_WORDS[index]);
    if (count === 0) return { at: 0, count };
    const at = words.target(record, index);
    if (at === undefined) return words.refuse("it is missing", record + index * WORD_SIZE);
    words.claim(at, count * itemSize);
    return { at, count };
  }

  private list<T>({ at, count }: Vector, itemSize: number, read: (at: number) => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read(at + i * itemSize));
    return items;
  }

  private readCode({ at, count }: Vector): Int32Array {
    const code = new Int32Array(count);
    for (let pc = 0; pc < count; pc++) code[pc] = this.words.signed(at, pc);
    return code;
  }

  private readConstants(record: number): Constant[] {
    const { valueSize } = this.target.image;
    const vector = this.vector(record, ProtoWord53.Constants, valueSize);
    return this.list(vector, valueSize, (at) => this.readConstant(at));
  }

  private readConstant(at: number): Constant {
    const { words, target } = this;
    const { numbers, image } = target;
    const tagAt = at + image.valueSize - WORD_SIZE;
    words.field = "constant";
    const tag = words.word(tagAt, 0);
    switch (tag) {
      case ValueTag.Nil:
        return null;
      case ValueTag.Boolean:
        return words.word(at, 0) !== 0;
      case ValueTag.Float:
        return numbers.read(this.readerAt(at));
      case ValueTag.Integer:
        return numbers.fromInteger(this.readerAt(at).signed(numbers.integerSize));
      case ValueTag.ShortString:
      case ValueTag.LongString:
        return this.readText(at, 0) ?? words.refuse("a string is missing", at);
      default:
        return words.refuse(`there is no type ${tag}`, tagAt, "chunk-constant");
    }
  }

  /** @param at of a value that is claimed */
  private readerAt(at: number): ByteReader {
    const { words } = this;
    const reader = new ByteReader(words.bytes, () => words.refuse("it ends too early", at));
    reader.offset = at;
    return reader;
  }

  private readUpvalues(record: number): Pick<Proto, "upvalueSources" | "upvalueNames"> {
    const { words } = this;
    const vector = this.vector(record, ProtoWord53.Upvalues, UPVALUE_SIZE_53);
    const upvalueNames = this.list(vector, UPVALUE_SIZE_53, (at) => this.readText(at, 0));
    const upvalueSources = this.list(vector, UPVALUE_SIZE_53, (at): UpvalueSource => {
      const word = words.word(at, 1);
      return upvalueSource(word & 0xff, (word >>> 8) & 0xff);
    });
    const someNamed = upvalueNames.some((name) => name !== null);
    return { upvalueSources, upvalueNames: someNamed ? upvalueNames : [] };
  }

  private readLineInfo(record: number): Uint8Array {
    const { at, count } = this.vector(record, ProtoWord53.LineInfo, 1);
    return new Uint8Array(this.words.bytes.subarray(at, at + count));
  }

  private readLocals(record: number): LocalVariable[] {
    const { words } = this;
    const vector = this.vector(record, ProtoWord53.Locals, LOCAL_SIZE_53);
    return this.list(vector, LOCAL_SIZE_53, (at) => ({
      name: this.readText(at, 0),
      startPc: words.signed(at, 1),
      endPc: words.signed(at, 2),
    }));
  }
}

/** For each word of a record that leads to a vector, the word with the number of its items. */
const COUNT_WORDS = {
  [ProtoWord53.Constants]: ProtoWord53.ConstantCount,
  [ProtoWord53.Code]: ProtoWord53.CodeCount,
  [ProtoWord53.Children]: ProtoWord53.ChildCount,
  [ProtoWord53.LineInfo]: ProtoWord53.LineInfoSize,
  [ProtoWord53.Locals]: ProtoWord53.LocalCount,
  [ProtoWord53.Upvalues]: ProtoWord53.UpvalueCount,
} as const;

type VectorWord = keyof typeof COUNT_WORDS;

const VECTOR_FIELDS: Readonly<Record<VectorWord, string>> = {
  [ProtoWord53.Constants]: "constants",
  [ProtoWord53.Code]: "code",
  [ProtoWord53.Children]: "nested functions",
  [ProtoWord53.LineInfo]: "line info",
  [ProtoWord53.Locals]: "locals",
  [ProtoWord53.Upvalues]: "upvalues",
};

/**
 * Turns a compact image of Lua 5.3 into what lies in flash, in a single pass, as the firmware's loader
 * and the reference's `-F … -a …` do. Source: lua53.md §5, input §4.1, layout `layout53.ts`.
 *
 * The loader checks the header and that nothing is missing; it trusts the rest. Where trust would let
 * it leave its memory, what happens is anybody's guess, and here it is an {@link ImageError}.
 */

import { ByteReader } from "../base/byte-reader.ts";
import { ChunkError, type ErrorCode } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import { toBytes } from "../base/lua-string.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";
import { messageName } from "../bytecode/chunk-name.ts";
import { readInt, readTagged } from "../formats/fields53.ts";
import { NO_MEMORY } from "../formats/function53.ts";
import { expectBytes, FORMAT_IMAGE, readHeader } from "../formats/header53.ts";
import type { Target } from "../target/target.ts";
import { PROTOS_MARK, STRINGS_MARK } from "./compact53.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import { KEYWORD_COUNT, STORED_FIXED_STRINGS } from "./fixed-strings53.ts";
import {
  bucketCount53,
  factsOf53,
  isShort,
  LONG_STRING_TYPE,
  SHORT_STRING_TYPE,
  STRING_HEADER_SIZE_53,
  STRING_MARK,
  TABLE_TYPE,
  ValueTag,
  WORD_SIZE,
} from "./layout53.ts";
import { type LoadState, loadFunction, readReference } from "./load-functions53.ts";
import { hashString53 } from "./strings53.ts";
import type { WordSink } from "./word-sink.ts";

/** After the file's own header. */
export type LoadStage53 = "strings" | "functions" | "finish";

export interface LoadOptions53 {
  readonly target: Target;
  /** Where the image is to lie, 32 bits. */
  readonly address: number;
  /** Name of the file, for messages, with its mark. */
  readonly chunkName: LuaString;
  /** Told of bytes, from the image's start, that hold whatever was in the loader's memory; here 0. */
  readonly onUndefined?: ((offset: number, length: number) => void) | undefined;
  /** Told of what is loaded next: before the strings, the functions and the header. */
  readonly onStage?: ((stage: LoadStage53) => void) | undefined;
  /** Told of bytes of memory that the device takes, and, below 0, of those it gives back. */
  readonly onMemory?: ((change: number) => void) | undefined;
}

/**
 * @returns bytes of the image
 * @throws {ChunkError} with the loader's message where it gives up
 * @throws {ImageError} where it does not but should have
 */
export function loadImage53(file: Uint8Array, sink: WordSink, options: LoadOptions53): number {
  const { target, address } = options;
  const refuse = (code: ErrorCode, why: string, offset = reader.offset): never => {
    const name = messageName(options.chunkName);
    const message = why === NO_MEMORY ? why : `${name}: ${why} precompiled chunk`;
    throw new ChunkError(code, message, offset, reader.field);
  };
  const reader = new ByteReader(file, () => refuse("chunk-truncated", "truncated"));
  const trap = (reason: string): never => {
    throw new ImageError(DAMAGED, reason, reader.offset, reader.field);
  };
  const onUndefined = options.onUndefined ?? (() => undefined);
  const onMemory = options.onMemory ?? (() => undefined);
  const state: LoadState = {
    reader,
    sink,
    target,
    base: address,
    strings: [],
    lastProto: 0,
    refuse,
    trap,
    onUndefined,
    onMemory,
  };
  return new Loader(state, options.onStage ?? (() => undefined)).run();
}

class Loader {
  private readonly state: LoadState;
  private readonly onStage: (stage: LoadStage53) => void;
  private lastShort = 0;
  private lastLong = 0;
  private longest = 0;
  /** By bucket: address of its newest string. */
  private buckets = new Uint32Array(0);
  private seed = 0;
  private stringCount = 0;

  constructor(state: LoadState, onStage: (stage: LoadStage53) => void) {
    this.state = state;
    this.onStage = onStage;
  }

  run(): number {
    const { reader, sink, target } = this.state;
    if (reader.byte() !== BINARY_MARK) this.state.refuse("chunk-header", "invalid header in", 0);
    readHeader(this.state, FORMAT_IMAGE);
    reader.field = "seed";
    this.seed = readTagged(reader, reader.byte());
    reader.field = "string vector";
    expectBytes(this.state, STRINGS_MARK, "no string vector");
    this.onStage("strings");
    const buckets = this.loadStrings();
    reader.field = "Proto vector";
    expectBytes(this.state, PROTOS_MARK, "no Proto vector");
    this.onStage("functions");
    const { table, time } = this.loadModules();
    const size = sink.position;
    this.onStage("finish");
    sink.flush();
    const facts = factsOf53(target.image);
    const { seed, stringCount, lastShort, lastLong } = this;
    const { lastProto } = this.state;
    const start = [facts.signature, size, seed, time, stringCount, this.buckets.length];
    sink.header([...start, buckets, table, lastProto, lastShort, lastLong, 0]);
    sink.flush();
    return size;
  }

  /** @returns the place of the buckets, in words */
  private loadStrings(): number {
    const { reader, sink, onMemory } = this.state;
    reader.field = "string counts";
    this.longest = readInt(reader);
    this.stringCount = readInt(reader);
    const longCount = readInt(reader);
    const count = readInt(reader);
    this.checkCounts(longCount, count);
    const bucketCount = bucketCount53(this.stringCount);
    const scratch = bucketCount * WORD_SIZE + stringRecord(this.longest);
    onMemory((this.stringCount + longCount + 1) * WORD_SIZE + scratch);
    this.buckets = new Uint32Array(bucketCount);
    for (let left = count; left > 0; left--) this.loadString();
    STORED_FIXED_STRINGS.forEach((text, i) => {
      this.addString(text, i < KEYWORD_COUNT ? i + 1 : 0);
    });
    const place = sink.position / WORD_SIZE;
    for (const address of this.buckets) sink.word(address);
    sink.flush();
    onMemory(-scratch);
    return place;
  }

  /** The loader sets memory aside for so many strings, and fills it without looking. */
  private checkCounts(longCount: number, count: number): void {
    const { reader, trap } = this.state;
    const { stringCount, longest } = this;
    const room = stringCount + longCount + 1;
    const needed = Math.max(count, 0) + STORED_FIXED_STRINGS.length;
    if (room < needed) trap(`there is room for ${room} strings, but there are ${needed}`);
    // A short string takes a byte of the file or is a fixed one: more would be empty claims.
    const most = reader.bytes.length + STORED_FIXED_STRINGS.length;
    if (stringCount < 1 || stringCount > most) trap(`there cannot be ${stringCount} short strings`);
    if (longest < LONGEST_FIXED) trap(`there is no room for strings above ${longest} bytes`);
  }

  private loadString(): void {
    const { reader, trap } = this.state;
    reader.field = "string";
    const length = (readTagged(reader, reader.byte()) - 1) | 0;
    if (length < 0) trap("it is absent");
    if (length > this.longest) trap(`${length} bytes are more than ${this.longest}`);
    this.addString(reader.text(length), 0);
  }

  /** @param extra number of a keyword, 0 for others */
  private addString(text: LuaString, extra: number): void {
    const { sink, base, strings } = this.state;
    const { length } = text;
    const place = sink.position;
    const address = (base + place) >>> 0;
    const hash = hashString53(text, this.seed);
    if (isShort(length)) {
      const bucket = hash & (this.buckets.length - 1);
      this.record(this.lastShort, tags(SHORT_STRING_TYPE, STRING_MARK, extra, length));
      sink.word(hash);
      sink.word(this.buckets[bucket]);
      this.buckets[bucket] = address;
      this.lastShort = place / WORD_SIZE;
    } else {
      this.record(this.lastLong, tags(LONG_STRING_TYPE, STRING_MARK, HASHED, 0));
      sink.word(hash);
      sink.word(length);
      this.lastLong = place / WORD_SIZE;
    }
    sink.bytes(toBytes(`${text}\0`));
    strings.push(address);
  }

  private record(previous: number, tagWord: number): void {
    const { sink, base } = this.state;
    sink.word(base + previous * WORD_SIZE);
    sink.word(tagWord);
  }

  private loadModules(): { readonly table: number; readonly time: number } {
    const { reader, refuse } = this.state;
    reader.field = "number of modules";
    const count = readInt(reader);
    if (count < 0) refuse("chunk-integer", NO_MEMORY);
    this.state.onMemory(count * WORD_SIZE);
    const modules: number[] = [];
    for (let left = count; left > 0; left--) modules.push(loadFunction(this.state, 0, 1));
    const entries = this.loadNames(modules);
    const table = this.writeTable(modules.length, entries);
    reader.field = "time";
    return { table, time: readTagged(reader, reader.byte()) };
  }

  /** @returns address of the entries */
  private loadNames(modules: readonly number[]): number {
    const { reader, sink, base, target, trap } = this.state;
    reader.field = "number of names";
    const count = readInt(reader) - 1;
    if (count > modules.length) trap(`${count} names are more than the ${modules.length} modules`);
    const entries = base + sink.position;
    for (let i = 0; i < count; i++) {
      reader.field = "name of a module";
      const name = readReference(this.state, reader.byte());
      if (name === 0) trap("it is absent");
      sink.word(name + STRING_HEADER_SIZE_53);
      this.writePointer(modules[i], ValueTag.LightUserdata);
    }
    for (let size = WORD_SIZE + target.image.valueSize; size > 0; size -= WORD_SIZE) sink.word(0);
    return entries;
  }

  private writePointer(address: number, tag: ValueTag): void {
    const { sink, target } = this.state;
    sink.word(address);
    for (let size = 2 * WORD_SIZE; size < target.image.valueSize; size += WORD_SIZE) sink.word(0);
    sink.word(tag);
  }

  /** @returns its place, in words */
  private writeTable(count: number, entries: number): number {
    const { sink } = this.state;
    const place = sink.position / WORD_SIZE;
    sink.word(1);
    sink.word(tags(TABLE_TYPE, 0, 0xff, count & 0xff));
    sink.word(0);
    sink.word(entries);
    return place;
  }
}

/** Bytes of a string in memory. */
function stringRecord(length: number): number {
  return STRING_HEADER_SIZE_53 + length + 1;
}

/** In the place of a keyword's number. */
const HASHED = 1;
/** Bytes of `not enough memory`. */
const LONGEST_FIXED = 17;

export function tags(type: number, mark: number, third: number, fourth: number): number {
  return type | (mark << 8) | (third << 16) | (fourth << 24);
}

/**
 * Loads the functions of a compact image of Lua 5.3 into flash. Source: lua53.md §5.3–§5.5.
 *
 * They lie in flash from the inside out: whatever a record refers to is there before it.
 */
import type { ByteReader } from "../base/byte-reader.ts";
import type { ErrorCode } from "../base/errors.ts";
import { readInt, readTagged, readTaggedLong, TAG_MASK, Tag53 } from "../formats/fields53.ts";
import { NO_MEMORY } from "../formats/function53.ts";
import type { Target } from "../target/target.ts";
import {
  PROTO_MARK,
  PROTO_SIZE_53,
  PROTO_TYPE,
  UNLINKED_MARK,
  ValueTag,
  WORD_SIZE,
} from "./layout53.ts";
import type { WordSink } from "./word-sink.ts";

/** Functions within one another: more than a device's stack has room for. */
const MAX_DEPTH = 500;

export interface LoadState {
  readonly reader: ByteReader;
  readonly sink: WordSink;
  readonly target: Target;
  /** Address of the image. */
  readonly base: number;
  /** By number less one: address of a string. */
  readonly strings: number[];
  /** Place of the record written last, in words. */
  lastProto: number;
  /** Throws what the loader says. */
  readonly refuse: (code: ErrorCode, why: string, offset?: number) => never;
  /** Throws where the loader goes on and leaves its memory. */
  readonly trap: (reason: string) => never;
  readonly onUndefined: (offset: number, length: number) => void;
  readonly onMemory: (change: number) => void;
}

/** A vector in flash. */
interface Vector {
  readonly at: number;
  readonly count: number;
}

/** @returns address of the string; 0 when it is absent */
export function readReference({ reader, strings, trap }: LoadState, first: number): number {
  const index = (readTagged(reader, first) - 1) | 0;
  if (index < 0) return 0;
  if (index >= strings.length) trap(`there is no string ${index + 1}`);
  return strings[index];
}

/**
 * @param parentSource address of the enclosing function's source; 0 for none
 * @param depth functions that are open, this one included
 * @returns address of its record
 */
export function loadFunction(state: LoadState, parentSource: number, depth: number): number {
  const { reader, sink, base, trap } = state;
  reader.field = "function";
  if (depth > MAX_DEPTH) trap("functions are nested too deeply");
  state.onMemory(PROTO_SIZE_53);
  const source = readReference(state, reader.byte()) || parentSource;
  const lines = [count(state, "line defined"), count(state, "last line defined")];
  reader.field = "function header";
  const parameterCount = reader.byte();
  const varargFlag = reader.byte();
  const maxStackSize = reader.byte();
  const children = loadChildren(state, source, depth);
  const code = loadCode(state);
  const constants = loadConstants(state);
  const upvalues = loadUpvalues(state);
  const lineInfo = loadLineInfo(state);
  const locals = loadLocals(state);
  const place = sink.position;
  const mark = source === 0 ? UNLINKED_MARK : PROTO_MARK;
  // Nobody follows the chain from a function that it leaves out.
  sink.word(source === 0 ? undefinedWord(state) : base + state.lastProto * WORD_SIZE);
  sink.word(PROTO_TYPE | (mark << 8) | (parameterCount << 16) | (varargFlag << 24));
  state.onUndefined(sink.position + 1, 3);
  sink.word(maxStackSize);
  for (const { count } of [upvalues, constants, code, lineInfo, children, locals]) sink.word(count);
  for (const line of lines) sink.word(line);
  for (const { at } of [constants, code, children, lineInfo, locals, upvalues]) sink.word(at);
  sink.word(source);
  sink.word(0);
  if (source !== 0) state.lastProto = place / WORD_SIZE;
  state.onMemory(-PROTO_SIZE_53);
  return (base + place) >>> 0;
}

function undefinedWord(state: LoadState): number {
  state.onUndefined(state.sink.position, WORD_SIZE);
  return 0;
}

function count({ reader }: LoadState, field: string): number {
  reader.field = field;
  return readInt(reader);
}

/** A count of what the loader takes memory for. */
function size(state: LoadState, field: string): number {
  const start = state.reader.offset;
  const value = count(state, field);
  if (value < 0) state.refuse("chunk-integer", NO_MEMORY, start);
  return value;
}

function here({ base, sink }: LoadState): number {
  return base + sink.position;
}

function loadChildren(state: LoadState, source: number, depth: number): Vector {
  const records: number[] = [];
  const total = size(state, "function count");
  state.onMemory(total * WORD_SIZE);
  for (let left = total; left > 0; left--) records.push(loadFunction(state, source, depth + 1));
  const at = here(state);
  for (const record of records) state.sink.word(record);
  state.onMemory(-total * WORD_SIZE);
  return { at, count: total };
}

function loadCode(state: LoadState): Vector {
  const total = size(state, "code size");
  state.reader.field = "code";
  return { at: storeBytes(state, total * WORD_SIZE), count: total };
}

/** Bytes that pass through memory. @returns their address */
function storeBytes(state: LoadState, length: number): number {
  state.onMemory(length);
  const bytes = state.reader.raw(length);
  const at = here(state);
  state.sink.bytes(bytes);
  state.onMemory(-length);
  return at;
}

function loadConstants(state: LoadState): Vector {
  const total = count(state, "constant count");
  const at = here(state);
  for (let left = total; left > 0; left--) loadConstant(state);
  return { at, count: total };
}

function loadConstant(state: LoadState): void {
  const { reader, sink, target } = state;
  reader.field = "constant";
  const first = reader.byte();
  const tag = first & TAG_MASK;
  const end = sink.position + target.image.valueSize - WORD_SIZE;
  switch (tag) {
    case Tag53.Nil:
      break;
    case Tag53.Boolean:
      sink.word(first === Tag53.Boolean ? 0 : 1);
      break;
    case Tag53.Float:
      sink.bytes(reader.raw(target.numbers.size));
      break;
    case Tag53.Integer:
    case Tag53.Negative:
      writeInteger(state, first);
      break;
    case Tag53.ShortString:
    case Tag53.LongString:
      sink.word(readReference(state, first));
      if (sink.position < end) sink.word(0);
      break;
    default:
      state.trap("a constant has a type that there is not");
  }
  while (sink.position < end) sink.word(undefinedWord(state));
  sink.word(valueTag(tag));
}

function writeInteger({ reader, sink, target }: LoadState, first: number): void {
  if (target.numbers.integerSize === 4) {
    sink.word(readTagged(reader, first));
    return;
  }
  const { high, low } = readTaggedLong(reader, first);
  sink.word(low);
  sink.word(high);
}

function valueTag(tag: Tag53): ValueTag {
  switch (tag) {
    case Tag53.Nil:
      return ValueTag.Nil;
    case Tag53.Boolean:
      return ValueTag.Boolean;
    case Tag53.Float:
      return ValueTag.Float;
    case Tag53.Integer:
    case Tag53.Negative:
      return ValueTag.Integer;
    case Tag53.ShortString:
      return ValueTag.ShortString;
    case Tag53.LongString:
      return ValueTag.LongString;
  }
}

function loadUpvalues(state: LoadState): Vector {
  const { reader, sink } = state;
  reader.field = "upvalues";
  const named = reader.byte() !== 0;
  const total = count(state, "upvalue count");
  if (total === 0) return { at: 0, count: 0 };
  const at = here(state);
  for (let left = total; left > 0; left--) {
    reader.field = "upvalue";
    sink.word(named ? readReference(state, reader.byte()) : 0);
    const inStack = reader.byte();
    state.onUndefined(sink.position + 2, 2);
    sink.word(inStack | (reader.byte() << 8));
  }
  return { at, count: total };
}

function loadLineInfo(state: LoadState): Vector {
  const total = size(state, "line info size");
  if (total === 0) return { at: 0, count: 0 };
  state.reader.field = "line info";
  return { at: storeBytes(state, total), count: total };
}

function loadLocals(state: LoadState): Vector {
  const { reader, sink } = state;
  const total = count(state, "local count");
  const at = here(state);
  for (let left = total; left > 0; left--) {
    reader.field = "name of local";
    const name = readReference(state, reader.byte());
    sink.word(name);
    sink.word(count(state, "first pc of local"));
    sink.word(count(state, "last pc of local"));
  }
  return { at, count: total };
}

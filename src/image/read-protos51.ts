/**
 * Reads the functions of a Lua 5.1 flash image. Source: lfs51.md §5.3, §5.4; `layout51.ts` has the
 * record, `body51.ts` the pieces it refers to.
 *
 *     children = ref(record)*
 *     constant = value tag
 *     local    = ref(string) first-pc end-pc
 *     upvalue  = ref(string)
 *
 * The code of every function is checked as that of a `.lc` file is, so that what was read can be
 * listed and run. Builders do not check: an image of a `.lc` file whose main function has upvalues
 * holds a main function that fails.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";
import { describeComplaint } from "../bytecode/complaint.ts";
import type { LocalVariable, Proto } from "../bytecode/proto.ts";
import { verifyProto51 } from "../bytecode/verify51.ts";
import type { Target } from "../target/target.ts";
import { DAMAGED } from "./errors.ts";
import type { BadCode } from "./flash-image.ts";
import type { ImageMap, ImagePart } from "./image-map.ts";
import {
  BOOLEAN_TAG,
  factsOf,
  LOCAL_SIZE,
  NIL_TAG,
  PROTO_SIZE,
  ProtoWord,
  STRING_HEADER_SIZE,
  WORD_SIZE,
} from "./layout51.ts";
import type { ImageString } from "./read-strings51.ts";

/** Functions within one another. The reference's compiler and loader allow 200 and one around. */
const MAX_DEPTH = 210;

export interface ReadProtos {
  readonly main: Proto;
  /** The first one found; undefined when there is none. */
  readonly badCode: BadCode | undefined;
}

/** A vector that a record refers to. */
interface Vector {
  readonly at: number;
  readonly count: number;
}

/**
 * The main function and all within it.
 *
 * @param at where its record is
 * @param target one of those the image may be for
 * @throws {ImageError}
 */
export function readProtos(
  map: ImageMap,
  at: number,
  strings: readonly ImageString[],
  target: Target,
): ReadProtos {
  const reader = new ProtoReader(map, strings, target);
  const main = reader.readProto(at, 1);
  return { main, badCode: reader.badCode };
}

class ProtoReader {
  badCode: BadCode | undefined;
  private readonly map: ImageMap;
  private readonly texts: ReadonlyMap<number, LuaString>;
  private readonly target: Target;
  private readonly tagOffset: number;

  constructor(map: ImageMap, strings: readonly ImageString[], target: Target) {
    this.map = map;
    this.texts = new Map(strings.map(({ offset, text }) => [offset, text]));
    this.target = target;
    this.tagOffset = factsOf(target.image).tagOffset;
  }

  /** @param depth functions that are open, this one included */
  readProto(at: number, depth: number): Proto {
    const { map } = this;
    map.field = "function";
    if (depth > MAX_DEPTH) map.refuse("chunk-depth", "functions are nested too deeply", at);
    map.claim(at, PROTO_SIZE, "functions");
    const frame = at + ProtoWord.Frame * WORD_SIZE;
    const { valueSize } = this.target.image;
    const constants = this.vector(at, ProtoWord.Constants, valueSize, "constants");
    const code = this.vector(at, ProtoWord.Code, WORD_SIZE, "code");
    const children = this.vector(at, ProtoWord.Children, WORD_SIZE, "nested functions");
    const locals = this.vector(at, ProtoWord.Locals, LOCAL_SIZE, "locals");
    const upvalues = this.vector(at, ProtoWord.Upvalues, WORD_SIZE, "upvalue names");
    const proto: Proto = {
      source: this.readSource(at),
      lineDefined: map.word(at, ProtoWord.LineDefined) | 0,
      lastLineDefined: map.word(at, ProtoWord.LastLineDefined) | 0,
      upvalueCount: map.byte(frame),
      upvalueSources: [],
      parameterCount: map.byte(frame + 1),
      varargFlags: map.byte(frame + 2),
      maxStackSize: map.byte(frame + 3),
      code: this.readCode(code),
      constants: this.list(constants, valueSize, (place) => this.readConstant(place)),
      lineInfo: this.readLineInfo(at),
      locals: this.list(locals, LOCAL_SIZE, (place) => this.readLocal(place)),
      upvalueNames: this.list(upvalues, WORD_SIZE, (place) => this.readText(place, 0)),
      protos: this.list(children, WORD_SIZE, (place) => this.readChild(place, depth)),
    };
    this.checkCode(proto, code.at);
    return proto;
  }

  /** @param index of the ref in the record, whose count has a word of its own */
  private vector(record: number, index: VectorWord, itemSize: number, part: ImagePart): Vector {
    const { map } = this;
    const count = map.word(record, COUNT_WORDS[index]);
    map.field = part;
    const at = map.ref(record, index);
    if (at === 0 && count > 0) {
      map.refuse(DAMAGED, "they are missing", record + index * WORD_SIZE);
    }
    map.claim(at, count * itemSize, part);
    return { at, count };
  }

  private list<T>({ at, count }: Vector, itemSize: number, read: (at: number) => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read(at + i * itemSize));
    return items;
  }

  private readSource(record: number): LuaString {
    const { map } = this;
    map.field = "source of a function";
    const source = this.readText(record, ProtoWord.Source);
    return source ?? map.refuse(DAMAGED, "it is missing", record + ProtoWord.Source * WORD_SIZE);
  }

  private readChild(at: number, depth: number): Proto {
    const { map } = this;
    map.field = "nested functions";
    const record = map.ref(at, 0);
    if (record === 0) map.refuse(DAMAGED, "one of them is missing", at);
    return this.readProto(record, depth + 1);
  }

  private readCode({ at, count }: Vector): Int32Array {
    const code = new Int32Array(count);
    for (let pc = 0; pc < count; pc++) code[pc] = this.map.word(at, pc);
    return code;
  }

  private readConstant(at: number): Constant {
    const { map, target } = this;
    map.field = "constants";
    const tag = map.word(at + this.tagOffset, 0);
    switch (tag) {
      case NIL_TAG:
        return null;
      case BOOLEAN_TAG:
        return map.word(at, 0) !== 0;
      case target.wire.numberTag:
        return target.numbers.size === 4 ? map.word(at, 0) | 0 : map.float64(at);
      case target.wire.stringTag:
        return this.readText(at, 0) ?? map.refuse(DAMAGED, "a string is missing", at);
      default:
        return map.refuse("chunk-constant", `there is no type ${tag}`, at + this.tagOffset);
    }
  }

  private readLocal(at: number): LocalVariable {
    const { map } = this;
    map.field = "locals";
    const startPc = map.word(at, 1) | 0;
    return { name: this.readText(at, 0), startPc, endPc: map.word(at, 2) | 0 };
  }

  /** It refers to the text of a string, not to the string. */
  private readLineInfo(record: number): Uint8Array {
    const { map } = this;
    map.field = "line info";
    const text = this.readText(record, ProtoWord.LineInfo, STRING_HEADER_SIZE);
    if (text === null) return new Uint8Array(0);
    const lineInfo = new Uint8Array(text.length + 1);
    for (let i = 0; i < text.length; i++) lineInfo[i] = text.charCodeAt(i);
    return lineInfo;
  }

  /** @param inside how far in the string the ref points; @returns null when there is no ref */
  private readText(at: number, index: number, inside = 0): LuaString | null {
    const target = this.map.ref(at, index);
    if (target === 0) return null;
    const text = this.texts.get(target - inside);
    if (text !== undefined) return text;
    return this.map.refuse(DAMAGED, "it refers to no string", at + index * WORD_SIZE);
  }

  private checkCode(proto: Proto, at: number): void {
    const complaint = verifyProto51(proto);
    if (complaint === undefined) return;
    const offset = at + Math.max(complaint.pc, 0) * WORD_SIZE;
    this.badCode ??= { offset, reason: describeComplaint(complaint) };
  }
}

/** For each word of a record that refers to a vector, the word with the number of its items. */
const COUNT_WORDS = {
  [ProtoWord.Constants]: ProtoWord.ConstantCount,
  [ProtoWord.Code]: ProtoWord.CodeCount,
  [ProtoWord.Children]: ProtoWord.ChildCount,
  [ProtoWord.Locals]: ProtoWord.LocalCount,
  [ProtoWord.Upvalues]: ProtoWord.UpvalueNameCount,
} as const;

type VectorWord = keyof typeof COUNT_WORDS;

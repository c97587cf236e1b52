/**
 * Writes the body of a Lua 5.1 flash image: header, string table, functions.
 * Source: lfs51.md §5; `layout51.ts` has the layout.
 *
 *     constant = value tag                     with gaps of zeros where the layout has them
 *     value    = nil: 0 | boolean: 0 or 1 | double | int32 | string: ref
 *     local    = ref(name) first-pc end-pc
 *     upvalue  = ref(name)
 *     ref      = word: offset of what it refers to, counted in words; 0 for nothing
 *
 * Every ref but 0 is marked in the bitmap, for whoever turns offsets into addresses.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { ImageFacts51, ImageLayout, Target } from "../target/target.ts";
import {
  aligned,
  BOOLEAN_TAG,
  bitmapSize,
  bucketCount,
  factsOf,
  HEADER_SIZE,
  HeaderWord,
  LFS_MARK,
  LOCAL_SIZE,
  NIL_TAG,
  PROTO_SIZE,
  ProtoWord,
  STRING_HEADER_SIZE,
  StringWord,
  stringSize,
  WORD_SIZE,
} from "./layout51.ts";
import { hashString, imageOrder, lineInfoText, type StringSet } from "./strings51.ts";

/** Then code, which is most of an image, can be copied as it is. */
const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** An image whose refs are word offsets. */
export interface Image51 {
  /** From the header to the main function's record. */
  readonly body: Uint8Array;
  /** One bit per word of the body, lowest first: set when the word is a ref. */
  readonly bitmap: Uint32Array;
}

/** Bytes of functions with all within, strings not counted. */
export function protoSize(proto: Proto, valueSize: number, strip: boolean): number {
  const { protos, constants, code, locals, upvalueNames } = proto;
  let size = PROTO_SIZE + (protos.length + code.length) * WORD_SIZE + constants.length * valueSize;
  if (!strip) size += locals.length * LOCAL_SIZE + upvalueNames.length * WORD_SIZE;
  for (const nested of protos) size += protoSize(nested, valueSize, strip);
  return size;
}

/** Bytes of header, buckets and strings. */
export function stringsSize(texts: readonly LuaString[], facts: ImageFacts51): number {
  let size = HEADER_SIZE + bucketCount(texts.length, facts) * WORD_SIZE;
  for (const { length } of texts) size += stringSize(length);
  return size;
}

/**
 * @param strings all that `main` refers to
 * @param size bytes of the image: {@link stringsSize} and {@link protoSize} together
 */
export function writeBody(
  main: Proto,
  strings: StringSet,
  size: number,
  options: { readonly target: Target; readonly strip: boolean },
): Image51 {
  const writer = new BodyWriter(strings, size, options.target, options.strip);
  const buckets = writer.writeStrings();
  writer.writeHeader(writer.writeProto(main), buckets);
  return writer.image;
}

class BodyWriter {
  readonly image: Image51;
  private readonly strings: StringSet;
  /** By number of a string: where it lies, or 0 if not written yet. */
  private readonly places: Int32Array;
  private readonly view: DataView;
  private readonly layout: ImageLayout;
  private readonly facts: ImageFacts51;
  private readonly target: Target;
  private readonly strip: boolean;
  private end = HEADER_SIZE;

  constructor(strings: StringSet, size: number, target: Target, strip: boolean) {
    const body = new Uint8Array(size);
    this.image = { body, bitmap: new Uint32Array(bitmapSize(size) / WORD_SIZE) };
    this.view = new DataView(body.buffer);
    this.strings = strings;
    this.places = new Int32Array(strings.texts.length);
    this.target = target;
    this.layout = target.image;
    this.facts = factsOf(target.image);
    this.strip = strip;
  }

  /** The string table. @returns where its buckets are */
  writeStrings(): number {
    const { texts } = this.strings;
    const hashes = new Int32Array(texts.length);
    for (let i = 0; i < texts.length; i++) hashes[i] = hashString(texts[i]);
    const count = bucketCount(texts.length, this.facts);
    const buckets = this.take(count * WORD_SIZE);
    for (const number of imageOrder(hashes)) {
      const hash = hashes[number];
      this.writeString(number, hash, buckets + (hash & (count - 1)) * WORD_SIZE);
    }
    return buckets;
  }

  /** A function after all that it refers to. @returns where its record is */
  writeProto(proto: Proto): number {
    const { constants, code, protos, source } = proto;
    const children = this.writeChildren(protos);
    const constantsAt = this.writeConstants(constants);
    const codeAt = this.writeCode(code);
    const localsAt = this.strip ? 0 : this.writeLocals(proto);
    const upvaluesAt = this.strip ? 0 : this.writeUpvalues(proto);
    const record = this.take(PROTO_SIZE);
    this.ref(record, ProtoWord.Constants, constantsAt);
    this.ref(record, ProtoWord.Code, codeAt);
    this.ref(record, ProtoWord.Children, children);
    this.ref(record, ProtoWord.Locals, localsAt);
    this.ref(record, ProtoWord.Upvalues, upvaluesAt);
    this.ref(record, ProtoWord.Source, this.placeOf(source));
    this.word(record, ProtoWord.ConstantCount, constants.length);
    this.word(record, ProtoWord.CodeCount, code.length);
    this.word(record, ProtoWord.ChildCount, protos.length);
    this.word(record, ProtoWord.LineDefined, proto.lineDefined);
    this.word(record, ProtoWord.LastLineDefined, proto.lastLineDefined);
    if (!this.strip) this.writeDebugWords(record, proto);
    this.writeFrame(record + ProtoWord.Frame * WORD_SIZE, proto);
    return record;
  }

  /** @param main where its record is */
  writeHeader(main: number, buckets: number): void {
    const { texts } = this.strings;
    this.word(0, HeaderWord.Signature, this.facts.signature);
    this.word(0, HeaderWord.Size, this.image.body.length);
    this.ref(0, HeaderWord.Main, main);
    this.ref(0, HeaderWord.Buckets, buckets);
    this.word(0, HeaderWord.StringCount, texts.length);
    this.word(0, HeaderWord.BucketCount, bucketCount(texts.length, this.facts));
  }

  /** @param bucket where its bucket's word is: the newest string comes first there */
  private writeString(number: number, hash: number, bucket: number): void {
    const text = this.strings.texts[number];
    const { length } = text;
    const at = this.take(stringSize(length));
    this.places[number] = at;
    const before = this.view.getUint32(bucket, true) * WORD_SIZE;
    this.ref(at, StringWord.Next, before);
    this.word(at, StringWord.Tags, this.target.wire.stringTag | LFS_MARK);
    this.word(at, StringWord.Hash, hash);
    this.word(at, StringWord.Length, length);
    const { body } = this.image;
    const start = at + STRING_HEADER_SIZE;
    for (let i = 0; i < length; i++) body[start + i] = text.charCodeAt(i);
    this.ref(bucket, 0, at);
  }

  private writeChildren(protos: readonly Proto[]): number {
    if (protos.length === 0) return 0;
    const records = new Int32Array(protos.length);
    for (let i = 0; i < protos.length; i++) records[i] = this.writeProto(protos[i]);
    const at = this.take(protos.length * WORD_SIZE);
    for (let i = 0; i < records.length; i++) this.ref(at, i, records[i]);
    return at;
  }

  private writeConstants(constants: readonly Constant[]): number {
    if (constants.length === 0) return 0;
    const { valueSize } = this.layout;
    const at = this.take(constants.length * valueSize);
    for (let i = 0; i < constants.length; i++) this.writeConstant(at + i * valueSize, constants[i]);
    return at;
  }

  private writeConstant(at: number, constant: Constant): void {
    const { wire, numbers } = this.target;
    let tag = NIL_TAG;
    if (typeof constant === "string") {
      tag = wire.stringTag;
      this.ref(at, 0, this.placeOf(constant));
    } else if (typeof constant === "boolean") {
      tag = BOOLEAN_TAG;
      this.word(at, 0, constant ? 1 : 0);
    } else if (constant !== null) {
      tag = wire.numberTag;
      // Unlike in a `.lc` file, every 32-bit integer may be written.
      if (numbers.size === 4) this.word(at, 0, Number(constant));
      else this.view.setFloat64(at, Number(constant), true);
    }
    this.word(at + this.facts.tagOffset, 0, tag);
  }

  private writeCode(code: Int32Array): number {
    const at = this.take(code.length * WORD_SIZE);
    if (HOST_IS_LITTLE_ENDIAN) new Int32Array(this.view.buffer, at, code.length).set(code);
    else for (let pc = 0; pc < code.length; pc++) this.word(at, pc, code[pc]);
    return code.length === 0 ? 0 : at;
  }

  private writeLocals({ locals }: Proto): number {
    if (locals.length === 0) return 0;
    const at = this.take(locals.length * LOCAL_SIZE);
    for (let i = 0; i < locals.length; i++) {
      const { name, startPc, endPc } = locals[i];
      const local = at + i * LOCAL_SIZE;
      this.ref(local, 0, this.placeOf(name));
      this.word(local, 1, startPc);
      this.word(local, 2, endPc);
    }
    return at;
  }

  private writeUpvalues({ upvalueNames }: Proto): number {
    if (upvalueNames.length === 0) return 0;
    const at = this.take(upvalueNames.length * WORD_SIZE);
    for (let i = 0; i < upvalueNames.length; i++) this.ref(at, i, this.placeOf(upvalueNames[i]));
    return at;
  }

  /** What a stripped image leaves 0. Line info refers to the text of its string. */
  private writeDebugWords(record: number, { lineInfo, upvalueNames, locals }: Proto): void {
    const lines = lineInfoText(lineInfo);
    if (lines !== undefined) {
      this.ref(record, ProtoWord.LineInfo, this.placeOf(lines) + STRING_HEADER_SIZE);
    }
    this.word(record, ProtoWord.UpvalueNameCount, upvalueNames.length);
    this.word(record, ProtoWord.LocalCount, locals.length);
  }

  private writeFrame(at: number, proto: Proto): void {
    const { body } = this.image;
    body[at] = proto.upvalueCount;
    body[at + 1] = proto.parameterCount;
    body[at + 2] = proto.varargFlags;
    body[at + 3] = proto.maxStackSize;
  }

  /** Where a string lies; 0 for none. */
  private placeOf(text: LuaString | null): number {
    return text === null ? 0 : this.places[this.strings.numberOf(text)];
  }

  /** The next so many bytes, all 0. */
  private take(size: number): number {
    const at = this.end;
    this.end += aligned(size);
    return at;
  }

  /** @param at of a structure; @param index of a word in it */
  private word(at: number, index: number, value: number): void {
    this.view.setInt32(at + index * WORD_SIZE, value, true);
  }

  /** @param target where what is referred to lies; 0: nothing */
  private ref(at: number, index: number, target: number): void {
    if (target === 0) return;
    const word = at / WORD_SIZE + index;
    this.view.setInt32(word * WORD_SIZE, target / WORD_SIZE, true);
    this.image.bitmap[word >> 5] |= 1 << (word & 31);
  }
}

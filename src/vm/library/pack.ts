/**
 * `string.pack`, `packsize` and `unpack` of Lua 5.3: values as the bytes of C structures.
 * Source: lua53 manual §6.4.2. Sizes of C types are the 64-bit host's, as in the reference; `T` and
 * `s` have the width of its `size_t`.
 *
 *     format = { "<" | ">" | "=" | "!" [n] | " " | "x" | "X" item | item }
 *     item   = b B h H l L j J T i[n] I[n] f d n | s[n] z cn
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Value } from "../values.ts";
import { integerSize } from "./integers.ts";
import { escapedUnit } from "./words.ts";

type Kind = "signed" | "unsigned" | "float" | "fixed" | "counted" | "zero" | "pad" | "align";

interface Item {
  readonly kind: Kind;
  /** Bytes of the item; of its count for a counted text, 0 for one that ends in a zero. */
  readonly size: number;
  /** Bytes of padding in front of it. */
  readonly padding: number;
  readonly little: boolean;
}

/** Kind and size of the letters that have no size of their own behind them. */
const PLAIN: ReadonlyMap<string, readonly [Kind, number]> = new Map([
  ["b", ["signed", 1]],
  ["B", ["unsigned", 1]],
  ["h", ["signed", 2]],
  ["H", ["unsigned", 2]],
  ["l", ["signed", 8]],
  ["L", ["unsigned", 8]],
  ["T", ["unsigned", 8]],
  ["f", ["float", 4]],
  ["d", ["float", 8]],
  ["z", ["zero", 0]],
  ["x", ["pad", 1]],
]);

/** Kind and usual size of the letters that may have a size behind them. */
const SIZED: ReadonlyMap<string, readonly [Kind, number]> = new Map([
  ["i", ["signed", 4]],
  ["I", ["unsigned", 4]],
  ["s", ["counted", 8]],
]);

const MAX_INTEGER_SIZE = 16;
const MAX_ALIGNMENT = 8;
const MAX_SIZE = 0x7fffffff;
const PAD = "\0";

/** Reads a format, item by item. */
class Format {
  private readonly call: Call;
  private readonly text: LuaString;
  private at = 0;
  private little = true;
  private maxAlignment = 1;

  constructor(call: Call) {
    this.call = call;
    const text = call.text(1);
    const end = text.indexOf("\0");
    this.text = end < 0 ? text : text.slice(0, end);
  }

  /**
   * The next item, or undefined at the end.
   *
   * @param offset of the item in the whole, which decides about its padding
   * @param onSetting is called for each setting in front of it
   */
  next(offset: number, onSetting?: () => void): Item | undefined {
    while (this.at < this.text.length) {
      const letter = this.text[this.at++];
      if (this.setting(letter)) {
        onSetting?.();
        continue;
      }
      const { little } = this;
      if (letter === "X") {
        const { kind, size } = this.at < this.text.length ? this.item() : NOTHING;
        if (kind === "fixed" || size === 0) this.refuse("invalid next option for option 'X'");
        return { kind: "align", size: 0, padding: this.padding(size, offset), little };
      }
      this.at--;
      const { kind, size } = this.item();
      const aligned = kind === "fixed" ? 0 : size;
      return { kind, size, padding: this.padding(aligned, offset), little };
    }
    return undefined;
  }

  private setting(letter: string): boolean {
    switch (letter) {
      case " ":
        return true;
      case "<":
      case "=":
        this.little = true;
        return true;
      case ">":
        this.little = false;
        return true;
      case "!":
        this.maxAlignment = this.limitedNumber(MAX_ALIGNMENT);
        return true;
      default:
        return false;
    }
  }

  /** Kind and size of an item, its number included. */
  private item(): { readonly kind: Kind; readonly size: number } {
    const letter = this.text[this.at++];
    const plain = PLAIN.get(letter);
    if (plain) return { kind: plain[0], size: plain[1] };
    const sized = SIZED.get(letter);
    if (sized) return { kind: sized[0], size: this.limitedNumber(sized[1]) };
    if (letter === "c") {
      const size = this.number();
      if (size === undefined) throw this.call.error("missing size for format option 'c'");
      return { kind: "fixed", size };
    }
    if (letter === "j" || letter === "J") {
      return { kind: letter === "j" ? "signed" : "unsigned", size: integerSize(this.call) };
    }
    if (letter === "n") return { kind: "float", size: this.call.state.target.numbers.size };
    if (letter === "X" || this.setting(letter)) return NOTHING;
    throw this.call.error(`invalid format option '${escapedUnit(letter)}'`);
  }

  private number(): number | undefined {
    const start = this.at;
    let value = 0;
    while (/\d/.test(this.text[this.at] ?? "") && value <= (MAX_SIZE - 9) / 10) {
      value = value * 10 + Number(this.text[this.at++]);
    }
    return this.at === start ? undefined : value;
  }

  private limitedNumber(usual: number): number {
    const size = this.number() ?? usual;
    if (size >= 1 && size <= MAX_INTEGER_SIZE) return size;
    throw this.call.error(`integral size (${size}) out of limits [1,${MAX_INTEGER_SIZE}]`);
  }

  private padding(size: number, offset: number): number {
    const alignment = Math.min(size, this.maxAlignment);
    if (size <= 1 || alignment <= 1) return 0;
    if ((alignment & (alignment - 1)) !== 0) {
      this.refuse("format asks for alignment not power of 2");
    }
    return (alignment - (offset % alignment)) % alignment;
  }

  private refuse(message: LuaString): never {
    throw this.call.argumentError(1, message);
  }
}

/** What comes behind an `X` that asks for nothing. */
const NOTHING = { kind: "pad", size: 0 } as const;

export function pack(call: Call): number {
  const format = new Format(call);
  // The reference puts a nil behind the arguments, which it takes for one that is missing.
  call.push(undefined);
  call.count++;
  let result = "";
  let argument = 1;
  for (let item = format.next(0); item; item = format.next(result.length)) {
    result += PAD.repeat(item.padding);
    if (item.kind === "align") continue;
    result += item.kind === "pad" ? PAD : packItem(call, ++argument, item);
  }
  return call.giveText(result);
}

function packItem(call: Call, n: number, item: Item): LuaString {
  switch (item.kind) {
    case "signed":
    case "unsigned":
      return packInteger(call, n, item);
    case "float":
      return packFloat(call.float(n), item);
    case "fixed": {
      const text = call.text(n);
      if (text.length > item.size) throw call.argumentError(n, "string longer than given size");
      return text.padEnd(item.size, PAD);
    }
    case "counted": {
      const text = call.text(n);
      if (item.size < 8 && text.length >= 2 ** (8 * item.size)) {
        throw call.argumentError(n, "string length does not fit in given size");
      }
      return bytesOf(BigInt(text.length), item) + text;
    }
    default: {
      const text = call.text(n);
      if (text.includes("\0")) throw call.argumentError(n, "string contains zeros");
      return text + PAD;
    }
  }
}

function packInteger(call: Call, n: number, item: Item): LuaString {
  const value = BigInt(call.exactInteger(n));
  const bits = 8 * item.size;
  const width = integerSize(call);
  if (item.size < width) {
    if (item.kind === "signed" && BigInt.asIntN(bits, value) !== value) {
      throw call.argumentError(n, "integer overflow");
    }
    if (item.kind === "unsigned" && BigInt.asUintN(bits, value) !== value) {
      throw call.argumentError(n, "unsigned overflow");
    }
  }
  // Beyond the width of integers only signed ones are continued with their sign.
  const whole = item.kind === "signed" ? value : BigInt.asUintN(8 * width, value);
  return bytesOf(whole, item);
}

function bytesOf(value: bigint, { size, little }: Item): LuaString {
  const bytes: number[] = [];
  for (let i = 0; i < size; i++) bytes.push(Number((value >> BigInt(8 * i)) & 0xffn));
  return String.fromCharCode(...(little ? bytes : bytes.reverse()));
}

function packFloat(value: number, { size, little }: Item): LuaString {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, value, little);
  else view.setFloat64(0, value, little);
  return String.fromCharCode(...new Uint8Array(view.buffer));
}

export function packsize(call: Call): number {
  const format = new Format(call);
  let total = 0;
  for (let item = format.next(0); item; item = format.next(total)) {
    const size = item.size + item.padding;
    if (total > MAX_SIZE - size) throw call.argumentError(1, "format result too large");
    total += size;
    if (item.kind === "counted" || item.kind === "zero") {
      throw call.argumentError(1, "variable-length format");
    }
  }
  return call.giveInteger(total);
}

export function unpack(call: Call): number {
  const format = new Format(call);
  const data = call.text(2);
  const start = call.integer(3, 1);
  let at = (start < 0 ? Math.max(data.length + start + 1, 0) : start) - 1;
  if (at < 0 || at > data.length) {
    throw call.argumentError(3, "initial position out of string");
  }
  const values: Value[] = [];
  // A text without its zero byte ends behind the data, where there is no room for a setting, either.
  const nextItem = () =>
    format.next(at, () => {
      if (at > data.length) tooShort(call);
    });
  for (let item = nextItem(); item; item = nextItem()) {
    if (at + item.padding + item.size > data.length) tooShort(call);
    at += item.padding;
    if (item.kind !== "pad" && item.kind !== "align") values.push(unpackItem(call, data, at, item));
    at += lengthAt(call, data, at, item);
  }
  values.push(call.numbers.fromInteger(at + 1));
  return call.giveAll(values);
}

function tooShort(call: Call): never {
  throw call.argumentError(2, "data string too short");
}

/** Bytes that the item takes in the data. */
function lengthAt(call: Call, data: LuaString, at: number, item: Item): number {
  if (item.kind === "counted") return item.size + countAt(call, data, at, item);
  return item.kind === "zero" ? zeroAfter(data, at) - at + 1 : item.size;
}

/** Where the text at an offset ends; a zero stands behind the data, too. */
function zeroAfter(data: LuaString, at: number): number {
  const zero = data.indexOf(PAD, at);
  return zero < 0 ? data.length : zero;
}

function countAt(call: Call, data: LuaString, at: number, item: Item): number {
  const count = unpackInteger(call, data.slice(at, at + item.size), item);
  const unsigned = BigInt.asUintN(8 * integerSize(call), count);
  if (unsigned > BigInt(data.length - at - item.size)) tooShort(call);
  return Number(unsigned);
}

function unpackItem(call: Call, data: LuaString, at: number, item: Item): Value {
  const bytes = data.slice(at, at + item.size);
  switch (item.kind) {
    case "signed":
    case "unsigned":
      return call.numbers.fromInteger(unpackInteger(call, bytes, item));
    case "float":
      return call.numbers.fromDouble(unpackFloat(bytes, item));
    case "fixed":
      return call.make(bytes);
    case "counted": {
      const start = at + item.size;
      return call.make(data.slice(start, start + countAt(call, data, at, item)));
    }
    default:
      return call.make(data.slice(at, zeroAfter(data, at)));
  }
}

/** The integer of those bytes; what integers of the target cannot hold is refused. */
function unpackInteger(call: Call, bytes: LuaString, { kind, size, little }: Item): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++) {
    const at = little ? size - 1 - i : i;
    value = (value << 8n) | BigInt(bytes.charCodeAt(at));
  }
  const width = integerSize(call);
  if (size <= width) return kind === "signed" ? BigInt.asIntN(8 * size, value) : value;
  const held = BigInt.asIntN(8 * width, value);
  const whole = kind === "signed" ? held : BigInt.asUintN(8 * width, held);
  if (BigInt.asUintN(8 * size, whole) === value) return held;
  throw call.error(`${size}-byte integer does not fit into Lua Integer`);
}

function unpackFloat(bytes: LuaString, { size, little }: Item): number {
  const view = new DataView(new ArrayBuffer(size));
  for (let i = 0; i < size; i++) view.setUint8(i, bytes.charCodeAt(i));
  return size === 4 ? view.getFloat32(0, little) : view.getFloat64(0, little);
}

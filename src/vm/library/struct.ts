/**
 * The firmware's module `struct`: values as the bytes of C structures.
 * Source: the NodeMCU manual, "struct"; observed.
 *
 *     format = { "<" | ">" | " " | "!" [n] | item }
 *     item   = b B h H l L T | i[n] I[n] | f d | x | c[n] | s
 *
 * Sizes of C types are those of the host or the board. Integers are taken and given with 64 bits at
 * most, of which those that are packed come from 32.
 */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import type { Value } from "../values.ts";
import { escapedUnit, intArgument, integerBits, toInt } from "./words.ts";

const MAX_INT = 0x7fffffff;
const DIGIT = /^[0-9]$/;
/** Letters that take one integer each. */
const INTEGERS = "bBhHlLTiI";
/** Letters and digits that {@link Format.next} passes on although they mean nothing. */
const ALPHANUMERIC = /^[A-Za-z0-9]$/;
const ZERO = "\0";

interface Item {
  readonly letter: string;
  /** Bytes; 0 when that depends on the value. */
  readonly size: number;
  /** Bytes of padding in front of it. */
  readonly padding: number;
  readonly little: boolean;
}

class Format {
  private readonly call: Call;
  private readonly text: LuaString;
  private at = 0;
  private little = true;
  private alignment = 1;

  constructor(call: Call) {
    this.call = call;
    this.text = untilNul(call.text(1));
  }

  /**
   * The next item or setting, or undefined at the end.
   *
   * @param offset of the item in the whole, which decides about its padding
   */
  next(offset: number): Item | undefined {
    if (this.at >= this.text.length) return undefined;
    const letter = this.text[this.at++];
    const size = this.size(letter);
    return { letter, size, padding: this.padding(letter, size, offset), little: this.little };
  }

  private size(letter: string): number {
    const { longBits } = this.call.state;
    switch (letter) {
      case "b":
      case "B":
      case "x":
        return 1;
      case "h":
      case "H":
        return 2;
      case "l":
      case "L":
      case "T":
        return longBits / 8;
      case "f":
        return this.call.numbers.integral ? 0 : 4;
      case "d":
        return this.call.numbers.integral ? 0 : 8;
      case "c":
        return this.number(1);
      case "i":
      case "I":
        return this.integerSize();
      default:
        return 0;
    }
  }

  private integerSize(): number {
    const most = this.call.numbers.integral ? 4 : 32;
    const size = this.number(4);
    if (size <= most) return size;
    throw this.call.error(`integral size ${size} is larger than limit of ${most}`);
  }

  private number(whenMissing: number): number {
    let digits = "";
    while (DIGIT.test(this.text[this.at] ?? "")) {
      digits += this.text[this.at++];
      if (Number(digits) > MAX_INT) throw this.call.error("integral size overflow");
    }
    return digits === "" ? whenMissing : Number(digits);
  }

  /** Sizes that are no powers of two are masked as if they were. */
  private padding(letter: string, size: number, offset: number): number {
    if (size === 0 || letter === "c") return 0;
    const unit = Math.min(size, this.alignment);
    return (unit - (offset & (unit - 1))) & (unit - 1);
  }

  /** What is no item must be a setting. */
  private shown(letter: LuaString): LuaString {
    return this.call.state.target.libraries.escapesUnits ? escapedUnit(letter) : letter;
  }

  set({ letter }: Item): void {
    switch (letter) {
      case " ":
        return;
      case "<":
      case ">":
        this.little = letter === "<";
        return;
      case "!":
        this.alignment = this.number(8);
        if (this.alignment > 0 && (this.alignment & (this.alignment - 1)) === 0) return;
        throw this.call.error(`alignment ${this.alignment} is not a power of 2`);
      default:
        throw this.call.argumentError(1, `invalid format option '${this.shown(letter)}'`);
    }
  }
}

export const STRUCT: Library = { name: "struct", functions: { pack, unpack, size: sizeOf } };

function isFloat(call: Call, letter: string): boolean {
  return (letter === "f" || letter === "d") && !call.numbers.integral;
}

// Packing

function pack(call: Call): number {
  const format = new Format(call);
  let result = "";
  let n = 2;
  for (let item = format.next(0); item; item = format.next(result.length)) {
    result += ZERO.repeat(item.padding);
    const { letter } = item;
    if (INTEGERS.includes(letter)) result += packInteger(integerAt(call, n++), item);
    else if (letter === "x") result += ZERO;
    else if (letter === "c" || letter === "s") result += packText(call, n++, item);
    else if (isFloat(call, letter)) result += packFloat(numberAt(call, n++), item);
    else format.set(item);
  }
  return call.giveText(result);
}

/** Behind the arguments the reference has a nil, which is what a missing one is called. */
function refuseMissing(call: Call, n: number, expected: string): void {
  if (!call.has(n)) throw call.argumentError(n, `${expected} expected, got nil`);
}

function integerAt(call: Call, n: number): bigint {
  refuseMissing(call, n, "number");
  return BigInt(intArgument(call, n));
}

function numberAt(call: Call, n: number): number {
  refuseMissing(call, n, "number");
  return call.float(n);
}

function packInteger(value: bigint, { size, little }: Item): LuaString {
  const bytes: number[] = [];
  // The sign goes no further than 64 bits.
  let rest = BigInt.asUintN(64, value);
  for (let i = 0; i < size; i++, rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return String.fromCharCode(...(little ? bytes : bytes.reverse()));
}

function packFloat(value: number, { size, little }: Item): LuaString {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, value, little);
  else view.setFloat64(0, value, little);
  return String.fromCharCode(...new Uint8Array(view.buffer));
}

/** A text that is too short is blamed on the argument behind it. */
function packText(call: Call, n: number, { letter, size }: Item): LuaString {
  refuseMissing(call, n, "string");
  const text = call.text(n);
  if (text.length < size) throw call.argumentError(n + 1, "string too short");
  const part = size === 0 ? text : text.slice(0, size);
  return letter === "s" ? part + ZERO : part;
}

// Unpacking

function unpack(call: Call): number {
  const format = new Format(call);
  const data = call.text(2);
  let at = call.integer(3, 1) - 1;
  // The data lies below the values, and `c0` may take it for the size that it asks for.
  const stack: Value[] = [call.get(2)];
  for (let item = format.next(at); item; item = format.next(at)) {
    at += item.padding;
    checkData(call, data, at, item.size);
    const { letter } = item;
    let { size } = item;
    if (INTEGERS.includes(letter)) stack.push(unpackInteger(call, data, at, item));
    else if (isFloat(call, letter)) {
      stack.push(call.numbers.fromDouble(unpackFloat(data, at, item)));
    } else if (letter === "c") {
      if (size === 0) size = takeSize(call, stack, data, at);
      stack.push(call.make(data.slice(at, at + size)));
    } else if (letter === "s") {
      const text = textUntilZero(call, data, at);
      stack.push(call.make(text));
      size = text.length + 1;
    } else if (letter !== "x") format.set(item);
    at += size;
  }
  stack.push(call.numbers.fromInteger(at + 1));
  return call.giveAll(stack.slice(1));
}

function checkData(call: Call, data: LuaString, at: number, size: number): void {
  if (at < 0 || at + size > data.length) throw call.argumentError(2, "data string too short");
}

/** Takes the value before it for the size of a text. */
function takeSize(call: Call, stack: Value[], data: LuaString, at: number): number {
  const number = call.state.engine.toNumber(call.state, stack[stack.length - 1]);
  if (number === undefined) throw call.error("format `c0' needs a previous size");
  stack.pop();
  const size = toInt(call.numbers.toInteger(number) ?? 0);
  if (size < 0) throw call.argumentError(2, "data string too short");
  checkData(call, data, at, size);
  return size;
}

function textUntilZero(call: Call, data: LuaString, at: number): LuaString {
  const end = data.indexOf(ZERO, at);
  if (end < 0) throw call.error("unfinished string in data");
  return data.slice(at, end);
}

/** An integer where it is in the range of integers, else a number. */
function unpackInteger(
  call: Call,
  data: LuaString,
  at: number,
  { letter, size, little }: Item,
): Value {
  let word = 0n;
  for (let i = 0; i < size; i++) {
    const place = at + (little ? size - 1 - i : i);
    word = BigInt.asUintN(64, (word << 8n) | BigInt(data.charCodeAt(place)));
  }
  const isSigned = letter === letter.toLowerCase();
  const value = BigInt.asIntN(64, isSigned ? signExtended(word, size) : word);
  const { numbers } = call;
  const bits = numbers.subtypes ? integerBits(call) : 32;
  if (BigInt.asIntN(bits, value) === value || numbers.integral) return numbers.fromInteger(value);
  return numbers.fromDouble(Number(value));
}

/** The processor counts the position of the sign modulo 64. */
function signExtended(word: bigint, size: number): bigint {
  const mask = BigInt.asUintN(64, ~0n << BigInt((size * 8 - 1) & 63));
  return (word & mask) !== 0n ? word | mask : word;
}

function unpackFloat(data: LuaString, at: number, { size, little }: Item): number {
  const view = new DataView(new ArrayBuffer(size));
  for (let i = 0; i < size; i++) view.setUint8(i, data.charCodeAt(at + i));
  return size === 4 ? view.getFloat32(0, little) : view.getFloat64(0, little);
}

// Size

function sizeOf(call: Call): number {
  const format = new Format(call);
  let total = 0;
  for (let item = format.next(0); item; item = format.next(total)) {
    const { letter, size, padding } = item;
    if (letter === "s") throw call.argumentError(1, "option 's' has no fixed size");
    if (letter === "c" && size === 0) {
      throw call.argumentError(1, "option 'c0' has no fixed size");
    }
    if (!ALPHANUMERIC.test(letter)) format.set(item);
    total += padding + size;
  }
  return call.giveInteger(total);
}

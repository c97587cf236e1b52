/**
 * The library `utf8` of Lua 5.3. Source: lua53 manual §6.5; lua53.md §8 (`charpattern` comes from a
 * metamethod, so `pairs` does not show it: whoever opens the library gives its table {@link utf8Field}
 * as `__index`).
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import type { Value } from "../values.ts";
import { fromStart } from "./string-basics.ts";

/** A pattern that matches one character. */
const CHARACTER_PATTERN = "[\0-\x7f\xc2-\xf4][\x80-\xbf]*";

const MAX_CODE_POINT = 0x10ffff;

/** The greatest code point that fewer bytes can hold, by the number of continuation bytes. */
const OVERLONG: readonly number[] = [-1, 0x7f, 0x7ff, 0xffff];

/** A character of a text. */
interface Character {
  readonly codePoint: number;
  /** Offset behind its last byte. */
  readonly end: number;
}

function isContinuation(text: LuaString, at: number): boolean {
  return at < text.length && (text.charCodeAt(at) & 0xc0) === 0x80;
}

/** Reads the character at an offset; undefined when the bytes there are none. */
function characterAt(text: LuaString, at: number): Character | undefined {
  const first = at < text.length ? text.charCodeAt(at) : 0;
  if (first < 0x80) return { codePoint: first, end: at + 1 };
  // As many ones lead the first byte as the character has bytes.
  const size = Math.clz32(~(first << 24));
  if (size < 2 || size > OVERLONG.length) return undefined;
  let codePoint = first & (0x7f >> size);
  for (let i = 1; i < size; i++) {
    if (!isContinuation(text, at + i)) return undefined;
    codePoint = codePoint * 64 + (text.charCodeAt(at + i) & 0x3f);
  }
  const isValid = codePoint <= MAX_CODE_POINT && codePoint > OVERLONG[size - 1];
  return isValid ? { codePoint, end: at + size } : undefined;
}

function encodeCharacter(codePoint: number): LuaString {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  const bytes: number[] = [];
  let rest = codePoint;
  let room = 0x3f; // what still fits into the first byte
  while (rest > room) {
    bytes.unshift(0x80 | (rest & 0x3f));
    rest >>>= 6;
    room >>>= 1;
  }
  return String.fromCharCode(((~room << 1) & 0xff) | rest, ...bytes);
}

function offset(call: Call): number {
  const text = call.text(1);
  const count = call.integer(2);
  const start = call.integer(3, count >= 0 ? 1 : text.length + 1);
  let at = fromStart(start, text.length) - 1;
  if (at < 0 || at > text.length) throw call.argumentError(3, "position out of range");
  if (count === 0) {
    while (at > 0 && isContinuation(text, at)) at--;
    return call.giveInteger(at + 1);
  }
  if (isContinuation(text, at)) throw call.error("initial position is a continuation byte");
  let left = count < 0 ? -count : count - 1;
  const step = count < 0 ? -1 : 1;
  while (left > 0 && (step < 0 ? at > 0 : at < text.length)) {
    do at += step;
    while (at > 0 && isContinuation(text, at));
    left--;
  }
  return left === 0 ? call.giveInteger(at + 1) : call.give(undefined);
}

function codepoint(call: Call): number {
  const text = call.text(1);
  const first = fromStart(call.integer(2, 1), text.length);
  const last = fromStart(call.integer(3, first), text.length);
  if (first < 1) throw call.argumentError(2, "out of range");
  if (last > text.length) throw call.argumentError(3, "out of range");
  if (last >= first && !call.hasRoomFor(last - first + 1)) {
    throw call.error("stack overflow (string slice too long)");
  }
  const codePoints: Value[] = [];
  for (let at = first - 1; at < last; ) {
    const character = characterAt(text, at);
    if (!character) throw call.error("invalid UTF-8 code");
    codePoints.push(call.numbers.fromInteger(character.codePoint));
    at = character.end;
  }
  return call.giveAll(codePoints);
}

function char(call: Call): number {
  let text = "";
  for (let n = 1; n <= call.count; n++) {
    const codePoint = call.integer(n);
    if (codePoint < 0 || codePoint > MAX_CODE_POINT) {
      throw call.argumentError(n, "value out of range");
    }
    text += encodeCharacter(codePoint);
  }
  return call.giveText(text);
}

function len(call: Call): number {
  const text = call.text(1);
  let at = fromStart(call.integer(2, 1), text.length) - 1;
  const last = fromStart(call.integer(3, -1), text.length) - 1;
  if (at < 0 || at > text.length) throw call.argumentError(2, "initial position out of string");
  if (last >= text.length) throw call.argumentError(3, "final position out of string");
  let count = 0;
  while (at <= last) {
    const character = characterAt(text, at);
    if (!character) return call.giveAll([undefined, call.numbers.fromInteger(at + 1)]);
    at = character.end;
    count++;
  }
  return call.giveInteger(count);
}

/** Position and code point of the character behind the one at a position; 0 is before the first. */
function nextCharacter(call: Call): number {
  const text = call.text(1);
  let at = call.integer(2, 0) - 1;
  if (at < 0) at = 0;
  else {
    at++;
    while (isContinuation(text, at)) at++;
  }
  if (at >= text.length) return call.giveNothing();
  const character = characterAt(text, at);
  if (!character || isContinuation(text, character.end)) throw call.error("invalid UTF-8 code");
  const { numbers } = call;
  return call.giveAll([numbers.fromInteger(at + 1), numbers.fromInteger(character.codePoint)]);
}

function codes(call: Call): number {
  const text = call.string(1);
  const next = call.newFunction(nextCharacter, "for iterator");
  return call.giveAll([next, text, call.numbers.fromInteger(0)]);
}

export const UTF8: Library = { name: "utf8", functions: { offset, codepoint, char, len, codes } };

/** `__index` of the library's table. */
export function utf8Field(call: Call): number {
  return call.text(2) === "charpattern" ? call.giveText(CHARACTER_PATTERN) : call.give(undefined);
}

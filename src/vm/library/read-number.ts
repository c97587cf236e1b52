/**
 * Reading a number from a stream, unit by unit with one unit of foresight: what looks like the
 * beginning of a number is taken, even when it turns out to be none.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Stream } from "./stream.ts";

const BLANKS = " \t\n\v\f\r";
const DIGITS = "0123456789";
const HEX_DIGITS = "0123456789abcdefABCDEF";
/** Lua 5.3 takes no longer numeral. */
const MAX_LENGTH_53 = 200;

export class NumberReader {
  private readonly stream: Stream;
  private readonly maxLength: number;
  text: LuaString = "";
  /** The numeral would go on, but is as long as it may be. */
  isTooLong = false;

  constructor(stream: Stream, maxLength = Number.POSITIVE_INFINITY) {
    this.stream = stream;
    this.maxLength = maxLength;
    while (this.next !== "" && BLANKS.includes(this.next)) stream.take();
  }

  private get next(): string {
    return this.stream.peek();
  }

  /** Takes the next unit when it is one of those. */
  accept(units: string): boolean {
    const unit = this.next;
    if (unit === "" || !units.includes(unit)) return false;
    if (this.text.length >= this.maxLength) {
      this.isTooLong = true;
      return false;
    }
    this.text += this.stream.take();
    return true;
  }

  /** Takes as many of those units as there are. */
  acceptAll(units: string): number {
    let count = 0;
    while (this.accept(units)) count++;
    return count;
  }

  /** Takes a word in letters of either case, as far as it goes; true when it is all there. */
  acceptWord(word: string): boolean {
    for (const letter of word) {
      if (!this.accept(letter + letter.toUpperCase())) return false;
    }
    return true;
  }
}

/** What Lua 5.3 takes for a numeral; the text may be none. */
export function readNumeral53(stream: Stream): LuaString {
  const reader = new NumberReader(stream, MAX_LENGTH_53);
  reader.accept("-+");
  let digits = DIGITS;
  let count = 0;
  if (reader.accept("0")) {
    if (reader.accept("xX")) digits = HEX_DIGITS;
    else count = 1;
  }
  const isHex = digits === HEX_DIGITS;
  count += reader.acceptAll(digits);
  if (reader.accept(".")) count += reader.acceptAll(digits);
  if (count > 0 && reader.accept(isHex ? "pP" : "eE")) {
    reader.accept("-+");
    reader.acceptAll(DIGITS);
  }
  return reader.isTooLong ? "" : reader.text;
}

/** What C's `scanf` takes for `%d`; undefined when there is no number. */
export function scanInteger(stream: Stream): LuaString | undefined {
  const reader = new NumberReader(stream);
  reader.accept("-+");
  return reader.acceptAll(DIGITS) > 0 ? reader.text : undefined;
}

/** What C's `scanf` takes for `%lf`; undefined when there is no number. */
export function scanDouble(stream: Stream): LuaString | undefined {
  const reader = new NumberReader(stream);
  reader.accept("-+");
  if (reader.accept("nN")) return reader.acceptWord("an") ? reader.text : undefined;
  if (reader.accept("iI")) return scanInfinity(reader);
  let digits = DIGITS;
  let count = 0;
  if (reader.accept("0")) {
    if (reader.accept("xX")) digits = HEX_DIGITS;
    else count = 1;
  }
  count += reader.acceptAll(digits);
  if (reader.accept(".")) count += reader.acceptAll(digits);
  if (count === 0) return undefined;
  if (!reader.accept(digits === HEX_DIGITS ? "pP" : "eE")) return reader.text;
  const end = reader.text.length - 1;
  const hasSign = reader.accept("-+");
  if (reader.acceptAll(DIGITS) > 0) return reader.text;
  // With a sign behind it, an exponent may have no digits.
  return hasSign ? reader.text.slice(0, end) : undefined;
}

function scanInfinity(reader: NumberReader): LuaString | undefined {
  if (!reader.acceptWord("nf")) return undefined;
  const end = reader.text.length;
  const hasMore = reader.acceptWord("inity");
  return hasMore || reader.text.length === end ? reader.text : undefined;
}

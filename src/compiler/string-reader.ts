/**
 * Reads strings and comments. Plain strings are interned straight from the source; others are put
 * together in a buffer. Source: lua51.md §2.3–2.5, lua53.md §2.4.
 */
import { fromBytes, type LuaString } from "../base/lua-string.ts";
import { Byte, CLASS, Class, hexValue } from "./byte-classes.ts";
import { SourceReader } from "./source-reader.ts";
import { Fnv, hashOf, type SymbolId } from "./symbol-table.ts";
import { Token } from "./tokens.ts";

/** Escapes of one letter that stand for one byte. */
const SIMPLE_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);

/** Characters that a backslash makes plain. */
const QUOTED: ReadonlySet<number> = new Set([Byte.Backslash, Byte.Quote, Byte.Apostrophe]);

const MAX_CODE_POINT = 0x10ffff;

export class StringReader extends SourceReader {
  /** The symbol of the name, string or numeral read last. */
  protected scannedSymbol: SymbolId = 0;
  /** Where the name, string or numeral read last starts. */
  protected tokenStart = 0;
  /** Bytes of a string that cannot be taken from the source as it stands. */
  private buffer = new Uint8Array(64);
  private bufferEnd = 0;

  /** A string token between its delimiters, with escapes and line ends translated. */
  protected stringText(): LuaString {
    const { bytes, tokenStart } = this;
    let open = tokenStart + 1;
    if (bytes[tokenStart] === Byte.OpenBracket) {
      while (bytes[open] === Byte.Equals) open++;
      open++;
    }
    const opening = fromBytes(bytes, tokenStart, open);
    const closing = opening.replaceAll("[", "]");
    return opening + this.symbols.text(this.scannedSymbol) + closing;
  }

  /** Reads the string in quotes that begins at `start`. */
  protected scanString(start: number, quote: number): Token {
    const { bytes } = this;
    let hash = Fnv.Seed;
    let at = start + 1;
    let byte = bytes[at];
    while (CLASS[byte] < Class.LineEnd) {
      hash = Math.imul(hash ^ byte, Fnv.Prime);
      byte = bytes[++at];
    }
    if (byte !== quote) return this.scanLongerString(start, quote, at);
    this.scannedSymbol = this.symbols.intern(start + 1, at, hash);
    this.tokenStart = start;
    this.position = at + 1;
    return Token.String;
  }

  /** Goes on at the special byte at `at`, with what was read before copied to the buffer. */
  private scanLongerString(start: number, quote: number, at: number): Token {
    const { bytes } = this;
    const { strictEscapes } = this.dialect.lexical;
    this.bufferEnd = 0;
    this.tokenStart = start;
    for (let i = start + 1; i < at; i++) this.put(bytes[i]);
    this.position = at;
    for (;;) {
      const byte = bytes[this.position];
      if (byte === quote) break;
      if (byte === Byte.Backslash) {
        if (strictEscapes) this.scanStrictEscape();
        else this.scanEscape();
      } else if (CLASS[byte] === Class.LineEnd) this.failInString("unfinished string");
      else if (byte === 0 && this.position === this.end) {
        this.failNearToken("unfinished string", Token.EndOfSource);
      } else {
        this.put(byte);
        this.position++;
      }
    }
    this.position++;
    return this.internBuffer();
  }

  /** A backslash before any character but digits and those of simple escapes means nothing. */
  private scanEscape(): void {
    const byte = this.bytes[++this.position];
    if (CLASS[byte] === Class.LineEnd) this.escapeLineEnd();
    else if (CLASS[byte] === Class.Digit) {
      const code = this.decimalEscape();
      if (code > 255) this.failInString(this.dialect.messages.decimalEscapeTooLarge);
      this.put(code);
    } else if (this.position < this.end) {
      this.put(SIMPLE_ESCAPES.get(byte) ?? byte);
      this.position++;
    }
    // At the end of the source the caller sees the end and reports it.
  }

  /** Escapes, among them `\\x41`, `\\u{41}` and `\\z`; a letter that begins none is refused. */
  private scanStrictEscape(): void {
    const start = this.position;
    const byte = this.bytes[++this.position];
    const simple = SIMPLE_ESCAPES.get(byte) ?? (QUOTED.has(byte) ? byte : undefined);
    if (simple !== undefined) {
      this.put(simple);
      this.position++;
    } else if (CLASS[byte] === Class.LineEnd) this.escapeLineEnd();
    else if (CLASS[byte] === Class.Digit) {
      const code = this.decimalEscape();
      if (code > 255) this.failInEscape(this.dialect.messages.decimalEscapeTooLarge, start);
      this.put(code);
    } else if (byte === Byte.X) this.hexEscape(start);
    else if (byte === Byte.U) this.unicodeEscape(start);
    else if (byte === Byte.Z) this.skipSpaces();
    else if (this.position < this.end) this.failInEscape("invalid escape sequence", start);
    // At the end of the source the caller sees the end and reports it.
  }

  private escapeLineEnd(): void {
    this.put(Byte.LineFeed);
    this.skipLineEnd();
  }

  /** Up to three digits. */
  private decimalEscape(): number {
    const { bytes } = this;
    let code = 0;
    for (let digits = 0; digits < 3 && CLASS[bytes[this.position]] === Class.Digit; digits++) {
      code = code * 10 + (bytes[this.position++] - Byte.Zero);
    }
    return code;
  }

  private hexEscape(start: number): void {
    this.position++;
    const high = this.hexDigit(start);
    this.put(high * 16 + this.hexDigit(start));
  }

  private hexDigit(start: number): number {
    const value = hexValue(this.bytes[this.position]);
    if (value < 0) this.failInEscape("hexadecimal digit expected", start);
    this.position++;
    return value;
  }

  private unicodeEscape(start: number): void {
    const { bytes } = this;
    this.position++;
    if (bytes[this.position] !== Byte.OpenBrace) this.failInEscape("missing '{'", start);
    this.position++;
    let code = this.hexDigit(start);
    for (let digit = hexValue(bytes[this.position]); digit >= 0; ) {
      code = code * 16 + digit;
      if (code > MAX_CODE_POINT) this.failInEscape("UTF-8 value too large", start);
      digit = hexValue(bytes[++this.position]);
    }
    if (bytes[this.position] !== Byte.CloseBrace) this.failInEscape("missing '}'", start);
    this.position++;
    this.putCodePoint(code);
  }

  /** In UTF-8, surrogates included. */
  private putCodePoint(code: number): void {
    if (code < 0x80) this.put(code);
    else if (code < 0x800) {
      this.put(0xc0 | (code >> 6));
      this.put(0x80 | (code & 63));
    } else if (code < 0x10000) {
      this.put(0xe0 | (code >> 12));
      this.put(0x80 | ((code >> 6) & 63));
      this.put(0x80 | (code & 63));
    } else {
      this.put(0xf0 | (code >> 18));
      this.put(0x80 | ((code >> 12) & 63));
      this.put(0x80 | ((code >> 6) & 63));
      this.put(0x80 | (code & 63));
    }
  }

  /** After `\\z`: spaces and line ends count for nothing. */
  private skipSpaces(): void {
    const { bytes } = this;
    this.position++;
    for (;;) {
      const kind = CLASS[bytes[this.position]];
      if (kind === Class.Space) this.position++;
      else if (kind === Class.LineEnd) this.skipLineEnd();
      else return;
    }
  }

  /** Fails with what was read of the string so far, translated. */
  private failInString(message: LuaString, raw = ""): never {
    const quote = String.fromCharCode(this.bytes[this.tokenStart]);
    const read = fromBytes(this.buffer, 0, this.bufferEnd);
    return this.failNearText(message, quote + read + raw);
  }

  /** Fails with what was read of the string so far, up to and with the offending character. */
  private failInEscape(message: LuaString, start: number): never {
    return this.failInString(message, this.sourceText(start, this.position + 1));
  }

  /**
   * The level of the long bracket at `start`: the number of `=` in `[==[`, −1 for a lone bracket,
   * less when `=` but no second bracket follows.
   */
  protected bracketLevel(start: number): number {
    const { bytes } = this;
    let at = start + 1;
    while (bytes[at] === Byte.Equals) at++;
    const level = at - start - 1;
    return bytes[at] === bytes[start] ? level : ~level; // ~level is −level − 1, never −0
  }

  protected failBracket(start: number): never {
    const end = start - this.bracketLevel(start);
    this.position = end;
    return this.failNearText("invalid long string delimiter", this.sourceText(start, end));
  }

  protected scanLongString(start: number, level: number): Token {
    this.tokenStart = start;
    this.bufferEnd = 0;
    this.position = start + level + 2;
    const startLine = this.line;
    if (CLASS[this.bytes[this.position]] === Class.LineEnd) this.skipLineEnd();
    if (this.scanPlainLongText(level)) return Token.String;
    this.scanLongText(level, true, startLine);
    return this.internBuffer();
  }

  /**
   * Interns a long string straight from the source, if all its line ends are LF.
   * @returns false when they are not, or something is wrong; then nothing is changed
   */
  private scanPlainLongText(level: number): boolean {
    const { bytes, position: start } = this;
    const mayNest = this.dialect.lexical.nestedBrackets;
    let hash = Fnv.Seed;
    let lines = 0;
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte === Byte.LineFeed) lines++;
      else if (byte === Byte.CloseBracket) {
        if (this.bracketLevel(at) === level) break;
      } else if (byte === Byte.OpenBracket) {
        if (!mayNest && level === 0 && this.bracketLevel(at) === 0) return false;
      } else if (byte === Byte.CarriageReturn || (byte === 0 && at === this.end)) return false;
      hash = Math.imul(hash ^ byte, Fnv.Prime);
      at++;
    }
    this.line += lines;
    this.position = at + level + 2;
    this.scannedSymbol = this.symbols.intern(start, at, hash);
    return true;
  }

  /** After `--`. */
  protected skipComment(): void {
    const { bytes } = this;
    const start = this.position;
    if (bytes[start] === Byte.OpenBracket) {
      const level = this.bracketLevel(start);
      if (level >= 0) {
        this.position = start + level + 2;
        this.scanLongText(level, false, this.line);
        return;
      }
    }
    this.position = this.findLineEnd(start);
  }

  /** The inside of a long bracket up to and with its end; line ends become LF. */
  private scanLongText(level: number, keep: boolean, startLine: number): void {
    const { bytes } = this;
    const mayNest = this.dialect.lexical.nestedBrackets;
    for (;;) {
      const at = this.position;
      const byte = bytes[at];
      if (byte === Byte.CloseBracket || byte === Byte.OpenBracket) {
        const found = this.bracketLevel(at);
        const closed = found === level && byte === Byte.CloseBracket;
        if (found === 0 && level === 0 && !closed && !mayNest) {
          this.position = at + 2;
          this.failNearToken("nesting of [[...]] is deprecated", Token.OpenBracket);
        }
        const length = closed ? level + 2 : 1 + (found < 0 ? ~found : found);
        const stop = at + length;
        if (keep && !closed) for (let i = at; i < stop; i++) this.put(bytes[i]);
        this.position = stop;
        if (closed) return;
      } else if (CLASS[byte] === Class.LineEnd) {
        if (keep) this.put(Byte.LineFeed);
        this.skipLineEnd();
      } else if (byte === 0 && at === this.end) {
        const { unfinishedLongText } = this.dialect.messages;
        const message = unfinishedLongText(keep ? "string" : "comment", startLine);
        this.failNearToken(message, Token.EndOfSource);
      } else {
        if (keep) this.put(byte);
        this.position = at + 1;
      }
    }
  }

  private put(byte: number): void {
    if (this.bufferEnd === this.buffer.length) {
      const grown = new Uint8Array(this.buffer.length * 2);
      grown.set(this.buffer);
      this.buffer = grown;
    }
    this.buffer[this.bufferEnd++] = byte;
  }

  private internBuffer(): Token {
    const { buffer, bufferEnd } = this;
    const hash = hashOf(buffer, 0, bufferEnd);
    this.scannedSymbol = this.symbols.internCopy(buffer, bufferEnd, hash);
    return Token.String;
  }
}

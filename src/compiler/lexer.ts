/**
 * Bytes become tokens. The scanner works on the bytes of the source and never makes a JavaScript
 * string of them: names, strings and numerals are interned as symbols while they are read.
 * Source: lua51.md §1.1, §2.3–2.5.
 */
import { CompileError, type ErrorCode } from "../base/errors.ts";
import { fromBytes, type LuaString, untilNul } from "../base/lua-string.ts";
import type { LuaNumber, NumberModel } from "../base/number-model.ts";
import type { Dialect } from "../target/dialect.ts";
import { chunkId } from "./chunk-id.ts";
import { Fnv, hashOf, type SymbolId, type SymbolTable } from "./symbol-table.ts";
import { RESERVED_WORDS, spellingOf, Token } from "./tokens.ts";

/** Classes of bytes, one bit each. */
enum Class {
  NameStart = 1,
  Digit = 2,
  NamePart = 3,
  Space = 4,
  LineEnd = 8,
  /** NUL, which also stands behind the end of the source; quotes, and the backslash. */
  SpecialInString = 16,
}

/** Character classes of the "C" locale: bytes from 0x80 on are never letters. */
const CLASS = characterClasses();

function characterClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") {
    classes[letter.charCodeAt(0)] = Class.NameStart;
  }
  for (const digit of "0123456789") classes[digit.charCodeAt(0)] = Class.Digit;
  for (const space of " \t\v\f") classes[space.charCodeAt(0)] = Class.Space;
  for (const lineEnd of "\n\r") classes[lineEnd.charCodeAt(0)] = Class.LineEnd;
  for (const byte of "\"'\\\0") classes[byte.charCodeAt(0)] = Class.SpecialInString;
  return classes;
}

/** An enum, because the bundler puts its values into the `case` labels. */
enum Byte {
  LineFeed = 10,
  CarriageReturn = 13,
  Quote = 34,
  Apostrophe = 39,
  Dash = 45,
  Dot = 46,
  Less = 60,
  Equals = 61,
  Greater = 62,
  OpenBracket = 91,
  Backslash = 92,
  CloseBracket = 93,
  Tilde = 126,
}

const SIMPLE_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);

const RESERVED_COUNT = RESERVED_WORDS.length;

export class Lexer {
  /** The current token. */
  token: Token = Token.EndOfSource;
  /** The symbol of a name, string or numeral token. */
  symbol: SymbolId = 0;
  /** Line at which the scanner is: that of the last token read, looked-ahead ones included. */
  line = 1;
  /** Line of the token consumed last. */
  lastLine = 1;

  readonly symbols: SymbolTable;
  private readonly chunkName: LuaString;
  private readonly dialect: Dialect;
  private readonly numbers: NumberModel;
  private readonly bytes: Uint8Array;
  private readonly end: number;
  /** Without them the end of a line is found by the fastest means. */
  private readonly hasCarriageReturns: boolean;
  private position: number;
  /** Where the token read last starts and ends. */
  private tokenStart = 0;
  private tokenEnd = 0;
  /** The token after the current one, if it was looked at; else EndOfSource. */
  private ahead: Token = Token.EndOfSource;
  private aheadSymbol: SymbolId = 0;
  private scannedSymbol: SymbolId = 0;
  /** Values of numerals by symbol. */
  private readonly numerals = new Map<SymbolId, LuaNumber>();
  /** Bytes of a string that cannot be taken from the source as it stands. */
  private buffer = new Uint8Array(64);
  private bufferEnd = 0;

  constructor(symbols: SymbolTable, chunkName: LuaString, dialect: Dialect, numbers: NumberModel) {
    this.bytes = symbols.bytes;
    this.position = symbols.begin;
    this.end = symbols.end;
    this.hasCarriageReturns = this.bytes.includes(Byte.CarriageReturn);
    this.chunkName = chunkName;
    this.dialect = dialect;
    this.numbers = numbers;
    this.symbols = symbols;
  }

  /** Makes the next token current. */
  next(): void {
    this.lastLine = this.line;
    if (this.ahead !== Token.EndOfSource) {
      this.token = this.ahead;
      this.symbol = this.aheadSymbol;
      this.ahead = Token.EndOfSource;
      return;
    }
    this.token = this.scan();
    this.symbol = this.scannedSymbol;
  }

  /**
   * The token after the current one. As in the reference this moves `line`, and with it the line
   * that the current token is attributed to when it is consumed.
   */
  peek(): Token {
    this.ahead = this.scan();
    this.aheadSymbol = this.scannedSymbol;
    return this.ahead;
  }

  /** The value of the numeral that is the current token. */
  numeral(): LuaNumber {
    return this.numerals.get(this.symbol) as LuaNumber;
  }

  /** Fails at the current token. */
  fail(message: LuaString, code: ErrorCode = "syntax"): never {
    return this.failNear(message, this.token, code);
  }

  /** Fails at the current line, naming no token. */
  failHere(code: ErrorCode, message: LuaString): never {
    const id = chunkId(this.chunkName, this.dialect.chunkIdSize);
    throw new CompileError(code, `${id}:${this.line}: ${message}`, {
      line: this.line,
      offset: this.position - this.symbols.begin,
    });
  }

  /** Fails with a message that the reference prints without a place. */
  failBare(code: ErrorCode, message: LuaString): never {
    throw new CompileError(code, message);
  }

  private failNear(message: LuaString, token: Token, code: ErrorCode, text?: LuaString): never {
    if (token === Token.Character) return this.failHere(code, message);
    const near = untilNul(text ?? this.tokenText(token));
    return this.failHere(code, `${message} near '${near}'`);
  }

  /** The token as the reference's scanner has it in its buffer. */
  private tokenText(token: Token): LuaString {
    if (token === Token.String) return this.stringText();
    if (token === Token.Name || token === Token.Number) {
      return fromBytes(this.bytes, this.tokenStart, this.tokenEnd);
    }
    return spellingOf(token);
  }

  /** A string token between its delimiters, with escapes and line ends translated. */
  private stringText(): LuaString {
    const { bytes, tokenStart } = this;
    let open = tokenStart + 1;
    if (bytes[tokenStart] === Byte.OpenBracket) {
      while (bytes[open] === Byte.Equals) open++;
      open++;
    }
    const opening = fromBytes(bytes, tokenStart, open);
    const closing = opening.replaceAll("[", "]");
    return opening + this.symbols.text(this.symbol) + closing;
  }

  /** Reads one token; `scannedSymbol` is set for names, strings and numerals. */
  private scan(): Token {
    const { bytes } = this;
    for (;;) {
      const start = this.position;
      const byte = bytes[start];
      switch (CLASS[byte]) {
        case Class.NameStart:
          return this.scanName(start);
        case Class.Digit:
          return this.scanNumeral(start);
        case Class.Space: {
          let at = start + 1;
          while (CLASS[bytes[at]] === Class.Space) at++;
          this.position = at;
          continue;
        }
      }
      switch (byte) {
        case Byte.LineFeed:
        case Byte.CarriageReturn:
          this.skipLineEnd();
          continue;
        case Byte.Dash:
          if (bytes[start + 1] !== Byte.Dash) break;
          this.position = start + 2;
          this.skipComment();
          continue;
        case Byte.Quote:
        case Byte.Apostrophe:
          return this.scanString(start, byte);
        case Byte.OpenBracket: {
          const level = this.bracketLevel(start);
          if (level >= 0) return this.scanLongString(start, level);
          if (level < -1) this.failBracket(start);
          break;
        }
        case Byte.Dot:
          return this.scanDots(start);
        case 0:
          if (start === this.end) return Token.EndOfSource;
          break;
        case Byte.Equals:
          if (bytes[start + 1] === Byte.Equals) return this.wide(start, Token.Equal);
          break;
        case Byte.Less:
          if (bytes[start + 1] === Byte.Equals) return this.wide(start, Token.LessEqual);
          break;
        case Byte.Greater:
          if (bytes[start + 1] === Byte.Equals) return this.wide(start, Token.GreaterEqual);
          break;
        case Byte.Tilde:
          if (bytes[start + 1] === Byte.Equals) return this.wide(start, Token.NotEqual);
          break;
      }
      this.position = start + 1;
      return Token.Character + byte;
    }
  }

  /** A token of two characters. */
  private wide(start: number, token: Token): Token {
    this.position = start + 2;
    return token;
  }

  private scanName(start: number): Token {
    const { bytes } = this;
    let hash = Fnv.Seed;
    let at = start;
    let byte = bytes[at];
    do {
      hash = Math.imul(hash ^ byte, Fnv.Prime);
      byte = bytes[++at];
    } while ((CLASS[byte] & Class.NamePart) !== 0);
    const symbol = this.symbols.intern(start, at, hash);
    this.scannedSymbol = symbol;
    this.tokenStart = start;
    this.tokenEnd = at;
    this.position = at;
    return symbol < RESERVED_COUNT ? symbol : Token.Name;
  }

  private scanNumeral(start: number): Token {
    const { bytes } = this;
    let at = start;
    while (CLASS[bytes[at]] === Class.Digit || bytes[at] === Byte.Dot) at++;
    if (this.isOneOf(at, 69, 101)) {
      at++;
      if (this.isOneOf(at, 43, 45)) at++;
    }
    while ((CLASS[bytes[at]] & Class.NamePart) !== 0) at++;
    const symbol = this.symbols.intern(start, at, hashOf(bytes, start, at));
    this.scannedSymbol = symbol;
    this.tokenStart = start;
    this.tokenEnd = at;
    this.position = at;
    if (!this.numerals.has(symbol)) this.convertNumeral(symbol);
    return Token.Number;
  }

  private convertNumeral(symbol: SymbolId): void {
    const value = this.numbers.parse(this.symbols.text(symbol));
    if (value === undefined) this.failNear("malformed number", Token.Number, "number");
    else this.numerals.set(symbol, value);
  }

  /**
   * True when the byte at `at` is `a`, `b` or an actual NUL: the reference looks it up with C's
   * `strchr`, which finds the terminator too.
   */
  private isOneOf(at: number, a: number, b: number): boolean {
    const byte = this.bytes[at];
    return byte === a || byte === b || (byte === 0 && at < this.end);
  }

  /** `.`, `..`, `...`, or a numeral that begins with a dot. */
  private scanDots(start: number): Token {
    if (this.isOneOf(start + 1, Byte.Dot, Byte.Dot)) {
      if (this.isOneOf(start + 2, Byte.Dot, Byte.Dot)) {
        this.position = start + 3;
        return Token.Dots;
      }
      return this.wide(start, Token.Concat);
    }
    if (CLASS[this.bytes[start + 1]] === Class.Digit) return this.scanNumeral(start);
    this.position = start + 1;
    return Token.Dot;
  }

  /** Plain strings are interned straight from the source. */
  private scanString(start: number, quote: number): Token {
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
    this.bufferEnd = 0;
    this.tokenStart = start;
    for (let i = start + 1; i < at; i++) this.put(bytes[i]);
    this.position = at;
    for (;;) {
      const byte = bytes[this.position];
      if (byte === quote) break;
      if (byte === Byte.Backslash) this.scanEscape(quote);
      else if (CLASS[byte] === Class.LineEnd) this.failInString("unfinished string", quote);
      else if (byte === 0 && this.position === this.end) {
        this.failNear("unfinished string", Token.EndOfSource, "syntax");
      } else {
        this.put(byte);
        this.position++;
      }
    }
    this.position++;
    return this.internBuffer();
  }

  private scanEscape(quote: number): void {
    const { bytes } = this;
    const byte = bytes[++this.position];
    if (CLASS[byte] === Class.LineEnd) {
      this.put(Byte.LineFeed);
      this.skipLineEnd();
    } else if (CLASS[byte] === Class.Digit) {
      let code = 0;
      for (let digits = 0; digits < 3 && CLASS[bytes[this.position]] === Class.Digit; digits++) {
        code = code * 10 + (bytes[this.position++] - 48);
      }
      if (code > 255) this.failInString("escape sequence too large", quote);
      this.put(code);
    } else if (this.position < this.end) {
      this.put(SIMPLE_ESCAPES.get(byte) ?? byte);
      this.position++;
    }
    // At the end of the source the caller sees the end and reports it.
  }

  private failInString(message: LuaString, quote: number): never {
    const read = fromBytes(this.buffer, 0, this.bufferEnd);
    return this.failNear(message, Token.String, "syntax", String.fromCharCode(quote) + read);
  }

  /**
   * The level of the long bracket at `start`: the number of `=` in `[==[`, −1 for a lone bracket,
   * less when `=` but no second bracket follows.
   */
  private bracketLevel(start: number): number {
    const { bytes } = this;
    let at = start + 1;
    while (bytes[at] === Byte.Equals) at++;
    const level = at - start - 1;
    return bytes[at] === bytes[start] ? level : ~level; // ~level is −level − 1, never −0
  }

  private failBracket(start: number): never {
    const end = start - this.bracketLevel(start);
    this.position = end;
    const read = fromBytes(this.bytes, start, end);
    return this.failNear("invalid long string delimiter", Token.String, "syntax", read);
  }

  private scanLongString(start: number, level: number): Token {
    this.tokenStart = start;
    this.bufferEnd = 0;
    this.position = start + level + 2;
    this.scanLongText(level, true);
    return this.internBuffer();
  }

  /** After `--`. */
  private skipComment(): void {
    const { bytes } = this;
    const start = this.position;
    if (bytes[start] === Byte.OpenBracket) {
      const level = this.bracketLevel(start);
      if (level >= 0) {
        this.position = start + level + 2;
        this.scanLongText(level, false);
        return;
      }
    }
    this.position = this.findLineEnd(start);
  }

  /** Where the line ends that `from` is in. */
  private findLineEnd(from: number): number {
    if (this.hasCarriageReturns) {
      let at = from;
      while (CLASS[this.bytes[at]] !== Class.LineEnd && at < this.end) at++;
      return at;
    }
    const at = this.bytes.indexOf(Byte.LineFeed, from);
    return at < 0 ? this.end : at;
  }

  /** The inside of a long bracket up to and with its end; line ends become LF. */
  private scanLongText(level: number, keep: boolean): void {
    const { bytes } = this;
    if (CLASS[bytes[this.position]] === Class.LineEnd) this.skipLineEnd();
    for (;;) {
      const at = this.position;
      const byte = bytes[at];
      if (byte === Byte.CloseBracket || byte === Byte.OpenBracket) {
        const found = this.bracketLevel(at);
        const closed = found === level && byte === Byte.CloseBracket;
        if (found === 0 && level === 0 && !closed) {
          this.position = at + 2;
          this.failNear("nesting of [[...]] is deprecated", Token.OpenBracket, "syntax");
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
        const what = keep ? "unfinished long string" : "unfinished long comment";
        this.failNear(what, Token.EndOfSource, "syntax");
      } else {
        if (keep) this.put(byte);
        this.position = at + 1;
      }
    }
  }

  /** LF, CR, CRLF and LFCR each end one line. */
  private skipLineEnd(): void {
    const { bytes } = this;
    const first = bytes[this.position++];
    const second = bytes[this.position];
    if (CLASS[second] === Class.LineEnd && second !== first) this.position++;
    this.line++;
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

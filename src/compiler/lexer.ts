/**
 * Bytes become tokens. The scanner works on the bytes of the source and never makes a JavaScript
 * string of them: names, strings and numerals are interned as symbols while they are read.
 * Source: lua51.md §1.1, §2.3–2.5, lua53.md §1.1, §2.4.
 */
import type { ErrorCode } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import type { LuaNumber, NumberModel } from "../base/number-model.ts";
import type { Dialect } from "../target/dialect.ts";
import { Byte, CLASS, Class, hexValue, KIND, Kind, TO_LOWER } from "./byte-classes.ts";
import { StringReader } from "./string-reader.ts";
import { Fnv, hashOf, type SymbolId, type SymbolTable } from "./symbol-table.ts";
import { reservedCount, Token } from "./tokens.ts";

export class Lexer extends StringReader {
  /** The current token. */
  token: Token = Token.EndOfSource;
  /** The symbol of a name, string or numeral token. */
  symbol: SymbolId = 0;
  /** Line of the token consumed last. */
  lastLine = 1;

  private readonly numbers: NumberModel;
  private readonly reservedCount: number;
  private readonly greedyNumerals: boolean;
  private readonly nulMatchesAny: boolean;
  private readonly integerOperators: boolean;
  private readonly hasLabels: boolean;
  /** Where the name or numeral read last ends. */
  private tokenEnd = 0;
  /** The token after the current one, if it was looked at; else EndOfSource. */
  private ahead: Token = Token.EndOfSource;
  private aheadSymbol: SymbolId = 0;
  /** Values of numerals by symbol. */
  private readonly numerals = new Map<SymbolId, LuaNumber>();

  constructor(symbols: SymbolTable, chunkName: LuaString, dialect: Dialect, numbers: NumberModel) {
    super(symbols, chunkName, dialect);
    const { grammar, lexical } = dialect;
    this.numbers = numbers;
    this.reservedCount = reservedCount(grammar);
    this.greedyNumerals = lexical.greedyNumerals;
    this.nulMatchesAny = lexical.nulMatchesAny;
    this.integerOperators = grammar.integerOperators;
    this.hasLabels = grammar.goto;
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
   * The token after the current one, which is a name. As in the reference this moves `line`, and
   * with it the line that the current token is attributed to when it is consumed.
   */
  peek(): Token {
    const token = this.scan();
    this.ahead = token;
    this.aheadSymbol = this.scannedSymbol;
    if (token === Token.Character + Byte.OpenBracket || this.isDots(token)) {
      this.tokenStart = this.position - 1;
      this.tokenEnd = this.position;
    } else if (token > Token.Number) this.tokenEnd = this.tokenStart; // it has no text
    return token;
  }

  /** The value of the numeral that is the current token. */
  numeral(): LuaNumber {
    return this.numerals.get(this.symbol) as LuaNumber;
  }

  /** Fails at the current token. */
  fail(message: LuaString, code: ErrorCode = "syntax"): never {
    const { token } = this;
    if (token === Token.Name || token === Token.String || token === Token.Number) {
      return this.failNearText(message, this.scannedText(), code);
    }
    return this.failNearToken(message, token, code);
  }

  /**
   * What the reference's scanner has in its buffer when a name, string or numeral is current: its
   * text, or, when the token after it was looked at, that of the other.
   */
  private scannedText(): LuaString {
    const last = this.ahead === Token.EndOfSource ? this.token : this.ahead;
    return last === Token.String
      ? this.stringText()
      : this.sourceText(this.tokenStart, this.tokenEnd);
  }

  private isDots(token: Token): boolean {
    return token === Token.Dot || token === Token.Concat || token === Token.Dots;
  }

  /** Reads one token; `scannedSymbol` is set for names, strings and numerals. */
  private scan(): Token {
    const { bytes } = this;
    let start = this.position;
    for (;;) {
      let byte = bytes[start];
      while (byte === Byte.Space) byte = bytes[++start];
      switch (KIND[byte]) {
        case Kind.Single:
          this.position = start + 1;
          return Token.Character + byte;
        case Kind.Name:
          return this.scanName(start);
        case Kind.Numeral:
          return this.scanNumeral(start, start);
        case Kind.Space:
          start++;
          continue;
        case Kind.LineEnd:
          this.position = start;
          this.skipLineEnd();
          start = this.position;
          continue;
        case Kind.Quote:
          return this.scanString(start, byte);
        case Kind.Dot:
          return this.scanDots(start);
        case Kind.Dash:
          if (bytes[start + 1] !== Byte.Dash) return this.single(start);
          this.position = start + 2;
          this.skipComment();
          start = this.position;
          continue;
        case Kind.Bracket: {
          const level = this.bracketLevel(start);
          if (level >= 0) return this.scanLongString(start, level);
          if (level < -1) this.failBracket(start);
          return this.single(start);
        }
        case Kind.Operator:
          return this.scanOperator(start);
        case Kind.Nul:
          if (start < this.end) return this.single(start);
          this.position = start;
          return Token.EndOfSource;
      }
    }
  }

  /** An operator that is one character or, with the one behind it, two. */
  private scanOperator(start: number): Token {
    const byte = this.bytes[start];
    const next = this.bytes[start + 1];
    if (next === Byte.Equals) {
      if (byte === Byte.Equals) return this.wide(start, Token.Equal);
      if (byte === Byte.Less) return this.wide(start, Token.LessEqual);
      if (byte === Byte.Greater) return this.wide(start, Token.GreaterEqual);
      if (byte === Byte.Tilde) return this.wide(start, Token.NotEqual);
    } else if (next === byte) {
      if (byte === Byte.Colon && this.hasLabels) return this.wide(start, Token.DoubleColon);
      if (byte === Byte.Slash && this.integerOperators) return this.wide(start, Token.FloorDivide);
      if (byte === Byte.Less && this.integerOperators) return this.wide(start, Token.ShiftLeft);
      if (byte === Byte.Greater && this.integerOperators) return this.wide(start, Token.ShiftRight);
    }
    return this.single(start);
  }

  /** A token of one character. */
  private single(start: number): Token {
    this.position = start + 1;
    return Token.Character + this.bytes[start];
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
    return symbol < this.reservedCount ? symbol : Token.Name;
  }

  /** `firstDigit` is behind `start` when the numeral begins with a dot. */
  private scanNumeral(start: number, firstDigit: number): Token {
    const at = this.greedyNumerals ? this.greedyNumeralEnd(start) : this.numeralEnd(firstDigit);
    const symbol = this.symbols.intern(start, at, hashOf(this.bytes, start, at));
    this.scannedSymbol = symbol;
    this.tokenStart = start;
    this.tokenEnd = at;
    this.position = at;
    if (!this.numerals.has(symbol)) this.convertNumeral(symbol);
    return Token.Number;
  }

  /** Digits and dots, an exponent's sign, and all letters and digits behind. */
  private greedyNumeralEnd(start: number): number {
    const { bytes } = this;
    let at = start;
    while (CLASS[bytes[at]] === Class.Digit || bytes[at] === Byte.Dot) at++;
    if (this.isOneOf(at, 69, 101)) {
      at++;
      if (this.isOneOf(at, 43, 45)) at++;
    }
    while ((CLASS[bytes[at]] & Class.NamePart) !== 0) at++;
    return at;
  }

  /** Hexadecimal digits, dots, and exponents with their signs, as many as there are. */
  private numeralEnd(firstDigit: number): number {
    const { bytes } = this;
    let at = firstDigit + 1;
    let exponent = Byte.E;
    if (bytes[firstDigit] === Byte.Zero && (bytes[at] | TO_LOWER) === Byte.X) {
      exponent = Byte.P;
      at++;
    }
    for (;;) {
      if ((bytes[at] | TO_LOWER) === exponent) {
        at++;
        if (bytes[at] === Byte.Plus || bytes[at] === Byte.Dash) at++;
      }
      if (hexValue(bytes[at]) < 0 && bytes[at] !== Byte.Dot) return at;
      at++;
    }
  }

  private convertNumeral(symbol: SymbolId): void {
    const value = this.numbers.parse(this.symbols.text(symbol));
    if (value === undefined) {
      this.failNearText(
        "malformed number",
        this.sourceText(this.tokenStart, this.tokenEnd),
        "number",
      );
    } else this.numerals.set(symbol, value);
  }

  /** True when the byte at `at` is `a`, `b` or, where the dialect wants it, an actual NUL. */
  private isOneOf(at: number, a: number, b: number): boolean {
    const byte = this.bytes[at];
    return byte === a || byte === b || (byte === 0 && this.nulMatchesAny && at < this.end);
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
    if (CLASS[this.bytes[start + 1]] === Class.Digit) return this.scanNumeral(start, start + 1);
    this.position = start + 1;
    return Token.Dot;
  }
}

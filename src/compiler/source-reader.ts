/**
 * What the scanner stands on: the bytes of the source, the position in them, the line, and the
 * ways to fail there. Source: lua51.md §2.3–2.5, lua53.md §2.4.
 */
import { CompileError, type ErrorCode } from "../base/errors.ts";
import { fromBytes, type LuaString, untilNul } from "../base/lua-string.ts";
import { chunkId } from "../bytecode/chunk-id.ts";
import type { Dialect } from "../target/dialect.ts";
import { CLASS, Class } from "./byte-classes.ts";
import type { SymbolTable } from "./symbol-table.ts";
import { Token, tokenInWords } from "./tokens.ts";

export class SourceReader {
  /** Line at which the scanner is: that of the last token read, looked-ahead ones included. */
  line = 1;

  readonly symbols: SymbolTable;
  protected readonly dialect: Dialect;
  protected readonly bytes: Uint8Array;
  protected readonly end: number;
  protected position: number;
  private readonly chunkName: LuaString;

  constructor(symbols: SymbolTable, chunkName: LuaString, dialect: Dialect) {
    this.bytes = symbols.bytes;
    this.position = symbols.begin;
    this.end = symbols.end;
    this.chunkName = chunkName;
    this.dialect = dialect;
    this.symbols = symbols;
  }

  /** Fails at the current line, naming no token. */
  failHere(code: ErrorCode, message: LuaString): never {
    const id = chunkId(this.chunkName, this.dialect.chunkId);
    throw new CompileError(code, `${id}:${this.line}: ${message}`, {
      line: this.line,
      offset: this.position - this.symbols.begin,
    });
  }

  /** Fails with a message that the reference prints without a place. */
  failBare(code: ErrorCode, message: LuaString): never {
    throw new CompileError(code, message);
  }

  /** Fails at a token that messages show by its kind. */
  protected failNearToken(message: LuaString, token: Token, code: ErrorCode = "syntax"): never {
    if (token === Token.Character) return this.failHere(code, message); // a NUL is not shown
    return this.failHere(code, `${message} near ${tokenInWords(token, this.dialect.messages)}`);
  }

  /** Fails at a token that messages show by its text, as C prints it. */
  protected failNearText(message: LuaString, text: LuaString, code: ErrorCode = "syntax"): never {
    return this.failHere(code, `${message} near '${untilNul(text)}'`);
  }

  /** The source from one position to another, not beyond its end. */
  protected sourceText(from: number, to: number): LuaString {
    return fromBytes(this.bytes, from, Math.min(to, this.end));
  }

  /** LF, CR, CRLF and LFCR each end one line. */
  protected skipLineEnd(): void {
    const { bytes } = this;
    const first = bytes[this.position++];
    const second = bytes[this.position];
    if (CLASS[second] === Class.LineEnd && second !== first) this.position++;
    this.line++;
  }

  /** Where the line ends that `from` is in. */
  protected findLineEnd(from: number): number {
    const { bytes, end } = this;
    let at = from;
    while (CLASS[bytes[at]] !== Class.LineEnd && at < end) at++;
    return at;
  }
}

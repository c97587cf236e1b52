/**
 * How others look on while a source is compiled: they are told of each token and of the beginning
 * and end of each function, and may look at what the functions at hand have grown to. Without a
 * watcher the compiler asks for one twice per function and nothing else.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Constant, NumberModel } from "../base/number-model.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Dialect } from "../target/dialect.ts";
import { Lexer } from "./lexer.ts";
import type { SymbolTable } from "./symbol-table.ts";
import { Token } from "./tokens.ts";

/**
 * A function being compiled. One object stands for every function at its depth of nesting, one
 * after another.
 */
export interface GrowingFunction {
  /** Its instructions are those from `start` up to `pc`. */
  readonly start: number;
  readonly pc: number;
  readonly constants: { readonly count: number; at(index: number): Constant };
  /** Bytes so far, without the terminator. */
  readonly lineInfoSize: number;
  readonly protos: readonly Proto[];
  /** Locals declared so far, hidden and dead ones included. */
  readonly declarations: number;
  /** Locals in sight. */
  readonly activeLocals: number;
  readonly upvalueCount: number;
}

export interface CompileWatcher {
  /** A function begins, nested in the one that began before and has not ended. */
  opened(f: GrowingFunction): void;
  /**
   * A token was read, and everything before it compiled.
   *
   * @param text of a name, string or numeral; empty for other tokens
   */
  read(token: Token, text: LuaString): void;
  /** The function that began last of those at hand has got its last instruction. */
  closed(f: GrowingFunction, proto: Proto): void;
}

/** Tells a watcher of the tokens; one that is looked ahead at is told when its turn comes. */
export class WatchedLexer extends Lexer {
  private readonly watcher: CompileWatcher;

  constructor(
    symbols: SymbolTable,
    chunkName: LuaString,
    dialect: Dialect,
    numbers: NumberModel,
    watcher: CompileWatcher,
  ) {
    super(symbols, chunkName, dialect, numbers);
    this.watcher = watcher;
  }

  override next(): void {
    super.next();
    const { token } = this;
    const hasText = token === Token.Name || token === Token.String || token === Token.Number;
    this.watcher.read(token, hasText ? this.symbols.text(this.symbol) : "");
  }
}

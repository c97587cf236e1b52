/**
 * What the parts of the parser share: the token at hand, the functions being compiled, and how deep
 * the nesting is.
 */
import type { Proto } from "../bytecode/proto.ts";
import { type CompileContext, FunctionState } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import { Token, tokenInWords } from "./tokens.ts";

export class ParserState {
  readonly context: CompileContext;
  readonly lexer: Lexer;
  /** The function being compiled. */
  f: FunctionState;
  /** The function at each depth of nesting; they are reused. */
  private readonly functions: FunctionState[] = [];
  private depth = -1;
  /** Nesting of blocks and expressions, the call of the compiler itself included. */
  level = 1;

  constructor(context: CompileContext) {
    this.context = context;
    this.lexer = context.lexer;
    this.f = this.openFunction(0);
  }

  /** Begins a function whose `function` stands on the given line; 0 for a main chunk. */
  openFunction(line: number): FunctionState {
    const parent = this.depth < 0 ? undefined : this.f;
    this.depth++;
    if (this.depth === this.functions.length) {
      this.functions.push(new FunctionState(this.context, parent));
    }
    this.f = this.functions[this.depth];
    this.f.open(line);
    this.context.watcher?.opened(this.f);
    return this.f;
  }

  /** Ends the function; its parent is current again. */
  closeFunction(lastLine: number): Proto {
    const proto = this.f.backend.finish(this.f, lastLine);
    this.context.watcher?.closed(this.f, proto);
    this.depth--;
    if (this.depth >= 0) this.f = this.functions[this.depth];
    return proto;
  }

  /** Consumes a name. */
  name(): number {
    this.check(Token.Name);
    const { symbol } = this.lexer;
    this.lexer.next();
    return symbol;
  }

  /** Consumes the token if it is there. */
  accept(token: Token): boolean {
    if (this.lexer.token !== token) return false;
    this.lexer.next();
    return true;
  }

  /** Fails unless the token is there. */
  check(token: Token): void {
    if (this.lexer.token !== token) this.lexer.fail(`${this.inWords(token)} expected`);
  }

  /** Consumes a token that must be there. */
  expect(token: Token): void {
    this.check(token);
    this.lexer.next();
  }

  /** Expects the token that closes what `opening` on the given line opened. */
  expectClosing(token: Token, opening: Token, line: number): void {
    if (this.accept(token)) return;
    if (line === this.lexer.line) this.check(token);
    this.lexer.fail(
      `${this.inWords(token)} expected (to close ${this.inWords(opening)} at line ${line})`,
    );
  }

  private inWords(token: Token): string {
    return tokenInWords(token, this.context.dialect.messages);
  }

  /**
   * True when the token at hand cannot begin a statement, as it ends a block.
   * @param orScope also when it is `until`, behind which the block's locals are still visible
   */
  endsBlock(orScope: boolean): boolean {
    switch (this.lexer.token) {
      case Token.Else:
      case Token.Elseif:
      case Token.End:
      case Token.EndOfSource:
        return true;
      case Token.Until:
        return orScope;
      default:
        return false;
    }
  }

  /** So many levels of nesting more; whoever enters takes them from `level` afterwards. */
  enterLevel(levels: number): void {
    this.level += levels;
    if (this.level > this.context.dialect.maxLevels) this.f.backend.tooDeep(this.f);
  }
}

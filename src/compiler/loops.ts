/** The grammar of loops. Source: lua51.md §2–3, lua53.md §0. */
import { adjustList } from "./delayed.ts";
import { Expr } from "./expression.ts";
import type { ExpressionParser } from "./expressions.ts";
import { type FunctionState, HIDDEN } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import type { ParserState } from "./parser-state.ts";
import { Token } from "./tokens.ts";

/** Reads the statements of a block. */
export interface BlockParser {
  /** Up to the token that ends the block. */
  statements(): void;
  /** The same, as a scope of its own. */
  block(): void;
}

export class LoopParser {
  private readonly state: ParserState;
  private readonly lexer: Lexer;
  private readonly expressions: ExpressionParser;
  private readonly blocks: BlockParser;

  constructor(state: ParserState, expressions: ExpressionParser, blocks: BlockParser) {
    this.state = state;
    this.lexer = state.lexer;
    this.expressions = expressions;
    this.blocks = blocks;
  }

  private get f(): FunctionState {
    return this.state.f;
  }

  /** The condition stands once, at the top; the end of the body jumps back to it. */
  whileStatement(line: number): void {
    const { f, lexer } = this;
    lexer.next();
    const start = f.label();
    const exits = this.expressions.condition();
    f.enterBlock(true);
    this.state.expect(Token.Do);
    this.blocks.block();
    f.jumpTo(f.emitJump(), start);
    this.state.expectClosing(Token.End, Token.While, line);
    f.leaveBlock();
    f.jumpHere(exits);
  }

  /** Two scopes, because the condition sees the locals of the body. */
  repeatStatement(line: number): void {
    const { f, lexer } = this;
    const start = f.label();
    f.enterBlock(true);
    const scope = f.enterBlock(false);
    lexer.next();
    this.blocks.statements();
    this.state.expectClosing(Token.Until, Token.Repeat, line);
    const again = this.expressions.condition(); // sees the locals of the body
    f.backend.endRepeat(f, scope, again, start);
  }

  forStatement(line: number): void {
    const { f, lexer } = this;
    f.enterBlock(true);
    lexer.next();
    const variable = this.state.name();
    switch (lexer.token) {
      case Token.Assign:
        this.numericFor(variable, line);
        break;
      case Token.Comma:
      case Token.In:
        this.genericFor(variable);
        break;
      default:
        lexer.fail("'=' or 'in' expected");
    }
    this.state.expectClosing(Token.End, Token.For, line);
    f.leaveBlock();
  }

  private numericFor(variable: number, line: number): void {
    const { f } = this;
    const base = f.freeRegister;
    this.declareLoopState();
    f.declareLocal(variable, 3);
    this.state.expect(Token.Assign);
    this.expressions.expressionToNextRegister();
    this.state.expect(Token.Comma);
    this.expressions.expressionToNextRegister();
    if (this.state.accept(Token.Comma)) this.expressions.expressionToNextRegister();
    else {
      f.backend.loadConstant(f, f.freeRegister, f.numberConstant(f.numbers.fromInteger(1n)));
      f.reserveRegisters(1);
    }
    this.forBody(base, line, 1, true);
  }

  private genericFor(first: number): void {
    const { f, lexer } = this;
    const base = f.freeRegister;
    this.declareLoopState();
    let variables = 0;
    f.declareLocal(first, 3 + variables++);
    while (this.state.accept(Token.Comma)) f.declareLocal(this.state.name(), 3 + variables++);
    this.state.expect(Token.In);
    const { line } = lexer;
    const e = new Expr();
    const count = this.expressions.expressionList(e);
    adjustList(f, 3, count, e);
    if (count > 3) f.backend.dropSurplus(f, count - 3);
    f.checkStack(3); // room to call the iterator
    this.forBody(base, line, variables, false);
  }

  /** Three locals that no source can name hold the state of a loop. */
  private declareLoopState(): void {
    for (let i = 0; i < 3; i++) this.f.declareLocal(HIDDEN, i);
  }

  /**
   * Again two scopes: the state lives as long as the loop, the variables are new in each round, so
   * that closures capture their own.
   */
  private forBody(base: number, line: number, variables: number, numeric: boolean): void {
    const { f } = this;
    f.activateLocals(3);
    this.state.expect(Token.Do);
    const prepare = f.backend.forPrepare(f, base, numeric);
    f.enterBlock(false);
    f.activateLocals(variables);
    f.reserveRegisters(variables);
    this.blocks.block();
    f.leaveBlock();
    f.backend.forLoop(f, base, prepare, variables, numeric, line);
  }
}

/**
 * The grammar of chunks, functions and blocks. Tokens become code in a single pass: there is no
 * syntax tree. The parser knows the grammar, the order in which things are evaluated and reported,
 * and which line each instruction belongs to; the instructions come from `delayed.ts` and the
 * backend. Source: lua51.md §2–3, lua53.md §0.
 */
import type { Proto } from "../bytecode/proto.ts";
import type { GrammarFeatures } from "../target/dialect.ts";
import { AssignmentParser } from "./assignments.ts";
import {
  goIfFalse,
  goIfTrue,
  setResults,
  store,
  toAnyRegister,
  toNextRegister,
} from "./delayed.ts";
import { Expr, ExprKind, NO_JUMP } from "./expression.ts";
import { ALL_RESULTS, ExpressionParser } from "./expressions.ts";
import type { CompileContext, FunctionState } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import { type BlockParser, LoopParser } from "./loops.ts";
import { ParserState } from "./parser-state.ts";
import { SELF } from "./symbol-table.ts";
import { Token } from "./tokens.ts";

export class Parser implements BlockParser {
  private readonly state: ParserState;
  private readonly lexer: Lexer;
  private readonly grammar: GrammarFeatures;
  private readonly expressions: ExpressionParser;
  private readonly assignments: AssignmentParser;
  private readonly loops: LoopParser;

  constructor(context: CompileContext) {
    this.state = new ParserState(context);
    this.lexer = context.lexer;
    this.grammar = context.dialect.grammar;
    this.expressions = new ExpressionParser(this.state, (e, hasSelf, line) =>
      this.functionBody(e, hasSelf, line),
    );
    this.assignments = new AssignmentParser(this.state, this.expressions);
    this.loops = new LoopParser(this.state, this.expressions, this);
  }

  /** The function being compiled. */
  private get f(): FunctionState {
    return this.state.f;
  }

  /** Compiles the whole chunk. */
  mainFunction(): Proto {
    this.f.backend.openMain(this.f);
    this.lexer.next();
    this.statements();
    this.state.check(Token.EndOfSource);
    return this.state.closeFunction(0);
  }

  // ---- functions

  /** Parameters, body and `end`; `line` is that of the word `function`. */
  private functionBody(e: Expr, hasSelf: boolean, line: number): void {
    const child = this.state.openFunction(line);
    this.state.expect(Token.OpenParen);
    if (hasSelf) {
      child.declareLocal(SELF, 0);
      child.activateLocals(1);
    }
    this.parameters(child);
    this.state.expect(Token.CloseParen);
    this.statements();
    const lastLine = this.lexer.line;
    this.state.expectClosing(Token.End, Token.Function, line);
    const proto = this.state.closeFunction(lastLine);
    this.f.addProto(proto);
    this.f.backend.closure(this.f, e, child);
  }

  private parameters(f: FunctionState): void {
    const { lexer } = this;
    let count = 0;
    let hidden = 0;
    let isLast = lexer.token === Token.CloseParen;
    while (!isLast) {
      if (lexer.token === Token.Name) {
        f.declareLocal(this.state.name(), count++);
        isLast = !this.state.accept(Token.Comma);
      } else if (lexer.token === Token.Dots) {
        lexer.next();
        hidden = f.backend.declareVararg(f, count);
        isLast = true;
      } else {
        lexer.fail("<name> or '...' expected");
      }
    }
    f.activateLocals(count);
    f.parameterCount = f.activeLocals;
    f.activateLocals(hidden);
    f.reserveRegisters(f.activeLocals);
  }

  // ---- statements

  statements(): void {
    const { blockLevels } = this.grammar;
    this.state.enterLevel(blockLevels);
    let last = false;
    while (!last && !this.state.endsBlock(true)) {
      last = this.statement();
      this.state.accept(Token.Semicolon);
    }
    this.state.level -= blockLevels;
  }

  block(): void {
    this.f.enterBlock(false);
    this.statements();
    this.f.leaveBlock();
  }

  /** @returns true when it must be the last of its block */
  private statement(): boolean {
    const { statementLevels } = this.grammar;
    this.state.enterLevel(statementLevels);
    const last = this.statementByToken();
    this.f.freeRegister = this.f.activeLocals; // temporaries end with the statement
    this.state.level -= statementLevels;
    return last;
  }

  private statementByToken(): boolean {
    const { lexer } = this;
    const { line } = lexer;
    switch (lexer.token) {
      case Token.If:
        this.ifStatement(line);
        return false;
      case Token.While:
        this.loops.whileStatement(line);
        return false;
      case Token.Do:
        lexer.next();
        this.block();
        this.state.expectClosing(Token.End, Token.Do, line);
        return false;
      case Token.For:
        this.loops.forStatement(line);
        return false;
      case Token.Repeat:
        this.loops.repeatStatement(line);
        return false;
      case Token.Function:
        this.functionStatement(line);
        return false;
      case Token.Local:
        lexer.next();
        if (this.state.accept(Token.Function)) this.localFunction();
        else this.assignments.localStatement();
        return false;
      case Token.Return:
        this.returnStatement();
        return true;
      case Token.Break:
        return this.f.backend.breakStatement(this.f);
      case Token.Goto:
        this.gotoStatement(this.f.emitJump());
        return false;
      case Token.DoubleColon:
        this.labelStatement(line);
        return false;
      case Token.Semicolon:
        if (this.grammar.emptyStatements) lexer.next();
        else this.assignments.expressionStatement(); // which says that it is unexpected
        return false;
      default:
        this.assignments.expressionStatement();
        return false;
    }
  }

  private ifStatement(line: number): void {
    const { f, lexer } = this;
    let escapes = this.branch(NO_JUMP);
    while (lexer.token === Token.Elseif) escapes = this.branch(escapes);
    if (this.state.accept(Token.Else)) this.block();
    f.jumpHere(escapes);
    this.state.expectClosing(Token.End, Token.If, line);
  }

  /**
   * `if` or `elseif`, condition, `then` and block.
   * @param escapes jumps to the end of the statement so far; returned with those added
   */
  private branch(escapes: number): number {
    const { f } = this;
    this.lexer.next();
    if (this.grammar.goto) return this.branchOrGoto(escapes);
    const otherwise = this.expressions.condition();
    this.state.expect(Token.Then);
    this.block();
    if (!this.hasAnotherBranch()) return f.joinJumps(escapes, otherwise);
    const joined = f.joinJumps(escapes, f.emitJump());
    f.jumpHere(otherwise);
    return joined;
  }

  /** The same where a branch may be one jump, which the test then makes itself. */
  private branchOrGoto(escapes: number): number {
    const { f, lexer } = this;
    const e = new Expr();
    this.expressions.expression(e);
    this.state.expect(Token.Then);
    let otherwise: number;
    if (lexer.token === Token.Goto || lexer.token === Token.Break) {
      goIfFalse(f, e);
      f.enterBlock(false);
      this.gotoStatement(e.trueJumps);
      while (this.state.accept(Token.Semicolon));
      if (this.state.endsBlock(false)) {
        f.leaveBlock();
        return escapes;
      }
      otherwise = f.emitJump();
    } else {
      goIfTrue(f, e);
      f.enterBlock(false);
      otherwise = e.falseJumps;
    }
    this.statements();
    f.leaveBlock();
    const joined = this.hasAnotherBranch() ? f.joinJumps(escapes, f.emitJump()) : escapes;
    f.jumpHere(otherwise);
    return joined;
  }

  private hasAnotherBranch(): boolean {
    return this.lexer.token === Token.Else || this.lexer.token === Token.Elseif;
  }

  /** `goto name`, or `break`; `jumps` are those that it makes. */
  private gotoStatement(jumps: number): void {
    const { f, lexer } = this;
    const { line } = lexer;
    if (this.state.accept(Token.Goto)) {
      const name = this.state.name();
      this.state.context.labels.addGoto(f, name, line, jumps);
    } else {
      lexer.next();
      this.state.context.labels.addBreak(f, line, jumps);
    }
  }

  /** A label at the end of its block counts as outside the scope of the block's locals. */
  private labelStatement(line: number): void {
    const { f, lexer } = this;
    const { labels } = this.state.context;
    lexer.next();
    const name = this.state.name();
    labels.checkUnique(f, name);
    this.state.expect(Token.DoubleColon);
    const label = labels.define(f, name, line);
    while (lexer.token === Token.Semicolon || lexer.token === Token.DoubleColon) this.statement();
    if (this.state.endsBlock(false)) label.activeLocals = f.block?.activeLocals ?? 0;
    labels.resolve(f, label);
  }

  private functionStatement(line: number): void {
    const { f, lexer } = this;
    lexer.next();
    const target = new Expr();
    this.expressions.variable(target);
    while (lexer.token === Token.Dot) this.expressions.field(target);
    const isMethod = lexer.token === Token.Colon;
    if (isMethod) this.expressions.field(target);
    const e = new Expr();
    this.functionBody(e, isMethod, line);
    store(f, target, e);
    f.amendLine(line); // the definition "happens" on its first line
  }

  /** The name is visible in the body, so that the function can call itself. */
  private localFunction(): void {
    const { f } = this;
    f.declareLocal(this.state.name(), 0);
    f.activateLocals(1);
    const e = new Expr();
    this.functionBody(e, false, this.lexer.line);
    toAnyRegister(f, e); // the local's, which is the next one
  }

  private returnStatement(): void {
    const { f, lexer } = this;
    const { opcodes } = f.backend;
    lexer.next();
    if (this.state.endsBlock(true) || lexer.token === Token.Semicolon) {
      f.emitABC(opcodes.return, 0, 1, 0);
      return;
    }
    const e = new Expr();
    const count = this.expressions.expressionList(e);
    if (e.hasMultipleResults()) {
      setResults(f, e, ALL_RESULTS);
      if (e.kind === ExprKind.Call && count === 1) {
        f.code[e.info] = (f.code[e.info] & ~0x3f) | opcodes.tailCall;
      }
      f.emitABC(opcodes.return, f.activeLocals, ALL_RESULTS + 1, 0);
    } else if (count === 1) {
      f.emitABC(opcodes.return, toAnyRegister(f, e), 2, 0);
    } else {
      toNextRegister(f, e);
      f.emitABC(opcodes.return, f.activeLocals, count + 1, 0);
    }
  }
}

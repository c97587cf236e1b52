/**
 * The grammar of chunks, functions and statements. Tokens become code in a single pass: there is
 * no syntax tree. The parser knows the grammar, the order in which things are evaluated and
 * reported, and which line each instruction belongs to; the instructions come from `delayed.ts`
 * and the backend. Source: lua51.md §2–3.
 */
import { withC } from "../bytecode/instruction.ts";
import { type Proto, VarargFlag } from "../bytecode/proto.ts";
import {
  goIfTrue,
  setOneResult,
  setResults,
  store,
  toAnyRegister,
  toNextRegister,
} from "./delayed.ts";
import { Expr, ExprKind, NO_JUMP } from "./expression.ts";
import { ALL_RESULTS, ExpressionParser } from "./expressions.ts";
import { type CompileContext, type FunctionState, HIDDEN } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import { ParserState } from "./parser-state.ts";
import { ARG, SELF } from "./symbol-table.ts";
import { Token } from "./tokens.ts";

export class Parser {
  private readonly state: ParserState;
  private readonly lexer: Lexer;
  private readonly expressions: ExpressionParser;

  constructor(context: CompileContext) {
    this.state = new ParserState(context);
    this.lexer = context.lexer;
    this.expressions = new ExpressionParser(this.state, (e, hasSelf, line) =>
      this.functionBody(e, hasSelf, line),
    );
  }

  /** The function being compiled. */
  private get f(): FunctionState {
    return this.state.f;
  }

  /** Compiles the whole chunk. */
  mainFunction(): Proto {
    this.f.varargFlags = VarargFlag.IsVararg;
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
    this.f.checkTableSize(this.f.protos.length);
    this.f.protos.push(proto);
    this.f.backend.closure(this.f, e, child);
  }

  /** The hidden local `arg` takes a register like a parameter but is not counted as one. */
  private parameters(f: FunctionState): void {
    const { lexer } = this;
    let count = 0;
    if (lexer.token !== Token.CloseParen) {
      do {
        if (lexer.token === Token.Name) {
          f.declareLocal(this.state.name(), count++);
        } else if (lexer.token === Token.Dots) {
          lexer.next();
          f.declareLocal(ARG, count++);
          f.varargFlags = VarargFlag.HasArg | VarargFlag.NeedsArg | VarargFlag.IsVararg;
        } else {
          lexer.fail("<name> or '...' expected");
        }
      } while (f.varargFlags === 0 && this.state.accept(Token.Comma));
    }
    f.activateLocals(count);
    f.parameterCount = f.activeLocals - (f.varargFlags & VarargFlag.HasArg);
    f.reserveRegisters(f.activeLocals);
  }

  // ---- statements

  private statements(): void {
    this.state.enterLevel();
    let last = false;
    while (!last && !this.endsBlock()) {
      last = this.statement();
      this.state.accept(Token.Semicolon);
      this.f.freeRegister = this.f.activeLocals; // temporaries end with the statement
    }
    this.state.level--;
  }

  private endsBlock(): boolean {
    switch (this.lexer.token) {
      case Token.Else:
      case Token.Elseif:
      case Token.End:
      case Token.Until:
      case Token.EndOfSource:
        return true;
      default:
        return false;
    }
  }

  private block(): void {
    this.f.enterBlock(false);
    this.statements();
    this.f.leaveBlock();
  }

  /** @returns true when it must be the last of its block */
  private statement(): boolean {
    const { lexer } = this;
    const { line } = lexer;
    switch (lexer.token) {
      case Token.If:
        this.ifStatement(line);
        return false;
      case Token.While:
        this.whileStatement(line);
        return false;
      case Token.Do:
        lexer.next();
        this.block();
        this.state.expectClosing(Token.End, Token.Do, line);
        return false;
      case Token.For:
        this.forStatement(line);
        return false;
      case Token.Repeat:
        this.repeatStatement(line);
        return false;
      case Token.Function:
        this.functionStatement(line);
        return false;
      case Token.Local:
        lexer.next();
        if (this.state.accept(Token.Function)) this.localFunction();
        else this.localStatement();
        return false;
      case Token.Return:
        this.returnStatement();
        return true;
      case Token.Break:
        lexer.next();
        this.breakLoop();
        return true;
      default:
        this.expressionStatement();
        return false;
    }
  }

  private ifStatement(line: number): void {
    const { f, lexer } = this;
    let escapes = NO_JUMP;
    let otherwise = this.testedBlock();
    while (lexer.token === Token.Elseif) {
      escapes = f.joinJumps(escapes, f.emitJump());
      f.jumpHere(otherwise);
      otherwise = this.testedBlock();
    }
    if (lexer.token === Token.Else) {
      escapes = f.joinJumps(escapes, f.emitJump());
      f.jumpHere(otherwise);
      lexer.next();
      this.block();
    } else {
      escapes = f.joinJumps(escapes, otherwise);
    }
    f.jumpHere(escapes);
    this.state.expectClosing(Token.End, Token.If, line);
  }

  /** `if` or `elseif`, condition, `then` and block; returns the jumps for when it is false. */
  private testedBlock(): number {
    this.lexer.next();
    const whenFalse = this.condition();
    this.state.expect(Token.Then);
    this.block();
    return whenFalse;
  }

  private condition(): number {
    const e = new Expr();
    this.expressions.expression(e);
    if (e.kind === ExprKind.Nil) e.kind = ExprKind.False; // the same here, with simpler code
    goIfTrue(this.f, e);
    return e.falseJumps;
  }

  /** The condition stands once, at the top; the end of the body jumps back to it. */
  private whileStatement(line: number): void {
    const { f, lexer } = this;
    lexer.next();
    const start = f.label();
    const exits = this.condition();
    f.enterBlock(true);
    this.state.expect(Token.Do);
    this.block();
    f.jumpTo(f.emitJump(), start);
    this.state.expectClosing(Token.End, Token.While, line);
    f.leaveBlock();
    f.jumpHere(exits);
  }

  /**
   * Two scopes, because the condition sees the locals of the body. When one of these is captured,
   * the way back must close it first: the end is compiled as `if condition then break end`.
   */
  private repeatStatement(line: number): void {
    const { f, lexer } = this;
    const start = f.label();
    f.enterBlock(true);
    const scope = f.enterBlock(false);
    lexer.next();
    this.statements();
    this.state.expectClosing(Token.Until, Token.Repeat, line);
    const exits = this.condition(); // sees the locals of the body
    if (!scope.hasUpvalue) {
      f.leaveBlock();
      f.jumpTo(exits, start);
    } else {
      this.breakLoop();
      f.jumpHere(exits);
      f.leaveBlock();
      f.jumpTo(f.emitJump(), start);
    }
    f.leaveBlock();
  }

  /** Closes from the loop's level on, whichever block inside it holds the captured locals. */
  private breakLoop(): void {
    const { f } = this;
    let { block } = f;
    let hasUpvalue = false;
    while (block !== undefined && !block.isLoop) {
      hasUpvalue ||= block.hasUpvalue;
      block = block.previous;
    }
    if (block === undefined) this.lexer.fail("no loop to break");
    else {
      f.backend.closeUpvalues(f, { ...block, hasUpvalue });
      block.breaks = f.joinJumps(block.breaks, f.emitJump());
    }
  }

  private forStatement(line: number): void {
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
    this.adjustList(3, count, e);
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
    this.block();
    f.leaveBlock();
    f.backend.forLoop(f, base, prepare, variables, numeric, line);
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
    const target = new Expr();
    target.set(ExprKind.Local, f.freeRegister);
    f.reserveRegisters(1);
    f.activateLocals(1);
    const e = new Expr();
    this.functionBody(e, false, this.lexer.line);
    store(f, target, e);
  }

  /** The names are not visible in the values: `local x = x` reads an outer `x`. */
  private localStatement(): void {
    const { f } = this;
    let variables = 0;
    do f.declareLocal(this.state.name(), variables++);
    while (this.state.accept(Token.Comma));
    const e = new Expr();
    const count = this.state.accept(Token.Assign) ? this.expressions.expressionList(e) : 0;
    this.adjustList(variables, count, e);
    f.activateLocals(variables);
  }

  private returnStatement(): void {
    const { f, lexer } = this;
    const { opcodes } = f.backend;
    lexer.next();
    if (this.endsBlock() || lexer.token === Token.Semicolon) {
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

  /** A call, or an assignment. */
  private expressionStatement(): void {
    const { f } = this;
    const e = new Expr();
    this.expressions.primaryExpression(e);
    if (e.kind === ExprKind.Call)
      f.code[e.info] = withC(f.code[e.info], 1); // results are dropped
    else this.assignment(e);
  }

  /**
   * All but the last value wait in registers. The last one is stored straight from its expression,
   * the others after it from right to left; programs can see that order.
   */
  private assignment(first: Expr): void {
    const { f } = this;
    const targets = [first];
    this.checkAssignable(first);
    while (this.state.accept(Token.Comma)) {
      const target = new Expr();
      this.expressions.primaryExpression(target);
      if (target.kind === ExprKind.Local) this.protectOperands(targets, target.info);
      const limit = this.state.context.dialect.maxLevels - this.state.level;
      f.checkLimit(targets.length, limit, "variables in assignment");
      targets.push(target);
      this.checkAssignable(target);
    }
    this.state.expect(Token.Assign);
    const e = new Expr();
    const count = this.expressions.expressionList(e);
    if (count === targets.length) {
      setOneResult(f, e);
      store(f, targets.pop() as Expr, e);
    } else {
      this.adjustList(targets.length, count, e);
      if (count > targets.length) f.freeRegister -= count - targets.length;
    }
    while (targets.length > 0) {
      e.set(ExprKind.Register, f.freeRegister - 1);
      store(f, targets.pop() as Expr, e);
    }
  }

  private checkAssignable(e: Expr): void {
    if (e.kind < ExprKind.Local || e.kind > ExprKind.Indexed) this.lexer.fail("syntax error");
  }

  /**
   * A local about to be assigned may be the table or key of an earlier target in the same
   * statement: `a.x, a = 1, 2`. Such targets use a copy made before.
   */
  private protectOperands(targets: readonly Expr[], local: number): void {
    const { f } = this;
    const copy = f.freeRegister;
    let conflict = false;
    for (const target of targets) {
      if (target.kind !== ExprKind.Indexed) continue;
      if (target.info === local) {
        conflict = true;
        target.info = copy;
      }
      if (target.aux === local) {
        conflict = true;
        target.aux = copy;
      }
    }
    if (!conflict) return;
    f.emitABC(f.backend.opcodes.move, copy, local, 0);
    f.reserveRegisters(1);
  }

  /** Brings a list of `count` values, the last of them `e`, to `wanted` values in registers. */
  /*
   *     last is a call or `...`    it gives as many values as are missing, or none
   *     too few values             the rest is nil
   *     too many                   the caller gives the registers back
   */
  private adjustList(wanted: number, count: number, e: Expr): void {
    const { f } = this;
    if (e.hasMultipleResults()) {
      const results = Math.max(wanted - count + 1, 0);
      setResults(f, e, results);
      if (results > 1) f.reserveRegisters(results - 1);
      return;
    }
    if (e.kind !== ExprKind.Void) toNextRegister(f, e);
    const missing = wanted - count;
    if (missing > 0) {
      const from = f.freeRegister;
      f.reserveRegisters(missing);
      f.backend.loadNil(f, from, missing);
    }
  }
}

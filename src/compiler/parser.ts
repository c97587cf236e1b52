/**
 * Tokens become code in a single pass: there is no syntax tree. The parser knows the grammar, the
 * order in which things are evaluated and reported, and which line each instruction belongs to;
 * the instructions come from `delayed.ts` and the backend. Source: lua51.md §2–3.
 */
import { withC } from "../bytecode/instruction.ts";
import { type Proto, VarargFlag } from "../bytecode/proto.ts";
import {
  discharge,
  goIfTrue,
  setOneResult,
  setResults,
  store,
  toAnyRegister,
  toNextRegister,
  toOperand,
  toValue,
} from "./delayed.ts";
import { Expr, ExprKind, NO_JUMP } from "./expression.ts";
import { type CompileContext, FunctionState, HIDDEN } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import {
  BINARY_OPERATORS,
  type BinaryOperator,
  LEFT_PRIORITY,
  RIGHT_PRIORITY,
  UNARY_OPERATORS,
  UNARY_PRIORITY,
  UnaryOperator,
} from "./operators.ts";
import { ARG, SELF } from "./symbol-table.ts";
import { spellingOf, Token } from "./tokens.ts";

/** Stands for "as many results as there are". */
const ALL_RESULTS = -1;

/** Array items of a constructor that are held in registers before they are stored. */
const ITEMS_PER_FLUSH = 50;

export class Parser {
  private readonly context: CompileContext;
  private readonly lexer: Lexer;
  /** The function at each depth of nesting; they are reused. */
  private readonly functions: FunctionState[] = [];
  private depth = -1;
  /** The function being compiled. */
  private f: FunctionState;
  /** A name as a key, which is used up before anything else is read. */
  private readonly key = new Expr();
  /** Nesting of blocks and expressions, the call of the compiler itself included. */
  private level = 1;

  constructor(context: CompileContext) {
    this.context = context;
    this.lexer = context.lexer;
    this.f = this.openFunction(0);
  }

  /** Compiles the whole chunk. */
  mainFunction(): Proto {
    this.f.varargFlags = VarargFlag.IsVararg;
    this.lexer.next();
    this.statements();
    this.check(Token.EndOfSource);
    return this.closeFunction(0);
  }

  // ---- functions

  private openFunction(line: number): FunctionState {
    const parent = this.depth < 0 ? undefined : this.f;
    this.depth++;
    if (this.depth === this.functions.length) {
      this.functions.push(new FunctionState(this.context, parent));
    }
    this.f = this.functions[this.depth];
    this.f.open(line);
    return this.f;
  }

  private closeFunction(lastLine: number): Proto {
    const proto = this.f.backend.finish(this.f, lastLine);
    this.depth--;
    if (this.depth >= 0) this.f = this.functions[this.depth];
    return proto;
  }

  /** Parameters, body and `end`; `line` is that of the word `function`. */
  private functionBody(e: Expr, hasSelf: boolean, line: number): void {
    const child = this.openFunction(line);
    this.expect(Token.OpenParen);
    if (hasSelf) {
      child.declareLocal(SELF, 0);
      child.activateLocals(1);
    }
    this.parameters(child);
    this.expect(Token.CloseParen);
    this.statements();
    const lastLine = this.lexer.line;
    this.expectClosing(Token.End, Token.Function, line);
    const proto = this.closeFunction(lastLine);
    this.f.checkTableSize(this.f.protos.length);
    this.f.protos.push(proto);
    this.f.backend.closure(this.f, e, child);
  }

  private parameters(f: FunctionState): void {
    const { lexer } = this;
    let count = 0;
    if (lexer.token !== Token.CloseParen) {
      do {
        if (lexer.token === Token.Name) {
          f.declareLocal(this.name(), count++);
        } else if (lexer.token === Token.Dots) {
          lexer.next();
          f.declareLocal(ARG, count++);
          f.varargFlags = VarargFlag.HasArg | VarargFlag.NeedsArg | VarargFlag.IsVararg;
        } else {
          lexer.fail("<name> or '...' expected");
        }
      } while (f.varargFlags === 0 && this.accept(Token.Comma));
    }
    f.activateLocals(count);
    f.parameterCount = f.activeLocals - (f.varargFlags & VarargFlag.HasArg);
    f.reserveRegisters(f.activeLocals);
  }

  // ---- statements

  private statements(): void {
    this.enterLevel();
    let last = false;
    while (!last && !this.endsBlock()) {
      last = this.statement();
      this.accept(Token.Semicolon);
      this.f.freeRegister = this.f.activeLocals; // temporaries end with the statement
    }
    this.level--;
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
        this.expectClosing(Token.End, Token.Do, line);
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
        if (this.accept(Token.Function)) this.localFunction();
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
    this.expectClosing(Token.End, Token.If, line);
  }

  /** `if` or `elseif`, condition, `then` and block; returns the jumps for when it is false. */
  private testedBlock(): number {
    this.lexer.next();
    const whenFalse = this.condition();
    this.expect(Token.Then);
    this.block();
    return whenFalse;
  }

  private condition(): number {
    const e = new Expr();
    this.expression(e);
    if (e.kind === ExprKind.Nil) e.kind = ExprKind.False; // the same here, with simpler code
    goIfTrue(this.f, e);
    return e.falseJumps;
  }

  private whileStatement(line: number): void {
    const { f, lexer } = this;
    lexer.next();
    const start = f.label();
    const exits = this.condition();
    f.enterBlock(true);
    this.expect(Token.Do);
    this.block();
    f.jumpTo(f.emitJump(), start);
    this.expectClosing(Token.End, Token.While, line);
    f.leaveBlock();
    f.jumpHere(exits);
  }

  private repeatStatement(line: number): void {
    const { f, lexer } = this;
    const start = f.label();
    f.enterBlock(true);
    const scope = f.enterBlock(false);
    lexer.next();
    this.statements();
    this.expectClosing(Token.Until, Token.Repeat, line);
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
    const variable = this.name();
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
    this.expectClosing(Token.End, Token.For, line);
    f.leaveBlock();
  }

  private numericFor(variable: number, line: number): void {
    const { f } = this;
    const base = f.freeRegister;
    this.declareLoopState();
    f.declareLocal(variable, 3);
    this.expect(Token.Assign);
    this.expressionToNextRegister();
    this.expect(Token.Comma);
    this.expressionToNextRegister();
    if (this.accept(Token.Comma)) this.expressionToNextRegister();
    else {
      f.backend.loadConstant(f, f.freeRegister, f.numberConstant(f.numbers.parse("1") ?? 1));
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
    while (this.accept(Token.Comma)) f.declareLocal(this.name(), 3 + variables++);
    this.expect(Token.In);
    const { line } = lexer;
    const e = new Expr();
    const count = this.expressionList(e);
    this.adjustList(3, count, e);
    f.checkStack(3); // room to call the iterator
    this.forBody(base, line, variables, false);
  }

  /** Three locals that no source can name hold the state of a loop. */
  private declareLoopState(): void {
    for (let i = 0; i < 3; i++) this.f.declareLocal(HIDDEN, i);
  }

  private forBody(base: number, line: number, variables: number, numeric: boolean): void {
    const { f } = this;
    f.activateLocals(3);
    this.expect(Token.Do);
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
    this.variable(target);
    while (lexer.token === Token.Dot) this.field(target);
    const isMethod = lexer.token === Token.Colon;
    if (isMethod) this.field(target);
    const e = new Expr();
    this.functionBody(e, isMethod, line);
    store(f, target, e);
    f.amendLine(line); // the definition "happens" on its first line
  }

  private localFunction(): void {
    const { f } = this;
    f.declareLocal(this.name(), 0);
    const target = new Expr();
    target.set(ExprKind.Local, f.freeRegister);
    f.reserveRegisters(1);
    f.activateLocals(1);
    const e = new Expr();
    this.functionBody(e, false, this.lexer.line);
    store(f, target, e);
  }

  private localStatement(): void {
    const { f } = this;
    let variables = 0;
    do f.declareLocal(this.name(), variables++);
    while (this.accept(Token.Comma));
    const e = new Expr();
    const count = this.accept(Token.Assign) ? this.expressionList(e) : 0;
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
    const count = this.expressionList(e);
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
    this.primaryExpression(e);
    if (e.kind === ExprKind.Call)
      f.code[e.info] = withC(f.code[e.info], 1); // results are dropped
    else this.assignment(e);
  }

  private assignment(first: Expr): void {
    const { f } = this;
    const targets = [first];
    this.checkAssignable(first);
    while (this.accept(Token.Comma)) {
      const target = new Expr();
      this.primaryExpression(target);
      if (target.kind === ExprKind.Local) this.protectOperands(targets, target.info);
      const limit = this.context.dialect.maxLevels - this.level;
      f.checkLimit(targets.length, limit, "variables in assignment");
      targets.push(target);
      this.checkAssignable(target);
    }
    this.expect(Token.Assign);
    const e = new Expr();
    const count = this.expressionList(e);
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

  // ---- expressions

  /** All values but the last are in registers afterwards; returns how many there are. */
  private expressionList(e: Expr): number {
    let count = 1;
    this.expression(e);
    while (this.accept(Token.Comma)) {
      toNextRegister(this.f, e);
      this.expression(e);
      count++;
    }
    return count;
  }

  private expressionToNextRegister(): void {
    const e = new Expr();
    this.expression(e);
    toNextRegister(this.f, e);
  }

  private expression(e: Expr): void {
    this.subexpression(e, 0);
  }

  /**
   * Reads operands and operators that bind tighter than `limit`; returns the first operator that
   * does not.
   */
  private subexpression(e: Expr, limit: number): BinaryOperator {
    const { f, lexer } = this;
    this.enterLevel();
    const unary: UnaryOperator = UNARY_OPERATORS[lexer.token];
    if (unary !== UnaryOperator.None) {
      lexer.next();
      this.subexpression(e, UNARY_PRIORITY);
      f.backend.prefix(f, unary, e);
    } else {
      this.simpleExpression(e);
    }
    let operator: BinaryOperator = BINARY_OPERATORS[lexer.token];
    while (LEFT_PRIORITY[operator] > limit) {
      lexer.next();
      f.backend.infix(f, operator, e);
      const right = new Expr();
      const next = this.subexpression(right, RIGHT_PRIORITY[operator]);
      f.backend.postfix(f, operator, e, right);
      operator = next;
    }
    this.level--;
    return operator;
  }

  private simpleExpression(e: Expr): void {
    const { f, lexer } = this;
    switch (lexer.token) {
      case Token.Number:
        e.set(ExprKind.Numeral, 0);
        e.value = lexer.numeral();
        break;
      case Token.String:
        this.stringConstant(e);
        break;
      case Token.Nil:
        e.set(ExprKind.Nil, 0);
        break;
      case Token.True:
        e.set(ExprKind.True, 0);
        break;
      case Token.False:
        e.set(ExprKind.False, 0);
        break;
      case Token.Dots:
        if (f.varargFlags === 0) lexer.fail("cannot use '...' outside a vararg function");
        f.varargFlags &= ~VarargFlag.NeedsArg; // extra arguments are used without `arg`
        e.set(ExprKind.Vararg, f.emitABC(f.backend.opcodes.vararg, 0, 1, 0));
        break;
      case Token.OpenBrace:
        this.tableConstructor(e);
        return;
      case Token.Function:
        lexer.next();
        this.functionBody(e, false, lexer.line);
        return;
      default:
        this.primaryExpression(e);
        return;
    }
    lexer.next();
  }

  private stringConstant(e: Expr): void {
    e.set(ExprKind.Constant, this.f.constants.string(this.lexer.symbol));
  }

  /** A variable or a parenthesised expression, with all fields, keys and calls behind it. */
  private primaryExpression(e: Expr): void {
    const { f, lexer } = this;
    this.prefixExpression(e);
    for (;;) {
      switch (lexer.token) {
        case Token.Dot:
          this.field(e);
          break;
        case Token.OpenBracket: {
          toAnyRegister(f, e);
          const key = new Expr();
          this.bracketedKey(key);
          f.backend.index(f, e, key);
          break;
        }
        case Token.Colon: {
          lexer.next();
          this.nameConstant(this.key);
          f.backend.self(f, e, this.key);
          this.callArguments(e);
          break;
        }
        case Token.OpenParen:
        case Token.String:
        case Token.OpenBrace:
          toNextRegister(f, e);
          this.callArguments(e);
          break;
        default:
          return;
      }
    }
  }

  private prefixExpression(e: Expr): void {
    const { lexer } = this;
    if (lexer.token === Token.Name) {
      this.variable(e);
    } else if (lexer.token === Token.OpenParen) {
      const { line } = lexer;
      lexer.next();
      this.expression(e);
      this.expectClosing(Token.CloseParen, Token.OpenParen, line);
      discharge(this.f, e); // parentheses cut a call to one result
    } else {
      lexer.fail("unexpected symbol");
    }
  }

  private variable(e: Expr): void {
    const name = this.name();
    if (!this.f.findVariable(name, e)) this.f.backend.global(this.f, e, name);
  }

  /** `.name` or `:name` behind an expression. */
  private field(e: Expr): void {
    toAnyRegister(this.f, e);
    this.lexer.next();
    this.nameConstant(this.key);
    this.f.backend.index(this.f, e, this.key);
  }

  private bracketedKey(key: Expr): void {
    this.lexer.next();
    this.expression(key);
    toValue(this.f, key);
    this.expect(Token.CloseBracket);
  }

  /** The arguments of a call to the function in the register of `e`, and the call. */
  private callArguments(e: Expr): void {
    const { f, lexer } = this;
    const { line } = lexer;
    const last = new Expr();
    switch (lexer.token) {
      case Token.OpenParen:
        if (line !== lexer.lastLine) {
          lexer.fail("ambiguous syntax (function call x new statement)");
        }
        lexer.next();
        if ((lexer.token as Token) !== Token.CloseParen) {
          this.expressionList(last);
          setResults(f, last, ALL_RESULTS);
        }
        this.expectClosing(Token.CloseParen, Token.OpenParen, line);
        break;
      case Token.OpenBrace:
        this.tableConstructor(last);
        break;
      case Token.String:
        this.stringConstant(last);
        lexer.next();
        break;
      default:
        lexer.fail("function arguments expected");
    }
    const base = e.info;
    let count = ALL_RESULTS;
    if (!last.hasMultipleResults()) {
      if (last.kind !== ExprKind.Void) toNextRegister(f, last);
      count = f.freeRegister - (base + 1);
    }
    e.set(ExprKind.Call, f.emitABC(f.backend.opcodes.call, base, count + 1, 2));
    f.amendLine(line);
    f.freeRegister = base + 1; // function and arguments are gone, one result is there
  }

  /** `{ … }`. */
  private tableConstructor(e: Expr): void {
    const { f, lexer } = this;
    const { line } = lexer;
    const pc = f.backend.newTable(f);
    e.set(ExprKind.Relocatable, pc);
    toNextRegister(f, e);
    this.expect(Token.OpenBrace);
    const item = new Expr(); // the item read last, while it is not in its register
    let arrayItems = 0;
    let hashItems = 0;
    let unstored = 0;
    while (lexer.token !== Token.CloseBrace) {
      if (item.kind !== ExprKind.Void) {
        toNextRegister(f, item);
        item.kind = ExprKind.Void;
        if (unstored === ITEMS_PER_FLUSH) {
          f.backend.setList(f, e.info, arrayItems, unstored);
          unstored = 0;
        }
      }
      if (this.startsKeyedItem()) {
        this.keyedItem(e.info);
        hashItems++;
      } else {
        this.expression(item);
        arrayItems++;
        unstored++;
      }
      if (!this.accept(Token.Comma) && !this.accept(Token.Semicolon)) break;
    }
    this.expectClosing(Token.CloseBrace, Token.OpenBrace, line);
    if (unstored > 0) arrayItems -= this.storeLastItems(e.info, item, arrayItems, unstored);
    f.backend.setTableSizes(f, pc, arrayItems, hashItems);
  }

  /** @returns 1 when the last item gives any number of values and is not counted, else 0 */
  private storeLastItems(table: number, item: Expr, arrayItems: number, unstored: number): number {
    const { f } = this;
    if (item.hasMultipleResults()) {
      setResults(f, item, ALL_RESULTS);
      f.backend.setList(f, table, arrayItems, ALL_RESULTS);
      return 1;
    }
    if (item.kind !== ExprKind.Void) toNextRegister(f, item);
    f.backend.setList(f, table, arrayItems, unstored);
    return 0;
  }

  private startsKeyedItem(): boolean {
    const { token } = this.lexer;
    if (token === Token.Name) return this.lexer.peek() === Token.Assign;
    return token === Token.OpenBracket;
  }

  /** `name = value` or `[key] = value`. */
  private keyedItem(table: number): void {
    const { f, lexer } = this;
    const free = f.freeRegister;
    const key = new Expr();
    if (lexer.token === Token.Name) this.nameConstant(key);
    else this.bracketedKey(key);
    this.expect(Token.Assign);
    const keyOperand = toOperand(f, key);
    const value = new Expr();
    this.expression(value);
    f.emitABC(f.backend.opcodes.setTable, table, keyOperand, toOperand(f, value));
    f.freeRegister = free;
  }

  // ---- tokens

  private name(): number {
    this.check(Token.Name);
    const { symbol } = this.lexer;
    this.lexer.next();
    return symbol;
  }

  /** The name as a string constant. */
  private nameConstant(e: Expr): void {
    e.set(ExprKind.Constant, this.f.constants.string(this.name()));
  }

  private accept(token: Token): boolean {
    if (this.lexer.token !== token) return false;
    this.lexer.next();
    return true;
  }

  private check(token: Token): void {
    if (this.lexer.token !== token) this.lexer.fail(`'${spellingOf(token)}' expected`);
  }

  private expect(token: Token): void {
    this.check(token);
    this.lexer.next();
  }

  /** Expects the token that closes what `opening` on the given line opened. */
  private expectClosing(token: Token, opening: Token, line: number): void {
    if (this.accept(token)) return;
    if (line === this.lexer.line) this.check(token);
    this.lexer.fail(
      `'${spellingOf(token)}' expected (to close '${spellingOf(opening)}' at line ${line})`,
    );
  }

  private enterLevel(): void {
    if (++this.level > this.context.dialect.maxLevels) {
      this.lexer.failHere("limit", "chunk has too many syntax levels");
    }
  }
}

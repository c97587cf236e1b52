/**
 * The grammar of expressions. Each method reads one construct and leaves its value in a delayed
 * expression; the code comes from `delayed.ts` and the backend. Source: lua51.md §2–3, lua53.md §0.
 */
import { FIELDS_PER_FLUSH } from "../bytecode/instruction.ts";
import type { GrammarFeatures } from "../target/dialect.ts";
import { discharge, goIfTrue, setResults, toNextRegister, toValue } from "./delayed.ts";
import { Expr, ExprKind } from "./expression.ts";
import type { FunctionState } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import { type BinaryOperator, type OperatorTable, UnaryOperator } from "./operators.ts";
import type { ParserState } from "./parser-state.ts";
import { Token } from "./tokens.ts";

/** Stands for "as many results as there are". */
export const ALL_RESULTS = -1;

/** Reads a function from its parameters on; `line` is that of the word `function`. */
export type FunctionBody = (e: Expr, hasSelf: boolean, line: number) => void;

export class ExpressionParser {
  private readonly state: ParserState;
  private readonly lexer: Lexer;
  private readonly functionBody: FunctionBody;
  private readonly grammar: GrammarFeatures;
  private readonly operators: OperatorTable;
  /** A name as a key, which is used up before anything else is read. */
  private readonly key = new Expr();

  constructor(state: ParserState, functionBody: FunctionBody) {
    this.state = state;
    this.lexer = state.lexer;
    this.functionBody = functionBody;
    this.grammar = state.context.dialect.grammar;
    this.operators = state.context.operators;
  }

  private get f(): FunctionState {
    return this.state.f;
  }

  /** All values but the last are in registers afterwards; returns how many there are. */
  expressionList(e: Expr): number {
    let count = 1;
    this.expression(e);
    while (this.state.accept(Token.Comma)) {
      toNextRegister(this.f, e);
      this.expression(e);
      count++;
    }
    return count;
  }

  /** Reads an expression and puts its value into the next free register. */
  expressionToNextRegister(): void {
    const e = new Expr();
    this.expression(e);
    toNextRegister(this.f, e);
  }

  expression(e: Expr): void {
    this.subexpression(e, 0);
  }

  /** Reads a condition; returns the jumps for when it is false. */
  condition(): number {
    const e = new Expr();
    this.expression(e);
    if (e.kind === ExprKind.Nil) e.kind = ExprKind.False; // the same here, with simpler code
    goIfTrue(this.f, e);
    return e.falseJumps;
  }

  /**
   * Reads operands and operators that bind tighter than `limit`; returns the first operator that
   * does not.
   */
  private subexpression(e: Expr, limit: number): BinaryOperator {
    const { f, lexer, operators } = this;
    this.state.enterLevel(1);
    const unary: UnaryOperator = operators.unary[lexer.token];
    if (unary !== UnaryOperator.None) {
      const { line } = lexer;
      lexer.next();
      this.subexpression(e, operators.unaryPriority);
      f.backend.prefix(f, unary, e, line);
    } else {
      this.simpleExpression(e);
    }
    let operator: BinaryOperator = operators.binary[lexer.token];
    while (operators.left[operator] > limit) {
      const { line } = lexer;
      lexer.next();
      f.backend.infix(f, operator, e);
      const right = new Expr();
      const next = this.subexpression(right, operators.right[operator]);
      f.backend.postfix(f, operator, e, right, line);
      operator = next;
    }
    this.state.level--;
    return operator;
  }

  private simpleExpression(e: Expr): void {
    const { f, lexer } = this;
    switch (lexer.token) {
      case Token.Number:
        e.setNumeral(lexer.numeral());
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
        f.backend.vararg(f, e);
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
  primaryExpression(e: Expr): void {
    const { f, lexer } = this;
    const { line } = lexer;
    this.prefixExpression(e);
    for (;;) {
      switch (lexer.token) {
        case Token.Dot:
          this.field(e);
          break;
        case Token.OpenBracket: {
          f.backend.toTable(f, e);
          const key = new Expr();
          this.bracketedKey(key);
          f.backend.index(f, e, key);
          break;
        }
        case Token.Colon: {
          lexer.next();
          this.nameConstant(this.key);
          f.backend.self(f, e, this.key);
          this.callArguments(e, line);
          break;
        }
        case Token.OpenParen:
        case Token.String:
        case Token.OpenBrace:
          toNextRegister(f, e);
          this.callArguments(e, line);
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
      this.state.expectClosing(Token.CloseParen, Token.OpenParen, line);
      discharge(this.f, e); // parentheses cut a call to one result
    } else {
      lexer.fail("unexpected symbol");
    }
  }

  /** A name: a local, an upvalue or a global. */
  variable(e: Expr): void {
    const name = this.state.name();
    if (!this.f.findVariable(name, e)) this.f.backend.global(this.f, e, name);
  }

  /** `.name` or `:name` behind an expression. */
  field(e: Expr): void {
    this.f.backend.toTable(this.f, e);
    this.lexer.next();
    this.nameConstant(this.key);
    this.f.backend.index(this.f, e, this.key);
  }

  private bracketedKey(key: Expr): void {
    this.lexer.next();
    this.expression(key);
    toValue(this.f, key);
    this.state.expect(Token.CloseBracket);
  }

  /**
   * The arguments of a call to the function in the register of `e`, and the call.
   * @param firstLine that of the expression which they end
   */
  private callArguments(e: Expr, firstLine: number): void {
    const { f, grammar, lexer } = this;
    const line = grammar.callsBelongToFirstLine ? firstLine : lexer.line;
    const last = new Expr();
    switch (lexer.token) {
      case Token.OpenParen:
        if (grammar.callsOnOneLine && lexer.line !== lexer.lastLine) {
          lexer.fail("ambiguous syntax (function call x new statement)");
        }
        lexer.next();
        if ((lexer.token as Token) !== Token.CloseParen) {
          this.expressionList(last);
          setResults(f, last, ALL_RESULTS);
        }
        this.state.expectClosing(Token.CloseParen, Token.OpenParen, line);
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
    this.state.expect(Token.OpenBrace);
    const item = new Expr(); // the item read last, while it is not in its register
    let arrayItems = 0;
    let hashItems = 0;
    let unstored = 0;
    while (lexer.token !== Token.CloseBrace) {
      if (item.kind !== ExprKind.Void) {
        toNextRegister(f, item);
        item.kind = ExprKind.Void;
        if (unstored === FIELDS_PER_FLUSH) {
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
      if (!this.state.accept(Token.Comma) && !this.state.accept(Token.Semicolon)) break;
    }
    this.state.expectClosing(Token.CloseBrace, Token.OpenBrace, line);
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
    this.state.expect(Token.Assign);
    const keyOperand = f.backend.toOperand(f, key);
    const value = new Expr();
    this.expression(value);
    const operand = f.backend.toOperand(f, value);
    f.emitABC(f.backend.opcodes.setTable, table, keyOperand, operand);
    f.freeRegister = free;
  }

  /** The name as a string constant. */
  private nameConstant(e: Expr): void {
    e.set(ExprKind.Constant, this.f.constants.string(this.state.name()));
  }
}

/**
 * The grammar of statements that give values to variables, and of calls, which begin like an
 * assignment. Source: lua51.md §2–3, lua53.md §0.
 */
import { withC } from "../bytecode/instruction.ts";
import type { GrammarFeatures } from "../target/dialect.ts";
import { adjustList, setOneResult, store } from "./delayed.ts";
import { Expr, ExprKind } from "./expression.ts";
import type { ExpressionParser } from "./expressions.ts";
import type { FunctionState } from "./function-state.ts";
import type { Lexer } from "./lexer.ts";
import type { ParserState } from "./parser-state.ts";
import { Token } from "./tokens.ts";

export class AssignmentParser {
  private readonly state: ParserState;
  private readonly lexer: Lexer;
  private readonly expressions: ExpressionParser;
  private readonly grammar: GrammarFeatures;

  constructor(state: ParserState, expressions: ExpressionParser) {
    this.state = state;
    this.lexer = state.lexer;
    this.expressions = expressions;
    this.grammar = state.context.dialect.grammar;
  }

  private get f(): FunctionState {
    return this.state.f;
  }

  /** The names are not visible in the values: `local x = x` reads an outer `x`. */
  localStatement(): void {
    const { f } = this;
    let variables = 0;
    do f.declareLocal(this.state.name(), variables++);
    while (this.state.accept(Token.Comma));
    const e = new Expr();
    const count = this.state.accept(Token.Assign) ? this.expressions.expressionList(e) : 0;
    adjustList(f, variables, count, e);
    f.activateLocals(variables);
  }

  /** A call, or an assignment. */
  expressionStatement(): void {
    const { f } = this;
    const e = new Expr();
    this.expressions.primaryExpression(e);
    if (this.beginsAssignment(e)) this.assignment(e);
    else f.code[e.info] = withC(f.code[e.info], 1); // results are dropped
  }

  private beginsAssignment(e: Expr): boolean {
    const { token } = this.lexer;
    if (this.grammar.assignmentUnlessCall) return e.kind !== ExprKind.Call;
    if (token === Token.Assign || token === Token.Comma) return true;
    if (e.kind !== ExprKind.Call) this.lexer.fail("syntax error");
    return false;
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
      if (target.kind === ExprKind.Local || target.kind === ExprKind.Upvalue) {
        this.protectOperands(targets, target);
      }
      const limit = this.state.context.dialect.maxLevels - this.state.level;
      if (targets.length > limit) f.backend.tooManyTargets(f, limit);
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
      adjustList(f, targets.length, count, e);
      if (count > targets.length) f.freeRegister -= count - targets.length;
    }
    while (targets.length > 0) {
      e.set(ExprKind.Register, f.freeRegister - 1);
      store(f, targets.pop() as Expr, e);
    }
  }

  private checkAssignable(e: Expr): void {
    if (!e.isVariable()) this.lexer.fail("syntax error");
  }

  /**
   * A variable about to be assigned may be the table or key of an earlier target in the same
   * statement: `a.x, a = 1, 2`. Such targets use a copy made before.
   */
  private protectOperands(targets: readonly Expr[], variable: Expr): void {
    const { f } = this;
    const { move, getUpvalue } = f.backend.opcodes;
    const isLocal = variable.kind === ExprKind.Local;
    const indexed = isLocal ? ExprKind.Indexed : ExprKind.IndexedUpvalue;
    const copy = f.freeRegister;
    let conflict = false;
    for (const target of targets) {
      if (target.kind === indexed && target.info === variable.info) {
        conflict = true;
        target.kind = ExprKind.Indexed;
        target.info = copy;
      }
      if (isLocal && target.hasKey() && target.aux === variable.info) {
        conflict = true;
        target.aux = copy;
      }
    }
    if (!conflict) return;
    f.emitABC(isLocal ? move : getUpvalue, copy, variable.info, 0);
    f.reserveRegisters(1);
  }
}

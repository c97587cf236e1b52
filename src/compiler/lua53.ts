/**
 * The backend for Lua 5.3: which instructions its constructs become. Source: lua53.md §0–2; the
 * instruction selection is that of Lua 5.3.6.
 */
import { Arithmetic } from "../base/number-model.ts";
import {
  FIELDS_PER_FLUSH,
  MAX_AX,
  MAX_B,
  MAX_BX,
  MAX_RK_CONSTANT,
  MAX_SBX,
  RK_CONSTANT,
  toFloatingByte,
  withA,
  withB,
  withC,
} from "../bytecode/instruction.ts";
import type { LineInfoEncoder } from "../bytecode/line-info.ts";
import { LineInfoEncoder53 } from "../bytecode/line-info53.ts";
import { OPCODES_53, Op53 } from "../bytecode/opcodes53.ts";
import type { Proto, UpvalueSource } from "../bytecode/proto.ts";
import type { Block } from "./block.ts";
import type { SharedOpcodes } from "./code-emitter.ts";
import type { ConstantPool } from "./constant-table.ts";
import { ConstantPool53 } from "./constants53.ts";
import {
  discharge,
  emitTest,
  goIfFalse,
  goIfTrue,
  literalConstant,
  negate,
  toAnyRegister,
  toNextRegister,
  toValue,
} from "./delayed.ts";
import { type Expr, ExprKind, NO_JUMP } from "./expression.ts";
import type { Backend, FunctionState } from "./function-state.ts";
import { closeFrom } from "./labels.ts";
import { BinaryOperator, UnaryOperator } from "./operators.ts";
import { ENV, type SymbolId, type SymbolTable } from "./symbol-table.ts";

const SHARED: SharedOpcodes = {
  move: Op53.MOVE,
  loadBoolean: Op53.LOADBOOL,
  getUpvalue: Op53.GETUPVAL,
  setUpvalue: Op53.SETUPVAL,
  setTable: Op53.SETTABLE,
  not: Op53.NOT,
  jump: Op53.JMP,
  test: Op53.TEST,
  testSet: Op53.TESTSET,
  call: Op53.CALL,
  tailCall: Op53.TAILCALL,
  return: Op53.RETURN,
  isTest: Uint8Array.from({ length: 64 }, (_, op) => (OPCODES_53[op]?.test ? 1 : 0)),
};

/** The opcode of each operator that computes a value from two. */
const OPCODE_OF = Uint8Array.of(
  Op53.ADD,
  Op53.SUB,
  Op53.MUL,
  Op53.DIV,
  Op53.MOD,
  Op53.POW,
  Op53.CONCAT,
  Op53.IDIV,
  Op53.BAND,
  Op53.BOR,
  Op53.BXOR,
  Op53.SHL,
  Op53.SHR,
);

class Lua53Backend implements Backend {
  readonly opcodes = SHARED;

  createLineInfo(): LineInfoEncoder {
    return new LineInfoEncoder53();
  }

  createConstants(symbols: SymbolTable): ConstantPool {
    return new ConstantPool53(symbols);
  }

  /* The table of globals is an upvalue, which whoever loads the chunk provides. */
  openMain(f: FunctionState): void {
    f.varargFlags = 1;
    f.addUpvalue(ENV, true, 0);
  }

  declareVararg(f: FunctionState): number {
    f.varargFlags = 1;
    return 0;
  }

  vararg(f: FunctionState, e: Expr): void {
    e.set(ExprKind.Vararg, f.emitABC(Op53.VARARG, 0, 1, 0));
  }

  /* A LOADNIL just before may cover these registers too, unless a jump lands between. */
  loadNil(f: FunctionState, from: number, count: number): void {
    if (f.pc > f.lastTarget && f.pc > f.start && extendLoadNil(f, from, count)) return;
    f.emitABC(Op53.LOADNIL, from, count - 1, 0);
  }

  loadConstant(f: FunctionState, register: number, constant: number): void {
    if (constant <= MAX_BX) f.emitABx(Op53.LOADK, register, constant);
    else {
      f.emitABx(Op53.LOADKX, register, 0);
      f.emit(Op53.EXTRAARG | (constant << 6));
    }
  }

  toOperand(f: FunctionState, e: Expr): number {
    return toOperand(f, e);
  }

  /* A table in an upvalue can be indexed where it is. */
  toTable(f: FunctionState, e: Expr): void {
    if (e.kind !== ExprKind.Upvalue || e.hasJumps()) toAnyRegister(f, e);
  }

  /* `x` is `_ENV.x`, whatever `_ENV` is here. */
  global(f: FunctionState, e: Expr, name: SymbolId): void {
    f.findVariable(ENV, e);
    const constant = f.constants.string(name);
    if (constant <= MAX_RK_CONSTANT) e.aux = constant | RK_CONSTANT;
    else {
      e.aux = f.freeRegister;
      f.reserveRegisters(1);
      this.loadConstant(f, e.aux, constant);
    }
    e.kind = e.kind === ExprKind.Upvalue ? ExprKind.IndexedUpvalue : ExprKind.Indexed;
  }

  fetch(f: FunctionState, e: Expr): void {
    f.release(e.aux);
    if (e.kind === ExprKind.IndexedUpvalue) {
      e.info = f.emitABC(Op53.GETTABUP, 0, e.info, e.aux);
    } else {
      f.release(e.info);
      e.info = f.emitABC(Op53.GETTABLE, 0, e.info, e.aux);
    }
    e.kind = ExprKind.Relocatable;
  }

  store(f: FunctionState, variable: Expr, value: Expr): void {
    const op = variable.kind === ExprKind.IndexedUpvalue ? Op53.SETTABUP : Op53.SETTABLE;
    f.emitABC(op, variable.info, variable.aux, toOperand(f, value));
  }

  index(f: FunctionState, table: Expr, key: Expr): void {
    table.aux = toOperand(f, key);
    table.kind = table.kind === ExprKind.Upvalue ? ExprKind.IndexedUpvalue : ExprKind.Indexed;
  }

  self(f: FunctionState, object: Expr, key: Expr): void {
    toAnyRegister(f, object);
    f.releaseExpr(object);
    const register = f.freeRegister;
    f.reserveRegisters(2);
    const operand = toOperand(f, key);
    f.emitABC(Op53.SELF, register, object.info, operand);
    f.releaseExpr(key);
    object.info = register;
    object.kind = ExprKind.Register;
  }

  prefix(f: FunctionState, operator: UnaryOperator, e: Expr, line: number): void {
    switch (operator) {
      case UnaryOperator.Minus:
        if (!f.fold(Arithmetic.Negate, e, e)) unary(f, Op53.UNM, e, line);
        break;
      case UnaryOperator.BitNot:
        if (!f.fold(Arithmetic.BitNot, e, e)) unary(f, Op53.BNOT, e, line);
        break;
      case UnaryOperator.Not:
        negate(f, e);
        break;
      case UnaryOperator.Length:
        unary(f, Op53.LEN, e, line);
        break;
    }
  }

  /*
   * The left operand is brought to its place now, because its code must come first. Numerals wait
   * where two of them may be folded, and so the right one of two enters the constants first.
   */
  infix(f: FunctionState, operator: BinaryOperator, left: Expr): void {
    if (operator === BinaryOperator.And) goIfTrue(f, left);
    else if (operator === BinaryOperator.Or) goIfFalse(f, left);
    else if (operator === BinaryOperator.Concat) {
      toNextRegister(f, left); // CONCAT takes its operands from a row of registers
    } else if (operator >= BinaryOperator.NotEqual || !left.isNumeral()) toOperand(f, left);
  }

  postfix(f: FunctionState, operator: BinaryOperator, left: Expr, right: Expr, line: number): void {
    switch (operator) {
      case BinaryOperator.And:
        discharge(f, right);
        right.falseJumps = f.joinJumps(right.falseJumps, left.falseJumps);
        left.become(right);
        break;
      case BinaryOperator.Or:
        discharge(f, right);
        right.trueJumps = f.joinJumps(right.trueJumps, left.trueJumps);
        left.become(right);
        break;
      case BinaryOperator.Concat:
        concat(f, left, right, line);
        break;
      case BinaryOperator.Equal:
        compare(f, Op53.EQ, 1, left, right);
        break;
      case BinaryOperator.NotEqual:
        compare(f, Op53.EQ, 0, left, right);
        break;
      case BinaryOperator.Less:
        compare(f, Op53.LT, 1, left, right);
        break;
      case BinaryOperator.LessEqual:
        compare(f, Op53.LE, 1, left, right);
        break;
      case BinaryOperator.Greater: // a > b is b < a
        compareSwapped(f, Op53.LT, left, right);
        break;
      case BinaryOperator.GreaterEqual:
        compareSwapped(f, Op53.LE, left, right);
        break;
      default:
        if (!f.fold(operator, left, right)) binary(f, OPCODE_OF[operator], left, right, line);
    }
  }

  newTable(f: FunctionState): number {
    return f.emitABC(Op53.NEWTABLE, 0, 0, 0);
  }

  setTableSizes(f: FunctionState, pc: number, arrayItems: number, hashItems: number): void {
    const word = withB(f.code[pc], toFloatingByte(arrayItems));
    f.code[pc] = withC(word, toFloatingByte(hashItems));
  }

  /* A batch number too large for operand C stands in an EXTRAARG. */
  setList(f: FunctionState, table: number, lastItem: number, count: number): void {
    const batch = Math.floor((lastItem - 1) / FIELDS_PER_FLUSH) + 1;
    const values = Math.max(count, 0); // 0: all up to the top
    if (batch <= MAX_B) f.emitABC(Op53.SETLIST, table, values, batch);
    else if (batch <= MAX_AX) {
      f.emitABC(Op53.SETLIST, table, values, 0);
      f.emit(Op53.EXTRAARG | (batch << 6));
    } else f.lexer.fail("constructor too long", "limit");
    f.freeRegister = table + 1;
  }

  /* The closure always takes a new register, for the sake of the device's garbage collector. */
  closure(f: FunctionState, e: Expr): void {
    e.set(ExprKind.Relocatable, f.emitABx(Op53.CLOSURE, 0, f.protos.length - 1));
    toNextRegister(f, e);
  }

  /*
   * The RETURN is there even behind a `return`. That there is a register for the closure is checked
   * first, as the reference makes the closure before it ends the function.
   */
  finish(f: FunctionState, lastLine: number): Proto {
    f.parent?.checkStack(1);
    f.emitABC(Op53.RETURN, 0, 1, 0);
    f.context.labels.endFunction(f);
    f.activeLocals = 0;
    return {
      source: f.context.chunkName,
      lineDefined: f.lineDefined,
      lastLineDefined: lastLine,
      upvalueCount: f.upvalueCount,
      upvalueSources: upvalueSources(f),
      parameterCount: f.parameterCount,
      varargFlags: f.varargFlags,
      maxStackSize: f.maxStackSize,
      code: f.takeCode(),
      constants: f.constants.close(),
      protos: f.protos,
      lineInfo: f.takeLineInfo(),
      locals: NONE,
      upvalueNames: NONE,
    };
  }

  /* A jump to the next instruction closes upvalues; gotos and breaks that leave do it themselves. */
  leaveBlock(f: FunctionState, block: Block): void {
    const { labels } = f.context;
    if (block.hasUpvalue) {
      const jump = f.emitJump();
      closeFrom(f, jump, block.activeLocals);
      f.jumpHere(jump);
    }
    if (block.isLoop) labels.resolveBreaks(f, block);
    f.activeLocals = block.activeLocals;
    f.freeRegister = f.activeLocals;
    labels.leaveBlock(f, block);
  }

  /* The jump belongs to the line of the token before. */
  breakStatement(f: FunctionState): boolean {
    const { line } = f.lexer;
    const jump = f.emitJump();
    f.lexer.next();
    f.context.labels.addBreak(f, line, jump);
    return false;
  }

  endRepeat(f: FunctionState, scope: Block, again: number, start: number): void {
    if (scope.hasUpvalue) closeFrom(f, again, scope.activeLocals);
    f.leaveBlock();
    f.jumpTo(again, start);
    f.leaveBlock();
  }

  dropSurplus(f: FunctionState, count: number): void {
    f.freeRegister -= count;
  }

  /*
   *     numeric:  FORPREP base → to the loop    …body…    FORLOOP base → behind FORPREP
   *     generic:  JMP → to the loop             …body…    TFORCALL base, TFORLOOP base + 2
   *                                                                      → behind the JMP
   *
   * The loop instructions belong to the line of the `for`.
   */
  forPrepare(f: FunctionState, base: number, numeric: boolean): number {
    return numeric ? f.emitABx(Op53.FORPREP, base, MAX_SBX + NO_JUMP) : f.emitJump();
  }

  forLoop(
    f: FunctionState,
    base: number,
    prepare: number,
    variables: number,
    numeric: boolean,
    line: number,
  ): void {
    f.jumpHere(prepare);
    let end: number;
    if (numeric) end = f.emitABx(Op53.FORLOOP, base, MAX_SBX + NO_JUMP);
    else {
      f.emitABC(Op53.TFORCALL, base, 0, variables);
      f.amendLine(line);
      end = f.emitABx(Op53.TFORLOOP, base + 2, MAX_SBX + NO_JUMP);
    }
    f.jumpTo(end, prepare + 1);
    f.amendLine(line);
  }

  tooMany(f: FunctionState, limit: number, what: string): never {
    return f.lexer.fail(`too many ${what} (limit is ${limit}) in ${f.inWords()}`, "limit");
  }

  tooDeep(f: FunctionState): never {
    return this.tooMany(f, f.context.dialect.maxLevels, "C levels");
  }

  tooManyTargets(f: FunctionState): never {
    return this.tooDeep(f);
  }
}

export const LUA53_BACKEND: Backend = new Lua53Backend();

/** Names of locals and upvalues are dropped as soon as a chunk is compiled (lua53.md §2.2). */
const NONE: readonly never[] = [];

function upvalueSources(f: FunctionState): readonly UpvalueSource[] {
  const sources: UpvalueSource[] = [];
  for (let i = 0; i < f.upvalueCount; i++) {
    sources.push({ inStack: f.upvalueIsLocal[i] === 1, index: f.upvalueIndex[i] });
  }
  return sources;
}

/** Lets the LOADNIL emitted last cover more registers; false when it does not adjoin them. */
function extendLoadNil(f: FunctionState, from: number, count: number): boolean {
  const previous = f.code[f.pc - 1];
  if ((previous & 0x3f) !== Op53.LOADNIL) return false;
  const last = from + count - 1;
  const previousFrom = (previous >>> 6) & 0xff;
  const previousLast = previousFrom + (previous >>> 23);
  if (from > previousLast + 1 || previousFrom > last + 1) return false;
  const first = Math.min(from, previousFrom);
  f.code[f.pc - 1] = withB(withA(previous, first), Math.max(last, previousLast) - first);
  return true;
}

/** A literal enters the constants even when there it stands too far behind for an operand. */
function toOperand(f: FunctionState, e: Expr): number {
  toValue(f, e);
  switch (e.kind) {
    case ExprKind.Numeral:
    case ExprKind.True:
    case ExprKind.False:
    case ExprKind.Nil:
      e.info = literalConstant(f, e);
      e.kind = ExprKind.Constant;
      break;
    case ExprKind.Constant:
      break;
    default:
      return toAnyRegister(f, e);
  }
  return e.info <= MAX_RK_CONSTANT ? e.info | RK_CONSTANT : toAnyRegister(f, e);
}

function unary(f: FunctionState, op: Op53, e: Expr, line: number): void {
  const register = toAnyRegister(f, e);
  f.releaseExpr(e);
  e.info = f.emitABC(op, 0, register, 0);
  e.kind = ExprKind.Relocatable;
  f.amendLine(line);
}

function binary(f: FunctionState, op: Op53, left: Expr, right: Expr, line: number): void {
  const c = toOperand(f, right);
  const b = toOperand(f, left);
  f.releaseExpr(right);
  f.releaseExpr(left);
  left.info = f.emitABC(op, 0, b, c);
  left.kind = ExprKind.Relocatable;
  f.amendLine(line);
}

/** `a .. b .. c` is one CONCAT over a row of registers: a right operand that is one is widened. */
function concat(f: FunctionState, left: Expr, right: Expr, line: number): void {
  toValue(f, right);
  if (right.kind === ExprKind.Relocatable && (f.code[right.info] & 0x3f) === Op53.CONCAT) {
    f.releaseExpr(left);
    f.code[right.info] = withB(f.code[right.info], left.info);
    left.kind = ExprKind.Relocatable;
    left.info = right.info;
  } else {
    toNextRegister(f, right);
    binary(f, Op53.CONCAT, left, right, line);
  }
}

function compare(f: FunctionState, op: Op53, outcome: number, left: Expr, right: Expr): void {
  const b = toOperand(f, left);
  const c = toOperand(f, right);
  f.releaseExpr(right);
  f.releaseExpr(left);
  left.info = emitTest(f, op, outcome, b, c);
  left.kind = ExprKind.Jump;
}

/** There is no GT and GE. Operands are evaluated from left to right and only swap their places. */
function compareSwapped(f: FunctionState, op: Op53, left: Expr, right: Expr): void {
  const b = toOperand(f, left);
  const c = toOperand(f, right);
  f.releaseExpr(right);
  f.releaseExpr(left);
  left.info = emitTest(f, op, 1, c, b);
  left.kind = ExprKind.Jump;
}

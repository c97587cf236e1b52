/**
 * The backend for Lua 5.1: which instructions its constructs become. Source: lua51.md §3; the
 * instruction selection is that of Lua 5.1.5.
 */

import { Arithmetic } from "../base/number-model.ts";
import {
  FIELDS_PER_FLUSH,
  MAX_RK_CONSTANT,
  MAX_SBX,
  RK_CONSTANT,
  toFloatingByte,
  withB,
  withC,
} from "../bytecode/instruction.ts";
import type { LineInfoEncoder } from "../bytecode/line-info.ts";
import { LineInfoEncoder51 } from "../bytecode/line-info51.ts";
import { MAX_SETLIST_BATCH, OPCODES_51, Op51 } from "../bytecode/opcodes51.ts";
import { type Proto, VarargFlag } from "../bytecode/proto.ts";
import type { Block } from "./block.ts";
import type { SharedOpcodes } from "./code-emitter.ts";
import type { ConstantPool } from "./constant-table.ts";
import { ConstantPool51 } from "./constants51.ts";
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
import { BinaryOperator, UnaryOperator } from "./operators.ts";
import { ARG, type SymbolId, type SymbolTable } from "./symbol-table.ts";

const SHARED: SharedOpcodes = {
  move: Op51.MOVE,
  loadBoolean: Op51.LOADBOOL,
  getUpvalue: Op51.GETUPVAL,
  setUpvalue: Op51.SETUPVAL,
  setTable: Op51.SETTABLE,
  not: Op51.NOT,
  jump: Op51.JMP,
  test: Op51.TEST,
  testSet: Op51.TESTSET,
  call: Op51.CALL,
  tailCall: Op51.TAILCALL,
  return: Op51.RETURN,
  isTest: Uint8Array.from({ length: 64 }, (_, op) => (OPCODES_51[op]?.test ? 1 : 0)),
};

class Lua51Backend implements Backend {
  readonly opcodes = SHARED;

  createLineInfo(): LineInfoEncoder {
    return new LineInfoEncoder51();
  }

  createConstants(symbols: SymbolTable): ConstantPool {
    return new ConstantPool51(symbols);
  }

  openMain(f: FunctionState): void {
    f.varargFlags = VarargFlag.IsVararg;
  }

  /* The hidden local `arg` takes a register like a parameter but is not counted as one. */
  declareVararg(f: FunctionState, parameters: number): number {
    f.declareLocal(ARG, parameters);
    f.varargFlags = VarargFlag.HasArg | VarargFlag.NeedsArg | VarargFlag.IsVararg;
    return 1;
  }

  vararg(f: FunctionState, e: Expr): void {
    f.varargFlags &= ~VarargFlag.NeedsArg; // extra arguments are used without `arg`
    e.set(ExprKind.Vararg, f.emitABC(Op51.VARARG, 0, 1, 0));
  }

  loadNil(f: FunctionState, from: number, count: number): void {
    if (f.pc > f.lastTarget) {
      // No jump lands here: registers that are not parameters are still nil at the start of a
      // function, and a LOADNIL just before may cover these registers too.
      if (f.pc === f.start) {
        if (from >= f.activeLocals) return;
      } else if (extendLoadNil(f, from, count)) return;
    }
    f.emitABC(Op51.LOADNIL, from, from + count - 1, 0);
  }

  loadConstant(f: FunctionState, register: number, constant: number): void {
    f.emitABx(Op51.LOADK, register, constant);
  }

  toOperand(f: FunctionState, e: Expr): number {
    return toOperand(f, e);
  }

  toTable(f: FunctionState, e: Expr): void {
    toAnyRegister(f, e);
  }

  global(f: FunctionState, e: Expr, name: SymbolId): void {
    e.set(ExprKind.Global, f.constants.string(name));
  }

  fetch(f: FunctionState, e: Expr): void {
    if (e.kind === ExprKind.Global) {
      e.info = f.emitABx(Op51.GETGLOBAL, 0, e.info);
    } else {
      f.release(e.aux);
      f.release(e.info);
      e.info = f.emitABC(Op51.GETTABLE, 0, e.info, e.aux);
    }
    e.kind = ExprKind.Relocatable;
  }

  store(f: FunctionState, variable: Expr, value: Expr): void {
    if (variable.kind === ExprKind.Global) {
      f.emitABx(Op51.SETGLOBAL, toAnyRegister(f, value), variable.info);
    } else {
      const operand = toOperand(f, value);
      f.emitABC(Op51.SETTABLE, variable.info, variable.aux, operand);
    }
  }

  index(f: FunctionState, table: Expr, key: Expr): void {
    table.aux = toOperand(f, key);
    table.kind = ExprKind.Indexed;
  }

  self(f: FunctionState, object: Expr, key: Expr): void {
    toAnyRegister(f, object);
    f.releaseExpr(object);
    const register = f.freeRegister;
    f.reserveRegisters(2);
    const operand = toOperand(f, key);
    f.emitABC(Op51.SELF, register, object.info, operand);
    f.releaseExpr(key);
    object.info = register;
    object.kind = ExprKind.Register;
  }

  prefix(f: FunctionState, operator: UnaryOperator, e: Expr): void {
    switch (operator) {
      case UnaryOperator.Minus:
        if (f.fold(Arithmetic.Negate, e, e)) return;
        unary(f, Op51.UNM, e);
        break;
      case UnaryOperator.Not:
        negate(f, e);
        break;
      case UnaryOperator.Length:
        unary(f, Op51.LEN, e);
        break;
    }
  }

  /*
   * The left operand is brought to its place now, because its code must come first. Numerals wait:
   * two of them may be folded. That is also why the right one of two enters the constants first.
   */
  infix(f: FunctionState, operator: BinaryOperator, left: Expr): void {
    switch (operator) {
      case BinaryOperator.And:
        goIfTrue(f, left);
        break;
      case BinaryOperator.Or:
        goIfFalse(f, left);
        break;
      case BinaryOperator.Concat:
        toNextRegister(f, left); // CONCAT takes its operands from a row of registers
        break;
      case BinaryOperator.Add:
      case BinaryOperator.Sub:
      case BinaryOperator.Mul:
      case BinaryOperator.Div:
      case BinaryOperator.Mod:
      case BinaryOperator.Pow:
        if (!left.isNumeral()) toOperand(f, left);
        break;
      default:
        toOperand(f, left);
    }
  }

  postfix(f: FunctionState, operator: BinaryOperator, left: Expr, right: Expr): void {
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
        concat(f, left, right);
        break;
      case BinaryOperator.Equal:
        compare(f, Op51.EQ, 1, left, right);
        break;
      case BinaryOperator.NotEqual:
        compare(f, Op51.EQ, 0, left, right);
        break;
      case BinaryOperator.Less:
        compare(f, Op51.LT, 1, left, right);
        break;
      case BinaryOperator.LessEqual:
        compare(f, Op51.LE, 1, left, right);
        break;
      case BinaryOperator.Greater: // a > b is b < a
        compareSwapped(f, Op51.LT, left, right);
        break;
      case BinaryOperator.GreaterEqual:
        compareSwapped(f, Op51.LE, left, right);
        break;
      default: // the operator has the same number in Arithmetic and the same distance from ADD
        if (!f.fold(operator, left, right)) binary(f, Op51.ADD + operator, left, right);
    }
  }

  newTable(f: FunctionState): number {
    return f.emitABC(Op51.NEWTABLE, 0, 0, 0);
  }

  setTableSizes(f: FunctionState, pc: number, arrayItems: number, hashItems: number): void {
    const word = withB(f.code[pc], toFloatingByte(arrayItems));
    f.code[pc] = withC(word, toFloatingByte(hashItems));
  }

  /* A batch number too large for operand C stands in a word of its own, which is not executed. */
  setList(f: FunctionState, table: number, lastItem: number, count: number): void {
    const batch = Math.floor((lastItem - 1) / FIELDS_PER_FLUSH) + 1;
    const values = Math.max(count, 0); // 0: all up to the top
    if (batch <= MAX_SETLIST_BATCH) f.emitABC(Op51.SETLIST, table, values, batch);
    else {
      f.emitABC(Op51.SETLIST, table, values, 0);
      f.emit(batch);
    }
    f.freeRegister = table + 1;
  }

  /* The words behind CLOSURE are not executed: they say where each upvalue comes from. */
  closure(f: FunctionState, e: Expr, child: FunctionState): void {
    e.set(ExprKind.Relocatable, f.emitABx(Op51.CLOSURE, 0, f.protos.length - 1));
    for (let i = 0; i < child.upvalueCount; i++) {
      const op = child.upvalueIsLocal[i] === 1 ? Op51.MOVE : Op51.GETUPVAL;
      f.emitABC(op, 0, child.upvalueIndex[i], 0);
    }
  }

  /* The RETURN is there even behind a `return`. No locals are alive any more when it is reached. */
  finish(f: FunctionState, lastLine: number): Proto {
    f.activeLocals = 0;
    f.emitABC(Op51.RETURN, 0, 1, 0);
    return {
      source: f.context.chunkName,
      lineDefined: f.lineDefined,
      lastLineDefined: lastLine,
      upvalueCount: f.upvalueCount,
      upvalueSources: NONE,
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

  leaveBlock(f: FunctionState, block: Block): void {
    f.activeLocals = block.activeLocals;
    closeUpvalues(f, block.hasUpvalue, block);
    f.freeRegister = f.activeLocals;
    f.jumpHere(block.breaks);
  }

  breakStatement(f: FunctionState): boolean {
    f.lexer.next();
    breakLoop(f);
    return true;
  }

  /*
   * When a local of the body is captured, the way back must close it first: the end is compiled as
   * `if condition then break end`.
   */
  endRepeat(f: FunctionState, scope: Block, again: number, start: number): void {
    if (!scope.hasUpvalue) {
      f.leaveBlock();
      f.jumpTo(again, start);
    } else {
      breakLoop(f);
      f.jumpHere(again);
      f.leaveBlock();
      f.jumpTo(f.emitJump(), start);
    }
    f.leaveBlock();
  }

  dropSurplus(): void {
    // The reference keeps the registers until the first statement of the body ends.
  }

  /*
   *     numeric:  FORPREP base → to the loop    …body…    FORLOOP base → behind FORPREP
   *     generic:  JMP → to the loop             …body…    TFORLOOP base, JMP → behind the first JMP
   *
   * The loop instruction belongs to the line of the `for`.
   */
  forPrepare(f: FunctionState, base: number, numeric: boolean): number {
    return numeric ? f.emitABx(Op51.FORPREP, base, MAX_SBX + NO_JUMP) : f.emitJump();
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
    const end = numeric
      ? f.emitABx(Op51.FORLOOP, base, MAX_SBX + NO_JUMP)
      : f.emitABC(Op51.TFORLOOP, base, 0, variables);
    f.amendLine(line);
    f.jumpTo(numeric ? end : f.emitJump(), prepare + 1);
  }

  tooMany(f: FunctionState, limit: number, what: string): never {
    return f.lexer.failHere("limit", `${f.inWords()} has more than ${limit} ${what}`);
  }

  tooDeep(f: FunctionState): never {
    return f.lexer.failHere("limit", "chunk has too many syntax levels");
  }

  tooManyTargets(f: FunctionState, limit: number): never {
    return this.tooMany(f, limit, "variables in assignment");
  }
}

export const LUA51_BACKEND: Backend = new Lua51Backend();

/** Names of locals and upvalues are dropped as soon as a chunk is compiled (lua51.md §4.5). */
const NONE: readonly never[] = [];

function toOperand(f: FunctionState, e: Expr): number {
  toValue(f, e);
  switch (e.kind) {
    case ExprKind.Numeral:
    case ExprKind.True:
    case ExprKind.False:
    case ExprKind.Nil:
      // Whether there is room is asked before the constant is looked up, as the reference does.
      if (f.constants.count <= MAX_RK_CONSTANT) {
        e.info = literalConstant(f, e);
        e.kind = ExprKind.Constant;
        return e.info | RK_CONSTANT;
      }
      break;
    case ExprKind.Constant:
      if (e.info <= MAX_RK_CONSTANT) return e.info | RK_CONSTANT;
      break;
  }
  return toAnyRegister(f, e);
}

/** Closes from the loop's level on, whichever block inside it holds the captured locals. */
function breakLoop(f: FunctionState): void {
  let { block } = f;
  let hasUpvalue = false;
  while (block !== undefined && !block.isLoop) {
    hasUpvalue ||= block.hasUpvalue;
    block = block.previous;
  }
  if (block === undefined) f.lexer.fail("no loop to break");
  else {
    closeUpvalues(f, hasUpvalue, block);
    block.breaks = f.joinJumps(block.breaks, f.emitJump());
  }
}

/** Emits what ends the life of the block's locals, if a nested function captured any. */
function closeUpvalues(f: FunctionState, captured: boolean, block: Block): void {
  if (captured) f.emitABC(Op51.CLOSE, block.activeLocals, 0, 0);
}

/** Lets the LOADNIL emitted last cover more registers; false when it does not adjoin them. */
function extendLoadNil(f: FunctionState, from: number, count: number): boolean {
  const previous = f.code[f.pc - 1];
  if ((previous & 0x3f) !== Op51.LOADNIL) return false;
  const first = (previous >>> 6) & 0xff;
  const last = previous >>> 23;
  if (from < first || from > last + 1) return false;
  if (from + count - 1 > last) f.code[f.pc - 1] = withB(previous, from + count - 1);
  return true;
}

function unary(f: FunctionState, op: Op51, e: Expr): void {
  const register = toAnyRegister(f, e);
  f.releaseExpr(e);
  e.info = f.emitABC(op, 0, register, 0);
  e.kind = ExprKind.Relocatable;
}

function binary(f: FunctionState, op: Op51, left: Expr, right: Expr): void {
  const c = toOperand(f, right);
  const b = toOperand(f, left);
  // Temporaries are given back in the opposite order of their reservation.
  if (b > c) {
    f.releaseExpr(left);
    f.releaseExpr(right);
  } else {
    f.releaseExpr(right);
    f.releaseExpr(left);
  }
  left.info = f.emitABC(op, 0, b, c);
  left.kind = ExprKind.Relocatable;
}

/** `a .. b .. c` is one CONCAT over a row of registers: a right operand that is one is widened. */
function concat(f: FunctionState, left: Expr, right: Expr): void {
  toValue(f, right);
  if (right.kind === ExprKind.Relocatable && (f.code[right.info] & 0x3f) === Op51.CONCAT) {
    f.releaseExpr(left);
    f.code[right.info] = withB(f.code[right.info], left.info);
    left.kind = ExprKind.Relocatable;
    left.info = right.info;
  } else {
    toNextRegister(f, right);
    binary(f, Op51.CONCAT, left, right);
  }
}

function compare(f: FunctionState, op: Op51, outcome: number, left: Expr, right: Expr): void {
  const b = toOperand(f, left);
  const c = toOperand(f, right);
  f.releaseExpr(right);
  f.releaseExpr(left);
  left.info = emitTest(f, op, outcome, b, c);
  left.kind = ExprKind.Jump;
}

/** There is no GT and GE. Operands are evaluated from left to right and only swap their places. */
function compareSwapped(f: FunctionState, op: Op51, left: Expr, right: Expr): void {
  const b = toOperand(f, left);
  const c = toOperand(f, right);
  f.releaseExpr(right);
  f.releaseExpr(left);
  left.info = emitTest(f, op, 1, c, b);
  left.kind = ExprKind.Jump;
}

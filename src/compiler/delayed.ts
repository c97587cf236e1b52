/**
 * Brings delayed expressions to where they are wanted: into any register, a given register, or the
 * next free one; source: lua51.md §3 (Lua 5.1.5), lua53.md §0 (Lua 5.3.6), which agree here.
 */
import { withA, withB, withC } from "../bytecode/instruction.ts";
import { NO_REGISTER } from "./code-emitter.ts";
import { type Expr, ExprKind, NO_JUMP } from "./expression.ts";
import type { FunctionState } from "./function-state.ts";

/** Asks a call or `...` for that many results; −1 for all of them. */
export function setResults(f: FunctionState, e: Expr, count: number): void {
  if (e.kind === ExprKind.Call) {
    f.code[e.info] = withC(f.code[e.info], count + 1);
  } else if (e.kind === ExprKind.Vararg) {
    f.code[e.info] = withA(withB(f.code[e.info], count + 1), f.freeRegister);
    f.reserveRegisters(1);
  }
}

/** Asks a call or `...` for one result. */
export function setOneResult(f: FunctionState, e: Expr): void {
  if (e.kind === ExprKind.Call) {
    e.kind = ExprKind.Register;
    e.info = (f.code[e.info] >>> 6) & 0xff;
  } else if (e.kind === ExprKind.Vararg) {
    f.code[e.info] = withB(f.code[e.info], 2);
    e.kind = ExprKind.Relocatable;
  }
}

/** Reads a variable: afterwards `e` is a value, not a place. */
export function discharge(f: FunctionState, e: Expr): void {
  switch (e.kind) {
    case ExprKind.Local:
      e.kind = ExprKind.Register;
      break;
    case ExprKind.Upvalue:
      e.info = f.emitABC(f.backend.opcodes.getUpvalue, 0, e.info, 0);
      e.kind = ExprKind.Relocatable;
      break;
    case ExprKind.Global:
    case ExprKind.Indexed:
    case ExprKind.IndexedUpvalue:
      f.backend.fetch(f, e);
      break;
    case ExprKind.Call:
    case ExprKind.Vararg:
      setOneResult(f, e);
      break;
  }
}

/** Puts the value, less what its jumps bring, into `register`. */
function dischargeTo(f: FunctionState, e: Expr, register: number): void {
  discharge(f, e);
  const { opcodes } = f.backend;
  switch (e.kind) {
    case ExprKind.Nil:
      f.backend.loadNil(f, register, 1);
      break;
    case ExprKind.False:
    case ExprKind.True:
      f.emitABC(opcodes.loadBoolean, register, e.kind === ExprKind.True ? 1 : 0, 0);
      break;
    case ExprKind.Constant:
      f.backend.loadConstant(f, register, e.info);
      break;
    case ExprKind.Numeral:
      f.backend.loadConstant(f, register, f.numberConstant(e.number));
      break;
    case ExprKind.Relocatable:
      f.code[e.info] = withA(f.code[e.info], register);
      break;
    case ExprKind.Register:
      if (register !== e.info) f.emitABC(opcodes.move, register, e.info, 0);
      break;
    default:
      return; // nothing to put: an empty list, or a test whose value its jumps bring
  }
  e.info = register;
  e.kind = ExprKind.Register;
}

function dischargeToAnyRegister(f: FunctionState, e: Expr): void {
  if (e.kind === ExprKind.Register) return;
  f.reserveRegisters(1);
  dischargeTo(f, e, f.freeRegister - 1);
}

/** Puts the value into `register`, whichever way it comes. */
function toRegister(f: FunctionState, e: Expr, register: number): void {
  dischargeTo(f, e, register);
  if (e.kind === ExprKind.Jump) e.trueJumps = f.joinJumps(e.trueJumps, e.info);
  if (e.hasJumps()) landJumps(f, e, register);
  e.set(ExprKind.Register, register);
}

/**
 * Jumps that kept a value bring it to `register`. For the others true or false is loaded there, at
 * two places that only they reach.
 */
function landJumps(f: FunctionState, e: Expr, register: number): void {
  let loadFalse = NO_JUMP;
  let loadTrue = NO_JUMP;
  if (f.needsValue(e.trueJumps) || f.needsValue(e.falseJumps)) {
    const { loadBoolean } = f.backend.opcodes;
    const over = e.kind === ExprKind.Jump ? NO_JUMP : f.emitJump();
    f.label();
    loadFalse = f.emitABC(loadBoolean, register, 0, 1);
    f.label();
    loadTrue = f.emitABC(loadBoolean, register, 1, 0);
    f.jumpHere(over);
  }
  const end = f.label();
  f.patchJumps(e.falseJumps, end, register, loadFalse);
  f.patchJumps(e.trueJumps, end, register, loadTrue);
}

export function toNextRegister(f: FunctionState, e: Expr): void {
  discharge(f, e);
  f.releaseExpr(e);
  f.reserveRegisters(1);
  toRegister(f, e, f.freeRegister - 1);
}

/** Puts the value into some register, where it may be already. */
export function toAnyRegister(f: FunctionState, e: Expr): number {
  discharge(f, e);
  if (e.kind === ExprKind.Register) {
    if (!e.hasJumps()) return e.info;
    if (e.info >= f.activeLocals) {
      toRegister(f, e, e.info);
      return e.info;
    }
  }
  toNextRegister(f, e);
  return e.info;
}

/** Makes sure that the value no longer depends on jumps. */
export function toValue(f: FunctionState, e: Expr): void {
  if (e.hasJumps()) toAnyRegister(f, e);
  else discharge(f, e);
}

/** The constant for a value that is not in the constants yet. */
export function literalConstant(f: FunctionState, e: Expr): number {
  if (e.kind === ExprKind.Nil) return f.constants.nil();
  if (e.kind === ExprKind.Numeral) return f.numberConstant(e.number);
  return f.constants.boolean(e.kind === ExprKind.True);
}

/** `variable = value`. */
export function store(f: FunctionState, variable: Expr, value: Expr): void {
  if (variable.kind === ExprKind.Local) {
    f.releaseExpr(value);
    toRegister(f, value, variable.info);
    return;
  }
  if (variable.kind === ExprKind.Upvalue) {
    const register = toAnyRegister(f, value);
    f.emitABC(f.backend.opcodes.setUpvalue, register, variable.info, 0);
  } else {
    f.backend.store(f, variable, value);
  }
  f.releaseExpr(value);
}

/** Brings a list of `count` values, the last of them `e`, to `wanted` values in registers. */
/*
 *     last is a call or `...`    it gives as many values as are missing, or none
 *     too few values             the rest is nil
 *     too many                   the caller gives the registers back
 */
export function adjustList(f: FunctionState, wanted: number, count: number, e: Expr): void {
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

/** Emits a test with its jump; returns the jump's pc. */
export function emitTest(f: FunctionState, op: number, a: number, b: number, c: number): number {
  f.emitABC(op, a, b, c);
  return f.emitJump();
}

/** Goes on when the value is true; otherwise one of `falseJumps` is taken. */
export function goIfTrue(f: FunctionState, e: Expr): void {
  discharge(f, e);
  let jump: number;
  switch (e.kind) {
    case ExprKind.Constant:
    case ExprKind.Numeral:
    case ExprKind.True:
      jump = NO_JUMP;
      break;
    case ExprKind.Jump:
      invertTest(f, e);
      jump = e.info;
      break;
    default:
      jump = jumpIf(f, e, false);
  }
  e.falseJumps = f.joinJumps(e.falseJumps, jump);
  f.jumpHere(e.trueJumps);
  e.trueJumps = NO_JUMP;
}

/** Goes on when the value is false; otherwise one of `trueJumps` is taken. */
export function goIfFalse(f: FunctionState, e: Expr): void {
  discharge(f, e);
  let jump: number;
  switch (e.kind) {
    case ExprKind.Nil:
    case ExprKind.False:
      jump = NO_JUMP;
      break;
    case ExprKind.Jump:
      jump = e.info;
      break;
    default:
      jump = jumpIf(f, e, true);
  }
  e.trueJumps = f.joinJumps(e.trueJumps, jump);
  f.jumpHere(e.falseJumps);
  e.falseJumps = NO_JUMP;
}

function invertTest(f: FunctionState, e: Expr): void {
  const pc = f.jumpControl(e.info);
  f.code[pc] ^= 1 << 6; // operand A says which outcome jumps
}

/** Emits a jump taken when the value is `condition`; the value is kept for who lands there. */
function jumpIf(f: FunctionState, e: Expr, condition: boolean): number {
  const { not, test, testSet } = f.backend.opcodes;
  if (e.kind === ExprKind.Relocatable) {
    const word = f.code[e.info];
    if ((word & 0x3f) === not) {
      f.pc--; // the test does the negation
      return emitTest(f, test, word >>> 23, 0, condition ? 0 : 1);
    }
  }
  dischargeToAnyRegister(f, e);
  f.releaseExpr(e);
  return emitTest(f, testSet, NO_REGISTER, e.info, condition ? 1 : 0);
}

/** `not e`. */
export function negate(f: FunctionState, e: Expr): void {
  discharge(f, e);
  switch (e.kind) {
    case ExprKind.Nil:
    case ExprKind.False:
      e.kind = ExprKind.True;
      break;
    case ExprKind.Constant:
    case ExprKind.Numeral:
    case ExprKind.True:
      e.kind = ExprKind.False;
      break;
    case ExprKind.Jump:
      invertTest(f, e);
      break;
    default:
      dischargeToAnyRegister(f, e);
      f.releaseExpr(e);
      e.info = f.emitABC(f.backend.opcodes.not, 0, e.info, 0);
      e.kind = ExprKind.Relocatable;
  }
  const { trueJumps } = e;
  e.trueJumps = e.falseJumps;
  e.falseJumps = trueJumps;
  f.dropValues(e.falseJumps);
  f.dropValues(e.trueJumps);
}

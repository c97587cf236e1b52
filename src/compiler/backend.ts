/**
 * What differs between the instruction sets of the Lua versions. The parser and the shared part of
 * code generation call a backend wherever the versions need different instructions; there is one
 * implementation per version, and neither knows the other.
 */
import type { LineInfoEncoder } from "../bytecode/line-info.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Expr } from "./expression.ts";
import type { Block, FunctionState } from "./function-state.ts";
import type { BinaryOperator, UnaryOperator } from "./operators.ts";
import type { SymbolId } from "./symbol-table.ts";

/** Numbers of the opcodes that shared code emits or looks for; the layouts are the same. */
export interface SharedOpcodes {
  readonly move: number;
  readonly loadBoolean: number;
  readonly getUpvalue: number;
  readonly setUpvalue: number;
  readonly setTable: number;
  readonly not: number;
  readonly jump: number;
  readonly test: number;
  readonly testSet: number;
  readonly call: number;
  readonly tailCall: number;
  readonly return: number;
  readonly vararg: number;
  /** Per opcode: 1 when it is a test, which a jump follows. */
  readonly isTest: Uint8Array;
}

export interface Backend {
  readonly opcodes: SharedOpcodes;

  createLineInfo(): LineInfoEncoder;

  /** Sets `count` registers from `from` on to nil. */
  loadNil(f: FunctionState, from: number, count: number): void;
  loadConstant(f: FunctionState, register: number, constant: number): void;

  /** Makes `e` the global variable of that name. */
  global(f: FunctionState, e: Expr, name: SymbolId): void;
  /** Turns a global or an indexed expression into the instruction that reads it. */
  fetch(f: FunctionState, e: Expr): void;
  /** Assigns `value` to a global or an indexed expression. */
  store(f: FunctionState, variable: Expr, value: Expr): void;
  /** Makes `table` the expression `table[key]`. */
  index(f: FunctionState, table: Expr, key: Expr): void;
  /** Makes `object` the function `object:key`, with `object` as its first argument. */
  self(f: FunctionState, object: Expr, key: Expr): void;

  prefix(f: FunctionState, operator: UnaryOperator, e: Expr): void;
  /** Called when the left operand and the operator were read. */
  infix(f: FunctionState, operator: BinaryOperator, left: Expr): void;
  /** Called when the right operand was read; the result is in `left`. */
  postfix(f: FunctionState, operator: BinaryOperator, left: Expr, right: Expr): void;

  /** Emits a NEWTABLE with sizes still open and returns its pc. */
  newTable(f: FunctionState): number;
  setTableSizes(f: FunctionState, pc: number, arrayItems: number, hashItems: number): void;
  /**
   * Stores the `count` values (or all up to the top: −1) above register `table` as the items that
   * end at `lastItem`.
   */
  setList(f: FunctionState, table: number, lastItem: number, count: number): void;

  /** Makes `e` the closure of the nested function, which was added to `f.protos`. */
  closure(f: FunctionState, e: Expr, child: FunctionState): void;
  /** The finished function. */
  finish(f: FunctionState, lastLine: number): Proto;

  /** Emits what ends the life of captured locals from `level` on, if the block has any. */
  closeUpvalues(f: FunctionState, block: Block): void;

  /** Emits the head of a loop over `base` and returns the pc to patch. */
  forPrepare(f: FunctionState, base: number, numeric: boolean): number;
  /** Emits the end of a loop whose head is at `prepare`. */
  forLoop(
    f: FunctionState,
    base: number,
    prepare: number,
    variables: number,
    numeric: boolean,
    line: number,
  ): void;
}

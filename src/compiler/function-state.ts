/**
 * The function being compiled: besides its instructions, its registers, constants, variables and
 * blocks; and the backend, which knows the instruction set. One object serves all functions at one
 * depth of nesting, one after another.
 */
import type { Arithmetic, LuaNumber, NumberModel } from "../base/number-model.ts";
import { RK_CONSTANT } from "../bytecode/instruction.ts";
import type { LineInfoEncoder } from "../bytecode/line-info.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Dialect } from "../target/dialect.ts";
import type { Block } from "./block.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { CodeEmitter, type SharedOpcodes } from "./code-emitter.ts";
import type { ConstantPool, ConstantTable } from "./constant-table.ts";
import { type Expr, ExprKind, NO_JUMP } from "./expression.ts";
import type { LabelTable } from "./labels.ts";
import type { Lexer } from "./lexer.ts";

import type { BinaryOperator, OperatorTable, UnaryOperator } from "./operators.ts";
import type { SymbolId, SymbolTable } from "./symbol-table.ts";
import type { CompileWatcher } from "./watch.ts";

/** What all functions of one compile share. */
export interface CompileContext {
  readonly chunkName: string;
  readonly lexer: Lexer;
  readonly dialect: Dialect;
  readonly operators: OperatorTable;
  readonly numbers: NumberModel;
  readonly backend: Backend;
  readonly code: CodeBuffer;
  readonly constants: ConstantPool;
  readonly labels: LabelTable;
  /** Told how the compile goes on. */
  readonly watcher: CompileWatcher | undefined;
}

/** The name of a local that no source can mention. */
export const HIDDEN: SymbolId = -1;

/**
 * What differs between the instruction sets of the Lua versions. The parser and the shared part of
 * code generation call a backend wherever the versions need different instructions; there is one
 * implementation per version, and neither knows the other.
 */
export interface Backend {
  readonly opcodes: SharedOpcodes;

  createLineInfo(): LineInfoEncoder;
  createConstants(symbols: SymbolTable): ConstantPool;

  /** Gives the main function what it has from the start. */
  openMain(f: FunctionState): void;
  /**
   * `...` closes a list of parameters.
   * @param parameters locals declared so far in the list
   * @returns locals that it declares itself
   */
  declareVararg(f: FunctionState, parameters: number): number;
  /** Makes `e` the extra arguments. */
  vararg(f: FunctionState, e: Expr): void;

  /** Sets `count` registers from `from` on to nil. */
  loadNil(f: FunctionState, from: number, count: number): void;
  loadConstant(f: FunctionState, register: number, constant: number): void;

  /** The value as an RK operand: a constant where one fits, else a register. */
  toOperand(f: FunctionState, e: Expr): number;
  /** Brings a table to where it can be indexed. */
  toTable(f: FunctionState, e: Expr): void;
  /** Makes `e` the global variable of that name. */
  global(f: FunctionState, e: Expr, name: SymbolId): void;
  /** Turns a global or an indexed expression into the instruction that reads it. */
  fetch(f: FunctionState, e: Expr): void;
  /** Assigns `value` to a global or an indexed expression. */
  store(f: FunctionState, variable: Expr, value: Expr): void;
  /** Makes `table`, which was brought to its place, the expression `table[key]`. */
  index(f: FunctionState, table: Expr, key: Expr): void;
  /** Makes `object` the function `object:key`, with `object` as its first argument. */
  self(f: FunctionState, object: Expr, key: Expr): void;

  /** @param line that of the operator */
  prefix(f: FunctionState, operator: UnaryOperator, e: Expr, line: number): void;
  /** Called when the left operand and the operator were read. */
  infix(f: FunctionState, operator: BinaryOperator, left: Expr): void;
  /**
   * Called when the right operand was read; the result is in `left`.
   * @param line that of the operator
   */
  postfix(f: FunctionState, operator: BinaryOperator, left: Expr, right: Expr, line: number): void;

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

  /** Ends the innermost block, which is no longer `f.block`, and the life of its locals. */
  leaveBlock(f: FunctionState, block: Block): void;
  /**
   * Consumes `break` and leaves the loop.
   * @returns true when it must be the last statement of its block
   */
  breakStatement(f: FunctionState): boolean;
  /**
   * Ends a loop that goes back to `start` with the jumps `again`, and its two blocks.
   * @param scope the inner block
   */
  endRepeat(f: FunctionState, scope: Block, again: number, start: number): void;
  /** More values than a generic `for` takes are in registers. */
  dropSurplus(f: FunctionState, count: number): void;

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

  /** Fails because the function has more of something than the limit allows. */
  tooMany(f: FunctionState, limit: number, what: string): never;
  /** Fails because blocks and expressions are nested too deeply. */
  tooDeep(f: FunctionState): never;
  /** Fails because an assignment has more targets than there are levels left. */
  tooManyTargets(f: FunctionState, limit: number): never;
}

export class FunctionState extends CodeEmitter {
  declare readonly parent: FunctionState | undefined;
  readonly context: CompileContext;
  readonly backend: Backend;
  readonly numbers: NumberModel;

  readonly constants: ConstantTable;
  protos: Proto[] = [];

  freeRegister = 0;
  maxStackSize = 2;
  lineDefined = 0;
  parameterCount = 0;
  varargFlags = 0;

  /** Names of the locals; those below `activeLocals` are visible, the rest declared. */
  private readonly localNames: SymbolId[] = [];
  activeLocals = 0;
  /** Locals declared so far, hidden and dead ones included. */
  declarations = 0;

  upvalueCount = 0;
  private readonly upvalueNames: SymbolId[] = [];
  /** Per upvalue: 1 when it is a local of the parent, 0 when an upvalue of it, and its number. */
  readonly upvalueIsLocal: number[] = [];
  readonly upvalueIndex: number[] = [];

  block: Block | undefined;
  /** As in a block, for the function as a whole. */
  firstLabel = 0;
  firstGoto = 0;

  constructor(context: CompileContext, parent: FunctionState | undefined) {
    const { backend, lexer } = context;
    super(lexer, backend.opcodes, backend.createLineInfo(), context.code, parent);
    this.context = context;
    this.backend = backend;
    this.numbers = context.numbers;
    const { maxConstants, messages } = context.dialect;
    this.constants = context.constants.newTable((count) => {
      if (count >= maxConstants) lexer.failBare("limit", messages.tooManyConstants);
    });
  }

  /** Begins a function whose `function` stands on the given line; 0 for a main chunk. */
  open(lineDefined: number): void {
    this.openCode();
    this.constants.open();
    this.protos = [];
    this.freeRegister = 0;
    this.maxStackSize = 2;
    this.lineDefined = lineDefined;
    this.parameterCount = 0;
    this.varargFlags = 0;
    this.activeLocals = 0;
    this.declarations = 0;
    this.upvalueCount = 0;
    this.block = undefined;
    this.firstLabel = this.context.labels.labelCount;
    this.firstGoto = this.context.labels.gotoCount;
  }

  // ---- registers

  /** Makes sure that `count` more registers fit in the frame. */
  checkStack(count: number): void {
    const needed = this.freeRegister + count;
    if (needed <= this.maxStackSize) return;
    if (needed >= this.context.dialect.maxRegisters) {
      this.lexer.fail(this.context.dialect.messages.tooManyRegisters, "limit");
    }
    this.maxStackSize = needed;
  }

  reserveRegisters(count: number): void {
    this.checkStack(count);
    this.freeRegister += count;
  }

  /** Gives a temporary register back; `rk` may also be a local or a constant, which stay. */
  release(rk: number): void {
    if ((rk & RK_CONSTANT) === 0 && rk >= this.activeLocals) this.freeRegister--;
  }

  releaseExpr(e: Expr): void {
    if (e.kind === ExprKind.Register) this.release(e.info);
  }

  // ---- constants

  numberConstant(value: LuaNumber): number {
    // The reference's table of constants cannot hold a NaN; only 2.2's own conversion makes one.
    if (Number.isNaN(value)) this.lexer.failBare("number", "table index is NaN");
    return this.constants.number(value);
  }

  /** Folds an operator on two numerals; false when it must be left to the device. */
  fold(operator: number, left: Expr, right: Expr): boolean {
    if (!left.isNumeral() || !right.isNumeral()) return false;
    const value = this.numbers.fold(operator as Arithmetic, left.number, right.number);
    if (value === undefined) return false;
    left.setNumeral(value);
    return true;
  }

  /** Adds a nested function. */
  addProto(proto: Proto): void {
    const { maxProtos, messages } = this.context.dialect;
    if (this.protos.length >= maxProtos) this.lexer.failBare("limit", messages.tooManyProtos);
    this.protos.push(proto);
  }

  // ---- local variables and upvalues

  /** Declares the local that comes `offset` after the active ones. */
  declareLocal(name: SymbolId, offset: number): void {
    const { dialect, lexer } = this.context;
    this.checkLimit(this.activeLocals + offset + 1, dialect.maxLocals, "local variables");
    if (this.declarations === dialect.maxLocalDeclarations) {
      lexer.failBare("limit", dialect.messages.tooManyLocalDeclarations);
    }
    this.declarations++;
    this.localNames[this.activeLocals + offset] = name;
  }

  /** Makes the next `count` declared locals visible. */
  activateLocals(count: number): void {
    this.activeLocals += count;
  }

  /** The register of the innermost visible local of that name, or −1. */
  findLocal(name: SymbolId): number {
    const { localNames } = this;
    for (let i = this.activeLocals - 1; i >= 0; i--) if (localNames[i] === name) return i;
    return -1;
  }

  /** The name of an active or declared local. */
  localName(register: number): SymbolId {
    return this.localNames[register];
  }

  /**
   * Makes `e` the variable of that name as this function sees it.
   * @returns false when no enclosing function has such a local: it is a global
   */
  findVariable(name: SymbolId, e: Expr): boolean {
    const local = this.findLocal(name);
    if (local >= 0) {
      e.set(ExprKind.Local, local);
      return true;
    }
    const known = this.findUpvalue(name);
    if (known >= 0) {
      e.set(ExprKind.Upvalue, known);
      return true;
    }
    if (this.parent === undefined || !this.parent.findVariable(name, e)) return false;
    const isLocal = e.kind === ExprKind.Local;
    if (isLocal) this.parent.markUpvalue(e.info);
    e.set(ExprKind.Upvalue, this.addUpvalue(name, isLocal, e.info));
    return true;
  }

  private findUpvalue(name: SymbolId): number {
    const { upvalueNames } = this;
    for (let i = this.upvalueCount - 1; i >= 0; i--) if (upvalueNames[i] === name) return i;
    return -1;
  }

  /** Adds an upvalue for a local or upvalue of the parent. */
  addUpvalue(name: SymbolId, isLocal: boolean, index: number): number {
    this.checkLimit(this.upvalueCount + 1, this.context.dialect.maxUpvalues, "upvalues");
    this.upvalueNames[this.upvalueCount] = name;
    this.upvalueIsLocal[this.upvalueCount] = isLocal ? 1 : 0;
    this.upvalueIndex[this.upvalueCount] = index;
    return this.upvalueCount++;
  }

  /** A nested function uses the local in `register`: its block must close it. */
  private markUpvalue(register: number): void {
    let { block } = this;
    while (block !== undefined && block.activeLocals > register) block = block.previous;
    if (block !== undefined) block.hasUpvalue = true;
  }

  checkLimit(count: number, limit: number, what: string): void {
    if (count > limit) this.backend.tooMany(this, limit, what);
  }

  /** The function as messages call it. */
  inWords(): string {
    return this.lineDefined === 0 ? "main function" : `function at line ${this.lineDefined}`;
  }

  // ---- blocks

  enterBlock(isLoop: boolean): Block {
    const { block: previous, activeLocals } = this;
    const { labelCount: firstLabel, gotoCount: firstGoto } = this.context.labels;
    this.block = {
      previous,
      activeLocals,
      isLoop,
      hasUpvalue: false,
      breaks: NO_JUMP,
      firstLabel,
      firstGoto,
    };
    return this.block;
  }

  leaveBlock(): void {
    const block = this.block as Block;
    this.block = block.previous;
    this.backend.leaveBlock(this, block);
  }
}

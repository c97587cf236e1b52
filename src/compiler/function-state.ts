/**
 * The function being compiled: its instructions so far, registers, constants, variables and
 * blocks. One object serves all functions at one depth of nesting, one after another.
 */
import type { Arithmetic, LuaNumber, NumberModel } from "../base/number-model.ts";
import { MAX_B, RK_CONSTANT } from "../bytecode/instruction.ts";
import type { LineInfoEncoder } from "../bytecode/line-info.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Dialect } from "../target/dialect.ts";
import type { Backend } from "./backend.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { ConstantTable, type StringConstants } from "./constant-table.ts";
import { type Expr, ExprKind, NO_JUMP } from "./expression.ts";
import type { Lexer } from "./lexer.ts";
import type { SymbolId } from "./symbol-table.ts";

/** A scope of local variables. */
export interface Block {
  readonly previous: Block | undefined;
  /** Active locals outside the block. */
  readonly activeLocals: number;
  readonly isLoop: boolean;
  /** A nested function uses a local of the block. */
  hasUpvalue: boolean;
  /** Jumps out of the loop. */
  breaks: number;
}

/** What all functions of one compile share. */
export interface CompileContext {
  readonly chunkName: string;
  readonly lexer: Lexer;
  readonly dialect: Dialect;
  readonly numbers: NumberModel;
  readonly backend: Backend;
  readonly code: CodeBuffer;
  readonly strings: StringConstants;
}

/** The name of a local that no source can mention. */
export const HIDDEN: SymbolId = -1;

export class FunctionState {
  readonly parent: FunctionState | undefined;
  readonly context: CompileContext;
  readonly lexer: Lexer;
  readonly backend: Backend;
  readonly numbers: NumberModel;

  /** The words of the code buffer. A `pc` counts from their start, not the function's. */
  code: Int32Array;
  private readonly buffer: CodeBuffer;
  /** Where this function begins in the code buffer. */
  start = 0;
  /** Where the next instruction goes. */
  pc = 0;
  readonly lines: LineInfoEncoder;
  readonly constants: ConstantTable;
  protos: Proto[] = [];

  /** Jumps to the next instruction. */
  pendingJumps = NO_JUMP;
  /** The last pc that is known to be a jump target. */
  lastTarget = -1;

  freeRegister = 0;
  maxStackSize = 2;
  lineDefined = 0;
  parameterCount = 0;
  varargFlags = 0;

  /** Names of the locals; those below `activeLocals` are visible, the rest declared. */
  private readonly localNames: SymbolId[] = [];
  activeLocals = 0;
  private declarations = 0;

  upvalueCount = 0;
  /** Per upvalue: 1 when it is a local of the parent, 0 when an upvalue of it, and its number. */
  readonly upvalueIsLocal: number[] = [];
  readonly upvalueIndex: number[] = [];

  block: Block | undefined;

  private readonly jumpOpcode: number;

  constructor(context: CompileContext, parent: FunctionState | undefined) {
    const { backend, lexer } = context;
    this.context = context;
    this.parent = parent;
    this.lexer = lexer;
    this.backend = backend;
    this.numbers = context.numbers;
    this.jumpOpcode = backend.opcodes.jump;
    this.lines = backend.createLineInfo();
    this.buffer = context.code;
    this.code = this.buffer.words;
    this.constants = new ConstantTable(context.strings, (count) => this.checkTableSize(count));
  }

  /** Begins a function whose `function` stands on the given line; 0 for a main chunk. */
  open(lineDefined: number): void {
    this.code = this.buffer.words;
    this.start = this.parent === undefined ? 0 : this.parent.pc;
    this.pc = this.start;
    this.lines.reset();
    this.constants.open();
    this.protos = [];
    this.pendingJumps = NO_JUMP;
    this.lastTarget = -1;
    this.freeRegister = 0;
    this.maxStackSize = 2;
    this.lineDefined = lineDefined;
    this.parameterCount = 0;
    this.varargFlags = 0;
    this.activeLocals = 0;
    this.declarations = 0;
    this.upvalueCount = 0;
    this.block = undefined;
  }

  // ---- instructions

  /** Appends an instruction for the line of the token consumed last; returns its pc. */
  emit(word: number): number {
    if (this.pendingJumps !== NO_JUMP) this.landPendingJumps();
    const pc = this.pc++;
    if (pc === this.buffer.limit) this.growCode();
    this.code[pc] = word;
    this.lines.emit(pc, this.lexer.lastLine);
    return pc;
  }

  emitABC(op: number, a: number, b: number, c: number): number {
    return this.emit(op | (a << 6) | (c << 14) | (b << 23));
  }

  emitABx(op: number, a: number, bx: number): number {
    return this.emit(op | (a << 6) | (bx << 14));
  }

  /** Attributes the instruction emitted last to another line. */
  amendLine(line: number): void {
    this.lines.amend(line);
  }

  private growCode(): void {
    this.buffer.grow();
    for (let f: FunctionState | undefined = this; f !== undefined; f = f.parent) {
      f.code = this.buffer.words;
    }
  }

  /** The finished instructions. */
  takeCode(): Int32Array {
    const count = this.pc - this.start;
    while (this.pc + count > this.buffer.limit) this.growCode();
    return this.buffer.keep(this.start, count);
  }

  // ---- jump lists: the jumps of a list are chained through their own distance fields

  /** Emits a jump whose target is open. */
  emitJump(): number {
    const pending = this.pendingJumps;
    this.pendingJumps = NO_JUMP;
    const jump = this.emit(JUMP_TO_ITSELF | this.jumpOpcode);
    return this.joinJumps(jump, pending);
  }

  /** Marks the next instruction as a jump target and returns its pc. */
  label(): number {
    this.lastTarget = this.pc;
    return this.pc;
  }

  /** The next jump of a list after the one at `pc`. */
  nextJump(pc: number): number {
    const distance = (this.code[pc] >>> 14) - MAX_DISTANCE;
    return distance === NO_JUMP ? NO_JUMP : pc + 1 + distance;
  }

  setJump(pc: number, target: number): void {
    const distance = target - (pc + 1);
    if (distance > MAX_DISTANCE || distance < -MAX_DISTANCE) {
      this.lexer.fail("control structure too long");
    }
    this.code[pc] = (this.code[pc] & 0x3fff) | ((distance + MAX_DISTANCE) << 14);
  }

  /** One list made of two. */
  joinJumps(first: number, second: number): number {
    if (second === NO_JUMP) return first;
    if (first === NO_JUMP) return second;
    let last = first;
    for (let next = this.nextJump(last); next !== NO_JUMP; next = this.nextJump(last)) last = next;
    this.setJump(last, second);
    return first;
  }

  /** Lets all jumps of the list go to the next instruction. */
  jumpHere(list: number): void {
    this.label();
    this.pendingJumps = this.joinJumps(this.pendingJumps, list);
  }

  /** Lets all jumps of the list go to `target`. */
  jumpTo(list: number, target: number): void {
    if (target === this.pc) this.jumpHere(list);
    else this.patchJumps(list, target, NO_REGISTER, target);
  }

  private landPendingJumps(): void {
    const list = this.pendingJumps;
    this.pendingJumps = NO_JUMP;
    this.patchJumps(list, this.pc, NO_REGISTER, this.pc);
  }

  /**
   * Jumps of tests that keep the tested value go to `withValue`, the value moved to `register`;
   * all others go to `without`.
   */
  patchJumps(list: number, withValue: number, register: number, without: number): void {
    let pc = list;
    while (pc !== NO_JUMP) {
      const next = this.nextJump(pc);
      this.setJump(pc, this.setTestRegister(pc, register) ? withValue : without);
      pc = next;
    }
  }

  /** Where the instruction stands that decides about the jump at `pc`. */
  jumpControl(pc: number): number {
    return pc > this.start && this.backend.opcodes.isTest[this.code[pc - 1] & 0x3f] === 1
      ? pc - 1
      : pc;
  }

  /** True when some jump of the list comes from a test that does not keep its value. */
  needsValue(list: number): boolean {
    const { testSet } = this.backend.opcodes;
    for (let pc = list; pc !== NO_JUMP; pc = this.nextJump(pc)) {
      if ((this.code[this.jumpControl(pc)] & 0x3f) !== testSet) return true;
    }
    return false;
  }

  /** The jumps of the list no longer keep the value they tested. */
  dropValues(list: number): void {
    for (let pc = list; pc !== NO_JUMP; pc = this.nextJump(pc)) {
      this.setTestRegister(pc, NO_REGISTER);
    }
  }

  /** Sends the value kept by a TESTSET to `register`; without one it becomes a plain TEST. */
  private setTestRegister(jump: number, register: number): boolean {
    const { code } = this;
    const { test, testSet } = this.backend.opcodes;
    const pc = this.jumpControl(jump);
    const word = code[pc];
    if ((word & 0x3f) !== testSet) return false;
    const tested = word >>> 23;
    if (register !== NO_REGISTER && register !== tested) {
      code[pc] = (word & ~(0xff << 6)) | (register << 6);
    } else {
      code[pc] = test | (tested << 6) | (word & (MAX_B << 14));
    }
    return true;
  }

  // ---- registers

  /** Makes sure that `count` more registers fit in the frame. */
  checkStack(count: number): void {
    const needed = this.freeRegister + count;
    if (needed <= this.maxStackSize) return;
    if (needed >= this.context.dialect.maxRegisters) {
      this.lexer.fail("function or expression too complex");
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
    const value = this.numbers.fold(operator as Arithmetic, left.value, right.value);
    if (value === undefined) return false;
    left.value = value;
    return true;
  }

  /** Constants and nested functions share one limit. */
  checkTableSize(count: number): void {
    if (count >= this.context.dialect.maxConstants) {
      this.lexer.failBare("limit", "constant table overflow");
    }
  }

  // ---- local variables and upvalues

  /** Declares the local that comes `offset` after the active ones. */
  declareLocal(name: SymbolId, offset: number): void {
    const { dialect, lexer } = this.context;
    this.checkLimit(this.activeLocals + offset + 1, dialect.maxLocals, "local variables");
    if (this.declarations === dialect.maxLocalDeclarations) {
      lexer.failBare("limit", "too many local variables");
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
    if (this.parent === undefined || !this.parent.findVariable(name, e)) return false;
    const isLocal = e.kind === ExprKind.Local;
    if (isLocal) this.parent.markUpvalue(e.info);
    e.set(ExprKind.Upvalue, this.upvalue(isLocal, e.info));
    return true;
  }

  /** The number of the upvalue for a local or upvalue of the parent. */
  private upvalue(isLocal: boolean, index: number): number {
    const flag = isLocal ? 1 : 0;
    for (let i = 0; i < this.upvalueCount; i++) {
      if (this.upvalueIndex[i] === index && this.upvalueIsLocal[i] === flag) return i;
    }
    this.checkLimit(this.upvalueCount + 1, this.context.dialect.maxUpvalues, "upvalues");
    this.upvalueIsLocal[this.upvalueCount] = flag;
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
    if (count <= limit) return;
    const where = this.lineDefined === 0 ? "main function" : `function at line ${this.lineDefined}`;
    this.lexer.failHere("limit", `${where} has more than ${limit} ${what}`);
  }

  // ---- blocks

  enterBlock(isLoop: boolean): Block {
    const { block: previous, activeLocals } = this;
    this.block = { previous, activeLocals, isLoop, hasUpvalue: false, breaks: NO_JUMP };
    return this.block;
  }

  leaveBlock(): void {
    const block = this.block as Block;
    this.block = block.previous;
    this.activeLocals = block.activeLocals;
    this.backend.closeUpvalues(this, block);
    this.freeRegister = this.activeLocals;
    this.jumpHere(block.breaks);
  }
}

/** No register is meant; also what a TESTSET's register is until it is known. */
export const NO_REGISTER = 0xff;

const MAX_DISTANCE = 131_071;

/** A jump's word less its opcode, with the distance that ends a list. */
const JUMP_TO_ITSELF = (NO_JUMP + MAX_DISTANCE) << 14;

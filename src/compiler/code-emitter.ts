/**
 * The instructions of the function being compiled, and its jumps. Jumps whose target is not known
 * yet form lists, chained through their own distance fields.
 */
import { MAX_B, MAX_SBX } from "../bytecode/instruction.ts";
import type { LineInfoEncoder } from "../bytecode/line-info.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { NO_JUMP } from "./expression.ts";
import type { Lexer } from "./lexer.ts";

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
  /** Per opcode: 1 when it is a test, which a jump follows. */
  readonly isTest: Uint8Array;
}

/** No register is meant; also what a TESTSET's register is until it is known. */
export const NO_REGISTER = 0xff;

/** A jump's word less its opcode, with the distance that ends a list. */
const JUMP_TO_ITSELF = (NO_JUMP + MAX_SBX) << 14;

/** Jumps that are followed one by one before the end of a list is remembered. */
const LONG_WALK = 8;

export class CodeEmitter {
  readonly parent: CodeEmitter | undefined;
  readonly lexer: Lexer;
  private readonly opcodes: SharedOpcodes;
  private readonly lines: LineInfoEncoder;
  private readonly buffer: CodeBuffer;

  /** The words of the code buffer. A `pc` counts from their start, not the function's. */
  code: Int32Array;
  /** Where this function begins in the code buffer. */
  start = 0;
  /** Where the next instruction goes. */
  pc = 0;
  /** Jumps to the next instruction. */
  private pendingJumps = NO_JUMP;
  /** The last pc that is known to be a jump target. */
  lastTarget = -1;
  /**
   * For long lists, by their first jump: a jump at or near the end. Without it, joining a list of
   * many jumps over and over would take quadratic time.
   */
  private tails: Map<number, number> | undefined;

  constructor(
    lexer: Lexer,
    opcodes: SharedOpcodes,
    lines: LineInfoEncoder,
    buffer: CodeBuffer,
    parent: CodeEmitter | undefined,
  ) {
    this.lexer = lexer;
    this.opcodes = opcodes;
    this.lines = lines;
    this.buffer = buffer;
    this.parent = parent;
    this.code = buffer.words;
  }

  /** Begins another function, where the code of its parent has got to. */
  protected openCode(): void {
    this.code = this.buffer.words;
    this.start = this.parent === undefined ? 0 : this.parent.pc;
    this.pc = this.start;
    this.lines.reset();
    this.pendingJumps = NO_JUMP;
    this.lastTarget = -1;
    this.tails = undefined;
  }

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

  /** Bytes of line info so far. */
  get lineInfoSize(): number {
    return this.lines.size;
  }

  /** Makes room in the buffer. */
  private growCode(): void {
    this.buffer.grow();
    for (let f: CodeEmitter | undefined = this; f !== undefined; f = f.parent) {
      f.code = this.buffer.words;
    }
  }

  /** The finished instructions. */
  takeCode(): Int32Array {
    const count = this.pc - this.start;
    while (this.pc + count > this.buffer.limit) this.growCode();
    return this.buffer.keep(this.start, count);
  }

  // ---- jump lists

  /** Emits a jump whose target is open. */
  emitJump(): number {
    const pending = this.pendingJumps;
    this.pendingJumps = NO_JUMP;
    const jump = this.emit(JUMP_TO_ITSELF | this.opcodes.jump);
    return this.joinJumps(jump, pending);
  }

  /** Marks the next instruction as a jump target and returns its pc. */
  label(): number {
    this.lastTarget = this.pc;
    return this.pc;
  }

  /** The next jump of a list after the one at `pc`. */
  nextJump(pc: number): number {
    const distance = (this.code[pc] >>> 14) - MAX_SBX;
    return distance === NO_JUMP ? NO_JUMP : pc + 1 + distance;
  }

  setJump(pc: number, target: number): void {
    const distance = target - (pc + 1);
    if (distance > MAX_SBX || distance < -MAX_SBX) {
      this.lexer.fail("control structure too long", "limit");
    }
    this.code[pc] = (this.code[pc] & 0x3fff) | ((distance + MAX_SBX) << 14);
  }

  /** One list made of two. */
  joinJumps(first: number, second: number): number {
    if (second === NO_JUMP) return first;
    if (first === NO_JUMP) return second;
    let last = this.tails?.get(first) ?? first;
    let steps = 0;
    for (let next = this.nextJump(last); next !== NO_JUMP; next = this.nextJump(last)) {
      last = next;
      steps++;
    }
    this.setJump(last, second);
    if (steps > LONG_WALK) this.tails ??= new Map();
    this.tails?.set(first, this.tails.get(second) ?? second);
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
    return pc > this.start && this.opcodes.isTest[this.code[pc - 1] & 0x3f] === 1 ? pc - 1 : pc;
  }

  /** True when some jump of the list comes from a test that does not keep its value. */
  needsValue(list: number): boolean {
    const { testSet } = this.opcodes;
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
    const { test, testSet } = this.opcodes;
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

  /** The finished line info. */
  takeLineInfo(): Uint8Array {
    return this.lines.finish();
  }
}

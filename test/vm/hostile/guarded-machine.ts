/**
 * A machine that looks after itself at every step: what a frame must not see is poisoned, and what
 * the machine relies on is checked. A step is a call or a jump backward.
 */
import { opcodeOf, operandB } from "../../../src/bytecode/instruction.ts";
import { OPCODES_51 } from "../../../src/bytecode/opcodes51.ts";
import { OPCODES_53 } from "../../../src/bytecode/opcodes53.ts";
import type { Call } from "../../../src/vm/call.ts";
import { Stop } from "../../../src/vm/errors.ts";
import { Machine, type MachineOptions } from "../../../src/vm/machine.ts";
import {
  Closure,
  type Engine,
  type Frame,
  NativeFunction,
  type Thread,
} from "../../../src/vm/state.ts";
import { Table } from "../../../src/vm/table.ts";
import { TString } from "../../../src/vm/values.ts";

/** Frames from the top that are checked at each step. */
const FRAMES = 4;
/** Slots that must stay as they are, below the code that is run. */
const CANARIES = 8;
/** Items of tables in registers that are looked through, at every so many steps. */
const ITEMS = 64;
const ITEMS_EVERY = 16;

/** The machine broke a promise. */
export class Breakout extends Error {}

export class GuardedMachine extends Machine {
  /** In slots that no frame may read. */
  readonly poison: Table;
  /** Steps that were made. */
  used = 0;
  private readonly most: number;
  private readonly opcodes: readonly { readonly name: string }[];
  private armed = false;
  /** A native function has put values above the frame. */
  private placing = false;

  /** @param most steps after which a run is stopped */
  constructor(options: MachineOptions, most: number) {
    super(options);
    this.most = most;
    this.opcodes = options.target.dialect.chunkVersion === 0x51 ? OPCODES_51 : OPCODES_53;
    this.poison = new Table(this.heap);
    Object.assign(this, { engine: this.guardEngine(this.engine) });
    this.steps = 0;
    this.armed = true;
  }

  private guardEngine(engine: Engine): Engine {
    return {
      ...engine,
      call: (...args) => {
        this.placing = true;
        engine.call(...args);
      },
      protectedCall: (...args) => {
        this.placing = true;
        return engine.protectedCall(...args);
      },
    };
  }

  /** Runs a function above slots that it must not touch. @throws Stop, Breakout */
  runGuarded(fn: Closure): void {
    const body = (call: Call): number => {
      const { stack } = call.thread;
      const canaries = Array.from({ length: CANARIES }, (_, i) => new TString(`canary ${i}`));
      const first = call.top;
      for (const canary of canaries) call.push(canary);
      call.protectedCall(fn, []);
      for (const [i, canary] of canaries.entries()) {
        if (stack[first + i] !== canary) throw new Breakout(`slot ${i} below the code was changed`);
      }
      return 0;
    };
    this.call(new NativeFunction(body as NativeFunction["body"], "guard"));
    this.check(this.mainThread);
  }

  override outOfSteps(): void {
    if (!this.armed) {
      super.outOfSteps();
      return;
    }
    this.used -= this.steps;
    this.steps = 0;
    const { placing } = this;
    this.placing = false;
    this.check(this.current);
    if (!placing) this.spoil(this.current);
    if (this.used > this.most) throw new Stop("steps", "enough");
  }

  private check(thread: Thread): void {
    const { frames, depth } = thread;
    if (depth < 0 || depth >= frames.length) throw new Breakout(`no frame at depth ${depth}`);
    for (let d = Math.max(1, depth - FRAMES + 1); d <= depth; d++) {
      checkFrame(frames[d - 1], frames[d]);
    }
    const frame = frames[depth];
    if (!(frame.fn instanceof Closure)) return;
    this.checkSlots(thread, frame.base, frame.top);
  }

  /** No poison in registers, nor in tables that are in them. */
  private checkSlots({ stack }: Thread, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = stack[i];
      if (value === this.poison) throw new Breakout(`slot ${i - from} was read from elsewhere`);
      if (!(value instanceof Table) || this.used % ITEMS_EVERY !== 0) continue;
      if (value.array.slice(0, ITEMS).includes(this.poison)) {
        throw new Breakout("a table has a value from elsewhere");
      }
    }
  }

  /**
   * Behind the registers of a Lua function, and behind what it may be about to hand over: a jump to
   * behind a call cannot be told from the call.
   */
  private endOf(thread: Thread, { fn, pc, top }: Frame): number {
    const word = (fn as Closure).code.words[pc - 1] ?? 0;
    const name = this.opcodes[opcodeOf(word)]?.name;
    if ((name !== "CALL" && name !== "TAILCALL") || operandB(word) !== 0) return top;
    return Math.max(top, thread.top);
  }

  /**
   * Poisons what is above all frames. A frame may lie in its caller's registers, where it leaves
   * values that the caller may see.
   */
  private spoil(thread: Thread): void {
    const { stack, frames, depth } = thread;
    const frame = frames[depth];
    if (!(frame.fn instanceof Closure)) return;
    let end = this.endOf(thread, frame);
    for (let d = 0; d < depth; d++) end = Math.max(end, frames[d].top);
    for (let i = end; i < stack.length; i++) stack[i] = this.poison;
  }
}

function checkFrame(below: Frame, frame: Frame): void {
  const { fn, base, top, functionIndex, pc, thread } = frame;
  const place = `frame at ${functionIndex}, ${base}, ${top} above ${below.base}`;
  if (functionIndex < below.base || base <= functionIndex) throw new Breakout(place);
  if (top > thread.stack.length) throw new Breakout(`${place} beyond the stack`);
  if (top < base) throw new Breakout(`${place}: ${top - base} arguments`);
  if (!(fn instanceof Closure)) return;
  if (top !== base + fn.code.maxStackSize) throw new Breakout(`${place}: size`);
  if (pc < 0 || pc > fn.code.words.length) throw new Breakout(`${place}: pc ${pc}`);
}

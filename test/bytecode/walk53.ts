/**
 * Walks through a function of Lua 5.3 as a machine without any checks would, at each fork taking a
 * way at random, and notices whatever a machine must never do: use a register outside the frame,
 * leave the code, run a word that is no instruction, or take up open results that are not there.
 * It knows the instructions on its own, so that it finds what the code checker overlooks.
 */
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Random } from "../fuzz/random.ts";
import { OPCODES } from "../support/assemble53.ts";

/** What a machine must never do. */
export class Misstep extends Error {}

/** Open results: where they begin, and the register behind the last one. */
interface Open {
  readonly start: number;
  readonly end: number;
}

/** @throws Misstep */
export function walk53(proto: Proto, random: Random, steps: number): void {
  new Walker(proto, random).walk(steps);
}

class Walker {
  private readonly proto: Proto;
  private readonly random: Random;
  private pc = 0;
  /** What the instruction before left, and then what the one at hand leaves. */
  private open: Open | undefined;

  constructor(proto: Proto, random: Random) {
    this.proto = proto;
    this.random = random;
  }

  walk(steps: number): void {
    this.require(this.proto.parameterCount <= this.proto.maxStackSize, "parameters");
    for (let left = steps; left > 0 && this.step(); left--);
  }

  /** False when the function has returned. */
  private step(): boolean {
    const word = this.fetch();
    const a = (word >>> 6) & 0xff;
    const b = word >>> 23;
    const c = (word >>> 14) & 0x1ff;
    const bx = word >>> 14;
    const { open } = this;
    this.open = undefined;
    switch (OPCODES[word & 0x3f]) {
      case "MOVE":
      case "UNM":
      case "BNOT":
      case "NOT":
      case "LEN":
        this.registers(a, b);
        break;
      case "LOADK":
        this.registers(a);
        this.constant(bx);
        break;
      case "LOADKX":
        this.registers(a);
        this.constant(this.extra());
        break;
      case "LOADBOOL":
        this.registers(a);
        if (c !== 0) this.pc++;
        break;
      case "LOADNIL":
        this.range(a, a + b);
        break;
      case "GETUPVAL":
      case "SETUPVAL":
        this.registers(a);
        this.upvalue(b);
        break;
      case "GETTABUP":
        this.registers(a);
        this.upvalue(b);
        this.operand(c);
        break;
      case "SETTABUP":
        this.upvalue(a);
        this.operand(b);
        this.operand(c);
        break;
      case "GETTABLE":
        this.registers(a, b);
        this.operand(c);
        break;
      case "SELF":
        this.registers(a, a + 1, b);
        this.operand(c);
        break;
      case "NEWTABLE":
        this.registers(a);
        break;
      case "CONCAT":
        this.registers(a);
        this.range(b, c);
        this.require(c > b, "nothing to concatenate");
        break;
      case "JMP":
        if (a > 0) this.registers(a - 1);
        this.jump(bx);
        break;
      case "EQ":
      case "LT":
      case "LE":
        this.operand(b);
        this.operand(c);
        this.test();
        break;
      case "TEST":
        this.registers(a);
        this.test();
        break;
      case "TESTSET":
        this.registers(a, b);
        this.test();
        break;
      case "CALL":
        this.call(a, b, open);
        if (c === 0) this.leave(a);
        else if (c > 1) this.range(a, a + c - 2);
        break;
      case "TAILCALL":
        this.call(a, b, open);
        // Only what is not written in Lua comes back, and with any number of results.
        this.require(c === 0, "a tail call with a number of results");
        this.leave(a);
        break;
      case "RETURN":
        if (b === 0) this.require(this.taken(open).end >= a, "fewer than no results");
        else if (b > 1) this.range(a, a + b - 2);
        return false;
      case "FORPREP":
        this.range(a, a + 3);
        this.jump(bx);
        this.require((this.proto.code[this.pc] & 0x3f) === 39, "no FORLOOP");
        break;
      case "FORLOOP":
        this.range(a, a + 3);
        if (this.random.chance(0.5)) this.jump(bx);
        break;
      case "TFORCALL":
        this.range(a, a + 5);
        if (c > 0) this.range(a + 3, a + 2 + c);
        this.require((this.proto.code[this.pc] & 0x3f) === 42, "no TFORLOOP");
        this.require(((this.proto.code[this.pc] >>> 6) & 0xff) === a + 2, "another TFORLOOP");
        break;
      case "TFORLOOP":
        this.range(a, a + 1);
        if (this.random.chance(0.5)) this.jump(bx);
        break;
      case "SETLIST":
        if (b === 0) this.require(this.taken(open).end >= a + 1, "fewer than no items");
        else this.range(a, a + b);
        if (c === 0) this.require(this.extra() > 0, "a batch before the first");
        break;
      case "CLOSURE":
        this.registers(a);
        this.closure(bx);
        break;
      case "VARARG":
        this.require(this.proto.varargFlags !== 0, "no extra arguments");
        if (b === 0) this.leave(a);
        else if (b > 1) this.range(a, a + b - 2);
        break;
      case "EXTRAARG":
      case undefined:
        throw new Misstep("a word that is no instruction");
      default: // SETTABLE and arithmetic
        this.registers(a);
        this.operand(b);
        this.operand(c);
    }
    return true;
  }

  private fetch(): number {
    const { code } = this.proto;
    this.require(this.pc >= 0 && this.pc < code.length, "outside the code");
    return code[this.pc++];
  }

  private extra(): number {
    const word = this.fetch();
    this.require(OPCODES[word & 0x3f] === "EXTRAARG", "no extra word");
    return word >>> 6;
  }

  private test(): void {
    this.require((this.proto.code[this.pc] & 0x3f) === 30, "no JMP");
    if (this.random.chance(0.5)) this.pc++;
  }

  private jump(bx: number): void {
    this.pc += bx - 131071;
  }

  private call(a: number, b: number, open: Open | undefined): void {
    this.registers(a);
    if (b === 0) this.require(this.taken(open).end >= a + 1, "fewer than no arguments");
    else this.range(a, a + b - 1);
  }

  private leave(start: number): void {
    this.registers(start);
    this.open = { start, end: start + this.random.below(4) };
  }

  private taken(open: Open | undefined): Open {
    if (open === undefined) throw new Misstep("no open results");
    return open;
  }

  private closure(index: number): void {
    const nested = this.proto.protos[index];
    this.require(nested !== undefined, "no such function");
    for (const source of nested.upvalueSources) {
      if (source.inStack) this.registers(source.index);
      else this.upvalue(source.index);
    }
  }

  /** A register, or a constant when bit 8 is set. */
  private operand(value: number): void {
    if (value & 256) this.constant(value & 255);
    else this.registers(value);
  }

  private range(first: number, last: number): void {
    this.require(first >= 0 && last < this.proto.maxStackSize, `registers ${first} to ${last}`);
  }

  private registers(...all: number[]): void {
    for (const register of all) this.range(register, register);
  }

  private constant(index: number): void {
    this.require(index < this.proto.constants.length, `constant ${index}`);
  }

  private upvalue(index: number): void {
    this.require(index < this.proto.upvalueSources.length, `upvalue ${index}`);
  }

  private require(holds: boolean, what: string): void {
    if (!holds) throw new Misstep(`${what} (instruction ${this.pc})`);
  }
}

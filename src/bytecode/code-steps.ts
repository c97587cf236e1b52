/**
 * Instructions as far as they move names about: what reads a global or a field, what is called with
 * what, what is a function's upvalue. `code-steps51.ts` and `code-steps53.ts` tell it of each Lua
 * version's code, `code-uses.ts` follows it. Arithmetic and the like only spoil a register.
 */
import { operandB, operandC, RK_CONSTANT } from "./instruction.ts";
import type { Proto } from "./proto.ts";

/** Where an instruction takes a value from. */
export type Source =
  | { readonly from: "register" | "constant" | "upvalue"; readonly index: number }
  /** The table of globals, where it is no value like others. */
  | { readonly from: "globals" };

/** What an instruction does to registers. */
export type Step =
  /** Copies a value. */
  | { readonly kind: "load"; readonly to: number; readonly source: Source }
  /** Reads a field; of a method call the table is kept in the next register. */
  | {
      readonly kind: "read";
      readonly to: number;
      readonly table: Source;
      readonly key: Source;
      readonly keepsTable: boolean;
    }
  | {
      readonly kind: "store";
      readonly table: Source;
      readonly key: Source;
      readonly value: Source;
    }
  /** Calls the function in a register; undefined arguments: up to the top, however many. */
  | { readonly kind: "call"; readonly at: number; readonly argumentCount: number | undefined }
  /** Makes a closure of a nested function. */
  | {
      readonly kind: "closure";
      readonly to: number;
      readonly index: number;
      readonly upvalues: readonly Source[];
    }
  /** Puts what nobody can tell in registers from the first to the last. */
  | { readonly kind: "spoil"; readonly first: number; readonly last: number };

export interface Instruction {
  /** Undefined when it only compares, jumps or returns. */
  readonly step: Step | undefined;
  /** The instructions that may be next. */
  readonly next: readonly number[];
  /** The place in {@link next} from which on the step has not happened; usually none. */
  readonly idleFrom?: number;
}

/** Reads the instruction at `pc`; undefined for a word that is none, such as data. */
export type ReadInstruction = (proto: Proto, pc: number) => Instruction | undefined;

/** Beyond all registers. */
export const LAST_REGISTER = 255;

export function register(index: number): Source {
  return { from: "register", index };
}

export function constant(index: number): Source {
  return { from: "constant", index };
}

export function upvalue(index: number): Source {
  return { from: "upvalue", index };
}

/** A register, or a constant. */
export function registerOrConstant(operand: number): Source {
  return operand & RK_CONSTANT ? constant(operand & ~RK_CONSTANT) : register(operand);
}

export function spoil(first: number, last = first): Step {
  return { kind: "spoil", first, last };
}

/** CALL and TAILCALL, which both versions have. */
export function callStep(a: number, word: number): Step {
  const b = operandB(word);
  return { kind: "call", at: a, argumentCount: b === 0 ? undefined : b - 1 };
}

/** SELF, which both versions have. */
export function methodStep(a: number, word: number): Step {
  const table = register(operandB(word));
  const key = registerOrConstant(operandC(word));
  return { kind: "read", to: a, table, key, keepsTable: true };
}

/** VARARG, which both versions have. */
export function varargStep(a: number, word: number): Step {
  const b = operandB(word);
  return spoil(a, b === 0 ? LAST_REGISTER : a + b - 2);
}

/** TESTSET, which both versions have: of `and` it keeps what is false, of `or` what is there. */
export function testStep(a: number, word: number): Step {
  const source = register(operandB(word));
  return operandC(word) === 0 ? spoil(a) : { kind: "load", to: a, source };
}

/**
 * The instructions of Lua 5.1 as the compiler to JavaScript wants to know them: where they go on,
 * and what becomes of registers. Source: lua51.md §3.
 */
import {
  operandA,
  operandB,
  operandBx,
  operandC,
  operandSBx,
  RK_CONSTANT,
} from "../../bytecode/instruction.ts";
import { Run51 } from "../run-ops51.ts";
import type { Code } from "../state.ts";
import type { Flow, Instruction } from "./flow.ts";

const LAST_REGISTER = 255;

/** Registers of the first function that closures in it share. */
export function sharedRegisters({ words, nested }: Code): bigint {
  let shared = 0n;
  for (let pc = 0; pc < words.length; pc += sizeOf(words, pc, nested)) {
    if ((words[pc] & 0x3f) !== Run51.CLOSURE) continue;
    const end = pc + sizeOf(words, pc, nested);
    for (let at = pc + 1; at < end; at++) {
      if ((words[at] & 0x3f) === Run51.MOVE) shared |= bit(operandB(words[at]));
    }
  }
  return shared;
}

/** All instructions of a function by their places, in order; undefined when one is out of place. */
export function instructionsOf(code: Code): ReadonlyMap<number, Instruction> {
  const { words, nested, constants } = code;
  const found = new Map<number, Instruction>();
  for (let pc = 0; pc < words.length; ) {
    const size = sizeOf(words, pc, nested);
    const effects = isQuickCall(code, pc)
      ? quickCall(operandA(words[pc]))
      : effectsOf(words[pc], constants);
    found.set(pc, { pc, size, flow: flowOf(words, pc, size), ...effects });
    pc += size;
  }
  return found;
}

/** Is it a call with one to three arguments and one result that has gone a quick way before. */
export function isQuickCall({ words, quickCalls }: Code, pc: number): boolean {
  const word = words[pc];
  const b = operandB(word);
  if (quickCalls?.[pc] !== 1 || (word & 0x3f) !== Run51.CALL) return false;
  return operandC(word) === 2 && b >= 2 && b <= 4;
}

function quickCall(a: number): Effects {
  return { ...sets(bit(a)), isSeen: true, mayBeUnseen: true };
}

function sizeOf(words: Int32Array, pc: number, nested: readonly Code[]): number {
  const word = words[pc];
  switch (word & 0x3f) {
    case Run51.EQ:
    case Run51.LT:
    case Run51.LE:
    case Run51.TEST:
    case Run51.TESTSET:
    case Run51.TFORLOOP:
      return 2;
    case Run51.SETLIST:
      return operandC(word) === 0 ? 2 : 1;
    case Run51.CLOSURE:
      return 1 + nested[operandBx(word)].proto.upvalueCount;
    default:
      return 1;
  }
}

function flowOf(words: Int32Array, pc: number, size: number): Flow {
  const word = words[pc];
  const target = pc + 1 + operandSBx(word);
  switch (word & 0x3f) {
    case Run51.JMP: {
      const isLoop = target > pc && (words[target] & 0x3f) === Run51.TFORLOOP;
      if (isLoop && target + 2 + operandSBx(words[target + 1]) === pc + 1) {
        return { kind: "prepare", target };
      }
      return { kind: "jump", target };
    }
    case Run51.FORPREP:
      return { kind: "prepare", target };
    case Run51.FORLOOP:
      return { kind: "step", start: target };
    case Run51.TFORLOOP:
      return { kind: "step", start: pc + 2 + operandSBx(words[pc + 1]) };
    case Run51.EQ:
    case Run51.LT:
    case Run51.LE:
    case Run51.TEST:
    case Run51.TESTSET:
      return { kind: "branch", target: pc + 2 + operandSBx(words[pc + 1]) };
    case Run51.LOADBOOL:
      return operandC(word) === 0 ? NEXT : { kind: "jump", target: pc + size + 1 };
    case Run51.RETURN:
      return { kind: "exit" };
    default:
      return NEXT;
  }
}

const NEXT: Flow = { kind: "next" };

type Effects = Omit<Instruction, "pc" | "size" | "flow">;

function effectsOf(word: number, constants: Code["constants"]): Effects {
  const a = operandA(word);
  const b = operandB(word);
  const c = operandC(word);
  const isNumber = (operand: number, before: bigint) =>
    operand < RK_CONSTANT
      ? (before & bit(operand)) !== 0n
      : typeof constants[operand - RK_CONSTANT] === "number";
  switch (word & 0x3f) {
    case Run51.MOVE:
      return { ...sets(bit(a)), numbers: (before) => (isNumber(b, before) ? bit(a) : 0n) };
    case Run51.LOADK: {
      const numbers = typeof constants[operandBx(word)] === "number" ? bit(a) : 0n;
      return { ...sets(bit(a)), numbers: () => numbers };
    }
    case Run51.ADD:
    case Run51.SUB:
    case Run51.MUL:
    case Run51.DIV:
    case Run51.MOD:
    case Run51.POW:
      return {
        ...sets(bit(a)),
        numbers: (before) => (isNumber(b, before) && isNumber(c, before) ? bit(a) : 0n),
      };
    case Run51.UNM:
      return { ...sets(bit(a)), numbers: (before) => (isNumber(b, before) ? bit(a) : 0n) };
    case Run51.LOADNIL:
      return sets(range(a, b));
    case Run51.SELF:
      return sets(range(a, a + 1));
    case Run51.CONCAT:
      return { ...sets(bit(a)), takes: c === b + 1 ? 0n : range(b, c) };
    case Run51.CALL:
      return {
        ...sets(c > 1 ? range(a, a + c - 2) : 0n),
        ...found(c > 1 ? range(a, a + c - 2) : 0n),
      };
    case Run51.TAILCALL:
      return { ...sets(0n), isSeen: true };
    case Run51.RETURN:
      return sets(0n);
    case Run51.FORLOOP:
      return { ...sets(bit(a) | bit(a + 3)), numbers: () => bit(a) | bit(a + 3) };
    case Run51.FORPREP:
      return { ...sets(range(a, a + 2)), numbers: () => range(a, a + 2) };
    case Run51.TFORLOOP:
      return { ...sets(range(a + 2, a + 2 + c)), ...found(range(a + 3, a + 2 + c)) };
    case Run51.SETLIST:
      return b === 0 ? { ...sets(0n), isSeen: true } : { ...sets(0n), takes: range(a, a + b) };
    case Run51.VARARG:
      // An open list overwrites whatever the stack has of the registers from A on.
      if (b === 0) return { ...sets(0n), takes: range(a, LAST_REGISTER) };
      return { ...sets(range(a, a + b - 2)), loads: range(a, a + b - 2) };
    case Run51.SETGLOBAL:
    case Run51.SETUPVAL:
    case Run51.SETTABLE:
    case Run51.SETFIELD:
    case Run51.JMP:
    case Run51.EQ:
    case Run51.LT:
    case Run51.LE:
    case Run51.TEST:
    case Run51.CLOSE:
      return sets(0n);
    default:
      return sets(bit(a));
  }
}

function sets(registers: bigint): Effects {
  return {
    sets: registers,
    loads: 0n,
    numbers: () => 0n,
    isSeen: false,
    mayBeUnseen: false,
    takes: 0n,
  };
}

/** For calls: others look at the stack, and results are found in it. */
function found(registers: bigint): Pick<Instruction, "loads" | "isSeen"> {
  return { loads: registers, isSeen: true };
}

export function bit(register: number): bigint {
  return 1n << BigInt(register);
}

/** The registers from one to another; none when the last is below the first. */
export function range(first: number, last: number): bigint {
  return last < first ? 0n : ((1n << BigInt(last - first + 1)) - 1n) << BigInt(first);
}

/** Code that no compiler wrote may set the hidden registers of a `for` loop inside it. */
export function keepsLoops(code: Code, instructions: ReadonlyMap<number, Instruction>): boolean {
  const shared = sharedRegisters(code);
  for (const { pc, flow } of instructions.values()) {
    if (flow.kind !== "step") continue;
    const a = operandA(code.words[pc]);
    const hidden = range(a, a + 2);
    if ((shared & hidden) !== 0n) return false;
    for (const { pc: inside, sets } of instructions.values()) {
      if (inside >= flow.start && inside < pc && (sets & hidden) !== 0n) return false;
    }
  }
  return true;
}

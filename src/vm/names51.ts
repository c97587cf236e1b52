/**
 * How error messages of Lua 5.1 name what they speak of: `global 'f'`, `field 'x'`, `method 'm'`,
 * `upvalue '?'`. Nothing is recorded for this; the code is searched backward for the instruction that
 * put the value in its register, as the reference does, mistakes included. Source: lua51.md §3.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import {
  opcodeOf,
  operandA,
  operandB,
  operandBx,
  operandC,
  operandSBx,
  RK_CONSTANT,
} from "../bytecode/instruction.ts";
import { decodeLines } from "../bytecode/line-info51.ts";
import { OPCODES_51, Op51 } from "../bytecode/opcodes51.ts";
import type { Proto } from "../bytecode/proto.ts";
import { Closure, type Frame, type Thread } from "./state.ts";

/** A name, and what it is the name of. */
export interface VariableName {
  readonly kind: "local" | "global" | "field" | "upvalue" | "method";
  readonly name: LuaString;
}

/** The line that a frame is at; 0 or less when it is unknown. */
export function currentLine51({ fn, pc }: Frame): number {
  if (!(fn instanceof Closure)) return -1;
  const { lineInfo } = fn.code.proto;
  return decodeLines(lineInfo, pc)[pc - 1];
}

/** The name of a register's value in a frame that is about to fail. */
export function registerName51(frame: Frame, register: number): VariableName | undefined {
  const { fn, pc } = frame;
  return fn instanceof Closure ? nameAt(fn.code.proto, pc - 1, register) : undefined;
}

/** How the code that called a frame's function names it. */
export function functionName51(thread: Thread, depth: number): VariableName | undefined {
  const { tailCalls } = thread.frames[depth];
  const caller = thread.frames[depth - 1];
  if (tailCalls > 0 || !(caller.fn instanceof Closure)) return undefined;
  const { proto } = caller.fn.code;
  const word = proto.code[caller.pc - 1];
  switch (opcodeOf(word)) {
    case Op51.CALL:
    case Op51.TAILCALL:
    case Op51.TFORLOOP:
      return nameAt(proto, caller.pc - 1, operandA(word));
    default:
      return undefined;
  }
}

function nameAt(proto: Proto, pc: number, register: number): VariableName | undefined {
  const local = localName(proto, register, pc);
  if (local !== undefined) return { kind: "local", name: local };
  const word = proto.code[findSetter(proto, pc, register)];
  switch (opcodeOf(word)) {
    case Op51.GETGLOBAL:
      return { kind: "global", name: untilNul(String(proto.constants[operandBx(word)])) };
    case Op51.MOVE:
      return operandB(word) < operandA(word) ? nameAt(proto, pc, operandB(word)) : undefined;
    case Op51.GETTABLE:
      return { kind: "field", name: constantName(proto, operandC(word)) };
    case Op51.GETUPVAL:
      return { kind: "upvalue", name: proto.upvalueNames[operandB(word)] ?? "?" };
    case Op51.SELF:
      return { kind: "method", name: constantName(proto, operandC(word)) };
    default:
      return undefined;
  }
}

function constantName(proto: Proto, operand: number): LuaString {
  const constant = operand & RK_CONSTANT ? proto.constants[operand & ~RK_CONSTANT] : undefined;
  return typeof constant === "string" ? untilNul(constant) : "?";
}

/** The name of the local variable that lives in a register, when the chunk kept names. */
function localName({ locals }: Proto, register: number, pc: number): LuaString | undefined {
  let left = register;
  for (const { name, startPc, endPc } of locals) {
    if (startPc > pc) return undefined;
    if (pc < endPc && left-- === 0) return name ?? undefined;
  }
  return undefined;
}

/**
 * The last instruction before `end` that sets the register, as far as one can tell by going through
 * the code once and taking each jump forward that stays before `end`; the final RETURN if none does.
 */
function findSetter({ code, protos }: Proto, end: number, register: number): number {
  let found = code.length - 1;
  for (let pc = 0; pc < end; pc++) {
    const word = code[pc];
    if (sets(word, register)) found = pc;
    switch (opcodeOf(word)) {
      case Op51.FORLOOP:
      case Op51.FORPREP:
      case Op51.JMP: {
        const target = pc + 1 + operandSBx(word);
        if (pc < target && target <= end) pc = target - 1;
        break;
      }
      case Op51.SETLIST:
        if (operandC(word) === 0) pc++;
        break;
      case Op51.CLOSURE:
        pc += protos[operandBx(word)].upvalueCount;
        break;
    }
  }
  return found;
}

function sets(word: number, register: number): boolean {
  const a = operandA(word);
  switch (opcodeOf(word)) {
    case Op51.LOADNIL:
      return a <= register && register <= operandB(word);
    case Op51.SELF:
      return register === a || register === a + 1;
    case Op51.TFORLOOP:
      return register >= a + 2;
    case Op51.CALL:
    case Op51.TAILCALL:
      return register >= a;
    default:
      return OPCODES_51[opcodeOf(word)].setsA && register === a;
  }
}

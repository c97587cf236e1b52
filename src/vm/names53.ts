/**
 * How error messages of Lua 5.3 name what they speak of: `field 'x'`, `method 'm'`, `upvalue '?'`,
 * `metamethod '__add'`. The code is searched for the instruction that put the value in its register;
 * what a jump may have gone around does not count. Source: lua53.md §8; the manual, §4.9; observed.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import {
  opcodeOf,
  operandA,
  operandAx,
  operandB,
  operandBx,
  operandC,
  operandSBx,
  RK_CONSTANT,
} from "../bytecode/instruction.ts";
import { decodeLines53 } from "../bytecode/line-info53.ts";
import { OPCODES_53, Op53 } from "../bytecode/opcodes53.ts";
import type { Proto } from "../bytecode/proto.ts";
import { Closure, type Frame, type Thread } from "./state.ts";

/** A name, and what it is the name of. */
export interface VariableName53 {
  readonly kind:
    | "local"
    | "global"
    | "field"
    | "upvalue"
    | "constant"
    | "method"
    | "for iterator"
    | "metamethod";
  readonly name: LuaString;
}

const ENVIRONMENT = "_ENV";

/** The line that a frame is at; 0 or less when it is unknown. */
export function currentLine53({ fn, pc }: Frame): number {
  if (!(fn instanceof Closure)) return -1;
  const { lineInfo } = fn.code.proto;
  return lineInfo.length === 0 ? -1 : decodeLines53(lineInfo, pc)[pc - 1];
}

/** The name of a register's value in a frame that is about to fail. */
export function registerName53({ fn, pc }: Frame, register: number): VariableName53 | undefined {
  return fn instanceof Closure ? nameAt(fn.code.proto, pc - 1, register) : undefined;
}

/** The name of an upvalue of a frame's function. */
export function upvalueName53({ fn }: Frame, index: number): VariableName53 | undefined {
  if (!(fn instanceof Closure)) return undefined;
  return { kind: "upvalue", name: upvalueName(fn.code.proto, index) };
}

/** How the code that called a frame's function names it. */
export function functionName53(thread: Thread, depth: number): VariableName53 | undefined {
  const { tailCalls } = thread.frames[depth];
  const caller = thread.frames[depth - 1];
  if (tailCalls > 0 || !(caller.fn instanceof Closure)) return undefined;
  const { proto } = caller.fn.code;
  const word = proto.code[caller.pc - 1];
  const op: Op53 = opcodeOf(word);
  switch (op) {
    case Op53.CALL:
    case Op53.TAILCALL:
      return nameAt(proto, caller.pc - 1, operandA(word));
    case Op53.TFORCALL:
      return { kind: "for iterator", name: "for iterator" };
    default: {
      const name = EVENTS[op];
      return name === undefined ? undefined : { kind: "metamethod", name };
    }
  }
}

/** The metamethods that instructions call. */
const EVENTS: Readonly<Partial<Record<Op53, LuaString>>> = {
  [Op53.GETTABUP]: "__index",
  [Op53.GETTABLE]: "__index",
  [Op53.SELF]: "__index",
  [Op53.SETTABUP]: "__newindex",
  [Op53.SETTABLE]: "__newindex",
  [Op53.ADD]: "__add",
  [Op53.SUB]: "__sub",
  [Op53.MUL]: "__mul",
  [Op53.MOD]: "__mod",
  [Op53.POW]: "__pow",
  [Op53.DIV]: "__div",
  [Op53.IDIV]: "__idiv",
  [Op53.BAND]: "__band",
  [Op53.BOR]: "__bor",
  [Op53.BXOR]: "__bxor",
  [Op53.SHL]: "__shl",
  [Op53.SHR]: "__shr",
  [Op53.UNM]: "__unm",
  [Op53.BNOT]: "__bnot",
  [Op53.LEN]: "__len",
  [Op53.CONCAT]: "__concat",
  [Op53.EQ]: "__eq",
  [Op53.LT]: "__lt",
  [Op53.LE]: "__le",
};

function nameAt(proto: Proto, pc: number, register: number): VariableName53 | undefined {
  const local = localName(proto, register, pc);
  if (local !== undefined) return { kind: "local", name: local };
  const at = findSetter(proto, pc, register);
  if (at < 0) return undefined;
  const word = proto.code[at];
  switch (opcodeOf(word)) {
    case Op53.MOVE:
      return operandB(word) < operandA(word) ? nameAt(proto, at, operandB(word)) : undefined;
    case Op53.GETTABUP:
      return fieldOf(upvalueName(proto, operandB(word)), keyName(proto, at, operandC(word)));
    case Op53.GETTABLE:
      return fieldOf(localName(proto, operandB(word), at), keyName(proto, at, operandC(word)));
    case Op53.GETUPVAL:
      return { kind: "upvalue", name: upvalueName(proto, operandB(word)) };
    case Op53.LOADK:
      return constantName(proto, operandBx(word));
    case Op53.LOADKX:
      return constantName(proto, operandAx(proto.code[at + 1]));
    case Op53.SELF:
      return { kind: "method", name: keyName(proto, at, operandC(word)) };
    default:
      return undefined;
  }
}

/** Fields of the environment are global variables, where its name is known. */
function fieldOf(table: LuaString | undefined, name: LuaString): VariableName53 {
  return { kind: table === ENVIRONMENT ? "global" : "field", name };
}

function upvalueName({ upvalueNames }: Proto, index: number): LuaString {
  return untilNul(upvalueNames[index] ?? "?");
}

function constantName({ constants }: Proto, index: number): VariableName53 | undefined {
  const constant = constants[index];
  return typeof constant === "string" ? { kind: "constant", name: untilNul(constant) } : undefined;
}

/** The name of an RK operand that is a key. */
function keyName(proto: Proto, pc: number, operand: number): LuaString {
  const found =
    (operand & RK_CONSTANT) !== 0
      ? constantName(proto, operand & ~RK_CONSTANT)
      : nameAt(proto, pc, operand);
  return found?.kind === "constant" ? found.name : "?";
}

/** The name of the local variable that lives in a register, when the chunk kept names. */
function localName({ locals }: Proto, register: number, pc: number): LuaString | undefined {
  let left = register;
  for (const { name, startPc, endPc } of locals) {
    if (startPc > pc) return undefined;
    if (pc < endPc && left-- === 0) return name === null ? undefined : untilNul(name);
  }
  return undefined;
}

/**
 * The last instruction before `end` that sets the register; −1 when none does, or when it is not
 * known to have run, because a jump from before it leads behind it.
 */
function findSetter({ code }: Proto, end: number, register: number): number {
  let found = -1;
  let jumpedOverUntil = 0;
  for (let pc = 0; pc < end; pc++) {
    const word = code[pc];
    if (opcodeOf(word) === Op53.JMP) {
      const target = pc + 1 + operandSBx(word);
      if (target <= end) jumpedOverUntil = Math.max(jumpedOverUntil, target);
    } else if (sets(word, register)) found = pc < jumpedOverUntil ? -1 : pc;
  }
  return found;
}

function sets(word: number, register: number): boolean {
  const a = operandA(word);
  switch (opcodeOf(word)) {
    case Op53.LOADNIL:
      return a <= register && register <= a + operandB(word);
    case Op53.TFORCALL:
      return register >= a + 2;
    case Op53.CALL:
    case Op53.TAILCALL:
      return register >= a;
    default:
      return OPCODES_53[opcodeOf(word)].setsA && register === a;
  }
}

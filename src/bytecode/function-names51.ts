/**
 * Names for the functions within a Lua 5.1 function. Bytecode has none; but where a closure is made
 * only to be stored, the next instruction tells where to. Source: lua51.md §3.
 *
 *     CLOSURE r i, a word per upvalue, SETGLOBAL r name          function name() end
 *     CLOSURE r i, a word per upvalue, SETTABLE t name r         function t.name() end
 */
import type { LuaString } from "../base/lua-string.ts";
import { opcodeOf, operandA, operandB, operandBx, operandC, RK_CONSTANT } from "./instruction.ts";
import { Op51 } from "./opcodes51.ts";
import type { Proto } from "./proto.ts";

/**
 * The name under which each nested function is stored first, by its index in `proto.protos`;
 * undefined for those that are passed on, returned, or kept in a local variable.
 */
export function functionNames51(proto: Proto): readonly (LuaString | undefined)[] {
  const { code, protos } = proto;
  const names = new Array<LuaString | undefined>(protos.length).fill(undefined);
  for (let pc = 0; pc < code.length; pc++) {
    if (opcodeOf(code[pc]) !== Op51.CLOSURE) continue;
    const index = operandBx(code[pc]);
    const register = operandA(code[pc]);
    // Code that was read but not checked may name a function that is not there.
    pc += protos[index]?.upvalueCount ?? 0;
    if (pc + 1 < code.length) names[index] ??= storedName(proto, code[pc + 1], register);
  }
  return names.slice(0, protos.length);
}

/** The name an instruction stores the register under. */
function storedName({ constants }: Proto, word: number, register: number): LuaString | undefined {
  const key = storedKey(word, register);
  const name = key === undefined ? undefined : constants[key];
  return typeof name === "string" ? name : undefined;
}

/** The index of the constant that is the name or key; undefined when nothing is stored under one. */
function storedKey(word: number, register: number): number | undefined {
  switch (opcodeOf(word)) {
    case Op51.SETGLOBAL:
      return operandA(word) === register ? operandBx(word) : undefined;
    case Op51.SETTABLE: {
      const key = operandB(word);
      return operandC(word) === register && key >= RK_CONSTANT ? key - RK_CONSTANT : undefined;
    }
    default:
      return undefined;
  }
}

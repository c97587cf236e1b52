/**
 * Names for the functions within a Lua 5.3 function. Bytecode has none; but where a closure is made
 * only to be stored, the next instruction tells where to. Source: lua53.md §0.1: stock opcodes.
 *
 *     CLOSURE r i, SETTABUP environment name r      function name() end
 *     CLOSURE r i, SETTABLE t name r                function t.name() end
 */
import type { LuaString } from "../base/lua-string.ts";
import { opcodeOf, operandA, operandB, operandBx, operandC, RK_CONSTANT } from "./instruction.ts";
import { Op53 } from "./opcodes53.ts";
import type { Proto } from "./proto.ts";

/**
 * The name under which each nested function is stored first, by its index in `proto.protos`;
 * undefined for those that are passed on, returned, or kept in a local variable.
 */
export function functionNames53({
  code,
  constants,
  protos,
}: Proto): readonly (LuaString | undefined)[] {
  const names = new Array<LuaString | undefined>(protos.length).fill(undefined);
  for (let pc = 0; pc + 1 < code.length; pc++) {
    if (opcodeOf(code[pc]) !== Op53.CLOSURE) continue;
    const key = storedKey(code[pc + 1], operandA(code[pc]));
    const name = key === undefined ? undefined : constants[key];
    if (typeof name === "string") names[operandBx(code[pc])] ??= name;
  }
  // Code that was read but not checked may name a function that is not there.
  return names.slice(0, protos.length);
}

/** The index of the constant that is the name or key; undefined when nothing is stored under one. */
function storedKey(word: number, register: number): number | undefined {
  const op = opcodeOf(word);
  if (op !== Op53.SETTABUP && op !== Op53.SETTABLE) return undefined;
  const key = operandB(word);
  return operandC(word) === register && key >= RK_CONSTANT ? key - RK_CONSTANT : undefined;
}

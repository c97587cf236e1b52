/**
 * Makes prototypes of Lua 5.3 ready to run: constants become values, and some instructions special
 * forms of themselves. The loop relies on what the code checker promises (`verify53.ts`).
 */
import { opcodeOf, operandB, operandC, RK_CONSTANT } from "../bytecode/instruction.ts";
import { Op53 } from "../bytecode/opcodes53.ts";
import type { Proto } from "../bytecode/proto.ts";
import { verifyProto53 } from "../bytecode/verify53.ts";
import { constantValues } from "./constant-values.ts";
import { Run53 } from "./run-ops53.ts";
import { Code, type MachineState } from "./state.ts";

/** @returns undefined when the code is not safe to run; no compiler writes such code */
export function prepare53(state: MachineState, proto: Proto): Code | undefined {
  if (verifyProto53(proto) !== undefined) return undefined;
  const nested: Code[] = [];
  for (const each of proto.protos) {
    const code = prepare53(state, each);
    if (code === undefined) return undefined;
    nested.push(code);
  }
  const constants = constantValues(state, proto);
  return new Code(proto, specialise(proto), constants, nested, proto.varargFlags !== 0, false);
}

/** A copy of the instructions, some of them in special forms. */
function specialise({ code, constants }: Proto): Int32Array {
  return code.map((word) => {
    switch (opcodeOf(word)) {
      case Op53.GETTABUP:
        return isString(operandC(word)) ? withOp(word, Run53.GETGLOBAL) : word;
      case Op53.SETTABUP:
        return isString(operandB(word)) ? withOp(word, Run53.SETGLOBAL) : word;
      case Op53.GETTABLE:
        return isString(operandC(word)) ? withOp(word, Run53.GETFIELD) : word;
      case Op53.SETTABLE:
        return isString(operandB(word)) ? withOp(word, Run53.SETFIELD) : word;
      default:
        return word;
    }
  });

  function isString(operand: number): boolean {
    return operand >= RK_CONSTANT && typeof constants[operand - RK_CONSTANT] === "string";
  }
}

function withOp(word: number, op: Run53): number {
  return (word & ~0x3f) | op;
}

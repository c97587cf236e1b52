/**
 * Makes prototypes of Lua 5.1 ready to run: constants become values, and some instructions special
 * forms of themselves. Only what the code checker and `safe-code51.ts` accept is run.
 */
import {
  opcodeOf,
  operandA,
  operandB,
  operandC,
  RK_CONSTANT,
  withA,
} from "../bytecode/instruction.ts";
import { Op51 } from "../bytecode/opcodes51.ts";
import { type Proto, VarargFlag } from "../bytecode/proto.ts";
import { verifyProto51 } from "../bytecode/verify51.ts";
import { constantValues } from "./constant-values.ts";
import { Run51 } from "./run-ops51.ts";
import { forEachInstruction, isSafe51 } from "./safe-code51.ts";
import { Code, type MachineState } from "./state.ts";

/** @returns undefined when the code is not safe to run; no compiler writes such code */
export function prepare51(state: MachineState, proto: Proto): Code | undefined {
  if (verifyProto51(proto) !== undefined || !isSafe51(proto.code)) return undefined;
  const nested: Code[] = [];
  for (const each of proto.protos) {
    const code = prepare51(state, each);
    if (code === undefined) return undefined;
    nested.push(code);
  }
  const isVararg = (proto.varargFlags & VarargFlag.IsVararg) !== 0;
  const needsArg = (proto.varargFlags & VarargFlag.NeedsArg) !== 0;
  const constants = constantValues(state, proto);
  return new Code(proto, specialise(proto), constants, nested, isVararg, needsArg);
}

/** A copy of the instructions, some of them in special forms. */
function specialise({ code, constants }: Proto): Int32Array {
  const words = code.slice();
  forEachInstruction(code, (pc, word) => {
    switch (opcodeOf(word)) {
      case Op51.GETTABLE:
        if (isString(operandC(word))) words[pc] = withOp(word, Run51.GETFIELD);
        break;
      case Op51.SETTABLE:
        if (isString(operandB(word))) words[pc] = withOp(word, Run51.SETFIELD);
        break;
      case Op51.TFORLOOP:
        words[pc + 1] = withA(withOp(code[pc + 1], Run51.TFORTEST), operandA(word));
        break;
    }
  });
  return words;

  function isString(operand: number): boolean {
    return operand >= RK_CONSTANT && typeof constants[operand - RK_CONSTANT] === "string";
  }
}

function withOp(word: number, op: Run51): number {
  return (word & ~0x3f) | op;
}

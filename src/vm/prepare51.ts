/**
 * Makes prototypes of Lua 5.1 ready to run: constants become values, and some instructions special
 * forms of themselves. The code checker has accepted the code; what it lets pass but would let a
 * function see values of others is refused here: an instruction that takes up an open list of values
 * must be reached from the one that leaves it, and from nowhere else.
 */
import {
  opcodeOf,
  operandA,
  operandB,
  operandC,
  operandSBx,
  RK_CONSTANT,
  withA,
} from "../bytecode/instruction.ts";
import { OPCODES_51, Op51 } from "../bytecode/opcodes51.ts";
import { type Proto, VarargFlag } from "../bytecode/proto.ts";
import { verifyProto51 } from "../bytecode/verify51.ts";
import { Run51 } from "./run-ops51.ts";
import { Code, type MachineState } from "./state.ts";
import { computeHash, type Value } from "./values.ts";

/** @returns undefined when the code is not safe to run; no compiler writes such code */
export function prepare51(state: MachineState, proto: Proto): Code | undefined {
  if (verifyProto51(proto) !== undefined || !openListsMatch(proto.code)) return undefined;
  const nested: Code[] = [];
  for (const each of proto.protos) {
    const code = prepare51(state, each);
    if (code === undefined) return undefined;
    nested.push(code);
  }
  const isVararg = (proto.varargFlags & VarargFlag.IsVararg) !== 0;
  const needsArg = (proto.varargFlags & VarargFlag.NeedsArg) !== 0;
  const constants = proto.constants.map((constant) => toValue(state, constant));
  return new Code(proto, specialise(proto), constants, nested, isVararg, needsArg);
}

function toValue(state: MachineState, constant: Proto["constants"][number]): Value {
  if (constant === null) return undefined;
  if (typeof constant !== "string") return constant;
  const string = state.intern(constant);
  if (string.hash < 0) computeHash(string, state.heap.seed);
  return string;
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

/** Calls back with every word that is an instruction, and not the batch number of a SETLIST. */
function forEachInstruction(code: Int32Array, visit: (pc: number, word: number) => void): void {
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    visit(pc, word);
    if (opcodeOf(word) === Op51.SETLIST && operandC(word) === 0) pc++;
  }
}

/** Is every open list of values taken up by the instruction after it, and by nothing else. */
function openListsMatch(code: Int32Array): boolean {
  let isOpen = false;
  let matches = true;
  const takers = new Set<number>();
  forEachInstruction(code, (pc, word) => {
    if (takesOpenList(word)) {
      if (!isOpen) matches = false;
      takers.add(pc);
    }
    isOpen = leavesOpenList(word);
  });
  if (takers.size === 0) return matches;
  forEachInstruction(code, (pc, word) => {
    if (jumpTargets(pc, word).some((target) => takers.has(target))) matches = false;
  });
  return matches;
}

function takesOpenList(word: number): boolean {
  switch (opcodeOf(word)) {
    case Op51.CALL:
    case Op51.TAILCALL:
    case Op51.RETURN:
    case Op51.SETLIST:
      return operandB(word) === 0;
    default:
      return false;
  }
}

function leavesOpenList(word: number): boolean {
  switch (opcodeOf(word)) {
    case Op51.CALL:
      return operandC(word) === 0;
    case Op51.TAILCALL:
      return true;
    case Op51.VARARG:
      return operandB(word) === 0;
    default:
      return false;
  }
}

/** Where an instruction may go on other than behind itself. */
function jumpTargets(pc: number, word: number): readonly number[] {
  const op = opcodeOf(word);
  const { layout, test } = OPCODES_51[op];
  if (layout === "AsBx") return [pc + 1 + operandSBx(word)];
  if (test || (op === Op51.LOADBOOL && operandC(word) !== 0)) return [pc + 2];
  return [];
}

/** Lua 5.3's instructions as steps; see `code-steps.ts`. Source: lua53.md §0.1. */
import {
  callStep,
  constant,
  type Instruction,
  LAST_REGISTER,
  methodStep,
  register,
  registerOrConstant,
  type Step,
  spoil,
  testStep,
  upvalue,
  varargStep,
} from "./code-steps.ts";
import {
  opcodeOf,
  operandA,
  operandAx,
  operandB,
  operandBx,
  operandC,
  operandSBx,
} from "./instruction.ts";
import { OPCODES_53, Op53 } from "./opcodes53.ts";
import type { Proto } from "./proto.ts";

export function readInstruction53(proto: Proto, pc: number): Instruction | undefined {
  const word = proto.code[pc];
  const op = opcodeOf(word);
  if (op >= OPCODES_53.length) return undefined;
  const next = nextOf(pc, word);
  const step = stepOf(proto, pc, word);
  // What does not jump took the value along.
  return op === Op53.TESTSET ? { step, next, idleFrom: 1 } : { step, next };
}

function nextOf(pc: number, word: number): readonly number[] {
  const behind = pc + 1;
  switch (opcodeOf(word)) {
    case Op53.JMP:
    case Op53.FORPREP:
      return [behind + operandSBx(word)];
    case Op53.FORLOOP:
    case Op53.TFORLOOP:
      return [behind, behind + operandSBx(word)];
    case Op53.EQ:
    case Op53.LT:
    case Op53.LE:
    case Op53.TEST:
    case Op53.TESTSET:
      return [behind, behind + 1];
    case Op53.LOADBOOL:
      return [operandC(word) === 0 ? behind : behind + 1];
    case Op53.RETURN:
      return [];
    default:
      return [behind];
  }
}

function stepOf(proto: Proto, pc: number, word: number): Step | undefined {
  const a = operandA(word);
  switch (opcodeOf(word)) {
    case Op53.MOVE:
      return { kind: "load", to: a, source: register(operandB(word)) };
    case Op53.TESTSET:
      return testStep(a, word);
    case Op53.LOADK:
      return { kind: "load", to: a, source: constant(operandBx(word)) };
    case Op53.LOADKX:
      return { kind: "load", to: a, source: constant(operandAx(proto.code[pc + 1] ?? 0)) };
    case Op53.GETUPVAL:
      return { kind: "load", to: a, source: upvalue(operandB(word)) };
    case Op53.GETTABUP:
    case Op53.GETTABLE: {
      const table = tableOf(word, operandB(word));
      const key = registerOrConstant(operandC(word));
      return { kind: "read", to: a, table, key, keepsTable: false };
    }
    case Op53.SETTABUP:
    case Op53.SETTABLE: {
      const [key, value] = [operandB(word), operandC(word)].map(registerOrConstant);
      return { kind: "store", table: tableOf(word, a), key, value };
    }
    case Op53.SELF:
      return methodStep(a, word);
    case Op53.CALL:
    case Op53.TAILCALL:
      return callStep(a, word);
    case Op53.CLOSURE:
      return closureStep(proto, a, operandBx(word));
    case Op53.VARARG:
      return varargStep(a, word);
    case Op53.LOADNIL:
      return spoil(a, a + operandB(word));
    case Op53.TFORCALL:
      return spoil(a + 3, LAST_REGISTER);
    case Op53.FORLOOP:
      return spoil(a, a + 3);
    default:
      return OPCODES_53[opcodeOf(word)].setsA ? spoil(a) : undefined;
  }
}

/** Of an instruction that goes for an upvalue, or for a register. */
function tableOf(word: number, index: number) {
  const op = opcodeOf(word);
  return op === Op53.GETTABUP || op === Op53.SETTABUP ? upvalue(index) : register(index);
}

function closureStep({ protos }: Proto, to: number, index: number): Step {
  const sources = protos[index]?.upvalueSources ?? [];
  const upvalues = sources.map(({ inStack, index: from }) =>
    inStack ? register(from) : upvalue(from),
  );
  return { kind: "closure", to, index, upvalues };
}

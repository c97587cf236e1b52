/** Lua 5.1's instructions as steps; see `code-steps.ts`. Source: lua51.md §3. */
import {
  callStep,
  constant,
  type Instruction,
  LAST_REGISTER,
  methodStep,
  register,
  registerOrConstant,
  type Source,
  type Step,
  spoil,
  testStep,
  upvalue,
  varargStep,
} from "./code-steps.ts";
import { opcodeOf, operandA, operandB, operandBx, operandC, operandSBx } from "./instruction.ts";
import { OPCODES_51, Op51 } from "./opcodes51.ts";
import type { Proto } from "./proto.ts";

const GLOBALS: Source = { from: "globals" };

export function readInstruction51(proto: Proto, pc: number): Instruction | undefined {
  const word = proto.code[pc];
  const op = opcodeOf(word);
  if (op >= OPCODES_51.length) return undefined;
  const next = nextOf(proto, pc, word);
  const step = stepOf(proto, pc, word);
  // What does not jump took the value along.
  return op === Op51.TESTSET ? { step, next, idleFrom: 1 } : { step, next };
}

function nextOf({ protos }: Proto, pc: number, word: number): readonly number[] {
  const behind = pc + 1;
  switch (opcodeOf(word)) {
    case Op51.JMP:
    case Op51.FORPREP:
      return [behind + operandSBx(word)];
    case Op51.FORLOOP:
      return [behind, behind + operandSBx(word)];
    case Op51.EQ:
    case Op51.LT:
    case Op51.LE:
    case Op51.TEST:
    case Op51.TESTSET:
    case Op51.TFORLOOP:
      return [behind, behind + 1];
    case Op51.LOADBOOL:
      return [operandC(word) === 0 ? behind : behind + 1];
    case Op51.SETLIST:
      return [operandC(word) === 0 ? behind + 1 : behind];
    case Op51.CLOSURE:
      return [behind + (protos[operandBx(word)]?.upvalueCount ?? 0)];
    case Op51.RETURN:
      return [];
    default:
      return [behind];
  }
}

function stepOf(proto: Proto, pc: number, word: number): Step | undefined {
  const a = operandA(word);
  switch (opcodeOf(word)) {
    case Op51.MOVE:
      return { kind: "load", to: a, source: register(operandB(word)) };
    case Op51.TESTSET:
      return testStep(a, word);
    case Op51.LOADK:
      return { kind: "load", to: a, source: constant(operandBx(word)) };
    case Op51.GETUPVAL:
      return { kind: "load", to: a, source: upvalue(operandB(word)) };
    case Op51.GETGLOBAL: {
      const key = constant(operandBx(word));
      return { kind: "read", to: a, table: GLOBALS, key, keepsTable: false };
    }
    case Op51.SETGLOBAL: {
      const key = constant(operandBx(word));
      return { kind: "store", table: GLOBALS, key, value: register(a) };
    }
    case Op51.GETTABLE: {
      const table = register(operandB(word));
      const key = registerOrConstant(operandC(word));
      return { kind: "read", to: a, table, key, keepsTable: false };
    }
    case Op51.SETTABLE: {
      const [key, value] = [operandB(word), operandC(word)].map(registerOrConstant);
      return { kind: "store", table: register(a), key, value };
    }
    case Op51.SELF:
      return methodStep(a, word);
    case Op51.CALL:
    case Op51.TAILCALL:
      return callStep(a, word);
    case Op51.CLOSURE:
      return closureStep(proto, pc, word);
    case Op51.VARARG:
      return varargStep(a, word);
    case Op51.LOADNIL:
      return spoil(a, operandB(word));
    case Op51.TFORLOOP:
      return spoil(a + 3, LAST_REGISTER);
    case Op51.FORLOOP:
      return spoil(a, a + 3);
    case Op51.TEST:
      return undefined;
    default:
      return OPCODES_51[opcodeOf(word)].setsA ? spoil(a) : undefined;
  }
}

/** The instructions behind CLOSURE tell its upvalues. */
function closureStep({ code, protos }: Proto, pc: number, word: number): Step {
  const index = operandBx(word);
  const count = protos[index]?.upvalueCount ?? 0;
  const upvalues = [...code.subarray(pc + 1, pc + 1 + count)].map((capture) => {
    const from = operandB(capture);
    return opcodeOf(capture) === Op51.MOVE ? register(from) : upvalue(from);
  });
  return { kind: "closure", to: operandA(word), index, upvalues };
}

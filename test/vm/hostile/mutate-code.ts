/**
 * Damages functions so that code checkers still accept many of them: operands change within what
 * there is, jumps stay inside, instructions are exchanged for others. The rest of the damage is
 * wild. Works from the opcode tables, for both Lua versions.
 */
import type { Constant } from "../../../src/base/number-model.ts";
import {
  encodeABC,
  encodeABx,
  encodeAsBx,
  opcodeOf,
  operandA,
  RK_CONSTANT,
  withA,
  withB,
  withC,
} from "../../../src/bytecode/instruction.ts";
import { type Layout53, type OpcodeRow, Operand } from "../../../src/bytecode/opcode-row.ts";
import { OPCODES_51 } from "../../../src/bytecode/opcodes51.ts";
import { OPCODES_53 } from "../../../src/bytecode/opcodes53.ts";
import type { Proto } from "../../../src/bytecode/proto.ts";
import type { Target } from "../../../src/target/target.ts";
import type { Random } from "../../fuzz/random.ts";

type Rows = readonly OpcodeRow<Layout53>[];

/** A copy of a function with one to four changes, in it or in functions within it. */
export function damageCode(proto: Proto, target: Target, random: Random): Proto {
  const rows: Rows = target.dialect.chunkVersion === 0x51 ? OPCODES_51 : OPCODES_53;
  let damaged = proto;
  for (let i = 1 + random.spread(5, 3, 2, 1); i > 0; i--) damaged = damage(damaged, rows, random);
  return damaged;
}

function damage(proto: Proto, rows: Rows, random: Random): Proto {
  if (proto.protos.length > 0 && random.chance(0.6)) {
    const protos = [...proto.protos];
    const at = random.below(protos.length);
    protos[at] = damage(protos[at], rows, random);
    return { ...proto, protos };
  }
  return random.weighted(CHANGES)(proto, rows, random);
}

type Change = (proto: Proto, rows: Rows, random: Random) => Proto;

const CHANGES: readonly (readonly [number, Change])[] = [
  [20, changeOperand],
  [8, replaceInstruction],
  [6, moveInstruction],
  [3, insertInstruction],
  [2, removeInstruction],
  [2, changeCount],
  [3, changeConstants],
  [1, (proto, _, random) => ({ ...proto, varargFlags: random.below(8) })],
  [2, changeNested],
  [1, changeLines],
  [1, changeNames],
  [1, changeUpvalueSources],
];

// Instructions

function withCode(proto: Proto, change: (code: Int32Array) => void): Proto {
  const code = proto.code.slice();
  if (code.length > 0) change(code);
  return { ...proto, code };
}

/** Another operand that could stand there. */
function changeOperand(proto: Proto, rows: Rows, random: Random): Proto {
  return withCode(proto, (code) => {
    const pc = random.below(code.length);
    const word = code[pc];
    const row = rows[opcodeOf(word)];
    if (row === undefined) return;
    const which = random.below(3);
    if (which === 0) code[pc] = withA(word, anyRegister(proto, random));
    else if (row.layout !== "ABC") code[pc] = anyLong(proto, row, pc, operandA(word), random, word);
    else if (which === 1) code[pc] = withB(word, anyOperand(proto, row.b, random));
    else code[pc] = withC(word, anyOperand(proto, row.c, random));
  });
}

function replaceInstruction(proto: Proto, rows: Rows, random: Random): Proto {
  return withCode(proto, (code) => {
    const pc = random.below(code.length);
    code[pc] = anyInstruction(proto, rows, pc, random);
  });
}

function insertInstruction(proto: Proto, rows: Rows, random: Random): Proto {
  const pc = random.below(proto.code.length + 1);
  const word = random.chance(0.5)
    ? anyInstruction(proto, rows, pc, random)
    : (proto.code[random.below(proto.code.length)] ?? 0);
  const code = Int32Array.of(...proto.code.slice(0, pc), word, ...proto.code.slice(pc));
  return { ...proto, code };
}

function removeInstruction(proto: Proto, _: Rows, random: Random): Proto {
  const pc = random.below(proto.code.length);
  return { ...proto, code: proto.code.filter((_word, at) => at !== pc) };
}

/** Copies one instruction over another, or exchanges the two. */
function moveInstruction(proto: Proto, _: Rows, random: Random): Proto {
  return withCode(proto, (code) => {
    const [a, b] = [random.below(code.length), random.below(code.length)];
    const word = code[a];
    code[a] = code[b];
    if (random.chance(0.5)) code[b] = word;
  });
}

function anyInstruction(proto: Proto, rows: Rows, pc: number, random: Random): number {
  const op = random.below(rows.length);
  const row = rows[op];
  const a = anyRegister(proto, random);
  if (row.layout !== "ABC") return anyLong(proto, row, pc, a, random, op);
  return encodeABC(op, a, anyOperand(proto, row.b, random), anyOperand(proto, row.c, random));
}

/** An instruction with one long operand; its opcode is that of a word. */
function anyLong(
  proto: Proto,
  row: OpcodeRow<Layout53>,
  pc: number,
  a: number,
  random: Random,
  word: number,
): number {
  const op = opcodeOf(word);
  if (row.layout === "AsBx") return encodeAsBx(op, a, random.below(proto.code.length) - pc - 1);
  const limit = row.b === Operand.Constant ? proto.constants.length : proto.protos.length;
  return encodeABx(op, a, random.chance(0.95) ? random.below(limit + 1) : random.below(1 << 18));
}

function anyRegister(proto: Proto, random: Random): number {
  return random.chance(0.97) ? random.below(proto.maxStackSize + 1) : random.below(256);
}

function anyOperand(proto: Proto, use: Operand, random: Random): number {
  if (use === Operand.None) return random.chance(0.97) ? 0 : random.below(512);
  if (use === Operand.Value) return random.chance(0.8) ? random.below(6) : random.below(512);
  return use === Operand.Constant && random.chance(0.5)
    ? RK_CONSTANT + random.below(Math.min(proto.constants.length, 255) + 1)
    : anyRegister(proto, random);
}

// Everything else

function changeCount(proto: Proto, _: Rows, random: Random): Proto {
  const field = random.pick(["maxStackSize", "parameterCount", "upvalueCount"] as const);
  const value = random.chance(0.7)
    ? proto[field] + random.pick([-2, -1, 1, 2, 5])
    : random.pick([0, 1, 4, 100, 249, 250, 255]);
  return { ...proto, [field]: value & 0xff };
}

// biome-ignore format: a list reads best as a block
const CONSTANTS: readonly Constant[] = [
  0, 1, -1, 3, 0x7fffffff, null, true, false, "", "x", "print", "a\0b", "__index",
];

function changeConstants(proto: Proto, _: Rows, random: Random): Proto {
  const constants = [...proto.constants];
  if (constants.length === 0) return { ...proto, constants: [random.pick(CONSTANTS)] };
  const [a, b] = [random.below(constants.length), random.below(constants.length)];
  if (random.chance(0.5)) constants[a] = random.pick(CONSTANTS);
  else [constants[a], constants[b]] = [constants[b], constants[a]];
  if (random.chance(0.1)) constants.pop();
  return { ...proto, constants };
}

/** Exchanges the functions within, or puts the function into itself. */
function changeNested(proto: Proto, _: Rows, random: Random): Proto {
  if (proto.protos.length === 0) return { ...proto, protos: [proto] };
  const protos = [...proto.protos];
  const [a, b] = [random.below(protos.length), random.below(protos.length)];
  if (random.chance(0.3)) protos[a] = { ...proto, protos: [] };
  else if (random.chance(0.2)) protos.pop();
  else [protos[a], protos[b]] = [protos[b], protos[a]];
  return { ...proto, protos };
}

function changeLines(proto: Proto, _: Rows, random: Random): Proto {
  const lineInfo = Uint8Array.from({ length: random.below(12) }, () =>
    random.pick([0, 1, 2, 126, 127, 128, 192, random.below(256)]),
  );
  const lineDefined = random.pick([0, 1, -1, 0x7fffffff, proto.lineDefined]);
  return { ...proto, lineInfo, lineDefined };
}

function changeNames(proto: Proto, _: Rows, random: Random): Proto {
  const locals = Array.from({ length: random.below(5) }, () => ({
    name: random.pick(["a", "self", "(for index)", "", null]),
    startPc: random.between(0, proto.code.length + 2),
    endPc: random.between(0, proto.code.length + 2),
  }));
  const upvalueNames = Array.from({ length: random.below(proto.upvalueCount + 1) }, () =>
    random.pick(["up", "_ENV", "", null]),
  );
  return { ...proto, locals, upvalueNames };
}

function changeUpvalueSources(proto: Proto, _: Rows, random: Random): Proto {
  const upvalueSources = proto.upvalueSources.map((source) =>
    random.chance(0.5) ? source : { inStack: random.chance(0.5), index: random.below(6) },
  );
  return { ...proto, upvalueSources };
}

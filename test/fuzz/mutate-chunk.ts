/**
 * Damages binary chunks: first in the function records, where the code checker must notice
 * (lua51.md §6.5), then in the bytes, where the loader must (lua51.md §6.4).
 */
import type { Constant } from "../../src/base/number-model.ts";
import { encodeABC, encodeAsBx, RK_CONSTANT } from "../../src/bytecode/instruction.ts";
import { OPCODES_51, Op51 } from "../../src/bytecode/opcodes51.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Random } from "./random.ts";

/** A copy of `proto` with one fact changed, in it or in a function within it. */
export function mutateProto(proto: Proto, random: Random): Proto {
  if (proto.protos.length > 0 && random.chance(0.5)) {
    const protos = [...proto.protos];
    const at = random.below(protos.length);
    protos[at] = mutateProto(protos[at], random);
    return { ...proto, protos };
  }
  return random.weighted(PROTO_CHANGES)(proto, random);
}

type ProtoChange = (proto: Proto, random: Random) => Proto;

const PROTO_CHANGES: readonly (readonly [number, ProtoChange])[] = [
  [12, changeInstruction],
  [5, replaceInstruction],
  [2, shuffleCode],
  [1, truncateCode],
  [2, changeCounts],
  [2, changeConstants],
  [1, (proto, random) => ({ ...proto, varargFlags: random.below(8) })],
  [1, (proto) => ({ ...proto, protos: proto.protos.slice(1) })],
  [1, (proto, random) => ({ ...proto, lineInfo: anyLines(random) })],
  [1, (proto, random) => ({ ...proto, lineDefined: random.pick([0, 1, -1, 0x7fffffff, 300]) })],
];

/** Copies one instruction over another, or swaps the two. */
function shuffleCode(proto: Proto, random: Random): Proto {
  const code = proto.code.slice();
  const [a, b] = [random.below(code.length), random.below(code.length)];
  code[a] = proto.code[b];
  if (random.chance(0.5)) code[b] = proto.code[a];
  return { ...proto, code };
}

/** Cuts the code short, mostly so that it no longer ends in RETURN. */
function truncateCode(proto: Proto, random: Random): Proto {
  return { ...proto, code: proto.code.slice(0, random.below(proto.code.length + 1)) };
}

/** Makes a frame, or the numbers of parameters or upvalues, slightly or wildly wrong. */
function changeCounts(proto: Proto, random: Random): Proto {
  const field = random.pick(["maxStackSize", "parameterCount", "upvalueCount"] as const);
  const near = proto[field] + random.pick([-2, -1, 1]);
  return { ...proto, [field]: (random.chance(0.7) ? near : random.pick([0, 4, 250, 251])) & 0xff };
}

/** Reorders the constants or replaces some by what no source can spell. */
function changeConstants(proto: Proto, random: Random): Proto {
  const { constants } = proto;
  if (random.chance(0.5)) return { ...proto, constants: constants.map(oddConstant) };
  return { ...proto, constants: constants.slice(random.below(2)).reverse() };
}

// biome-ignore format: a list reads best as a block
const ODD_CONSTANTS: readonly Constant[] = [
  Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, null, true, "a\0b", "",
];

/** Every second constant becomes an odd one, these in turn. */
function oddConstant(constant: Constant, index: number): Constant {
  return index % 2 === 0 ? constant : ODD_CONSTANTS[(index >> 1) % ODD_CONSTANTS.length];
}

/** First bit and width of the operands: opcode, A, C, B, Bx. */
// biome-ignore format: a list reads best as a block
const FIELDS = [[0, 6], [6, 8], [14, 9], [23, 9], [14, 18]];

/** Changes one operand or the opcode of an instruction, slightly or to anything. */
function changeInstruction(proto: Proto, random: Random): Proto {
  const code = proto.code.slice();
  const pc = random.below(code.length);
  const [from, width] = random.pick(FIELDS);
  const mask = 2 ** width - 1;
  const old = (code[pc] >>> from) & mask;
  const value = random.chance(0.5)
    ? old + random.pick([-2, -1, 1, 2, 256])
    : random.below(mask + 1);
  code[pc] = (code[pc] & ~(mask << from)) | ((value & mask) << from);
  return { ...proto, code };
}

/** Puts any instruction with plausible operands in the place of one. */
function replaceInstruction(proto: Proto, random: Random): Proto {
  const code = proto.code.slice();
  const operand = () => random.below(6) + (random.chance(0.2) ? RK_CONSTANT : 0);
  const op = random.chance(0.3) ? Op51.SETLIST : random.below(OPCODES_51.length + 1);
  const word = random.chance(0.3)
    ? encodeAsBx(op, random.below(6), random.between(-3, 3))
    : encodeABC(op, random.below(6), operand(), operand());
  code[random.below(code.length)] = word;
  return { ...proto, code };
}

/** Packed line info as no compiler writes it. */
function anyLines(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.below(12) }, () =>
    random.pick([0, 1, 2, 126, 127, 128, 192, random.below(256)]),
  );
}

/** Values that mean something where a byte or an int is expected. */
const INTERESTING = [0, 1, 2, 3, 4, 5, 6, 8, 0x1b, 0x7f, 0x80, 0xff];
const INTERESTING_INTS = [
  0, 1, 2, 255, 256, 0xffff, 0x7fffffff, -1, -2147483648, 0x10000, 0x40000000,
];

/** The chunk with one to three changes in its bytes. */
export function mutateBytes(chunk: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = chunk.slice();
  for (let i = 1 + random.spread(5, 2, 1); i > 0; i--) bytes = changeBytes(bytes, random);
  return bytes;
}

/** One change, seldom in the header, where nearly any is the end of it. */
function changeBytes(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 13) return bytes;
  const at = random.chance(0.15) ? random.below(12) : random.between(12, bytes.length - 1);
  return random.weighted(BYTE_CHANGES)(bytes, at, random);
}

type ByteChange = (bytes: Uint8Array, at: number, random: Random) => Uint8Array;

const BYTE_CHANGES: readonly (readonly [number, ByteChange])[] = [
  [4, (bytes, at, random) => replaced(bytes, at, 1, [bytes[at] ^ (1 << random.below(8))])],
  [3, (bytes, at, random) => replaced(bytes, at, 1, [random.pick(INTERESTING)])],
  [2, (bytes, at, random) => replaced(bytes, at, 4, intBytes(random.pick(INTERESTING_INTS)))],
  [1, (bytes, at) => bytes.slice(0, at)],
  [1, (bytes, at, random) => replaced(bytes, at, random.between(1, 4), [])],
  [1, (bytes, at, random) => replaced(bytes, at, 0, [random.below(256)])],
];

/** A copy with `count` bytes at `at` replaced by others. */
function replaced(bytes: Uint8Array, at: number, count: number, others: number[]): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...others, ...bytes.subarray(at + count)]);
}

function intBytes(value: number): number[] {
  return [value, value >> 8, value >> 16, value >> 24];
}

/**
 * The 32-bit instruction word that both Lua versions share (lua51.md §3):
 *
 *     bit 31        23 22        14 13       6 5      0
 *         [    B     ] [    C     ] [   A    ] [  op  ]     ABC
 *         [          Bx           ] [   A    ] [  op  ]     ABx
 *         [          sBx          ] [   A    ] [  op  ]     AsBx, Bx = sBx + 131071
 *         [               Ax               ] [  op  ]     Ax, in Lua 5.3
 *
 * A B or C operand may be "RK": a register, or a constant when its bit 8 is set.
 * Words are kept as signed 32-bit numbers, which JavaScript handles fastest.
 */

export const MAX_BX = 0x3ffff;
/** The offset that makes sBx signed; also the longest jump. */
export const MAX_SBX = MAX_BX >> 1;
export const MAX_B = 0x1ff;
export const MAX_AX = 0x3ffffff;

/** Set in an RK operand that names a constant. */
export const RK_CONSTANT = 0x100;
/** The highest constant index an RK operand can name. */
export const MAX_RK_CONSTANT = RK_CONSTANT - 1;

export function opcodeOf(word: number): number {
  return word & 0x3f;
}

export function operandA(word: number): number {
  return (word >>> 6) & 0xff;
}

export function operandB(word: number): number {
  return word >>> 23;
}

export function operandC(word: number): number {
  return (word >>> 14) & 0x1ff;
}

export function operandBx(word: number): number {
  return word >>> 14;
}

export function operandSBx(word: number): number {
  return (word >>> 14) - MAX_SBX;
}

export function operandAx(word: number): number {
  return word >>> 6;
}

export function encodeABC(op: number, a: number, b: number, c: number): number {
  return op | (a << 6) | (c << 14) | (b << 23);
}

export function encodeABx(op: number, a: number, bx: number): number {
  return op | (a << 6) | (bx << 14);
}

export function encodeAsBx(op: number, a: number, sbx: number): number {
  return encodeABx(op, a, sbx + MAX_SBX);
}

export function withA(word: number, a: number): number {
  return (word & ~(0xff << 6)) | (a << 6);
}

export function withB(word: number, b: number): number {
  return (word & 0x7fffff) | (b << 23);
}

export function withC(word: number, c: number): number {
  return (word & ~(0x1ff << 14)) | (c << 14);
}

/**
 * Table sizes in NEWTABLE are "floating point bytes": `eeeeexxx` stands for `1xxx × 2^(eeeee−1)`
 * (for eeeee = 0, just xxx). This is the smallest one that holds at least `size`.
 */
export function toFloatingByte(size: number): number {
  let exponent = 0;
  let mantissa = size;
  while (mantissa >= 16) {
    mantissa = (mantissa + 1) >> 1;
    exponent++;
  }
  return mantissa < 8 ? mantissa : ((exponent + 1) << 3) | (mantissa - 8);
}

/** The size that a floating point byte stands for. */
export function fromFloatingByte(byte: number): number {
  const exponent = byte >> 3;
  return exponent === 0 ? byte : ((byte & 7) + 8) * 2 ** ((exponent & 31) - 1);
}

/** Array items that one SETLIST stores at most, in both Lua versions. */
export const FIELDS_PER_FLUSH = 50;

/**
 * What is known of an opcode, in either Lua version. Each version has its own numbers, in
 * `opcodes51.ts` and `opcodes53.ts`; listings and code checkers are derived from the rows.
 */

/** How a B, C or Bx operand is used. */
export enum Operand {
  /** Not used; must be 0. */
  None,
  /** A count, index or flag. */
  Value,
  /** A register, or a jump distance in an AsBx instruction. */
  Register,
  /** A register or a constant; in an ABx instruction a constant. */
  Constant,
}

/** How the word is divided in Lua 5.1. */
export type Layout51 = "ABC" | "ABx" | "AsBx";
/** In Lua 5.3 there is a word with one operand above the opcode, too. */
export type Layout53 = Layout51 | "Ax";

export interface OpcodeFacts<Layout> {
  readonly layout: Layout;
  /** The instruction is a test: a jump must follow. */
  readonly test: boolean;
  /** The instruction sets register A. */
  readonly setsA: boolean;
  readonly b: Operand;
  readonly c: Operand;
}

export interface OpcodeRow<Layout> extends OpcodeFacts<Layout> {
  readonly name: string;
}

/** The facts of one opcode, in the order of the tables' columns. */
export function opcodeFacts<Layout extends Layout53>(
  layout: Layout,
  b: Operand,
  c: Operand,
  setsA: boolean,
  test = false,
): OpcodeFacts<Layout> {
  return { layout, test, setsA, b, c };
}

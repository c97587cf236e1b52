/** Instructions of Lua 5.3 from text. It shares no code with the product. Source: lua53.md §0. */

// biome-ignore format: the opcodes in the order of their numbers
export const OPCODES = [
  "MOVE", "LOADK", "LOADKX", "LOADBOOL", "LOADNIL", "GETUPVAL", "GETTABUP", "GETTABLE", "SETTABUP",
  "SETUPVAL", "SETTABLE", "NEWTABLE", "SELF", "ADD", "SUB", "MUL", "MOD", "POW", "DIV", "IDIV",
  "BAND", "BOR", "BXOR", "SHL", "SHR", "UNM", "BNOT", "NOT", "LEN", "CONCAT", "JMP", "EQ", "LT",
  "LE", "TEST", "TESTSET", "CALL", "TAILCALL", "RETURN", "FORLOOP", "FORPREP", "TFORCALL",
  "TFORLOOP", "SETLIST", "CLOSURE", "VARARG", "EXTRAARG",
];

const MAX_SBX = 131071;

/**
 * One instruction from text such as `ADD 0 1 k2`: name, then A B C, A Bx, A sBx, or Ax; operands
 * left out are 0, and `kN` in B or C is constant N.
 */
export function assemble53(text: string): number {
  const [name, ...operands] = text.split(" ");
  const op = OPCODES.indexOf(name);
  if (op < 0) throw new Error(`no opcode ${name}`);
  const [a = 0, b = 0, c = 0] = operands.map((operand) =>
    operand.startsWith("k") ? 256 + Number(operand.slice(1)) : Number(operand),
  );
  if (name === "EXTRAARG") return op | (a << 6);
  if (["JMP", "FORLOOP", "FORPREP", "TFORLOOP"].includes(name)) {
    return op | (a << 6) | ((b + MAX_SBX) << 14);
  }
  if (["LOADK", "LOADKX", "CLOSURE"].includes(name)) return op | (a << 6) | (b << 14);
  return op | (a << 6) | (c << 14) | (b << 23);
}

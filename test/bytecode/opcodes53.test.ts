/** The opcode table of Lua 5.3. */
import { expect, test } from "vitest";
import { Operand } from "../../src/bytecode/opcode-row.ts";
import { OPCODES_53, Op53 } from "../../src/bytecode/opcodes53.ts";

function named(choose: (row: (typeof OPCODES_53)[number]) => boolean): string {
  return OPCODES_53.filter(choose)
    .map((row) => row.name)
    .join(" ");
}

test("each opcode has a row with its name", () => {
  expect(OPCODES_53).toHaveLength(47);
  expect(OPCODES_53.map((row) => row.name)).toEqual(OPCODES_53.map((_, op) => Op53[op]));
});

test("numbers that files carry", () => {
  // lua53.md §4.3: RETURN 0 1 is 26 00 80 00
  expect([Op53.MOVE, Op53.ADD, Op53.JMP, Op53.RETURN, Op53.EXTRAARG]).toEqual([0, 13, 30, 38, 46]);
});

test("tests, which a jump follows", () => {
  expect(named((row) => row.test)).toBe("EQ LT LE TEST TESTSET");
});

test("instructions that set no register A", () => {
  expect(named((row) => !row.setsA)).toBe(
    "SETTABUP SETUPVAL SETTABLE JMP EQ LT LE TEST RETURN TFORCALL SETLIST EXTRAARG",
  );
});

test("layouts other than ABC", () => {
  expect(named((row) => row.layout === "ABx")).toBe("LOADK LOADKX CLOSURE");
  expect(named((row) => row.layout === "AsBx")).toBe("JMP FORLOOP FORPREP TFORLOOP");
  expect(named((row) => row.layout === "Ax")).toBe("EXTRAARG");
});

test("operands that may be constants", () => {
  const { Constant } = Operand;
  const arithmetic = "ADD SUB MUL MOD POW DIV IDIV BAND BOR BXOR SHL SHR";
  expect(named((row) => row.b === Constant)).toBe(`LOADK SETTABUP SETTABLE ${arithmetic} EQ LT LE`);
  expect(named((row) => row.c === Constant)).toBe(
    `GETTABUP GETTABLE SETTABUP SETTABLE SELF ${arithmetic} EQ LT LE`,
  );
});

/** The code checker of Lua 5.1 (lua51.md §6.5): each rule by a function that just breaks it. */
import { describe, expect, test } from "vitest";
import { ChunkError } from "../../src/base/errors.ts";
import { describeComplaint } from "../../src/bytecode/complaint.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { verifyChunk51, verifyProto51 } from "../../src/bytecode/verify51.ts";
import { makeProto, type ProtoShape } from "../support/make-proto.ts";

const END = "RETURN 0 1";
/** A nested function that takes two upvalues. */
const nested = makeProto({ upvalueCount: 2 });

function complaintOf(shape: ProtoShape): string | undefined {
  const complaint = verifyProto51(makeProto(shape));
  return complaint && describeComplaint(complaint);
}

const refused: readonly (readonly [expected: string, shape: ProtoShape])[] = [
  ["function: a frame of 251 registers is over the limit of 250", { maxStackSize: 251 }],
  ["function: 3 parameters do not fit a frame of 2", { parameterCount: 3 }],
  ["function: 3 parameters do not fit a frame of 2", { parameterCount: 2, varargFlags: 3 }],
  ["function: vararg flags 6 fill a hidden arg that is not declared", { varargFlags: 6 }],
  [
    "function: 2 upvalue names are too many for 1 upvalues",
    { upvalueCount: 1, upvalueNames: ["a", "b"] },
  ],
  ["function: there is no code", { code: [] }],
  ["function: the last instruction is not RETURN", { code: [END, "MOVE 0 1"] }],

  ["instruction 1: opcode 38 does not exist", { code: [38, END] }],
  ["instruction 2: register 2 is outside the frame of 2", { code: ["MOVE 0 1", "MOVE 2 0", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["MOVE 0 2", END] }],
  ["instruction 1: register 0 is outside the frame of 0", { maxStackSize: 0 }],
  ["instruction 1: operand C is not used but is 1", { code: ["MOVE 0 0 1", END] }],
  ["instruction 1: operand B is not used but is 7", { code: ["CLOSE 0 7", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["ADD 0 2 0", END] }],
  [
    "instruction 1: constant 1 is outside the table of 1",
    { code: ["ADD 0 0 k1", END], constants: [1] },
  ],
  [
    "instruction 1: constant 1 is outside the table of 1",
    { code: ["LOADK 0 1", END], constants: [1] },
  ],

  ["instruction 1: the jump to 4 leaves the code", { code: ["JMP 0 2", "MOVE 0 0", END] }],
  ["instruction 1: the jump to 0 leaves the code", { code: ["JMP 0 -2", END] }],
  [
    "instruction 1: the jump to 4 leaves the code",
    { code: ["FORPREP 0 2", "MOVE 0 0", END], maxStackSize: 4 },
  ],
  [
    "instruction 1: the jump to 3 hits a SETLIST batch number",
    { code: ["JMP 0 1", "SETLIST 0 1 0", 700, END] },
  ],
  [
    "instruction 1: the jump to 5 hits a SETLIST batch number",
    // Of three words alike, the second is a number and the third is followed by one.
    { code: ["JMP 0 3", "SETLIST 0 1 0", "SETLIST 0 1 0", "SETLIST 0 1 0", 700, END] },
  ],
  ["instruction 1: no JMP follows the test", { code: ["EQ 0 0 1", "MOVE 0 0", END] }],
  [
    "instruction 1: the instruction it may skip to is outside the code",
    { code: ["TEST 0 0 1", END] },
  ],
  [
    "instruction 1: the instruction it skips to is outside the code",
    { code: ["LOADBOOL 0 1 1", END] },
  ],
  [
    "instruction 1: it skips to a SETLIST batch number",
    { code: ["LOADBOOL 0 1 1", "SETLIST 0 1 0", 700, END] },
  ],

  [
    "instruction 1: upvalue 1 is outside the list of 1",
    { code: ["GETUPVAL 0 1", END], upvalueCount: 1 },
  ],
  ["instruction 1: upvalue 0 is outside the list of 0", { code: ["SETUPVAL 0 0", END] }],
  [
    "instruction 1: the name of the global is not a string",
    { code: ["GETGLOBAL 0 0", END], constants: [1] },
  ],
  [
    "instruction 1: the name of the global is not a string",
    { code: ["SETGLOBAL 0 0", END], constants: [null] },
  ],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["SELF 1 0 0", END] }],
  [
    "instruction 1: the range from 1 to 1 is not two registers or more",
    { code: ["CONCAT 0 1 1", END] },
  ],
  [
    "instruction 1: the loop has no variable",
    { code: ["TFORLOOP 0 0 0", "JMP 0 0", END], maxStackSize: 4 },
  ],
  [
    "instruction 1: register 4 is outside the frame of 4",
    { code: ["TFORLOOP 0 0 2", "JMP 0 0", END], maxStackSize: 4 },
  ],
  [
    "instruction 1: register 3 is outside the frame of 3",
    { code: ["FORLOOP 0 0", END], maxStackSize: 3 },
  ],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["CALL 0 3 1", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["CALL 0 1 4", END] }],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["CALL 0 1 0", END] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["TAILCALL 0 1 0", "MOVE 0 0", END] },
  ],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["RETURN 0 4"] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["SETLIST 0 2 1", END] }],
  ["instruction 1: its batch number is missing", { code: ["SETLIST 0 1 0", END] }],

  ["instruction 1: function 0 is outside the list of 0", { code: ["CLOSURE 0 0", END] }],
  [
    "instruction 1: the upvalues of the closure are outside the code",
    { code: ["CLOSURE 0 0", END], protos: [nested] },
  ],
  [
    "instruction 1: instruction 3 does not name an upvalue for the closure",
    { code: ["CLOSURE 0 0", "MOVE 0 0", "LOADNIL 0 0", END], protos: [nested] },
  ],
  ["instruction 1: vararg flags 0 do not allow it", { code: ["VARARG 0 1", END], varargFlags: 0 }],
  ["instruction 1: vararg flags 7 do not allow it", { code: ["VARARG 0 1", END], varargFlags: 7 }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["VARARG 0 4", END] }],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["VARARG 0 0", END] },
  ],
];

describe("refused", () => {
  test.each(refused)("%s", (expected, shape) => {
    expect(complaintOf(shape)).toBe(expected);
  });
});

const accepted: readonly (readonly [what: string, shape: ProtoShape])[] = [
  ["an empty main chunk", {}],
  ["the largest frame", { maxStackSize: 250, code: ["MOVE 249 0", END] }],
  ["as many parameters as registers", { parameterCount: 1, varargFlags: 7 }],
  ["fewer upvalue names than upvalues", { upvalueCount: 2, upvalueNames: ["a"] }],
  ["a jump to the first and to the last instruction", { code: ["JMP 0 -1", "JMP 0 0", END] }],
  ["open results taken up", { code: ["VARARG 0 0", "CALL 0 0 0", "RETURN 0 0", END] }],
  ["a batch number that is no opcode", { code: ["SETLIST 0 0 0", 0x3f, END] }],
  [
    "a batch number that looks like a SETLIST with one",
    // The jump goes to the word after the second; a run of two leaves it an instruction.
    { code: ["JMP 0 2", "SETLIST 0 1 0", "SETLIST 0 1 0", END] },
  ],
  [
    "upvalues by MOVE and GETUPVAL",
    {
      upvalueCount: 1,
      protos: [nested],
      code: ["CLOSURE 0 0", "MOVE 0 1", "GETUPVAL 0 0", END],
    },
  ],
  ["vararg once arg is not needed", { varargFlags: 3, code: ["VARARG 0 3", END] }],
  ["a global whose name is a string", { code: ["GETGLOBAL 0 0", END], constants: [""] }],
  [
    "operands at their limits",
    {
      constants: [1],
      code: ["SELF 0 1 k0", "CALL 0 2 3", "SETLIST 0 1 1", "CONCAT 0 0 1", "RETURN 0 3"],
    },
  ],
];

describe("accepted", () => {
  test.each(accepted)("%s", (_, shape) => {
    expect(complaintOf(shape)).toBeUndefined();
  });
});

test("a function is checked without those within it, a chunk with them", () => {
  const inner = makeProto({ source: "=inner", code: [END, "MOVE 0 7", END] });
  const outer = makeProto({ protos: [inner], code: ["CLOSURE 0 0", END] });
  expect(verifyProto51(outer)).toBeUndefined();
  expect(faultOf(outer)).toMatchObject({
    code: "chunk-code",
    message: "inner: bad code in precompiled chunk",
    offset: 4,
    field: "instruction 2: register 7 is outside the frame of 2",
  });
  expect(() => verifyChunk51(makeProto({ protos: [nested] }))).not.toThrow();
});

test("nested functions are checked first", () => {
  const inner = makeProto({ source: "=inner", varargFlags: 4 });
  const outer = makeProto({ protos: [inner], code: [] });
  expect(faultOf(outer)).toMatchObject({
    message: "inner: bad code in precompiled chunk",
    offset: 0,
  });
});

test("jumps to the end of a long run of wide SETLISTs do not measure it again and again", {
  timeout: 5_000,
}, () => {
  const run = Array.from({ length: 200_000 }, () => "SETLIST 0 1 0");
  const jumps = Array.from({ length: 100_000 }, (_, i) => `JMP 0 ${-1 - i}`);
  expect(complaintOf({ code: [...run, ...jumps, END] })).toBeUndefined();
});

function faultOf(proto: Proto): ChunkError {
  try {
    verifyChunk51(proto);
  } catch (error) {
    if (error instanceof ChunkError) return error;
    throw error;
  }
  return expect.unreachable();
}

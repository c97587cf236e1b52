/** The code checker of Lua 5.3: each rule by a function that just breaks it. */
import { describe, expect, test } from "vitest";
import { ChunkError } from "../../src/base/errors.ts";
import { describeComplaint } from "../../src/bytecode/complaint.ts";
import type { Proto, UpvalueSource } from "../../src/bytecode/proto.ts";
import { verifyChunk53, verifyProto53 } from "../../src/bytecode/verify53.ts";
import { makeProto53, type ProtoShape53 } from "../support/targets53.ts";

const END = "RETURN 0 1";

function complaintOf(shape: ProtoShape53): string | undefined {
  const complaint = verifyProto53(makeProto53(shape));
  return complaint && describeComplaint(complaint);
}

const local = (index: number): UpvalueSource => ({ inStack: true, index });
const outer = (index: number): UpvalueSource => ({ inStack: false, index });
const nested = (...upvalueSources: UpvalueSource[]): Proto => makeProto53({ upvalueSources });

/** A numeric and a generic loop as compilers write them, in a frame that just holds them. */
const NUMERIC: ProtoShape53 = {
  maxStackSize: 4,
  code: ["FORPREP 0 1", "MOVE 3 3", "FORLOOP 0 -2", END],
};
const GENERIC: ProtoShape53 = {
  maxStackSize: 6,
  code: ["JMP 0 1", "MOVE 3 3", "TFORCALL 0 0 3", "TFORLOOP 2 -3", END],
};

const refused: readonly (readonly [expected: string, shape: ProtoShape53])[] = [
  ["function: a frame of 256 registers is over the limit of 255", { maxStackSize: 256 }],
  ["function: 3 parameters do not fit a frame of 2", { parameterCount: 3 }],
  [
    "function: 256 upvalues are over the limit of 255",
    { upvalueSources: Array.from({ length: 256 }, () => local(0)) },
  ],
  [
    "function: 2 upvalue names are too many for 1 upvalues",
    { upvalueSources: [local(0)], upvalueNames: ["a", "b"] },
  ],
  ["function: there is no code", { code: [] }],
  ["function: the last instruction is not RETURN", { code: [END, "MOVE 0 1"] }],

  // Operands
  ["instruction 1: opcode 47 does not exist", { code: [47, END] }],
  ["instruction 1: opcode 63 does not exist", { code: [-1, END] }],
  ["instruction 2: register 2 is outside the frame of 2", { code: ["MOVE 0 1", "MOVE 2 0", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["MOVE 0 2", END] }],
  ["instruction 1: register 0 is outside the frame of 0", { maxStackSize: 0 }],
  ["instruction 1: register 300 is outside the frame of 2", { code: ["UNM 0 300", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["ADD 0 2 0", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["SETTABLE 2 0 0", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["EQ 0 2 0", "JMP 0 0", END] }],
  [
    "instruction 1: constant 1 is outside the table of 1",
    { code: ["SHL 0 0 k1", END], constants: [1] },
  ],
  ["instruction 1: constant 0 is outside the table of 0", { code: ["LOADK 0 0", END] }],
  [
    "instruction 1: constant 1 is outside the table of 1",
    { code: ["LOADKX 0", "EXTRAARG 1", END], constants: [1] },
  ],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["LOADNIL 1 1", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["SELF 1 0 0", END] }],
  ["instruction 1: upvalue 1 is outside the list of 1", { code: ["GETUPVAL 0 1", END] }],
  ["instruction 1: upvalue 1 is outside the list of 1", { code: ["SETUPVAL 0 1", END] }],
  ["instruction 1: upvalue 1 is outside the list of 1", { code: ["GETTABUP 0 1 0", END] }],
  ["instruction 1: upvalue 1 is outside the list of 1", { code: ["SETTABUP 1 0 0", END] }],
  [
    "instruction 1: upvalue 0 is outside the list of 0",
    { code: ["GETUPVAL 0 0", END], upvalueSources: [] },
  ],
  [
    "instruction 1: the range from 1 to 1 is not two registers or more",
    { code: ["CONCAT 0 1 1", END] },
  ],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["CALL 0 3 1", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["CALL 0 1 4", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["RETURN 0 4"] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["VARARG 0 4", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["SETLIST 0 2 1", END] }],
  [
    "instruction 1: the function takes no extra arguments",
    { code: ["VARARG 0 1", END], varargFlags: 0 },
  ],

  // Flow
  ["instruction 1: the jump to 4 leaves the code", { code: ["JMP 0 2", "MOVE 0 0", END] }],
  ["instruction 1: the jump to 0 leaves the code", { code: ["JMP 0 -2", END] }],
  ["instruction 1: register 2 is outside the frame of 2", { code: ["JMP 3 0", END] }],
  [
    "instruction 1: the jump to 3 hits an EXTRAARG",
    { code: ["JMP 0 1", "SETLIST 0 1 0", "EXTRAARG 9", END] },
  ],
  ["instruction 1: the jump to 3 leaves the code", { code: ["LOADBOOL 0 1 1", END] }],
  [
    "instruction 1: the jump to 3 hits an EXTRAARG",
    { code: ["LOADBOOL 0 1 1", "LOADKX 0", "EXTRAARG", END], constants: [1] },
  ],
  ["instruction 1: no JMP follows the test", { code: ["LT 0 0 1", "MOVE 0 0", END] }],
  ["instruction 1: no JMP follows the test", { code: ["TESTSET 0 0 1", END] }],
  ["instruction 1: no EXTRAARG follows", { code: ["LOADKX 0", END], constants: [1] }],
  ["instruction 1: no EXTRAARG follows", { code: ["SETLIST 0 1 0", END] }],
  ["function: the last instruction is not RETURN", { code: ["SETLIST 0 1 0", "EXTRAARG 1"] }],
  ["instruction 1: batch numbers begin with 1", { code: ["SETLIST 0 1 0", "EXTRAARG 0", END] }],
  ["instruction 1: no LOADKX or SETLIST stands before it", { code: ["EXTRAARG 0", END] }],
  [
    "instruction 3: no LOADKX or SETLIST stands before it",
    { code: ["LOADKX 0", "EXTRAARG", "EXTRAARG", END], constants: [1] },
  ],

  // Open results
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["CALL 0 1 0", END] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["VARARG 0 0", "MOVE 0 1", "RETURN 0 0"] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["TAILCALL 0 1 0", END] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    // Were there no results, the call would have less than no arguments.
    { code: ["VARARG 0 0", "CALL 0 0 1", END] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["VARARG 1 0", "SETLIST 1 0 1", END] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["VARARG 0 0", "RETURN 1 0"] },
  ],
  [
    "instruction 1: the next instruction does not take up its open results",
    { code: ["TAILCALL 1 1 0", "CALL 0 0 1", END] },
  ],
  [
    "instruction 1: a tail call has no number of results",
    { code: ["TAILCALL 0 1 1", "RETURN 0 0"] },
  ],
  [
    "instruction 1: the instruction before leaves no open results to take up",
    { code: ["RETURN 0 0"] },
  ],
  [
    "instruction 2: the instruction before leaves no open results to take up",
    { code: ["CALL 0 1 2", "CALL 0 0 1", END] },
  ],
  [
    "instruction 2: the instruction before leaves no open results to take up",
    { code: ["MOVE 0 0", "SETLIST 0 0 1", END] },
  ],
  [
    "instruction 1: the jump to 3 misses the open results it needs",
    { code: ["JMP 0 1", "VARARG 0 0", "RETURN 0 0"] },
  ],
  [
    "instruction 1: the jump to 3 misses the open results it needs",
    { code: ["LOADBOOL 0 0 1", "VARARG 0 0", "RETURN 0 0"] },
  ],

  // Loops
  ["instruction 1: register 3 is outside the frame of 3", { ...NUMERIC, maxStackSize: 3 }],
  [
    "instruction 1: register 3 is outside the frame of 3",
    { code: ["FORLOOP 0 -1", END], maxStackSize: 3 },
  ],
  ["instruction 1: the jump to 9 leaves the code", { maxStackSize: 4, code: ["FORPREP 0 7", END] }],
  [
    "instruction 1: it does not lead to a FORLOOP that leads back",
    { maxStackSize: 4, code: ["FORPREP 0 0", END] },
  ],
  [
    "instruction 1: it does not lead to a FORLOOP that leads back",
    { maxStackSize: 5, code: ["FORPREP 1 0", "FORLOOP 0 -1", END] },
  ],
  [
    "instruction 1: it does not lead to a FORLOOP that leads back",
    { maxStackSize: 4, code: ["FORPREP 0 1", "MOVE 0 0", "FORLOOP 0 -1", END] },
  ],
  [
    "instruction 2: no FORPREP leads to it",
    { maxStackSize: 4, code: ["MOVE 0 0", "FORLOOP 0 -1", END] },
  ],
  ["instruction 1: no FORPREP leads to it", { maxStackSize: 4, code: ["FORLOOP 0 -1", END] }],
  [
    "instruction 3: no FORPREP leads to it",
    { maxStackSize: 4, code: ["FORPREP 0 0", "FORLOOP 0 -1", "FORLOOP 0 -2", END] },
  ],
  ["instruction 3: register 5 is outside the frame of 5", { ...GENERIC, maxStackSize: 5 }],
  [
    "instruction 1: register 6 is outside the frame of 6",
    { maxStackSize: 6, code: ["TFORCALL 0 0 4", "TFORLOOP 2 -2", END] },
  ],
  [
    "instruction 1: the loop has no variable",
    { maxStackSize: 6, code: ["TFORCALL 0 0 0", "TFORLOOP 2 -2", END] },
  ],
  [
    "instruction 1: no TFORLOOP of the same loop follows",
    { maxStackSize: 6, code: ["TFORCALL 0 0 1", "TFORLOOP 1 -2", END] },
  ],
  [
    "instruction 1: no TFORLOOP of the same loop follows",
    { maxStackSize: 6, code: ["TFORCALL 0 0 1", "MOVE 0 0", END] },
  ],
  [
    "instruction 2: no TFORCALL of the same loop stands before it",
    { maxStackSize: 6, code: ["MOVE 0 0", "TFORLOOP 2 -2", END] },
  ],
  [
    "instruction 1: no TFORCALL of the same loop stands before it",
    { maxStackSize: 6, code: ["TFORLOOP 2 -1", END] },
  ],
  [
    "instruction 1: register 6 is outside the frame of 6",
    {
      maxStackSize: 6,
      code: ["TFORCALL 1 0 1", "TFORLOOP 3 -2", END],
    },
  ],

  // Closures
  ["instruction 1: function 0 is outside the list of 0", { code: ["CLOSURE 0 0", END] }],
  [
    "instruction 1: an upvalue of the closure is not there: register 2 is outside the frame of 2",
    { code: ["CLOSURE 0 0", END], protos: [nested(local(0), local(2))] },
  ],
  [
    "instruction 2: an upvalue of the closure is not there: upvalue 1 is outside the list of 1",
    { code: ["CLOSURE 0 0", "CLOSURE 0 1", END], protos: [nested(local(1)), nested(outer(1))] },
  ],
];

describe("refused", () => {
  test.each(refused)("%s", (expected, shape) => {
    expect(complaintOf(shape)).toBe(expected);
  });

  test("upvalues without a source", () => {
    const proto = { ...makeProto53(), upvalueCount: 2 };
    expect(verifyProto53(proto)?.reason).toBe("1 upvalue sources do not match 2 upvalues");
  });
});

const accepted: readonly (readonly [what: string, shape: ProtoShape53])[] = [
  ["an empty main chunk", {}],
  ["a combination of chunks, with the smallest frame", { maxStackSize: 1, protos: [nested()] }],
  ["the largest frame", { maxStackSize: 255, code: ["MOVE 254 0", END] }],
  ["as many parameters as registers", { parameterCount: 2 }],
  ["a numeric loop", NUMERIC],
  ["a generic loop", GENERIC],
  ["a jump to the first and to the last instruction", { code: ["JMP 0 -1", "JMP 0 0", END] }],
  ["a jump that closes upvalues from the last register on", { code: ["JMP 2 0", END] }],
  [
    "flags where others have registers",
    { code: ["EQ 255 0 1", "JMP 0 0", "TEST 0 9 1", "JMP 0 0", END] },
  ],
  [
    "operands that are not used",
    { code: ["MOVE 0 1 511", "LOADKX 0 7", "EXTRAARG", END], constants: [1] },
  ],
  [
    "open results taken up",
    { maxStackSize: 3, code: ["VARARG 2 0", "CALL 1 0 0", "CALL 0 0 0", "RETURN 0 0"] },
  ],
  ["open results with fixed ones before", { maxStackSize: 4, code: ["VARARG 3 0", "RETURN 1 0"] }],
  ["a tail call", { code: ["VARARG 1 0", "TAILCALL 0 0 0", "RETURN 0 0", END] }],
  ["an open list", { code: ["VARARG 1 0", "SETLIST 0 0 0", "EXTRAARG 512", END] }],
  ["a jump to who leaves open results", { code: ["JMP 0 0", "VARARG 0 0", "RETURN 0 0"] }],
  [
    "operands at their limits",
    {
      constants: [1],
      upvalueSources: [local(255)],
      protos: [nested(local(1), outer(0))],
      code: [
        "SELF 0 1 k0",
        "SETTABUP 0 k0 1",
        "LOADNIL 0 1",
        "CLOSURE 1 0",
        "CALL 0 2 3",
        "SETLIST 0 1 1",
        "CONCAT 0 0 1",
        "LOADBOOL 0 0 1",
        "VARARG 0 3",
        "RETURN 0 3",
      ],
    },
  ],
  [
    "functions in no closure, whose upvalues are found elsewhere",
    { maxStackSize: 1, protos: [nested(local(200), outer(9))] },
  ],
];

describe("accepted", () => {
  test.each(accepted)("%s", (_, shape) => {
    expect(complaintOf(shape)).toBeUndefined();
  });
});

function faultOf(proto: Proto): ChunkError {
  try {
    verifyChunk53(proto);
  } catch (error) {
    if (error instanceof ChunkError) return error;
    throw error;
  }
  return expect.unreachable();
}

test("a function is checked without those within it, a chunk with them", () => {
  const inner = makeProto53({ source: "=inner", code: [END, "MOVE 0 7", END] });
  const main = makeProto53({ protos: [inner], code: ["CLOSURE 0 0", END] });
  expect(verifyProto53(main)).toBeUndefined();
  expect(faultOf(main)).toMatchObject({
    code: "chunk-code",
    message:
      "inner: bad code in precompiled chunk: main function, instruction 2: " +
      "register 7 is outside the frame of 2",
    offset: 4,
    field: "instruction 2: register 7 is outside the frame of 2",
  });
  expect(() => verifyChunk53(makeProto53({ protos: [nested()] }))).not.toThrow();
});

test("functions nest up to a limit", () => {
  const nest = (depth: number): Proto =>
    makeProto53(depth === 1 ? {} : { protos: [nest(depth - 1)], code: ["CLOSURE 0 0", END] });
  expect(() => verifyChunk53(nest(500))).not.toThrow();
  expect(faultOf(nest(501))).toMatchObject({
    code: "chunk-depth",
    field: "functions: more than 500 within one another",
  });
});

test("time does not grow faster than the code", { timeout: 5_000 }, () => {
  const sources = Array.from({ length: 255 }, () => local(1));
  const closures = Array.from({ length: 300_000 }, () => "CLOSURE 0 0");
  expect(complaintOf({ code: [...closures, END], protos: [nested(...sources)] })).toBeUndefined();
  const jumps = Array.from({ length: 100_000 }, (_, i) => `JMP 0 ${-1 - i}`);
  expect(complaintOf({ code: [...jumps, END] })).toBeUndefined();
});

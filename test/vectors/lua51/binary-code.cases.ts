/** The code checker: each rule kept and broken by hand-made instructions (lua51.md §6.5). */
import {
  chunk,
  FLOAT_22,
  type FunctionShape,
  INT_22,
  INT_30,
} from "../../support/chunk-builder.ts";
import { program, type Topic, type VectorCase } from "../case.ts";

/** Without numbers and strings every target reads this form. */
function loads(name: string, shape: FunctionShape): VectorCase {
  const args = ["-l", "-o", "out.lc", "a.lc"];
  return program(name, "", { args, files: { "a.lc": chunk(shape, INT_30) } });
}

type Code = readonly (string | number)[];

/** A main function of 2 registers and no constants; the final return is added. */
function code(name: string, ...instructions: Code): VectorCase {
  return loads(`${name}: ${instructions.join("; ")}`, { code: [...instructions, "RETURN 0 1"] });
}

/** The same with facts of its own. */
function codeWith(facts: FunctionShape, name: string, ...instructions: Code): VectorCase {
  return loads(`${name}: ${instructions.join("; ")}`, {
    ...facts,
    code: [...instructions, "RETURN 0 1"],
  });
}

const constants: FunctionShape = { constants: [null, true], stack: 4 };
const four: FunctionShape = { stack: 4 };

/** A is checked for every opcode, whatever it means. */
// biome-ignore format: a list of small words
const registerA: VectorCase[] = [
  "MOVE 1", "MOVE 2", "LOADBOOL 1", "LOADBOOL 2", "LOADNIL 1 1", "LOADNIL 2", "NEWTABLE 1",
  "NEWTABLE 2", "CLOSE 1", "CLOSE 2",
  "JMP 1 0", "JMP 2 0", "RETURN 1 1", "RETURN 2 1", "CALL 1 1 1", "CALL 2 1 1", "UNM 2", "NOT 2",
  "LEN 2", "MOVE 255", "SETTABLE 2", "SETLIST 2 0 1",
].map((instruction) => code("register A", instruction));

/** Registers in B and C. */
// biome-ignore format: a list of small words
const registersBC: VectorCase[] = [
  "MOVE 0 1", "MOVE 0 2", "MOVE 0 256", "MOVE 0 511", "MOVE 0 0 1", "UNM 0 1", "UNM 0 2",
  "UNM 0 0 1", "NOT 0 2", "NOT 0 0 1", "LEN 0 2", "LEN 0 0 1",
  "LOADNIL 0 1", "LOADNIL 0 2", "LOADNIL 1 0", "LOADNIL 0 0 1", "GETTABLE 0 1 1", "GETTABLE 0 2 0",
  "GETTABLE 0 0 2", "GETTABLE 0 k0 0",
  "SETTABLE 0 1 1", "SETTABLE 0 2 0", "SETTABLE 0 0 2", "ADD 0 1 1", "ADD 0 2 0", "ADD 0 0 2",
  "SUB 0 255 0", "MUL 0 0 255", "DIV 0 2 2", "MOD 0 2 0", "POW 0 0 2",
  "SELF 0 1 1", "SELF 0 2 0", "SELF 0 0 2", "SELF 1 0 0", "CONCAT 0 0 1", "CONCAT 0 0 2",
  "CONCAT 0 1 1", "CONCAT 0 1 0", "CONCAT 0 0 0",
  "CLOSE 0 1", "CLOSE 0 0 1", "NEWTABLE 0 511 511", "RETURN 0 1 1", "RETURN 0 1 511",
].map((instruction) => code("registers B and C", instruction));

// biome-ignore format: a list of small words
const constantOperands: VectorCase[] = [
  ...["LOADK 0 0", "LOADK 0 1", "LOADK 0 2", "LOADK 0 262143", "GETTABLE 0 0 k1", "GETTABLE 0 0 k2", "GETTABLE 0 0 k255", "SETTABLE 0 k1 k0", "SETTABLE 0 k2 0",
    "SETTABLE 0 0 k2", "ADD 0 k0 k1", "ADD 0 k2 0", "ADD 0 0 k2", "MOD 0 k0 k0", "SELF 0 0 k1", "SELF 0 0 k2", "CONCAT 0 k0 k1", "UNM 0 k0", "GETGLOBAL 0 0", "SETGLOBAL 0 1", "GETGLOBAL 0 2"].map(
    (instruction) => codeWith(constants, "constants", instruction),
  ),
  ...["EQ 0 k0 k1", "EQ 1 k2 0", "LT 0 0 k2", "LE 0 k0 0"].map((test) =>
    codeWith(constants, "constants", test, "JMP 0 0"),
  ),
];

const opcodes: VectorCase[] = [
  ...[38, 39, 62, 63].map((opcode) => code("unknown opcode", opcode)),
  loads("unknown opcode at the end", { code: [63] }),
  loads("no code", { code: [] }),
  loads("no final return", { code: ["MOVE 0 0"] }),
  loads("a tail call at the end", { code: ["TAILCALL 0 1 0"] }),
  loads("a jump at the end", { code: ["RETURN 0 1", "JMP 0 -2"] }),
  loads("a final return that is unreachable", { code: ["JMP 0 -1", "RETURN 0 1"] }),
  loads("a final return of values", { code: ["RETURN 0 3"] }),
  loads("a final return of too many values", { code: ["RETURN 0 4"] }),
  loads("a final open return", { code: ["RETURN 0 0"] }),
  loads("a final return of register 2", { code: ["RETURN 2 1"] }),
];

const jumps: VectorCase[] = [
  ...[-3, -2, -1, 0, 1, 2, 131071, -131071, 131072].map((distance) =>
    code("jump", "MOVE 0 0", `JMP 0 ${distance}`),
  ),
  ...[-3, -2, 0, 1].map((distance) => codeWith(four, "loop", "MOVE 0 0", `FORLOOP 0 ${distance}`)),
  ...[-2, 0, 1].map((distance) => codeWith(four, "prepare", `FORPREP 0 ${distance}`)),
  codeWith({ stack: 3 }, "loop needs 4 registers", "FORLOOP 0 0"),
  codeWith({ stack: 3 }, "prepare needs 4 registers", "FORPREP 0 0"),
  codeWith(four, "loop from register 1", "FORLOOP 1 0"),
];

const tests: VectorCase[] = [
  ...["EQ 0 0 0", "LT 1 0 1", "LE 0 1 0", "TEST 0 0 1", "TESTSET 0 1 0"].flatMap((test) => [
    code("test with a jump", test, "JMP 0 0"),
    code("test with a jump at the end", test, "JMP 0 -1"),
    code("test without a jump", test, "MOVE 0 0"),
    code("test at the end", test),
  ]),
  code("test flag of any size", "EQ 1 0 0", "JMP 0 0", "TEST 0 0 511", "JMP 0 0"),
  code("test of a wrong register", "TEST 0 2 0", "JMP 0 0"),
  code("comparison with A beyond the stack", "EQ 2 0 0", "JMP 0 0"),
  code("test followed by a jump out", "TEST 0 0 0", "JMP 0 1"),
  codeWith({ stack: 4 }, "generic loop", "TFORLOOP 0 0 1", "JMP 0 -2"),
  codeWith({ stack: 3 }, "generic loop in 3 registers", "TFORLOOP 0 0 1", "JMP 0 -2"),
  codeWith({ stack: 5 }, "generic loop of two", "TFORLOOP 0 0 2", "JMP 0 -2"),
  codeWith({ stack: 4 }, "generic loop of two in 4 registers", "TFORLOOP 0 0 2", "JMP 0 -2"),
  codeWith({ stack: 4 }, "generic loop of none", "TFORLOOP 0 0 0", "JMP 0 -2"),
  codeWith({ stack: 4 }, "generic loop with a B", "TFORLOOP 0 1 1", "JMP 0 -2"),
  codeWith({ stack: 4 }, "generic loop without a jump", "TFORLOOP 0 0 1", "MOVE 0 0"),
];

const booleans: VectorCase[] = [
  code("skip", "LOADBOOL 0 0 1", "LOADBOOL 0 1 0"),
  code("skip at the end", "LOADBOOL 0 0 1"),
  code("skip of 2", "LOADBOOL 0 1 2"),
  code("boolean of any size", "LOADBOOL 0 511 0"),
  code("skip over a list", "LOADBOOL 0 0 1", "SETLIST 0 1 1"),
  code("skip over a wide list", "LOADBOOL 0 0 1", "SETLIST 0 1 0", 600),
  code("two skips", "LOADBOOL 0 0 1", "LOADBOOL 0 0 1", "MOVE 0 0"),
];

// biome-ignore format: one group per line
const calls: VectorCase[] = [
  ...["CALL 0 2 1", "CALL 0 3 1", "CALL 0 1 3", "CALL 0 1 4", "CALL 0 0 1", "CALL 1 1 2", "CALL 1 2 1", "CALL 0 511 1", "CALL 0 1 511", "TAILCALL 0 1 1", "TAILCALL 0 3 1", "TAILCALL 0 1 4"].map((call) => code("call", call)),
  ...["CALL 0 1 0", "TAILCALL 0 1 0"].flatMap((call) => [
    code("open result", call),
    code("open result", call, "RETURN 0 0"),
    code("open result", call, "CALL 0 0 1"),
    code("open result", call, "TAILCALL 0 0 1"),
    code("open result", call, "SETLIST 0 0 1"),
    code("open result", call, "CALL 0 1 1"),
    code("open result", call, "SETLIST 0 1 1"),
    code("open result", call, "MOVE 0 1", "RETURN 0 0"),
    code("open result", call, "CALL 0 0 0", "RETURN 0 0"),
    code("open result", call, "JMP 0 0", "RETURN 0 0"),
  ]),
  ...["RETURN 0 0", "RETURN 0 2", "RETURN 0 3", "RETURN 0 4", "RETURN 1 2", "RETURN 1 3", "RETURN 0 511"].map((value) => code("return", value)),
];

const lists: VectorCase[] = [
  code("list", "SETLIST 0 1 1"),
  code("list beyond the stack", "SETLIST 0 2 1"),
  code("open list", "SETLIST 0 0 1"),
  code("list of batch 511", "SETLIST 0 1 511"),
  code("wide list", "SETLIST 0 1 0", 600),
  code("wide list without its word", "SETLIST 0 1 0"),
  code("wide list, any word", "SETLIST 0 1 0", -1),
  code("wide list, word looks like a return", "SETLIST 0 1 0", "RETURN 0 1"),
  code("wide list, word looks like a wide list", "SETLIST 0 1 0", "SETLIST 0 1 0"),
  code("two wide lists", "SETLIST 0 1 0", "SETLIST 0 1 0", "SETLIST 0 1 0", "SETLIST 0 1 0"),
  code("jump onto the word", "JMP 0 1", "SETLIST 0 1 0", 600),
  code("jump behind the word", "JMP 0 2", "SETLIST 0 1 0", 600),
  code("jump onto the list", "JMP 0 0", "SETLIST 0 1 0", 600),
  code("jump back onto the word", "SETLIST 0 1 0", 600, "JMP 0 -2"),
  code(
    "jump behind two lists",
    "JMP 0 4",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
  ),
  code(
    "jump between two lists",
    "JMP 0 2",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
  ),
  code(
    "jump onto the second word",
    "JMP 0 3",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
    "SETLIST 0 1 0",
  ),
  code("jump to the start, a list first", "SETLIST 0 1 0", 600, "JMP 0 -3"),
  codeWith(four, "loop onto the word", "SETLIST 0 1 0", 600, "FORLOOP 0 -2"),
];

/** A nested function with upvalues needs one MOVE or GETUPVAL for each after CLOSURE. */
function closing(upvalues: number, name: string, ...instructions: Code): VectorCase {
  const functions = [{ upvalues }];
  return codeWith({ functions, upvalues: 1 }, name, ...instructions);
}

const upvalues: VectorCase[] = [
  code("upvalue", "GETUPVAL 0 0"),
  code("upvalue", "SETUPVAL 0 0"),
  codeWith({ upvalues: 1 }, "upvalue of one", "GETUPVAL 0 0"),
  codeWith({ upvalues: 1 }, "upvalue of one", "SETUPVAL 0 1"),
  codeWith({ upvalues: 1 }, "upvalue with a C", "GETUPVAL 0 0 1"),
  codeWith({ upvalues: 255 }, "upvalue of 255", "GETUPVAL 0 254"),
  code("closure without functions", "CLOSURE 0 0"),
  closing(0, "closure", "CLOSURE 0 0"),
  closing(0, "closure", "CLOSURE 0 1"),
  closing(1, "closure of one", "CLOSURE 0 0", "MOVE 0 1"),
  closing(1, "closure of one", "CLOSURE 0 0", "GETUPVAL 0 0"),
  closing(1, "closure of one", "CLOSURE 0 0", "GETUPVAL 0 1"),
  closing(1, "closure of one", "CLOSURE 0 0", "MOVE 0 2"),
  closing(1, "closure of one", "CLOSURE 0 0", "MOVE 1 0"),
  closing(1, "closure of one", "CLOSURE 0 0", "LOADNIL 0 0"),
  closing(1, "closure of one", "CLOSURE 0 0"),
  closing(2, "closure of two", "CLOSURE 0 0", "MOVE 0 0", "GETUPVAL 0 0"),
  closing(2, "closure of two", "CLOSURE 0 0", "MOVE 0 0"),
  closing(9, "closure of nine", "CLOSURE 0 0", "MOVE 0 0"),
  loads("bad code in a nested function", { functions: [{ code: ["MOVE 0 0"] }] }),
  loads("bad code in the second nested function", { functions: [{}, { code: ["RETURN 5 1"] }] }),
  loads("bad code two levels down", { functions: [{ functions: [{ stack: 251 }] }] }),
];

const varargs: VectorCase[] = [
  ...[0, 1, 2, 3, 5, 7, 8, 10].map((vararg) =>
    codeWith({ vararg, stack: 3 }, `varargs with flags ${vararg}`, "VARARG 0 2"),
  ),
  ...[
    "VARARG 0 1",
    "VARARG 0 3",
    "VARARG 0 4",
    "VARARG 1 2",
    "VARARG 1 3",
    "VARARG 0 2 1",
    "VARARG 0 0",
    "VARARG 0 511",
  ].map((use) => code("varargs", use)),
  code("open varargs", "VARARG 0 0", "RETURN 0 0"),
  code("open varargs", "VARARG 1 0", "CALL 0 0 1"),
  code("open varargs", "VARARG 1 0", "MOVE 0 0"),
];

/** Global names must be strings, which differ between generations. */
// biome-ignore format: one step per line
const globals: VectorCase[] = [INT_30, INT_22, FLOAT_22].flatMap((form, i) => {
  const era = ["3.0", "2.2", "2.2 float"][i];
  const shape = (instruction: string) => ({ code: [instruction, "RETURN 0 1"], constants: ["g", 5, null, true] });
  return ["GETGLOBAL 0 0", "SETGLOBAL 0 0", "GETGLOBAL 0 1", "SETGLOBAL 0 2", "GETGLOBAL 0 3", "GETGLOBAL 0 4"].map((instruction) =>
    program(`global name ${instruction}, ${era}`, "", { args: ["-l", "-o", "out.lc", "a.lc"], files: { "a.lc": chunk(shape(instruction), form) } }),
  );
});

export const binaryCode: Topic = {
  name: "binary-code",
  cases: [
    ...registerA,
    ...registersBC,
    ...constantOperands,
    ...opcodes,
    ...jumps,
    ...tests,
    ...booleans,
    ...calls,
    ...lists,
    ...upvalues,
    ...varargs,
    ...globals,
  ],
};

/** The listing of Lua 5.1 (lua51.md §7). */
import { describe, expect, test } from "vitest";
import { DOUBLE } from "../../src/base/double.ts";
import { INT32 } from "../../src/base/int32.ts";
import { list51 } from "../../src/bytecode/listing51.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { makeProto, type ProtoShape } from "../support/make-proto.ts";

/** Addresses replaced by letters in the order of their first appearance. */
function masked(listing: string): string {
  const letters = new Map<string, string>();
  return listing.replace(/0x[0-9a-f]+/g, (address) => {
    if (!letters.has(address)) letters.set(address, String.fromCharCode(65 + letters.size));
    return `@${letters.get(address)}`;
  });
}

function listingOf(proto: Proto, full = false, numbers = DOUBLE): string {
  return masked(list51(proto, { full, numbers }));
}

/** The line of one instruction, from its opcode on. */
function lineOf(instruction: string, shape: ProtoShape = {}): string {
  const proto = makeProto({ maxStackSize: 9, ...shape, code: [instruction, "RETURN 0 1"] });
  return listingOf(proto)
    .split("\n")[3]
    .replace(/^\t1\t\[-\]\t/, "");
}

test("the whole of a small program", () => {
  // local n = 7 / function f(a) return a + n end / f(true, "hi")
  const inner = makeProto({
    source: "@w.lua",
    lineDefined: 2,
    lastLineDefined: 2,
    upvalueCount: 1,
    parameterCount: 1,
    varargFlags: 0,
    code: ["GETUPVAL 1 0", "ADD 1 0 1", "RETURN 1 2", "RETURN 0 1"],
    lineInfo: [0x80, 4, 0],
  });
  const main = makeProto({
    source: "@w.lua",
    maxStackSize: 4,
    code: [
      "LOADK 0 0",
      "CLOSURE 1 0",
      "MOVE 0 0",
      "SETGLOBAL 1 1",
      "GETGLOBAL 1 1",
      "LOADBOOL 2 1",
      "LOADK 3 2",
      "CALL 1 3 1",
      "RETURN 0 1",
    ],
    constants: [7, "f", "hi"],
    protos: [inner],
    lineInfo: [1, 3, 5, 0],
  });
  const code = [
    "",
    "main <w.lua:0,0> (9 instructions, 36 bytes at @A)",
    "0+ params, 4 slots, 0 upvalues, 0 locals, 3 constants, 1 function",
    "\t1\t[1]\tLOADK    \t0 -1\t; 7",
    "\t2\t[2]\tCLOSURE  \t1 0\t; @B",
    "\t3\t[2]\tMOVE     \t0 0",
    "\t4\t[2]\tSETGLOBAL\t1 -2\t; f",
    "\t5\t[3]\tGETGLOBAL\t1 -2\t; f",
    "\t6\t[3]\tLOADBOOL \t2 1 0",
    '\t7\t[3]\tLOADK    \t3 -3\t; "hi"',
    "\t8\t[3]\tCALL     \t1 3 1",
    "\t9\t[3]\tRETURN   \t0 1",
  ];
  const innerCode = [
    "",
    "function <w.lua:2,2> (4 instructions, 16 bytes at @B)",
    "1 param, 2 slots, 1 upvalue, 0 locals, 0 constants, 0 functions",
    "\t1\t[2]\tGETUPVAL \t1 0\t; -",
    "\t2\t[2]\tADD      \t1 0 1",
    "\t3\t[2]\tRETURN   \t1 2",
    "\t4\t[2]\tRETURN   \t0 1",
  ];
  expect(listingOf(main).split("\n")).toEqual([...code, ...innerCode, ""]);
  const details = ["constants (3) for @A:", "\t1\t7", '\t2\t"f"', '\t3\t"hi"'];
  const names = (address: string) => [`locals (0) for ${address}:`, `upvalues (0) for ${address}:`];
  expect(listingOf(main, true).split("\n")).toEqual([
    ...code,
    ...details,
    ...names("@A"),
    ...innerCode,
    "constants (0) for @B:",
    ...names("@B"),
    "",
  ]);
});

describe("headers", () => {
  const header = (shape: ProtoShape) => listingOf(makeProto(shape)).split("\n").slice(1, 3);

  test.each([
    ["@dir/a.lua", "dir/a.lua"],
    ["=stdin", "stdin"],
    ["=", ""],
    ["@a\0b", "a"],
    ["x=1", "(string)"],
    ["", "(string)"],
    ["\x1bLua", "(bstring)"],
  ])("source %j is shown as %s", (source, shown) => {
    expect(header({ source })[0]).toBe(`main <${shown}:0,0> (1 instruction, 4 bytes at @A)`);
  });

  test("one of each thing is singular", () => {
    const one = makeProto();
    expect(
      header({
        lineDefined: 3,
        lastLineDefined: 9,
        parameterCount: 1,
        varargFlags: 2,
        maxStackSize: 1,
        upvalueCount: 1,
        locals: [{ name: "a", startPc: 0, endPc: 1 }],
        constants: [null],
        protos: [one],
      }),
    ).toEqual([
      "function <a.lua:3,9> (1 instruction, 4 bytes at @A)",
      "1+ param, 1 slot, 1 upvalue, 1 local, 1 constant, 1 function",
    ]);
  });
});

describe("instructions", () => {
  test.each([
    ["MOVE 1 2", "MOVE     \t1 2"],
    ["LOADNIL 1 2", "LOADNIL  \t1 2"],
    ["UNM 1 2", "UNM      \t1 2"],
    ["RETURN 1 2", "RETURN   \t1 2"],
    ["VARARG 1 2", "VARARG   \t1 2"],
    ["CLOSE 1", "CLOSE    \t1"],
    ["TFORLOOP 1 0 2", "TFORLOOP \t1 2"],
    ["LOADBOOL 1 1 0", "LOADBOOL \t1 1 0"],
    ["NEWTABLE 1 2 3", "NEWTABLE \t1 2 3"],
    ["CONCAT 1 2 3", "CONCAT   \t1 2 3"],
    ["TEST 1 2 1", "TEST     \t1 2 1"],
    ["CALL 1 2 0", "CALL     \t1 2 0"],
    ["JMP 0 -1", "JMP      \t-1\t; to 1"],
    ["FORLOOP 1 0", "FORLOOP  \t1 0\t; to 2"],
    ["FORPREP 1 0", "FORPREP  \t1 0\t; to 2"],
    ["SETLIST 1 2 3", "SETLIST  \t1 2 3\t; 3"],
    // The bit that marks constants is heeded in plain counts too.
    ["SETLIST 1 2 511", "SETLIST  \t1 2 -256\t; 511"],
    ["NEWTABLE 1 300 256", "NEWTABLE \t1 -45 -1"],
  ])("%s", (instruction, expected) => {
    expect(lineOf(instruction)).toBe(expected);
  });

  test.each([
    ["LOADK 1 0", "LOADK    \t1 -1\t; 1.5"],
    ["GETGLOBAL 1 1", "GETGLOBAL\t1 -2\t; na me"],
    ["SETGLOBAL 1 1", "SETGLOBAL\t1 -2\t; na me"],
    ["GETTABLE 1 2 k1", 'GETTABLE \t1 2 -2\t; "na me\\000x"'],
    ["GETTABLE 1 2 3", "GETTABLE \t1 2 3"],
    ["SELF 1 2 k0", "SELF     \t1 2 -1\t; 1.5"],
    ["SETTABLE 1 k0 k2", "SETTABLE \t1 -1 -3\t; 1.5 true"],
    ["ADD 1 2 k0", "ADD      \t1 2 -1\t; - 1.5"],
    ["POW 1 k3 2", "POW      \t1 -4 2\t; nil -"],
    ["MOD 1 2 k0", "MOD      \t1 2 -1"],
    ["EQ 1 k4 2", "EQ       \t1 -5 2\t; false -"],
    ["LE 1 2 3", "LE       \t1 2 3"],
  ])("%s", (instruction, expected) => {
    expect(lineOf(instruction, { constants: [1.5, "na me\0x", true, null, false] })).toBe(expected);
  });

  test("a batch number of its own word is shown and not listed", () => {
    const proto = makeProto({ code: ["SETLIST 0 1 0", 700, "RETURN 0 1"] });
    expect(listingOf(proto).split("\n").slice(3)).toEqual([
      "\t1\t[-]\tSETLIST  \t0 1 0\t; 700",
      "\t3\t[-]\tRETURN   \t0 1",
      "",
    ]);
  });

  test("lines that are unknown or below 1 show as a dash", () => {
    // line 1; then back by 3 to −2; then nothing.
    const proto = makeProto({
      code: ["MOVE 0 0", "MOVE 0 0", "RETURN 0 1"],
      lineInfo: [1, 0xc3, 1, 0],
    });
    const lines = listingOf(proto).split("\n").slice(3, 6);
    expect(lines.map((line) => line.split("\t")[2])).toEqual(["[1]", "[-]", "[-]"]);
  });
});

describe("names", () => {
  const proto = makeProto({
    upvalueCount: 3,
    upvalueNames: ["first", null],
    locals: [
      { name: "x\0y", startPc: 0, endPc: 3 },
      { name: null, startPc: 1, endPc: 0x7fffffff },
    ],
    code: ["GETUPVAL 0 0", "SETUPVAL 0 1", "GETUPVAL 0 2", "RETURN 0 1"],
  });

  test("upvalues are named where the chunk names them", () => {
    const comments = listingOf(proto).split("\n").slice(3, 6);
    expect(comments.map((line) => line.split("; ")[1])).toEqual(["first", "-", "-"]);
  });

  test("the full listing has them all", () => {
    expect(listingOf(proto, true).split("\n").slice(7)).toEqual([
      "constants (0) for @A:",
      "locals (2) for @A:",
      "\t0\tx\t1\t4",
      "\t1\t-\t2\t-2147483648",
      "upvalues (2) for @A:",
      "\t0\tfirst",
      "\t1\t-",
      "",
    ]);
  });
});

describe("constants", () => {
  const shown = (value: string | number, numbers = DOUBLE) =>
    listingOf(makeProto({ constants: [value] }), true, numbers)
      .split("\n")[5]
      .slice(3);

  test.each([
    ["plain text", '"plain text"'],
    ['"\\\x07\b\f\n\r\t\v', '"\\"\\\\\\a\\b\\f\\n\\r\\t\\v"'],
    ["\0\x1f\x7f\x80\xff", '"\\000\\031\\127\\128\\255"'],
    [" !#[]~'", '" !#[]~\'"'],
  ])("string %j", (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  test("numbers as the target prints them", () => {
    expect(shown(1e15)).toBe("1e+15");
    expect(shown(-7, INT32)).toBe("-7");
  });
});

test("every function has an address of its own, the same wherever it is named", () => {
  const leaf = makeProto({ lineDefined: 3 });
  const middle = makeProto({ lineDefined: 2, protos: [leaf], code: ["CLOSURE 0 0", "RETURN 0 1"] });
  const last = makeProto({ lineDefined: 5 });
  const main = makeProto({
    protos: [middle, last],
    code: ["CLOSURE 0 1", "CLOSURE 0 0", "RETURN 0 1"],
  });
  const listing = listingOf(main);
  expect(listing.match(/(?<=CLOSURE.*; )@./g)).toEqual(["@B", "@C", "@D"]);
  expect(listing.match(/<[^,]*|(?<=bytes at )@./g)).toEqual([
    "<a.lua:0",
    "@A",
    "<a.lua:2",
    "@C",
    "<a.lua:3",
    "@D",
    "<a.lua:5",
    "@B",
  ]);
  const options = { full: true, numbers: DOUBLE };
  expect(list51(main, options)).toBe(list51(main, options));
});

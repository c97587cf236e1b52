/**
 * The listing of Lua 5.3 (lua53.md §7). The reference's chunks and listings stand in
 * `reference53.json`, with addresses replaced by numbers in the order of their first appearance.
 */
import { describe, expect, test } from "vitest";
import { LuaFloat } from "../../src/base/number-model.ts";
import { INT32_FLOAT32, INT64_DOUBLE } from "../../src/base/two-subtypes.ts";
import { list53 } from "../../src/bytecode/listing53.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { decodeChunk53 } from "../../src/formats/lc53.ts";
import { makeProto53, type ProtoShape53, target53 } from "../support/targets53.ts";
import programs from "./reference53.json" with { type: "json" };

function masked(listing: string): string {
  const numbers = new Map<string, string>();
  return listing.replace(/0x[0-9a-f]{5,}/g, (address) => {
    if (!numbers.has(address)) numbers.set(address, `@${numbers.size}`);
    return numbers.get(address) ?? "";
  });
}

describe("what the reference lists", () => {
  test.each(programs)("$title, $target", ({ target: name, chunk, listing }) => {
    const target = target53(name);
    const proto = decodeChunk53(Buffer.from(chunk, "base64"), { target, chunkName: "@p.lc" });
    const { numbers } = target;
    const full = masked(list53(proto, { full: true, numbers }));
    expect(full.split("\n")).toEqual(listing);
    // The short listing is the long one without the blocks behind each function's code.
    const short = masked(list53(proto, { full: false, numbers }));
    const blocks = /^(constants|locals|upvalues) \(\d+\) for @\d+:\n(\t.*\n)*/gm;
    expect(short).toBe(full.replace(blocks, ""));
  });
});

function linesOf(proto: Proto, full = false, numbers = INT64_DOUBLE): string[] {
  return masked(list53(proto, { full, numbers })).split("\n");
}

/** The line of the first instruction, from its opcode on. */
function lineOf(code: readonly string[], shape: ProtoShape53 = {}): string {
  const proto = makeProto53({ maxStackSize: 9, ...shape, code: [...code, "RETURN 0 1"] });
  return linesOf(proto)[3].replace(/^\t1\t\[.*?\]\t/, "");
}

describe("what no small program holds", () => {
  const constants = [1.5, "a\0b", null].map((value) =>
    typeof value === "number" ? new LuaFloat(value) : value,
  );

  test.each([
    [["LOADKX 3", "EXTRAARG 1"], "LOADKX   \t3"],
    [["SETLIST 0 1 0", "EXTRAARG 700"], "SETLIST  \t0 1 0\t; 44846"],
    [["JMP 3 0"], "JMP      \t3 0\t; to 2"],
    [["NEWTABLE 1 300 256"], "NEWTABLE \t1 -45 -1"],
    [["TEST 1 5 1"], "TEST     \t1 1"],
    [["TFORCALL 1 5 2"], "TFORCALL \t1 2"],
    [["SETTABUP 1 k0 k1"], 'SETTABUP \t1 -1 -2\t; - 1.5 "a\\000b"'],
    [["SETTABUP 1 2 k1"], 'SETTABUP \t1 2 -2\t; - "a\\000b"'],
    [["GETTABUP 1 0 2"], "GETTABUP \t1 0 2\t; -"],
    [["EQ 1 k2 3"], "EQ       \t1 -3 3\t; nil -"],
  ])("%j", (code, expected) => {
    expect(lineOf(code, { constants })).toBe(expected);
  });

  test("the word with a constant's index is listed, that with a batch number is not", () => {
    const extra = (first: string) => {
      const code = [first, "EXTRAARG 1", "RETURN 0 1"];
      return linesOf(makeProto53({ code, constants, lineInfo: [3, 0] })).slice(4, -1);
    };
    const end = "\t3\t[1]\tRETURN   \t0 1";
    expect(extra("LOADKX 0")).toEqual(['\t2\t[1]\tEXTRAARG \t-2\t; "a\\000b"', end]);
    expect(extra("SETLIST 0 1 0")).toEqual([end]);
  });

  test("names, where a chunk carries them", () => {
    const proto = makeProto53({
      upvalueSources: [
        { inStack: true, index: 7 },
        { inStack: false, index: 255 },
        { inStack: true, index: 0 },
      ],
      upvalueNames: ["_ENV", "x\0y", null],
      locals: [
        { name: "n", startPc: 0, endPc: 3 },
        { name: null, startPc: 1, endPc: 0x7fffffff },
      ],
      constants,
      code: ["GETTABUP 0 0 k1", "SETUPVAL 0 1", "SETTABUP 2 k0 0", "RETURN 0 1"],
      lineInfo: [4, 0],
    });
    expect(linesOf(proto, true).slice(3)).toEqual([
      '\t1\t[1]\tGETTABUP \t0 0 -2\t; _ENV "a\\000b"',
      "\t2\t[1]\tSETUPVAL \t0 1\t; x",
      "\t3\t[1]\tSETTABUP \t2 -1 0\t; - 1.5",
      "\t4\t[1]\tRETURN   \t0 1",
      "constants (3) for @0:",
      "\t1\t1.5",
      '\t2\t"a\\000b"',
      "\t3\tnil",
      "locals (2) for @0:",
      "\t0\tn\t1\t4",
      "\t1\t-\t2\t-2147483648",
      "upvalues (3) for @0:",
      "\t0\t_ENV\t1\t7",
      "\t1\tx\t0\t255",
      "\t2\t-\t1\t0",
      "",
    ]);
  });

  test("lines that are unknown or below 1 show as a dash", () => {
    const code = ["MOVE 0 0", "MOVE 0 0", "RETURN 0 1"];
    const lines = linesOf(makeProto53({ code, lineInfo: [1, 0xc3, 1, 0] })).slice(3, 6);
    expect(lines.map((line) => line.split("\t")[2])).toEqual(["[1]", "[-]", "[-]"]);
  });

  test("numbers as the target prints them", () => {
    const proto = makeProto53({ constants: [2n ** 62n, new LuaFloat(2 ** 24), -1] });
    expect(linesOf(proto, true, INT32_FLOAT32)[6]).toBe("\t2\t1.677722e+07");
    expect(linesOf(proto, true).slice(5, 8)).toEqual([
      "\t1\t4611686018427387904",
      "\t2\t16777216.0",
      "\t3\t-1",
    ]);
  });
});

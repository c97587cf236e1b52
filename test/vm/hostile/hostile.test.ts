/**
 * Code that no compiler writes: some of it must be refused, some of it must end in an error, and of a
 * few thousand damaged functions none may break out. The last tests show that a machine without
 * its checks would be found out.
 */
import { describe, expect, test } from "vitest";
import type { Proto } from "../../../src/bytecode/proto.ts";
import { verifyProto51 } from "../../../src/bytecode/verify51.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../../src/target/targets.ts";
import { Closure, Code } from "../../../src/vm/state.ts";
import { Random } from "../../fuzz/random.ts";
import { makeProto, type ProtoShape } from "../../support/make-proto.ts";
import { inTime, newMachine, runHostile, runProto } from "./hostile.ts";

const target = findTarget("esp8266-lua51-float");
const random = new Random("unused");

function run(shape: ProtoShape) {
  let result: ReturnType<typeof runProto> | undefined;
  inTime(() => {
    result = runProto(makeProto({ maxStackSize: 8, ...shape }), target, random);
  }, 10_000);
  return result;
}

/** Accepted by the reference's checker, and refused all the same. */
const UNSAFE: Readonly<Record<string, readonly string[]>> = {
  "a call whose arguments begin behind the open list": ["VARARG 1 0", "CALL 3 0 1", "RETURN 0 1"],
  "a call whose function is the start of the open list": ["VARARG 1 0", "CALL 1 0 1", "RETURN 0 1"],
  "a return that begins behind the open list": ["VARARG 1 0", "RETURN 5 0", "RETURN 0 1"],
  "a tail call behind the open list": ["VARARG 1 0", "TAILCALL 4 0 0", "RETURN 4 0", "RETURN 0 1"],
  "a constructor behind the open list": [
    "NEWTABLE 4 0 0",
    "VARARG 1 0",
    "SETLIST 4 0 1",
    "RETURN 0 1",
  ],
  "a return of a list that nobody left": ["LOADNIL 0 3 0", "RETURN 0 0", "RETURN 0 1"],
  "a jump to who takes up a list": ["JMP 0 1", "VARARG 0 0", "RETURN 0 0", "RETURN 0 1"],
  "a skip to who takes up a list": ["LOADBOOL 0 1 1", "VARARG 0 0", "RETURN 0 0", "RETURN 0 1"],
  "a test that leads to who takes up a list": [
    "TEST 0 0 0",
    "JMP 0 1",
    "VARARG 0 0",
    "RETURN 0 0",
    "RETURN 0 1",
  ],
  "a LOADBOOL that skips over the end": ["LOADBOOL 0 0 2", "RETURN 0 1"],
  "a LOADBOOL that skips to a batch number": [
    "NEWTABLE 1 0 0",
    "LOADBOOL 0 0 2",
    "SETLIST 1 1 0",
    "MOVE 0 0 0",
    "RETURN 0 1",
  ],
};

describe("refused", () => {
  test.each(Object.entries(UNSAFE))("%s", (_, code) => {
    const proto = makeProto({ maxStackSize: 8, code });
    expect(verifyProto51(proto)).toBeUndefined();
    expect(runProto(proto, target, random).kind).toBe("refused");
  });

  test("the same in a function within", () => {
    const inner = makeProto({
      maxStackSize: 8,
      code: UNSAFE["a LOADBOOL that skips over the end"],
    });
    expect(run({ code: ["CLOSURE 0 0", "RETURN 0 1"], protos: [inner] })?.kind).toBe("refused");
  });
});

/** Odd, but safe: a machine must get through it, with or without an error. */
const ODD: Readonly<Record<string, ProtoShape>> = {
  "a loop that prepares itself for ever": {
    code: ["LOADK 0 0", "LOADK 1 0", "LOADK 2 0", "FORPREP 0 -1", "RETURN 0 1"],
    constants: [1],
  },
  "a jump to itself": { code: ["JMP 0 -1", "RETURN 0 1"] },
  "a loop without its preparation": {
    code: ["LOADK 0 0", "LOADK 1 0", "LOADK 2 0", "FORLOOP 0 -1", "RETURN 0 1"],
    constants: ["1"],
  },
  "a generic loop at the end of the frame": {
    code: ["GETGLOBAL 4 0", "TFORLOOP 4 0 1", "JMP 0 -2", "RETURN 0 1"],
    constants: ["next"],
  },
  "a generic loop over a string": {
    code: ["LOADK 0 0", "TFORLOOP 0 0 3", "JMP 0 -2", "RETURN 0 1"],
    constants: ["x"],
  },
  "a jump into the test of a generic loop": {
    code: ["JMP 0 1", "TFORLOOP 0 0 1", "JMP 0 -2", "RETURN 0 1"],
  },
  "tables of all sizes": {
    code: Array.from({ length: 512 }, (_, i) => `NEWTABLE 0 ${i} ${511 - i}`).concat("RETURN 0 1"),
  },
  "claims of large tables in a loop": {
    code: ["NEWTABLE 0 191 191", "JMP 0 -2", "RETURN 0 1"],
  },
  "a constructor's item far behind the others": {
    code: ["NEWTABLE 0 0 0", "SETLIST 0 1 0", "MOVE 255 511 511", "RETURN 0 1"],
  },
  "a constructor of a string": {
    code: ["LOADK 0 0", "SETLIST 0 1 1", "RETURN 0 1"],
    constants: ["x"],
  },
  "upvalues that the loader made": {
    code: ["GETUPVAL 0 1 0", "SETUPVAL 0 0 0", "CALL 0 1 1", "RETURN 0 1"],
    upvalueCount: 2,
  },
  "a jump to a closure's upvalues": {
    code: ["JMP 0 1", "CLOSURE 0 0", "MOVE 0 7 0", "MOVE 0 6 0", "CALL 0 1 1", "RETURN 0 1"],
    protos: [makeProto({ upvalueCount: 2, code: ["GETUPVAL 0 1 0", "RETURN 0 2"] })],
  },
  "a tail call in the middle": {
    code: ["GETGLOBAL 0 0", "TAILCALL 0 1 2", "MOVE 1 0 0", "JMP 0 -4", "RETURN 0 1"],
    constants: ["collectgarbage"],
  },
  "names that cover nothing": {
    code: ["GETTABLE 0 0 0", "RETURN 0 1"],
    locals: [{ name: null, startPc: 9, endPc: -4 }],
    upvalueNames: [],
  },
  "lines that never end": { code: ["CALL 0 1 1", "RETURN 0 1"], lineInfo: [255, 255, 255] },
};

describe("got through", () => {
  test.each(Object.entries(ODD))("%s", (_, shape) => {
    expect(run(shape)).toMatchObject({ kind: expect.stringMatching(/^(done|stopped)$/) });
  });
});

describe("damaged functions", () => {
  test.each(SUPPORTED_TARGETS.map((each) => [each.name, each] as const))("%s", async (_, each) => {
    // The test runner wants to hear something now and then.
    await new Promise((done) => setImmediate(done));
    const { findings, tried, ran } = runHostile({ target: each, seed: "suite", count: 250 });
    expect(findings.map(({ id, problem }) => `${id}: ${problem}`)).toEqual([]);
    expect(ran / tried).toBeGreaterThan(0.3);
  });
});

/** Runs code that nothing has checked. */
function runUnchecked(proto: Proto, timeout = 10_000) {
  const machine = newMachine(target, random);
  const code = new Code(proto, proto.code, [], [], true, false);
  const main = new Closure(code, [], machine.globals);
  inTime(() => machine.runGuarded(main), timeout);
}

describe("the guard notices", () => {
  test("values that are taken from below the frame", () => {
    const code = UNSAFE["a return that begins behind the open list"];
    const proto = makeProto({ maxStackSize: 8, code });
    expect(() => runUnchecked(proto)).toThrow(/below the code was changed/);
  });

  test("registers above the frame", () => {
    const proto = makeProto({
      maxStackSize: 4,
      code: ["MOVE 1 20 0", "JMP 0 -2", "RETURN 0 1"],
    });
    expect(() => runUnchecked(proto)).toThrow(/read from elsewhere/);
  });

  test("code that runs over its end", () => {
    const proto = makeProto({ code: UNSAFE["a LOADBOOL that skips over the end"] });
    expect(() => runUnchecked(proto, 200)).toThrow(/timed out/);
  });
});

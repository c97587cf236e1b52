/**
 * Code of the reference compilers is accepted; damaged, it is refused or still does no harm. What
 * harm is, {@link walk53} knows without the code checker.
 */
import { describe, expect, test } from "vitest";
import type { Proto } from "../../src/bytecode/proto.ts";
import { verifyChunk53, verifyProto53 } from "../../src/bytecode/verify53.ts";
import { decodeChunk53 } from "../../src/formats/lc53.ts";
import { Random } from "../fuzz/random.ts";
import { makeProto53, target53 } from "../support/targets53.ts";
import programs from "./reference53.json" with { type: "json" };
import { Misstep, walk53 } from "./walk53.ts";

const MAINS = programs.map(({ target: name, chunk }) => {
  const target = target53(name);
  return decodeChunk53(Buffer.from(chunk, "base64"), { target, chunkName: "@p.lc" });
});

function withNested(proto: Proto): Proto[] {
  return [proto, ...proto.protos.flatMap(withNested)];
}

const FUNCTIONS = MAINS.flatMap(withNested);

describe("what the reference compiles", () => {
  test.each(programs.map(({ title, target }, i) => [title, target, MAINS[i]] as const))(
    "%s, %s",
    (_title, _target, main) => {
      expect(() => verifyChunk53(main)).not.toThrow();
    },
  );

  test("can be walked through", () => {
    const random = new Random("sound");
    for (const proto of FUNCTIONS) {
      for (let i = 0; i < 20; i++) expect(() => walk53(proto, random, 500)).not.toThrow();
    }
  });
});

/** One thing changed about a function. */
function damaged(proto: Proto, random: Random): Proto {
  const code = Int32Array.from(proto.code);
  const at = random.below(code.length);
  switch (random.below(10)) {
    case 0:
      return { ...proto, maxStackSize: Math.max(0, proto.maxStackSize - random.between(1, 3)) };
    case 1:
      return { ...proto, constants: proto.constants.slice(0, random.below(3)) };
    case 2:
      code.copyWithin(at, at + 1); // one instruction missing, the last twice
      break;
    case 3:
      code.copyWithin(at + 1, at); // one instruction twice, the last missing
      code[code.length - 1] = proto.code[code.length - 1];
      break;
    case 4:
      code[at] = code[random.below(code.length)];
      break;
    case 5:
      code[at] = (code[at] & ~0x3f) | random.below(47); // another opcode
      break;
    default:
      code[at] ^= 1 << random.below(32);
  }
  return { ...proto, code };
}

/** The first misstep of some walks through a function. */
function misstep(proto: Proto, random: Random): string | undefined {
  try {
    for (let i = 0; i < 12; i++) walk53(proto, random, 300);
    return undefined;
  } catch (error) {
    if (error instanceof Misstep) return error.message;
    throw error;
  }
}

test("damaged code is refused or does no harm", { timeout: 60_000 }, () => {
  const random = new Random("damage");
  let accepted = 0;
  let refused = 0;
  let harmful = 0;
  for (let round = 0; round < 30_000; round++) {
    let proto = FUNCTIONS[random.below(FUNCTIONS.length)];
    for (let more = random.between(1, 3); more > 0; more--) proto = damaged(proto, random);
    const complaint = verifyProto53(proto);
    const fault = misstep(proto, random);
    if (complaint === undefined) {
      accepted++;
      expect(fault, `round ${round}`).toBeUndefined();
    } else {
      refused++;
      if (fault !== undefined) harmful++;
    }
  }
  // Neither side is idle, and the walks find most of what the code checker refuses.
  expect(accepted).toBeGreaterThan(3_000);
  expect(refused).toBeGreaterThan(3_000);
  expect(harmful).toBeGreaterThan(refused / 2);
});

describe("the walk notices", () => {
  test.each([
    ["registers 2 to 2", ["MOVE 0 2", "RETURN 0 1"]],
    ["outside the code", ["JMP 0 9", "RETURN 0 1"]],
    ["a word that is no instruction", ["EXTRAARG", "RETURN 0 1"]],
    ["no open results", ["RETURN 0 0"]],
    ["no open results", ["VARARG 0 0", "MOVE 0 0", "RETURN 0 0"]],
    ["constant 0", ["LOADK 0 0", "RETURN 0 1"]],
    ["no JMP", ["TEST 0 0 0", "RETURN 0 1"]],
  ])("%s", (message, code) => {
    expect(() => walk53(makeProto53({ code }), new Random("any"), 10)).toThrow(message);
  });
});

/**
 * What the code checker of Lua 5.1 lets pass, as the reference's does, and a machine must not run:
 *
 * - An instruction that takes up an open list of values (`B` is 0) must be reached from the one that
 *   leaves it, and from nowhere else, and its values must begin no later than the list does. Else it
 *   would take values of others, or fewer than none.
 * - A LOADBOOL that skips must skip to an instruction, whatever its C; the checker looks at 1 only.
 */
import { opcodeOf, operandA, operandB, operandC, operandSBx } from "../bytecode/instruction.ts";
import { OPCODES_51, Op51 } from "../bytecode/opcodes51.ts";

/** For code that the checker has accepted. No compiler writes code that is not safe. */
export function isSafe51(code: Int32Array): boolean {
  return openListsMatch(code) && skipsAreInside(code);
}

/** Calls back with every word that is an instruction, and not the batch number of a SETLIST. */
export function forEachInstruction(
  code: Int32Array,
  visit: (pc: number, word: number) => void,
): void {
  for (let pc = 0; pc < code.length; pc++) {
    const word = code[pc];
    visit(pc, word);
    if (hasBatchWord(word)) pc++;
  }
}

function hasBatchWord(word: number): boolean {
  return opcodeOf(word) === Op51.SETLIST && operandC(word) === 0;
}

/** In the place of a register: there is no list. */
const NO_LIST = -1;

function openListsMatch(code: Int32Array): boolean {
  let start = NO_LIST;
  let matches = true;
  const takers = new Set<number>();
  forEachInstruction(code, (pc, word) => {
    if (takesOpenList(word)) {
      if (firstValue(word) > start) matches = false;
      takers.add(pc);
    }
    start = leavesOpenList(word) ? operandA(word) : NO_LIST;
  });
  if (takers.size === 0) return matches;
  forEachInstruction(code, (pc, word) => {
    if (jumpTargets(pc, word).some((target) => takers.has(target))) matches = false;
  });
  return matches;
}

function takesOpenList(word: number): boolean {
  switch (opcodeOf(word)) {
    case Op51.CALL:
    case Op51.TAILCALL:
    case Op51.RETURN:
    case Op51.SETLIST:
      return operandB(word) === 0;
    default:
      return false;
  }
}

/** The register of the first value that is taken up; a function or a table stands before the rest. */
function firstValue(word: number): number {
  return opcodeOf(word) === Op51.RETURN ? operandA(word) : operandA(word) + 1;
}

function leavesOpenList(word: number): boolean {
  switch (opcodeOf(word)) {
    case Op51.CALL:
      return operandC(word) === 0;
    case Op51.TAILCALL:
      return true;
    case Op51.VARARG:
      return operandB(word) === 0;
    default:
      return false;
  }
}

/** Where an instruction may go on other than behind itself. */
function jumpTargets(pc: number, word: number): readonly number[] {
  const op = opcodeOf(word);
  const { layout, test } = OPCODES_51[op];
  if (layout === "AsBx") return [pc + 1 + operandSBx(word)];
  return test || skips(word) ? [pc + 2] : [];
}

function skips(word: number): boolean {
  return opcodeOf(word) === Op51.LOADBOOL && operandC(word) !== 0;
}

function skipsAreInside(code: Int32Array): boolean {
  let inside = true;
  forEachInstruction(code, (pc, word) => {
    if (skips(word) && (pc + 2 >= code.length || hasBatchWord(code[pc + 1]))) inside = false;
  });
  return inside;
}

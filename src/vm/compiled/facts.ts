/**
 * What is known at each instruction: which registers hold numbers whatever way the program came
 * there, and which ones may have been set since they were last written to the stack.
 */
import type { Instruction, Region } from "./flow.ts";
import { successors } from "./flow.ts";

export interface Facts {
  /** Registers that hold numbers, before the instruction. */
  readonly numbers: bigint;
  /** Registers that the stack may not have, before the instruction. */
  readonly late: bigint;
}

export interface Analysis {
  readonly at: ReadonlyMap<number, Facts>;
  /** By the label of a loop: registers to be written to the stack before it is entered. */
  readonly beforeLoops: ReadonlyMap<number, bigint>;
}

/**
 * @param code by their places, in order
 * @param inStack registers that are always in the stack, because closures share them
 */
export function analyse(
  code: ReadonlyMap<number, Instruction>,
  regions: readonly Region[],
  inStack: bigint,
): Analysis {
  const loops = regions.filter(({ kind }) => kind !== "block").map((loop) => loopFacts(code, loop));
  const numbers = numbersIn(code, inStack);
  const late = lateIn(code, loops, inStack);
  const at = new Map<number, Facts>();
  for (const pc of code.keys()) {
    at.set(pc, { numbers: numbers.get(pc) ?? 0n, late: late.get(pc) ?? 0n });
  }
  return { at, beforeLoops: new Map(loops.map(({ entry, before }) => [entry, before])) };
}

interface LoopFacts {
  /** Where it is entered: also its label. */
  readonly entry: number;
  readonly start: number;
  readonly end: number;
  readonly sets: bigint;
  readonly isSeen: boolean;
  before: bigint;
}

function loopFacts(
  code: ReadonlyMap<number, Instruction>,
  { start, end, label }: Region,
): LoopFacts {
  let sets = 0n;
  let isSeen = false;
  for (const instruction of code.values()) {
    if (instruction.pc < start || instruction.pc >= end) continue;
    sets |= instruction.sets;
    isSeen ||= instruction.isSeen;
  }
  return { entry: label, start, end, sets, isSeen, before: 0n };
}

/** What flows into each instruction, as bits, until nothing changes. */
function flowThrough(
  code: ReadonlyMap<number, Instruction>,
  merge: (old: bigint | undefined, added: bigint) => bigint,
  through: (instruction: Instruction, before: bigint) => bigint,
  onEdge: (from: number, to: number, bits: bigint) => bigint,
): Map<number, bigint> {
  const into = new Map<number, bigint>([[0, 0n]]);
  for (let again = true; again; ) {
    again = false;
    for (const instruction of code.values()) {
      const before = into.get(instruction.pc);
      if (before === undefined) continue;
      const after = through(instruction, before);
      for (const target of successors(instruction)) {
        const old = into.get(target);
        const merged = merge(old, onEdge(instruction.pc, target, after));
        if (merged === old) continue;
        into.set(target, merged);
        again = true;
      }
    }
  }
  return into;
}

function numbersIn(code: ReadonlyMap<number, Instruction>, inStack: bigint): Map<number, bigint> {
  return flowThrough(
    code,
    (old, added) => (old === undefined ? added : old & added),
    ({ sets, numbers }, before) => ((before & ~sets) | numbers(before)) & ~inStack,
    (_from, _to, bits) => bits,
  );
}

function lateIn(
  code: ReadonlyMap<number, Instruction>,
  loops: readonly LoopFacts[],
  inStack: bigint,
): Map<number, bigint> {
  const byEntry = new Map(loops.map((loop) => [loop.entry, loop]));
  return flowThrough(
    code,
    (old, added) => (old ?? 0n) | added,
    ({ sets, loads, isSeen, mayBeUnseen, takes }, before) => {
      const kept = isSeen && !mayBeUnseen ? 0n : before & ~takes;
      return ((kept | sets) & ~loads & ~inStack) as bigint;
    },
    (from, to, bits) => {
      const loop = byEntry.get(to);
      if (loop === undefined || (from >= loop.start && from < loop.end) || !loop.isSeen)
        return bits;
      // Written once before the loop instead of at each call in it.
      loop.before |= bits & ~loop.sets;
      return bits & loop.sets;
    },
  );
}

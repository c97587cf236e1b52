/**
 * The control flow of a function's code, and how it is written without jumps: as loops and labelled
 * blocks that lie in each other. A jump forward leaves the block that ends at its target; a jump
 * backward goes on with the loop that begins there. What compilers write can always be put so, but
 * for some `goto`s; other code is left to the dispatch loop.
 */

/** Where an instruction goes on; places are indices of instruction words. */
export type Flow =
  | { readonly kind: "next" }
  /** Out of the function. */
  | { readonly kind: "exit" }
  | { readonly kind: "jump"; readonly target: number }
  /** To the target, or behind itself. */
  | { readonly kind: "branch"; readonly target: number }
  /** Begins a `for` loop, whose step is at the target. */
  | { readonly kind: "prepare"; readonly target: number }
  /** Steps a `for` loop: to the start of its body, or behind itself. */
  | { readonly kind: "step"; readonly start: number };

/** What there is to know of an instruction and the words that belong to it. */
export interface Instruction {
  readonly pc: number;
  /** Words. */
  readonly size: number;
  readonly flow: Flow;
  /** Registers that it sets; bit n stands for register n. */
  readonly sets: bigint;
  /** Those of them that it finds in the stack. */
  readonly loads: bigint;
  /** Those of `sets` that become numbers, given the registers that are numbers before. */
  readonly numbers: (before: bigint) => bigint;
  /** Others may look at the stack while it runs, so that it must be up to date. */
  readonly isSeen: boolean;
  /** Though {@link isSeen}, in some cases it looks at nothing, and the stack stays as it was. */
  readonly mayBeUnseen: boolean;
  /** Registers that it takes out of the stack. */
  readonly takes: bigint;
}

/** A part of the code, from its first word to behind its last one. */
export interface Region {
  /** `for` loops are entered at their step, other loops at their start. */
  readonly kind: "block" | "for" | "loop";
  start: number;
  readonly end: number;
  /** The step of a `for` loop, else the start of a loop or the end of a block. */
  readonly label: number;
}

/**
 * The regions of some code, outer ones before those in them.
 *
 * @param code by their places
 * @returns undefined when they do not lie in each other
 */
export function regionsOf(code: ReadonlyMap<number, Instruction>): Region[] | undefined {
  const loops = loopsOf(code);
  const blocks = loops && blocksOf(code, loops);
  if (loops === undefined || blocks === undefined) return undefined;
  const regions = [...loops, ...blocks];
  widen(blocks, regions);
  regions.sort((a, b) => a.start - b.start || b.end - a.end || rank(a) - rank(b));
  return lieInEachOther(regions) ? regions : undefined;
}

/** Of two with the same bounds a block is around a loop. */
function rank({ kind }: Region): number {
  return kind === "block" ? 0 : kind === "loop" ? 1 : 2;
}

function loopsOf(code: ReadonlyMap<number, Instruction>): Region[] | undefined {
  const ends = new Map<number, number>();
  const loops: Region[] = [];
  for (const { pc, size, flow } of code.values()) {
    if (flow.kind === "prepare") {
      const step = code.get(flow.target);
      if (step?.flow.kind !== "step" || step.flow.start !== pc + size) return undefined;
      if (step.pc < pc) return undefined;
      loops.push({ kind: "for", start: pc + size, end: step.pc + step.size, label: step.pc });
    } else if (isJump(flow) && flow.target <= pc) {
      ends.set(flow.target, Math.max(ends.get(flow.target) ?? 0, pc + size));
    }
  }
  for (const [start, end] of ends) loops.push({ kind: "loop", start, end, label: start });
  const steps = new Set(loops.filter(({ kind }) => kind === "for").map(({ label }) => label));
  for (const { pc, flow } of code.values()) {
    if (flow.kind === "step" && !steps.has(pc)) return undefined;
  }
  return loops;
}

export function isJump(flow: Flow): flow is Extract<Flow, { kind: "jump" | "branch" }> {
  return flow.kind === "jump" || flow.kind === "branch";
}

function blocksOf(
  code: ReadonlyMap<number, Instruction>,
  loops: readonly Region[],
): Region[] | undefined {
  const starts = new Map<number, number>();
  for (const { pc, flow } of code.values()) {
    if (!isJump(flow)) continue;
    if (!code.has(flow.target) || entersLoop(pc, flow.target, loops)) return undefined;
    if (flow.target <= pc || isStepOf(pc, flow.target, loops)) continue;
    starts.set(flow.target, Math.min(starts.get(flow.target) ?? pc, pc));
  }
  return [...starts].map(([end, start]) => ({ kind: "block", start, end, label: end }));
}

/** Does a jump go from outside a loop into it, other than to where the loop is entered. */
function entersLoop(from: number, target: number, loops: readonly Region[]): boolean {
  return loops.some(({ kind, start, end }) => {
    if (target < start || target >= end || (from >= start && from < end)) return false;
    return kind === "for" || target > start;
  });
}

/** Is the target the step of a `for` loop around the jump. */
export function isStepOf(from: number, target: number, loops: readonly Region[]): boolean {
  return loops.some(({ kind, start, label }) => {
    return kind === "for" && label === target && from >= start && from < label;
  });
}

/** Lets blocks begin earlier, until whatever begins in a block and ends behind it is around it. */
function widen(blocks: readonly Region[], regions: readonly Region[]): void {
  for (let again = true; again; ) {
    again = false;
    for (const block of blocks) {
      for (const { kind, start, end } of regions) {
        const isInside = start < block.start && block.start < end;
        if (isInside && (block.end > end || (block.end === end && kind !== "block"))) {
          block.start = start;
          again = true;
        }
      }
    }
  }
}

function lieInEachOther(regions: readonly Region[]): boolean {
  const around: Region[] = [];
  for (const region of regions) {
    while (around.length > 0 && around[around.length - 1].end <= region.start) around.pop();
    const outer = around.at(-1);
    if (outer !== undefined && region.end > outer.end) return false;
    around.push(region);
  }
  return true;
}

/** The places that an instruction may go on at. */
export function successors({ pc, size, flow }: Instruction): readonly number[] {
  switch (flow.kind) {
    case "next":
      return [pc + size];
    case "exit":
      return [];
    case "jump":
    case "prepare":
      return [flow.target];
    case "branch":
      return [flow.target, pc + size];
    case "step":
      return [flow.start, pc + size];
  }
}

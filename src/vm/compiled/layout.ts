/**
 * Puts a function's instructions, one by one made into source, into loops and labelled blocks. A
 * function can be made that is entered at a loop: what lies before the loop in the loops around it
 * is then left out the first time.
 */
import type { Instruction, Region } from "./flow.ts";
import { isStepOf } from "./flow.ts";

/** For functions that are entered at their first instruction. */
export const AT_START = -1;

/** The source of instructions. */
export interface Instructions {
  /** Of one that is no step of a `for` loop. */
  emit(instruction: Instruction): string;
  /** Of a step; it goes on behind itself with the body, and leaves the loop by {@link leaveLoop}. */
  emitStep(instruction: Instruction): string;
  /** What is to be done before a loop, by its label, other than a `for`, which does it itself. */
  beforeLoop(label: number): string;
}

/** A statement that leaves a loop to what is behind it. */
export function leaveLoop(label: number): string {
  return `break L${label};`;
}

/** A statement that goes on at a place, which a jump from another one leads to. */
export function goOnAt(target: number, from: number, loops: readonly Region[]): string {
  const isContinue = target <= from || isStepOf(from, target, loops);
  return isContinue ? `continue L${target};` : `break B${target};`;
}

/** @param entry the label of a loop, or {@link AT_START} */
export function layOut(
  code: ReadonlyMap<number, Instruction>,
  regions: readonly Region[],
  entry: number,
  source: Instructions,
): string[] {
  return new Layout(code, regions, entry, source).lines();
}

class Layout {
  private readonly code: ReadonlyMap<number, Instruction>;
  private readonly regions: readonly Region[];
  private readonly source: Instructions;
  private readonly text: string[] = [];
  /** The loops around the entry, which is the last of them. */
  private readonly chain: readonly Region[];
  /** Where they begin, and where the entry begins. */
  private readonly first: number;
  private readonly entryStart: number;
  private isGuarded = false;

  constructor(
    code: ReadonlyMap<number, Instruction>,
    regions: readonly Region[],
    entry: number,
    source: Instructions,
  ) {
    this.code = code;
    this.regions = regions;
    this.source = source;
    const own = regions.find(({ kind, label }) => kind !== "block" && label === entry);
    this.chain = regions.filter(({ kind, start, end }) => {
      return own !== undefined && kind !== "block" && start <= own.start && end >= own.end;
    });
    this.first = this.chain[0]?.start ?? 0;
    this.entryStart = own?.start ?? 0;
  }

  lines(): string[] {
    const open: Region[] = [];
    const waiting = [...this.regions];
    const end = Math.max(...[...this.code.values()].map(({ pc, size }) => pc + size));
    if (this.chain.length > 0) this.put("let go = false;");
    for (let pc = 0; pc <= end; pc++) {
      while (open.at(-1)?.end === pc) this.close(open.pop()!);
      while (waiting[0]?.start === pc) {
        const region = waiting.shift()!;
        if (region.end <= this.first) continue;
        open.push(region);
        this.open(region);
      }
      this.instruction(pc);
    }
    this.guard(false);
    return this.text;
  }

  private instruction(pc: number): void {
    const instruction = this.code.get(pc);
    if (instruction === undefined || pc < this.first || instruction.flow.kind === "step") return;
    this.guard(pc < this.entryStart);
    this.put(this.source.emit(instruction));
  }

  /** Begins or ends what is left out the first time. */
  private guard(wanted: boolean): void {
    if (wanted !== this.isGuarded) this.put(wanted ? "if (go) {" : "}");
    this.isGuarded = wanted;
  }

  private open(region: Region): void {
    const { kind, label, end } = region;
    this.guard(end <= this.entryStart);
    if (kind === "block") {
      this.put(`B${label}: {`);
      return;
    }
    const isEntry = this.chain.at(-1) === region;
    const isSkipped = this.chain.includes(region) && !isEntry;
    if (kind === "loop" && !isEntry) this.put(guarded(this.source.beforeLoop(label), isSkipped));
    if (isEntry) this.put("go = true;");
    this.put(`L${label}: for (;;) {`);
    const step = this.code.get(label);
    if (kind === "for" && step) this.put(guarded(this.source.emitStep(step), isSkipped));
  }

  private close({ kind, label, end }: Region): void {
    if (end > this.entryStart) this.guard(false);
    this.put(kind === "loop" ? `${leaveLoop(label)} }` : "}");
  }

  private put(text: string): void {
    if (text !== "") this.text.push(text);
  }
}

function guarded(text: string, isGuarded: boolean): string {
  return isGuarded && text !== "" ? `if (go) { ${text} }` : text;
}

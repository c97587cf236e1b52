/**
 * Labels and gotos, and with them `break` where it is a goto: which are visible, which gotos still
 * wait for their label, and what their jumps close. Source: lua53.md §0 (as in Lua 5.3.6).
 */
import { withA } from "../bytecode/instruction.ts";
import type { Block, LabelScope } from "./block.ts";
import type { CodeEmitter } from "./code-emitter.ts";
import type { SymbolId } from "./symbol-table.ts";
import { Token } from "./tokens.ts";

/** A function as labels see it. */
interface LabelUser extends CodeEmitter, LabelScope {
  readonly activeLocals: number;
  /** The innermost block; undefined outside all blocks of the function. */
  readonly block: Block | undefined;
  localName(register: number): SymbolId;
}

export interface Label {
  readonly name: SymbolId;
  readonly line: number;
  readonly pc: number;
  /** Locals that are alive behind it. */
  activeLocals: number;
}

/** A goto whose label has not been seen. */
interface PendingGoto {
  readonly name: SymbolId;
  readonly line: number;
  /** Its jumps: one, or those of a condition. */
  readonly jumps: number;
  /** Locals alive where it stands, less those whose blocks it was found to leave. */
  activeLocals: number;
}

/** No source can name a label so. */
const BREAK: SymbolId = Token.Break;

const MAX_ENTRIES = 32_767;

/** The labels and gotos of all functions of one compile that are open. */
export class LabelTable {
  private readonly labels: Label[] = [];
  private readonly gotos: PendingGoto[] = [];

  get labelCount(): number {
    return this.labels.length;
  }

  get gotoCount(): number {
    return this.gotos.length;
  }

  /** Fails when the block has a label of that name. */
  checkUnique(f: LabelUser, name: SymbolId): void {
    const { firstLabel } = f.block ?? f;
    for (let i = firstLabel; i < this.labels.length; i++) {
      if (this.labels[i].name !== name) continue;
      const { line } = this.labels[i];
      f.lexer.failHere("syntax", `label '${nameOf(f, name)}' already defined on line ${line}`);
    }
  }

  /** A label at the next instruction. */
  define(f: LabelUser, name: SymbolId, line: number): Label {
    checkRoom(f, this.labels);
    const label = { name, line, pc: f.label(), activeLocals: f.activeLocals };
    this.labels.push(label);
    return label;
  }

  /** Lets the gotos of the block that wait for the label go there. */
  resolve(f: LabelUser, label: Label): void {
    this.resolveFrom((f.block ?? f).firstGoto, f, label);
  }

  /** Lets the breaks that wait in a loop's block go to the next instruction. */
  resolveBreaks(f: LabelUser, loop: Block): void {
    const { activeLocals, pc } = f;
    this.resolveFrom(loop.firstGoto, f, { name: BREAK, line: 0, pc, activeLocals });
  }

  private resolveFrom(first: number, f: LabelUser, label: Label): void {
    const { gotos } = this;
    let kept = first;
    for (let i = first; i < gotos.length; i++) {
      if (gotos[i].name === label.name) land(f, gotos[i], label);
      else gotos[kept++] = gotos[i];
    }
    if (kept < gotos.length) gotos.length = kept; // to set a length is slow
  }

  /** A `goto`; its label may have been seen or not. */
  addGoto(f: LabelUser, name: SymbolId, line: number, jumps: number): void {
    checkRoom(f, this.gotos);
    const pending = { name, line, jumps, activeLocals: f.activeLocals };
    if (!this.landBack(f, pending)) this.gotos.push(pending);
  }

  /** A `break`. */
  addBreak(f: LabelUser, line: number, jumps: number): void {
    this.addGoto(f, BREAK, line, jumps);
  }

  /** Lets a goto go to a label that the block has, if there is one. */
  private landBack(f: LabelUser, pending: PendingGoto): boolean {
    const { labels } = this;
    for (let i = (f.block ?? f).firstLabel; i < labels.length; i++) {
      const label = labels[i];
      if (label.name !== pending.name) continue;
      if (pending.activeLocals > label.activeLocals) {
        closeFrom(f, pending.jumps, label.activeLocals);
      }
      land(f, pending, label);
      return true;
    }
    return false;
  }

  /** At a block's end: its labels are forgotten, its gotos are those of the block around it. */
  leaveBlock(f: LabelUser, block: Block): void {
    const { gotos, labels } = this;
    if (block.firstLabel < labels.length) labels.length = block.firstLabel;
    let kept = block.firstGoto;
    for (let i = kept; i < gotos.length; i++) {
      const pending = gotos[i];
      if (pending.activeLocals > block.activeLocals) {
        if (block.hasUpvalue) closeFrom(f, pending.jumps, block.activeLocals);
        pending.activeLocals = block.activeLocals;
      }
      if (!this.landBack(f, pending)) gotos[kept++] = pending;
    }
    if (kept < gotos.length) gotos.length = kept;
  }

  /** At a function's end: fails when a goto found no label. */
  endFunction(f: LabelUser): void {
    if (f.firstLabel < this.labels.length) this.labels.length = f.firstLabel;
    if (this.gotos.length === f.firstGoto) return;
    const { line, name } = this.gotos[f.firstGoto];
    f.lexer.failHere(
      "syntax",
      name === BREAK
        ? `<break> at line ${line} not inside a loop`
        : `no visible label '${nameOf(f, name)}' for <goto> at line ${line}`,
    );
  }
}

/** Lets the jumps of the list close upvalues from the local in register `first` on. */
export function closeFrom(f: LabelUser, list: number, first: number): void {
  for (let pc = list; pc >= 0; pc = f.nextJump(pc)) f.code[pc] = withA(f.code[pc], first + 1);
}

function land(f: LabelUser, pending: PendingGoto, label: Label): void {
  if (pending.activeLocals < label.activeLocals) {
    const local = nameOf(f, f.localName(pending.activeLocals));
    const goto = `<goto ${nameOf(f, pending.name)}> at line ${pending.line}`;
    f.lexer.failHere("syntax", `${goto} jumps into the scope of local '${local}'`);
  }
  f.jumpTo(pending.jumps, label.pc);
}

function nameOf(f: LabelUser, symbol: SymbolId): string {
  return f.lexer.symbols.text(symbol);
}

function checkRoom(f: LabelUser, entries: readonly unknown[]): void {
  if (entries.length < MAX_ENTRIES) return;
  f.lexer.failBare("limit", `too many labels/gotos (limit is ${MAX_ENTRIES})`);
}

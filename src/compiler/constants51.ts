/**
 * Constants in Lua 5.1: each once per function. Strings are looked up by symbol, numbers by numeric
 * value: 0 and −0 share one slot and the first to come keeps it. Source: lua51.md §1.5.
 */
import type { Constant, LuaNumber } from "../base/number-model.ts";
import type { ConstantPool, ConstantTable } from "./constant-table.ts";
import type { SymbolId, SymbolTable } from "./symbol-table.ts";

/**
 * Which constant a symbol is in the function at hand. One table serves all functions: an entry
 * counts only for the function that made it, and what a nested function overwrites is put back
 * when it ends.
 */
export class ConstantPool51 implements ConstantPool {
  readonly symbols: SymbolTable;
  /** Per symbol two numbers: owner and index. */
  private readonly entries: number[] = [];
  /** Place, owner and index of each overwritten entry. */
  private readonly overwritten: number[] = [];
  private lastOwner = 0;

  constructor(symbols: SymbolTable) {
    this.symbols = symbols;
  }

  newTable(checkRoom: (count: number) => void): ConstantTable {
    return new ConstantTable51(this, checkRoom);
  }

  /** A number for a function that begins. */
  newOwner(): number {
    return ++this.lastOwner;
  }

  /** How much was overwritten before a function that begins. */
  get mark(): number {
    return this.overwritten.length;
  }

  /** The index that `owner` set for the symbol, or −1. */
  find(symbol: SymbolId, owner: number): number {
    const { entries } = this;
    const at = symbol * 2;
    return at < entries.length && entries[at] === owner ? entries[at + 1] : -1;
  }

  set(symbol: SymbolId, owner: number, index: number): void {
    const { entries } = this;
    const at = symbol * 2;
    while (entries.length <= at) entries.push(0, 0);
    if (entries[at] !== 0) this.overwritten.push(at, entries[at], entries[at + 1]);
    entries[at] = owner;
    entries[at + 1] = index;
  }

  /** Puts back what was overwritten since the mark. */
  restore(mark: number): void {
    const { overwritten, entries } = this;
    while (overwritten.length > mark) {
      const index = overwritten.pop() as number;
      const owner = overwritten.pop() as number;
      const at = overwritten.pop() as number;
      entries[at] = owner;
      entries[at + 1] = index;
    }
  }
}

class ConstantTable51 implements ConstantTable {
  private list: Constant[] = [];
  private numbers: Map<LuaNumber, number> | undefined;
  private nilIndex = -1;
  private falseIndex = -1;
  private trueIndex = -1;
  private owner = 0;
  private mark = 0;
  private readonly strings: ConstantPool51;
  private readonly checkRoom: (count: number) => void;

  constructor(strings: ConstantPool51, checkRoom: (count: number) => void) {
    this.strings = strings;
    this.checkRoom = checkRoom;
  }

  open(): void {
    this.list = [];
    this.numbers = undefined;
    this.nilIndex = -1;
    this.falseIndex = -1;
    this.trueIndex = -1;
    this.owner = this.strings.newOwner();
    this.mark = this.strings.mark;
  }

  close(): readonly Constant[] {
    this.strings.restore(this.mark);
    return this.list;
  }

  get count(): number {
    return this.list.length;
  }

  at(index: number): Constant {
    return this.list[index];
  }

  string(symbol: SymbolId): number {
    const { strings, owner } = this;
    const known = strings.find(symbol, owner);
    if (known >= 0) return known;
    const index = this.add(strings.symbols.text(symbol));
    strings.set(symbol, owner, index);
    return index;
  }

  number(value: LuaNumber): number {
    this.numbers ??= new Map();
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    const index = this.add(value);
    this.numbers.set(value, index);
    return index;
  }

  nil(): number {
    if (this.nilIndex < 0) this.nilIndex = this.add(null);
    return this.nilIndex;
  }

  boolean(value: boolean): number {
    if (value) {
      if (this.trueIndex < 0) this.trueIndex = this.add(true);
      return this.trueIndex;
    }
    if (this.falseIndex < 0) this.falseIndex = this.add(false);
    return this.falseIndex;
  }

  private add(constant: Constant): number {
    this.checkRoom(this.list.length);
    return this.list.push(constant) - 1;
  }
}

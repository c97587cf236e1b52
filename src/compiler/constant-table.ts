/**
 * The constants of one function, each once. Strings are looked up by symbol, numbers by numeric
 * value: 0 and −0 share one slot and the first to come keeps it. Source: lua51.md §1.5.
 */
import type { Constant, LuaNumber } from "../base/number-model.ts";
import type { SymbolId, SymbolTable } from "./symbol-table.ts";

export class ConstantTable {
  private list: Constant[] = [];
  private numbers: Map<LuaNumber, number> | undefined;
  private nilIndex = -1;
  private falseIndex = -1;
  private trueIndex = -1;

  /**
   * Open-addressed map from symbol to index. An entry counts only when its stamp is the current
   * one, so that making the table ready for another function takes no clearing.
   */
  private keys = new Int32Array(64);
  private indexes = new Int32Array(64);
  private stamps = new Int32Array(64);
  private stamp = 0;
  private stringCount = 0;

  /** Called with the number of constants before one is added; throws when there is no room. */
  private readonly checkRoom: (count: number) => void;
  private readonly symbols: SymbolTable;

  constructor(symbols: SymbolTable, checkRoom: (count: number) => void) {
    this.symbols = symbols;
    this.checkRoom = checkRoom;
  }

  reset(): void {
    this.list = [];
    this.numbers = undefined;
    this.nilIndex = -1;
    this.falseIndex = -1;
    this.trueIndex = -1;
    this.stamp++;
    this.stringCount = 0;
  }

  get count(): number {
    return this.list.length;
  }

  /** The constants in the order of their first use. */
  finish(): readonly Constant[] {
    return this.list;
  }

  string(symbol: SymbolId): number {
    const { keys, stamps, stamp } = this;
    const mask = keys.length - 1;
    let slot = Math.imul(symbol, 0x9e3779b1) & mask;
    for (; stamps[slot] === stamp; slot = (slot + 1) & mask) {
      if (keys[slot] === symbol) return this.indexes[slot];
    }
    const index = this.add(this.symbols.text(symbol));
    keys[slot] = symbol;
    stamps[slot] = stamp;
    this.indexes[slot] = index;
    if (++this.stringCount * 2 > mask) this.enlarge();
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

  private enlarge(): void {
    const { keys, indexes, stamps, stamp } = this;
    const length = keys.length * 2;
    this.keys = new Int32Array(length);
    this.indexes = new Int32Array(length);
    this.stamps = new Int32Array(length);
    this.stamp = 1;
    for (let old = 0; old < keys.length; old++) {
      if (stamps[old] !== stamp) continue;
      let slot = Math.imul(keys[old], 0x9e3779b1) & (length - 1);
      while (this.stamps[slot] === 1) slot = (slot + 1) & (length - 1);
      this.keys[slot] = keys[old];
      this.indexes[slot] = indexes[old];
      this.stamps[slot] = 1;
    }
  }
}

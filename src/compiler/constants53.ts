/**
 * Constants in Lua 5.3. All functions of a compile share one memory of where each value stands: its
 * index in the function that used it last. A function trusts it if it has that very value there,
 * so a value that a nested function used since may get a second slot. Integers and floats never
 * share a slot. Source: lua53.md §1.3 (as in Lua 5.3.6).
 */
import { type Constant, LuaFloat, type LuaNumber } from "../base/number-model.ts";
import type { ConstantPool, ConstantTable } from "./constant-table.ts";
import type { SymbolId, SymbolTable } from "./symbol-table.ts";

/** What tells constants apart where their values do not: that no string is meant. */
const NO_SYMBOL: SymbolId = -1;

export class ConstantPool53 implements ConstantPool {
  readonly symbols: SymbolTable;
  /** Per symbol, integer and float, and for the three others: where it stood last. */
  readonly strings: number[] = [];
  readonly integers = new Map<number | bigint, number>();
  readonly floats = new Map<number, number>();
  nil = 0;
  false = 0;
  true = 0;

  constructor(symbols: SymbolTable) {
    this.symbols = symbols;
  }

  newTable(checkRoom: (count: number) => void): ConstantTable {
    return new ConstantTable53(this, checkRoom);
  }
}

class ConstantTable53 implements ConstantTable {
  private list: Constant[] = [];
  /** Per constant: its symbol when it is a string. */
  private listSymbols: SymbolId[] = [];
  private readonly pool: ConstantPool53;
  private readonly checkRoom: (count: number) => void;

  constructor(pool: ConstantPool53, checkRoom: (count: number) => void) {
    this.pool = pool;
    this.checkRoom = checkRoom;
  }

  open(): void {
    this.list = [];
    this.listSymbols = [];
  }

  close(): readonly Constant[] {
    return this.list;
  }

  get count(): number {
    return this.list.length;
  }

  at(index: number): Constant {
    return this.list[index];
  }

  string(symbol: SymbolId): number {
    const { strings, symbols } = this.pool;
    if (symbol < strings.length) {
      const known = strings[symbol];
      if (known < this.list.length && this.listSymbols[known] === symbol) return known;
    } else while (strings.length < symbol) strings.push(0); // so that the array has no holes
    const index = this.add(symbols.text(symbol), symbol);
    strings[symbol] = index;
    return index;
  }

  number(value: LuaNumber): number {
    return value instanceof LuaFloat ? this.float(value) : this.integer(value);
  }

  private integer(value: number | bigint): number {
    const { integers } = this.pool;
    const known = integers.get(value);
    if (known !== undefined && this.list[known] === value) return known;
    const index = this.add(value, NO_SYMBOL);
    integers.set(value, index);
    return index;
  }

  private float(value: LuaFloat): number {
    const { floats } = this.pool;
    const known = floats.get(value.value);
    if (known !== undefined) {
      const there = this.list[known];
      if (there instanceof LuaFloat && there.value === value.value) return known;
    }
    const index = this.add(value, NO_SYMBOL);
    floats.set(value.value, index);
    return index;
  }

  nil(): number {
    const { pool } = this;
    if (this.list[pool.nil] !== null) pool.nil = this.add(null, NO_SYMBOL);
    return pool.nil;
  }

  boolean(value: boolean): number {
    const { pool } = this;
    if (value) {
      if (this.list[pool.true] !== true) pool.true = this.add(true, NO_SYMBOL);
      return pool.true;
    }
    if (this.list[pool.false] !== false) pool.false = this.add(false, NO_SYMBOL);
    return pool.false;
  }

  private add(constant: Constant, symbol: SymbolId): number {
    this.checkRoom(this.list.length);
    this.listSymbols.push(symbol);
    return this.list.push(constant) - 1;
  }
}

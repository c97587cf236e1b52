/**
 * The constants of the functions being compiled. When two uses share a constant is a matter of the
 * Lua version; see `constants51.ts` and `constants53.ts`.
 */
import type { Constant, LuaNumber } from "../base/number-model.ts";
import type { SymbolId } from "./symbol-table.ts";

/** What the constants of all functions of one compile have in common. */
export interface ConstantPool {
  /**
   * A table for functions at one depth of nesting.
   * @param checkRoom called with the number of constants before one is added; throws when there
   *   is no room
   */
  newTable(checkRoom: (count: number) => void): ConstantTable;
}

/** The constants of one function; each method returns the index of a constant, old or new. */
export interface ConstantTable {
  /** Begins another function. */
  open(): void;
  /** Ends the function; returns its constants in the order of their first use. */
  close(): readonly Constant[];

  readonly count: number;
  /** @param index below {@link count} */
  at(index: number): Constant;
  string(symbol: SymbolId): number;
  number(value: LuaNumber): number;
  nil(): number;
  boolean(value: boolean): number;
}

/**
 * A dialect is the language one Lua version's compiler accepts: named features and limits that
 * lexer and parser read. Data only. Source: lua51.md §2.2.
 */

export interface Dialect {
  readonly name: "lua51" | "lua53";
  /** How users call it. */
  readonly title: string;

  /** The version byte of binary chunks. */
  readonly chunkVersion: number;
  /** Active local variables per function, hidden ones included. */
  readonly maxLocals: number;
  readonly maxUpvalues: number;
  /** Nesting of blocks and expressions, the compiler's own call included. */
  readonly maxLevels: number;
  /** Registers per function. */
  readonly maxRegisters: number;
  /** Constants per function, and nested functions per function. */
  readonly maxConstants: number;
  /** Local declarations per function, dead ones included. */
  readonly maxLocalDeclarations: number;
  /** Bytes of a chunk id in a message, terminator included. */
  readonly chunkIdSize: number;
}

export const LUA51: Dialect = {
  name: "lua51",
  title: "Lua 5.1",
  chunkVersion: 0x51,
  maxLocals: 50,
  maxUpvalues: 60,
  maxLevels: 200,
  maxRegisters: 250,
  maxConstants: 262_143,
  maxLocalDeclarations: 32_767,
  chunkIdSize: 80,
};

export const LUA53: Dialect = {
  name: "lua53",
  title: "Lua 5.3",
  chunkVersion: 0x53,
  maxLocals: 200,
  maxUpvalues: 255,
  maxLevels: 200,
  maxRegisters: 255,
  maxConstants: 67_108_863,
  maxLocalDeclarations: 32_767,
  chunkIdSize: 60,
};

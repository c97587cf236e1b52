/**
 * The prototype: the bytecode of one function, in memory. It is the hub of the project. The
 * compiler makes prototypes, decoders read them back, and encoders, listing, verifier and the
 * virtual machine use them; these parts meet nowhere else.
 */

import type { LuaString } from "../base/lua-string.ts";
import type { Constant } from "../base/number-model.ts";

/** A local variable that is alive for the instructions `startPc ≤ pc < endPc`. */
export interface LocalVariable {
  readonly name: LuaString | null;
  readonly startPc: number;
  readonly endPc: number;
}

/** `varargFlags` bits of Lua 5.1. Lua 5.3 uses only {@link VarargFlag.IsVararg}'s value 1 or 0. */
export enum VarargFlag {
  /** The function declares a hidden local `arg`. */
  HasArg = 1,
  /** The function takes extra arguments. */
  IsVararg = 2,
  /** The hidden `arg` must be filled on entry. */
  NeedsArg = 4,
}

/** Where a closure of Lua 5.3 finds an upvalue when it is made. */
export interface UpvalueSource {
  /** True when it is a local of the enclosing function, false when it is an upvalue of it. */
  readonly inStack: boolean;
  /** What chunks have for {@link inStack} where it is neither 0 nor 1, as no compiler writes it. */
  readonly inStackByte?: number;
  /** The local's register, or the enclosing function's upvalue; 0–255. */
  readonly index: number;
}

export interface Proto {
  /**
   * Chunk name with its `@` or `=`; always set: a nested function repeats its parent's, and a main
   * function that was read without one has `=?`.
   */
  readonly source: LuaString;
  /** Line of `function`; 0 for a main chunk. */
  readonly lineDefined: number;
  /** Line of the closing `end`; 0 for a main chunk. */
  readonly lastLineDefined: number;
  readonly upvalueCount: number;
  /**
   * One per upvalue in Lua 5.3; empty in Lua 5.1, where the instructions behind CLOSURE say it.
   */
  readonly upvalueSources: readonly UpvalueSource[];
  readonly parameterCount: number;
  readonly varargFlags: number;
  /**
   * Registers the function needs: 2–250 when compiled, 1 in the main function that calls several
   * chunks, 0–250 when read.
   */
  readonly maxStackSize: number;
  /**
   * Instruction words. In a compiled prototype this is a view: the functions of one compile share
   * one buffer, so copy the words before transferring them or keeping one function for long.
   */
  readonly code: Int32Array;
  readonly constants: readonly Constant[];
  readonly protos: readonly Proto[];
  /**
   * Packed line info including its final 0, in the format of its Lua version; empty when
   * stripped.
   */
  readonly lineInfo: Uint8Array;
  /** Names of local variables; empty unless a chunk that was read carried them. */
  readonly locals: readonly LocalVariable[];
  /** Names of upvalues; empty unless a chunk that was read carried them. */
  readonly upvalueNames: readonly (LuaString | null)[];
}

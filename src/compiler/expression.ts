/**
 * A delayed expression: code generation puts off where a value goes until it knows what the value
 * is for. An expression starts as what the parser saw (a constant, a variable, a call) and is
 * turned step by step into a value in a register.
 */
import type { LuaNumber } from "../base/number-model.ts";

/** Marks the end of a jump list, and a list with no jumps. */
export const NO_JUMP = -1;

export enum ExprKind {
  /** No expression: an empty list. */
  Void,
  Nil,
  True,
  False,
  /** `info` is an index in the constants. */
  Constant,
  /** `number` is its value; not in the constants yet, so it can still be folded. */
  Numeral,
  /** `info` is the register. */
  Local,
  /** `info` is the upvalue's index. */
  Upvalue,
  /** `info` is the constant that names it. */
  Global,
  /** `info` is the table's register, `aux` the key, as RK. */
  Indexed,
  /** `info` is the table's upvalue, `aux` the key, as RK. */
  IndexedUpvalue,
  /** A test; `info` is the pc of its jump. */
  Jump,
  /** `info` is the pc of an instruction whose register A is still open. */
  Relocatable,
  /** `info` is the register that holds the value. */
  Register,
  /** `info` is the pc of the call. */
  Call,
  /** `info` is the pc of the VARARG. */
  Vararg,
}

export class Expr {
  kind = ExprKind.Void;
  info = 0;
  aux = 0;
  /** Not a number at first: a field for numbers only would be boxed anew in every expression. */
  private value: LuaNumber | undefined = undefined;
  /** Jumps taken when the value is true, and when it is false. */
  trueJumps = NO_JUMP;
  falseJumps = NO_JUMP;

  /** The value of a numeral. */
  get number(): LuaNumber {
    return this.value as LuaNumber;
  }

  setNumeral(value: LuaNumber): void {
    this.set(ExprKind.Numeral, 0);
    this.value = value;
  }

  set(kind: ExprKind, info: number): void {
    this.kind = kind;
    this.info = info;
    this.trueJumps = NO_JUMP;
    this.falseJumps = NO_JUMP;
  }

  become(other: Expr): void {
    this.kind = other.kind;
    this.info = other.info;
    this.aux = other.aux;
    this.value = other.value;
    this.trueJumps = other.trueJumps;
    this.falseJumps = other.falseJumps;
  }

  hasJumps(): boolean {
    return this.trueJumps !== this.falseJumps;
  }

  /** A number that can be folded. */
  isNumeral(): boolean {
    return (
      this.kind === ExprKind.Numeral && this.trueJumps === NO_JUMP && this.falseJumps === NO_JUMP
    );
  }

  /** A table with a key, which is in `aux`. */
  hasKey(): boolean {
    return this.kind === ExprKind.Indexed || this.kind === ExprKind.IndexedUpvalue;
  }

  /** A place that can be assigned to. */
  isVariable(): boolean {
    return this.kind >= ExprKind.Local && this.kind <= ExprKind.IndexedUpvalue;
  }

  /** A call or `...`, which can give any number of values. */
  hasMultipleResults(): boolean {
    return this.kind === ExprKind.Call || this.kind === ExprKind.Vararg;
  }
}

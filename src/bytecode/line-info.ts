/** What the compiler needs of a line info encoder; each Lua version packs in its own way. */
export interface LineInfoEncoder {
  /** Makes the encoder ready for another function. */
  reset(): void;
  /** The instruction at `pc` was emitted for `line`; `pc` may repeat when one was removed. */
  emit(pc: number, line: number): void;
  /** Attributes the instruction emitted last to another line. */
  amend(line: number): void;
  /** Bytes so far, without the terminator. */
  readonly size: number;
  /** The finished bytes with their terminator. */
  finish(): Uint8Array;
}

/** Blocks: the scopes of local variables and labels. */

/** How many labels, and gotos that wait for one, there were before a block or function. */
export interface LabelScope {
  readonly firstLabel: number;
  readonly firstGoto: number;
}

/** A scope of local variables. */
export interface Block extends LabelScope {
  readonly previous: Block | undefined;
  /** Active locals outside the block. */
  readonly activeLocals: number;
  readonly isLoop: boolean;
  /** A nested function uses a local of the block. */
  hasUpvalue: boolean;
  /** Jumps out of the loop, where these are not gotos. */
  breaks: number;
}

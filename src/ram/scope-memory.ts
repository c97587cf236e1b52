/**
 * What the compiler of Lua 5.3 keeps beside the functions: the locals in sight of all of them, the
 * labels, and the jumps that wait for one. Its loops make labels, and `break` is such a jump. The
 * vectors grow and are kept to the end.
 */
import { Token } from "../compiler/tokens.ts";
import type { CompilerFacts } from "../target/memory-facts.ts";
import { capacity } from "./growing-function.ts";

export class ScopeMemory {
  private readonly facts: CompilerFacts;
  private locals = 0;
  private labels = 0;
  private jumps = 0;

  constructor(facts: CompilerFacts) {
    this.facts = facts;
  }

  get bytes(): number {
    const { localInSight, label } = this.facts;
    return capacity(this.locals) * localInSight + (this.labels + this.jumps) * label;
  }

  /** More than a vector's first few labels or jumps at a time are so rare that none is counted. */
  read(token: Token, locals: number): void {
    if (locals > 0) this.locals = Math.max(this.locals, locals + 1);
    if (token === Token.While || token === Token.For || token === Token.Repeat) {
      this.labels = capacity(1);
    }
    if (token === Token.Break) this.jumps = capacity(1);
  }
}

/**
 * The compiler to JavaScript of Lua 5.1: makes functions of code that is entered or jumped back in
 * often. Where the JavaScript engine refuses to make functions of source text (a page's policy may
 * forbid it), all code stays with the dispatch loop.
 */
import type { Code, CompiledRun, Tier } from "../state.ts";
import { emit51 } from "./emit51.ts";
import { AT_START } from "./layout.ts";
import { RUNTIME_51 } from "./runtime51.ts";

/** Entries and jumps backward after which code is compiled. */
const HOT = 300;
/** Code of more words stays as it is. */
const MAX_WORDS = 3000;

type Factory = (runtime: typeof RUNTIME_51, constants: Code["constants"]) => CompiledRun;

export class Tier51 implements Tier {
  private readonly integral: boolean;
  private readonly hot: number;
  /** By the labels of loops. */
  private readonly loops = new WeakMap<Code, Map<number, CompiledRun>>();

  constructor(integral: boolean, hot = HOT) {
    this.integral = integral;
    this.hot = hot;
  }

  count(code: Code): void {
    if (++code.heat < this.hot) return;
    code.heat = Number.MIN_SAFE_INTEGER;
    code.run = this.compile(code, AT_START);
  }

  loop(code: Code, label: number): CompiledRun | undefined {
    if (++code.loopHeat < this.hot) return undefined;
    let loops = this.loops.get(code);
    if (loops === undefined) {
      loops = new Map();
      this.loops.set(code, loops);
    }
    let run = loops.get(label);
    if (run === undefined) {
      run = this.compile(code, label);
      // What keeps one loop from being compiled keeps all of the function's.
      if (run === undefined) code.loopHeat = Number.MIN_SAFE_INTEGER;
      else loops.set(label, run);
    }
    return run;
  }

  private compile(code: Code, entry: number): CompiledRun | undefined {
    if (code.words.length > MAX_WORDS) return undefined;
    const source = emit51(code, this.integral, entry);
    if (source === undefined) return undefined;
    try {
      const factory = new Function("R", "K", source) as Factory;
      return factory(RUNTIME_51, code.constants);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      return undefined;
    }
  }
}

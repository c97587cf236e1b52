/**
 * A program while it is being written: the tokens so far, the names in force, and how much may
 * still be added.
 */
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Features } from "./features.ts";
import type { Random } from "./random.ts";
import { FunctionScope } from "./scope.ts";

/** Writes one construct, with at most `depth` more levels inside it. */
export type Rule = (draft: Draft, depth: number) => void;

/** Few enough that locals are shadowed, and captured, all the time. */
const NAMES = [
  ..."abcdefghijklmnop",
  "t",
  "s",
  "x",
  "y",
  "i",
  "k",
  "v",
  "_",
  "self",
  "arg",
  "longer_name_1",
];
/** Where globals are fields of a variable, it is declared anew now and then. */
const NAMES_WITH_ENV = [...NAMES, "_ENV"];
/** Mostly names that no local has. */
const GLOBALS = [
  ..."ABCDEFG",
  "print",
  "pairs",
  "string",
  "math",
  "node",
  "tmr",
  "_G",
  "foo_bar",
  "x",
  "t",
];
/** Also used as method names. */
const FIELDS = ["x", "y", "z", "n", "name", "sub", "insert", "format", "alarm", "_1", "GET"];

export class Draft {
  readonly random: Random;
  readonly features: Features;
  readonly tokens: LuaString[] = [];
  scope: FunctionScope;
  /** Constructs that may still be written before only the simplest follow. */
  budget: number;
  /** Blocks and functions around the current place. */
  level = 0;
  /** Makes the names of labels different. */
  labels = 0;
  /** Number of tokens at which the innermost block begins. */
  blockStart = 0;
  /** Writes parameters, block and `end` of a function; expressions need it of the statements. */
  readonly functionBody: (draft: Draft, isMethod: boolean) => void;

  constructor(
    random: Random,
    features: Features,
    budget: number,
    functionBody: (draft: Draft, isMethod: boolean) => void,
  ) {
    this.random = random;
    this.features = features;
    this.budget = budget;
    this.functionBody = functionBody;
    this.scope = new FunctionScope(undefined, true, features);
  }

  /** Appends tokens. */
  put(...tokens: LuaString[]): void {
    for (const token of tokens) this.tokens.push(token);
  }

  /** Writes `count` items with commas between them. */
  list(count: number, item: (index: number) => void): void {
    for (let i = 0; i < count; i++) {
      if (i > 0) this.put(",");
      item(i);
    }
  }

  /** A name to declare. */
  newName(): string {
    return this.random.pick(this.features.grammar.goto ? NAMES_WITH_ENV : NAMES);
  }

  /** A name to put after `.` or `:`. */
  field(): string {
    return this.random.pick(FIELDS);
  }

  /** A variable to read or assign: often a local, often one of an outer function, or a global. */
  variable(): string {
    const roll = this.random.below(10);
    const own = this.scope.localNames();
    if (roll < 5 && own.length > 0) return this.random.pick(own);
    const visible = roll < 8 ? this.scope.visibleNames() : [];
    const name = visible.length > 0 ? this.random.pick(visible) : this.random.pick(GLOBALS);
    return this.scope.use(name) ? name : "G";
  }
}

/**
 * Writes expressions of every kind. Operators are joined without regard to precedence: whatever
 * tree Lua makes of them, it is a valid one.
 */
import type { Draft, Rule } from "./draft.ts";
import { CALL_OPEN } from "./layout.ts";
import { numeral, stringLiteral } from "./literals.ts";

/** The operators that can be computed while compiling. */
const ARITHMETIC = ["+", "-", "*", "/", "%", "^"];
const COMPARISON = ["==", "~=", "<", "<=", ">", ">="];
/** Concatenation twice, as it is the one that takes its operands from registers in a row. */
const BINARY = [...ARITHMETIC, ...COMPARISON, "..", "..", "and", "or"];
const UNARY = ["not", "-", "#", "not", "-"];

/** The same where there are operators on integers. */
const MORE_ARITHMETIC = [...ARITHMETIC, "//", "&", "|", "~", "<<", ">>"];
const MORE_BINARY = [...MORE_ARITHMETIC, ...COMPARISON, "..", "..", "and", "or"];
const MORE_UNARY = [...UNARY, "~"];

function arithmetic({ features }: Draft): readonly string[] {
  return features.grammar.integerOperators ? MORE_ARITHMETIC : ARITHMETIC;
}

/** A numeral of any form that the target accepts. */
function number(draft: Draft): void {
  draft.put(numeral(draft.random, draft.features));
}

/** A variable: local, upvalue or global. */
function name(draft: Draft): void {
  draft.put(draft.variable());
}

/** `...` where the function has it. */
function varargs(draft: Draft): void {
  draft.put(draft.scope.isVararg ? "..." : "nil");
}

/** Leaves of expressions; names most, so that registers, upvalues and globals meet. */
const ATOMS: readonly (readonly [number, Rule])[] = [
  [10, name],
  [5, number],
  [4, (draft) => draft.put(stringLiteral(draft.random, draft.features))],
  [2, (draft) => draft.put(draft.random.pick(["nil", "true", "false"]))],
  [2, varargs],
  [1, (draft) => draft.put("{", "}")],
];

/** An expression without parts. */
function atom(draft: Draft): void {
  draft.random.weighted(ATOMS)(draft, 0);
}

/** Ways to grow; calls and logic most, as most of the compiler's decisions are about them. */
const COMPOUND: readonly (readonly [number, Rule])[] = [
  [8, binary],
  [3, unary],
  [3, parenthesised],
  [6, logic],
  [3, folding],
  [6, prefixExpression],
  [7, callExpression],
  [4, table],
  [3, (draft) => functionLiteral(draft)],
];

/** Writes any expression. */
export function expression(draft: Draft, depth: number): void {
  draft.budget--;
  if (depth <= 0 || draft.budget < 0 || draft.random.chance(0.25)) atom(draft);
  else draft.random.weighted(COMPOUND)(draft, depth - 1);
}

/** Two expressions with any operator between them. */
function binary(draft: Draft, depth: number): void {
  expression(draft, depth);
  draft.put(draft.random.pick(draft.features.grammar.integerOperators ? MORE_BINARY : BINARY));
  expression(draft, depth);
}

/** An expression with an operator before it. */
function unary(draft: Draft, depth: number): void {
  draft.put(draft.random.pick(draft.features.grammar.integerOperators ? MORE_UNARY : UNARY));
  expression(draft, depth);
}

/** In parentheses, which also cut several values down to one. */
function parenthesised(draft: Draft, depth: number): void {
  draft.put("(");
  expression(draft, depth);
  draft.put(")");
}

/** Arithmetic on numerals only, which the compiler may compute. */
function folding(draft: Draft, depth: number): void {
  draft.budget--;
  if (depth <= 0 || draft.random.chance(0.2)) number(draft);
  else foldingOperation(draft, depth);
}

/** An operator, and sometimes an operand that forbids computing it. */
function foldingOperation(draft: Draft, depth: number): void {
  const { random } = draft;
  if (random.chance(0.2)) draft.put("-");
  const bracket = random.chance(0.4);
  if (bracket) draft.put("(");
  folding(draft, depth - 1);
  draft.put(random.pick(arithmetic(draft)));
  // One operand that is not a numeral leaves the rest of the row to run time.
  if (random.chance(0.95)) folding(draft, depth - 1);
  else atom(draft);
  if (bracket) draft.put(")");
}

/** Leaves of conditions; constants are frequent because the compiler drops tests of them. */
const LOGIC_ATOMS: readonly (readonly [number, Rule])[] = [
  [6, name],
  [4, (draft) => draft.put(draft.random.pick(["nil", "true", "false"]))],
  [2, number],
  [1, atom],
  [3, comparison],
  [2, callExpression],
  [1, prefixExpression],
];

/** Two atoms compared: a jump without registers if both are simple. */
function comparison(draft: Draft): void {
  atom(draft);
  draft.put(draft.random.pick(COMPARISON));
  atom(draft);
}

/** A mix of `and`, `or`, `not` and comparisons, where jump lists meet. */
export function logic(draft: Draft, depth: number): void {
  draft.budget--;
  // Conditions may go a little over budget: short ones are of no interest.
  if (depth <= 0 || draft.budget < -50) draft.random.weighted(LOGIC_ATOMS)(draft, 0);
  else logicOperation(draft, depth);
}

/** One operator of the mix, sometimes negated, sometimes in parentheses. */
function logicOperation(draft: Draft, depth: number): void {
  const { random } = draft;
  if (random.chance(0.25)) draft.put("not");
  const bracket = random.chance(0.45);
  if (bracket) draft.put("(");
  logic(draft, depth - 1);
  if (random.chance(0.85)) {
    draft.put(
      random.weighted([
        [6, "and"],
        [6, "or"],
        [1, random.pick(COMPARISON)],
        [1, ".."],
      ]),
    );
    logic(draft, depth - random.between(1, 2));
  }
  if (bracket) draft.put(")");
}

/** Something that can be called, indexed, or (if it ends so) assigned to. */
function prefix(draft: Draft, depth: number): void {
  if (draft.random.chance(0.85)) name(draft);
  else parenthesised(draft, depth);
}

/** `.name` or `[expression]`. */
export function indexSuffix(draft: Draft, depth: number): void {
  if (draft.random.chance(0.6)) {
    draft.put(".", draft.field());
  } else {
    draft.put("[");
    expression(draft, depth - 1);
    draft.put("]");
  }
}

/** A call, sometimes of a method, of what stands before. */
function callSuffix(draft: Draft, depth: number): void {
  if (draft.random.chance(0.3)) draft.put(":", draft.field());
  callArguments(draft, depth);
}

/** The arguments of a call in one of their three forms. */
function callArguments(draft: Draft, depth: number): void {
  draft.random.weighted<Rule>([
    [12, (at) => at.put(stringLiteral(at.random, at.features))],
    [10, table],
    [78, argumentList],
  ])(draft, depth);
}

/** Arguments in parentheses, the first of which stays on the line of what is called. */
function argumentList(draft: Draft, depth: number): void {
  const count = draft.random.spread(3, 5, 3, 0, 0, 1);
  draft.put(CALL_OPEN);
  expressionList(draft, count, depth - 1);
  draft.put(")");
}

/** Writes `count` expressions with commas between them. */
export function expressionList(draft: Draft, count: number, depth: number): void {
  draft.list(count, () => expression(draft, depth));
}

/** A variable with any indexes and calls after it. */
export function prefixExpression(draft: Draft, depth: number): void {
  prefix(draft, depth);
  for (let i = draft.random.below(4); i > 0; i--) {
    if (draft.random.chance(0.7)) indexSuffix(draft, depth);
    else callSuffix(draft, depth);
  }
}

/** A prefix expression that ends in a call. */
export function callExpression(draft: Draft, depth: number): void {
  prefix(draft, depth);
  for (let i = draft.random.below(3); i > 0; i--) indexSuffix(draft, depth);
  callSuffix(draft, depth);
  if (draft.random.chance(0.15)) callSuffix(draft, depth);
}

/** `name = value`, `[key] = value`, or just a value. */
function tableItem(draft: Draft, depth: number): void {
  const kind = draft.random.below(10);
  if (kind < 2) draft.put(draft.field(), "=");
  if (kind === 2 || kind === 3) {
    draft.put("[");
    expression(draft, depth - 1);
    draft.put("]", "=");
  }
  expression(draft, depth - 1);
}

/** A table constructor. */
export function table(draft: Draft, depth: number): void {
  const { random } = draft;
  const count = random.pick([0, random.between(1, 4), random.between(1, 4), random.between(1, 12)]);
  draft.put("{");
  for (let i = 0; i < count; i++) {
    tableItem(draft, depth);
    if (i < count - 1 || random.chance(0.2)) draft.put(random.chance(0.8) ? "," : ";");
  }
  draft.put("}");
}

/** A function as an expression. */
function functionLiteral(draft: Draft): void {
  draft.put("function");
  draft.functionBody(draft, false);
}

/** An expression for a condition: mostly logic, often a constant. */
export function condition(draft: Draft, depth: number): void {
  draft.random.weighted<Rule>([
    [5, logic],
    [2, expression],
    [1, (at) => at.put(at.random.pick(["true", "false", "nil", "1", "'x'", "not nil", "not x"]))],
  ])(draft, depth);
}

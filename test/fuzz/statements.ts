/**
 * Writes statements, blocks and function bodies, and keeps the scope up to date while doing so:
 * a local is declared only after its values are written, a loop's before its block.
 */
import type { Draft, Rule } from "./draft.ts";
import {
  callExpression,
  condition,
  expression,
  expressionList,
  indexSuffix,
  prefixExpression,
} from "./expressions.ts";
import { FunctionScope } from "./scope.ts";

/** Deeper blocks than this are left empty. */
const MAX_LEVEL = 9;

/** Every `for` loop keeps its state in three locals without names. */
const FOR_LOCALS = 3;
/** Variables of a generic `for`. */
const MOST_LOOP_NAMES = 5;

/** What there is, and how often. */
const STATEMENTS: readonly (readonly [number, Rule])[] = [
  [10, withRoom(1, localStatement)],
  [8, assignment],
  [3, overlappingAssignment],
  [10, callStatement],
  [4, ifStatement],
  [2, whileStatement],
  [3, repeatStatement],
  [3, withRoom(FOR_LOCALS + 1, numericFor)],
  [3, withRoom(FOR_LOCALS + MOST_LOOP_NAMES, genericFor)],
  [2, doStatement],
  [2, functionStatement],
  [3, withRoom(1, localFunction)],
];

/** What else there is where there is `goto`. */
const MODERN_STATEMENTS: typeof STATEMENTS = [
  ...STATEMENTS,
  [2, jumpStatement],
  [4, jumpIf],
  [1, labelStatement],
];

/** The rule where `count` more locals may be declared, and a call elsewhere. */
function withRoom(count: number, rule: Rule): Rule {
  return (draft, depth) => {
    if (draft.scope.room < count) callStatement(draft, depth);
    else rule(draft, depth);
  };
}

/** Any statement but those that must be last. */
function statement(draft: Draft): void {
  draft.budget--;
  // Out of budget, only the shortest forms are left.
  const depth = draft.budget > 0 ? draft.random.between(0, 5) : 0;
  draft.random.weighted(hasGoto(draft) ? MODERN_STATEMENTS : STATEMENTS)(draft, depth);
}

function hasGoto({ features }: Draft): boolean {
  return features.grammar.goto;
}

/** Statements with a scope of their own; `last` writes what still sees their locals. */
export function block(draft: Draft, last?: () => void): void {
  const { scope, random } = draft;
  const mark = scope.enter();
  const labels = scope.labels.length;
  // A label at the end of its block can be reached from all of it, unless there is `until`.
  const endLabel =
    hasGoto(draft) && last === undefined && random.chance(0.2) ? newLabel(draft) : "";
  const outerStart = draft.blockStart;
  draft.blockStart = draft.tokens.length;
  draft.level++;
  statements(draft, draft.level > MAX_LEVEL ? 0 : random.below(5));
  if (endLabel === "") finalStatement(draft);
  else draft.put("::", endLabel, "::", ...(random.chance(0.2) ? [";"] : []));
  draft.level--;
  scope.labels.length = labels;
  draft.blockStart = outerStart;
  last?.();
  scope.leave(mark);
}

/** Writes at most `count` statements. */
export function statements(draft: Draft, count: number): void {
  for (let i = 0; i < count && draft.budget > 0; i++) {
    statement(draft);
    if (draft.random.chance(0.15)) draft.put(";");
  }
}

/** The name of a label that will be, or was, put somewhere; gotos may go there from now on. */
function newLabel(draft: Draft): string {
  const label = `L${draft.labels++}`;
  draft.scope.labels.push(label);
  return label;
}

/** A label for gotos behind it in the same block. */
function labelStatement(draft: Draft): void {
  draft.put("::", newLabel(draft), "::");
  for (let i = draft.random.spread(8, 2, 1); i > 0; i--) draft.put(";");
}

/** Tokens of a jump from here, if there is anywhere to go. */
function jump({ random, scope }: Draft): string[] {
  const canBreak = scope.loopDepth > 0;
  if (scope.labels.length > 0 && (!canBreak || random.chance(0.6))) {
    return ["goto", random.pick(scope.labels)];
  }
  return canBreak ? ["break"] : [];
}

function jumpStatement(draft: Draft): void {
  draft.put(...jump(draft));
}

/** An `if` with a jump first in one of its branches, where the test can do the jump. */
function jumpIf(draft: Draft, depth: number): void {
  const { random } = draft;
  draft.put("if");
  condition(draft, depth);
  draft.put("then", ...jump(draft));
  for (let i = random.spread(6, 2, 1); i > 0; i--) draft.put(";");
  if (random.chance(0.3)) statements(draft, 1);
  for (let i = random.spread(6, 2, 1); i > 0; i--) {
    draft.put("elseif");
    condition(draft, depth);
    draft.put("then", ...jump(draft));
  }
  if (random.chance(0.3)) draft.put("else", ...jump(draft));
  draft.put("end");
}

/** Perhaps writes one of the statements that must be a block's last. */
export function finalStatement(draft: Draft): void {
  const { random, scope } = draft;
  if (scope.loopDepth > 0 && random.chance(0.2)) draft.put("break");
  else if (random.chance(0.25)) returnStatement(draft);
  else return;
  if (random.chance(0.2)) draft.put(";");
}

/** `return`, often of a call, which is then a tail call. */
function returnStatement(draft: Draft): void {
  draft.put("return");
  if (draft.random.chance(0.3)) callExpression(draft, 2);
  else expressionList(draft, draft.random.below(4), 3);
}

/**
 * Ends the statement before, if there is one, when the one that begins at token `start` begins
 * with a parenthesis: else the last expression before it would be called.
 */
function guard(draft: Draft, start: number): void {
  const { tokens } = draft;
  if (tokens[start] === "(" && start > draft.blockStart && tokens[start - 1] !== ";") {
    tokens.splice(start, 0, ";");
  }
}

/** New locals with fewer, as many or more values than names. */
function localStatement(draft: Draft, depth: number): void {
  const { random, scope } = draft;
  const count = Math.min(1 + random.spread(6, 3, 0, 1), scope.room);
  const names = Array.from({ length: count }, () => draft.newName());
  draft.put("local");
  draft.list(count, (i) => draft.put(names[i]));
  if (random.chance(0.85)) {
    draft.put("=");
    expressionList(draft, Math.max(1, count + random.spread(1, 6, 1, 0, 1) - 1), depth);
  }
  for (const name of names) scope.declare(name);
}

/** Something that may stand left of `=`. */
function assignable(draft: Draft, depth: number): void {
  if (draft.random.chance(0.5)) {
    draft.put(draft.variable());
  } else {
    prefixExpression(draft, Math.min(depth, 2));
    indexSuffix(draft, depth);
  }
}

/** One or more targets with fewer, as many or more values. */
function assignment(draft: Draft, depth: number): void {
  const { random } = draft;
  const count = 1 + random.spread(6, 3, 0, 1);
  const start = draft.tokens.length;
  draft.list(count, () => assignable(draft, depth));
  guard(draft, start);
  draft.put("=");
  expressionList(draft, Math.max(1, count + random.spread(1, 6, 0, 1) - 1), depth);
}

/** Assigns to a few variables and to what they index at once, where the order matters. */
function overlappingAssignment(draft: Draft): void {
  const { random } = draft;
  const names = Array.from({ length: random.between(1, 3) }, () => draft.variable());
  // Values are read from the very places that are assigned to.
  const place = () => {
    draft.put(random.pick(names));
    if (random.chance(0.5)) draft.put("[", random.pick(names), "]");
    else if (random.chance(0.4)) draft.put(".", draft.field());
  };
  draft.list(random.between(2, 5), place);
  draft.put("=");
  draft.list(random.between(1, 5), () => (random.chance(0.7) ? place() : expression(draft, 1)));
}

/** A call for its effect. */
function callStatement(draft: Draft, depth: number): void {
  const start = draft.tokens.length;
  callExpression(draft, depth);
  guard(draft, start);
}

/** `if` with any number of `elseif`, and perhaps `else`. */
function ifStatement(draft: Draft, depth: number): void {
  const { random } = draft;
  draft.put("if");
  condition(draft, depth);
  draft.put("then");
  block(draft);
  for (let i = random.spread(5, 3, 0, 1); i > 0; i--) {
    draft.put("elseif");
    condition(draft, depth);
    draft.put("then");
    block(draft);
  }
  if (random.chance(0.4)) {
    draft.put("else");
    block(draft);
  }
  draft.put("end");
}

/** The block of a loop, inside which `break` is allowed. */
function loopBlock(draft: Draft, last?: () => void): void {
  draft.scope.loopDepth++;
  block(draft, () => {
    // What follows the block, such as the test of `until`, is no longer inside the loop.
    draft.scope.loopDepth--;
    last?.();
  });
}

/** A loop that tests first. */
function whileStatement(draft: Draft, depth: number): void {
  draft.put("while");
  condition(draft, depth);
  draft.put("do");
  loopBlock(draft);
  draft.put("end");
}

/** A loop whose test sees the locals of its block. */
function repeatStatement(draft: Draft, depth: number): void {
  draft.put("repeat");
  loopBlock(draft, () => {
    draft.put("until");
    condition(draft, depth);
  });
}

/** A loop that counts, with or without a step. */
function numericFor(draft: Draft, depth: number): void {
  const name = draft.newName();
  draft.put("for", name, "=");
  expressionList(draft, draft.random.between(2, 3), depth);
  forBody(draft, [name]);
}

/** A loop over what an iterator gives; fewer or more than three values drive it. */
function genericFor(draft: Draft, depth: number): void {
  const { random } = draft;
  const count = 1 + random.spread(4, 4, 0, 0, 1);
  const names = Array.from({ length: count }, () => draft.newName());
  draft.put("for");
  draft.list(count, (i) => draft.put(names[i]));
  draft.put("in");
  if (random.chance(0.5)) callExpression(draft, depth);
  else expressionList(draft, random.between(1, 4), depth);
  forBody(draft, names);
}

/** `do … end` with the loop's variables in force. */
function forBody(draft: Draft, names: readonly string[]): void {
  const { scope } = draft;
  draft.put("do");
  const mark = scope.enter();
  scope.hide(FOR_LOCALS);
  for (const name of names) scope.declare(name);
  loopBlock(draft);
  scope.leave(mark);
  draft.put("end");
}

/** A block for its scope. */
function doStatement(draft: Draft): void {
  draft.put("do");
  block(draft);
  draft.put("end");
}

/** A function stored in a variable, a field, or as a method. */
function functionStatement(draft: Draft): void {
  const { random } = draft;
  draft.put("function", draft.variable());
  for (let i = random.spread(5, 2, 0, 1); i > 0; i--) draft.put(".", draft.field());
  const isMethod = random.chance(0.3);
  if (isMethod) draft.put(":", draft.field());
  functionBody(draft, isMethod);
}

/** A local function, which sees itself. */
function localFunction(draft: Draft): void {
  const name = draft.newName();
  draft.put("local", "function", name);
  draft.scope.declare(name);
  functionBody(draft, false);
}

/** Parameters, block and `end` of a function. */
export function functionBody(draft: Draft, isMethod: boolean): void {
  const { random, scope } = draft;
  const count = random.spread(3, 4, 3, 0, 0, 1);
  const isVararg = random.chance(0.35);
  const inner = new FunctionScope(scope, isVararg, draft.features);
  draft.scope = inner;
  if (isMethod) inner.declare("self");
  draft.put("(");
  draft.list(count, () => {
    const name = draft.newName();
    draft.put(name);
    inner.declare(name);
  });
  if (isVararg) {
    draft.put(...(count > 0 ? [",", "..."] : ["..."]));
    if (draft.features.hiddenArgument) inner.declare("arg");
  }
  draft.put(")");
  block(draft);
  draft.put("end");
  draft.scope = scope;
}

/**
 * Large constructs that random growth would never reach: they cross the widths of operands, the
 * sizes of batches, and come near the limits (lua51.md §2.2, §3).
 */
import type { Draft, Rule } from "./draft.ts";
import { callExpression, condition, expression, logic } from "./expressions.ts";
import { CALL_OPEN } from "./layout.ts";
import { numeral, stringLiteral } from "./literals.ts";
import { block } from "./statements.ts";

/** Sizes of lists around the batch of 50 items, and the step of sizes in NEWTABLE. */
const BATCHES = [15, 16, 17, 18, 31, 49, 50, 51, 52, 99, 100, 101, 150, 151, 300];

/** A constructor of many items whose last one may have any number of values. */
function longTable(draft: Draft): void {
  const { random } = draft;
  draft.put("t", "=", "{");
  // Fields with names interrupt the batches of those without.
  const hashShare = random.pick([0, 0, 0.02, 0.5]);
  for (let i = random.pick(BATCHES); i > 0; i--) {
    if (random.chance(hashShare)) draft.put(draft.field(), "=");
    expression(draft, random.chance(0.9) ? 0 : 2);
    draft.put(random.chance(0.9) ? "," : ";");
  }
  random.pick([
    () => draft.put(draft.scope.isVararg ? "..." : "f"),
    () => callExpression(draft, 1),
    () => {},
  ])();
  draft.put("}");
}

/** More constants than an operand can name: what follows needs registers for them. */
function manyConstants(draft: Draft): void {
  const { random } = draft;
  const count = random.pick([250, 254, 255, 256, 257, 300, 520]);
  const form = random.below(3);
  // Distinct constants: in one constructor, as globals, or as keys and values.
  if (form === 0) draft.put("t", "=", "{");
  for (let i = 0; i < count; i++) {
    const constant = random.chance(0.5) ? `"k${i}"` : String(i + 1000);
    if (form === 0) draft.put(constant, ",");
    else if (form === 1) draft.put(`g${i}`, "=", constant);
    else draft.put("t", "[", constant, "]", "=", random.chance(0.5) ? "x" : constant);
  }
  if (form === 0) draft.put("}");
}

/** As many locals as fit, less a few. */
function manyLocals(draft: Draft): void {
  const { scope, random } = draft;
  const count = scope.room - random.below(6);
  if (count < 1) return;
  const names = Array.from({ length: count }, (_, i) =>
    random.chance(0.1) ? draft.newName() : `l${i}`,
  );
  draft.put("local");
  draft.list(count, (i) => draft.put(names[i]));
  if (random.chance(0.5)) {
    draft.put("=");
    draft.list(random.between(1, 60), () => expression(draft, 0));
  }
  for (const name of names) scope.declare(name);
}

/** A function that captures all it can see, often near the limit of 60. */
function manyUpvalues(draft: Draft): void {
  const { random, scope } = draft;
  draft.put("G", "=", "function", "(", ")", "return", "function", "(", ")");
  const names = [...new Set(scope.localNames())].slice(0, 60);
  for (const name of names) {
    if (random.chance(0.8)) draft.put(name, "=", random.pick(names));
  }
  draft.put("end", "end");
}

/** A call whose arguments need many registers. */
function longCall(draft: Draft): void {
  draft.put("f", CALL_OPEN);
  draft.list(draft.random.between(20, 150), () => expression(draft, 0));
  draft.put(")");
}

/** An assignment to very many targets. */
function longAssignment(draft: Draft): void {
  const { random } = draft;
  draft.list(random.between(10, 80), () => {
    draft.put(draft.variable());
    if (random.chance(0.2)) draft.put(".", draft.field());
  });
  draft.put("=");
  draft.list(random.between(1, 80), () => expression(draft, 0));
}

/** A long row of terms with one operator, or a mix, between them. */
function longOperators(draft: Draft): void {
  const { random } = draft;
  // Joined from the left or from the right; the latter takes a level for each.
  const operators = random.pick([
    ["and", "or"],
    ["and"],
    ["or"],
    [".."],
    ["+", "-"],
    ["^"],
    ["==", "<"],
  ]);
  draft.put(draft.variable(), "=");
  for (let i = random.between(10, 80); i > 0; i--) {
    if (random.chance(0.1)) draft.put("not");
    expression(draft, 0);
    draft.put(random.pick(operators));
  }
  logic(draft, 3);
}

/** What is repeated before and after, for {@link deepNesting}, with the most levels of it. */
const NESTS: readonly (readonly [
  open: readonly string[],
  close: readonly string[],
  most: number,
])[] = [
  [["do"], ["end"], 150],
  [["if", "x", "then"], ["end"], 150],
  [["repeat", "local", "u", "=", "function", "(", ")", "return", "x", "end"], ["until", "u"], 40],
  [["while", "x", "do"], ["end"], 140],
  [["local", "function", "f", "(", "...", ")"], ["end"], 45],
  [["x", "=", "function", "(", ")"], ["end"], 60],
];

/** The same within one expression. */
const EXPRESSION_NESTS: typeof NESTS = [
  [["("], [")"], 150],
  [["not"], [], 150],
  [["-"], [], 150],
  [["{"], ["}"], 140],
  [["{", "1", ","], [",", "...", "}"], 70],
  [["f", CALL_OPEN], [")"], 120],
  [["x", "["], ["]"], 140],
  [["1", "^"], [], 150],
  [["x", "and", "("], [")", "or", "y"], 140],
];

/** One construct within itself, near the limit of levels. */
function deepNesting(draft: Draft): void {
  const { random } = draft;
  const isExpression = random.chance(0.6);
  const [open, close, most] = random.pick(isExpression ? EXPRESSION_NESTS : NESTS);
  const depth = random.magnitude(5, most);
  if (isExpression) draft.put("G", "=");
  for (let i = 0; i < depth; i++) draft.put(...open);
  draft.put(...(isExpression ? ["x"] : ["f", CALL_OPEN, ")"]));
  for (let i = 0; i < depth; i++) draft.put(...close);
}

/** An `if` with a long list of jumps to its end. */
function elseifChain(draft: Draft): void {
  draft.put("if");
  condition(draft, 2);
  for (let i = draft.random.between(5, 60); i > 0; i--) {
    draft.put("then");
    draft.put(draft.variable(), "=", numeral(draft.random, draft.features));
    draft.put("elseif");
    condition(draft, 1);
  }
  draft.put("then");
  block(draft);
  draft.put("end");
}

/** More than 255 functions in one. */
function manyFunctions(draft: Draft): void {
  const count = draft.random.pick([10, 60, 260]);
  for (let i = 0; i < count; i++) {
    draft.put(
      "function",
      draft.field(),
      "(",
      ")",
      "return",
      stringLiteral(draft.random, draft.features),
      "end",
    );
  }
}

/** What there is, and how often. */
const SHAPES: readonly (readonly [number, Rule])[] = [
  [4, longTable],
  [3, manyConstants],
  [4, manyLocals],
  [2, manyUpvalues],
  [2, longCall],
  [2, longAssignment],
  [3, longOperators],
  [3, deepNesting],
  [2, elseifChain],
  [1, manyFunctions],
];

/** Writes one of the large constructs. */
export function shape(draft: Draft): void {
  draft.random.weighted(SHAPES)(draft, 0);
}

/** A constructor so long that its batch number no longer fits its instruction. */
export function enormousTable(draft: Draft): void {
  const items = 511 * 50 + draft.random.between(0, 120);
  draft.put("t", "=", "{");
  for (let i = 0; i < items; i++) draft.put(i % 3 === 0 ? "x" : "1", ",");
  draft.put("...", "}");
}

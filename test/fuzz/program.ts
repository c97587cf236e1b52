/** Makes whole programs: the generator's front door. */
import { toBytes } from "../../src/base/lua-string.ts";
import { Draft } from "./draft.ts";
import type { Features } from "./features.ts";
import { layOut } from "./layout.ts";
import type { Random } from "./random.ts";
import { FunctionScope } from "./scope.ts";
import { enormousTable, shape } from "./shapes.ts";
import { finalStatement, functionBody, statements } from "./statements.ts";

/** One program in so many has a constructor of over 25 000 items. */
const ENORMOUS_ONE_IN = 1500;

/**
 * A program that nearly always compiles (the rest are programs that cross a limit).
 * @param size about how many constructs: 10 is a few lines, 400 a long file
 */
export function makeProgram(random: Random, features: Features, size: number): Uint8Array {
  const draft = new Draft(random, features, size, functionBody);
  statements(draft, random.below(8));
  if (random.chance(0.12)) shapeSomewhere(draft);
  if (random.below(ENORMOUS_ONE_IN) === 0) enormousTable(draft);
  statements(draft, 4 + random.below(8));
  finalStatement(draft);
  return toBytes(layOut(draft.tokens, random, features));
}

/** A size for the next program: mostly small ones, which are quick and easy to look at. */
export function anySize(random: Random): number {
  return random.magnitude(8, 300);
}

/** One or two large constructs, in the main chunk or in a function of their own. */
function shapeSomewhere(draft: Draft): void {
  const { random, scope } = draft;
  const isInFunction = random.chance(0.5);
  if (isInFunction) {
    draft.put("function", "G", "(", "...", ")");
    draft.scope = new FunctionScope(scope, true, draft.features);
    if (draft.features.hiddenArgument) draft.scope.declare("arg");
  }
  shape(draft);
  statements(draft, random.below(4));
  if (random.chance(0.4)) shape(draft);
  statements(draft, random.below(4));
  if (isInFunction) draft.put("end");
  draft.scope = scope;
}

/**
 * What the language of a target has, as far as it matters to the generator. It is read from the
 * dialect and asked of the number model, so no target needs to be known by name.
 */
import type { Dialect, GrammarFeatures } from "../../src/target/dialect.ts";
import type { Target } from "../../src/target/target.ts";

export interface Features {
  readonly dialect: Dialect;
  readonly grammar: GrammarFeatures;
  /** Numerals with a fraction or an exponent. */
  readonly fractions: boolean;
  /** Numerals such as `0x1p4`. */
  readonly hexFloats: boolean;
  /** Numerals such as `0x.8p-1`. */
  readonly hexFractions: boolean;
  /** Backslashes before letters that mean nothing are refused, and there are more that do. */
  readonly strictEscapes: boolean;
  /** `[[` may stand in a `[[` string. */
  readonly nestedBrackets: boolean;
  /** Every function with `...` has a local `arg`. */
  readonly hiddenArgument: boolean;
  /** Locals that a function may have. */
  readonly mostLocals: number;
  /** Variables that a function may capture, `_ENV` not counted. */
  readonly mostUpvalues: number;
}

/** Fewer locals than allowed, so that a function's other values find registers. */
const COMFORTABLE_LOCALS = 120;

export function featuresOf({ dialect, numbers }: Target): Features {
  const accepts = (text: string) => numbers.parse(text) !== undefined;
  const { grammar, lexical } = dialect;
  const isModern = grammar.goto;
  return {
    dialect,
    grammar,
    fractions: accepts("0.5"),
    hexFloats: accepts("0x1p4"),
    // A greedy scanner ends such a numeral too early.
    hexFractions: accepts("0x.8p-1") && !lexical.greedyNumerals,
    strictEscapes: lexical.strictEscapes,
    nestedBrackets: lexical.nestedBrackets,
    hiddenArgument: !isModern,
    mostLocals: Math.min(dialect.maxLocals, COMFORTABLE_LOCALS),
    mostUpvalues: dialect.maxUpvalues - (isModern ? 1 : 0),
  };
}

/** Operators and how tightly they bind. Source: lua51.md §3 (as in Lua 5.1.5). */
import { Token } from "./tokens.ts";

/** The arithmetic ones come first and in the order of `Arithmetic` and of the opcodes. */
export enum BinaryOperator {
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  Pow,
  Concat,
  NotEqual,
  Equal,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  And,
  Or,
  None,
}

export enum UnaryOperator {
  Minus,
  Not,
  Length,
  None,
}

/**
 * Per operator, in the order above: how tightly it binds to the left and to the right operand. One
 * that binds less tightly to the right is right-associative: `^` and `..`. `None` has priority 0, so
 * that the loop over operators ends without asking for it.
 */
export const LEFT_PRIORITY = Uint8Array.of(6, 6, 7, 7, 7, 10, 5, 3, 3, 3, 3, 3, 3, 2, 1, 0);
export const RIGHT_PRIORITY = Uint8Array.of(6, 6, 7, 7, 7, 9, 4, 3, 3, 3, 3, 3, 3, 2, 1, 0);
/** Between `*` and `^`: `-2^2` is `-(2^2)`. */
export const UNARY_PRIORITY = 8;

const TOKEN_COUNT = Token.Character + 256;

/** Per token: the binary operator it is. */
export const BINARY_OPERATORS = table(BinaryOperator.None, [
  [Token.Plus, BinaryOperator.Add],
  [Token.Minus, BinaryOperator.Sub],
  [Token.Star, BinaryOperator.Mul],
  [Token.Slash, BinaryOperator.Div],
  [Token.Percent, BinaryOperator.Mod],
  [Token.Caret, BinaryOperator.Pow],
  [Token.Concat, BinaryOperator.Concat],
  [Token.NotEqual, BinaryOperator.NotEqual],
  [Token.Equal, BinaryOperator.Equal],
  [Token.Less, BinaryOperator.Less],
  [Token.LessEqual, BinaryOperator.LessEqual],
  [Token.Greater, BinaryOperator.Greater],
  [Token.GreaterEqual, BinaryOperator.GreaterEqual],
  [Token.And, BinaryOperator.And],
  [Token.Or, BinaryOperator.Or],
]);

/** Per token: the unary operator it is. */
export const UNARY_OPERATORS = table(UnaryOperator.None, [
  [Token.Minus, UnaryOperator.Minus],
  [Token.Not, UnaryOperator.Not],
  [Token.Hash, UnaryOperator.Length],
]);

function table(none: number, rows: readonly (readonly [Token, number])[]): Uint8Array {
  const operators = new Uint8Array(TOKEN_COUNT).fill(none);
  for (const [token, operator] of rows) operators[token] = operator;
  return operators;
}

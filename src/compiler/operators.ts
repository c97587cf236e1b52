/** Operators and how tightly they bind, which each dialect says for itself. */
import type { Dialect } from "../target/dialect.ts";
import { Token } from "./tokens.ts";

/** Those that compute have the numbers that they have in `Arithmetic`. */
export enum BinaryOperator {
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  Pow,
  Concat,
  FloorDivide,
  BitAnd,
  BitOr,
  BitXor,
  ShiftLeft,
  ShiftRight,
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
  BitNot,
  None,
}

/** The operators of a dialect, in arrays for fast look-up. */
export interface OperatorTable {
  /** Per token: the binary operator it is. */
  readonly binary: Uint8Array;
  /** Per token: the unary operator it is. */
  readonly unary: Uint8Array;
  /**
   * Per binary operator: how tightly it binds to the left and to the right operand. One that binds
   * less tightly to the right is right-associative: `^` and `..`. `None` has priority 0, so that the
   * loop over operators ends without asking for it.
   */
  readonly left: Uint8Array;
  readonly right: Uint8Array;
  /** Between `*` and `^`: `-2^2` is `-(2^2)`. */
  readonly unaryPriority: number;
}

const BINARY: Readonly<Record<string, readonly [Token, BinaryOperator]>> = {
  "+": [Token.Plus, BinaryOperator.Add],
  "-": [Token.Minus, BinaryOperator.Sub],
  "*": [Token.Star, BinaryOperator.Mul],
  "/": [Token.Slash, BinaryOperator.Div],
  "%": [Token.Percent, BinaryOperator.Mod],
  "^": [Token.Caret, BinaryOperator.Pow],
  "..": [Token.Concat, BinaryOperator.Concat],
  "//": [Token.FloorDivide, BinaryOperator.FloorDivide],
  "&": [Token.Ampersand, BinaryOperator.BitAnd],
  "|": [Token.Bar, BinaryOperator.BitOr],
  "~": [Token.Tilde, BinaryOperator.BitXor],
  "<<": [Token.ShiftLeft, BinaryOperator.ShiftLeft],
  ">>": [Token.ShiftRight, BinaryOperator.ShiftRight],
  "~=": [Token.NotEqual, BinaryOperator.NotEqual],
  "==": [Token.Equal, BinaryOperator.Equal],
  "<": [Token.Less, BinaryOperator.Less],
  "<=": [Token.LessEqual, BinaryOperator.LessEqual],
  ">": [Token.Greater, BinaryOperator.Greater],
  ">=": [Token.GreaterEqual, BinaryOperator.GreaterEqual],
  and: [Token.And, BinaryOperator.And],
  or: [Token.Or, BinaryOperator.Or],
};

const UNARY: Readonly<Record<string, readonly [Token, UnaryOperator]>> = {
  "-": [Token.Minus, UnaryOperator.Minus],
  not: [Token.Not, UnaryOperator.Not],
  "#": [Token.Hash, UnaryOperator.Length],
  "~": [Token.Tilde, UnaryOperator.BitNot],
};

const TOKEN_COUNT = Token.Character + 256;

/** The table of a dialect's operators. */
export function operatorTable(dialect: Dialect): OperatorTable {
  const binary = new Uint8Array(TOKEN_COUNT).fill(BinaryOperator.None);
  const unary = new Uint8Array(TOKEN_COUNT).fill(UnaryOperator.None);
  const left = new Uint8Array(BinaryOperator.None + 1);
  const right = new Uint8Array(BinaryOperator.None + 1);
  for (const [spelling, leftPriority, rightPriority] of dialect.binaryOperators) {
    const [token, operator] = BINARY[spelling];
    binary[token] = operator;
    left[operator] = leftPriority;
    right[operator] = rightPriority;
  }
  for (const spelling of dialect.unaryOperators) {
    const [token, operator] = UNARY[spelling];
    unary[token] = operator;
  }
  return { binary, unary, left, right, unaryPriority: dialect.unaryPriority };
}

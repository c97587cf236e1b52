/**
 * Token numbers. Reserved words come first, because the symbol table hands out their numbers as
 * the ids of their names: a scanned name whose id is below the count of reserved words is that
 * reserved word, with no further look-up. Any byte is a token of its own; the grammar refuses those
 * it does not know, so the scanner knows no unexpected character.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { GrammarFeatures, Messages } from "../target/dialect.ts";

export enum Token {
  And,
  Break,
  Do,
  Else,
  Elseif,
  End,
  False,
  For,
  Function,
  If,
  In,
  Local,
  Nil,
  Not,
  Or,
  Repeat,
  Return,
  Then,
  True,
  Until,
  While,
  /** A name in dialects without `goto`. */
  Goto,

  Name = 32,
  String,
  Number,
  EndOfSource,
  Concat,
  Dots,
  Equal,
  GreaterEqual,
  LessEqual,
  NotEqual,
  FloorDivide,
  ShiftLeft,
  ShiftRight,
  DoubleColon,

  /** Single characters are this plus the byte, so this is a NUL; those the grammar knows have names. */
  Character = 0x100,
  Hash = 0x123,
  Percent = 0x125,
  Ampersand = 0x126,
  OpenParen = 0x128,
  CloseParen = 0x129,
  Star = 0x12a,
  Plus = 0x12b,
  Comma = 0x12c,
  Minus = 0x12d,
  Dot = 0x12e,
  Slash = 0x12f,
  Colon = 0x13a,
  Semicolon = 0x13b,
  Less = 0x13c,
  Assign = 0x13d,
  Greater = 0x13e,
  OpenBracket = 0x15b,
  CloseBracket = 0x15d,
  Caret = 0x15e,
  OpenBrace = 0x17b,
  Bar = 0x17c,
  CloseBrace = 0x17d,
  Tilde = 0x17e,
}

/** Reserved words, at the index that is their token. */
export const RESERVED_WORDS: readonly string[] = [
  "and",
  "break",
  "do",
  "else",
  "elseif",
  "end",
  "false",
  "for",
  "function",
  "if",
  "in",
  "local",
  "nil",
  "not",
  "or",
  "repeat",
  "return",
  "then",
  "true",
  "until",
  "while",
  "goto",
];

/** How many of them a dialect has. */
export function reservedCount(grammar: GrammarFeatures): number {
  return grammar.goto ? RESERVED_WORDS.length : Token.Goto;
}

/** Tokens that stand for many spellings, or for none. */
const CLASSES: Partial<Record<Token, string>> = {
  [Token.Name]: "<name>",
  [Token.String]: "<string>",
  [Token.Number]: "<number>",
  [Token.EndOfSource]: "<eof>",
};

const SPELLINGS: Partial<Record<Token, string>> = {
  [Token.Concat]: "..",
  [Token.Dots]: "...",
  [Token.Equal]: "==",
  [Token.GreaterEqual]: ">=",
  [Token.LessEqual]: "<=",
  [Token.NotEqual]: "~=",
  [Token.FloorDivide]: "//",
  [Token.ShiftLeft]: "<<",
  [Token.ShiftRight]: ">>",
  [Token.DoubleColon]: "::",
};

/** A token as messages show it, with its quotes. */
export function tokenInWords(token: Token, messages: Messages): LuaString {
  const spelling = RESERVED_WORDS[token] ?? SPELLINGS[token];
  if (spelling !== undefined) return `'${spelling}'`;
  if (token < Token.Character) return messages.tokenClass(CLASSES[token] ?? "");
  return `'${messages.character(token - Token.Character)}'`;
}

/**
 * Token numbers. Reserved words come first, because the symbol table hands out their numbers as
 * the ids of their names: a scanned name whose id is below the count of reserved words is that
 * reserved word, with no further look-up. Any byte is a token of its own; the grammar refuses those
 * it does not know, so the scanner knows no unexpected character.
 */
import type { LuaString } from "../base/lua-string.ts";

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

  /** Single characters are this plus the byte, so this is a NUL; those the grammar knows have names. */
  Character = 0x100,
  Hash = 0x123,
  Percent = 0x125,
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
  CloseBrace = 0x17d,
}

/** The reserved words of Lua 5.1, at the index that is their token. */
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
];

const SPELLING: Partial<Record<Token, string>> = {
  [Token.Name]: "<name>",
  [Token.String]: "<string>",
  [Token.Number]: "<number>",
  [Token.EndOfSource]: "<eof>",
  [Token.Concat]: "..",
  [Token.Dots]: "...",
  [Token.Equal]: "==",
  [Token.GreaterEqual]: ">=",
  [Token.LessEqual]: "<=",
  [Token.NotEqual]: "~=",
};

/** A token as messages show it; control characters as `char(N)`. */
export function spellingOf(token: Token): LuaString {
  if (token < RESERVED_WORDS.length) return RESERVED_WORDS[token];
  if (token < Token.Character) return SPELLING[token] ?? "";
  const byte = token - Token.Character;
  return byte < 32 || byte === 127 ? `char(${byte})` : String.fromCharCode(byte);
}

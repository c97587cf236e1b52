/**
 * Cuts Lua source into pieces: tokens, comments, and runs of space. Rough on purpose, as its input
 * need not be Lua: the pieces always make up the whole text, whatever it is.
 */
import type { LuaString } from "../../src/base/lua-string.ts";

const PIECES = new RegExp(
  [
    /--\[(?<comment>=*)\[[\s\S]*?\]\k<comment>\]/, // long comment
    /--[^\r\n]*/, // comment
    /\[(?<string>=*)\[[\s\S]*?\]\k<string>\]/, // long string
    /"(?:\\[\s\S]|[^"\\\r\n])*"?/,
    /'(?:\\[\s\S]|[^'\\\r\n])*'?/,
    /\.?[0-9][0-9.A-Za-z_]*/,
    /[A-Za-z_][A-Za-z0-9_]*/,
    /\.\.\.|\.\.|[=~<>]=/,
    /[ \t\v\f]+|\r\n|\n\r/,
    /[\s\S]/,
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

export function splitTokens(text: LuaString): LuaString[] {
  return text.match(PIECES) ?? [];
}

/** Lines with their line ends. */
export function splitLines(text: LuaString): LuaString[] {
  return text.match(/[^\r\n]*(?:\r\n|\n\r|\r|\n)|[^\r\n]+/g) ?? [];
}

/** How messages show the place: chunk names, lines, and the token at hand (lua53.md §6). */
import { PARSE_ONLY, type Topic, type VectorCase } from "../case.ts";

/** A program in a file with that name. */
function named(name: string, source: string): VectorCase {
  return {
    name: `file ${name.length > 70 ? `of ${name.length} bytes, ${name.slice(0, 3)}` : name}: ${JSON.stringify(source)}`,
    args: ["-p", name],
    files: { [name]: source },
  };
}

const longNames = [58, 59, 60, 61, 80, 100].flatMap((length) => {
  const name = `${"n".repeat(length - 4)}.lua`;
  return [named(name, "x="), named(name, "goto x")];
});

const TOKENS = [
  "a",
  "'s'",
  '"d"',
  "[[l]]",
  "[=[m]=]",
  "12",
  "1.5",
  "0x1p4",
  "and",
  "end",
  "...",
  "..",
  "==",
  "~=",
  "<=",
  ">=",
  "<<",
  ">>",
  "//",
  "::",
  "+",
  "(",
  "{",
  "]",
  "@",
  "\x01",
  "\x7f",
  "\xe4",
  "'\\x41\\n'",
  "''",
  "",
];

const nearTokens: VectorCase[] = TOKENS.map((token) => ({
  name: `near ${JSON.stringify(token)}`,
  files: {
    "w.lua": `x=1\nx=x] ${token}`,
    "v.lua": `x=1\nlocal ${token === "a" ? "1" : token}`,
    "u.lua": `f(a\n${token}`,
  },
  args: ["-p", "v.lua"],
}));

const nearInCalls: VectorCase[] = TOKENS.map((token) => ({
  name: `argument near ${JSON.stringify(token)}`,
  files: { "u.lua": `f(1\n${token}` },
  args: ["-p", "u.lua"],
}));

const streams: VectorCase[] = [
  { name: "standard input", args: ["-p", "-"], files: {}, stdin: "x=" },
  { name: "standard input with a first line", args: ["-p", "-"], files: {}, stdin: "#!lua\nx=" },
  { name: "a first line", args: ["-p", "w.lua"], files: { "w.lua": "#!lua\nx=" } },
  { name: "a first line alone", args: ["-p", "w.lua"], files: { "w.lua": "#" } },
  {
    name: "a byte order mark",
    args: ["-o", "out.lc", "w.lua"],
    files: { "w.lua": "\xef\xbb\xbfx=1" },
  },
  {
    name: "a byte order mark and a first line",
    args: ["-p", "w.lua"],
    files: { "w.lua": "\xef\xbb\xbf#!lua\nx=" },
  },
  { name: "part of a byte order mark", args: ["-p", "w.lua"], files: { "w.lua": "\xef\xbbx=1" } },
  { name: "a byte order mark later", args: ["-p", "w.lua"], files: { "w.lua": "x=1\xef\xbb\xbf" } },
  { name: "an empty file", args: ["-o", "out.lc", "w.lua"], files: { "w.lua": "" } },
  { name: "a missing file", args: ["-p", "w.lua"], files: {} },
];

const folders = [
  named("d/w.lua", "x="),
  named("w w.lua", "x="),
  named("w", "x="),
  named("=w", "x="),
  named("@w", "x="),
];

export const messages: Topic = {
  name: "messages",
  cases: [...longNames, ...nearTokens, ...nearInCalls, ...streams, ...folders].map((vector) => ({
    ...PARSE_ONLY,
    ...vector,
  })),
};

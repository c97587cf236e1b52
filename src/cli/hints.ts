/**
 * Advice below a compile error, for people at a terminal: what the message does not say because
 * the reference's words are kept. A hint is one line and says what to do.
 */
import { fromBytes, type LuaString } from "../base/lua-string.ts";
import { chunkKind } from "../formats/chunk.ts";
import type { Target } from "../target/target.ts";
import { SUPPORTED_TARGETS } from "../target/targets.ts";
import { lineSpan, type Span } from "./source-view.ts";

/** A source that did not compile. */
export interface Mishap {
  /** The message as printed. */
  readonly message: LuaString;
  /** The token the message is near to, if any. */
  readonly near: LuaString | undefined;
  /** Where that token is, if the error has a place. */
  readonly token: Span | undefined;
  /** 1-based line of the error, if it has a place. */
  readonly line: number | undefined;
  /** What was compiled. */
  readonly source: Uint8Array;
  readonly target: Target;
}

type Hint = (mishap: Mishap) => string | undefined;

const HINTS: readonly Hint[] = [
  wrongEncoding,
  notLua,
  fractionOnIntegerTarget,
  tooManyLocals,
  unknownSyntax,
];

/** The first hint that applies, as plain text without a line end. */
export function sourceHint(mishap: Mishap): string | undefined {
  for (const hint of HINTS) {
    const text = hint(mishap);
    if (text !== undefined) return text;
  }
  return undefined;
}

function wrongEncoding({ source, target }: Mishap): string | undefined {
  const [first, second, third, fourth] = source;
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return `the file begins with a UTF-8 byte order mark, which ${target.dialect.title} does not read; save it as UTF-8 without BOM`;
  }
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const alternating = first > 0 && second === 0 && third > 0 && fourth === 0;
  return marked || alternating ? "the file is UTF-16; save it as UTF-8 without BOM" : undefined;
}

function notLua({ source }: Mishap): string | undefined {
  if (chunkKind(source) === "image") return "this is a flash image, not Lua";
  const head = fromBytes(source, 0, Math.min(source.length, 200));
  return /^\s*<(!doctype|html|\?xml)/i.test(head)
    ? "this is a web page, not Lua; was the wrong address downloaded?"
    : undefined;
}

/** Names the sister target that can read the number. */
function fractionOnIntegerTarget({ message, near, target }: Mishap): string | undefined {
  const malformed = near !== undefined && message.includes(": malformed number near ");
  if (!malformed || !target.numbers.integral) return undefined;
  const reader = SUPPORTED_TARGETS.find(
    (other) =>
      other.firmware === target.firmware &&
      other.dialect === target.dialect &&
      other.numbers.parse(near) !== undefined,
  );
  return reader && `target ${target.name} has integers only; ${reader.name} accepts ${near}`;
}

/** What plain Lua allows. */
const USUAL_MAX_LOCALS = 200;

function tooManyLocals({ message }: Mishap): string | undefined {
  const limit = / more than (\d+) local variables$/.exec(message)?.[1];
  if (limit === undefined || Number(limit) >= USUAL_MAX_LOCALS) return undefined;
  return `NodeMCU allows ${limit} local variables at a time in a function (plain Lua ${USUAL_MAX_LOCALS}; a for loop takes 3 more than it shows); wrap parts in do ... end, or keep values in a table`;
}

/** Something at the error's token that tells what the writer had in mind. */
interface Clue {
  /** What the line holds before the token; anything if absent. */
  readonly before?: RegExp;
  /** What the line holds from the token on. */
  readonly rest: RegExp;
  readonly message?: RegExp;
  /** The Lua version that has this syntax, if one has. */
  readonly since?: string;
  /** What a dialect with this syntax has; there the clue tells nothing. */
  readonly feature?: "goto" | "integerOperators";
  readonly words: string;
}

const NO_GOTO = "use a loop with break, or a function with return";
const AND_OR = "Lua has words for && and ||: 'and', 'or'";
const NO_SHIFT = "use bit.lshift or bit.rshift";

// biome-ignore format: a table reads best with one row per line
const CLUES: readonly Clue[] = [
  { before: /(^|[^\w.:])goto\s+$/, rest: /^/, since: "5.3", feature: "goto", words: NO_GOTO },
  { rest: /^::/, since: "5.3", feature: "goto", words: NO_GOTO },
  // a // b fails at its second half, a comment at its first.
  { before: /\/$/, rest: /^\//, since: "5.3", feature: "integerOperators", words: "use math.floor(a / b)" },
  { rest: /^\/\//, words: "a comment begins with -- in Lua" },
  { rest: /^\/\*/, words: "a comment of several lines is --[[ ... ]] in Lua" },
  { before: /<$/, rest: /^</, since: "5.3", feature: "integerOperators", words: NO_SHIFT },
  { before: />$/, rest: /^>/, since: "5.3", feature: "integerOperators", words: NO_SHIFT },
  { rest: /^<\s*(const|close)\s*>/, since: "5.4", words: "leave the attribute out" },
  { rest: /^!=/, words: "'not equal' is ~= in Lua" },
  { rest: /^!/, words: "Lua has a word for it: not x" },
  { rest: /^(&&|\|\|)/, words: AND_OR },
  // Where & and | are operators the second one fails.
  { before: /&$/, rest: /^&/, words: AND_OR },
  { before: /\|$/, rest: /^\|/, words: AND_OR },
  { rest: /^([&|]|~(?!=))/, since: "5.3", feature: "integerOperators", words: "use bit.band, bit.bor, bit.bxor or bit.bnot" },
  { rest: /^([-+*/%^]|\.\.)=/, words: "Lua has no such assignment; write x = x + 1" },
  { before: /[-+*/%^]$/, rest: /^=(?!=)/, words: "Lua has no such assignment; write x = x + 1" },
  { rest: /^\+\+/, words: "Lua has no ++; write x = x + 1" },
  { rest: /^\{/, message: /'(then|do)' expected/, words: "a block is 'then ... end' or 'do ... end' in Lua" },
  { rest: /^\xe2\x80[\x98-\x9f]/, words: "these are typographic quotes; use plain \" or '" },
  { rest: /^(\xc2\xa0|\xe2\x80[\x80-\x8f\xaf]|\xe2\x81\xa0|\xef\xbb\xbf)/, words: "there is an invisible character here; type the blank again" },
  { rest: /^[\xc3-\xf4][\x80-\xbf]/, words: "names consist of the letters A-Z and a-z, digits and _" },
];

function unknownSyntax(mishap: Mishap): string | undefined {
  const { message, target } = mishap;
  const [before, rest] = around(mishap);
  const clue = CLUES.find(
    (candidate) =>
      candidate.rest.test(rest) &&
      !(candidate.feature && target.dialect.grammar[candidate.feature]) &&
      (candidate.before?.test(before) ?? true) &&
      (candidate.message?.test(message) ?? true),
  );
  if (!clue) return undefined;
  if (!clue.since) return clue.words;
  return `this is Lua ${clue.since} syntax, and ${target.name} is ${target.dialect.title}; ${clue.words}`;
}

/** How much of a line is looked at on each side of the token. */
const REACH = 80;

/** The error's line, parted before its token. A line feed, which fits no clue, if unknown. */
function around({ source, token, line }: Mishap): [before: LuaString, rest: LuaString] {
  if (!token || line === undefined) return ["\n", "\n"];
  const { start, end } = lineSpan(source, line);
  const from = Math.max(start, token.start - REACH);
  const to = Math.min(end, token.start + REACH);
  const middle = Math.min(Math.max(from, token.start), to);
  return [fromBytes(source, from, middle), fromBytes(source, middle, to)];
}

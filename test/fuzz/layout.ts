/**
 * Turns the tokens of a program into bytes: chooses what stands between them. Space, comments and
 * line ends of all kinds change nothing but line numbers, and these are packed in an intricate way
 * (lua51.md §4), so layouts range from everything on one line to gaps of 20 000 lines.
 */
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Features } from "./features.ts";
import { longBrackets, newline } from "./literals.ts";
import type { Random } from "./random.ts";

/** Opens call arguments: a parenthesis that may have to stand on the line of the token before. */
export const CALL_OPEN = "call (";

/** How likely each filling is between two tokens, 0 to 1; space is what is left. */
interface Style {
  readonly nothing: number;
  readonly line: number;
  readonly comment: number;
  readonly gap: number;
}

/** All on one line; ordinary; airy; ordinary with gaps; nearly a line for each token. */
const STYLES: readonly (readonly [number, Style])[] = [
  [3, { nothing: 1, line: 0, comment: 0, gap: 0 }],
  [6, { nothing: 0.3, line: 0.1, comment: 0.01, gap: 0 }],
  [3, { nothing: 0.1, line: 0.4, comment: 0.1, gap: 0.002 }],
  [3, { nothing: 0.3, line: 0.05, comment: 0.01, gap: 0.03 }],
  [1, { nothing: 0, line: 0.95, comment: 0.05, gap: 0.01 }],
];

/** Line counts at which the packed form of a line step becomes longer. */
const SHORT_STEPS = [62, 63, 64, 65, 66, 67, 98, 125, 126, 127, 128, 129, 130];
const LONG_STEPS = [8190, 8192, 8193, 8194, 8195, 9000, 16500];

/** At most this many lines of gaps are put into one program. */
const MAX_GAP_LINES = 40_000;

/** The number of lines in a gap: often one where the packed form changes. */
function gapLines(random: Random): number {
  if (random.chance(0.6)) return random.pick(random.chance(0.7) ? SHORT_STEPS : LONG_STEPS);
  return random.magnitude(2, 20_000);
}

/** The bytes of a program with the given tokens. */
export function layOut(
  tokens: readonly LuaString[],
  random: Random,
  features: Features,
): LuaString {
  const style = random.weighted(STYLES);
  let gapBudget = MAX_GAP_LINES;
  let text = random.chance(0.03)
    ? `#!shebang \0 \xff \r end${random.pick(["\n", "\r\n", "\n\r"])}`
    : "";
  let previous = "";
  for (const token of tokens) {
    const spelling = token === CALL_OPEN ? "(" : token;
    let filling = fillingFor(
      style,
      random,
      features,
      token === CALL_OPEN && features.grammar.callsOnOneLine,
    );
    // Between the end of a call's arguments and its parenthesis, lines are counted oddly.
    if (token === ")" && random.chance(style.gap * 3)) filling = GAP;
    if (filling === GAP) {
      const lines = Math.min(gapLines(random), gapBudget);
      gapBudget -= lines;
      filling = gap(random, features, lines);
    }
    text += separate(previous, filling, spelling) + spelling;
    previous = spelling;
  }
  return text + random.pick(["", "\n", " ", "--", " -- no line end", "\r\n", "--[==[ \r ]==]"]);
}

const GAP = "gap";

/** What stands before a token, or {@link GAP}. */
function fillingFor(
  style: Style,
  random: Random,
  features: Features,
  sameLine: boolean,
): LuaString {
  let roll = random.next() / 0x100000000;
  const falls = (share: number) => {
    roll -= share;
    return roll < 0;
  };
  if (falls(style.nothing)) return "";
  if (sameLine) return random.chance(0.05) ? "--[[ same line ]]" : blank(random);
  if (falls(style.line)) return newline(random);
  if (falls(style.comment)) return comment(random, features);
  return falls(style.gap) ? GAP : blank(random);
}

/** Space within a line. */
function blank(random: Random): LuaString {
  return random.chance(0.9) ? " " : random.pick(["\t", "\v", "\f", "  \t"]);
}

/** Comment texts that look like something else. */
// biome-ignore format: a list reads best as a block
const REMARKS = [
  "", " end", "]]", " [[", "[", "[=", "[==x", "\0", " \xe9\x80", "-", "--[[", ' "', " \\", "]]--",
];

/** A short or long comment. */
function comment(random: Random, features: Features): LuaString {
  if (random.chance(0.4)) return `--${longBrackets(random, features)}`;
  return `--${random.pick(REMARKS)}${newline(random)}`;
}

/** So many line ends, plain, mixed, in a long comment, or as short comments. */
function gap(random: Random, features: Features, lines: number): LuaString {
  const unit = random.pick(["\n", "\n", "\r", "\r\n", "\n\r", "--\n", "\n "]);
  const text = unit.repeat(lines);
  return random.chance(0.2) && !unit.startsWith("--")
    ? `--${longBrackets(random, features, text)}`
    : text;
}

/** The filling, with a space before or after it where two tokens would become something else. */
function separate(previous: LuaString, filling: LuaString, next: LuaString): LuaString {
  const before = filling.startsWith("-") && previous.endsWith("-") ? " " : "";
  if (filling !== "") return before + filling;
  return merges(previous, next) ? " " : "";
}

const WORD_END = /[A-Za-z0-9_]$/;
const WORD_START = /^[A-Za-z0-9_]/;
const NUMERAL = /^\.?[0-9]/;

/** True when the two tokens, written without anything between them, would be read differently. */
function merges(previous: LuaString, next: LuaString): boolean {
  if (WORD_END.test(previous) && WORD_START.test(next)) return true;
  if (NUMERAL.test(previous) && (next.startsWith(".") || WORD_START.test(next))) return true;
  if (previous.endsWith(".") && !NUMERAL.test(previous)) return /^[.0-9]/.test(next);
  if (previous.endsWith("-")) return next.startsWith("-");
  if (/[/<>:]$/.test(previous) && next.startsWith(previous.slice(-1))) return true;
  if (previous.endsWith("[")) return /^[[=]/.test(next);
  return /[=<>~]$/.test(previous) && next.startsWith("=");
}

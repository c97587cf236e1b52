/**
 * Lua patterns: the matcher behind `find`, `match`, `gmatch` and `gsub`. It walks text and pattern
 * side by side and backtracks by recursion, as Lua's own does, so that what matches, in which order
 * it is tried, and when it is given up as too complex are the same.
 * Source: the manuals' §5.4.1 and §6.4.1.
 *
 *     pattern = ["^"] { item } ["$"]
 *     item    = single [ "*" | "+" | "-" | "?" ] | "%" digit | "%b" x y | "%f" set | "(" … ")"
 *     single  = char | "." | "%" class | set
 *     set     = "[" ["^"] { char | char "-" char | "%" class } "]"
 */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { PatternTables } from "../pattern-tables.ts";

/** What patterns of one Lua version do in their own way. */
export interface PatternRules {
  readonly maxCaptures: number;
  /** Matches within matches. */
  readonly maxDepth: number;
  /** Patterns end at their first zero byte. */
  readonly endsAtNul: boolean;
  /** `%g`, what can be printed and is no blank, is a class. */
  readonly hasGraphic: boolean;
  /** A search that begins beyond the text begins at its end instead of finding nothing. */
  readonly findsBeyondEnd: boolean;
  /** An empty match right behind the last match counts, too. */
  readonly repeatsEmptyMatches: boolean;
  /** Bytes of a userdata in which `gmatch` keeps its place on a board; 0 when a number will do. */
  readonly placeSize: number;
  /** Replacement texts may have `%` before any character. */
  readonly lenientReplacement: boolean;
  readonly texts: {
    /** @param index from 1 on, as the pattern has it */
    readonly invalidCapture: (index: number) => LuaString;
    readonly balance: LuaString;
    /** What `gsub` takes as a replacement. */
    readonly replacements: LuaString;
  };
}

export const PATTERNS_51: PatternRules = {
  maxCaptures: 10,
  // The reference has no limit and overflows its stack.
  maxDepth: 4000,
  endsAtNul: true,
  hasGraphic: false,
  findsBeyondEnd: true,
  repeatsEmptyMatches: true,
  placeSize: 0,
  lenientReplacement: true,
  texts: {
    invalidCapture: () => "invalid capture index",
    balance: "unbalanced pattern",
    replacements: "string/function/table/lightfunction",
  },
};

export const PATTERNS_53: PatternRules = {
  maxCaptures: 32,
  maxDepth: 200,
  endsAtNul: false,
  hasGraphic: true,
  findsBeyondEnd: false,
  repeatsEmptyMatches: false,
  placeSize: 292,
  lenientReplacement: false,
  texts: {
    invalidCapture: (index) => `invalid capture index %${index}`,
    balance: "malformed pattern (missing arguments to '%b')",
    replacements: "string/function/table",
  },
};

/** In the place of a length: a capture that is still open, and one of a position. */
const OPEN = -1;
const POSITION = -2;

const NO_MATCH = -1;

/** Steps that a search makes before it tells. */
const STEPS_AT_ONCE = 1000;

// Units of the pattern language.
const ESCAPE = 0x25; // %
const CARET = 0x5e;
const DOLLAR = 0x24;
const DOT = 0x2e;
const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const QUESTION = 0x3f;
const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const ZERO = 0x30;

/** Characters that make a pattern more than plain text. */
const SPECIALS = /[\^$*+?.([%-]/;

/** A pattern at work on one text. */
export class Matcher {
  private readonly rules: PatternRules;
  private readonly text: LuaString;
  private readonly pattern: LuaString;
  private readonly end: number;
  private readonly patternEnd: number;
  /** True when the pattern must match where the search begins. */
  readonly anchored: boolean;
  private readonly patternStart: number;
  private readonly fail: (message: LuaString) => unknown;
  private readonly spend: (steps: number) => void;
  private readonly tables: Uint8Array[];

  /** How many captures the last match has. */
  level = 0;
  /** Where the last match that {@link search} found ends. */
  foundEnd = 0;
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private depth = 0;
  private stepsLeft = STEPS_AT_ONCE;

  /**
   * @param anchors whether a leading `^` is an anchor, else it is a character
   * @param tables of the machine, for patterns of these rules
   * @param fail makes what is thrown when the pattern is wrong
   * @param spend told of the work, which grows with powers of the text's length; may throw
   */
  constructor(
    rules: PatternRules,
    text: LuaString,
    pattern: LuaString,
    anchors: boolean,
    tables: PatternTables,
    fail: (message: LuaString) => unknown,
    spend: (steps: number) => void,
  ) {
    this.rules = rules;
    this.text = text;
    this.pattern = rules.endsAtNul ? untilNul(pattern) : pattern;
    this.end = text.length;
    this.patternEnd = this.pattern.length;
    this.anchored = anchors && this.pattern.charCodeAt(0) === CARET;
    this.patternStart = this.anchored ? 1 : 0;
    this.fail = fail;
    this.spend = spend;
    this.tables = tables.of(pattern);
  }

  /** Where a match that begins at `at` ends, or −1. */
  matchAt(at: number): number {
    this.level = 0;
    this.depth = 0;
    return this.match(at, this.patternStart);
  }

  /** The start of the first match from `from` on, or −1; {@link foundEnd} is where it ends. */
  search(from: number): number {
    const { end } = this;
    const first = this.anchored ? undefined : this.firstTable();
    let at = from;
    do {
      if (first !== undefined) {
        while (at < end && first[this.text.charCodeAt(at)] === 0) at++;
        if (at >= end) return NO_MATCH;
      }
      const found = this.matchAt(at);
      if (found !== NO_MATCH) {
        this.foundEnd = found;
        return at;
      }
    } while (at++ < end && !this.anchored);
    return NO_MATCH;
  }

  /** What a match must begin with; undefined when that is not plain to see. */
  private firstTable(): Uint8Array | undefined {
    const { pattern, patternEnd, patternStart } = this;
    let p = patternStart;
    while (pattern.charCodeAt(p) === OPEN_PAREN && pattern.charCodeAt(p + 1) !== CLOSE_PAREN) p++;
    const unit = pattern.charCodeAt(p);
    if (p >= patternEnd || p - patternStart > this.rules.maxCaptures) return undefined;
    if (unit === OPEN_PAREN || unit === CLOSE_PAREN) return undefined;
    if (unit === DOLLAR && p + 1 === patternEnd) return undefined;
    if (unit === ESCAPE && isSpecial(pattern.charCodeAt(p + 1))) return undefined;
    const next = this.singleEnd(p);
    const suffix = next < patternEnd ? pattern.charCodeAt(next) : 0;
    if (suffix === STAR || suffix === MINUS || suffix === QUESTION) return undefined;
    return this.tableOf(p, next);
  }

  /**
   * A capture of the last match.
   *
   * @param index from 0 on; when there are none, 0 is the whole match
   * @param start of the match
   * @param end of the match
   * @returns a text, or a position from 1 on
   */
  capture(index: number, start: number, end: number): LuaString | number {
    if (index >= this.level) {
      if (index > 0) throw this.fail(this.rules.texts.invalidCapture(index + 1));
      return this.text.slice(start, end);
    }
    const length = this.lengths[index];
    if (length === OPEN) throw this.fail("unfinished capture");
    const from = this.starts[index];
    return length === POSITION ? from + 1 : this.text.slice(from, from + length);
  }

  /** The text of a match. */
  whole(start: number, end: number): LuaString {
    return this.text.slice(start, end);
  }

  // Matching

  /** Matches the pattern from `p` on against the text from `s` on; the end in the text, or −1. */
  private match(from: number, patternFrom: number): number {
    if (++this.depth > this.rules.maxDepth) throw this.fail("pattern too complex");
    if (--this.stepsLeft < 0) this.spendSteps();
    const { pattern, patternEnd } = this;
    let s = from;
    let p = patternFrom;
    while (p < patternEnd) {
      const unit = pattern.charCodeAt(p);
      if (unit === OPEN_PAREN || unit === CLOSE_PAREN) {
        s = unit === OPEN_PAREN ? this.openCapture(s, p) : this.closeCapture(s, p + 1);
        break;
      }
      if (unit === DOLLAR && p + 1 === patternEnd) {
        if (s !== this.end) s = NO_MATCH;
        break;
      }
      const kind = unit === ESCAPE ? pattern.charCodeAt(p + 1) : 0;
      if (isSpecial(kind)) {
        s = this.matchSpecial(kind, s, p + 2);
        if (s === NO_MATCH) break;
        p = kind === 0x66 ? this.singleEnd(p + 2) : p + (kind === 0x62 ? 4 : 2);
        continue;
      }
      const next = this.singleEnd(p);
      const suffix = next < patternEnd ? pattern.charCodeAt(next) : 0;
      if (suffix === STAR) {
        s = this.longest(s, p, next, 0);
        break;
      }
      if (suffix === PLUS) {
        s = this.longest(s, p, next, 1);
        break;
      }
      if (suffix === MINUS) {
        s = this.shortest(s, p, next);
        break;
      }
      const matches = this.matchesSingle(s, p, next);
      if (suffix === QUESTION) {
        if (matches) {
          const end = this.match(s + 1, next + 1);
          if (end !== NO_MATCH) {
            s = end;
            break;
          }
        }
        p = next + 1;
        continue;
      }
      if (!matches) {
        s = NO_MATCH;
        break;
      }
      s++;
      p = next;
    }
    this.depth--;
    return s;
  }

  private spendSteps(): void {
    this.spend(STEPS_AT_ONCE - this.stepsLeft);
    this.stepsLeft = STEPS_AT_ONCE;
  }

  /** `%b`, `%f` and `%1`–`%9`; `p` is behind the letter. */
  private matchSpecial(kind: number, s: number, p: number): number {
    if (kind === 0x62) return this.matchBalance(s, p);
    if (kind === 0x66) return this.matchFrontier(s, p);
    return this.matchCapture(s, kind - ZERO);
  }

  /** As many single matches as there are, then the rest; one less each time that fails. */
  private longest(s: number, p: number, next: number, least: number): number {
    const { text, end: textEnd } = this;
    const table = this.tableOf(p, next);
    let at = s;
    while (at < textEnd && table[text.charCodeAt(at)] !== 0) at++;
    let count = at - s;
    this.stepsLeft -= count;
    for (; count >= least; count--) {
      const end = this.match(s + count, next + 1);
      if (end !== NO_MATCH) return end;
    }
    return NO_MATCH;
  }

  /** The rest as soon as possible; one single match more each time that fails. */
  private shortest(from: number, p: number, next: number): number {
    let s = from;
    for (;;) {
      const end = this.match(s, next + 1);
      if (end !== NO_MATCH) return end;
      if (!this.matchesSingle(s, p, next)) return NO_MATCH;
      s++;
    }
  }

  private openCapture(s: number, p: number): number {
    const isPosition = this.pattern.charCodeAt(p + 1) === CLOSE_PAREN;
    if (this.level >= this.rules.maxCaptures) throw this.fail("too many captures");
    this.starts[this.level] = s;
    this.lengths[this.level] = isPosition ? POSITION : OPEN;
    this.level++;
    const end = this.match(s, isPosition ? p + 2 : p + 1);
    if (end === NO_MATCH) this.level--;
    return end;
  }

  private closeCapture(s: number, p: number): number {
    let index = this.level - 1;
    while (index >= 0 && this.lengths[index] !== OPEN) index--;
    if (index < 0) throw this.fail("invalid pattern capture");
    this.lengths[index] = s - this.starts[index];
    const end = this.match(s, p);
    if (end === NO_MATCH) this.lengths[index] = OPEN;
    return end;
  }

  /** The same text once more: `%1`. */
  private matchCapture(s: number, number: number): number {
    const index = number - 1;
    if (index < 0 || index >= this.level || this.lengths[index] === OPEN) {
      throw this.fail(this.rules.texts.invalidCapture(number));
    }
    const length = this.lengths[index];
    if (length === POSITION) return NO_MATCH;
    const captured = this.text.substr(this.starts[index], length);
    return this.text.startsWith(captured, s) ? s + length : NO_MATCH;
  }

  private matchBalance(s: number, p: number): number {
    if (p + 1 >= this.patternEnd) throw this.fail(this.rules.texts.balance);
    const opening = this.pattern.charCodeAt(p);
    const closing = this.pattern.charCodeAt(p + 1);
    if (s >= this.end || this.text.charCodeAt(s) !== opening) return NO_MATCH;
    let open = 1;
    for (let at = s + 1; at < this.end; at++) {
      const unit = this.text.charCodeAt(at);
      if (unit === closing) {
        if (--open === 0) return at + 1;
      } else if (unit === opening) open++;
    }
    return NO_MATCH;
  }

  /** A place where the set begins to hold; a zero byte stands on either side of the text. */
  private matchFrontier(s: number, p: number): number {
    if (this.pattern.charCodeAt(p) !== OPEN_BRACKET) {
      throw this.fail("missing '[' after '%f' in pattern");
    }
    const last = this.singleEnd(p) - 1;
    const before = s === 0 ? 0 : this.text.charCodeAt(s - 1);
    const after = s < this.end ? this.text.charCodeAt(s) : 0;
    return !this.inSet(before, p, last) && this.inSet(after, p, last) ? s : NO_MATCH;
  }

  // Single characters

  /** Where the single at `p` ends. */
  private singleEnd(p: number): number {
    const { pattern, patternEnd } = this;
    const unit = pattern.charCodeAt(p);
    if (unit === ESCAPE) {
      if (p + 1 >= patternEnd) throw this.fail("malformed pattern (ends with '%')");
      return p + 2;
    }
    return unit === OPEN_BRACKET ? this.setEnd(p + 1) : p + 1;
  }

  /** A `]` that comes first is a character of the set. */
  private setEnd(p: number): number {
    const { pattern, patternEnd } = this;
    let at = pattern.charCodeAt(p) === CARET ? p + 1 : p;
    do {
      if (at >= patternEnd) throw this.fail("malformed pattern (missing ']')");
      const isEscape = pattern.charCodeAt(at) === ESCAPE;
      at += isEscape && at + 1 < patternEnd ? 2 : 1;
    } while (pattern.charCodeAt(at) !== CLOSE_BRACKET);
    return at + 1;
  }

  private matchesSingle(s: number, p: number, next: number): boolean {
    if (s >= this.end) return false;
    const unit = this.text.charCodeAt(s);
    const wanted = this.pattern.charCodeAt(p);
    if (wanted !== DOT && wanted !== ESCAPE && wanted !== OPEN_BRACKET) return unit === wanted;
    return this.tableOf(p, next)[unit] !== 0;
  }

  /** The units that the single from `p` to `next` matches. */
  private tableOf(p: number, next: number): Uint8Array {
    const known = this.tables[p];
    if (known !== undefined) return known;
    const table = Uint8Array.from({ length: 256 }, (_, unit) =>
      this.holds(unit, p, next) ? 1 : 0,
    );
    this.tables[p] = table;
    return table;
  }

  private holds(unit: number, p: number, next: number): boolean {
    const wanted = this.pattern.charCodeAt(p);
    switch (wanted) {
      case DOT:
        return true;
      case ESCAPE:
        return this.inClass(unit, this.pattern.charCodeAt(p + 1));
      case OPEN_BRACKET:
        return this.inSet(unit, p, next - 1);
      default:
        return unit === wanted;
    }
  }

  /** Is the unit in the set between the `[` at `first` and the `]` at `last`. */
  private inSet(unit: number, first: number, last: number): boolean {
    const { pattern } = this;
    const negated = pattern.charCodeAt(first + 1) === CARET;
    for (let p = negated ? first + 2 : first + 1; p < last; p++) {
      const at = pattern.charCodeAt(p);
      if (at === ESCAPE) {
        p++;
        if (this.inClass(unit, pattern.charCodeAt(p))) return !negated;
      } else if (pattern.charCodeAt(p + 1) === MINUS && p + 2 < last) {
        p += 2;
        if (at <= unit && unit <= pattern.charCodeAt(p)) return !negated;
      } else if (at === unit) return !negated;
    }
    return negated;
  }

  /** Is the unit in the class of that letter, or, when it names none, the letter itself. */
  private inClass(unit: number, letter: number): boolean {
    const holds = classHolds(unit, letter | 0x20, this.rules.hasGraphic);
    const isLetter = (letter | 0x20) >= 0x61 && (letter | 0x20) <= 0x7a;
    if (!isLetter || holds === undefined) return unit === letter;
    return (letter & 0x20) === 0 ? !holds : holds;
  }
}

/** Is it the letter or digit of an item that is no single: `%b`, `%f`, `%1`. */
function isSpecial(kind: number): boolean {
  return kind === 0x62 || kind === 0x66 || (kind >= ZERO && kind <= 0x39);
}

/** True when the pattern, as far as the version reads it, is plain text. */
export function isPlain(pattern: LuaString, rules: PatternRules): boolean {
  return !SPECIALS.test(rules.endsAtNul ? untilNul(pattern) : pattern);
}

/** Whether the class of a lower-case letter holds the unit, in the "C" locale. */
function classHolds(unit: number, letter: number, hasGraphic: boolean): boolean | undefined {
  switch (letter) {
    case 0x61: // a
      return isLetterUnit(unit);
    case 0x63: // c
      return unit < 0x20 || unit === 0x7f;
    case 0x64: // d
      return isDigitUnit(unit);
    case 0x67: // g
      return hasGraphic ? unit > 0x20 && unit < 0x7f : undefined;
    case 0x6c: // l
      return unit >= 0x61 && unit <= 0x7a;
    case 0x70: // p
      return unit > 0x20 && unit < 0x7f && !isLetterUnit(unit) && !isDigitUnit(unit);
    case 0x73: // s
      return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
    case 0x75: // u
      return unit >= 0x41 && unit <= 0x5a;
    case 0x77: // w
      return isLetterUnit(unit) || isDigitUnit(unit);
    case 0x78: // x
      return isDigitUnit(unit) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66);
    case 0x7a: // z
      return unit === 0;
    default:
      return undefined;
  }
}

function isLetterUnit(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}

function isDigitUnit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

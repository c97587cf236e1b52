/**
 * The strings that every Lua 5.3 image holds without naming them: what firmware itself needs, moved
 * to flash to save memory. Source: lua53.md Appendix A, §5.4.
 */
import type { LuaString } from "../base/lua-string.ts";

const KEYWORDS =
  "and break do else elseif end false for function goto if in local nil not or repeat return then " +
  "true until while";
const SYMBOLS = "// .. ... == >= <= ~= << >> :: <eof> <number> <integer> <name> <string>";
const EVENTS =
  "index newindex gc mode len eq add sub mul mod pow div idiv band bor bxor shl shr unm bnot lt le " +
  "concat call";

const BEFORE_TYPES: readonly LuaString[] = [
  ...KEYWORDS.split(" "),
  ...SYMBOLS.split(" "),
  "not enough memory",
  "_ENV",
  ...EVENTS.split(" ").map((event) => `__${event}`),
  "no value",
];

export const KEYWORD_COUNT = KEYWORDS.split(" ").length;

/** As images count them. */
export const FIXED_STRINGS: readonly LuaString[] = [
  ...BEFORE_TYPES,
  ..."boolean userdata number string table thread proto".split(" "),
];

/**
 * As the loader stores them. It has one more, so whoever refers to `thread` gets the second
 * `userdata`, and whoever refers to `proto` gets `thread`.
 */
export const STORED_FIXED_STRINGS: readonly LuaString[] = [
  ...BEFORE_TYPES,
  ..."boolean userdata number string table userdata thread proto".split(" "),
];

/** What a device finds in the place of each string that it does not find. */
export const SHIFTED_STRINGS: ReadonlyMap<LuaString, LuaString> = new Map(
  FIXED_STRINGS.flatMap((text, i) => {
    const stored = STORED_FIXED_STRINGS[i];
    return stored === text ? [] : [[text, stored] as const];
  }),
);

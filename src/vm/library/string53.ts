/** The library `string` of Lua 5.3, but for `dump`. Source: lua53 manual §6.4. */
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import { pack, packsize, unpack } from "./pack.ts";
import { PATTERNS_53 } from "./pattern.ts";
import { byteFunction, charFunction, len, lower, reverse, sub, upper } from "./string-basics.ts";
import { format53, modFunction } from "./string-format.ts";
import { patternFunctions } from "./string-patterns.ts";

/** Results that a Lua stack has room for. */
const MAX_RESULTS = 11_900;
const MAX_LENGTH = 0x7fffffff;

function rep(call: Call): number {
  const text = call.text(1);
  const count = call.integer(2);
  const separator = call.text(3, "");
  if (count <= 0) return call.giveText("");
  if (text.length + separator.length > MAX_LENGTH / count) {
    throw call.error("resulting string too large");
  }
  return call.giveText((text + separator).repeat(count - 1) + text);
}

const { find, match, gmatch, gsub } = patternFunctions(PATTERNS_53);
const byte = byteFunction(MAX_RESULTS);
const char = charFunction((call, n) => call.integer(n), "value out of range");

export const STRING_53: Library = {
  name: "string",
  functions: {
    __mod: modFunction(format53),
    ...{ byte, char, find, format: format53, gmatch, gsub, len, lower, match, rep, reverse, sub },
    ...{ upper, pack, packsize, unpack },
  },
};

/** The library `string` of Lua 5.3. Source: lua53 manual §6.4; lua53.md §8. */
import { fromBytes } from "../../base/lua-string.ts";
import type { Proto } from "../../bytecode/proto.ts";
import type { Call, Native } from "../call.ts";
import { ITSELF, type Library } from "../library.ts";
import { Closure } from "../state.ts";
import { pack, packsize, unpack } from "./pack.ts";
import { PATTERNS_53 } from "./pattern.ts";
import { byteFunction, charFunction, len, lower, reverse, sub, upper } from "./string-basics.ts";
import { format53, modFunction } from "./string-format.ts";
import { patternFunctions } from "./string-patterns.ts";
import { stripArgument } from "./strip.ts";
import type { Surroundings } from "./surroundings.ts";

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
const byte = byteFunction((call, results) => call.hasRoomFor(results));
const char = charFunction((call, n) => call.integer(n), "value out of range");

/** What `string.dump` strips when nobody says: names, which the compiler leaves out, too. */
const USUAL_STRIP = 1;
/** Above it lines are left out. */
const MAX_STRIP_WITH_LINES = 1;

function dumpFunction(surroundings: Surroundings): Native {
  return (call) => {
    const strip = stripArgument(call) ?? USUAL_STRIP;
    const fn = call.callable(1);
    if (!(fn instanceof Closure)) throw call.error("unable to dump given function");
    const { proto } = fn.code;
    const dumped = strip > MAX_STRIP_WITH_LINES ? withoutLines(proto) : proto;
    return call.giveText(fromBytes(surroundings.encode(dumped, strip)));
  };
}

function withoutLines(proto: Proto): Proto {
  return { ...proto, lineInfo: new Uint8Array(0), protos: proto.protos.map(withoutLines) };
}

/** The library of one machine; it is the metatable of strings, too. */
export function string53(surroundings: Surroundings): Library {
  const dump = dumpFunction(surroundings);
  return {
    name: "string",
    functions: {
      __index: ITSELF,
      __mod: modFunction(format53),
      ...{ byte, char, dump, find, format: format53, gmatch, gsub, len, lower, match },
      ...{ rep, reverse, sub, upper, pack, packsize, unpack },
    },
  };
}

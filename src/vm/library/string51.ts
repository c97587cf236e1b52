/** The library `string` of Lua 5.1. Source: lua51 manual §5.4. */
import { fromBytes } from "../../base/lua-string.ts";
import type { LibraryFacts } from "../../target/library-facts.ts";
import type { Call, Native } from "../call.ts";
import { type Entries, ITSELF, type Library } from "../library.ts";
import { Closure } from "../state.ts";
import { plainFunction } from "./arguments.ts";
import { PATTERNS_51 } from "./pattern.ts";
import { byteFunction, charFunction, len, lower, reverse, sub, upper } from "./string-basics.ts";
import { format51, modFunction } from "./string-format.ts";
import { patternFunctions } from "./string-patterns.ts";
import { stripArgument } from "./strip.ts";
import type { Surroundings } from "./surroundings.ts";
import { intArgument } from "./words.ts";

const patterns = patternFunctions(PATTERNS_51);

/** Results that a C function may leave on the stack. */
const MAX_RESULTS = 8000;

function rep(call: Call): number {
  const text = call.text(1);
  return call.giveText(text.repeat(Math.max(intArgument(call, 2), 0)));
}

/** What is compiled has lines but no names, so that there are two ways to dump it. */
function dumpFunction(surroundings: Surroundings, stripsUnlessTold: boolean): Native {
  return (call) => {
    const strip = stripsUnlessTold && stripArgument(call) !== 0;
    const fn = plainFunction(call, 1);
    if (!(fn instanceof Closure)) throw call.error("unable to dump given function");
    return call.giveText(fromBytes(surroundings.encode(fn.code.proto, strip ? 2 : 0)));
  };
}

/** The library of one machine. Firmware from 3.0 on has a metamethod that makes `"%d" % 5` work. */
export function string51(surroundings: Surroundings, facts: LibraryFacts): Library {
  const functions: Entries = {
    byte: byteFunction((_, results) => results <= MAX_RESULTS),
    char: charFunction(intArgument, "invalid value"),
    dump: dumpFunction(surroundings, facts.dumpsStripped),
    find: patterns.find,
    format: format51,
    gfind: patterns.gmatch,
    gmatch: patterns.gmatch,
    gsub: patterns.gsub,
    len,
    lower,
    match: patterns.match,
    rep,
    reverse,
    sub,
    upper,
  };
  return {
    name: "string",
    functions: facts.hasStringMod
      ? { __index: ITSELF, __mod: modFunction(format51), ...functions }
      : { ...functions, __index: ITSELF },
  };
}

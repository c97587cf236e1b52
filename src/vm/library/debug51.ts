/** The library `debug` of Lua 5.1, of which NodeMCU keeps three functions. Source: the manual, §5.9. */
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { Thread } from "../state.ts";
import { traceback51 } from "../traceback51.ts";
import { TString, type Value } from "../values.ts";
import { getregistry, getstrings } from "./debug-common.ts";
import { intArgument } from "./words.ts";

function isText(value: Value): boolean {
  return value instanceof TString || isNumber(value);
}

/**
 * A message with a traceback behind it. When a level is given, it is the last argument; all other
 * arguments make up the message.
 */
function traceback(call: Call): number {
  const first = call.get(1);
  const thread = first instanceof Thread ? first : call.thread;
  const skipped = first instanceof Thread ? 1 : 0;
  const hasLevel = call.state.engine.toNumber(call.state, call.get(skipped + 2)) !== undefined;
  const level = hasLevel ? intArgument(call, skipped + 2) : thread === call.thread ? 1 : 0;
  const parts = call.values(skipped + 1).slice(0, hasLevel ? -1 : undefined);
  if (parts.length > 0 && !isText(parts[0])) return call.give(parts[parts.length - 1]);
  let message: Value = call.make("");
  for (const part of parts) message = call.state.engine.concat(call.thread, message, part);
  const text = call.toText(message);
  return call.giveText(`${text}${parts.length > 0 ? "\n" : ""}${traceback51(thread, level)}`);
}

export const DEBUG_51: Library = {
  name: "debug",
  functions: { getregistry, getstrings, traceback },
};

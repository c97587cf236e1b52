/** What the reference of Lua 5.3 shows of an error that ends a script. Source: lua53.md §6.1. */
import type { Call } from "../call.ts";
import { isNumber } from "../numbers.ts";
import { TString } from "../values.ts";

/** An error handler: gives the message with a traceback behind it. */
export function describeUncaught53(call: Call): number {
  const value = call.get(1);
  const isText = value instanceof TString || isNumber(value);
  const message = isText ? call.text(1) : `(error object is a ${call.typeName(value)} value)`;
  return call.giveText(`${message}\n${call.state.engine.traceback(call.thread, 1)}`);
}

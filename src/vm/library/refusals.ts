/** What functions give that ask the system for something. Source: the manuals' §5.7 and §6.8; observed. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Value } from "../values.ts";
import { SystemRefusal } from "./surroundings.ts";

/**
 * Gives what a step leads to; nil, a message and a number when the system refuses it.
 *
 * @param path is named in the message
 */
export function giveOrRefuse(call: Call, work: () => Value, path?: LuaString): number {
  try {
    return call.give(work());
  } catch (error) {
    return giveRefusal(call, error, path);
  }
}

/** The same for a step that leads to nothing: gives true. */
export function giveDone(call: Call, work: () => void, path?: LuaString): number {
  return giveOrRefuse(
    call,
    () => {
      work();
      return true;
    },
    path,
  );
}

/** @throws what is no refusal of the system */
export function giveRefusal(call: Call, error: unknown, path?: LuaString): number {
  if (!(error instanceof SystemRefusal)) throw error;
  const message = path === undefined ? error.reason : `${path}: ${error.reason}`;
  return call.giveThree(undefined, call.make(message), call.numbers.fromInteger(error.code));
}

/** The second argument of `string.dump`: how much debug information to leave out. */
import type { Call } from "../call.ts";
import { toInt } from "./words.ts";

/**
 * @returns 0 to 2; undefined for as much as the compiler leaves out
 */
export function stripArgument(call: Call): number | undefined {
  const given = call.get(2);
  if (given === undefined) return undefined;
  if (typeof given === "boolean") return given ? 2 : 0;
  const number = call.state.engine.toNumber(call.state, given);
  const level = number === undefined ? 0 : toInt(call.numbers.toInteger(number) ?? 0);
  if (level < 0 || level > 2) throw call.argumentError(2, "strip out of range");
  return level;
}

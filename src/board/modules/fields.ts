/** Fields of tables that are arguments, as the firmware's modules read them. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../../vm/call.ts";
import { toInt } from "../../vm/library/words.ts";
import type { Table } from "../../vm/table.ts";

/**
 * A field as C's `int`. The message about a wrong one tells no name, as the firmware's:
 * `bad argument #-1 to 'config' (number expected, got nil)`.
 */
export function integerField(
  call: Call,
  table: Table,
  name: LuaString,
  whenMissing?: number,
): number {
  const value = call.index(table, call.make(name));
  if (value === undefined && whenMissing !== undefined) return whenMissing;
  const number = call.state.engine.toNumber(call.state, value);
  if (number === undefined) {
    throw call.argumentError(-1, `number expected, got ${call.typeName(value)}`);
  }
  const integer = call.numbers.toInteger(number);
  if (integer !== undefined) return toInt(integer);
  throw call.argumentError(-1, "number has no integer representation");
}

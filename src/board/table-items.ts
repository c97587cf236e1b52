/** Tables of programs gone through in JavaScript, in the order of `next` and without metamethods. */
import type { Table } from "../vm/table.ts";
import type { Value } from "../vm/values.ts";

/** All keys with their values. */
export function itemsOf(table: Table): [Value, Value][] {
  const items: [Value, Value][] = [];
  for (let at = table.placeAfter(0); at >= 0; at = table.placeAfter(at)) {
    items.push([table.keyAt(at), table.valueAt(at)]);
  }
  return items;
}

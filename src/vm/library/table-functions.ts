/** What the `table` libraries of both versions share. Source: the manuals' §5.5 and §6.6. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { LuaError } from "../errors.ts";
import { isNumber } from "../numbers.ts";
import { TString, type Value } from "../values.ts";
import { Sorter, type SortList, type SortRules } from "./sort.ts";

/** How items are read and written: as they are, or with metamethods. */
export interface ItemAccess {
  get(position: number): Value;
  set(position: number, value: Value): void;
}

/**
 * Gives items as one text.
 *
 * @param item by its number, from 0 on
 * @param position of such an item, as messages show it
 */
export function concatItems(
  call: Call,
  separator: LuaString,
  count: number,
  item: (n: number) => Value,
  position: (n: number) => number,
): number {
  const parts: LuaString[] = [];
  for (let n = 0; n < count; n++) {
    const value = item(n);
    if (value instanceof TString) parts.push(value.text);
    else if (isNumber(value)) parts.push(call.numbers.format(value));
    else throw wrongItem(call, value, position(n));
  }
  return call.giveText(parts.join(separator));
}

function wrongItem(call: Call, item: Value, position: number): LuaError {
  const kind = call.typeName(item);
  return call.error(`invalid value (${kind}) at index ${position} in table for 'concat'`);
}

/** @param comparison a function, or undefined for `<` */
export function sortItems(
  call: Call,
  items: ItemAccess,
  count: number,
  comparison: Value,
  rules: SortRules,
): void {
  const list: SortList = {
    get: items.get,
    set: items.set,
    less:
      comparison === undefined
        ? (left, right) => call.less(left, right)
        : (left, right) => call.holds(comparison, left, right),
    invalidOrder: () => call.error("invalid order function for sorting"),
  };
  new Sorter(list, rules).sort(1, count);
}

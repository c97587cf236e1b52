/** What the `table` libraries of both versions share. Source: the manuals' §5.5 and §6.6. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { isNumber } from "../numbers.ts";
import { isTruthy, TString, type Value } from "../values.ts";
import { Sorter, type SortList, type SortRules } from "./sort.ts";

/** How items are read and written: as they are, or with metamethods. */
export interface ItemAccess {
  get(position: number): Value;
  set(position: number, value: Value): void;
}

/** Gives the items from one position to another as one text. */
export function concatItems(
  call: Call,
  separator: LuaString,
  first: number,
  last: number,
  get: ItemAccess["get"],
): number {
  const parts: LuaString[] = [];
  for (let i = first; i <= last; i++) parts.push(itemText(call, get(i), i));
  return call.giveText(parts.join(separator));
}

function itemText(call: Call, item: Value, position: number): LuaString {
  if (item instanceof TString) return item.text;
  if (isNumber(item)) return call.numbers.format(item);
  const kind = call.typeName(item);
  throw call.error(`invalid value (${kind}) at index ${position} in table for 'concat'`);
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
        : (left, right) => isTruthy(call.call(comparison, left, right)),
    invalidOrder: () => call.error("invalid order function for sorting"),
  };
  new Sorter(list, rules).sort(1, count);
}

/** The library `table` of Lua 5.1; everything is raw. Source: lua51 manual §5.5. */
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import type { Table } from "../table.ts";
import type { Value } from "../values.ts";
import { anyFunction, plainFunction, plainTable } from "./arguments.ts";
import { SORT_51 } from "./sort.ts";
import { spendStep } from "./steps.ts";
import { concatItems, type ItemAccess, sortItems } from "./table-functions.ts";
import { intArgument } from "./words.ts";

/** Sets an item; what lies in flash refuses it. */
function put(call: Call, table: Table, position: number, value: Value): void {
  if (table.readOnly) call.setRaw(table, position, value);
  else table.setNumber(position, value);
}

function concat(call: Call): number {
  const separator = call.text(2, ""); // its complaint comes before that about the table
  const table = plainTable(call, 1);
  const first = intArgument(call, 3, 1);
  const last = call.isNoneOrNil(4) ? table.length() : intArgument(call, 4);
  const item = (n: number) => table.getNumber(first + n);
  return concatItems(call, separator, last - first + 1, item, (n) => first + n);
}

function foreach(call: Call): number {
  const table = plainTable(call, 1);
  const visit = anyFunction(call, 2);
  for (let at = table.placeAfter(0); at >= 0; at = table.placeAfter(at)) {
    const result = call.call(visit, table.keyAt(at), table.valueAt(at));
    if (result !== undefined) return call.give(result);
  }
  return call.giveNothing();
}

function foreachi(call: Call): number {
  const table = plainTable(call, 1);
  const count = table.length();
  const visit = anyFunction(call, 2);
  for (let i = 1; i <= count; i++) {
    const result = call.call(visit, i, table.getNumber(i));
    if (result !== undefined) return call.give(result);
  }
  return call.giveNothing();
}

function getn(call: Call): number {
  return call.giveInteger(plainTable(call, 1).length());
}

function setn(call: Call): number {
  plainTable(call, 1);
  throw call.error("'setn' is obsolete");
}

function insert(call: Call): number {
  const table = plainTable(call, 1);
  const end = table.length() + 1;
  if (call.count !== 2 && call.count !== 3) {
    throw call.error("wrong number of arguments to 'insert'");
  }
  const position = call.count === 2 ? end : intArgument(call, 2);
  const value = call.get(call.count);
  for (let i = Math.max(end, position); i > position; i--) {
    spendStep(call);
    put(call, table, i, table.getNumber(i - 1));
  }
  put(call, table, position, value);
  return call.giveNothing();
}

function remove(call: Call): number {
  const table = plainTable(call, 1);
  const end = table.length();
  const position = intArgument(call, 2, end);
  if (position < 1 || position > end) return call.giveNothing();
  const removed = table.getNumber(position);
  for (let i = position; i < end; i++) put(call, table, i, table.getNumber(i + 1));
  put(call, table, end, undefined);
  return call.give(removed);
}

/** The greatest number among the keys, at least 0. */
function maxn(call: Call): number {
  const table = plainTable(call, 1);
  let most = 0;
  for (let at = table.placeAfter(0); at >= 0; at = table.placeAfter(at)) {
    const key = table.keyAt(at);
    if (typeof key === "number" && key > most) most = key;
  }
  return call.giveDouble(most);
}

function sort(call: Call): number {
  const table = plainTable(call, 1);
  const count = table.length();
  const comparison = call.isNoneOrNil(2) ? undefined : plainFunction(call, 2);
  const items: ItemAccess = {
    get: (position) => table.getNumber(position),
    set: (position, value) => put(call, table, position, value),
  };
  sortItems(call, items, count, comparison, SORT_51);
  return call.giveNothing();
}

export const TABLE_51: Library = {
  name: "table",
  functions: { concat, foreach, foreachi, getn, maxn, insert, remove, setn, sort },
};

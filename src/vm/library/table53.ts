/** The library `table` of Lua 5.3; it honours metamethods. Source: lua53 manual §6.6. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import { Table } from "../table.ts";
import type { Value } from "../values.ts";
import { maxInteger } from "./integers.ts";
import { SORT_53 } from "./sort.ts";
import { concatItems, type ItemAccess, sortItems } from "./table-functions.ts";

const READ = "__index";
const WRITE = "__newindex";
const LENGTH = "__len";

/** Results that a Lua stack has room for. */
const MAX_RESULTS = 11_900;
const MAX_SORTED = 0x7fffffff;

/** A table, or what its metatable lets pass for one. */
function listArgument(call: Call, n: number, events: readonly LuaString[]): ItemAccess {
  const value = call.get(n);
  const isList =
    value instanceof Table || events.every((event) => call.metafield(value, event) !== undefined);
  if (!isList) call.table(n);
  if (value instanceof Table && value.metatable === undefined) {
    return {
      get: (position) => value.getNumber(position),
      set: (position, item) => call.setRaw(value, position, item),
    };
  }
  const key = (position: number) => call.numbers.fromInteger(position);
  return {
    get: (position) => call.index(value, key(position)),
    set: (position, item) => call.setIndex(value, key(position), item),
  };
}

/** `#` of an argument, which must be an integer. */
function lengthOf(call: Call, n: number): number {
  const value = call.get(n);
  if (value instanceof Table && value.metatable === undefined) return value.length();
  const length = call.state.engine.toNumber(call.state, call.length(value));
  const integer = length === undefined ? undefined : call.numbers.toInteger(length);
  if (integer === undefined) throw call.error("object length is not an integer");
  return Number(integer);
}

function concat(call: Call): number {
  const list = listArgument(call, 1, [READ, LENGTH]);
  const length = lengthOf(call, 1);
  const separator = call.text(2, "");
  const first = call.integer(3, 1);
  const last = call.integer(4, length);
  return concatItems(call, separator, first, last, list.get);
}

function insert(call: Call): number {
  const list = listArgument(call, 1, [READ, WRITE, LENGTH]);
  const end = lengthOf(call, 1) + 1;
  if (call.count !== 2 && call.count !== 3) {
    throw call.error("wrong number of arguments to 'insert'");
  }
  const position = call.count === 2 ? end : call.integer(2);
  if (position < 1 || position > end) throw call.argumentError(2, "position out of bounds");
  const value = call.get(call.count);
  for (let i = end; i > position; i--) list.set(i, list.get(i - 1));
  list.set(position, value);
  return call.giveNothing();
}

function remove(call: Call): number {
  const list = listArgument(call, 1, [READ, WRITE, LENGTH]);
  const size = lengthOf(call, 1);
  const position = call.integer(2, size);
  if (position !== size && (position < 1 || position > size + 1)) {
    throw call.argumentError(1, "position out of bounds");
  }
  const removed = list.get(position);
  let at = position;
  for (; at < size; at++) list.set(at, list.get(at + 1));
  list.set(at, undefined);
  return call.give(removed);
}

function move(call: Call): number {
  const first = call.integer(2);
  const last = call.integer(3);
  const to = call.integer(4);
  const target = call.isNoneOrNil(5) ? 1 : 5;
  const source = listArgument(call, 1, [READ]);
  const destination = listArgument(call, target, [WRITE]);
  const most = Number(maxInteger(call));
  if (last >= first) {
    if (first <= 0 && last >= most + first) {
      throw call.argumentError(3, "too many elements to move");
    }
    const count = last - first + 1;
    if (to > most - count + 1) throw call.argumentError(4, "destination wrap around");
    const isForeign = target !== 1 && !call.equals(call.get(1), call.get(target));
    const upward = to > last || to <= first || isForeign;
    for (let i = 0; i < count; i++) {
      const offset = upward ? i : count - 1 - i;
      destination.set(to + offset, source.get(first + offset));
    }
  }
  return call.give(call.get(target));
}

function pack(call: Call): number {
  const { count } = call;
  const table = call.newTable(count, 1);
  for (let i = count; i >= 1; i--) table.setNumber(i, call.get(i));
  table.setString(call.state.intern("n"), call.numbers.fromInteger(count));
  return call.give(table);
}

export function unpack(call: Call): number {
  const list = call.get(1);
  const first = call.integer(2, 1);
  const last = call.isNoneOrNil(3) ? lengthOf(call, 1) : call.integer(3);
  if (last - first >= MAX_RESULTS) throw call.error("too many results to unpack");
  const values: Value[] = [];
  for (let i = first; i <= last; i++) values.push(call.index(list, call.numbers.fromInteger(i)));
  return call.giveAll(values);
}

function sort(call: Call): number {
  const list = listArgument(call, 1, [READ, WRITE, LENGTH]);
  const count = lengthOf(call, 1);
  if (count <= 1) return call.giveNothing();
  if (count >= MAX_SORTED) throw call.argumentError(1, "array too big");
  const comparison = call.isNoneOrNil(2) ? undefined : call.callable(2);
  sortItems(call, list, count, comparison, SORT_53);
  return call.giveNothing();
}

export const TABLE_53: Library = {
  name: "table",
  functions: { concat, insert, pack, unpack, move, remove, sort },
};

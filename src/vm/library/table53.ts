/** The library `table` of Lua 5.3; it honours metamethods. Source: lua53 manual §6.6. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Library } from "../library.ts";
import { Table } from "../table.ts";
import type { Value } from "../values.ts";
import { maxInteger } from "./integers.ts";
import { SORT_53 } from "./sort.ts";
import { spendStep } from "./steps.ts";
import { concatItems, sortItems } from "./table-functions.ts";
import { toInt } from "./words.ts";

const READ = "__index";
const WRITE = "__newindex";
const LENGTH = "__len";

const MAX_SORTED = 0x7fffffff;

/** A position in a list; a bigint beyond 2^53. */
type Position = number | bigint;

/** How items are read and written, at any position. */
interface ListAccess {
  get(position: Position): Value;
  set(position: Position, value: Value): void;
}

/** A table, or what its metatable lets pass for one. */
function listArgument(call: Call, n: number, events: readonly LuaString[]): ListAccess {
  const value = call.get(n);
  const isList =
    value instanceof Table || events.every((event) => call.metafield(value, event) !== undefined);
  if (!isList) call.table(n);
  const key = (position: Position) => {
    spendStep(call);
    return call.numbers.fromInteger(position);
  };
  if (value instanceof Table && isPlain(value)) {
    return {
      get: (position) => value.get(key(position)),
      set: (position, item) => call.setRaw(value, key(position), item),
    };
  }
  return {
    get: (position) => call.index(value, key(position)),
    set: (position, item) => call.setIndex(value, key(position), item),
  };
}

/** Items of a plain table can be read and written as they are. */
function isPlain({ metatable, readOnly }: Table): boolean {
  return metatable === undefined && !readOnly;
}

/** `#` of an argument, which must be an integer. */
function lengthOf(call: Call, n: number): Position {
  const value = call.get(n);
  if (value instanceof Table && isPlain(value)) return value.length();
  const length = call.state.engine.toNumber(call.state, call.length(value));
  const integer = length === undefined ? undefined : call.numbers.toInteger(length);
  if (integer === undefined) throw call.error("object length is not an integer");
  return integer;
}

function positionArgument(call: Call, n: number, whenMissing: Position): Position {
  return call.isNoneOrNil(n) ? whenMissing : call.exactInteger(n);
}

/** Wraps around at the ends of the integers when it is used. */
function plus(position: Position, by: Position): Position {
  if (typeof position === "number" && typeof by === "number") {
    const sum = position + by;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(position) + BigInt(by);
}

/** How many positions there are from one to another. */
function countOf(first: Position, last: Position): Position {
  return first > last ? 0 : plus(plus(last, 1), -first);
}

function concat(call: Call): number {
  const list = listArgument(call, 1, [READ, LENGTH]);
  const length = lengthOf(call, 1);
  const separator = call.text(2, "");
  const first = positionArgument(call, 3, 1);
  const count = Number(countOf(first, positionArgument(call, 4, length)));
  const at = (n: number) => plus(first, n);
  // C's `int` is what messages show.
  return concatItems(
    call,
    separator,
    count,
    (n) => list.get(at(n)),
    (n) => toInt(at(n)),
  );
}

function insert(call: Call): number {
  const list = listArgument(call, 1, [READ, WRITE, LENGTH]);
  const end = call.numbers.toInteger(call.numbers.fromInteger(plus(lengthOf(call, 1), 1))) ?? 0;
  if (call.count !== 2 && call.count !== 3) {
    throw call.error("wrong number of arguments to 'insert'");
  }
  const position = call.count === 2 ? end : call.exactInteger(2);
  if (call.count === 3 && (position < 1 || position > end)) {
    throw call.argumentError(2, "position out of bounds");
  }
  const value = call.get(call.count);
  for (let i = end; i > position; i = plus(i, -1)) list.set(i, list.get(plus(i, -1)));
  list.set(position, value);
  return call.giveNothing();
}

function remove(call: Call): number {
  const list = listArgument(call, 1, [READ, WRITE, LENGTH]);
  const size = lengthOf(call, 1);
  let position = positionArgument(call, 2, size);
  const isLast = position >= size && position <= size;
  if (!isLast && (position < 1 || position > plus(size, 1))) {
    throw call.argumentError(1, "position out of bounds");
  }
  const removed = list.get(position);
  for (; position < size; position = plus(position, 1)) {
    list.set(position, list.get(plus(position, 1)));
  }
  list.set(position, undefined);
  return call.give(removed);
}

function move(call: Call): number {
  const first = call.exactInteger(2);
  const last = call.exactInteger(3);
  const to = call.exactInteger(4);
  const target = call.isNoneOrNil(5) ? 1 : 5;
  const source = listArgument(call, 1, [READ]);
  const destination = listArgument(call, target, [WRITE]);
  const most = maxInteger(call);
  const count = countOf(first, last);
  if (count > 0) {
    if (first <= 0 && last >= plus(most, first)) {
      throw call.argumentError(3, "too many elements to move");
    }
    if (to > plus(plus(most, first), -last)) throw call.argumentError(4, "destination wrap around");
    const isForeign = target !== 1 && !call.equals(call.get(1), call.get(target));
    const upward = to > last || to <= first || isForeign;
    for (let i: Position = 0; i < count; i = plus(i, 1)) {
      const offset = upward ? i : plus(plus(count, -1), -i);
      destination.set(plus(to, offset), source.get(plus(first, offset)));
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
  const first = positionArgument(call, 2, 1);
  const last = call.isNoneOrNil(3) ? lengthOf(call, 1) : call.exactInteger(3);
  const count = Number(countOf(first, last));
  if (count > 0 && !call.hasRoomFor(count)) throw call.error("too many results to unpack");
  const values: Value[] = [];
  for (let n = 0; n < count; n++) {
    values.push(call.index(list, call.numbers.fromInteger(plus(first, n))));
  }
  return call.giveAll(values);
}

function sort(call: Call): number {
  const list = listArgument(call, 1, [READ, WRITE, LENGTH]);
  const count = Number(lengthOf(call, 1));
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

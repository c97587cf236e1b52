/** The functions of the base library that are the same in both versions. Source: the manuals' §5.1, §6.1. */
import { LuaFloat } from "../../base/number-model.ts";
import { type Call, type Native, withQuick } from "../call.ts";
import { LuaError } from "../errors.ts";
import { metatableOf } from "../events.ts";
import { callThen, enterLevel, leaveLevel } from "../frames.ts";
import { isNumber } from "../numbers.ts";
import { guard } from "../run.ts";
import { Table } from "../table.ts";
import { rawEquals, TString, type Value } from "../values.ts";
import { anyTable, plainTable } from "./arguments.ts";
import { intArgument } from "./words.ts";

export function rawequal(call: Call): number {
  const left = call.any(1);
  return call.give(rawEquals(left, call.any(2)));
}

export function rawget(call: Call): number {
  const table = anyTable(call, 1);
  return call.give(table.get(call.any(2)));
}

export function rawset(call: Call): number {
  const table = plainTable(call, 1);
  const key = call.any(2);
  call.setRaw(table, key, call.any(3));
  return call.give(table);
}

export function getmetatable(call: Call): number {
  const metatable = metatableOf(call.state, call.any(1));
  if (metatable === undefined) return call.give(undefined);
  return call.give(metatable.getString(call.state.events.metatable) ?? metatable);
}

export function setmetatable(call: Call): number {
  const table = plainTable(call, 1);
  const metatable = call.get(2);
  if (!call.has(2) || !(metatable === undefined || metatable instanceof Table)) {
    throw call.argumentError(2, "nil or table expected");
  }
  if (table.metatable?.getString(call.state.events.metatable) !== undefined) {
    throw call.error("cannot change a protected metatable");
  }
  // What lies in flash keeps what it has; the reference of Lua 5.3 crashes.
  if (!table.readOnly) {
    table.metatable = metatable;
    call.state.finalizers.noteMetatable(table);
  }
  return call.give(table);
}

export function next(call: Call): number {
  const table = anyTable(call, 1);
  const key = call.get(2);
  // A float that is an integer is no key of a table, for that would be the integer.
  const isKey = !(key instanceof LuaFloat) || call.numbers.toInteger(key) === undefined;
  const place = isKey ? table.placeOf(key) : -1;
  if (place < 0) return nextOfUnknown(call, table, key);
  const following = table.placeAfter(place);
  if (following < 0) return call.give(undefined);
  const value = table.valueAt(following);
  call.give(table.keyAt(following));
  call.push(value);
  return 2;
}

/** Tables in flash end behind a name that they do not have, and know nothing of other keys. */
function nextOfUnknown(call: Call, table: Table, key: Value): number {
  if (!table.readOnly) throw LuaError.of("invalid key to 'next'");
  return key instanceof TString ? call.give(undefined) : call.giveTwo(key, undefined);
}

/** @param integer reads an argument as an integer of the version */
export function selectFunction(integer: (call: Call, n: number) => number): Native {
  return (call) => {
    const { count } = call;
    const selector = call.get(1);
    if (selector instanceof TString && selector.text.startsWith("#")) {
      return call.giveInteger(count - 1);
    }
    const given = integer(call, 1);
    const position = given < 0 ? count + given : Math.min(given, count);
    if (position < 1) throw call.argumentError(1, "index out of range");
    return count - position;
  };
}

export const type = withQuick(
  (call) => call.give(call.state.intern(call.typeName(call.any(1)))),
  (state, _count, value) => state.intern(state.engine.typeName(state, value)),
);

/** Raises its argument, with a position in front when it is a text. */
export function errorFunction(isText: (value: Value) => boolean): Native {
  return (call) => {
    const value = call.get(1);
    const level = intArgument(call, 2, 1);
    if (level <= 0 || !isText(value)) throw new LuaError(value);
    throw call.error(call.text(1), level);
  };
}

/**
 * Shows its arguments as the global `tostring` makes texts of them.
 *
 * @param write shows a piece: an argument, a tab or the end of the line
 */
export function printFunction(write: (call: Call, piece: string) => void): Native {
  return (call) => {
    const toText = call.index(call.thread.globals, call.state.intern("tostring"));
    // It takes a slot on the device, too.
    call.push(toText);
    for (let n = 1; n <= call.count; n++) {
      const value = call.call(toText, call.get(n));
      if (!(value instanceof TString || isNumber(value))) {
        throw call.error("'tostring' must return a string to 'print'");
      }
      if (n > 1) write(call, "\t");
      write(call, value instanceof TString ? value.text : call.numbers.format(value));
    }
    write(call, "\n");
    return call.giveNothing();
  };
}

// Protected calls

/** The function is called one slot further up, as on the device, whose stacks are limited. */
export function pcall(call: Call): number {
  call.any(1);
  guard(call, "pcall");
  enterLevel(call.thread);
  moveUp(call, 1, 1);
  return callThen(call, call.base + 1, call.count - 1, giveTrue);
}

/** Hands over the results of the call that was guarded, which lie behind a free slot. */
function giveTrue(call: Call): number {
  return giveTrueAt(call, call.base);
}

/**
 * Calls the first argument with the second one as the handler of its errors.
 *
 * @param argumentCount how many of the arguments behind the two it gets
 */
export function callWithHandler(call: Call, argumentCount: number): number {
  const { stack } = call.thread;
  const fn = call.get(1);
  guard(call, "xpcall");
  enterLevel(call.thread);
  moveUp(call, 3, 2);
  stack[call.base] = call.get(2);
  stack[call.base + 3] = fn;
  return callThen(call, call.base + 3, argumentCount, giveTrueBehindHandler);
}

function giveTrueBehindHandler(call: Call): number {
  return giveTrueAt(call, call.base + 2);
}

function giveTrueAt(call: Call, index: number): number {
  const { thread } = call;
  leaveLevel(thread, call);
  thread.stack[index] = true;
  call.top = thread.top;
  return thread.top - index;
}

/** Moves the arguments from one on. */
function moveUp(call: Call, first: number, distance: number): void {
  const { thread, base, count } = call;
  thread.grow(base + count + distance);
  const { stack, floats } = thread;
  for (let at = base + count - 1; at >= base + first - 1; at--) {
    const value = stack[at];
    stack[at + distance] = value;
    if (value === null) floats[at + distance] = floats[at];
  }
  call.top += distance;
}

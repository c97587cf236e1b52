/**
 * Tables of Lua 5.3 read and written with their metamethods. Operands are given by value; where a
 * message may name one, its number comes along (see `failures53.ts`). Source: the manual of Lua 5.3,
 * §2.4.
 */
import { LuaFloat } from "../base/number-model.ts";
import { FIELDS_PER_FLUSH, fromFloatingByte } from "../bytecode/instruction.ts";
import { indexOf, metamethod, newindexOf } from "./events.ts";
import { NO_OPERAND, runtimeError53, typeError53 } from "./failures53.ts";
import { lengthens, reservedItems } from "./growth.ts";
import { resizeArray53 } from "./growth53.ts";
import { type Found, type METHOD, putMethod } from "./methods53.ts";
import { LuaFunction, type Thread } from "./state.ts";
import { Table } from "./table.ts";
import type { TString, Value } from "./values.ts";

/** Metatables that are followed for one access. */
const MAX_CHAIN = 2000;

/** `object[key]` for a name. */
export function getField53(thread: Thread, object: Value, key: TString, operand: number): Found {
  const { events } = thread.state;
  let holder = object;
  for (let i = 0; i < MAX_CHAIN && holder instanceof Table; i++) {
    const value = holder.getString(key);
    if (value !== undefined) return value;
    const { metatable } = holder;
    if (metatable === undefined) return undefined;
    const next = indexOf(metatable, events);
    if (next === undefined) return undefined;
    if (next instanceof LuaFunction) return putMethod(thread, next, holder, key);
    holder = next;
  }
  return getTable53(thread, holder, key, holder === object ? operand : NO_OPERAND);
}

/** `object[key]`. */
export function getTable53(thread: Thread, object: Value, key: Value, operand: number): Found {
  const { state } = thread;
  let holder = object;
  for (let i = 0; i < MAX_CHAIN; i++) {
    let method: Value;
    if (holder instanceof Table) {
      const value = holder.get(key);
      const { metatable } = holder;
      if (value !== undefined || metatable === undefined) return value;
      method = indexOf(metatable, state.events);
      if (method === undefined) return undefined;
    } else {
      method = metamethod(state, holder, state.events.index);
      if (method === undefined) {
        throw typeError53(thread, holder, "index", i === 0 ? operand : NO_OPERAND);
      }
    }
    if (method instanceof LuaFunction) return putMethod(thread, method, holder, key);
    holder = method;
  }
  throw runtimeError53(thread, "'__index' chain too long; possible loop");
}

/** `object[key] = value`; METHOD with three arguments, or undefined when it is done. */
export function setTable53(
  thread: Thread,
  object: Value,
  key: Value,
  value: Value,
  operand: number,
): undefined | typeof METHOD {
  const { state } = thread;
  let holder = object;
  for (let i = 0; i < MAX_CHAIN; i++) {
    let method: Value;
    if (holder instanceof Table) {
      const { metatable } = holder;
      if (metatable !== undefined && holder.get(key) === undefined) {
        method = newindexOf(metatable, state.events);
      }
      if (method === undefined) {
        setRaw53(thread, holder, key, value);
        return undefined;
      }
    } else {
      method = metamethod(state, holder, state.events.newindex);
      if (method === undefined) {
        throw typeError53(thread, holder, "index", i === 0 ? operand : NO_OPERAND);
      }
    }
    if (method instanceof LuaFunction) {
      const { frames, depth, stack } = thread;
      stack[frames[depth].top + 3] = value;
      return putMethod(thread, method, holder, key);
    }
    holder = method;
  }
  throw runtimeError53(thread, "'__newindex' chain too long; possible loop");
}

/** Sets a field; refuses keys that no table takes, and tables in flash. */
export function setRaw53(
  thread: Thread,
  table: Table,
  key: Value,
  value: Value,
  readOnlyMessage = thread.state.target.runtime.readOnlyTable,
): void {
  if (table.readOnly) throw runtimeError53(thread, readOnlyMessage);
  if (key === undefined) throw runtimeError53(thread, "table index is nil");
  if (key instanceof LuaFloat && Number.isNaN(key.value)) {
    throw runtimeError53(thread, "table index is NaN");
  }
  table.set(key, value);
}

/** A table for a constructor, whose sizes are floating point bytes. */
export function newTable53(thread: Thread, arraySize: number, nodeCount: number): Table {
  const items = reservedItems(fromFloatingByte(arraySize));
  const nodes = reservedItems(fromFloatingByte(nodeCount));
  return new Table(thread.state.heap, items, nodes);
}

/** Stores the values above a register into its table, as items of a batch of a constructor. */
export function setList53(thread: Thread, index: number, count: number, batch: number): void {
  const table = thread.stack[index];
  if (!(table instanceof Table)) return;
  const first = (batch - 1) * FIELDS_PER_FLUSH;
  if (lengthens(table, first, count)) resizeArray53(table, first + count);
  for (let i = count; i > 0; i--) table.setNumber(first + i, thread.valueAt(index + i));
}

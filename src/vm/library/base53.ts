/** The basic functions of Lua 5.3, all of which lie in flash. Source: the manual, §6.1; lua53.md §8. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { type FlashEntries, light } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { Table } from "../table.ts";
import { isTruthy, TString, type Value } from "../values.ts";
import {
  callWithHandler,
  errorFunction,
  getmetatable,
  next,
  pcall,
  printFunction,
  rawequal,
  rawget,
  rawset,
  selectFunction,
  setmetatable,
  type,
} from "./base-common.ts";
import { collectorFunction53 } from "./collector.ts";
import { loadFunctions53 } from "./load53.ts";
import type { Surroundings } from "./surroundings.ts";

const raise = errorFunction((value) => value instanceof TString);

/** The functions in the order in which they lie in flash. */
export function base53(surroundings: Surroundings): FlashEntries {
  const { load, loadfile, dofile } = loadFunctions53(surroundings);
  // Programs may compare these.
  const nextPair = light(next, "next");
  const nextItem = light(giveNextItem, "ipairs");
  return {
    assert,
    collectgarbage: collectorFunction53(surroundings),
    dofile,
    error: raise,
    getmetatable,
    ipairs: (call: Call) => call.giveThree(nextItem, call.any(1), call.numbers.fromInteger(0)),
    loadfile,
    load,
    loadstring: load,
    next: nextPair,
    pairs: (call: Call) => pairs(call, nextPair),
    pcall,
    print: printFunction((call, piece) => call.state.write(piece)),
    rawequal,
    rawlen,
    rawget,
    rawset,
    select: selectFunction((call, n) => call.integer(n)),
    setmetatable,
    tonumber,
    tostring,
    type,
    unpack,
    xpcall,
  };
}

/** A failure is raised as by `error`, position included. */
function assert(call: Call): number {
  if (isTruthy(call.any(1))) return call.giveArguments(1);
  call.give(call.has(2) ? call.get(2) : call.make("assertion failed!"));
  call.count = 1;
  return raise(call);
}

function tostring(call: Call): number {
  const value = call.any(1);
  const isPlain = value instanceof TString && call.metafield(value, "__tostring") === undefined;
  return isPlain ? call.give(value) : call.giveText(call.toText(value));
}

function rawlen(call: Call): number {
  const value = call.get(1);
  if (value instanceof Table) return call.giveInteger(value.length());
  if (value instanceof TString) return call.giveInteger(value.text.length);
  throw call.argumentError(1, "table or string expected");
}

function xpcall(call: Call): number {
  call.callable(2);
  return callWithHandler(call, call.count - 2);
}

/** That of the library `table`, whatever it is now. */
function unpack(call: Call): number {
  const library = call.index(call.thread.globals, call.state.intern("table"));
  const fn = call.index(library, call.state.intern("unpack"));
  return call.giveAll(call.callAll(fn, call.values(1)));
}

// Iteration

function pairs(call: Call, iterator: Value): number {
  const value = call.any(1);
  const method = call.metafield(value, "__pairs");
  if (method === undefined) return call.giveThree(iterator, value, undefined);
  const [first, second, third] = call.callAll(method, [value]);
  return call.giveThree(first, second, third);
}

/** The iterator of `ipairs`. */
function giveNextItem(call: Call): number {
  const index = call.numbers.fromInteger(BigInt(call.exactInteger(2)) + 1n);
  const value = call.index(call.get(1), index);
  return value === undefined ? call.give(undefined) : call.giveTwo(index, value);
}

// Numbers

function tonumber(call: Call): number {
  if (!call.isNoneOrNil(2)) return call.give(integerInBase(call));
  const value = call.any(1);
  if (isNumber(value)) return call.give(value);
  return call.give(value instanceof TString ? call.numbers.parse(value.text) : undefined);
}

const DIGITS = /^[ \f\n\r\t\v]*([-+]?)([\da-zA-Z]+)[ \f\n\r\t\v]*$/;
const LOW_64_BITS = 2n ** 64n - 1n;

/** Wraps around when it is too large. */
function integerInBase(call: Call): Value {
  const base = call.integer(2);
  const text = textArgument(call);
  if (base < 2 || base > 36) throw call.argumentError(2, "base out of range");
  const match = DIGITS.exec(text);
  if (match === null) return undefined;
  let value = 0n;
  for (const digit of match[2]) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) return undefined;
    value = (value * BigInt(base) + BigInt(worth)) & LOW_64_BITS;
  }
  return call.numbers.fromInteger(match[1] === "-" ? -value : value);
}

/** A string; numbers are none. */
function textArgument(call: Call): LuaString {
  const value = call.get(1);
  if (value instanceof TString) return value.text;
  throw call.typeError(1, "string");
}

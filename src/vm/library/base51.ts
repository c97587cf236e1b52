/**
 * The basic functions of Lua 5.1 as NodeMCU has them. Those that the firmware keeps in flash are in
 * {@link BASE_51}; the others are fields of `_G` itself. Source: the manual, §5.1.
 */
import { type LuaString, toBytes, untilNul } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { LuaError } from "../errors.ts";
import { metatableOf } from "../events.ts";
import { callThen, enterLevel } from "../frames.ts";
import { type Library, openLibrary } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { guard } from "../run.ts";
import { Closure, LuaFunction, type MachineState, NativeFunction } from "../state.ts";
import { Table } from "../table.ts";
import { isTruthy, rawEquals, TString, Userdata, type Value } from "../values.ts";

/** Stack slots that a native function may use. */
const MAX_RESULTS = 8000;

function assert(call: Call): number {
  if (isTruthy(call.any(1))) return call.giveArguments(1);
  throw call.error(call.text(2, "assertion failed!"));
}

function error(call: Call): number {
  const value = call.get(1);
  const level = call.integer(2, 1);
  const isText = value instanceof TString || isNumber(value);
  throw isText && level > 0 ? call.error(call.text(1), level) : new LuaError(value);
}

function getmetatable(call: Call): number {
  const metatable = metatableOf(call.state, call.any(1));
  if (metatable === undefined) return call.give(undefined);
  return call.give(metatable.getString(call.state.events.metatable) ?? metatable);
}

function setmetatable(call: Call): number {
  const table = call.table(1);
  const metatable = call.get(2);
  if (metatable !== undefined && !(metatable instanceof Table)) {
    throw call.argumentError(2, "nil or table expected");
  }
  if (table.metatable?.getString(call.state.events.metatable) !== undefined) {
    throw call.error("cannot change a protected metatable");
  }
  table.metatable = metatable;
  return call.give(table);
}

/** The key after a key, and its value. */
export function next(call: Call): number {
  const table = call.table(1);
  const place = table.placeOf(call.get(2));
  if (place < 0) throw LuaError.of("invalid key to 'next'");
  const after = table.placeAfter(place);
  if (after < 0) return call.give(undefined);
  return call.giveTwo(table.keyAt(after), table.valueAt(after));
}

function pairs(call: Call): number {
  return call.giveThree(call.upvalue(1), call.table(1), undefined);
}

function ipairs(call: Call): number {
  return call.giveThree(call.upvalue(1), call.table(1), 0);
}

/** The iterator of `ipairs`. */
function nextItem(call: Call): number {
  const index = call.integer(2) + 1;
  const value = call.table(1).getNumber(index);
  return value === undefined ? call.giveNothing() : call.giveTwo(index, value);
}

function pcall(call: Call): number {
  call.any(1);
  guard(call, "pcall");
  enterLevel(call.thread);
  return callThen(call, call.base, call.count - 1, giveTrue);
}

/** Hands over the results of the call that was guarded, which lie behind a free slot. */
function giveTrue(call: Call): number {
  const { thread } = call;
  thread.levels--;
  thread.stack[call.base - 1] = true;
  call.top = thread.top;
  return thread.top - call.base + 1;
}

function xpcall(call: Call): number {
  if (call.count < 2) throw call.argumentError(2, "value expected");
  const { stack } = call.thread;
  const fn = call.get(1);
  stack[call.base] = call.get(2);
  stack[call.base + 1] = fn;
  guard(call, "xpcall");
  enterLevel(call.thread);
  return callThen(call, call.base + 1, 0, giveTrueInstead);
}

/** Like {@link giveTrue}, but the slot holds the error handler. */
function giveTrueInstead(call: Call): number {
  const { thread } = call;
  thread.levels--;
  thread.stack[call.base] = true;
  call.top = thread.top;
  return thread.top - call.base;
}

/** C's `%s` ends each text at its first NUL. */
function print(call: Call): number {
  const { state, count } = call;
  for (let n = 1; n <= count; n++) {
    if (n > 1) state.write("\t");
    state.write(untilNul(printedText(call, call.get(n))));
  }
  state.write("\n");
  return call.giveNothing();
}

function printedText(call: Call, value: Value): LuaString {
  const method = call.metafield(value, "__tostring");
  if (method === undefined) return call.toText(value);
  const text = textOf(call, call.call(method, value));
  if (text === undefined) throw call.error("'tostring' must return a string to 'print'");
  return text;
}

function rawequal(call: Call): number {
  return call.give(rawEquals(call.any(1), call.any(2)));
}

function rawget(call: Call): number {
  return call.give(call.table(1).get(call.any(2)));
}

function rawset(call: Call): number {
  const table = call.table(1);
  call.any(2);
  call.any(3);
  call.setRaw(table, call.get(2), call.get(3));
  return call.give(table);
}

function select(call: Call): number {
  const first = call.get(1);
  if (first instanceof TString && first.text.startsWith("#"))
    return call.giveInteger(call.count - 1);
  const wanted = call.integer(1);
  const from = wanted < 0 ? call.count + wanted : Math.min(wanted, call.count);
  if (from < 1) throw call.argumentError(1, "index out of range");
  return call.giveArguments(from + 1);
}

function tonumber(call: Call): number {
  const base = call.integer(2, 10);
  if (base !== 10) return call.give(digitsToNumber(call, base));
  const value = call.any(1);
  return call.give(call.state.engine.toNumber(call.state, value));
}

/** C's `strtoul` with 64 bits: a sign wraps around, and what is too large is the greatest. */
const DIGITS = /^[ \t-\r]*([-+]?)(?:0[xX](?=[\da-fA-F]))?([\da-zA-Z]+)[ \t-\r]*$/;
const PLAIN_DIGITS = /^[ \t-\r]*([-+]?)([\da-zA-Z]+)[ \t-\r]*$/;

function digitsToNumber(call: Call, base: number): Value {
  const text = call.text(1);
  if (base < 2 || base > 36) throw call.argumentError(2, "base out of range");
  const match = (base === 16 ? DIGITS : PLAIN_DIGITS).exec(text);
  if (match === null) return undefined;
  let value = 0n;
  for (const digit of match[2]) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) return undefined;
    value = value * BigInt(base) + BigInt(worth);
  }
  const most = 2n ** 64n - 1n;
  const saturated = value > most ? most : match[1] === "-" ? BigInt.asUintN(64, -value) : value;
  return call.numbers.fromInteger(saturated);
}

function tostring(call: Call): number {
  const value = call.any(1);
  const method = call.metafield(value, "__tostring");
  if (method !== undefined) return call.give(call.call(method, value));
  return value instanceof TString ? call.give(value) : call.giveText(call.toText(value));
}

function type(call: Call): number {
  return call.give(call.state.intern(call.typeName(call.any(1))));
}

function unpack(call: Call): number {
  const table = call.table(1);
  const first = call.integer(2, 1);
  const last = call.isNoneOrNil(3) ? table.length() : call.integer(3);
  if (first > last) return call.giveNothing();
  if (last - first + 1 >= MAX_RESULTS) throw call.error("too many results to unpack");
  const values: Value[] = [];
  for (let i = first; i <= last; i++) values.push(table.getNumber(i));
  return call.giveAll(values);
}

// Environments

/** The function that an argument names, by itself or by its level; undefined for level 0. */
function functionAt(call: Call, levelWhenMissing?: number): LuaFunction | undefined {
  const value = call.get(1);
  if (value instanceof LuaFunction) return value;
  const level = call.integer(1, levelWhenMissing);
  if (level < 0) throw call.argumentError(1, "level must be non-negative");
  if (level === 0) return undefined;
  const found = call.state.engine.functionAt(call.thread, level);
  if (found === "none") throw call.argumentError(1, "invalid level");
  if (found === "tail call") {
    throw call.error(`no function environment for tail call at level ${level}`);
  }
  return found;
}

function getfenv(call: Call): number {
  const fn = functionAt(call, 1);
  return call.give(fn instanceof Closure ? fn.environment : call.thread.globals);
}

function setfenv(call: Call): number {
  const environment = call.get(2);
  if (!(environment instanceof Table)) throw call.typeError(2, "table");
  const fn = functionAt(call);
  if (fn === undefined && isNumber(call.get(1))) {
    call.thread.globals = environment;
    return call.giveNothing();
  }
  if (!(fn instanceof Closure)) {
    throw call.error("'setfenv' cannot change environment of given object");
  }
  fn.environment = environment;
  return call.give(fn);
}

// Loading

function loadstring(call: Call): number {
  const text = call.text(1);
  return giveLoaded(call, text, call.text(2, text));
}

function load(call: Call): number {
  const reader = call.callable(1);
  const name = call.text(2, "=(load)");
  let text = "";
  for (;;) {
    const piece = call.call(reader);
    if (piece === undefined) break;
    const more = textOf(call, piece);
    if (more === undefined) throw call.error("reader function must return a string");
    if (more === "") break;
    text += more;
  }
  return giveLoaded(call, text, name);
}

function textOf(call: Call, value: Value): LuaString | undefined {
  if (value instanceof TString) return value.text;
  return isNumber(value) ? call.numbers.format(value) : undefined;
}

/** A function of a chunk, or nil and why there is none. */
export function giveLoaded(call: Call, chunk: LuaString, chunkName: LuaString): number {
  const loaded = call.state.loadChunk(toBytes(chunk), chunkName);
  if (typeof loaded !== "string") return call.give(loaded);
  return call.giveTwo(undefined, call.make(loaded));
}

function newproxy(call: Call): number {
  const { state } = call;
  const proxy = new Userdata(undefined, undefined, 0);
  const like = call.get(1);
  if (!isTruthy(like)) return call.give(proxy);
  const known = call.upvalue(1) as Table;
  if (like === true) {
    proxy.metatable = new Table(state.heap);
    known.set(proxy.metatable, true);
  } else {
    const metatable = like instanceof Userdata ? like.metatable : undefined;
    if (metatable === undefined || known.get(metatable) !== true) {
      throw call.argumentError(1, "boolean or proxy expected");
    }
    proxy.metatable = metatable;
  }
  return call.give(proxy);
}

/** What lies in flash. */
export const BASE_51: Library = {
  name: "",
  functions: {
    assert,
    error,
    getfenv,
    getmetatable,
    load,
    loadstring,
    next,
    pcall,
    print,
    rawequal,
    rawget,
    rawset,
    select,
    setfenv,
    setmetatable,
    tonumber,
    tostring,
    type,
    unpack,
    xpcall,
  },
};

/**
 * Fills the globals: `_G` is in memory with a few fields of its own, and finds all else, the
 * libraries too, in a table in flash.
 */
export function openGlobals51(state: MachineState, libraries: readonly Library[]): void {
  const flash = openLibrary(state, {
    ...BASE_51,
    fields: (of) => {
      const tables = libraries.map((library) => [library.name, openLibrary(of, library)]);
      return Object.fromEntries(tables);
    },
  });
  const { globals, heap } = state;
  globals.metatable = new Table(heap);
  globals.metatable.setString(state.events.index, flash);
  const own: Readonly<Record<LuaString, Value>> = {
    _G: globals,
    _VERSION: state.intern("Lua 5.1"),
    ipairs: new NativeFunction(ipairs, "ipairs", [new NativeFunction(nextItem, "ipairs")]),
    pairs: new NativeFunction(pairs, "pairs", [new NativeFunction(next, "next")]),
    newproxy: new NativeFunction(newproxy, "newproxy", [new Table(heap)]),
  };
  const string = flash.getString(state.intern("string"));
  if (string instanceof Table) {
    const metatable = new Table(heap);
    metatable.setString(state.events.index, string);
    const mod = state.intern("__mod");
    metatable.setString(mod, string.getString(mod));
    state.typeMetatables.set("string", metatable);
  }
  for (const name of Object.keys(own)) globals.setString(state.intern(name), own[name]);
}

/**
 * The basic functions of Lua 5.1 that NodeMCU keeps in flash; the others are fields of `_G` itself
 * (`globals51.ts`). Source: the manual, §5.1.
 */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import type { Functions } from "../library.ts";
import { isNumber } from "../numbers.ts";
import { Closure, LuaFunction } from "../state.ts";
import type { Table } from "../table.ts";
import { isTruthy, TString, type Value } from "../values.ts";
import { anyTable, plainTable } from "./arguments.ts";
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
import { collectorFunctions } from "./collector.ts";
import { loadFunctions51 } from "./load51.ts";
import type { Surroundings } from "./surroundings.ts";
import { intArgument } from "./words.ts";

/** Stack slots that a native function may use. */
const MAX_RESULTS = 8000;

/** The functions in the order in which they lie in flash. */
export function base51(surroundings: Surroundings, printsPiecesOnLines: boolean): Functions {
  const { collectgarbage, gcinfo } = collectorFunctions(surroundings);
  const { load, loadstring, loadfile, dofile } = loadFunctions51(surroundings);
  return {
    assert,
    collectgarbage,
    dofile,
    error: errorFunction((value) => value instanceof TString || isNumber(value)),
    gcinfo,
    getfenv,
    getmetatable,
    loadfile,
    load,
    loadstring,
    next,
    pcall,
    print: printFunction(printsPiecesOnLines ? writeLine : writePiece),
    rawequal,
    rawget,
    rawset,
    select: selectFunction(intArgument),
    setfenv,
    setmetatable,
    tonumber,
    tostring,
    type,
    unpack,
    xpcall,
  };
}

function assert(call: Call): number {
  if (isTruthy(call.any(1))) return call.giveArguments(1);
  throw call.error(untilNul(call.text(2, "assertion failed!")));
}

// Printing

/** Pieces are C's strings, which end at a zero byte. */
function writePiece({ state }: Call, piece: LuaString): void {
  const end = piece.indexOf("\0");
  state.write(end < 0 ? piece : piece.slice(0, end));
}

function writeLine(call: Call, piece: LuaString): void {
  writePiece(call, piece);
  call.state.write("\n");
}

/** The result of `__tostring` may be any value. */
function tostring(call: Call): number {
  const value = call.any(1);
  const method = call.metafield(value, "__tostring");
  if (method !== undefined) return call.give(call.call(method, value));
  return value instanceof TString ? call.give(value) : call.giveText(call.toText(value));
}

// Iteration

export function pairs(call: Call): number {
  return call.giveThree(call.upvalue(1), anyTable(call, 1), undefined);
}

export function ipairs(call: Call): number {
  return call.giveThree(call.upvalue(1), anyTable(call, 1), 0);
}

/** The iterator of `ipairs`. */
export function nextItem(call: Call): number {
  const index = (intArgument(call, 2) + 1) | 0;
  const value = anyTable(call, 1).getNumber(index);
  return value === undefined ? call.giveNothing() : call.giveTwo(index, value);
}

function unpack(call: Call): number {
  const table = plainTable(call, 1);
  const first = intArgument(call, 2, 1);
  const last = call.isNoneOrNil(3) ? table.length() : intArgument(call, 3);
  if (first > last) return call.giveNothing();
  if (last - first + 1 > MAX_RESULTS - call.count) throw call.error("too many results to unpack");
  call.thread.grow(call.top + last - first + 1, last - first + 1);
  const values: Value[] = [];
  for (let i = first; i <= last; i++) values.push(table.getNumber(i));
  return call.giveAll(values);
}

/** The function gets no arguments. */
function xpcall(call: Call): number {
  if (call.count < 2) throw call.argumentError(2, "value expected");
  return callWithHandler(call, 0);
}

// Numbers

/** Digits of another base than ten are read as C's `unsigned long`. */
function tonumber(call: Call): number {
  const base = intArgument(call, 2, 10);
  if (base !== 10) return call.give(unsignedOf(call, base, call.state.longBits));
  return call.give(call.state.engine.toNumber(call.state, call.any(1)));
}

const DIGITS = /^[ \t-\r]*([-+]?)([\da-zA-Z]+)[ \t-\r]*(?:\0|$)/;
const DIGITS_OF_16 = /^[ \t-\r]*([-+]?)(?:0[xX](?=[\da-fA-F]))?([\da-zA-Z]+)[ \t-\r]*(?:\0|$)/;

/** As C's `strtoul` reads it: a sign wraps around, and what is too large is the greatest. */
function unsignedOf(call: Call, base: number, bits: 32 | 64): Value {
  const text = call.text(1);
  if (base < 2 || base > 36) throw call.argumentError(2, "base out of range");
  const match = (base === 16 ? DIGITS_OF_16 : DIGITS).exec(text);
  if (match === null) return undefined;
  let value = 0n;
  for (const digit of match[2]) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) return undefined;
    value = value * BigInt(base) + BigInt(worth);
  }
  const most = BigInt.asUintN(bits, -1n);
  const saturated = value > most ? most : match[1] === "-" ? BigInt.asUintN(bits, -value) : value;
  return call.numbers.fromInteger(saturated);
}

// Environments

/** The function that an argument names, by itself or by its level; undefined for level 0. */
function functionAt(call: Call, levelWhenMissing?: number): LuaFunction | undefined {
  const value = call.get(1);
  if (value instanceof LuaFunction && call.typeName(value) === "function") return value;
  const level = intArgument(call, 1, levelWhenMissing);
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
  const environment: Table = plainTable(call, 2);
  const fn = functionAt(call);
  if (fn === undefined) {
    call.thread.globals = environment;
    return call.giveNothing();
  }
  if (!(fn instanceof Closure)) {
    throw call.error("'setfenv' cannot change environment of given object");
  }
  fn.environment = environment;
  return call.give(fn);
}

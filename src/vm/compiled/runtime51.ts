/** What JavaScript made of Lua 5.1's functions calls. The dispatch loop does the same in its cases. */
import { pow } from "../../base/pow.ts";
import { indexOf } from "../events.ts";
import {
  ALL_RESULTS,
  addFrame,
  callAt,
  closeUpvalues,
  copyVarargs,
  enterClosure,
  enterLevel,
  enterTailCall,
  findUpvalue,
  LEVEL_RESULTS,
  leave,
} from "../frames.ts";
import { joinTexts } from "../join.ts";
import {
  arithmetic51,
  concat51,
  equals51,
  getField51,
  getTable51,
  length51,
  less51,
  lessOrEqual51,
  makeCallable51,
  negate51,
  newTable51,
  prepareLoop51,
  setList51,
  setTable51,
} from "../slow51.ts";
import {
  Called,
  Closure,
  type Frame,
  type MachineState,
  NativeFunction,
  type Thread,
} from "../state.ts";
import { Node, Table } from "../table.ts";
import { TString, type Value } from "../values.ts";

/** Metatables that are followed before it is left to the slow way. */
const MAX_CHAIN = 10;

/**
 * Calls what is at a stack index, as CALL does; `frame.pc` is behind it, and the stack has what
 * others may look at.
 *
 * @returns Done, or what the compiled function must return to its caller
 */
function call(thread: Thread, at: number, argumentCount: number, wanted: number): Called {
  const { state, stack } = thread;
  if (--state.steps < 0) state.outOfSteps();
  const fn = stack[at];
  if (!(fn instanceof Closure)) return callOther(thread, at, argumentCount, wanted);
  const { code } = fn;
  const start = at + 1;
  const end = start + code.maxStackSize;
  if (code.isVararg || end > thread.limit) {
    return runEntered(thread, enterClosure(thread, fn, at, argumentCount, wanted), fn);
  }
  const depth = thread.depth + 1;
  const { frames } = thread;
  const frame = depth < frames.length ? frames[depth] : addFrame(thread);
  thread.depth = depth;
  const { parameterCount } = code;
  const given = Math.min(argumentCount, parameterCount);
  for (let i = start + given; i < end; i++) stack[i] = undefined;
  frame.fn = fn;
  frame.functionIndex = at;
  frame.base = start;
  frame.top = end;
  frame.pc = 0;
  frame.wanted = wanted;
  frame.tailCalls = 0;
  return runEntered(thread, frame, fn);
}

/**
 * Runs the Lua function whose frame is the current one, and those that it calls at its end. Too deep
 * in compiled functions it is left to the dispatch loop, to which all of them return.
 */
function runEntered(thread: Thread, frame: Frame, fn: Closure): Called {
  const { depth } = thread;
  if (depth >= thread.deepest) return Called.Entered;
  const { run } = fn.code;
  let called = run === undefined ? runUncompiled(thread, fn) : run(thread, frame, fn);
  while (called === Called.Replaced) {
    const next = thread.frames[depth];
    const replacing = next.fn as Closure;
    called =
      replacing.code.run === undefined
        ? runUncompiled(thread, replacing)
        : replacing.code.run(thread, next, replacing);
  }
  return called;
}

function runUncompiled(thread: Thread, { code }: Closure): Called {
  thread.state.tier?.count(code);
  return thread.state.engine.executeInside(thread, thread.depth - 1);
}

function callOther(thread: Thread, at: number, argumentCount: number, wanted: number): Called {
  const { depth } = thread;
  const called = callAt(thread, at, argumentCount, wanted);
  if (called !== Called.Entered || thread.depth >= thread.deepest) return called;
  return thread.state.engine.executeInside(thread, depth);
}

/**
 * Calls a function in the last statement of another, whose frame a Lua function takes over.
 *
 * @returns Done when a native function has run, whose results are at the index
 */
function tailCall(thread: Thread, frame: Frame, at: number, argumentCount: number): Called {
  const { state, stack } = thread;
  if (--state.steps < 0) state.outOfSteps();
  let fn = stack[at];
  let count = argumentCount;
  if (!(fn instanceof Closure || fn instanceof NativeFunction)) {
    fn = makeCallable51(thread, at, count++);
  }
  if (!(fn instanceof Closure)) return callOther(thread, at, count, ALL_RESULTS);
  const { code } = fn;
  const { functionIndex } = frame;
  const isPlain = !code.isVararg && functionIndex + 1 + code.maxStackSize <= thread.limit;
  if (isPlain && thread.openUpvalues === undefined) replace(thread, frame, fn, at, count);
  else enterTailCall(thread, frame, fn, at, count);
  return Called.Replaced;
}

/** {@link enterTailCall} for the common case. */
function replace(thread: Thread, frame: Frame, fn: Closure, at: number, count: number): void {
  const { stack, floats } = thread;
  const { functionIndex } = frame;
  const { parameterCount, maxStackSize } = fn.code;
  const given = Math.min(count, parameterCount);
  for (let i = 0; i <= given; i++) {
    const value = stack[at + i];
    stack[functionIndex + i] = value;
    if (value === null) floats[functionIndex + i] = floats[at + i];
  }
  const base = functionIndex + 1;
  const end = base + maxStackSize;
  for (let i = base + given; i < end; i++) stack[i] = undefined;
  frame.fn = fn;
  frame.base = base;
  frame.top = end;
  frame.count = Math.max(0, count - parameterCount);
  frame.pc = 0;
  frame.tailCalls++;
}

/** The call of a generic `for` loop, whose hidden variables are from a stack index on. */
function callIterator(thread: Thread, at: number, wanted: number): Called {
  const { stack, floats, depth } = thread;
  for (let i = at; i < at + 3; i++) {
    const value = stack[i];
    stack[i + 3] = value;
    if (value === null) floats[i + 3] = floats[i];
  }
  enterLevel(thread);
  const called = callAt(thread, at + 3, 2, LEVEL_RESULTS - wanted);
  if (called !== Called.Entered || thread.depth >= thread.deepest) return called;
  return thread.state.engine.executeInside(thread, depth);
}

/** Index of the node in which a table has a value for that very key, or −1. */
function find({ nodes, mask }: Table, key: TString): number {
  let at = (key.hash & mask) * Node.Size;
  do {
    if (nodes[at] === key) return nodes[at + Node.Value] === undefined ? Node.None : at;
    at = nodes[at + Node.Next] as number;
  } while (at >= 0);
  return Node.None;
}

/** Writes registers, each number followed by its value, to the stack above an index. */
function keep({ stack, floats }: Thread, base: number, ...registers: (number | Value)[]): void {
  for (let i = 0; i < registers.length; i += 2) {
    const index = base + (registers[i] as number);
    const value = registers[i + 1] as Value;
    if (typeof value === "number" && (value | 0) !== value) {
      stack[index] = null;
      floats[index] = value;
    } else stack[index] = value;
  }
}

/**
 * `object[key]` as far as it needs no call: from the object itself or the tables that its metatables
 * lead to; nil when that is not known to be all.
 */
function inherited(state: MachineState, object: Value, key: TString): Value {
  let holder = object;
  let metatable = object instanceof TString ? state.typeMetatables.get("string") : undefined;
  for (let i = 0; i < MAX_CHAIN; i++) {
    if (holder instanceof Table) {
      const value = holder.getString(key);
      if (value !== undefined) return value;
      ({ metatable } = holder);
    }
    if (metatable === undefined) return undefined;
    holder = indexOf(metatable, state.events);
    if (!(holder instanceof Table)) return undefined;
  }
  return undefined;
}

/** Sets a field of a table that has no metatable; returns the index of its node. */
function setField(table: Table, key: TString, value: Value): number {
  table.setString(key, value);
  return Math.max(find(table, key), 0);
}

function power(x: number, y: number): number {
  const result = pow(x, y);
  if (!Number.isNaN(result) || Number.isNaN(x) || Number.isNaN(y)) return result;
  return (x - x) / (x - x);
}

/** Under these names the functions that are made know them. */
export const RUNTIME_51 = {
  Closure,
  NativeFunction,
  TString,
  Table,
  arithmetic: arithmetic51,
  call,
  callIterator,
  closeUpvalues,
  concat: concat51,
  copyVarargs,
  equals: equals51,
  find,
  findUpvalue,
  getField: getField51,
  getTable: getTable51,
  inherited,
  joinTexts,
  keep,
  leave,
  length: length51,
  less: less51,
  lessOrEqual: lessOrEqual51,
  negate: negate51,
  newTable: newTable51,
  power,
  prepareLoop: prepareLoop51,
  setField,
  setList: setList51,
  setTable: setTable51,
  tailCall,
} as const;

export const RUNTIME_NAMES = Object.keys(RUNTIME_51);

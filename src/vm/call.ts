/**
 * How native functions are written; this is all that a library needs to know.
 *
 * A native function gets its own activation, a {@link Call}: arguments in, results out. It returns
 * the number of its results, which the methods that give them hand over:
 *
 * ```ts
 * function rep(call: Call): number {
 *   const text = call.text(1);                 // a string, or a number turned into one
 *   const count = Math.max(call.integer(2), 0);
 *   return call.giveText(text.repeat(count));  // one result
 * }
 *
 * function insert(call: Call): number {
 *   const table = call.table(1);
 *   if (call.count !== 2) throw call.error("wrong number of arguments to 'insert'");
 *   table.setNumber(table.length() + 1, call.get(2));
 *   return call.giveNothing();
 * }
 *
 * export const SAMPLE: Library = { name: "sample", functions: { rep, insert } };
 * ```
 *
 * **Arguments** are numbered from 1. `get` returns any value (nil when it is missing), `has` tells
 * nil from missing, `count` is how many there are. `text`, `integer`, `number`, `table`, `callable`,
 * `userdata`, … check and convert as `luaL_check…` does, and throw in the words of the reference:
 * `bad argument #1 to 'insert' (table expected, got nil)`. With a second parameter they are
 * `luaL_opt…`: it is returned when the argument is nil or missing.
 *
 * **Results** are given all at once: `giveNothing()`, `give(value)`, `giveText(text)`,
 * `giveInteger(n)`, `giveDouble(x)`, `giveAll(values)`; or one by one with `push(value)`, and then
 * `return n` returns the last n pushed. Giving overwrites the arguments, so read them first.
 *
 * **Strings.** Inside a library a string is plain text of units 0–255 (`LuaString`); as a value it is
 * a `TString`. `call.text(n)` gets the text, `call.string(n)` the value (which keeps its hash),
 * `call.make(text)` makes a value. Names and other constants: `call.state.intern("name")`.
 *
 * **Numbers.** Never look at how a number is held. `call.integer(n)` and `call.number(n)` are
 * JavaScript numbers, fit for positions, counts and arithmetic; `call.numeric(n)` is the Lua number
 * as it is, for `call.numbers` (printing, subtypes, exact 64-bit integers).
 *
 * **Tables.** `Table` is raw: `get`, `set`, `getString`, `setNumber`, `length`; going through:
 * `for (let at = t.placeAfter(0); at >= 0; at = t.placeAfter(at)) use(t.keyAt(at), t.valueAt(at))`.
 * A write from a program must go through `call.setRaw`, which refuses nil, NaN and tables in flash.
 * With metamethods: `call.index`, `call.setIndex`, `call.length`, `call.less`, `call.equals`,
 * `call.toText` (`luaL_tolstring`).
 *
 * **Errors.** `throw call.error("message")` puts the caller's position in front, as `luaL_error`
 * does; `throw call.argumentError(2, "out of range")` says which argument; `throw new
 * LuaError(value)` raises any value as it is.
 *
 * **Calling Lua.** `call.call(fn, ...args)` returns the first result, `call.callAll(fn, args)` all of
 * them. Errors pass through; `call.protectedCall(fn, args)` catches them. Such a call counts as a C
 * level; a coroutine cannot be suspended across it. A `Call` is used again after its function
 * returned: keep what you need, not the call.
 *
 * **Userdata.** A module has a {@link UserdataKind} with the name of its metatable and the type of its
 * content:
 *
 * ```ts
 * const BUFFER = new UserdataKind<Uint8Array>("pixbuf.buf");
 * const newBuffer = (call: Call) => call.giveUserdata(BUFFER, new Uint8Array(call.integer(1)), 8);
 * const size = (call: Call) => call.giveInteger(call.userdata(1, BUFFER).length);
 * export const PIXBUF: Library = {
 *   name: "pixbuf",
 *   functions: { newBuffer },
 *   userdata: [{ kind: BUFFER, methods: { size }, metamethods: { __len: size } }],
 * };
 * ```
 *
 * Sources: the manuals' §4 (auxiliary library §7); messages: lua51.md §2.5 and lua53.md §8.
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";
import { LuaError } from "./errors.ts";
import { hasRoomFor } from "./frames.ts";
import { makeText } from "./join.ts";
import { isNumber, type NumberValue, type RuntimeNumbers } from "./numbers.ts";
import {
  Frame,
  LuaFunction,
  type MachineState,
  NativeFunction,
  type ProtectedResult,
  type Quick,
} from "./state.ts";
import { Table } from "./table.ts";
import { TString, Userdata, type UserdataKind, type Value } from "./values.ts";

/** The body of a native function, and perhaps a faster way to its result. */
export type Native = ((call: Call) => number) & { readonly quick?: Quick };

/** A native function with a faster way; see {@link Quick}. */
export function withQuick(body: (call: Call) => number, quick: Quick): Native {
  return Object.assign(body, { quick });
}

export class Call extends Frame {
  get state(): MachineState {
    return this.thread.state;
  }

  get numbers(): RuntimeNumbers {
    return this.thread.state.numbers;
  }

  // Arguments

  /** Any argument; nil when it is missing. */
  get(n: number): Value {
    if (n > this.count) return undefined;
    return this.thread.valueAt(this.base + n - 1);
  }

  /** Was the argument given, be it nil. */
  has(n: number): boolean {
    return n <= this.count;
  }

  isNoneOrNil(n: number): boolean {
    return this.get(n) === undefined;
  }

  /** An argument that must be there, be it nil: `bad argument #1 to 'type' (value expected)`. */
  any(n: number): Value {
    if (n > this.count) throw this.argumentError(n, "value expected");
    return this.get(n);
  }

  /** The text of a string, or of a number as `tostring` shows it. */
  text(n: number, whenMissing?: LuaString): LuaString {
    const value = this.get(n);
    if (value instanceof TString) return value.text;
    if (isNumber(value)) return this.numbers.format(value);
    if (value === undefined && whenMissing !== undefined) return whenMissing;
    throw this.typeError(n, "string");
  }

  /** Like {@link text}, but the value: it need not be hashed again. */
  string(n: number): TString {
    const value = this.get(n);
    return value instanceof TString ? value : this.make(this.text(n));
  }

  /** A number, or a string that looks like one, as a double. */
  number(n: number, whenMissing?: number): number {
    const value = this.get(n);
    if (typeof value === "number") return value;
    if (value === undefined && whenMissing !== undefined) return whenMissing;
    return this.numbers.toDouble(this.numeric(n));
  }

  /** The same as the target's floats hold it: an integer of Lua 5.3 may have too many digits. */
  float(n: number, whenMissing?: number): number {
    return this.numbers.toDouble(this.numbers.fromDouble(this.number(n, whenMissing)));
  }

  /** A number, or a string that looks like one, as the Lua number that it is. */
  numeric(n: number): NumberValue {
    const value = this.get(n);
    if (isNumber(value)) return value;
    const number = this.state.engine.toNumber(this.state, value);
    if (number === undefined) throw this.typeError(n, "number");
    return number;
  }

  /**
   * A number as an integer: in Lua 5.1 without its fraction, in Lua 5.3 refused when it has one.
   * Beyond 2^53 it is the nearest double, which is good enough for positions and counts.
   */
  integer(n: number, whenMissing?: number): number {
    const value = this.get(n);
    if (value === undefined && whenMissing !== undefined) return whenMissing;
    return Number(this.exactInteger(n));
  }

  /** Like {@link integer}, but exact: a bigint beyond 2^53. */
  exactInteger(n: number): number | bigint {
    const integer = this.numbers.toInteger(this.numeric(n));
    if (integer !== undefined) return integer;
    throw this.argumentError(n, "number has no integer representation");
  }

  table(n: number): Table {
    const value = this.get(n);
    if (value instanceof Table) return value;
    throw this.typeError(n, "table");
  }

  /** A function, Lua's or native; a value with a `__call` is none. */
  callable(n: number): LuaFunction {
    const value = this.get(n);
    if (value instanceof LuaFunction) return value;
    throw this.typeError(n, "function");
  }

  boolean(n: number): boolean {
    const value = this.get(n);
    if (typeof value === "boolean") return value;
    throw this.typeError(n, "boolean");
  }

  /** What a userdata of that kind holds. */
  userdata<T>(n: number, kind: UserdataKind<T>): T {
    const value = this.get(n);
    if (value instanceof Userdata && value.kind === kind) return value.content as T;
    throw this.typeError(n, kind.name);
  }

  /**
   * Which of the names the argument is, as an index: `bad argument #1 to 'seek' (invalid option 'x')`.
   *
   * @param whenMissing the name to take when the argument is nil or missing
   */
  option(n: number, names: readonly LuaString[], whenMissing?: LuaString): number {
    const name = untilNul(this.text(n, whenMissing));
    const index = names.indexOf(name);
    if (index < 0) throw this.argumentError(n, `invalid option '${name}'`);
    return index;
  }

  /** The arguments from one on. */
  values(from: number): Value[] {
    const values: Value[] = [];
    for (let n = from; n <= this.count; n++) values.push(this.get(n));
    return values;
  }

  /** What `type` says of a value. */
  typeName(value: Value): LuaString {
    return this.state.engine.typeName(this.state, value);
  }

  // Results

  /** Does the stack have room for so many results; where stacks are limited, which is in Lua 5.3. */
  hasRoomFor(results: number): boolean {
    return hasRoomFor(this, results);
  }

  giveNothing(): number {
    return 0;
  }

  give(value: Value): number {
    this.thread.stack[this.base] = value;
    this.top = this.base + 1;
    return 1;
  }

  giveTwo(first: Value, second: Value): number {
    const { base, thread } = this;
    thread.stack[base] = first;
    thread.stack[base + 1] = second;
    this.top = base + 2;
    return 2;
  }

  giveThree(first: Value, second: Value, third: Value): number {
    this.giveTwo(first, second);
    this.push(third);
    return 3;
  }

  /** Gives the arguments from one on. */
  giveArguments(from: number): number {
    this.top = this.base + this.count;
    return Math.max(0, this.count - from + 1);
  }

  giveText(text: LuaString): number {
    return this.give(this.make(text));
  }

  /** Gives an integer, wrapped to the width of the target's. */
  giveInteger(value: number | bigint): number {
    return this.give(this.numbers.fromInteger(value));
  }

  /** Gives a double, rounded to the target's numbers; of the float subtype in Lua 5.3. */
  giveDouble(value: number): number {
    return this.give(this.numbers.fromDouble(value));
  }

  giveUserdata<T>(kind: UserdataKind<T>, content: T, size: number): number {
    return this.give(this.newUserdata(kind, content, size));
  }

  giveAll(values: readonly Value[]): number {
    this.top = this.base;
    for (const value of values) this.push(value);
    return values.length;
  }

  /** Puts a value behind the arguments; `return n` then returns the last n values pushed. */
  push(value: Value): void {
    this.thread.stack[this.top++] = value;
  }

  // New values

  make(text: LuaString): TString {
    return makeText(this.thread.state, text);
  }

  newTable(arraySize = 0, nodeCount = 0): Table {
    return new Table(this.state.heap, arraySize, nodeCount);
  }

  /** A native function that is no part of a library, such as an iterator. */
  newFunction(body: Native, name: LuaString, upvalues: Value[] = []): NativeFunction {
    return new NativeFunction(body, name, upvalues);
  }

  newUserdata<T>(kind: UserdataKind<T>, content: T, size: number): Userdata {
    const { heap, registry, finalizers } = this.state;
    heap.charge(heap.sizes.userdata + size);
    const userdata = new Userdata(kind, content, size);
    const metatable = registry.getString(this.state.intern(kind.name));
    if (metatable instanceof Table) userdata.metatable = metatable;
    finalizers.noteMetatable(userdata);
    return userdata;
  }

  /** What this function keeps for itself; see {@link newFunction}. Counted from 1. */
  upvalue(n: number): Value {
    return this.fn instanceof NativeFunction ? this.fn.upvalues[n - 1] : undefined;
  }

  // Operations with metamethods

  index(object: Value, key: Value): Value {
    return this.state.engine.index(this.thread, object, key);
  }

  setIndex(object: Value, key: Value, value: Value): void {
    this.state.engine.setIndex(this.thread, object, key, value);
  }

  /** Sets a field without metamethods; refuses nil, NaN and tables in flash. */
  setRaw(table: Table, key: Value, value: Value): void {
    this.state.engine.setRaw(this.thread, table, key, value);
  }

  /** `#value`. */
  length(value: Value): Value {
    return this.state.engine.length(this.thread, value);
  }

  equals(left: Value, right: Value): boolean {
    return this.state.engine.equals(this.thread, left, right);
  }

  /** `left < right`. */
  less(left: Value, right: Value): boolean {
    return this.state.engine.less(this.thread, left, right);
  }

  /** The text that `print` and `tostring` show, by `__tostring` if there is one. */
  toText(value: Value): LuaString {
    return this.state.engine.toText(this.thread, value);
  }

  /** The field of a value's metatable, or nil. */
  metafield(value: Value, name: LuaString): Value {
    return this.state.engine.metamethod(this.thread, value, name);
  }

  // Calls

  /** Calls any value and returns its first result. */
  call(fn: Value, ...args: Value[]): Value {
    const at = this.pushCall(fn, args);
    this.state.engine.call(this.thread, at, args.length, 1);
    this.top = at;
    return this.thread.valueAt(at);
  }

  /** Calls any value with two others; is the result true, as conditions take values. */
  holds(fn: Value, left: Value, right: Value): boolean {
    const { thread, top } = this;
    const { stack } = thread;
    stack[top] = fn;
    stack[top + 1] = left;
    stack[top + 2] = right;
    this.top = top + 3;
    this.state.engine.call(thread, top, 2, 1);
    this.top = top;
    const result = stack[top];
    return result !== undefined && result !== false;
  }

  /** Calls any value and returns all results. */
  callAll(fn: Value, args: readonly Value[]): Value[] {
    const at = this.pushCall(fn, args);
    this.state.engine.call(this.thread, at, args.length, -1);
    const results: Value[] = [];
    for (let i = at; i < this.thread.top; i++) results.push(this.thread.valueAt(i));
    this.top = at;
    return results;
  }

  /** Like {@link callAll}, but catches Lua errors. */
  protectedCall(fn: Value, args: readonly Value[]): ProtectedResult {
    return this.state.engine.protectedCall(this.thread, fn, args);
  }

  private pushCall(fn: Value, args: readonly Value[]): number {
    const at = this.top;
    this.push(fn);
    for (const arg of args) this.push(arg);
    return at;
  }

  // Errors, to be thrown

  /**
   * An error with the position in front at which the calling function is.
   *
   * @param level 1 for the caller, 2 for its caller, …; 0 for no position
   */
  error(message: LuaString, level = 1): LuaError {
    return LuaError.of(this.state.engine.where(this.thread, level) + message);
  }

  /** `bad argument #2 to 'rep' (detail)`. */
  argumentError(n: number, detail: LuaString): LuaError {
    return this.error(this.state.engine.argumentMessage(this, n, detail));
  }

  /** `bad argument #1 to 'insert' (table expected, got nil)`. */
  typeError(n: number, expected: LuaString): LuaError {
    const { state } = this;
    const got = n > this.count ? "no value" : state.engine.argumentType(state, this.get(n));
    return this.argumentError(n, `${expected} expected, got ${got}`);
  }
}

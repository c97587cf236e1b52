/**
 * Values between a program on the board and mocks in JavaScript.
 *
 *     JavaScript                     Lua
 *     undefined, null                nil
 *     boolean                        boolean
 *     number, bigint                 number; an integer where it is one and fits
 *     string                         string, in UTF-8
 *     Uint8Array                     string of these bytes; comes back as a string if it is UTF-8
 *     array                          table with 1, 2, 3, …
 *     plain object                   table with its fields
 *     function                       function; its arguments and result are converted
 *     results(a, b, …)               several results of a function
 *
 * A table is an array when its keys are just 1 to n. A Lua function that is called while Lua runs
 * gives its first result; called at another time it becomes a task of the board, and gives nothing. A
 * table that was made of an object with functions in it is that very object again. What else Lua has
 * (userdata, coroutines) is an {@link OpaqueValue}: it can be given back, but not looked into. Values
 * that only JavaScript holds are not seen by the board's collections and count for no memory.
 */
import { LuacrossError } from "../base/errors.ts";
import { fromBytes, fromText, type LuaString, toBytes } from "../base/lua-string.ts";
import { PowerCut } from "../device/flash.ts";
import type { Call, Native } from "../vm/call.ts";
import { flashTable, light } from "../vm/library.ts";
import { isNumber, type NumberValue } from "../vm/numbers.ts";
import { LuaFunction, type NativeFunction } from "../vm/state.ts";
import { Table } from "../vm/table.ts";
import { TString, type Value } from "../vm/values.ts";
import { Priority } from "./event-loop.ts";
import { KeptValue } from "./kept-value.ts";
import type { ModuleContext } from "./module.ts";
import { itemsOf } from "./table-items.ts";

/** A function of a mock. What it gives is looked at when it is called. */
export type MockFunction = (...args: never[]) => unknown;

/** What a mock may consist of, and give. */
export type MockValue =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | OpaqueValue
  | MockFunction
  | readonly MockValue[]
  | { readonly [name: string]: MockValue };

/** A value that only Lua knows what to do with. */
export class OpaqueValue {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Several results of a function. */
class Results {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/** What a mock's function returns to give several results. */
export function results(...values: readonly MockValue[]): unknown {
  return new Results(values);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The values of one mock, from one start of the board to the next. */
export class MockValues {
  private readonly context: ModuleContext;
  /** Calls of mocks that are under way. */
  private depth = 0;
  /** The board has started anew since: what programs handed over is of no use any more. */
  private isOver = false;
  private readonly natives = new WeakMap<MockFunction, NativeFunction>();
  private readonly wrappers = new WeakMap<LuaFunction, MockFunction>();
  private readonly wrapped = new WeakMap<MockFunction, LuaFunction>();
  private readonly originals = new WeakMap<Table, object>();

  constructor(context: ModuleContext) {
    this.context = context;
  }

  /** From now on functions of the program do nothing. */
  end(): void {
    this.isOver = true;
  }

  // To Lua

  /** @throws TypeError for what Lua has nothing for */
  toLua(value: unknown): Value {
    switch (typeof value) {
      case "undefined":
      case "boolean":
        return value;
      case "number":
        return this.toNumber(value);
      case "bigint":
        return this.context.state.numbers.fromInteger(value);
      case "string":
        return new TString(fromText(value));
      case "function":
        return this.toFunction(value as MockFunction, value.name);
      case "object":
        return value === null ? undefined : this.toTable(value);
      default:
        throw new TypeError(`Lua has nothing for a ${typeof value}`);
    }
  }

  private toNumber(value: number): NumberValue {
    const { numbers } = this.context.state;
    const integer = Number.isInteger(value) ? numbers.fromInteger(BigInt(value)) : undefined;
    const fits = integer !== undefined && numbers.toDouble(integer) === value;
    return fits ? integer : numbers.fromDouble(value);
  }

  /** A function of the program is itself again. */
  private toFunction(fn: MockFunction, name: string): LuaFunction {
    const known = this.wrapped.get(fn) ?? this.natives.get(fn);
    if (known) return known;
    const native = light(this.nativeOf(fn), fromText(name));
    this.natives.set(fn, native);
    return native;
  }

  private toTable(value: object): Value {
    if (value instanceof OpaqueValue) return value.value;
    if (value instanceof Uint8Array) return new TString(fromBytes(value));
    const { state } = this.context;
    const table = new Table(state.heap);
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) table.setNumber(i + 1, this.toLua(item));
      return table;
    }
    const fields = fieldsOf(value);
    for (const [name, field] of fields) {
      table.setString(state.intern(fromText(name)), this.toLua(field));
    }
    if (fields.some(([, field]) => typeof field === "function")) this.originals.set(table, value);
    return table;
  }

  /** A table in flash, as those of modules are, with tables like it in it. */
  toFlashTable(object: object): Table {
    const entries: Record<LuaString, Native | Value> = {};
    for (const [name, field] of fieldsOf(object))
      entries[fromText(name)] = this.toFlash(field, name);
    return flashTable(this.context.state, entries);
  }

  private toFlash(field: unknown, name: string): Value {
    if (typeof field === "function") return this.toFunction(field as MockFunction, name);
    return isPlainObject(field) ? this.toFlashTable(field) : this.toLua(field);
  }

  // To JavaScript

  fromLua(value: Value, seen: Map<Table, unknown> = new Map()): unknown {
    if (value === undefined || typeof value === "boolean") return value;
    if (isNumber(value)) return typeof value === "bigint" ? value : this.fromNumber(value);
    if (value instanceof TString) return textOrBytes(value.text);
    if (value instanceof LuaFunction) return this.fromFunction(value);
    return value instanceof Table ? this.fromTable(value, seen) : new OpaqueValue(value);
  }

  private fromNumber(value: NumberValue): number {
    return this.context.state.numbers.toDouble(value);
  }

  private fromTable(table: Table, seen: Map<Table, unknown>): unknown {
    const known = this.originals.get(table) ?? seen.get(table);
    if (known !== undefined) return known;
    const items = itemsOf(table);
    if (items.length > 0 && items.length === table.length() && items.every(hasNumber)) {
      const array: unknown[] = [];
      seen.set(table, array);
      for (let i = 1; i <= items.length; i++) array.push(this.fromLua(table.getNumber(i), seen));
      return array;
    }
    const object: Record<string, unknown> = {};
    seen.set(table, object);
    for (const [key, value] of items) object[this.nameOf(key)] = this.fromLua(value, seen);
    return object;
  }

  private nameOf(key: Value): string {
    const { state } = this.context;
    return String(textOrBytes(state.engine.toText(state.current, key)));
  }

  private fromFunction(fn: LuaFunction): MockFunction {
    const known = this.wrappers.get(fn);
    if (known) return known;
    const wrapper = (...args: unknown[]) => this.callProgram(fn, args);
    this.wrappers.set(fn, wrapper);
    this.wrapped.set(wrapper, fn);
    return wrapper;
  }

  // Calls

  /** A function of the mock, called by the program. */
  private nativeOf(fn: MockFunction): Native {
    return (call) => {
      const args = call.values(1).map((value) => this.fromLua(value));
      this.depth++;
      try {
        const result = (fn as (...args: unknown[]) => unknown)(...args);
        const values = result instanceof Results ? result.values : [result];
        return call.giveAll(values.map((value) => this.toLua(value)));
      } catch (error) {
        throw asProgramError(call, error);
      } finally {
        this.depth--;
      }
    };
  }

  /** A function of the program, called by the mock. */
  private callProgram(fn: LuaFunction, args: readonly unknown[]): unknown {
    const { state, loop, run } = this.context;
    if (this.isOver) return undefined;
    const values = args.map((arg) => this.toLua(arg));
    if (this.depth === 0) {
      const held = [fn, ...values].map((value) => new KeptValue(state, value));
      loop.post(() => {
        const [task, ...given] = held.map((place) => place.take());
        run(task, given);
      }, Priority.Medium);
      return undefined;
    }
    const result = state.engine.protectedCall(state.current, fn, values);
    if (!result.ok) throw result.error;
    return this.fromLua(result.values[0]);
  }
}

/** Errors of JavaScript become those of Lua; what ends a run, or is Lua's already, goes on. */
function asProgramError(call: Call, error: unknown): unknown {
  if (typeof error === "string") return call.error(fromText(error));
  if (!(error instanceof Error) || error instanceof LuacrossError) return error;
  const isOfEngine = error instanceof RangeError && /call stack/.test(error.message);
  return isOfEngine || error instanceof PowerCut ? error : call.error(fromText(error.message));
}

/** Fields in their order, without those that have nothing in them. @throws TypeError */
function fieldsOf(object: object): [string, unknown][] {
  if (!isPlainObject(object)) throw new TypeError(nothingFor(object));
  return Object.entries(object).filter(([, field]) => field !== undefined && field !== null);
}

function nothingFor(object: object): string {
  return `Lua has nothing for a ${object.constructor.name}; plain objects and arrays become tables`;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function textOrBytes(text: LuaString): string | Uint8Array {
  const bytes = toBytes(text);
  try {
    return decoder.decode(bytes);
  } catch {
    return bytes;
  }
}

function hasNumber([key]: [Value, Value]): boolean {
  return isNumber(key);
}

/**
 * JSON from Lua values, for the firmware's module `sjson`. A table whose keys are all positive numbers
 * is an array, any other an object. Source: the NodeMCU manual, "sjson"; observed.
 */
import type { LuaString } from "../../base/lua-string.ts";
import { LuaFloat } from "../../base/number-model.ts";
import type { Call } from "../call.ts";
import { isNumber, type NumberValue } from "../numbers.ts";
import { LuaFunction } from "../state.ts";
import { Table } from "../table.ts";
import { TString, Userdata, type Value } from "../values.ts";
import { formatFloat, NAN_TEXT, PLAIN_SPEC } from "./printf.ts";

/** Tables in tables. The option that ought to change it has no effect. */
const MAX_DEPTH = 20;
/** How often a function's result is called when it is a function again. */
const MAX_CALLS = 10;
/** C's numbers of the types that cannot be encoded. */
const TYPE_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["table", 5],
  ["function", 6],
  ["userdata", 7],
  ["thread", 8],
]);

/** A table that is being written. */
interface Level {
  readonly table: Table;
  /** Items of an array; −1 for an object. */
  readonly size: number;
  /** Items of an array that are written; of an object, 0 or 1. */
  done: number;
  /** Place in the table's traversal. */
  place: number;
}

export class Encoder {
  private readonly levels: Level[] = [];
  /** A string that stands for null, or nil. */
  private readonly none: Value;
  private text: LuaString = "";

  constructor(call: Call, table: Table, none: Value) {
    this.none = none;
    this.open(call, table);
  }

  /** What it keeps alive. */
  values(): Value[] {
    return [this.none, ...this.levels.map(({ table }) => table)];
  }

  /** The next bytes; fewer than asked for at the end. Everything is made by the first call. */
  read(call: Call, size: number): LuaString {
    if (this.levels.length > 0 && this.text.length < size) this.text += this.make(call);
    const part = this.text.slice(0, size);
    this.text = this.text.slice(size);
    return part;
  }

  private open(call: Call, table: Table): void {
    if (this.levels.length >= MAX_DEPTH) throw call.error("encoder stack overflow");
    this.levels.push({ table, size: arraySize(call, table), done: 0, place: 0 });
  }

  private make(call: Call): LuaString {
    const parts: LuaString[] = [this.levels[0].size < 0 ? "" : "["];
    for (;;) {
      const level = this.levels[this.levels.length - 1];
      if (level === undefined) return parts.join("");
      const item = level.size < 0 ? this.nextField(call, level, parts) : nextItem(level, parts);
      if (item === undefined) this.levels.pop();
      else this.put(call, item.value, parts);
    }
  }

  /** Writes a key, and gives its value; closes the object when there is no other. */
  private nextField(call: Call, level: Level, parts: LuaString[]): Item | undefined {
    const { table } = level;
    level.place = table.placeAfter(level.place);
    if (level.place < 0) {
      parts.push("}");
      return undefined;
    }
    const key = table.keyAt(level.place);
    const name = isNumber(key) ? call.make(call.numbers.format(key)) : key;
    parts.push(level.done++ === 0 ? "{" : ",", this.scalar(call, name), ":");
    return { value: table.valueAt(level.place) };
  }

  private put(call: Call, given: Value, parts: LuaString[]): void {
    let value = given;
    for (let i = 0; i < MAX_CALLS && value instanceof LuaFunction; i++) value = call.call(value);
    if (!(value instanceof Table)) parts.push(this.scalar(call, value));
    else {
      this.open(call, value);
      if (this.levels[this.levels.length - 1].size >= 0) parts.push("[");
    }
  }

  private scalar(call: Call, value: Value): LuaString {
    if (value instanceof TString) {
      const isNone = this.none !== undefined && call.equals(this.none, value);
      return isNone ? "null" : quoted(value.text);
    }
    if (value === undefined || isLight(value)) return "null";
    if (typeof value === "boolean") return String(value);
    if (isNumber(value)) return numeral(call, value);
    throw call.error(`Cannot encode type ${TYPE_NUMBERS.get(value.typeName)}`);
  }
}

interface Item {
  readonly value: Value;
}

/** The next item of an array; closes it when there is none. */
function nextItem(level: Level, parts: LuaString[]): Item | undefined {
  if (level.done === level.size) {
    parts.push("]");
    return undefined;
  }
  if (level.done > 0) parts.push(",");
  return { value: level.table.getNumber(++level.done) };
}

/** The greatest key when all are positive numbers, else −1. */
function arraySize(call: Call, table: Table): number {
  let size = 0;
  for (let at = table.placeAfter(0); at >= 0; at = table.placeAfter(at)) {
    const key = table.keyAt(at);
    if (!isNumber(key)) return -1;
    const number = Number(call.numbers.toInteger(key) ?? 0);
    if (number > size) size = number;
    else if (number <= 0) return -1;
  }
  return size;
}

function isLight(value: Value): boolean {
  return value instanceof Userdata && value.kind === undefined && value.content === null;
}

/** With as many digits as keep every number apart. */
function numeral(call: Call, value: NumberValue): LuaString {
  const { numbers } = call;
  const { size } = call.state.target.numbers;
  if (numbers.integral || (numbers.subtypes && !(value instanceof LuaFloat))) {
    return numbers.format(value);
  }
  const double = numbers.toDouble(value);
  if (!Number.isFinite(double)) return Number.isNaN(double) ? NAN_TEXT : "null";
  return formatFloat({ ...PLAIN_SPEC, precision: size === 8 ? 19 : 9 }, double, "g");
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\r", "\\r"],
  ["\b", "\\b"],
  ['"', '\\"'],
]);

/** Backslashes stay as they are. */
function quoted(text: LuaString): LuaString {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const inside = text.replace(/["\0-\x1f]/g, (unit) => {
    const code = unit.charCodeAt(0).toString(16).padStart(4, "0");
    return ESCAPES.get(unit) ?? `\\u${code}`;
  });
  return `"${inside}"`;
}

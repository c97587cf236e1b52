/**
 * Lua values as the machine holds them.
 *
 *     nil       undefined
 *     boolean   true, false
 *     number    Lua 5.1: number. Lua 5.3: integers are number (bigint beyond 2^53), floats are
 *               LuaFloat. Code that must work for every target asks the machine's `numbers`.
 *     string    TString
 *     others    a LuaObject: Table, Closure, NativeFunction, Userdata, Thread
 *
 * Numbers, strings and floats are compared by value with {@link rawEquals}, never with `===`.
 * Source: the reference manuals of Lua 5.1 and 5.3, §2.2 and §2.1.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LuaFloat } from "../base/number-model.ts";

/** Any Lua value; nil is `undefined`. */
export type Value = undefined | boolean | number | bigint | LuaFloat | TString | LuaObject;

/** What `type` returns, but for names that firmware 2.2 has for what lies in flash. */
export type TypeName =
  | "nil"
  | "boolean"
  | "number"
  | "string"
  | "table"
  | "function"
  | "userdata"
  | "thread";

/** What has an identity: two of them are equal only when they are the same. */
export abstract class LuaObject {
  abstract readonly typeName: TypeName;

  /**
   * Where it lies in the made-up memory of its machine; 0 until somebody asks the heap for it.
   * Tables hash by it, and `tostring` shows it.
   */
  address = 0;
}

/**
 * A Lua string: text of units 0–255, one per byte, with the hash that tables use. Equal strings
 * need not be the same object; constants and names are, because the machine interns them.
 */
export class TString {
  readonly text: LuaString;
  /** Lua's own hash; −1 until a table of its machine wants it. */
  hash: number;

  constructor(text: LuaString) {
    this.text = text;
    this.hash = -1;
  }
}

/**
 * Computes and keeps the hash of a string, from 32 of its bytes at most. It is the device's without
 * its two uppermost bits, which no table is large enough to look at; so it is 0 to 2^30 − 1.
 *
 * @param seed of the machine that the string belongs to; 0 in Lua 5.1
 */
export function computeHash(string: TString, seed: number): number {
  const { text } = string;
  const step = (text.length >> 5) + 1;
  let hash = seed ^ text.length;
  for (let at = text.length; at >= step; at -= step) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(at - 1);
  }
  string.hash = hash & 0x3fffffff;
  return string.hash;
}

const NO_VALUES: readonly Value[] = [];

/** Taken from a method, so that a kind of some content is a kind of any. */
type ValuesIn<T> = { find(content: T): Iterable<Value> }["find"];

/** A kind of userdata: the name of its metatable, and the type of what it holds in JavaScript. */
export class UserdataKind<T> {
  /** As messages show it: `bad argument #1 to 'read' (file expected, got nil)`. */
  readonly name: LuaString;
  /** The Lua values in what one holds, which it keeps alive. */
  readonly valuesIn: ValuesIn<T>;
  /** Only for the type checker: tells kinds of different content apart. */
  declare readonly content: T;

  constructor(name: LuaString, valuesIn: ValuesIn<T> = () => NO_VALUES) {
    this.name = name;
    this.valuesIn = valuesIn;
  }
}

/** A userdata; light ones too, which have no kind, no metatable of their own and size 0. */
export class Userdata extends LuaObject {
  readonly typeName = "userdata";
  readonly kind: UserdataKind<unknown> | undefined;
  /** The module's own object; Lua values in it are those that the kind finds. */
  readonly content: unknown;
  /** Bytes of its content on the device. */
  readonly size: number;
  /** A Table, or nothing. */
  metatable: LuaObject | undefined = undefined;
  /** Lua 5.1's environment, Lua 5.3's user value; the place for Lua values that it keeps alive. */
  uservalue: Value = undefined;

  constructor(kind: UserdataKind<unknown> | undefined, content: unknown, size: number) {
    super();
    this.kind = kind;
    this.content = content;
    this.size = size;
  }
}

/** Light userdata is of no kind; a C pointer is all it has. */
export function isLightUserdata(value: Value): value is Userdata {
  return value instanceof Userdata && value.kind === undefined;
}

export function typeName(value: Value): TypeName {
  switch (typeof value) {
    case "undefined":
      return "nil";
    case "boolean":
      return "boolean";
    case "number":
    case "bigint":
      return "number";
    default:
      if (value instanceof TString) return "string";
      return value instanceof LuaFloat ? "number" : value.typeName;
  }
}

/** False for nil and false, as conditions take values. */
export function isTruthy(value: Value): boolean {
  return value !== undefined && value !== false;
}

/** Equality without metamethods; strings and numbers are equal by value, whatever their subtype. */
export function rawEquals(a: Value, b: Value): boolean {
  // A NaN that lies in a table is one object that does not equal itself.
  if (a === b) return !(a instanceof LuaFloat && Number.isNaN(a.value));
  if (a instanceof TString) return b instanceof TString && a.text === b.text;
  if (a instanceof LuaFloat) return equalsFloat(a.value, b);
  return b instanceof LuaFloat && equalsFloat(b.value, a);
}

function equalsFloat(float: number, other: Value): boolean {
  if (other instanceof LuaFloat) return float === other.value;
  if (typeof other === "bigint") return Number.isInteger(float) && BigInt(float) === other;
  return float === other;
}

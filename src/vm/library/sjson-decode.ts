/**
 * Lua values from JSON that comes in pieces, for the firmware's module `sjson`.
 * Source: the NodeMCU manual, "sjson"; observed: what is refused, and with which word, is what the
 * firmware's parser refuses, which lets some things pass that are no JSON.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { Table } from "../table.ts";
import { isTruthy, type Value } from "../values.ts";
import { isWordEnd, NUMBER_STARTS, NumberScanner, WORDS } from "./sjson-words.ts";

/** Lists and objects in each other, the document and the value in it. */
const MAX_DEPTH = 20;

const WHITE_SPACE = "\t\n\r ";
/** What may stand behind a backslash. */
const ESCAPES = '"/\\bfnrtu';
/** Below this units are not allowed in texts. */
const FIRST_TEXT_UNIT = "\x14";
const ESCAPED_UNITS: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

export interface DecodeOptions {
  /** What stands for null. */
  readonly none: Value;
  /** Metatable of all tables that are made; its `checkpath` says which of them are wanted. */
  readonly metatable: Value;
}

/** A list or an object that is being read; at the bottom the document around the value. */
interface Container {
  readonly kind: "document" | "list" | "object";
  readonly table: Table;
  /** Values so far; in objects keys count, too. */
  count: number;
  /** Items put into a list. */
  items: number;
}

type Token = "none" | "text" | "word" | "number";

export class Decoder {
  private readonly options: DecodeOptions;
  private readonly containers: Container[];
  /** Keys and indexes that lead to the table that is being read; only kept for `checkpath`. */
  private readonly path: Table | undefined;
  private key: Value = undefined;
  /** A list or an object may begin here. */
  private mayInsert = true;
  /** The sign that must come next; `"` before a key, empty when that is open. */
  private expected: "" | "," | ":" | '"' = "";
  private last: "" | "," | ":" = "";

  private token: Token = "none";
  private isKey = false;
  private isEscaped = false;
  private text: LuaString = "";
  private number = new NumberScanner("0");

  /** The word for what was wrong with the text, once something was. */
  error: string | undefined;
  isComplete = false;

  constructor(call: Call, options: DecodeOptions) {
    this.options = options;
    this.containers = [{ kind: "document", table: call.newTable(), count: 0, items: 0 }];
    const { metatable } = options;
    const checks = metatable !== undefined && isCheckable(call, metatable);
    this.path = checks ? call.newTable() : undefined;
  }

  /** What it keeps alive. */
  values(): Value[] {
    const { none, metatable } = this.options;
    const tables = this.containers.map(({ table }) => table);
    return [none, metatable, this.path, this.key, ...tables];
  }

  /** The value, once it is complete. */
  result(): Value {
    return this.containers[0].table.getNumber(1);
  }

  /** Takes a piece of the text; stops at the first error, and where the value is complete. */
  feed(call: Call, piece: LuaString): void {
    for (let at = 0; at < piece.length && this.error === undefined; at++) {
      const problem = this.take(call, piece[at]);
      if (problem !== undefined && !this.isComplete) this.error = problem;
      if (problem !== undefined) return;
    }
  }

  private get container(): Container {
    return this.containers[this.containers.length - 1];
  }

  /** @returns what is wrong with it */
  private take(call: Call, unit: string): string | undefined {
    switch (this.token) {
      case "text":
        return this.takeText(call, unit);
      case "word":
        return this.takeWord(call, unit);
      case "number":
        return this.takeNumber(call, unit);
      case "none":
        return this.takeSign(call, unit);
    }
  }

  // Between tokens

  private takeSign(call: Call, unit: string): string | undefined {
    if (WHITE_SPACE.includes(unit)) return undefined;
    switch (unit) {
      case '"':
        return this.openText();
      case "\\":
        return "ESCAPE_OUTSIDE_STRING";
      case ":":
        if (this.expected !== ":") return "STRAY_TOKEN";
        this.mayInsert = true;
        this.last = ":";
        this.expected = '"';
        return undefined;
      case ",":
        if (this.expected !== ",") return "STRAY_TOKEN";
        if (this.container.kind !== "object") this.mayInsert = true;
        this.last = ",";
        this.expected = '"';
        return undefined;
      case "{":
      case "[":
        return this.open(call, unit === "{" ? "object" : "list");
      case "}":
      case "]":
        return this.close(unit === "}" ? "object" : "list");
      default:
        return this.openWord(unit);
    }
  }

  /** In the place of a key only a text may stand. */
  private get wantsKey(): boolean {
    const { kind, count } = this.container;
    return kind === "object" && count % 2 === 0;
  }

  private get isTooDeep(): boolean {
    return this.containers.length >= MAX_DEPTH;
  }

  private openText(): string | undefined {
    this.mayInsert = false;
    const { container } = this;
    if (container.kind === "document") return "STRING_OUTSIDE_CONTAINER";
    this.isKey = this.wantsKey;
    container.count++;
    if (this.isKey && this.expected !== '"') return "STRAY_TOKEN";
    if (container.kind === "object" && !this.isKey && this.last !== ":") return "MISSING_TOKEN";
    this.expected = this.isKey ? ":" : ",";
    this.last = "";
    if (this.isTooDeep) return "LEVELS_EXCEEDED";
    this.token = "text";
    this.text = "";
    return undefined;
  }

  private openWord(unit: string): string | undefined {
    const isNumber = NUMBER_STARTS.includes(unit);
    const isWord = WORDS.some((word) => word.startsWith(unit));
    if (!isNumber && !isWord) {
      if (unit === "\0") return "FOUND_NULL_BYTE";
      return unit < " " ? "WEIRD_WHITESPACE" : "SPECIAL_EXPECTED";
    }
    if (this.wantsKey) return "HKEY_EXPECTED";
    this.container.count++;
    if (!this.mayInsert) return "CANT_INSERT";
    if (this.isTooDeep) return "LEVELS_EXCEEDED";
    this.token = isNumber ? "number" : "word";
    this.text = unit;
    if (isNumber) this.number = new NumberScanner(unit);
    return undefined;
  }

  private open(call: Call, kind: "list" | "object"): string | undefined {
    if (!this.mayInsert) return "CANT_INSERT";
    if (this.wantsKey) return "HKEY_EXPECTED";
    this.container.count++;
    if (this.isTooDeep) return "LEVELS_EXCEEDED";
    const table = call.newTable();
    if (this.options.metatable !== undefined) setMetatable(table, this.options.metatable);
    this.mayInsert = true;
    if (kind === "object") this.expected = '"';
    this.insertTable(call, table);
    this.containers.push({ kind, table, count: 0, items: 0 });
    this.last = "";
    return undefined;
  }

  private close(kind: "list" | "object"): string | undefined {
    if (this.last === ",") return "TRAILING_COMMA";
    const { container } = this;
    this.mayInsert = false;
    this.expected = ",";
    this.last = "";
    if (container.kind !== kind) return "BRACKET_MISMATCH";
    if (kind === "object" && container.count % 2 !== 0) return "VALUE_EXPECTED";
    this.containers.pop();
    this.path?.setNumber(this.containers.length, undefined);
    if (this.containers.length === 1) this.isComplete = true;
    return undefined;
  }

  // Tokens

  private takeText(call: Call, unit: string): string | undefined {
    if (this.isEscaped) {
      this.isEscaped = false;
      this.text += unit;
      return ESCAPES.includes(unit) ? undefined : "ESCAPE_INVALID";
    }
    if (unit === '"') {
      this.token = "none";
      const text = call.make(unescaped(this.text));
      if (this.isKey) this.key = text;
      else this.insert(call, text);
      return undefined;
    }
    if (unit < FIRST_TEXT_UNIT) return "WEIRD_WHITESPACE";
    this.text += unit;
    this.isEscaped = unit === "\\";
    return undefined;
  }

  private takeWord(call: Call, unit: string): string | undefined {
    const word = WORDS.find((each) => each.startsWith(this.text[0])) ?? "";
    if (!isWordEnd(unit)) {
      if (word[this.text.length] !== unit) return "SPECIAL_EXPECTED";
      this.text += unit;
      return undefined;
    }
    this.mayInsert = false;
    if (this.text !== word) return "SPECIAL_INCOMPLETE";
    this.insert(call, word === "null" ? this.options.none : word === "true");
    return this.endWord(call, unit);
  }

  private takeNumber(call: Call, unit: string): string | undefined {
    const outcome = this.number.take(unit);
    if (outcome === "wrong") return "INVALID_NUMBER";
    if (outcome === "part") {
      this.text += unit;
      return undefined;
    }
    this.mayInsert = false;
    this.insert(call, numberOf(call, this.text));
    return this.endWord(call, unit);
  }

  /** What ended a word or a number is a sign of its own. */
  private endWord(call: Call, unit: string): string | undefined {
    this.token = "none";
    this.last = "";
    this.expected = ",";
    return unit === '"' || unit === "\\" ? "SPECIAL_EXPECTED" : this.takeSign(call, unit);
  }

  // Values

  private takeKey({ numbers }: Call): Value {
    const { container, key } = this;
    if (key !== undefined) {
      this.key = undefined;
      return key;
    }
    // The document has one place, which a second value takes from the first.
    return numbers.fromInteger(container.kind === "document" ? 1 : ++container.items);
  }

  private insert(call: Call, value: Value): void {
    call.setIndex(this.container.table, this.takeKey(call), value);
  }

  private insertTable(call: Call, table: Table): void {
    const parent = this.container;
    const key = this.takeKey(call);
    if (this.path !== undefined && parent.kind !== "document") {
      this.path.setNumber(this.containers.length - 1, key);
    }
    if (this.isWanted(call, table)) call.setIndex(parent.table, key, table);
  }

  private isWanted(call: Call, table: Table): boolean {
    if (this.path === undefined) return true;
    const check = call.index(this.options.metatable, call.state.intern("checkpath"));
    return check === undefined || isTruthy(call.call(check, table, this.path));
  }
}

function isCheckable(call: Call, metatable: Value): boolean {
  return call.index(metatable, call.state.intern("checkpath")) !== undefined;
}

function setMetatable(table: Table, metatable: Value): void {
  if (metatable instanceof Table) table.metatable = metatable;
}

/** Lua 5.1 takes what its numbers cannot be read from for 0. */
function numberOf(call: Call, text: LuaString): Value {
  const number = call.numbers.parse(text);
  if (number !== undefined) return number;
  if (call.numbers.subtypes) throw call.error("Invalid number");
  return 0;
}

/** Texts are checked while they are read, but for the digits behind `\u`. */
function unescaped(text: LuaString): LuaString {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([\s\S]{4})|([\s\S]))/g, (_, digits?: string, letter?: string) => {
    if (digits !== undefined) return utf8(codeUnit(digits));
    return ESCAPED_UNITS.get(letter ?? "") ?? letter ?? "";
  });
}

/** Reads four digits of any kind: what is above 9 counts from the letter A. */
function codeUnit(digits: string): number {
  let value = 0;
  for (const digit of digits) {
    const code = digit.charCodeAt(0);
    value = value * 16 + (digit <= "9" ? code & 15 : (code - 55) & 15);
  }
  return value;
}

/** Halves of surrogate pairs become question marks. */
function utf8(unit: number): LuaString {
  if (unit >= 0xd800 && unit < 0xe000) return "?";
  if (unit < 0x80) return String.fromCharCode(unit);
  if (unit < 0x800) return String.fromCharCode(0xc0 | (unit >> 6), 0x80 | (unit & 63));
  return String.fromCharCode(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63));
}

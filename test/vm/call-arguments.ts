/**
 * What random calls of library functions are made of: right, wrong and extreme arguments, and how they
 * are written. A maker writes one argument, or several.
 */
import type { Random } from "../fuzz/random.ts";

/** What programs for a target may contain. */
export interface Language {
  readonly hasFloats: boolean;
  readonly isLua53: boolean;
  /** There are modules of the firmware. */
  readonly hasModules: boolean;
  /** Integers of 64 bits. */
  readonly isWide: boolean;
}
export type Maker = (writer: Writer) => string;

/** A function, and what makes its arguments. */
export interface Signature {
  readonly name: string;
  readonly args: readonly Maker[];
  /** What shows more than the results, with `%s` for the call. */
  readonly wrap?: string;
}
/** As Lua's source shows it, whatever its bytes. */
export function quote(text: string): string {
  const inside = text.replace(/[^ -~]|["\\]/g, (unit) => {
    return `\\${String(unit.charCodeAt(0)).padStart(3, "0")}`;
  });
  return `"${inside}"`;
}

const LETTERS = "abcabcxyzABC019 _-.,%$^()[]+*?\n\t\0\x7f\x80\xff";
export const SMALL = [
  "0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "-1",
  "-2",
  "-3",
  "-4",
  "7",
  "10",
  "-10",
  "100",
];
const HUGE_51 = ["2147483647", "-2147483647-1", "2147483646", "65536", "-65537"];
const HUGE_FLOATS = [
  "2^31",
  "2^32",
  "2^32+1",
  "-2^31-1",
  "2^53",
  "2^63",
  "-2^63",
  "1e300",
  "-1e300",
];
const FLOATS = [
  "0.5",
  "-0.5",
  "1.5",
  "2.9",
  "-2.9",
  "0.1",
  "1e-7",
  "123.456",
  "-0.0",
  "1e15",
  "3.0",
];
const SPECIAL = ["1/0", "-1/0", "0/0"];
const WIDE = [
  "9223372036854775807",
  "math.mininteger",
  "4294967296",
  "-4294967297",
  "0x7fffffffffffffff",
];

const HOT = 0.06;

export class Writer {
  readonly random: Random;
  readonly language: Language;

  constructor(random: Random, language: Language) {
    this.random = random;
    this.language = language;
  }

  call({ name, args, wrap }: Signature): string {
    const { random } = this;
    const values = args.map((make) => (random.chance(HOT) ? this.anything() : make(this)));
    if (random.chance(HOT)) values.splice(random.below(values.length + 1));
    if (random.chance(HOT / 2)) values.push(this.anything());
    const call = `${name}(${values.join(", ")})`;
    const body = wrap === undefined ? `return ${call}` : wrap.replace("%s", () => call);
    return `call(function() ${body} end)`;
  }

  // Arguments

  raw(least: number, most: number, units = LETTERS): string {
    let text = "";
    const length = this.random.between(least, most);
    for (let i = 0; i < length; i++) text += this.random.pick(units);
    return text;
  }

  integer(): string {
    const { random, language } = this;
    if (random.chance(0.85)) return random.pick(SMALL);
    if (language.isLua53 && language.isWide && random.chance(0.5)) return random.pick(WIDE);
    return random.pick(HUGE_51);
  }

  number(): string {
    const { random, language } = this;
    if (!language.hasFloats || random.chance(0.5)) return this.integer();
    return random.pick(random.pick([FLOATS, FLOATS, HUGE_FLOATS, SPECIAL]));
  }

  numeric(): string {
    return this.random.chance(0.1) ? quote(this.numeral()) : this.number();
  }

  /** A text that is a number, or nearly. */
  numeral(): string {
    const { random } = this;
    const digits = random.pick([
      "0",
      "10",
      "255",
      "0x1F",
      "-7",
      "1e2",
      "0x",
      "1.5",
      ".5",
      "5.",
      "zz",
      "",
    ]);
    return (
      random.pick(["", "", " ", "\t", "+"]) + digits + random.pick(["", "", " ", "\n", "x", "\0"])
    );
  }

  position(): string {
    return this.random.chance(0.85) ? this.integer() : this.number();
  }

  anything(): string {
    const { random } = this;
    switch (random.below(9)) {
      case 0:
        return "nil";
      case 1:
        return random.pick(["true", "false"]);
      case 2:
        return random.pick(["{}", "{1,2,3}", '{"a","b"}', "setmetatable({}, {__index = string})"]);
      case 3:
        return random.pick(["print", "function(...) return ... end", "string.upper"]);
      case 4:
        return quote(this.raw(0, 4));
      case 5:
        return quote(this.numeral());
      case 6:
        return random.pick(["coroutine.create(function() end)", "io.stdout", "string"]);
      default:
        return this.number();
    }
  }
}

export const subject: Maker = (w) =>
  w.random.chance(0.05) ? w.numeric() : quote(w.raw(0, w.random.chance(0.1) ? 60 : 12));
export const word: Maker = (w) => quote(w.raw(0, 4));
export const position: Maker = (w) => w.position();
/** Where greater ones would take the reference minutes. */
export const near: Maker = (w) => w.random.pick(SMALL);
export const numeric: Maker = (w) => w.numeric();
export const count: Maker = (w) => {
  const value = w.random.pick(["0", "1", "2", "3", "-1", "5", "17", "2.7", "1"]);
  return w.language.hasFloats ? value : value.replace(".7", "");
};
export const byteValue: Maker = (w) =>
  w.random.chance(0.8) ? String(w.random.below(256)) : w.number();
export const separator: Maker = (w) => w.random.pick(['""', '","', '", "', "nil", "1", '"\\000"']);
export const truth: Maker = (w) => w.random.pick(["nil", "true", "false", "1"]);
export const anything: Maker = (w) => w.anything();

// Patterns

const CLASSES = "acdglpsuwxzACDGLPSUWXZ.%bfq1";

function single(w: Writer): string {
  const { random } = w;
  switch (random.below(6)) {
    case 0:
      return ".";
    case 1:
    case 2:
      return `%${random.pick(CLASSES)}`;
    case 3:
      return set(w);
    default:
      return random.pick("abcxyz019 -");
  }
}

function set(w: Writer): string {
  const { random } = w;
  let text = random.chance(0.3) ? "[^" : "[";
  for (let i = random.between(0, 3); i >= 0; i--) {
    text += random.pick([
      "a-c",
      "%w",
      "%d",
      "0-9",
      "x",
      "]",
      "-",
      "^",
      "%]",
      "a-",
      "z-a",
      ".",
      "%%",
    ]);
  }
  return random.chance(0.95) ? `${text}]` : text;
}

function patternText(w: Writer): string {
  const { random } = w;
  let text = random.chance(0.15) ? "^" : "";
  for (let i = random.between(0, 4); i > 0; i--) {
    const item = single(w) + random.pick(["", "", "", "*", "+", "-", "?"]);
    switch (random.below(12)) {
      case 0:
        text += `(${item})`;
        break;
      case 1:
        text += `(${item}`;
        break;
      case 2:
        text += random.pick(["()", "%1", "%2", "%b()", "%bxy", "%f[%w]", "%f[^a]", ")", "%f", "%"]);
        break;
      default:
        text += item;
    }
  }
  return text + (random.chance(0.15) ? "$" : "");
}

export const pattern: Maker = (w) =>
  quote(w.random.chance(0.9) ? patternText(w) : w.raw(0, 5, "abc%()[]^$*+-?.\0"));

export const replacement: Maker = (w) => {
  const { random } = w;
  switch (random.below(5)) {
    case 0:
      return random.pick([
        '{a="1", b=2, c=false}',
        "{}",
        'setmetatable({}, {__index=function(_, k) return k .. "!" end})',
      ]);
    case 1:
      return random.pick([
        "function(...) return ... end",
        "function() end",
        "function(a, b) return b end",
        "function() return {} end",
        "function() return 5 end",
        "function() error('e') end",
        "string.upper",
      ]);
    default:
      return quote(w.raw(0, 6, "ab%0123%%x\0"));
  }
};

// Formats

function formatItem(w: Writer): { item: string; argument: string } {
  const { random, language } = w;
  let item = "%";
  if (random.chance(0.3)) item += w.raw(0, random.chance(0.05) ? 8 : 2, "-+ #0");
  if (random.chance(0.4)) item += String(random.below(random.chance(0.05) ? 200 : 25));
  if (random.chance(0.3))
    item += `.${random.chance(0.8) ? random.below(random.chance(0.05) ? 200 : 22) : ""}`;
  const floats = language.isLua53 ? "aAeEfgG" : "eEfgG";
  const letter = random.pick(`cddiouxXxqsss${floats}${random.chance(0.05) ? "pnbQ%\0\x80k" : ""}`);
  return { item: item + letter, argument: formatArgument(w, letter) };
}

function formatArgument(w: Writer, letter: string): string {
  const { random } = w;
  if (random.chance(0.05)) return w.anything();
  if (letter === "s" || letter === "q") {
    if (random.chance(0.1)) return `string.rep("x", ${random.between(95, 105)})`;
    return random.chance(0.8) ? quote(w.raw(0, 8)) : w.numeric();
  }
  if (letter === "c") return byteValue(w);
  // The reference of Lua 5.3 has no room for more than 128 characters, and shows what lies behind.
  if (letter === "f" && w.language.isLua53) return w.random.pick([...FLOATS, ...SMALL, ...SPECIAL]);
  return "diouxX".includes(letter) && random.chance(0.8) ? w.integer() : w.numeric();
}

export const formatted: Maker = (w) => {
  let text = "";
  const list: string[] = [];
  for (let i = w.random.between(0, 2); i >= 0; i--) {
    const { item, argument } = formatItem(w);
    text += w.raw(0, 2, "ab \0%%").replace(/%/g, "%%") + item;
    list.push(argument);
  }
  return [quote(text), ...list].join(", ");
};

// Tables

export const list: Maker = (w) => {
  const { random } = w;
  const items: string[] = [];
  for (let i = random.between(0, 8); i > 0; i--) {
    items.push(random.chance(0.5) ? String(random.below(10)) : quote(w.raw(0, 2, "abc")));
  }
  if (random.chance(0.1)) items.push("nil", "4");
  if (random.chance(0.1)) items.push("{}");
  if (random.chance(0.15)) items.push(`x = 1, [${w.number()}] = 2`);
  const table = `{${items.join(", ")}}`;
  if (!w.language.isLua53 || random.chance(0.9)) return table;
  return random.pick([
    `setmetatable(${table}, {__len = function() return 3 end})`,
    `setmetatable(${table}, {__index = function(_, k) return k end, __len = function() return "2" end})`,
    `setmetatable(${table}, {__newindex = function(t, k, v) rawset(t, k, v) end})`,
  ]);
};

export const sortable: Maker = (w) => {
  const { random } = w;
  const items: string[] = [];
  const isText = random.chance(0.4);
  for (let i = random.between(0, random.chance(0.1) ? 150 : 12); i > 0; i--) {
    items.push(isText ? quote(w.raw(0, 3, "abAB\0\xff")) : String(random.below(20)));
  }
  if (random.chance(0.05)) items.push("{}");
  return `{${items.join(", ")}}`;
};

export const comparison: Maker = (w) =>
  w.random.pick([
    "nil",
    "nil",
    "function(a, b) return a > b end",
    "function(a, b) return tostring(a) < tostring(b) end",
    "function(a, b) return true end",
    "function(a, b) return a end",
    "function() return false end",
    "function() error('cmp') end",
  ]);

const KEEPS_TABLE = "local t = %s return t";

export function tableCall(name: string, args: readonly Maker[]): Signature {
  return { name: `t_${name}`, args, wrap: KEEPS_TABLE };
}

// Packed structures

export const structFormat: Maker = (w) =>
  quote(w.random.chance(0.9) ? packText(w, "bBhHlLTfdxs<>! ", "iIc") : w.raw(0, 5, "bi4c!z<"));
export const packFormat: Maker = (w) => quote(packText(w, "bBhHlLjJTfdnxzs<>=! X", "iIsc!"));

function packText(w: Writer, plain: string, sized: string): string {
  const { random } = w;
  let text = "";
  for (let i = random.between(0, 3); i >= 0; i--) {
    if (random.chance(0.6)) text += random.pick(plain);
    else
      text +=
        random.pick(sized) + random.pick(["", "1", "2", "3", "4", "8", "9", "16", "0", "5", "33"]);
  }
  return text;
}

export const bytes: Maker = (w) => quote(w.raw(0, 20, "\0\0\x01\x02\x7f\x80\xffab"));

// JSON

export const json: Maker = (w) => {
  const text = w.random.chance(0.8) ? jsonText(w, 0) : w.raw(0, 8, '{}[]",:truefalsn01-.eE \\\n');
  return quote(w.random.chance(0.2) ? text.slice(0, w.random.below(text.length + 1)) : text);
};

function jsonText(w: Writer, depth: number): string {
  const { random } = w;
  const kind = random.below(depth === 0 ? 2 : depth > 3 ? 8 : 10) + (depth === 0 ? 8 : 0);
  const space = random.pick(["", "", " ", "\n"]);
  const items = () => {
    const parts: string[] = [];
    for (let i = random.below(4); i > 0; i--) parts.push(jsonText(w, depth + 1));
    return parts;
  };
  switch (kind) {
    case 0:
      return random.pick(["true", "false", "null", "tru", "nul"]);
    case 1:
    case 2:
      return random.pick([
        "0",
        "-1",
        "12",
        "1.5",
        "-0.25",
        "1e3",
        "1E+2",
        "01",
        "1.",
        "-",
        "1e",
        "2e5.1",
        "123456789012345678",
      ]);
    case 8:
      return `[${space}${items().join(`,${space}`)}${random.chance(0.05) ? "," : ""}]`;
    case 9:
      return `{${items()
        .map((item) => `${jsonString(w)}${space}:${item}`)
        .join(",")}}`;
    default:
      return jsonString(w);
  }
}

function jsonString(w: Writer): string {
  return `"${w.random.pick(["", "a", "key", "\\n", "\\u0041", "\\u20aC", "\\ud800", "\\/", '\\"', "\\q", "\x10", "\x1f", "\xe9", "b c"])}"`;
}

export const encodable: Maker = (w) => {
  const { random } = w;
  return random.pick([
    "{}",
    "{1,2,3}",
    `{${w.number()}, ${w.number()}}`,
    `{a = ${w.number()}}`,
    `{${quote(w.raw(0, 6))}}`,
    "{{{}}, {b = {c = 1}}}",
    "{true, false, n = 1}",
    "{function() return 3 end}",
    "{[3] = 1}",
    "{[0] = 1}",
    w.language.hasFloats ? "{[1.5] = 1}" : "{[15] = 1}",
    `{[${quote(w.raw(0, 3))}] = {}}`,
    "{print}",
    "setmetatable({1}, {__index = {2, 3}})",
  ]);
};

export const buffer: Maker = (w) => {
  const { random } = w;
  const made = `pixbuf.newBuffer(${random.between(1, 4)}, ${random.between(1, 5)})`;
  return random.chance(0.7) ? `fill(${made}, ${random.below(256)})` : made;
};

export const level: Maker = (w) =>
  w.random.chance(0.9) ? String(w.random.below(300)) : w.number();

/** Methods of pixel buffers, which show the buffer afterwards. */
export function bufferCall(name: string, args: readonly Maker[]): Signature {
  return { name: `b_${name}`, args: [buffer, ...args], wrap: "return %s" };
}

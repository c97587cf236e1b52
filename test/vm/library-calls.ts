/**
 * Random calls of library functions: right, wrong and extreme arguments. A program is a list of them;
 * it shows results with their types and every byte, and messages of errors, one call a line.
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

/**
 * The reference of Lua 5.3 shows the fields of a table in another order each time; that of the ESP32
 * calls the library `os` by another name.
 */
const PRELUDE_51 = "local isUnordered = false ";
const PRELUDE_53 = "local isUnordered, os = true, os or is ";

const PRELUDE = `local byte, fmt, floor = string.byte, string.format, math.floor
local unpack = unpack
local function text(s)
  s = string.gsub(string.gsub(s, "%-nan", "nan"), ": 0x%x+", ": PTR") return '"' .. string.gsub(s, "[^%w%p ]", function(c) return fmt("\\\\%03d", byte(c)) end) .. '"'
end
local function show(v, depth)
  local t = type(v)
  if t == "string" then return text(v) end
  if t == "number" then
    if v ~= v then return "nan" end
    return tostring(v)
  end
  if t == "table" and depth < 3 then
    local out = {}
    for k, x in pairs(v) do out[#out + 1] = show(k, 3) .. "=" .. show(x, depth + 1) end
    if isUnordered then table.sort(out) end return "{" .. table.concat(out, ",") .. "}"
  end
  if t == "nil" or t == "boolean" then return tostring(v) end
  return t
end
local out = io.stdout
local function results(ok, ...)
  local n = select("#", ...)
  local line = {ok and "+" or "-"}
  for i = 1, n do line[i + 1] = show((select(i, ...)), 1) end
  out:write(table.concat(line, " "), "\\n")
  out:flush()
end
local function call(f) results(pcall(f)) end
`;

type Maker = (writer: Writer) => string;

/** A function, and what makes its arguments. */
interface Signature {
  readonly name: string;
  readonly args: readonly Maker[];
  /** What shows more than the results, with `%s` for the call. */
  readonly wrap?: string;
}

/** A program of that many calls. */
export function libraryProgram(random: Random, language: Language, calls: number): string {
  const writer = new Writer(random, language);
  const lines: string[] = [];
  for (let i = 0; i < calls; i++) lines.push(writer.call());
  const modules =
    (language.isLua53 ? HELPERS_53 : "") + (language.hasModules ? MODULE_HELPERS : "");
  return `${language.isLua53 ? PRELUDE_53 : PRELUDE_51}${PRELUDE}${HELPERS}${modules}${lines.join("\n")}\n`;
}

/** As Lua's source shows it, whatever its bytes. */
export function quote(text: string): string {
  const inside = text.replace(/[^ -~]|["\\]/g, (unit) => {
    return `\\${String(unit.charCodeAt(0)).padStart(3, "0")}`;
  });
  return `"${inside}"`;
}

const LETTERS = "abcabcxyzABC019 _-.,%$^()[]+*?\n\t\0\x7f\x80\xff";
const SMALL = ["0", "1", "2", "3", "4", "5", "-1", "-2", "-3", "-4", "7", "10", "-10", "100"];
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

class Writer {
  readonly random: Random;
  readonly language: Language;
  private readonly signatures: readonly Signature[];

  constructor(random: Random, language: Language) {
    this.random = random;
    this.language = language;
    this.signatures = signaturesOf(language);
  }

  call(): string {
    const { random } = this;
    const { name, args, wrap } = random.pick(this.signatures);
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

const subject: Maker = (w) =>
  w.random.chance(0.05) ? w.numeric() : quote(w.raw(0, w.random.chance(0.1) ? 60 : 12));
const word: Maker = (w) => quote(w.raw(0, 4));
const position: Maker = (w) => w.position();
/** Where greater ones would take the reference minutes. */
const near: Maker = (w) => w.random.pick(SMALL);
const numeric: Maker = (w) => w.numeric();
const count: Maker = (w) => {
  const value = w.random.pick(["0", "1", "2", "3", "-1", "5", "17", "2.7", "1"]);
  return w.language.hasFloats ? value : value.replace(".7", "");
};
const byteValue: Maker = (w) => (w.random.chance(0.8) ? String(w.random.below(256)) : w.number());
const separator: Maker = (w) => w.random.pick(['""', '","', '", "', "nil", "1", '"\\000"']);
const truth: Maker = (w) => w.random.pick(["nil", "true", "false", "1"]);
const anything: Maker = (w) => w.anything();

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

const pattern: Maker = (w) =>
  quote(w.random.chance(0.9) ? patternText(w) : w.raw(0, 5, "abc%()[]^$*+-?.\0"));

const replacement: Maker = (w) => {
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

const formatted: Maker = (w) => {
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

const list: Maker = (w) => {
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

const sortable: Maker = (w) => {
  const { random } = w;
  const items: string[] = [];
  const isText = random.chance(0.4);
  for (let i = random.between(0, random.chance(0.1) ? 150 : 12); i > 0; i--) {
    items.push(isText ? quote(w.raw(0, 3, "abAB\0\xff")) : String(random.below(20)));
  }
  if (random.chance(0.05)) items.push("{}");
  return `{${items.join(", ")}}`;
};

const comparison: Maker = (w) =>
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

function tableCall(name: string, args: readonly Maker[]): Signature {
  return { name: `t_${name}`, args, wrap: KEEPS_TABLE };
}

// Packed structures

const structFormat: Maker = (w) =>
  quote(w.random.chance(0.9) ? packText(w, "bBhHlLTfdxs<>! ", "iIc") : w.raw(0, 5, "bi4c!z<"));
const packFormat: Maker = (w) => quote(packText(w, "bBhHlLjJTfdnxzs<>=! X", "iIsc!"));

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

const bytes: Maker = (w) => quote(w.raw(0, 20, "\0\0\x01\x02\x7f\x80\xffab"));

// JSON

const json: Maker = (w) => {
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

const encodable: Maker = (w) => {
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

const buffer: Maker = (w) => {
  const { random } = w;
  const made = `pixbuf.newBuffer(${random.between(1, 4)}, ${random.between(1, 5)})`;
  return random.chance(0.7) ? `fill(${made}, ${random.below(256)})` : made;
};

const level: Maker = (w) => (w.random.chance(0.9) ? String(w.random.below(300)) : w.number());

/** Methods of pixel buffers, which show the buffer afterwards. */
function bufferCall(name: string, args: readonly Maker[]): Signature {
  return { name: `b_${name}`, args: [buffer, ...args], wrap: "return %s" };
}

const MODULE_PRELUDE = `local function fill(b, v)
  for i = 1, b:size() do
    local p = {}
    for c = 1, b:channels() do p[c] = (v * c + i * 7) % 256 end
    b:set(i, unpack(p))
  end
  return b
end
local function method(name)
  return function(b, ...)
    local r = {pcall(b[name], b, ...)}
    if type(r[2]) == "userdata" then r[2] = tostring(r[2]) end
    return tostring(b), unpack(r)
  end
end
`;

function signaturesOf(language: Language): readonly Signature[] {
  const common: Signature[] = [
    { name: "string.len", args: [subject] },
    { name: "string.sub", args: [subject, position, position] },
    { name: "string.byte", args: [subject, position, position] },
    { name: "string.char", args: [byteValue, byteValue, byteValue] },
    { name: "string.rep", args: language.isLua53 ? [subject, count, word] : [subject, count] },
    { name: "string.reverse", args: [subject] },
    { name: "string.upper", args: [subject] },
    { name: "string.lower", args: [subject] },
    { name: "string.format", args: [formatted] },
    { name: "string.format", args: [formatted] },
    { name: "string.format", args: [formatted] },
    { name: "string.find", args: [subject, pattern] },
    { name: "string.find", args: [subject, pattern, position, truth] },
    { name: "string.match", args: [subject, pattern] },
    { name: "string.match", args: [subject, pattern, position] },
    { name: "string.gsub", args: [subject, pattern, replacement] },
    { name: "string.gsub", args: [subject, pattern, replacement, count] },
    {
      name: "string.gmatch",
      args: [subject, pattern],
      wrap: "local n, l = 0, {} for a, b in %s do l[#l + 1] = {a, b} n = n + 1 if n > 20 then break end end return l",
    },
    { name: "tonumber", args: [numeric] },
    { name: "tonumber", args: [(w) => quote(w.numeral())] },
    { name: "tonumber", args: [(w) => quote(w.numeral()), (w) => String(w.random.between(0, 38))] },
    { name: "tostring", args: [numeric] },
    { name: "select", args: [position, anything, anything, anything] },
    { name: "unpack", args: [list, near, near] },
    { name: "math.abs", args: [numeric] },
    { name: "math.floor", args: [numeric] },
    { name: "math.ceil", args: [numeric] },
    { name: "math.max", args: [numeric, numeric, numeric] },
    { name: "math.min", args: [numeric, numeric, numeric] },
    { name: "math.sqrt", args: [numeric] },
    { name: "math.random", args: [count, count] },
    {
      name: "math.randomseed",
      args: [numeric],
      wrap: "%s return math.random(1000), math.random(7)",
    },
    { name: "table.concat", args: [list, separator, position, position] },
    { name: "table.concat", args: [list, separator] },
    tableCall("insert", [list, anything]),
    tableCall("insert", [list, near, anything]),
    tableCall("remove", [list, position]),
    tableCall("remove", [list]),
    tableCall("sort", [sortable, comparison]),
    { name: "rawequal", args: [anything, anything] },
    { name: "rawget", args: [list, anything] },
    { name: "next", args: [language.isLua53 ? sortable : list, anything] },
    { name: "type", args: [anything] },
    { name: "getmetatable", args: [anything] },
    { name: "setmetatable", args: [list, anything] },
    { name: "error", args: [anything, count] },
    { name: "assert", args: [anything, anything] },
    {
      name: "ipairs",
      args: [anything],
      wrap: "local l = {} for i, v in %s do l[#l + 1] = v end return l",
    },
    {
      name: "pairs",
      args: [list],
      wrap: language.isLua53
        ? "local l = {} for k, v in %s do l[k] = true end return l"
        : "local l = {} for k, v in %s do l[#l + 1] = k end return l",
    },
    { name: "os.time", args: [(w) => dateTable(w)] },
    {
      name: "os.date",
      args: [
        (w) => quote(`!${w.raw(0, 4, "%aAbBcdHIjmMpSUwWxXyY%")}`),
        (w) => String(w.random.next()),
      ],
    },
  ];
  return [
    ...common,
    ...(language.isLua53 ? only53() : only51()),
    ...(language.hasModules ? modules() : []),
  ];
}

function dateTable({ random }: Writer): string {
  const fields = ["year", "month", "day", "hour", "min", "sec"].filter(() => random.chance(0.9));
  const values = fields.map(
    (name) => `${name} = ${name === "year" ? random.between(1950, 2060) : random.between(-40, 80)}`,
  );
  return `{${values.join(", ")}}`;
}

function only51(): Signature[] {
  return [
    { name: "math.pow", args: [numeric, numeric] },
    { name: "table.getn", args: [list] },
    { name: "table.maxn", args: [list] },
    { name: "table.foreach", args: [list, () => "function(k, v) if v == 3 then return k end end"] },
    {
      name: "table.foreachi",
      args: [list, () => "function(k, v) if v == 3 then return k end end"],
    },
    { name: "table.setn", args: [list, count] },
    { name: "string.gfind", args: [subject, pattern] },
    {
      name: "loadstring",
      args: [(w) => quote(w.random.pick(["return 1", "x x", "return ...", ""])), word],
      wrap: "local f, m = %s return type(f), m",
    },
  ];
}

const environment: Maker = (w) => w.random.pick(["nil", "{}", "{print = 7}", "_G", "5"]);
const mode: Maker = (w) =>
  w.random.pick(['"t"', '"b"', '"bt"', '""', '"x"', "nil", "5", '"t\\0b"']);
const chunk: Maker = (w) =>
  quote(
    w.random.pick([
      "return 1",
      "x x",
      "return ...",
      "",
      "return print",
      "x = 1 return x",
      "\x1b",
      "\x1bLua",
      "#!a\nreturn 2",
      "return 'a\0b'",
      "goto x",
      "return 0x",
    ]),
  );
const LOADED = "local f, m = %s if not f then return f, m end return pcall(f, 7)";
const collectorOption: Maker = (w) =>
  quote(
    w.random.pick(["stop", "restart", "collect", "setpause", "setstepmul", "setmemlimit", "x"]),
  );
const iterated: Maker = (w) =>
  w.random.pick([
    "{1, 2, 3}",
    "setmetatable({}, {__index = function(_, k) if k < 4 then return k end end})",
    "setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return 1, 2 end end, t end})",
    "setmetatable({}, {__pairs = function(t) return 1 end})",
    "setmetatable({5}, {__pairs = {}})",
    "'abc'",
    "5",
  ]);
const shown: Maker = (w) =>
  w.random.pick([
    "setmetatable({}, {__tostring = function() return 'shown' end})",
    "setmetatable({}, {__tostring = function() return 5 end})",
    "setmetatable({}, {__tostring = function() return {} end})",
    "setmetatable({}, {__name = 'Kind'})",
    "setmetatable({}, {__name = 5})",
    "'text'",
    "2^53",
    "1e15",
    "3.0",
    "-0.0",
    w.number(),
  ]);
const named: Maker = (w) =>
  w.random.chance(0.5) ? shown(w) : w.random.pick(["io.stdout", "nil", "{}", "print", "true"]);

/** Positions at the ends of the integers. */
const far: Maker = (w) =>
  w.random.pick(["math.maxinteger", "math.mininteger"]) + w.random.pick(["", "", " + 1", " - 1"]);
const farList: Maker = (w) =>
  w.random.pick([
    "{}",
    "{[math.maxinteger] = 'a', [math.maxinteger - 1] = 'b'}",
    "{[math.mininteger] = 'a', [math.mininteger + 1] = 'b'}",
    "setmetatable({}, {__len = function() return math.maxinteger end})",
  ]);

function only53(): Signature[] {
  const onFloats = "acos asin cos deg exp rad sin tan".split(" ");
  return [
    ...onFloats.map((name) => ({
      name: `math.${name}`,
      args: [numeric],
      wrap: "return string.format('%.5g', %s)",
    })),
    { name: "math.atan", args: [numeric, numeric], wrap: "return string.format('%.5g', %s)" },
    { name: "math.log", args: [numeric, numeric], wrap: "return string.format('%.5g', %s)" },
    { name: "math.fmod", args: [numeric, numeric] },
    { name: "math.modf", args: [numeric] },
    { name: "math.tointeger", args: [numeric] },
    { name: "math.type", args: [anything] },
    { name: "math.ult", args: [numeric, numeric] },
    { name: "rawlen", args: [anything] },
    { name: "table.pack", args: [anything, anything, anything] },
    { name: "table.unpack", args: [list, position, position] },
    { name: "table.move", args: [list, near, near, position] },
    { name: "table.move", args: [list, near, near, position, list] },
    { name: "table.move", args: [farList, far, far, far, farList] },
    { name: "table.concat", args: [farList, separator, far, far] },
    { name: "table.unpack", args: [farList, far, far] },
    { name: "string.pack", args: [packFormat, numeric, numeric, numeric] },
    { name: "string.pack", args: [packFormat, word, numeric, word] },
    { name: "string.unpack", args: [packFormat, bytes, position] },
    { name: "string.unpack", args: [packFormat, bytes] },
    { name: "string.packsize", args: [packFormat] },
    { name: "utf8.char", args: [level, position] },
    { name: "utf8.len", args: [bytes, position, position] },
    { name: "utf8.codepoint", args: [bytes, position, position] },
    { name: "utf8.offset", args: [bytes, position, position] },
    {
      name: "utf8.codes",
      args: [bytes],
      wrap: "local l = {} for p, c in %s do l[#l + 1] = p l[#l + 1] = c end return l",
    },
    { name: "load", args: [chunk, word, mode, environment], wrap: LOADED },
    { name: "load", args: [chunk], wrap: LOADED },
    { name: "loadstring", args: [chunk, word], wrap: LOADED },
    {
      name: "load",
      args: [(w) => `pieces(${chunk(w)}, ${count(w)})`, word, mode],
      wrap: LOADED,
    },
    { name: "string.dump", args: [anything, count], wrap: "return #%s" },
    { name: "string.dump", args: [() => "show", truth], wrap: "return load(%s)(5, 1)" },
    { name: "tostring", args: [shown] },
    { name: "string.format", args: [() => '"%s|%10.3s|%s"', shown, shown, shown] },
    { name: "string.rep", args: [named, count] },
    { name: "table.concat", args: [named] },
    { name: "io.stdout.seek", args: [named] },
    { name: "string.format", args: [() => '"%d %5.1f"', numeric, near] },
    { name: "select", args: [() => '"#"', anything, anything] },
    { name: "rawset", args: [list, numeric, anything] },
    { name: "collectgarbage", args: [collectorOption, () => "150"] },
    {
      name: "pairs",
      args: [iterated],
      wrap: "local l = {} for k, v in %s do l[#l + 1] = v end return l",
    },
    {
      name: "ipairs",
      args: [iterated],
      wrap: "local l = {} for k, v in %s do l[#l + 1] = v if k > 9 then break end end return l",
    },
    { name: "xpcall", args: [() => "error", () => "function(m) return show(m, 1) end", anything] },
    { name: "xpcall", args: [() => "function(...) return ... end", anything, anything, anything] },
    { name: "pcall", args: [anything, anything, anything] },
    {
      name: "coroutine.wrap",
      args: [() => "function(...) return 1, ... end"],
      wrap: "return %s(2)",
    },
    {
      name: "coroutine.resume",
      args: [
        () => "coroutine.create(function(a) return a, pcall(coroutine.yield, a) end)",
        anything,
      ],
    },
    { name: "coroutine.create", args: [anything], wrap: "return type(%s)" },
    { name: "coroutine.status", args: [anything] },
    { name: "coroutine.isyieldable", args: [] },
    { name: "debug.getinfo", args: [anything, word], wrap: "return type(%s)" },
    { name: "debug.getlocal", args: [(w) => w.random.pick(["0", "1", "9"]), count] },
    { name: "debug.getupvalue", args: [() => "show", count], wrap: "return (%s)" },
    { name: "debug.traceback", args: [anything, count] },
    { name: "debug.getmetatable", args: [anything] },
    { name: "require", args: [word] },
    { name: "require", args: [() => '"string"'] },
    { name: "package.searchpath", args: [word, () => '"?.x;./?/y"', word, separator] },
    { name: "os.difftime", args: [numeric, numeric] },
    {
      name: "os.date",
      args: [(w) => quote(`!%${w.random.pick("EO")}${w.raw(1, 1, "cCxXyYdeHImMSz")}`), level],
    },
    { name: "io.type", args: [anything] },
    { name: "file_test", args: [subject, numeric, readFormat, readFormat] },
    { name: "file_test", args: [(w) => quote(w.numeral()), numeric, () => '"n"', readFormat] },
  ];
}

const readFormat: Maker = (w) =>
  w.random.pick(['"n"', '"l"', '"L"', '"a"', '"*a"', '"*l"', '"*n"', "0", "1", "5", '"x"', "nil"]);

/** What only Lua 5.3 needs. */
const HELPERS_53 = `local function pieces(s, n)
  local at = 1
  return function()
    local part = s:sub(at, at + n)
    at = at + n + 1
    if part == "" and n == 5 then return nil end
    return part
  end
end
local function file_test(text, number, ...)
  local f = io.tmpfile()
  local r = {f:write(text, "\\n", text) == f, pcall(f.write, f, number), f:seek("set")}
  r[#r + 1] = show({pcall(f.read, f, ...)}, 1)
  r[#r + 1] = f:seek()
  for a, b in f:lines(...) do r[#r + 1] = show({a, b}, 1) if #r > 12 then break end end
  f:close()
  return unpack(r)
end
`;

function modules(): Signature[] {
  const bitwise = "band bor bxor lshift rshift arshift isset isclear set clear".split(" ");
  return [
    ...bitwise.map((name) => ({ name: `bit.${name}`, args: [numeric, position] })),
    { name: "bit.bnot", args: [numeric] },
    { name: "bit.bit", args: [position] },
    { name: "bit.bor", args: [numeric, numeric, numeric] },
    { name: "bit.set", args: [numeric, position, position] },
    { name: "struct.pack", args: [structFormat, numeric, numeric, numeric] },
    { name: "struct.pack", args: [structFormat, word, numeric, word] },
    { name: "struct.unpack", args: [structFormat, bytes] },
    { name: "struct.unpack", args: [structFormat, bytes, (w) => String(w.random.between(1, 9))] },
    { name: "struct.size", args: [structFormat] },
    { name: "color_utils.hsv2grb", args: [level, level, level] },
    { name: "color_utils.hsv2grbw", args: [level, level, level] },
    { name: "color_utils.grb2hsv", args: [level, level, level] },
    { name: "color_utils.colorWheel", args: [level] },
    { name: "sjson.decode", args: [json] },
    { name: "sjson.decode", args: [json] },
    { name: "sjson.encode", args: [encodable] },
    { name: "pipe_test", args: [word, subject, position, word] },
    bufferCall("fill", [level, level, level]),
    bufferCall("fade", [count, (w) => w.random.pick(["0", "1", "nil", "2"])]),
    bufferCall("fadeI", [count, (w) => w.random.pick(["0", "1", "nil"])]),
    bufferCall("get", [position]),
    bufferCall("set", [position, level, level, level]),
    bufferCall("set", [position, word]),
    bufferCall("set", [position, list]),
    bufferCall("shift", [
      position,
      (w) => w.random.pick(["0", "1", "nil", "3"]),
      position,
      position,
    ]),
    bufferCall("replace", [(w) => (w.random.chance(0.5) ? buffer(w) : bytes(w)), position]),
    bufferCall("mix", [level, buffer, level, buffer]),
    bufferCall("mix4I5", [level, buffer, position, buffer]),
    bufferCall("sub", [position, position]),
    bufferCall("power", []),
    bufferCall("powerI", []),
    bufferCall("dump", []),
    bufferCall("__concat", [buffer]),
    bufferCall("__eq", [buffer]),
    bufferCall("map", [() => "function(...) return ... end", () => "nil", position, position]),
    { name: "pixbuf.newBuffer", args: [position, position], wrap: "return tostring(%s)" },
  ];
}

/** What the functions that are called by other names are. */
export const HELPERS = `local function kept(f)
  return function(t, ...)
    local r = {pcall(f, t, ...)}
    return {t, unpack(r)}
  end
end
local t_insert, t_remove, t_sort = kept(table.insert), kept(table.remove), kept(table.sort)
`;

export const MODULE_HELPERS = `${MODULE_PRELUDE}local function pipe_test(a, b, size, delimiter)
  local p = pipe.create()
  p:write(a) p:write(b) p:write(string.rep(b, 30)) p:unread(a)
  local r = {p:nrec(), #p, pcall(p.read, p, size)}
  r[#r + 1] = show({pcall(p.read, p, delimiter)}, 1)
  r[#r + 1] = show({pcall(p.reader, p, delimiter)}, 1)
  return unpack(r)
end
local b_fill, b_fade, b_fadeI, b_get, b_set = method "fill", method "fade", method "fadeI", method "get", method "set"
local b_shift, b_replace, b_mix, b_mix4I5 = method "shift", method "replace", method "mix", method "mix4I5"
local b_sub, b_power, b_powerI, b_dump, b_map = method "sub", method "power", method "powerI", method "dump", method "map"
local b___concat, b___eq = method "__concat", method "__eq"
`;

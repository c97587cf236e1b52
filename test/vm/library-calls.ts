/**
 * Random calls of library functions: right, wrong and extreme arguments. A program is a list of them;
 * it shows results with their types and every byte, and messages of errors, one call a line.
 */
import type { Random } from "../fuzz/random.ts";
import {
  anything,
  buffer,
  bufferCall,
  bytes,
  byteValue,
  comparison,
  count,
  encodable,
  formatted,
  json,
  type Language,
  level,
  list,
  near,
  numeric,
  pattern,
  position,
  quote,
  replacement,
  type Signature,
  separator,
  sortable,
  structFormat,
  subject,
  tableCall,
  truth,
  Writer,
  word,
} from "./call-arguments.ts";
import { HELPERS_53, signatures53 } from "./library-calls53.ts";

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
/** A program of that many calls. */
export function libraryProgram(random: Random, language: Language, calls: number): string {
  const writer = new Writer(random, language);
  const signatures = signaturesOf(language);
  const lines: string[] = [];
  for (let i = 0; i < calls; i++) lines.push(writer.call(random.pick(signatures)));
  const modules =
    (language.isLua53 ? HELPERS_53 : "") + (language.hasModules ? MODULE_HELPERS : "");
  return `${language.isLua53 ? PRELUDE_53 : PRELUDE_51}${PRELUDE}${HELPERS}${modules}${lines.join("\n")}\n`;
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
    ...(language.isLua53 ? signatures53() : only51()),
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
const HELPERS = `local function kept(f)
  return function(t, ...)
    local r = {pcall(f, t, ...)}
    return {t, unpack(r)}
  end
end
local t_insert, t_remove, t_sort = kept(table.insert), kept(table.remove), kept(table.sort)
`;

const MODULE_HELPERS = `${MODULE_PRELUDE}local function pipe_test(a, b, size, delimiter)
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

/** Random calls of functions that only Lua 5.3 has, or that do more there. */
import {
  anything,
  bytes,
  count,
  level,
  list,
  type Maker,
  near,
  numeric,
  packFormat,
  position,
  quote,
  type Signature,
  separator,
  subject,
  truth,
  word,
} from "./call-arguments.ts";

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

const called: Maker = (w) =>
  w.random.pick([
    "function(...) return ... end",
    "string.upper",
    "error",
    "select",
    "5",
    "nil",
    "{}",
  ]);
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

export function signatures53(): Signature[] {
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
    { name: "pcall", args: [called, anything, anything] },
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
    {
      name: "debug.getinfo",
      args: [anything, (w) => quote(w.raw(0, 3, "SlunLtfx"))],
      wrap: "return type(%s)",
    },
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
export const HELPERS_53 = `local function pieces(s, n)
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

/** Programs of Lua 5.1 that make objects and keep them; what they take is measured before and after. */

/** By name; each is the body of a function that returns what it made. */
const OBJECTS: Readonly<Record<string, string>> = {
  nothing: "return nil",
  number: "return 15",
  table: "return {}",
  "tables in a table": "local t = {} for i = 1, 100 do t[i] = {} end return t",
  "array of a constructor": "return {1, 2, 3, 4, 5, 6, 7}",
  "long constructor": `return {${Array.from({ length: 130 }, (_, i) => i).join(",")}}`,
  "constructor with names": "return {a = 1, b = 2, c = 3, d = 4, e = 5}",
  "mixed constructor": "return {1, 2, a = 3, 4, [10] = 5, b = {}}",
  "constructor with calls": "local function f(...) return ... end return {f(1, 2, 3, 4, 5, 6)}",
  "array by append": "local t = {} for i = 1, 1000 do t[#t + 1] = i end return t",
  "array backward": "local t = {} for i = 100, 1, -1 do t[i] = i end return t",
  "array with holes": "local t = {} for i = 1, 100, 3 do t[i] = i end return t",
  "array emptied":
    "local t = {} for i = 1, 100 do t[i] = i end for i = 1, 100 do t[i] = nil end t.x = 1 t.y = 1 return t",
  "hash by append":
    "local t = {} for i = 1, 100 do t[string.char(97 + i % 26, 97 + (i - i % 26) / 26)] = i end return t",
  "hash emptied":
    "local a, b, c, d, e, f, g, h local t = {} for i = 1, 150 do t['key' .. i] = i end for i = 1, 150 do t['key' .. i] = nil end return t",
  "hash reused":
    "local a, b, c, d, e, f, g, h local t = {} for i = 1, 150 do t['key' .. i] = i t['key' .. (i - 1)] = nil end return t",
  "hash of numbers": "local t = {} for i = 1, 100 do t[i * 1000] = i end return t",
  "hash of objects": "local t = {} for i = 1, 30 do t[{}] = true end return t",
  "table.insert": "local t = {} for i = 1, 50 do table.insert(t, i) end return t",
  "table.insert in front": "local t = {} for i = 1, 50 do table.insert(t, 1, i) end return t",
  "table.remove":
    "local t = {} for i = 1, 50 do t[i] = i end for i = 1, 40 do table.remove(t) end return t",
  "empty string": "return ('x'):rep(0)",
  "strings of many lengths": "local t = {} for i = 1, 80 do t[i] = ('x'):rep(i) end return t",
  "long string": "return ('x'):rep(5000)",
  "equal strings": "local t = {} for i = 1, 20 do t[i] = ('x'):rep(10) end return t",
  "many strings":
    "local t = {} for i = 1, 500 do t[i] = string.char(97 + i % 26, 97 + (i - i % 26) / 26) end return t",
  concatenation: "local s = '' for i = 1, 60 do s = s .. i end return s",
  "table.concat": "local t = {} for i = 1, 60 do t[i] = i end return table.concat(t, ',')",
  "string.format": "return string.format('%5d|%-10s|%q', 5, 'x', 'y')",
  "string.gsub": "return (('a,b,c'):gsub(',', '; '))",
  closure: "return function() end",
  "closures of one function": "local t = {} for i = 1, 10 do t[i] = function() end end return t",
  "closure with an upvalue": "local x = 1 return function() return x end",
  "closures that share": "local x = 1 return {function() return x end, function() x = 2 end}",
  "closures that do not":
    "local t = {} for i = 1, 10 do t[i] = function() return i end end return t",
  "upvalue that holds": "local big = {1, 2, 3} return function() return big end",
  "nested functions":
    "return (function() local a, b = {}, {} return function() return function() return a, b end end end)()",
  "loaded function":
    "return loadstring('local a, b = 1, \"some text\" return function(x) return a + x .. b end')",
  "loaded and run":
    "return loadstring('local a, b = 1, \"some text\" return function(x) return a + x .. b end')()",
  coroutine: "return coroutine.create(function() end)",
  coroutines: "local t = {} for i = 1, 10 do t[i] = coroutine.create(function() end) end return t",
  "coroutine.wrap": "return coroutine.wrap(function() coroutine.yield() end)",
  "suspended coroutine":
    "local c = coroutine.create(function(a) local b = {} coroutine.yield(b) end) coroutine.resume(c, {}) return c",
  "ended coroutine":
    "local c = coroutine.create(function(a) return a end) coroutine.resume(c, {}) return c",
  "failed coroutine":
    "local c = coroutine.create(function(a) error({}) end) coroutine.resume(c, {}) return c",
  ...Object.fromEntries(
    [3, 10, 20, 50, 100, 200].map((depth) => [
      `coroutine ${depth} calls deep`,
      `local function f(n) if n > 0 then f(n - 1) end coroutine.yield(n) end
       local c = coroutine.create(f) coroutine.resume(c, ${depth}) return c`,
    ]),
  ),
  "coroutine that was deep":
    "local function f(n) if n > 0 then f(n - 1) end end local c = coroutine.create(function() f(100) coroutine.yield() end) coroutine.resume(c) return c",
  "coroutine of large functions":
    "local c = coroutine.create(function() local function f(n, ...) local a, b, c, d, e, g, h, i, j, k if n > 0 then f(n - 1, 1, 2, 3, 4) end coroutine.yield(a) end f(12) end) coroutine.resume(c) return c",
  "generator in a loop":
    "local t = {} for i = 1, 5 do local f = coroutine.wrap(function() for j = 1, 10 do coroutine.yield(j) end end) f() t[i] = f end return t",
  newproxy: "return newproxy()",
  "newproxy with a metatable": "return newproxy(true)",
  newproxies:
    "local first = newproxy(true) local t = {first} for i = 1, 9 do t[i + 1] = newproxy(first) end return t",
  "object with a class":
    "local C = {} C.__index = C function C.new(n) return setmetatable({n = n}, C) end local t = {} for i = 1, 10 do t[i] = C.new(i) end return t",
  "weak values":
    "local t = setmetatable({}, {__mode = 'v'}) for i = 1, 20 do t[i] = {} end return t",
  "weak keys": "local t = setmetatable({}, {__mode = 'k'}) for i = 1, 20 do t[{}] = i end return t",
  "weak keys and values":
    "local t = setmetatable({}, {__mode = 'kv'}) for i = 1, 20 do t[{}] = {} end t.x = 'abc' .. #t return t",
  "weak keys held by their values":
    "local t = setmetatable({}, {__mode = 'k'}) for i = 1, 20 do local k = {} t[k] = {k} end return t",
  "weak strings":
    "local t = setmetatable({}, {__mode = 'v'}) for i = 1, 20 do t[i] = 'text' .. i end return t",
  "weak and held":
    "local held = {} local t = setmetatable({}, {__mode = 'v'}) for i = 1, 20 do t[i] = {} if i % 2 == 0 then held[i] = t[i] end end return {t, held}",
  "deep recursion before":
    "local function f(n) if n > 0 then return 1 + f(n - 1) end return 0 end f(150) return nil",
  "global variables": "for i = 1, 20 do _G['global' .. i] = {} end return nil",
  environment: "local f = function() return x end setfenv(f, {x = 1}) return f",
  gmatch: "local f = ('a b c'):gmatch('%a') f() return f",
  pairs: "local f, s = pairs({1, 2}) return {f, s}",
  "arg table": "local function f(...) return arg end return f(1, 2, 3)",
  varargs: "local function f(...) return {...} end return f(1, nil, 3, 4, 5)",
  unpacked: "local t = {} for i = 1, 150 do t[i] = i end return {unpack(t)}",
};

/** Of the firmware's modules that the host build has. */
const MODULES: Readonly<Record<string, string>> = {
  pipe: "return pipe.create()",
  "pipe with text": "local p = pipe.create() p:write(('x'):rep(700)) return p",
  pixbuf: "return pixbuf.newBuffer(10, 3)",
  "sjson encoder": "local d = sjson.encoder({1, 2, {}}) return d",
  struct: "return struct.pack('<i4i2', 1, 2)",
};

/** Between the measurements, the collector of the reference is stopped, for ours does not run by itself. */
const PROGRAM = (body: string) => `
local function inUse()
  collectgarbage("restart") collectgarbage() collectgarbage() collectgarbage("stop")
  return collectgarbage("count")
end
local function make()
${body}
end
local before = inUse()
local kept = make()
local after = inUse()
print(after - before)
`;

type Programs = Readonly<Record<string, string>>;

const programs = (bodies: Programs): Programs =>
  Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, PROGRAM(body)]));

/** What Lua 5.3 has under other names. */
const NAMES_53 = "local loadstring, unpack = load, table.unpack\n";
/** What it does not have; and the table of an encoder, which lies in the registry there, grows it. */
const ONLY_51 = /newproxy|setfenv|return arg |encoder/;

function programs53(bodies: Programs): Programs {
  const there = Object.entries(bodies).filter(([, body]) => !ONLY_51.test(body));
  return Object.fromEntries(there.map(([name, body]) => [name, NAMES_53 + PROGRAM(body)]));
}

/** By Lua version; modules are those of firmware 3.0. */
export const OBJECT_PROGRAMS = { lua51: programs(OBJECTS), lua53: programs53(OBJECTS) };
export const MODULE_PROGRAMS = { lua51: programs(MODULES), lua53: programs53(MODULES) };

/**
 * Scripts that run (`-e`, lua51.md §6.3): written by hand, and generated. None writes with `io`, which
 * makes the reference crash.
 */
import { Random } from "../../fuzz/random.ts";
import { generateProgram } from "../../vm/generate.ts";
import { libraryProgram } from "../../vm/library-calls.ts";
import {
  DOUBLE_TARGETS,
  type Extra,
  LUA51_TARGETS,
  TARGETS_22,
  type Topic,
  type VectorCase,
} from "../case.ts";

/** A script that is run. */
export function script(name: string, source: string, extra: Extra = {}): VectorCase {
  return { name, args: ["-e", "s.lua"], files: { "s.lua": source }, ...extra };
}

/** Many {@link script}s: names and sources. */
export function scripts(table: Readonly<Record<string, string>>): VectorCase[] {
  return Object.entries(table).map(([name, source]) => script(name, source));
}

/** Scripts about the language, most of which run in Lua 5.3, too. */
export const language: readonly VectorCase[] = scripts({
  "closures keep their variables":
    "local f = {} for i = 1, 3 do f[i] = function(d) i = i + d return i end end print(f[1](1), f[1](1), f[2](5), f[3](0))",
  varargs:
    "local function f(...) return select('#', ...), ... end print(f()) print(f(nil, nil)) print((f(1, 2)))",
  "the old way of varargs": "local function f(...) return arg and arg.n end print(f(1, nil, 3))",
  metatables:
    "local t = setmetatable({}, {__index = function(t, k) return k .. '!' end, __newindex = function(t, k, v) rawset(t, k, v * 2) end, __call = function(self, a) return a end}) t.x = 4 print(t.x, t.y, t(7))",
  "arithmetic events":
    "local m = {} for _, e in ipairs {'add', 'sub', 'mul', 'div', 'mod', 'pow', 'unm', 'concat'} do m['__' .. e] = function(a, b) return e end end local t = setmetatable({}, m) print(t + 1, 1 - t, t * t, t / 2, t % 2, t ^ 2, -t, t .. 'x', 1 .. t)",
  comparisons:
    "local m = {__eq = function() return true end, __lt = function() return true end, __le = function() return false end} local a, b = setmetatable({}, m), setmetatable({}, m) print(a == b, a < b, a <= b, a > b, a ~= b, 'a' < 'b', 1 < 2)",
  coroutines:
    "local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) error('x' .. b) end) print(coroutine.resume(co, 1)) print(coroutine.status(co)) print(coroutine.resume(co, 5)) print(coroutine.resume(co)) print(coroutine.status(co))",
  "yielding across a native function":
    "print(coroutine.resume(coroutine.create(function() table.sort({3, 2, 1}, function() coroutine.yield() end) end)))",
  "yielding across pcall":
    "print(coroutine.resume(coroutine.create(function() return pcall(coroutine.yield, 1) end)))",
  wrap: "local f = coroutine.wrap(function() for i = 1, 2 do coroutine.yield(i) end end) print(f(), f(), f()) print(pcall(f))",
  "tail calls":
    "local function f(n) if n == 0 then return 'done' end return f(n - 1) end print(f(100000))",
  "endless recursion": "local function f() return 1 + f() end print(pcall(f))",
  "endless recursion through pcall": "local function f() return pcall(f) end print(f())",
  "errors of all kinds":
    "print(pcall(error)) print(pcall(error, 'm', 0)) print(pcall(error, 'm', 1)) print(pcall(error, 'm', 2)) print(select(2, pcall(error, {7}))[1])",
  xpcall:
    "print(xpcall(function() error('a') end, function(m) return m .. '!' end)) print(xpcall(function() local x = nil + 1 end, function(m) error('b') end))",
  "names in messages":
    "for _, s in ipairs {'a.b.c = 1', 'local t = {} t.x.y = 1', 'x()', 'local t = {} t.m()', 'local t = {} t:m()', 'return 1 + {}', 'return #5', 'return {} < {}', 'return {} .. 1', 'return -{}', 'for i = 1, {} do end', \"string.rep()\", \"('x'):rep({})\", 'return 1 < \"2\"'} do print(pcall(loadstring(s, '=s'))) end",
  "numbers as text":
    "print(1, -0, 100000, 1e5, 2147483647, '10' + 5, 10 .. '', 7 % 3, -7 % 3, 2 ^ 10)",
  "text as numbers":
    "for _, s in ipairs {'10', ' 5 ', '0x10', '', 'x', '1 2', '5.', '-3'} do print(tonumber(s), tonumber(s, 16)) end",
  loops:
    "for i = 3, 1, -1 do print(i) end for i = 1, 0 do print('never') end local n = 0 while true do n = n + 1 if n > 4 then break end end repeat local z = n n = n - 1 until z < 3 print(n)",
  "the order of pairs":
    "local t = {} for w in ('the quick brown fox jumps over the lazy dog again'):gmatch('%a+') do t[w] = #w end for k, v in pairs(t) do print(k, v) end",
  "borders of tables with holes":
    "local t = {1, 2, nil, 4} print(#t) t[3] = 3 print(#t) t[#t] = nil print(#t) local u = {} u[1], u[2], u[4] = 1, 2, 4 print(#u)",
  "changing a table in pairs":
    "local t = {a = 1, b = 2, c = 3} for k in pairs(t) do t[k] = nil end print(next(t))",
  environments:
    "local f = function() return x end setfenv(f, {x = 5}) print(f(), getfenv(f).x, getfenv(1) == _G)",
  "loading chunks":
    "print(loadstring('return 1 + 1')()) print(loadstring('x ='))  print(type(load(function() return nil end))) local n = 0 print(load(function() n = n + 1 return ({'return ', '4', '2'})[n] end)())",
  "dumping and loading":
    "local f = loadstring(string.dump(function(a, b) return a .. b end)) print(f('x', 'y'))",
  "what is gone":
    "for _, n in ipairs {'io.popen', 'os.execute', 'math.sin', 'debug.sethook', 'collectgarbage', 'string.gfind', 'table.getn', 'module', 'newproxy'} do local v = _G for p in n:gmatch('%w+') do v = v and v[p] end print(n, type(v)) end",
  modules:
    "package.preload.m = function(...) return {name = ...} end print(require('m').name, package.loaded.m == require('m')) print(pcall(require, 'none'))",
  "a table of results":
    "print(unpack({1, 2, 3})) print(unpack({1, 2, 3}, 2)) print(unpack({}, 1, 3))",
});

/** What test suites that others wrote have brought to light. */
const found = scripts({
  "arithmetic with the numbers of loops":
    "for i = 0, 0 do print(i - -2147483648, i * -2147483648, -i, i + 2147483647 + 1) end for i = '0', '3', '2' do print(i - -2147483648) end local n = 0 for i = 2147483646, 2147483647 do n = n + 1 print(i) if n > 3 then break end end",
  "numerals that no long holds":
    "for _, s in ipairs {'99999999999999999999', '-99999999999999999999', '-9223372036854775808', '-9223372036854775809', '-9223372036854775807', '9223372036854775808', '-0x8000000000000001', '-0xffffffffffffffffff', '0xffffffffffffffffff', '-18446744073709551615', '-4294967296'} do print(s, s + 0, tonumber(s)) end",
  "arguments of a script": "print(select('#', ...), ...)",
  "names of chunks at run time":
    "for _, n in ipairs {42, 43, 44, 51, 52, 53, 58, 59, 60} do for _, p in ipairs {'', '@', '='} do local name = p .. ('x'):rep(n) print(pcall(loadstring(\"error 'A'\", name))) print(pcall(loadstring('return nil + 1', name))) print(loadstring('return debug.traceback()', name)()) print(loadstring('x x', name)) end end print(pcall(loadstring(\"error 'A'\", 'one\\ntwo')))",
  "one function with two names":
    "print(string.gfind == string.gmatch, rawequal(string.gfind, string.gmatch), string.gfind == string.find) local t = {[string.gfind] = 1} print(t[string.gmatch], t[string.match])",
  "readers are asked for no more than the loader needs":
    "local n local function reader(...) local t, i = {...}, 0 return function() i = i + 1 n = i return t[i] end end local function try(...) n = 0 local f, m = load(reader(...)) print(n, f ~= nil, m) end local unpack = unpack or table.unpack local function chars(s) local t = {} for i = 1, #s do t[i] = s:sub(i, i) end t[#t + 1] = {} return unpack(t) end local d = string.dump(function() return 1 end) try(d:sub(1, 20)) try(d, 'x') try(d:sub(1, 5), d:sub(6), {}) try(d:sub(1, 3), 'y', d) try('x x', {}) try('x x', 'return', {}) try('x ', 'y ', ' z', {}) try('x', 5, '= ', 3, {}) for _, s in ipairs {'*a = 123', 'x y z', 'x = = 2', 'x = [[a]] ]', 'x = 3x 4', 'end return', 'x = 1 .. . 2', '--[[ x ]] = 3', 'local 1 = 2', 'break x = 4', 'x = 5 $ 6', 'if x then = 5'} do try(chars(s)) end",
  "errors of readers and their handlers":
    "print(xpcall(function() print(load(function() error 'x' end)) print(load(function() return {} end)) print(load(function() local a = nil + 1 end)) return pcall(load, function() error 'y' end) end, function(m) return 'H(' .. m .. ')' end))",
  "collections in steps":
    "collectgarbage() print(collectgarbage('step'), collectgarbage('step', 1)) print(collectgarbage('setstepmul', 0), collectgarbage('step')) print(collectgarbage('step', 1000000))",
  "buffers of files":
    "local f, g = io.open('b', 'w'), io.open('b') f:setvbuf('line') f:write('x') print(g:read('*a')) f:write('a\\ny') g:seek('set', 0) print(g:read('*a')) f:setvbuf('no') f:write('z') g:seek('set', 0) print(g:read('*a')) f:close() os.remove('b') os.remove('n')",
  "long numbers in files":
    "local f = io.open('n', 'w') f:write(('0'):rep(300) .. '7 ' .. ('1'):rep(199) .. ' ' .. ('1'):rep(200) .. ' ' .. ('1'):rep(201)) f:close() f = io.open('n') print(f:read('*n')) print(f:read('*n')) print(f:read('*n')) print(f:read('*n')) print(f:read('*a')) os.remove('n')",
  "tail calls of values whose __call is a library function":
    "local t = setmetatable({}, {__call = rawequal}) local function f(...) return t(...) end print(f(t), f(1), pcall(f)) print(pcall(function() return t(t) end)) local u = setmetatable({}, {__call = select}) print(pcall(function(...) return u(1, ...) end, 2))",
  "library functions where a function is asked for":
    "print(pcall(setmetatable({}, {__call = rawequal}), 1)) print(pcall(setfenv, print, {})) print((pcall(getfenv, print))) print(setmetatable({}, {__index = rawequal}).x, -setmetatable({}, {__unm = rawequal}))",
  "a reader that begins with nothing":
    "local function reader(...) local t, n = {...}, 0 return function() n = n + 1 return t[n] end end local d = string.dump(function() return 3 end) print(load(reader('', 'return 1'))()) print(load(reader(nil, 'return 2', nil, 'x x'))()) print(load(reader(nil, nil, 'return 2'))()) print(load(reader(nil, d))) print(load(reader(d))()) print(load(reader(5, ' = 3'))) print(load(reader(true))) print(load(reader(nil, {})))",
});

/** Ways to end. */
export const ends: readonly VectorCase[] = [
  script("an error ends it", "print('before') error('x')"),
  script("an error without a message", "error()"),
  script("an error that is a table", "error({})"),
  script(
    "an error in a called function",
    "local function f() error('deep') end\nlocal function g() f() end\ng()",
  ),
  script("a status of its own", "print('bye') os.exit(3)"),
  script("a syntax error", "x = = 1"),
  { name: "no such script", args: ["-e", "none.lua"], files: {} },
];

const F = "return function(x) return x end";
const returned: VectorCase[] = [
  {
    name: "a function is a module",
    args: ["-e", "s.lua", "-i", "-o", "o", "a.lua"],
    files: { "s.lua": F, "a.lua": "print(1)" },
  },
  { name: "a function is an image", args: ["-e", "s.lua", "-f", "-o", "o"], files: { "s.lua": F } },
  {
    name: "anything else is dropped",
    args: ["-e", "s.lua", "-o", "o", "a.lua"],
    files: { "s.lua": "return 5", "a.lua": "print(1)" },
  },
  { name: "a script alone writes nothing", args: ["-e", "s.lua"], files: { "s.lua": "return 5" } },
];

const SIMPLE = { hasFloats: false, isLua53: false, hasModules: false, isWide: false };

const generated = Array.from({ length: 40 }, (_, i) =>
  script(`generated ${i}`, generateProgram(new Random(`script ${i}`), SIMPLE, 8), {
    // It makes the reference divide the least integer by -1, and crash.
    ...(i === 11 && { targets: DOUBLE_TARGETS }),
  }),
);
const calls = Array.from({ length: 20 }, (_, i) =>
  script(`library calls ${i}`, libraryProgram(new Random(`calls ${i}`), SIMPLE, 30)),
);
const WITH_MODULES = LUA51_TARGETS.filter(
  (name) => name.startsWith("esp8266") && !TARGETS_22.includes(name),
);
const moduleCalls = Array.from({ length: 20 }, (_, i) =>
  script(
    `module calls ${i}`,
    libraryProgram(new Random(`modules ${i}`), { ...SIMPLE, hasModules: true }, 30),
    { targets: WITH_MODULES },
  ),
);

export const runningScripts: Topic = {
  name: "scripts",
  cases: [...language, ...found, ...ends, ...returned, ...generated, ...calls, ...moduleCalls],
};

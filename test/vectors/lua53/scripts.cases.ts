/**
 * Scripts of Lua 5.3 that run (`-e`, lua53.md §6.1): written by hand, and generated. The reference
 * ends with status 0 when a script fails, so few do here.
 *
 * The ESP32's reference takes an image for pending that has no name, and runs no script. Its answers
 * are those of a build in which an empty name is no name; with the reference as it is they would all
 * be that message.
 */
import { Random } from "../../fuzz/random.ts";
import { generateProgram } from "../../vm/generate.ts";
import type { Topic, VectorCase } from "../case.ts";

function script(name: string, source: string): VectorCase {
  return { name, args: ["-e", "s.lua"], files: { "s.lua": source } };
}

function scripts(table: Readonly<Record<string, string>>): VectorCase[] {
  return Object.entries(table).map(([name, source]) => script(name, source));
}

/** What test suites that others wrote have brought to light. */
const found = scripts({
  "lines of stripped functions":
    "local f = load('local a\\nlocal b = a\\nreturn b') for _, strip in ipairs {0, 1, 2} do local g = load(string.dump(f, strip)) local t = debug.getinfo(g, 'SL') local n = {} for line in pairs(t.activelines) do n[#n + 1] = line end table.sort(n) print(t.linedefined, t.what, table.concat(n, ' ')) end",
  "extra arguments in debug.getlocal":
    "local function foo(a) return debug.getlocal(1, -1) end local function bar(...) return debug.getlocal(1, -1) end local function baz(a, ...) return debug.getlocal(1, -2), debug.setlocal(1, -1, 5), ... end print(foo(10, 20), foo(1), bar(10, 20), bar()) print(baz(10, 20, 30)) print(baz(1)) print(baz(1, 2)) for _, f in ipairs {foo, bar} do bar(1, 2, 3) print(f(1, 2, 3)) print(pcall(f, 1, 2, 3)) end",
  "readers are asked for no more than the loader needs":
    "local n local function reader(...) local t, i = {...}, 0 return function() i = i + 1 n = i return t[i] end end local function try(...) n = 0 local f, m = load(reader(...)) print(n, f ~= nil, m) end local unpack = unpack or table.unpack local function chars(s) local t = {} for i = 1, #s do t[i] = s:sub(i, i) end t[#t + 1] = {} return unpack(t) end local d = string.dump(function() return 1 end) try(d:sub(1, 20)) try(d, 'x') try(d:sub(1, 5), d:sub(6), {}) try(d:sub(1, 3), 'y', d) try('x x', {}) try('x x', 'return', {}) try('x ', 'y ', ' z', {}) try('x', 5, '= ', 3, {}) for _, s in ipairs {'*a = 123', 'x y z', 'x = = 2', 'x = [[a]] ]', 'x = 3x 4', 'end return', 'x = 1 .. . 2', '--[[ x ]] = 3', 'local 1 = 2', 'break x = 4', 'x = 5 $ 6', 'if x then = 5'} do try(chars(s)) end",
  "errors of readers and their handlers":
    "print(xpcall(function() print(load(function() error 'x' end)) print(load(function() return {} end)) print(load(function() local a = nil + 1 end)) return pcall(load, function() error 'y' end) end, function(m) return 'H(' .. m .. ')' end))",
  "buffers of files":
    "local f, g = io.open('b', 'w'), io.open('b') f:setvbuf('line') f:write('x') print(g:read('a')) f:write('a\\ny') g:seek('set', 0) print(g:read('a')) f:setvbuf('no') f:write('z') g:seek('set', 0) print(g:read('a')) f:close() os.remove('b') os.remove('n')",
  "long numbers in files":
    "local f = io.open('n', 'w') f:write(('0'):rep(300) .. '7 ' .. ('1'):rep(199) .. ' ' .. ('1'):rep(200) .. ' ' .. ('1'):rep(201)) f:close() f = io.open('n') print(f:read('n')) print(f:read('n')) print(f:read('n')) print(f:read('n')) print(f:read('a')) os.remove('n')",
});

const arithmetic = scripts({
  "integers wrap around":
    "local most, least = math.maxinteger, math.mininteger print(most + 1 == least, least - 1 == most, most * 2, least // -1 == least, least % -1, -least == least, most * most, least * -1 == least)",
  "quotients and remainders":
    "for _, a in ipairs {7, -7, 7.0, -7.5} do for _, b in ipairs {2, -2, 2.5, -2.0} do print(a // b, a % b, a / b) end end print(1 // 0.0, -1 // 0.0, 0.0 / 0.0 ~= 0.0 / 0.0, 5 % math.huge, -5 % math.huge, 5 % -math.huge, -0.0 % 1)",
  "division by zero":
    "print(pcall(function() return 1 // 0 end)) print(pcall(function() return 1 % 0 end)) print(pcall(function(a) return a // 0 end, math.mininteger))",
  "operators on bits":
    "print(5 & 3, 5 | 3, 5 ~ 3, ~5, 1 << 4, -1 >> 28, 1 << 31, 1 << 32, 1 << 63, 1 << 64, 1 << -1, -1 >> -1, 2 >> 1.0, '3' & 5, '0x10' | 1, 1 << math.mininteger, 3.0 ~ 1)",
  "integers beyond the significand":
    "local a = (1 << 24) + 1 local b = (1 << 53) + 1 for _, i in ipairs {a, b, math.maxinteger, math.mininteger} do local f = i + 0.0 print(i == f, i < f, i <= f, f < i, f <= i, i + 0.5 == f, f - i) end",
  "equality of subtypes":
    "print(1 == 1.0, math.type(1), math.type(1.0), math.type('1'), 0 == -0.0, 1 / -0.0, 2^53 == 2^53 + 1, math.maxinteger + 0.0 == math.maxinteger, '1' == 1) local t = {[1.0] = 'a', [2^53] = 'b'} print(t[1], t[2^53], next({[3.0] = 1}), #{[1.0] = 1})",
  "texts in arithmetic":
    "print('10' + 1, '0x10' * 1, ' 5 ' - 1, '1e1' // 1, -'2', '3' ^ 2, 10 .. 20, 1.0 .. '', 2^63 .. '', -'-9223372036854775808', '10' < '9') print(pcall(function() return 'a' + 1 end)) print(pcall(function() return {} .. 'a' end))",
  "numbers as text":
    "print(1e15, 1e16, 2^31, 2^63, -2^63, 1e100, 0.1, 1/3, 123456789.0, 1e-10, math.pi, -0.0, 100 // 1e-320, 3.14159265358979)",
  "results that there are none of":
    "local a, b = -8, 0.0 print(a ^ (1 / 3), 1 % b, b / b, -(b / b), math.huge - math.huge, math.huge % 2)",
  "a NaN in a table":
    "local t = {0 / 0} print(t[1] == t[1], t[1] ~= t[1]) print(pcall(function() t[0 / 0] = 1 end), t[0 / 0])",
});

const loops = scripts({
  "loops in integers":
    "local function count(a, b, c) local n, last = 0 for i = a, b, c or 1 do n = n + 1 last = i if n > 5 then break end end print(n, last) end local most, least = math.maxinteger, math.mininteger count(1, 3) count(3, 1, -1) count(1, 0) count(most - 1, most) count(least + 1, least, -1) count(1, 3.7) count(3, 0.5, -1) count(1, math.huge) count(1, -math.huge, -1) count(1, -math.huge) count(-1, math.huge, -1) count(1, '3') count(most, most + 1.0) count(1, 0 / 0) count(1, 3, 0) count(3, 1, 0) count(least, most, most)",
  "loops in floats":
    "for i = 1.0, 3 do io.write(tostring(i), ' ') end for i = 1, 2, 0.25 do io.write(i, ' ') end for i = 3.0, 1.0, -0.5 do io.write(i, ' ') end for i = '1', 2 do io.write(i, ' ') end for i = 16777214.0, 16777220 do io.write(i, ' ') if i == 16777216.0 then break end end print()",
  "loops that cannot be":
    "print(pcall(function() for i = {}, 1 do end end)) print(pcall(function() for i = 1, {} do end end)) print(pcall(function() for i = 1, 2, {} do end end)) print(pcall(function() for i = 1, 'x' do end end)) print(pcall(function() for k in 5 do end end))",
  "goto and closures":
    "local f = {} do local i = 1 ::top:: local x = i * 10 f[i] = function() x = x + 1 return x end i = i + 1 if i <= 3 then goto top end end print(f[1](), f[1](), f[2](), f[3]()) for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end io.write(i, ':', j, ' ') ::continue:: end end print()",
});

const METATABLE =
  "local mt = {} for _, e in ipairs {'add', 'sub', 'mul', 'div', 'mod', 'pow', 'idiv', 'band', 'bor', 'bxor', 'shl', 'shr', 'concat', 'unm', 'bnot', 'len', 'eq', 'lt', 'le', 'index', 'newindex', 'call'} do mt['__' .. e] = function(a, b, c) return WHAT end end local function new() return setmetatable({}, mt) end local a, b = new(), new()\n";
const USES = `print(a + 1, 1 + a, a - b, a * 2, a / 2, a % 2, a ^ 2, a // 2, a & 1, a | 1, a ~ 1, a << 1, 1 >> a)
print(a .. b, 'x' .. a, 1 .. a .. 'y' .. 'z', 'p' .. 'q' .. a .. b .. 'r')
print(-a, ~a, #a)
print(a == b, a ~= b, a < b, a <= b, a > b, a >= b)
if a < b then print('less') else print('not less') end
if not (a == b) then print('other') else print('equal') end
print(type(a.x), type(a[1]), a:method(1))
a.x = 5 a[2] = 6
print(a(1, 2))
for k, v in a, 1, 2 do print('loop', k, v) break end
print(pcall(function() return a + 1, coroutine.yield('in pcall') end))
print(xpcall(function() local x = a.y error('after ' .. type(x)) end, function(m) return m .. '!' end))
`;

const metamethods = scripts({
  "all events": `${METATABLE.replace("WHAT", "e, type(a), type(b)")}local e = 'e' mt.__index = function(t, k) return function() return 'm', type(t) end end coroutine.wrap(function() ${USES} end)()`,
  "yields in all events": `${METATABLE.replace("WHAT", "coroutine.yield(e, type(a), type(b))")}local co = coroutine.wrap(function() ${USES} return 'end' end) local i, r = 0, table.pack(co()) while r[1] ~= 'end' do i = i + 1 print('yield', table.unpack(r, 1, r.n)) if r[1] == 'index' and i % 2 == 0 then r = table.pack(co(function(...) return 'm', select('#', ...) end)) elseif r[1] == 'call' and i % 2 == 0 then r = table.pack(co(nil)) else r = table.pack(co(i)) end end print(r[1])`,
  "less or equal by less":
    "local mt = {__lt = function(a, b) return coroutine.yield(rawequal(a, b)) end} local co = coroutine.wrap(function() local a, b = setmetatable({}, mt), setmetatable({}, mt) print(a <= b, a >= b, not (a <= a)) if b <= a then print('yes') else print('no') end return 'e' end) print(co()) print(co(true)) print(co(false)) print(co(nil)) print(co(1))",
  "chains of tables":
    "local base = {x = 1} local t = base for i = 1, 50 do t = setmetatable({}, {__index = t, __newindex = t}) end print(t.x, t.y) t.z = 3 print(base.z, rawget(t, 'z')) local loop = {} setmetatable(loop, {__index = loop, __newindex = loop}) print(pcall(function() return loop.x end)) print(pcall(function() loop.x = 1 end)) print(setmetatable({}, {__index = 'text'}).len == string.len, pcall(function() return setmetatable({}, {__index = 5}).x end))",
  "assignment through events":
    "local log = {} local t = setmetatable({a = 1}, {__newindex = function(t, k, v) log[#log + 1] = tostring(k) .. '=' .. tostring(v) end}) t.a = 2 t.b = 3 t[1] = 4 t[nil] = 5 t.a = nil t.a = 6 print(table.concat(log, ' '), rawget(t, 'a'), rawget(t, 'b'))",
  "calls of what is no function":
    "print(pcall(setmetatable({}, {__call = function(self, ...) return type(self), ... end}), 1, 2)) print(pcall(setmetatable({}, {__call = 5}))) print(pcall(function() setmetatable({}, {__call = setmetatable({}, {__call = print})})() end)) local function f(n, ...) if n == 0 then return ... end return setmetatable({}, {__call = function(_, ...) return f(...) end})(n - 1, ...) end print(f(5, 'a', 'b'))",
  "names of types":
    "local t = setmetatable({}, {__name = 'My.Type'}) print(pcall(function() return t + 1 end)) print(pcall(function() return t < 1 end)) print(pcall(function() return t < t end)) print(pcall(string.rep, t)) print((tostring(t):gsub('0x%x+', '')))",
});

const coroutines = scripts({
  "yields across protected calls":
    "local co = coroutine.wrap(function() print(pcall(function() print(pcall(coroutine.yield, 1)) error(coroutine.yield(2)) end)) print(xpcall(function(...) return coroutine.yield(...) end, print, 3)) print(select('#', pcall(pcall, pcall, coroutine.yield, 4))) end) print(co()) print(co('a', 'b')) print(co('c')) print(co('d')) print(co())",
  "yields where there can be none":
    "local function try(f) print(coroutine.resume(coroutine.create(f))) end try(function() table.sort({3, 2, 1}, function() coroutine.yield() end) end) try(function() return ('x'):gsub('x', coroutine.yield) end) try(function() return tostring(setmetatable({}, {__tostring = coroutine.yield})) end) try(function() return load(coroutine.yield) end) print(pcall(coroutine.yield)) try(function() print(coroutine.isyieldable()) return pcall(table.sort, {2, 1}, function() print(coroutine.isyieldable()) end) end)",
  "coroutines as iterators":
    "local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end) end for i, s in range(3) do print(i, s) end local co = coroutine.wrap(function() for i in range(2) do coroutine.yield(i) end end) print(co(), co(), co())",
  "what cannot be resumed":
    "local co co = coroutine.create(function() print(coroutine.resume(co)) print(coroutine.resume(coroutine.create(function() return coroutine.status(co), coroutine.resume(co) end))) end) print(coroutine.resume(co)) print(coroutine.resume(co)) print(coroutine.status(co)) print(type(select(2, pcall(coroutine.wrap(function() error({}) end))))) print(pcall(coroutine.wrap(function() error('text') end)))",
  "levels are forgotten by yields":
    "local n local function deep() n = n + 1 local ok, m = pcall(deep) if not ok then error(m, 0) end end local co = coroutine.wrap(function() for i = 1, 300 do pcall(coroutine.yield, i) end n = 0 print(pcall(deep)) print(n) end) for i = 1, 301 do co() end local mt = {__index = function(t, k) coroutine.yield() return k end} co = coroutine.wrap(function() local t = setmetatable({}, mt) for i = 1, 300 do local _ = t[i] end n = 0 print(pcall(deep)) print(n) end) for i = 1, 301 do co() end",
});

const limits = scripts({
  "depths of the stack":
    "local function depth(f) local n = 0 local function g(...) n = n + 1 return f(g, ...) end local ok, m = pcall(g) print(n > 100, m) end depth(function(g) g() return 1 end) depth(function(g) local a, b, c, d, e = 1, 2, 3, 4, 5 g() return a end) depth(function(g, ...) g(1, ...) return 1 end) coroutine.wrap(function() local n = 0 local function r(...) n = n + 1 local x = r(...) return x end print(pcall(r, 1, 2, 3)) print(n) n = 0 print(pcall(r)) print(n) end)()",
  "levels of native calls":
    "local n = 0 local function p() n = n + 1 local a, b = pcall(p) if not a then error(b, 0) end end print(pcall(p)) print(n) n = 0 local function s() n = n + 1 string.gsub('x', 'x', s) end local ok, m = pcall(s) print(ok, #m) print(n) n = 0 local function c() n = n + 1 local ok, m = coroutine.resume(coroutine.create(c)) if not ok then error(m, 0) end end print(pcall(c)) print(n) n = 0 local mt = {} mt.__add = function(a, b) n = n + 1 return a + b end print(pcall(function() return setmetatable({}, mt) + 1 end)) print(n) n = 0 mt.__index = function(a, b) n = n + 1 return a[b] end print(pcall(function() return setmetatable({}, mt).x end)) print(n)",
  "errors in handlers":
    "print(xpcall(function() error('a') end, function(m) error('b') end)) local d = 0 print(xpcall(function() error('a') end, function(m) d = d + 1 if d < 5 then error('b' .. #m) end return m end), d) print(xpcall(error, print, 'hi')) local function r() return 1 + r() end print(xpcall(r, function(m) return m .. '!' end)) print(xpcall(r, function(m) return r() end)) print(xpcall(error, function(m) return type(m) end, nil))",
});

const PRELUDE =
  "local t, up = {}\nlocal function tb(f, ...) print((select(2, xpcall(f, debug.traceback, ...)))) end\n";
const tracebacks = scripts(
  Object.fromEntries(
    Object.entries({
      operands: [
        "tb(function() up() end)",
        "tb(function() t.x.y = 1 end)",
        "tb(function() t.x:y() end)",
        "tb(function() t:nomethod() end)",
        "tb(function() undefinedglobal() end)",
        "tb(function() local a = {} ; a.b.c.d = 1 end)",
        'tb(function() local a = "x" ; return a + 1 end)',
        "tb(function() return t + 1 end)",
        "tb(function() return 1 + t end)",
        'tb(function() return up .. "x" end)',
        'tb(function() return "x" .. {} end)',
        'tb(function() return "a" .. "b" .. up .. "c" end)',
        "tb(function() return -t end)",
        "tb(function() return #up end)",
        "tb(function() return t < 1 end)",
        "tb(function() return t < t end)",
        'tb(function() return "a" < 1 end)',
        "tb(function() return nil <= 1 end)",
        "tb(function() return 1.5 | 1 end)",
        'tb(function() return "a" | 1 end)',
        'tb(function() return "1.5" | 1 end)',
        "tb(function() return 1 << t end)",
        "tb(function() return ~1.5 end)",
        "tb(function() return ~{} end)",
        "tb(function() return 2^63 | 0 end)",
        "tb(function() return 1 // 0 end)",
        "tb(function() local a = 0 return 1 % a end)",
        "tb(function() t[nil] = 1 end)",
        "tb(function() t[0/0] = 1 end)",
        "tb(function() rawset(t, nil, 1) end)",
      ],
      "loops and arguments": [
        "tb(function() string.new = 3 end)",
        'tb(function() rawset(string, "x", 1) end)',
        "tb(function() for i = 1, {} do end end)",
        'tb(function() for i = "a", 1 do end end)',
        "tb(function() for i = 1, 2, {} do end end)",
        "tb(function() for k in nil do end end)",
        "tb(function() for k in pairs(nil) do end end)",
        "tb(function() for k in ipairs() do end end)",
        "tb(function() string.rep() end)",
        'tb(function() ("x"):rep({}) end)',
        'tb(function() ("x").rep() end)',
        "tb(function() string.char(256) end)",
        "tb(function() table.concat({{}}) end)",
        "tb(function() table.insert(1, 2) end)",
        "tb(function() setmetatable(1, 2) end)",
        'tb(function() error("msg") end)',
      ],
      levels: [
        'tb(function() error("msg", 2) end)',
        'tb(function() error("msg", 0) end)',
        "tb(function() assert(false) end)",
        'tb(function() assert(nil, "am") end)',
        'tb(function() local function f() error("deep") end local function g() f() end g() end)',
        'tb(function() local function f() error("deep") end return f() end)',
        'tb(function() local function f(n) if n == 0 then error("deep") end f(n - 1) end f(30) end)',
        'tb(function() local function f(n) if n == 0 then error("deep") end return f(n - 1) end f(30) end)',
        'tb(function() local function f(n) if n == 0 then error("deep") end local x = f(n - 1) end f(18) end)',
        'tb(function() setmetatable({}, {__index = function(t, k) error("in index " .. k) end}).foo() end)',
        'tb(function() return setmetatable({}, {__add = function() error("in add") end}) + 1 end)',
        'tb(function() return setmetatable({}, {__name = "My.T"}) + 1 end)',
        'tb(function() return setmetatable({}, {__name = "My.T"}) < 1 end)',
        'tb(function() string.rep(setmetatable({}, {__name = "My.T"})) end)',
      ],
      "metamethods and coroutines": [
        "tb(function() setmetatable({}, {__call = 1})() end)",
        "tb(function() setmetatable({}, {__index = 1}).x.y = 1 end)",
        'tb(function() local o = setmetatable({}, {__concat = function(a, b) error("cc") end}) return "x" .. o end)',
        'tb(function() table.sort({3, 2, 1}, function(a, b) error("cmp") end) end)',
        'tb(function() string.gsub("x", "x", function() error("gs") end) end)',
        'tb(function() coroutine.wrap(function() error("in co") end)() end)',
        'tb(function() local co = coroutine.create(function() local x = 1; coroutine.yield() error("q") end) coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, "msg")) print(debug.traceback(co, nil, 1)) coroutine.resume(co) print(debug.traceback(co)) error("end") end)',
        'tb(function() load("x.y.z = 1", "=chunk")() end)',
        'tb(function() load("x.y.z = 1", "@file.lua")() end)',
        'tb(function() load("x.y.z = 1\\n\\n", "x.y.z = 1 -- a longer text that does not fit in the room that there is")() end)',
        "tb(function() load(\"local function f() error('in loaded') end f()\")() end)",
        "tb(function() tostring() end)",
        "tb(function() ipairs() end)",
        "tb(function() local s = string; s.rep() end)",
        "tb(function() local x = print; x(setmetatable({}, {__tostring = function() return 1 end})) end)",
        "tb(function() local x = print; x(setmetatable({}, {__tostring = function() return {} end})) end)",
        'tb(function() io.lines("/nonexistent") end)',
        'tb(function() require("nomodule") end)',
        "tb(function() coroutine.resume(1) end)",
        "tb(function() coroutine.yield() end)",
        'tb(function() goto x; do error("y") end ::x:: error("x") end)',
      ],
    }).map(([name, lines]) => [`tracebacks of ${name}`, PRELUDE + lines.join("\n")]),
  ),
);

const language = { hasFloats: true, isLua53: true };
/** Of those that were tried the ones that do not end with an error. */
const SEEDS: readonly number[] = [
  0, 1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 15, 16, 17, 19, 20, 21, 25, 26, 28, 29, 32, 33, 34, 35, 36,
  37, 39, 42, 43, 45, 46, 47, 49, 50,
];
const generated = SEEDS.map((seed) =>
  script(`generated ${seed}`, generateProgram(new Random(`script53 ${seed}`), language, 8)),
);

const cases = [
  ...[...arithmetic, ...loops, ...metamethods, ...coroutines, ...limits, ...tracebacks],
  ...generated,
];

function topic(name: string, list: readonly VectorCase[], targets: readonly string[]): Topic {
  return { name, folder: "lua53", cases: list.map((vector) => ({ ...vector, targets })) };
}

export const scripts53 = topic(
  "scripts",
  [...cases, ...found],
  ["esp8266-lua53", "esp8266-lua53-64"],
);
export const scriptsEsp32 = topic("scripts-esp32", cases, [
  "esp32-lua53",
  "esp32-lua53-64",
  "esp32-lua53-int64",
  "esp32-lua53-double",
]);

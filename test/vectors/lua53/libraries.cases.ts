/**
 * Scripts that use the libraries of Lua 5.3 (`-e`, lua53.md §6.1, §8): written by hand, and random calls.
 * None shows the order of names in `pairs`, which is another in each run of the reference. The answers
 * for the ESP32 come from where those of `scripts.cases.ts` come from.
 */
import { Random } from "../../fuzz/random.ts";
import { libraryProgram } from "../../vm/library-calls.ts";
import { LUA53_TARGETS, type Topic, type VectorCase } from "../case.ts";
import { ends, script, scripts } from "../lua51/scripts.cases.ts";

const ESP8266 = LUA53_TARGETS.filter((name) => name.startsWith("esp8266"));

/** Runs a function in a coroutine to its end, and shows what it yields. */
const RUN = `local function run(f, ...)
  local co, args, out = coroutine.create(f), {...}, {}
  for i = 1, 8 do
    local r = {coroutine.resume(co, table.unpack(args))}
    for k = 1, #r do out[#out + 1] = tostring(r[k]) end
    out[#out + 1] = "/"
    args = {i * 10}
    if coroutine.status(co) == "dead" then break end
  end
  print(table.concat(out, " "))
end
`;

const coroutines = scripts({
  "yielding in pcall and xpcall": `${RUN}
    run(function(a) return pcall(function(b) local c = coroutine.yield(b) return c, coroutine.yield(c) end, a) end, 1)
    run(function(a) return pcall(function(b) local c = coroutine.yield(b) error("e" .. c) end, a) end, 1)
    run(function(a) local ok, e = pcall(function(b) coroutine.yield(b) error({}) end, a) coroutine.yield(ok, type(e)) return "end" end, 1)
    run(function(a) return xpcall(function(b, c) coroutine.yield(b, c) error("x") end, function(m) return "H:" .. m end, a, 2) end, 1)
    run(function(a) return xpcall(function(b, c) return coroutine.yield(b, c) end, function(m) return "H:" .. m end, a, 2) end, 1)
    run(function(a) return pcall(coroutine.yield, a, 2) end, 1)
    run(function() return pcall(pcall, pcall, function() coroutine.yield(5) error("deep") end) end)`,
  "yielding in metamethods": `${RUN}
    local y = function(name) return function() return coroutine.yield(name) end end
    local m = setmetatable({}, {__add = y "add", __index = y "index", __lt = y "lt", __concat = y "concat", __call = y "call", __eq = y "eq", __len = y "len"})
    run(function() return m + 1, m.foo, m < m, m .. "x", m(7), #m, m == setmetatable({}, getmetatable(m)) end)`,
  "yielding in iterators and files": `${RUN}
    run(function() for k in coroutine.yield, 1, 2 do return k end end)
    run(function() return dofile("other.lua") end)`,
  "yielding where it cannot be": `${RUN}
    run(function() table.sort({3, 2, 1}, function() coroutine.yield() end) end)
    run(function() ("abc"):gsub(".", function() coroutine.yield() end) end)
    run(function() return load(function() coroutine.yield() end) end)
    run(function() return tostring(setmetatable({}, {__tostring = function() coroutine.yield() end})) end)
    run(function() for k in pairs(setmetatable({}, {__pairs = function() coroutine.yield() end})) do end end)
    print(pcall(coroutine.yield, 1))`,
  "who runs": `${RUN}
    run(function() return coroutine.isyieldable(), select(2, coroutine.running()) end)
    print(coroutine.isyieldable(), select(2, coroutine.running()))
    local co co = coroutine.create(function() print(coroutine.resume(co)) print(coroutine.status(co)) local other = coroutine.create(function() print(coroutine.status(co)) print(coroutine.resume(co)) end) coroutine.resume(other) end)
    coroutine.resume(co) print(coroutine.resume(co), coroutine.status(co))`,
  "threads that look dead": `local w w = coroutine.wrap(function() return pcall(w) end) print(w())
    local w w = coroutine.wrap(function() return pcall(w, 1) end) print(w())
    local cw cw = coroutine.create(function() return coroutine.wrap(function() return coroutine.resume(cw) end)() end) print(coroutine.resume(cw))`,
  "wrapped errors": `local w = coroutine.wrap(function() error("we") end) print(pcall(w)) print(pcall(w))
    w = coroutine.wrap(function() error({}) end) print(select("#", pcall(w)), type(select(2, pcall(w))))
    print(pcall(coroutine.wrap(function() local x = nil + 1 end)))`,
  "wrong arguments of coroutines": `print(pcall(coroutine.create)) print(pcall(coroutine.create, 5)) print(pcall(coroutine.resume, 5)) print(pcall(coroutine.status, nil)) print(pcall(coroutine.wrap))
    print(coroutine.resume(coroutine.create(print), 1, 2)) print(coroutine.wrap(string.rep)("x", 3))`,
  "coroutines in coroutines": `local function deep(n) if n == 0 then return "bottom" end return coroutine.wrap(deep)(n - 1) end
    print(pcall(deep, 100)) local ok, m = pcall(deep, 300) print(ok, m:sub(-16))`,
});

const base = scripts({
  assert:
    'print(pcall(assert, false)) print(pcall(assert, nil, "m")) print(pcall(assert)) print(pcall(function() assert(false) end)) print(pcall(function() assert(false, "m") end)) print(type(select(2, pcall(assert, false, {})))) print(assert(1, 2, 3))',
  "levels of errors":
    'local function f(l) error("m", l) end local function g(l) f(l) end for l = 0, 4 do print(pcall(g, l)) end print(pcall(error, "m", 1.5)) print(pcall(error, 5)) print(pcall(error, "m", "x"))',
  ipairs:
    "print(pcall(ipairs)) for i, v in ipairs(setmetatable({}, {__index = function(t, k) if k < 4 then return k * 2 end end})) do print(i, v) end for i, v in ipairs({1, 2, nil, 4}) do print(i, v) end print(pcall(function() for i in ipairs(5) do end end)) print(ipairs({}) == ipairs(''))",
  pairs:
    "print(select(2, pairs(setmetatable({}, {__pairs = function(t) return 1, 2, 3, 4 end})))) print(pairs({}) == next, pcall(pairs)) print(pcall(function() for k in pairs(nil) do end end)) for k, v in pairs(setmetatable({1, 2}, {__pairs = function(t) return function(t, k) k = (k or 0) + 1 if t[k] then return k, t[k] * 10 end end, t end})) do print(k, v) end",
  next: "print(next({})) print(next({5})) print(next({5}, 1)) print(pcall(next, {}, 'x')) print(pcall(next, 5)) print(pcall(next)) print(pcall(next, {5}, 1.0))",
  select:
    "print(select('#')) print(select('#', nil, nil)) print(select(2, 'a', 'b', 'c')) print(select(-1, 'a', 'b', 'c')) print(pcall(select, 0)) print(pcall(select, -5, 1)) print(pcall(select, 1.5)) print(select(99, 1)) print(select('2', 'a', 'b'))",
  tonumber:
    "for _, s in ipairs {'10', ' 0x10 ', '1e1', '0x1p4', '1e', '', ' ', '0x', '1 2', 'nan', 'inf', '1_0', '5.', '.5', '9223372036854775808', '2147483648', '1\\0'} do print(tonumber(s)) end print(tonumber('ff', 16), tonumber('-ZZ', 36), tonumber('8', 8), tonumber('1e1', 16), tonumber(' 11 ', 2), tonumber('7fffffffffffffffff', 16)) print(pcall(tonumber, 10, 16)) print(pcall(tonumber, '1', 99)) print(pcall(tonumber)) print(tonumber({}), tonumber(nil))",
  tostring:
    "print(tostring(1e15), tostring(2^53), tostring(1e100), tostring(-0.0), tostring(1/0), tostring(3.0), tostring(3), tostring(0.1), tostring(1e-5), 123456789012, 2^31, 1e7, 16777217.0) print(tostring(nil), tostring(true), tostring('s')) print(tostring(setmetatable({}, {__tostring = function() return 'T' end}))) print(pcall(tostring, setmetatable({}, {__tostring = function() return {} end}))) print(tostring(setmetatable({}, {__tostring = function() return 5 end}))) print((tostring(setmetatable({}, {__name = 'Kind'})):gsub('0x%x+', 'P'))) print(pcall(tostring))",
  rawlen:
    "print(rawlen({1, 2}), rawlen('abc'), rawlen(setmetatable({1}, {__len = function() return 9 end}))) print(pcall(rawlen, 5)) print(pcall(rawlen)) print(rawequal('a', 'a'), rawequal({}, {}), rawequal(1, 1.0)) print(rawget(setmetatable({}, {__index = {x = 1}}), 'x')) print(pcall(rawset, {}, nil, 1)) print(pcall(rawset, {}, 0/0, 1)) print(pcall(rawget, 5, 1))",
  "metatables that are protected":
    "local t = setmetatable({}, {__metatable = 'no'}) print(getmetatable(t)) print(pcall(setmetatable, t, {})) print(pcall(setmetatable, {}, 5)) print(pcall(setmetatable, {})) print(pcall(setmetatable, 5, {})) print(getmetatable('') == string, getmetatable(5))",
  collectgarbage:
    "print(collectgarbage(), collectgarbage('collect'), collectgarbage('stop'), collectgarbage('restart'), math.type(collectgarbage('count'))) print(collectgarbage('setpause', 150), collectgarbage('setpause', 100), collectgarbage('setstepmul', 10), collectgarbage('setstepmul', 200), collectgarbage('setmemlimit', 9)) collectgarbage('stop') print(collectgarbage('setmemlimit')) print(pcall(collectgarbage, 'nothing')) print(pcall(collectgarbage, 5))",
  xpcall:
    "print(xpcall(function(...) return select('#', ...), ... end, print, 1, nil, 3)) print(pcall(xpcall)) print(pcall(xpcall, print)) print(pcall(xpcall, print, 5)) print(xpcall(5, function(m) return 'H ' .. m end)) print(xpcall(function() error('a') end, function(m) error('b') end)) print(xpcall(function() error() end, function(m) return 'got ' .. tostring(m) end)) print(pcall(pcall)) print(pcall(5)) print(xpcall(error, function(m) return m + 1 end, 7))",
  unpack:
    "print(unpack({1, 2, 3})) print(table.unpack({1, 2, 3}, -1, 1)) print(pcall(unpack)) print(pcall(table.unpack)) print(select('#', unpack({}, 1, 200))) print(pcall(unpack, {}, 1, 1e7)) print(pcall(unpack, {}, math.mininteger, math.maxinteger)) print(unpack({}, math.maxinteger, math.maxinteger)) print(unpack(setmetatable({}, {__index = function(_, k) return k * 2 end}), 1, 3)) print(unpack == table.unpack)",
  "what both names have in common":
    "print(load == loadstring, string.gfind, table.getn, table.maxn, math.pow, math.atan2, math.cosh, setfenv, getfenv, newproxy, module, gcinfo, bit32, package.loadlib, package.cpath, package.seeall, string.len == ('').len)",
});

const loading: readonly VectorCase[] = [
  ...scripts({
    "load with modes and environments":
      'print(load("return 1", "n", "b")) print(load("return 1", "=n", "q")) print(load(string.dump(function() end), "n", "t")) print(load("return x", "n", "t", {x = 5})()) print(load("x = 1 return x", "n", nil, {})()) print(pcall(load("return x", "n", "t", nil))) print(load("return 2", nil, "t\\0b")()) print(type(load("")), load("return ...", "=x")(1, 2))',
    "load of pieces":
      'local function pieces(...) local t, n = {...}, 0 return function() n = n + 1 return t[n] end end print(load(pieces("re", "turn", " 4"))()) print(load(pieces("return 1", "", "x"))()) print(type(load(pieces()))) print(load(pieces("x x"), "=name")) print(pcall(load, pieces({}))) print(pcall(load, function() error("no") end)) print(pcall(load, pieces(5), "n")) print(load(pieces(string.dump(function() return 6 end)))()) print(pcall(load, pieces("return 1"), "n", "b"))',
    "names of chunks":
      'for _, n in ipairs {"@file", "=name", "x = 1", "long " .. ("line "):rep(20), "two\\nlines", "", "\\n"} do print(load("x x", n)) end print(load("x x")) print(pcall(load, "x", {})) print(pcall(load)) print(pcall(load, 5))',
    "dump and load":
      'local f = load(string.dump(function(a, b) return a .. b end)) print(f("x", "y")) local up = 7 local g = load(string.dump(function() return up end)) print(type(select(2, pcall(g)))) print(#string.dump(f), #string.dump(f, false), #string.dump(f, true), #string.dump(f, 0), #string.dump(f, 1), #string.dump(f, 2)) print(pcall(string.dump, f, 3)) print(pcall(string.dump, print)) print(pcall(string.dump)) local h = load(string.dump(load("\\n\\nerror()"), true)) print(pcall(h)) print(select(2, pcall(load(string.dump(load("\\n\\nlocal x = nil + 1"), true)))))',
    "broken chunks":
      'local d = string.dump(function() return 1 end) print(load(d:sub(1, 10), "=b")) print(load("\\27Lua", "=b")) print(load("\\27", "=b")) print(load("\\27LuaQ\\0\\1\\4\\4\\4\\8\\0", "=b"))',
  }),
  {
    name: "files of Lua",
    args: ["-e", "s.lua"],
    files: {
      "s.lua":
        'print(dofile("m.lua")) print(loadfile("m.lua", "t", {x = 9})()) print(loadfile("m.lua", "b")) print(loadfile("no.lua")) print(pcall(dofile, "no.lua")) print(pcall(dofile, "bad.lua")) print(loadfile("bad.lua")) print(pcall(loadfile, {})) print(pcall(dofile, "fails.lua"))',
      "m.lua": "#!first line\nreturn x, ...",
      "bad.lua": "x =",
      "fails.lua": "\nerror('inside')",
    },
  },
  {
    name: "modules of all kinds",
    args: ["-e", "s.lua"],
    files: {
      "s.lua":
        'print(require("m")) print(require("m") == package.loaded.m, require("dir.n")) print(pcall(require, "none")) print(pcall(require, "bad")) print(pcall(require, "fails")) print(require("no value"), require("nothing")) package.preload.p = function(...) return table.concat({...}, "|") end print(require("p")) print(require("string") == string, require("_G") == _G, require("io") == io, package.loaded.string) print(package.searchpath("m", "x/?;?.lua")) print(package.searchpath("a.b", "?;?.c", ".", "_")) print(pcall(package.searchpath, "a")) table.insert(package.searchers, function(n) return function(...) return ... end, "extra " .. n end) print(require("own")) print(package.path, package.searchers == package.loaders) package.path = 5 print(pcall(require, "other")) package.path = nil print(pcall(require, "other")) package.searchers = nil print(pcall(require, "other"))',
      "m.lua": 'return "m: " .. table.concat({...}, ",")',
      "dir/n.lua": "return ...",
      "bad.lua": "x =",
      "fails.lua": "error('in module')",
      "no value.lua": "",
      "nothing.lua": "package.loaded.nothing = 'set'",
    },
  },
];

const strings = scripts({
  format:
    'print(("%d %5d|%-5d|%05d|%+d|%x|%X|%#x|%o|%c|%i"):format(3.0, 42, 42, 42, 42, 255, 255, 255, 8, 65, -1)) print(("%e|%.3f|%g|%G|%10.2f|%-10.2f|%+.1f"):format(12345.678, 1/3, 1e20, 1e-10, 3.14159, 3.14159, 2)) print(("%a %A %.2a"):format(1, 0.5, 1/3)) print(("%5s|%-5s|%.2s|%s|%s"):format("a", "b", "xyz", nil, true)) print(("%5%"):len())',
  "formats that are wrong":
    'for _, f in ipairs {"%d", "%y", "%", "%10q", "%123d", "%.123d", "%-------d", "%10"} do print(pcall(string.format, f, {})) end print(pcall(string.format, "%d", 3.5)) print(pcall(string.format, "%d", "3.0")) print(pcall(string.format, "%d", "x")) print(pcall(string.format, "%s")) print(pcall(string.format, "%\\200", 1)) print(pcall(string.format, "%c", "x")) print(pcall(string.format))',
  "zeros in strings":
    'print(#("%s"):format("a\\0b"), pcall(string.format, "%5s", "a\\0b")) print(("a\\0b"):byte(1, -1)) print(("a\\0b"):find("\\0"), ("a\\0b"):find("b", 1, true), #("\\0"):rep(3), ("a\\0b"):gsub("%z", "Z")) print(("a\\0b"):upper() == "A\\0B", ("a\\0b") < ("a\\0c"), "a\\0b" == "a", #tostring("a\\0b"))',
  "literals by %q":
    'print(("%q"):format("a\\0b\\n\\r\\"\\\\\\200\\0001")) print(("%q %q %q"):format(1/3, math.mininteger, 10)) print(("%q %q"):format(nil, true)) print(("%q %q"):format(1/0, -1/0)) print(pcall(string.format, "%q", {}))',
  "the operator %":
    'print("%d %s" % {1, "a"}, "%5.1f" % 3, "%s" % "x", "%s %s" % {nil, 2}) print(pcall(function() return "%d" % {} end)) print(pcall(function() return 5 % "x" end)) print("10" % 3)',
  "rep, byte, char, sub":
    'print(("x"):rep(3, ","), ("x"):rep(0), ("x"):rep(-1), ("ab"):rep(2)) print(pcall(string.rep, "x", 1 << 30, "y")) print(("abc"):byte(-1), ("abc"):byte(10), ("abc"):byte(0)) print(string.char(72, 105), pcall(string.char, 256)) print(pcall(string.char, -1)) print(("hello"):sub(2, -2), ("hello"):sub(-3), ("hello"):sub(4, 2), ("hello"):sub(math.mininteger, math.maxinteger)) print(pcall(string.sub)) print(("x"):reverse(), ("abc"):reverse(), ("aBc"):upper(), ("aBc"):lower(), ("abc"):len())',
  patterns:
    'print(("hello world"):find("o w"), ("hello"):find("l+"), ("a.b"):find(".", 1, true), ("abc"):find("b", -1), ("abc"):find("", 10), ("abc"):find("", 4)) print(("key = value"):match("^(%w+)%s*=%s*(%w+)$")) print(("abc"):gsub("%w", "%0%0"), ("abc"):gsub("", "-"), ("hello world"):gsub("o", {o = "0"}), ("abc"):gsub("b", function() return false end)) for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do print(k, v) end print(("THE (quick) fox"):find("%((%a+)%)")) print(("f(a(b)c)d"):match("%b()"), ("THE fox"):match("%f[%l]%a+"), ("aa"):match("(a)%1"), ("x"):match("()"))',
  "patterns that are wrong":
    'for _, p in ipairs {"[a", "[]", "[^]", "(", ")", "%", "%b", "%f", "(()", "%1", "[a-", "a%"} do print(p, pcall(string.find, "abc", p)) end print(pcall(string.gsub, "abc", "b", "%2")) print(pcall(string.gsub, "abc", "b", "%x")) print(pcall(string.gsub, "abc", "b", function() return {} end)) print(pcall(string.gsub, "abc", "b")) print(pcall(string.rep)) print(pcall(("x").bad))',
  pack: 'local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end print(hex(string.pack("<i1i2i4", 1, 2, 3)), hex(string.pack(">I3", 0x010203)), hex(string.pack("z", "ab")), hex(string.pack("s1", "ab")), hex(string.pack("<!4 i1 i4", 1, 2)), hex(string.pack("<f", 1.5)), hex(string.pack("<d", 1.5)), hex(string.pack("c5", "ab"))) print(string.unpack("<i1i2i4", "\\1\\2\\0\\3\\0\\0\\0")) print(string.unpack("z", "ab\\0cd"), string.unpack("s1", "\\2abc"), string.unpack("<i2", "\\255\\255"), string.unpack("<I2", "\\255\\255")) print(string.packsize("<!4 i1 i4 d"), pcall(string.packsize, "s"))',
  "packs that are wrong":
    'for _, f in ipairs {"i17", "i0", "y", "c", "!3 i4", "Xz", "X", "i1", "I1", "z", "s1", "\\200", "c1"} do print(f, pcall(string.pack, f, 300)) end print(pcall(string.pack, "i1", 200)) print(pcall(string.pack, "z", "a\\0b")) print(pcall(string.unpack, "i4", "abc")) print(pcall(string.unpack, "z", "abc")) print(pcall(string.unpack, "i1", "a", 5)) print(pcall(string.pack, "i")) print(pcall(string.unpack, "s1", "\\5a")) print(pcall(string.packsize, "i2147483647"))',
  "unpack behind the data":
    'for _, f in ipairs {"z", "z>", "z ", "z>i1", "z!3", "s1>"} do print(pcall(string.unpack, f, "\\1a")) end print(pcall(string.unpack, ">", "")) print(pcall(string.unpack, "<", "", 2))',
  utf8: 'print(utf8.char(72, 228, 8364, 0x10FFFF), utf8.char(), utf8.len("a\\u{E4}\\u{20AC}"), utf8.len("\\xff"), utf8.len("abc", 4), utf8.codepoint("a\\u{E4}", 1, -1)) for p, c in utf8.codes("a\\u{E4}\\u{20AC}") do print(p, c) end print(utf8.offset("a\\u{E4}\\u{20AC}", 3), utf8.offset("a\\u{E4}", -1), utf8.offset("a", 5), utf8.offset("\\u{E4}", 0, 2)) print(utf8.charpattern == "[\\0-\\x7F\\xC2-\\xF4][\\x80-\\xBF]*", utf8.nothing, #utf8.charpattern) for k in pairs(utf8) do print(k) end',
  "utf8 that is wrong":
    'print(pcall(utf8.char, -1)) print(pcall(utf8.char, 0x110000)) print(pcall(utf8.codepoint, "\\xff")) print(pcall(utf8.codepoint, "abc", 4)) print(pcall(utf8.len, "abc", 5)) print(pcall(utf8.len, "abc", 1, 4)) print(pcall(utf8.offset, "\\u{E4}", 1, 2)) print(pcall(utf8.offset, "abc", 1, 5)) print(pcall(function() for _ in utf8.codes("a\\xff") do end end)) print(utf8.len("\\xC0\\x80"), utf8.len("\\xF4\\x90\\x80\\x80"), utf8.len("\\xED\\xA0\\x80"))',
});

const tables = scripts({
  concat:
    'print(table.concat({1, 2.5, "x"}, ", ")) print(table.concat({}, "x"), table.concat({1, 2, 3}, "-", 2), table.concat({1, 2, 3}, "-", 2, 3), table.concat({1}, "-", 3)) print(pcall(table.concat, {1, {}, 3})) print(pcall(table.concat, {1}, "", 1, 2)) print(table.concat(setmetatable({}, {__index = function(_, k) return k * 2 end, __len = function() return 3 end}), " ")) print(table.concat({[math.maxinteger] = "end"}, "x", math.maxinteger, math.maxinteger)) print(pcall(table.concat, {}, "", math.mininteger, math.maxinteger))',
  "insert and remove":
    'local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) print(table.concat(t, " ")) print(pcall(table.insert, t, 9, 1)) print(pcall(table.insert, t)) print(pcall(table.insert, t, 1, 2, 3)) print(pcall(table.insert, 5, 1)) print(table.remove(t), table.remove(t, 1), table.concat(t, " ")) print(table.remove({}), table.remove({}, 0), pcall(table.remove, {1}, 7)) print(table.remove({1, 2}, 3)) local p = setmetatable({}, {__len = function() return 2 end, __index = function(_, k) return "i" .. k end, __newindex = function(_, k, v) print("set", k, v) end}) table.insert(p, "new") table.insert(p, 1, "first") print(table.remove(p, 1))',
  move: 'local t = {1, 2, 3, 4} print(table.concat(table.move(t, 1, 3, 2), " ")) print(table.concat(table.move({1, 2, 3}, 2, 3, 1), " ")) print(table.concat(table.move({1, 2, 3}, 1, 3, 3, {9, 9}), " ")) print(table.concat(table.move({1, 2}, 1, 0, 5), " ")) print(pcall(table.move, {}, 1, math.maxinteger, 2)) print(pcall(table.move, {}, math.mininteger, 1, 2)) print(pcall(table.move, {}, 1, 2)) print(pcall(table.move, 5, 1, 2, 3)) print(table.unpack(table.move({[math.maxinteger] = 7}, math.maxinteger, math.maxinteger, 1), 1, 1))',
  "table.move at the ends of the integers": `local function check(...)
  local read, written
  local t = setmetatable({}, {__index = function(_, k) read = k end, __newindex = function(_, k) written = k error() end})
  print(pcall(table.move, t, ...)) print(read, written)
end
local most, least = math.maxinteger, math.mininteger
check(1, most, 0) check(0, most - 1, 1) check(least, -2, -5) check(least + 1, -1, -2) check(least, -2, 0) check(least + 1, -1, 1) check(most, most, 1) check(least, least, most)`,
  "table.pack":
    'local t = table.pack(1, nil, 3) print(t.n, t[1], t[2], t[3], table.pack().n) print(pcall(table.unpack, 5)) print(table.unpack({1, 2}, "1", 2.0)) print(pcall(table.unpack, {}, 1.5))',
  sort: 'local function show(t) print(table.concat(t, " ")) end local t = {5, 2, 8, 1, 9, 3} table.sort(t) show(t) table.sort(t, function(a, b) return a > b end) show(t) t = {"b", "a", "C"} table.sort(t) show(t) print(pcall(table.sort, {1, "x"})) print(pcall(table.sort, {1, 2, 3}, 5)) print(pcall(table.sort, {3, 1, 2, 5, 4}, function() return true end)) local n = 0 t = {} for i = 1, 100 do t[i] = i * 7919 % 101 end table.sort(t, function(a, b) n = n + 1 return a < b end) show(t) print(n) local p = setmetatable({}, {__len = function() return 3 end, __index = function(_, k) return 4 - k end, __newindex = function(_, k, v) print(k, v) end}) table.sort(p)',
  "tables in flash":
    'print(pcall(function() string.x = 1 end)) print(pcall(function() string[1] = 1 end)) print(pcall(rawset, string, "x", 1)) print(pcall(function() return #string end)) print(rawlen(string), rawget(string, "x"), next(string, "unpack")) print(pcall(table.insert, string, 1)) print(pcall(table.concat, string)) print(getmetatable(ROM) ~= nil, ROM.ROM == ROM, rawget(_G, "print"), type(print), rawget(ROM, "print"))',
});

const math = scripts({
  "integers and floats":
    "print(math.type(1), math.type(1.0), math.type('1'), pcall(math.type)) print(math.tointeger(3.0), math.tointeger('3'), math.tointeger(3.5), math.tointeger({}), math.tointeger(2^70)) print(math.maxinteger + 1 == math.mininteger, math.maxinteger, math.mininteger, math.ult(1, -1), math.abs(math.mininteger), math.abs(-2.5)) print(math.floor(3.7), math.floor(-3.7), math.ceil(3.2), math.floor(2^70), math.ceil(-0.5), math.floor(5)) print(math.huge, -math.huge, math.pi)",
  "quotients and remainders":
    "print(7 // 2, -7 // 2, 7.0 // 2, 7 % -3, -7 % 3, 7.5 % 2, -7.5 % 2, 1 // 0.0, 0/0 ~= 0/0) print(pcall(function() return 1 // 0 end)) print(pcall(function() return 1 % 0 end)) print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(7.5, 2), pcall(math.fmod, 1, 0)) print(pcall(math.fmod, 1, 0.0)) print(math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(1/0))",
  bits: "print(1 << 31, 1 << 62, 1 << 64, -1 >> 1, -1 >> 63, 5 & 3, 5 | 3, 5 ~ 3, ~0, 1 << -1, 2 >> -1) print('3' | 0, 3.0 | 0) print(pcall(function() return 1.5 | 0 end)) print(pcall(function() return {} | 0 end)) print(pcall(function() return 2^70 | 0 end)) print(pcall(function() return 'x' | 0 end))",
  "max, min, random":
    "print(math.max(1, 2.5, -1), math.min(3, 1), pcall(math.max)) print(pcall(math.max, 1, 'x')) print(math.max('a', 'b'), (pcall(math.max, {}))) print(math.random() < 1, math.random(5) <= 5) print(pcall(math.random, 0)) print(pcall(math.random, 2, 1)) print(pcall(math.random, 1, 2, 3)) print(pcall(math.random, math.mininteger, math.maxinteger)) math.randomseed(42) print(math.random(100), math.random(100), math.random(1000, 2000))",
  functions:
    "print(('%.5g %.5g %.5g %.5g'):format(math.sin(1), math.cos(1), math.tan(1), math.atan(1, 2))) print(('%.5g %.5g %.5g %.5g %.5g'):format(math.exp(1), math.log(10), math.log(8, 2), math.log(100, 10), math.log(27, 3))) print(('%.5g %.5g %.5g %.5g %.5g'):format(math.sqrt(2), math.deg(1), math.rad(90), math.acos(0.5), math.asin(0.5))) print(pcall(math.sin)) print(pcall(math.log, 'x')) print(math.sqrt(-1) ~= math.sqrt(-1), math.log(0))",
});

const debugging = scripts({
  tracebacks: `local function f() print(debug.traceback("m")) print(debug.traceback("m", 0)) print(debug.traceback("m", 2)) print(debug.traceback(nil, 99)) print(debug.traceback(5), debug.traceback({}) ~= nil) end
local t = {m = function() f() end}
function named() t.m() end
local function tail() return named() end
tail()
table.sort({1, 2}, function() print(debug.traceback()) return false end)
print(select(2, xpcall(function() error("x") end, debug.traceback)))
local co = coroutine.create(function() local x coroutine.yield() end) print(debug.traceback(co)) coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, nil, 1)) print(debug.traceback(co, "m", 9))`,
  "a traceback that is long":
    "local function f(n) if n == 0 then print(debug.traceback()) else f(n - 1) end return end for n = 17, 23 do f(n) end",
  getinfo: `local function show(i) local o = {} for k, v in pairs(i) do if type(v) ~= "function" and type(v) ~= "table" then o[#o + 1] = k .. "=" .. tostring(v) end end table.sort(o) print(table.concat(o, " ")) end
local function f(a, b, ...) show(debug.getinfo(1)) show(debug.getinfo(2)) show(debug.getinfo(0)) show(debug.getinfo(1, "nSl")) print(debug.getinfo(1, "f").func == debug.getinfo(1).func) end
f(1)
show(debug.getinfo(f)) show(debug.getinfo(print)) show(debug.getinfo(1, "")) print(debug.getinfo(50))
local lines = {} for l in pairs(debug.getinfo(f, "L").activelines) do lines[#lines + 1] = l end table.sort(lines) print(table.concat(lines, " "))
print(pcall(debug.getinfo, 1, "x")) print(pcall(debug.getinfo)) print(pcall(debug.getinfo, "a"))
local co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co) show(debug.getinfo(co, 0)) show(debug.getinfo(co, 1)) print(debug.getinfo(co, 2))`,
  variables: `local function f(a, b, ...)
  local c = 5
  print(debug.getlocal(1, 1)) print(debug.getlocal(1, 3)) print(debug.getlocal(1, -1)) print(debug.getlocal(1, -9)) print(debug.setlocal(1, 3, 7)) print(c)
end
f(1, nil, "va") print(debug.getlocal(f, 1)) print(pcall(debug.getlocal, 99, 1)) print(pcall(debug.getlocal))
local up, other = 1, 2 local function g() return up end local function h() return other end
print(debug.getupvalue(g, 1)) print(debug.setupvalue(g, 1, 9), up) print(debug.getupvalue(g, 5)) print(debug.getupvalue(print, 1)) print(debug.upvalueid(g, 1) == debug.upvalueid(g, 1), debug.upvalueid(g, 1) == debug.upvalueid(h, 1), type(debug.upvalueid(g, 1)))
debug.upvaluejoin(g, 1, h, 1) print(g()) print(pcall(debug.upvalueid, g, 7)) print(pcall(debug.upvaluejoin, print, 1, g, 1)) print(pcall(debug.setupvalue, g, 1))`,
  "metatables and user values":
    'print(debug.setmetatable(5, {__index = function(n, k) return k end}), (5).foo) debug.setmetatable(5, nil) print(pcall(function() return (5).foo end)) print(debug.getmetatable("") == string, debug.getmetatable(nil), pcall(debug.getmetatable)) print(pcall(debug.setmetatable, {}, 5)) print(debug.setuservalue(io.stdout, 5) == io.stdout, debug.getuservalue(io.stdout), debug.getuservalue(1)) print(pcall(debug.setuservalue, 1, 2)) print(debug.gethook()) print(type(debug.getregistry()), type(debug.getstrings()), debug.getstrings("ROM"), pcall(debug.getstrings, "x"))',
  "names of functions in messages":
    'print(pcall(string.rep)) print(pcall(function() string.rep() end)) print(pcall(function() ("x"):rep() end)) print(pcall(function() ("x"):rep({}) end)) local r = string.rep print(pcall(function() r() end)) function glob() error() end print(pcall(function() local t = setmetatable({}, {__index = string.rep}) return t.x end)) print(pcall(io.stdout.write)) print(pcall(string.bad)) print(pcall(setmetatable, 1)) print(pcall(function() io.stdout.seek(5) end)) print(pcall(function() io.stdout:seek("q") end))',
});

const files = scripts({
  "files and formats": `local f = io.tmpfile() print(io.type(f), io.type(5), pcall(io.type)) print(f:write("12 0x1F 1e2 abc\\nline two\\n\\nlast") == f, f:seek("set"))
print(f:read("n", "n", "n", "n")) print(f:read("l", "L", "*L", "a", "a")) print(f:read("l"), f:read(0)) print(pcall(f.read, f, "q")) print(pcall(f.read, f, {}))
print(f:seek("set", 2), f:read(3, 0, 100)) print(f:seek("end"), f:seek("cur", -2), f:read(1), pcall(f.seek, f, "x")) print(f:seek("set", -1))
f:seek("set") for a, b in f:lines(1, "l") do print(a, b) end print(f:setvbuf("no"), pcall(f.setvbuf, f, "q"), f:flush())
print(f:close()) print(pcall(f.read, f)) print(tostring(f), io.type(f)) print(pcall(f.lines, f)) print(pcall(function() for l in f:lines() do end end))`,
  "files that are not there":
    'print(io.open("none")) print(pcall(io.open, "x", "rw")) print(pcall(io.lines, "none")) print(pcall(io.input, "none")) print(pcall(io.open)) print(pcall(io.popen, "ls", "x")) print(pcall(io.popen, "ls")) print(io.stdout:close()) print(pcall(io.close, 5))',
  "writing and reading again": `local f = io.open("t", "w") print(f:write("a", 1, 2.5, 3.0, "\\0z") == f) print(pcall(f.read, f)) print(pcall(f.write, f, {})) f:close()
for l in io.lines("t") do print(#l, l) end for c in io.lines("t", 2) do io.stdout:write("[", c, "]") end print()
io.output("u") io.write("to u ", 7, "\\n") io.close() io.output(io.stdout) print(io.open("u"):read("a"))
io.input("t") print(io.read("n")) print(#io.read("a")) print(io.read("l"), io.read(0)) io.close(io.input()) print(pcall(io.read)) print(pcall(io.lines))
f = io.open("t", "a+") f:write("more") f:seek("set") print(#f:read("a")) f:close() f = io.open("t", "r+b") print(f:seek("end")) f:close() print((os or is).remove("t"), (os or is).remove("u"))`,
});

const system: VectorCase[] = scripts({
  dates:
    'print(os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!%c", 86400)) print(pcall(os.date, "%Ez")) print(os.date("!%Ec|%Od", 0)) print(pcall(os.date, "%k")) print(pcall(os.date, "%")) print(pcall(os.date, "*t", "x")) local t = os.date("!*t", 1e6 // 1 | 0) print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst) print(pcall(os.date, "%d", 2.5))',
  times:
    'local t = {year = 2020, month = 14, day = -3, hour = 30} print(os.time(t)) print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst) print(pcall(os.time, {year = 2020})) print(pcall(os.time, {year = 2020, month = "x", day = 1})) print(pcall(os.time, {year = 2020, month = 1.5, day = 1})) print(pcall(os.time, {year = 1 << 31, month = 1, day = 1})) print(os.time({year = "2020", month = "1", day = 1, hour = 0})) print(math.type(os.time()), os.time()) print(pcall(os.time, 5)) print(os.difftime(5, 3), pcall(os.difftime, 5)) print(pcall(os.time, {year = 2100, month = 1, day = 1}))',
  "the system":
    'print(os.getenv("NONE"), pcall(os.getenv)) print(os.remove("none")) print(os.rename("none", "x")) print(os.setlocale(), os.setlocale("x"), os.setlocale("C"), pcall(os.setlocale, "C", "q")) print(math.type(os.clock())) print(pcall(os.exit, {}))',
  "leaving with true": "print('bye') os.exit(true)",
  "leaving with false": "os.exit(false, true)",
  "leaving with a number": "os.exit(259)",
}).map((vector) => ({ ...vector, targets: ESP8266 }));

/** The reference ends with 0 whatever happens to the script. */
function endsWith1(vector: VectorCase, targets: readonly string[]): VectorCase {
  const reason = "the reference exits with 0 when a script fails";
  return { ...vector, targets, deviations: [{ reason, targets, expect: { exit: 1 } }] };
}

const uncaught = scripts({
  "uncaught: through functions of all kinds": `local function f() error("deep") end
local function g() f() end
local t = {m = function() g() end}
function named() t.m() end
local function tail() return named() end
tail()`,
  "uncaught: in a metamethod":
    "local t = setmetatable({}, {__index = function(t, k) error('in ' .. k) end}) print(t.x)",
  "uncaught: in a coroutine": "coroutine.wrap(function() error('in it') end)()",
  "uncaught: yielding": "coroutine.yield(1)",
  "uncaught: a wrong argument": "string.rep()",
  "uncaught: a number": "error(12)",
  "uncaught: an object with a text":
    "error(setmetatable({}, {__tostring = function() return 'T' end}))",
  "uncaught: a message without a position": "error('x', 0)",
  "uncaught: a stack overflow": "local function f() return f() + 1 end f()",
  "uncaught: a module": "require 'none'",
  "uncaught: in an iterator": "for i in function() error('it') end do end",
  "uncaught: in sort": "table.sort({2, 1}, function() local x = nil .. 1 end)",
  "uncaught: in what load gave": 'load("\\n\\nerror(\\"loaded\\")", "=chunk")()',
});

const SIMPLE = { hasFloats: true, isLua53: true, hasModules: false, isWide: false };

const calls = Array.from({ length: 40 }, (_, i) =>
  script(`library calls ${i}`, libraryProgram(new Random(`calls 53 ${i}`), SIMPLE, 30)),
);
const moduleCalls = Array.from({ length: 20 }, (_, i) =>
  script(
    `module calls ${i}`,
    libraryProgram(new Random(`modules 53 ${i}`), { ...SIMPLE, hasModules: true }, 30),
    { targets: ESP8266 },
  ),
);

/** With a file for `dofile`. */
const withFile = coroutines.map((vector) => ({
  ...vector,
  files: { ...vector.files, "other.lua": "local a = coroutine.yield('in file') return a" },
}));
/** It ends with a status of its own, by the library `os`. */
const failing = [...ends.filter(({ name }) => name !== "a status of its own"), ...uncaught];

const working = [
  ...[...withFile, ...base, ...loading, ...strings, ...tables, ...math, ...debugging, ...files],
  ...[...system, ...calls, ...moduleCalls],
];

/** The cases for some targets, without those that are for others alone. */
function topic(name: string, targets: readonly string[]): Topic {
  const failed = failing.map((vector) => endsWith1(vector, targets));
  const worked = working
    .filter((vector) => vector.targets === undefined || vector.targets === targets)
    .map((vector) => ({ ...vector, targets }));
  return { name, folder: "lua53", cases: [...failed, ...worked] };
}

const ESP32 = LUA53_TARGETS.filter((name) => name.startsWith("esp32"));

export const libraries53 = topic("libraries", ESP8266);
export const librariesEsp32 = topic("libraries-esp32", ESP32);

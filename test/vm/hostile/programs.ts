/** Programs whose code is damaged: written by hand to use what machines are weak in, and generated. */
import type { Target } from "../../../src/target/target.ts";
import { Random } from "../../fuzz/random.ts";
import { generateProgram } from "../generate.ts";

/** Each of them is done after a few hundred steps. */
const COMMON = [
  "local function f(a, b, ...) return select('#', ...), ... end return f(1, 2, 3, f(4, 5, 6))",
  "local t = {} for i = 1, 20 do t[i] = function(d) i = i + d return i end end for i, f in ipairs(t) do t[i] = f(i) end return unpack and unpack(t, 3, 9)",
  "local t = {1, 2, 3, (function(...) return ... end)(4, 5, 6)} for k, v in pairs(t) do t[k] = v .. 'x' .. k end return #t, t[2]",
  "local t = setmetatable({}, {__index = function(t, k) return k end, __newindex = function(t, k, v) rawset(t, k, v) end, __call = function(self, ...) return ... end, __concat = function(a, b) return 'c' end, __eq = function() return true end, __lt = function() return true end, __le = function() return false end, __len = function() return 7 end, __unm = function(a) return a end, __add = function(a, b) return b end}) t.x = t.y local u = -t return t(1, 2), t .. 'a', t + 1, t < t, t <= t, t == u",
  "local co = coroutine.wrap(function(...) local n = select('#', ...) for i = 1, 5 do n = n + coroutine.yield(i, n, ...) end return n end) local s = co(1, 2, 3) for i = 1, 5 do s = co(i) end return s",
  "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(8), pcall(fib, {})",
  "local function loop(n, ...) if n == 0 then return ... end return loop(n - 1, n, ...) end return loop(20)",
  "local s = '' for w in ('one two three four'):gmatch('%a+') do s = s .. w:upper():sub(1, 2) .. #w end return s:rep(3), s:byte(1, -1)",
  "local a, b, c, d = 1, 2 local x = a and b or c local y = not x if a == b or c ~= d and a < b then x, y = y, x end while a < 10 do a = a + 1 if a > 8 then break end end repeat local z = a a = a - 1 until z < 3 return a, b, c, d, x, y",
  "local n = 0 for i = 10, 1, -3 do for j = 1, 2 do n = n + i * j end end for i = 0.5, 2 do n = n .. i end return n",
  "local a = {} for i = 1, 60 do a[i] = (i * 37) % 61 end table.sort(a, function(x, y) return x > y end) return table.concat(a, ',', 1, 10), a[60]",
  "return pcall(function(...) local a, b = ... error({a, b, ...}) end, 1, 2, 3), xpcall(function() return nil + 1 end, function(m) return m end)",
  "local function outer() local a, b = 1, 2 return function() a = a + b return function(c) b = b + c return a, b end end end local f = outer() local g = f() return g(1), f()(2)",
  "x = 1 y = {x = {y = {z = function(self, a) return a end}}} for i = 1, 3 do x = x + i y.x.y[i] = x end return y.x.y:z(x), y.x.y[2]",
  "local f = (loadstring or load)(string.dump(function(a, ...) return a, select('#', ...) end)) return f(1, 2, 3)",
  "local f = twist(function(a, b) local t = {a, b} for i = 1, 3 do t[#t + 1] = a + i end return t[#t] end) return f and f(1, 2)",
  "local t = {} for i = 1, 5 do local f = twist(function(...) local a = {...} return function(...) return a, ... end end) t[i] = f and pcall(f, i, t) end return t",
];

/** Only Lua 5.1 has these. */
const LUA51 = [
  "local function f(...) return arg and arg.n, #arg end return f(1, 2, 3)",
  "local function f(a, b) setfenv(1, {a = 5}) return a end return f(1), getfenv(f)",
];

/** Programs of the target's language, the same for a seed. */
export function programsFor(target: Target, seed: string, generated: number): string[] {
  const isLua53 = target.dialect.chunkVersion === 0x53;
  const language = { hasFloats: !target.numbers.integral, isLua53 };
  const list = isLua53 ? [...COMMON] : [...COMMON, ...LUA51];
  const programs = target.numbers.integral ? list.map((text) => text.replaceAll("0.5", "0")) : list;
  for (let i = 0; i < generated; i++) {
    programs.push(generateProgram(new Random(`${seed}/hostile/${i}`), language, 4));
  }
  return programs;
}

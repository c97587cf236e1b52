/** Functions compiled to JavaScript do what the dispatch loop does; the loop is compared elsewhere. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { findTarget } from "../../src/target/targets.ts";
import { Random } from "../fuzz/random.ts";
import { generateProgram } from "./generate.ts";
import { runProgram } from "./program.ts";

const FLOAT = findTarget("esp8266-lua51-float");

/** A program's output and error, with no function compiled. */
function expected(program: string, target = FLOAT) {
  return runProgram(program, "c.lua", target, false);
}

/** The same with functions compiled when they are entered or jumped back in for the n-th time. */
function actual(program: string, after: number, target = FLOAT) {
  return runProgram(program, "c.lua", target, after);
}

const PROGRAMS: Readonly<Record<string, string>> = {
  "a loop that is entered at each of its parts": `
    local t = {}
    for i = 1, 4 do
      t[#t + 1] = "i" .. i
      for j = i, 1, -1 do
        if j == 2 then t[#t + 1] = "two" end
        local k = 0
        while k < 3 do k = k + 1 if k == 2 then break end t[#t + 1] = i * 100 + j * 10 + k end
        repeat k = k - 1 local done = k < 0 until done
      end
    end
    print(table.concat(t, " "))`,
  "fractions in loops": `
    local s = 0 for x = 0, 1, 0.1 do s = s + x print(x) end
    for x = 3, 1, -0.5 do s = s - x end print(s)
    for x = "1", "3" do print(x) end
    print(pcall(function() for x = 1, {} do end end))`,
  "variables that closures share": `
    local fs = {}
    for i = 1, 3 do local n = i * 1.5 fs[i] = function(d) n = n + d i = i + 1 return n, i end end
    for _ = 1, 3 do for i = 1, 3 do print(fs[i](0.25)) end end
    local a, b = 1, 2 local function swap() a, b = b, a end swap() print(a, b)`,
  "coroutines suspended in loops and calls": `
    local function inner(n) for i = 1, n do coroutine.yield(i / 2) end return n end
    local co = coroutine.wrap(function(...)
      while true do local got = coroutine.yield(inner(2) + select("#", ...)) if got then break end end
      return "end", pcall(function() coroutine.yield("in pcall") end)
    end)
    for i = 1, 12 do print(pcall(co, i == 9)) end
    local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end) end
    for a, b in gen(4) do for c in gen(2) do io.write(a, " ", b, " ", c, ";") end end print()`,
  "errors with their lines and names": `
    local t = {}
    for i = 1, 6 do
      print(pcall(function(x)
        if x == 1 then return t.a.b end
        if x == 2 then return undefinedFunction(x) end
        if x == 3 then
          return t +
            1
        end
        if x == 4 then return #x end
        if x == 5 then return x < "5" end
        return "a" .. t
      end, i))
    end
    print(pcall(string.rep)) print(pcall(function() local s = "x" return s:nothing() end))`,
  tracebacks: `
    local function deep(n) if n == 0 then error("deep") end local r = deep(n - 1) return r end
    print(xpcall(function() return deep(3) end, function(m) return debug.traceback(m) end))
    local function tail(n) if n == 0 then error("tail") end return tail(n - 1) end
    print(xpcall(function() tail(3) end, debug.traceback))`,
  "deep recursion": `
    local function sum(n) if n == 0 then return 0 end return n + sum(n - 1) end
    print(sum(10), sum(5000))
    local function forever(n) return 1 + forever(n + 1) end
    print(pcall(forever, 1))
    local function loop(n) if n == 0 then return "done" end return loop(n - 1) end print(loop(100000))
    local function even(n) if n == 0 then return true end return not not (n > 0) and even(n - 1) end
    print(even(10000))`,
  "native functions that call back, many deep": `
    local function nest(n) if n == 0 then return 0 end
      local r local t = {3, 1, 2} table.sort(t, function(a, b) if not r then r = nest(n - 1) end return a < b end)
      return r + t[1] end
    print(nest(30)) print(pcall(nest, 300))
    print((("abc"):gsub("%w", function(c) return c:upper() .. nest(1) end)))`,
  metamethods: `
    local log = {}
    local m = {} m.__index = function(t, k) log[#log + 1] = k return k .. "!" end
    m.__newindex = function(t, k, v) rawset(t, k, v) log[#log + 1] = v end
    m.__add = function(a, b) return 7.5 end m.__lt = function() return true end m.__le = function() return false end
    m.__eq = function() return true end m.__concat = function() return "cat" end m.__call = function(self, ...) return ... end
    m.__unm = function() return "neg" end m.__len = function() return 9 end
    for i = 1, 4 do
      local a, b = setmetatable({}, m), setmetatable({}, m)
      print(a.x, a[i], a + 1, 2 + b, a < b, a <= b, a == b, a .. "s", "s" .. b, -a, a(i, "c"), #a)
      a.y = i a[i] = "v" a.y = 2
    end
    print(table.concat(log, " "))`,
  "lists without a fixed length": `
    local function f(...) local a, b = ... return select("#", ...), a, b, ... end
    local function g(...) return f(...) end
    for i = 1, 3 do print(f()) print((f(i))) print(g(i, nil, 2.5)) print(({ f(1, 2), f(3) })[4], #{ i, f(1, 2) }) end
    local function old(...) return arg.n, arg[1] end for i = 1, 3 do print(old(i, "x")) end
    for i = 1, 3 do local x, y, z = (function(...) return ... end)(i, 0.5) print(x, y, z) end`,
  "numbers at their edges": `
    for _ = 1, 3 do
      local z, big = 0, 2147483647
      print(1 / (z * -1), big + 1, -big - 2, big * big, 7 % 3, -7 % 3, 7 % -3, 5.5 % 2, 2 ^ 0.5, 1e308 * 10, -(0 / 0) ~= 0 / 0)
      print("10" + 5, "0x10" * 2, 10 .. 20, -"2", 3 == "3", 1 < 2, 1 <= 0.5)
    end`,
  "native functions with a quick way": `
    local t, s = {}, "hello w\\0rld"
    local values = { 0, 1, -1, 3, 5.5, -20, 20, "2", "x", s, {} }
    for round = 1, 3 do
      for _, a in ipairs(values) do
        for _, b in ipairs(values) do
          local function try(f, ...) local ok, r = pcall(f, ...) t[#t + 1] = tostring(type(r) == "table" or r) end
          try(function() local r = string.sub(s, a, b) return r end)
          try(function() local r = string.sub(a, b) return r end)
          try(function() local r = s:byte(a) return r end)
          try(function() local r = math.max(a, b) return r end)
          try(function() local r = math.floor(a) return r end)
          try(function() local r = #string.upper(a) + string.len(b) return r end)
          try(function() local r = type(a) .. type(b) return r end)
        end
      end
    end
    local function sums(f, n) local x = 0.5 for i = 1, n do local y = f(x + i) x = x + y end return x end
    for i = 1, 9 do print(sums(math.sqrt, i), sums(math.abs, i), sums(function(v) return v end, i)) end
    print(pcall(sums, math.sqrt, 3), pcall(sums, type, 3))
    print(table.concat(t, ","))`,
  environments: `
    local function f() x = (x or 0) + 1 return x end
    print(f(), f()) setfenv(f, { x = 10 }) print(f(), f(), x)
    setfenv(f, setmetatable({}, { __index = function(_, k) return 1.5 end, __newindex = function(t, k, v) rawset(t, k, v * 2) end }))
    print(f(), f(), f())`,
};

describe.each([1, 2, 3, 7])("compiled after %i entries or jumps backward", (after) => {
  test.each(Object.entries(PROGRAMS))("%s", (_, program) => {
    const outcome = expected(program);
    expect(outcome.error).toBeUndefined();
    expect(outcome.output).not.toBe("");
    expect(actual(program, after)).toEqual(outcome);
  });

  test.each(["esp8266-lua51-float", "esp8266-lua51-int"])("generated programs for %s", (name) => {
    const target = findTarget(name);
    const language = { hasFloats: !target.numbers.integral, isLua53: false };
    for (let i = 0; i < 12; i++) {
      const program = generateProgram(new Random(`compiled/${name}/${after}/${i}`), language, 12);
      expect(actual(program, after, target)).toEqual(expected(program, target));
    }
  });
});

describe("where functions cannot be made of text", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("the dispatch loop goes on", () => {
    let asked = 0;
    const refusing = class {
      constructor() {
        asked++;
        throw new EvalError("refused by policy");
      }
    };
    vi.stubGlobal("Function", refusing);
    const program = "local s = 0 for i = 1, 1000 do s = s + i end print(s)";
    expect(actual(program, 1)).toEqual({ output: "500500\n", error: undefined });
    expect(asked).toBeGreaterThan(0);
  });
});

/**
 * The memory of running programs against measurements: interpreters of the reference, built for 32 bits
 * with the device's layout of records, ran each program; recorded is the difference of what was in use
 * after two collections each.
 */
import { describe, expect, it } from "vitest";
import { targets } from "../../src/index.ts";
import { findTarget } from "../../src/target/targets.ts";
import { linesOf } from "./count-bytes.ts";
import { MODULE_PROGRAMS, OBJECT_PROGRAMS } from "./memory-cases.ts";
import figures from "./memory-figures.json" with { type: "json" };
import wholeFigures from "./memory-programs.json" with { type: "json" };
import { measuring, WHOLE_PROGRAMS } from "./memory-programs.ts";

const WHOLE_FIGURES: Readonly<Record<string, Readonly<Record<string, number>>>> = wholeFigures;
const FIGURES: Readonly<Record<string, Readonly<Record<string, number>>>> = figures;
type Programs = Readonly<Record<string, string>>;
const PROGRAMS: Readonly<Record<string, Programs>> = {
  lua51: { ...OBJECT_PROGRAMS.lua51, ...MODULE_PROGRAMS.lua51 },
  lua53: { ...OBJECT_PROGRAMS.lua53, ...MODULE_PROGRAMS.lua53 },
};
/** The reference runs no programs of Lua 5.3 for the newer chip. */
const MEASURED = targets.filter(({ name }) => /^esp8266|lua51/.test(name));
const DEFAULT = findTarget("esp8266-lua51-float");

it("there are measurements of every program, and programs for all of them", () => {
  expect(Object.keys(FIGURES).sort()).toEqual(MEASURED.map(({ name }) => name).sort());
  for (const { name, dialect, firmware } of MEASURED) {
    const there = firmware.includes("3.0") ? PROGRAMS : OBJECT_PROGRAMS;
    expect(Object.keys(FIGURES[name])).toEqual(Object.keys(there[dialect.name]));
  }
});

describe.each(MEASURED)("objects have the device's sizes on $name", ({ name, dialect }) => {
  const target = findTarget(name);
  it.each(Object.entries(FIGURES[name]))("%s", (program, figure) => {
    const [line] = linesOf({ source: PROGRAMS[dialect.name][program], target });
    expect(Number(line)).toBe(figure);
  });
});

/** The reference's collector runs by itself, and what it leaves of stacks and tables is estimated. */
describe.each(MEASURED)("whole programs on $name", ({ name }) => {
  const target = findTarget(name);
  const measured = Object.entries(WHOLE_FIGURES[name]);

  it.each(measured)("%s: to within 1.5 per cent", (program, figure) => {
    const source = measuring(WHOLE_PROGRAMS[program]);
    const [before, after] = linesOf({ source, target }).map(Number);
    expect(Math.abs(after - before - figure) / figure).toBeLessThan(0.015);
  });

  it("all of them", () => {
    expect(measured.map(([program]) => program)).toEqual(Object.keys(WHOLE_PROGRAMS));
  });
});

/** What a program of the default target writes, as the reference does. */
function lines(source: string, memoryLimit?: number): readonly string[] {
  return linesOf({
    source,
    target: DEFAULT,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
}

describe("weak tables", () => {
  it("lose values that nothing else keeps, but no strings, numbers and functions in flash", () => {
    const source = `
      local t = setmetatable({}, {__mode = "v"})
      t.dead, t.text, t.number, t.flash, t.self = {}, "a" .. 1, 1, print, t
      t[1], t[2] = {}, function() end
      collectgarbage()
      print(t.dead, t.text, t.number, t.flash == print, t.self == t, t[1], t[2])`;
    expect(lines(source)).toEqual(["nil\ta1\t1\ttrue\ttrue\tnil\tnil"]);
  });

  it("lose keys, and in Lua 5.1 not those that their own values keep", () => {
    const source = `
      local t = setmetatable({}, {__mode = "k"})
      for i = 1, 3 do t[{}] = i end
      for i = 1, 4 do local key = {} t[key] = {key} end
      collectgarbage()
      local n = 0 for _ in pairs(t) do n = n + 1 end
      print(n)`;
    expect(lines(source)).toEqual(["4"]);
  });

  it("may be gone through while they lose entries", () => {
    const source = `
      local t = setmetatable({}, {__mode = "v"})
      for i = 1, 10 do t["k" .. i] = {} end
      local n = 0 for _ in pairs(t) do n = n + 1 collectgarbage() end
      print(n)`;
    expect(lines(source)).toEqual(["1"]);
  });

  it("keep what a coroutine holds until it is gone itself", () => {
    const source = `
      local t = setmetatable({}, {__mode = "v"})
      local co = coroutine.wrap(function() local held = {} t[1] = held coroutine.yield() end)
      co() collectgarbage() print(type(t[1]))
      co = nil collectgarbage() print(type(t[1]))`;
    expect(lines(source)).toEqual(["table", "nil"]);
  });
});

const NEW_OBJECT = `
  local function new(name, more)
    local object = newproxy(true)
    getmetatable(object).__gc = function(o) print("gc " .. name) if more then more(o) end end
    return object
  end`;

describe("finalizers", () => {
  it("are called once, for the youngest first, when a collection finds an object dead", () => {
    const source = `${NEW_OBJECT}
      new("a") local kept = new("b") new("c")
      collectgarbage() print("-") collectgarbage() print(type(kept))`;
    expect(lines(source)).toEqual(["gc c", "gc a", "-", "userdata"]);
  });

  it("see objects that have left weak values, but not weak keys", () => {
    const source = `${NEW_OBJECT}
      local v = setmetatable({}, {__mode = "v"}) local k = setmetatable({}, {__mode = "k"})
      do
        local o = new("o", function() print(v[1], next(k) ~= nil) end)
        v[1] = o k[o] = 1
      end
      collectgarbage() print(next(k) ~= nil) collectgarbage() print(next(k) ~= nil)`;
    expect(lines(source)).toEqual(["gc o", "nil\ttrue", "true", "false"]);
  });

  it("may bring an object back, which is not finalized again and stays out of weak values", () => {
    const source = `${NEW_OBJECT}
      local saved new("o", function(o) saved = o end) collectgarbage() print(type(saved))
      local v = setmetatable({saved}, {__mode = "v"}) collectgarbage() print(v[1])
      saved = nil collectgarbage() print("end")`;
    expect(lines(source)).toEqual(["gc o", "userdata", "nil", "end"]);
  });

  it("pass on their errors, and the rest is finalized later", () => {
    const source = `${NEW_OBJECT}
      new("first") new("bad", function() error("oops", 0) end)
      print(pcall(collectgarbage)) print(pcall(collectgarbage))`;
    expect(lines(source)).toEqual(["gc bad", "false\toops", "gc first", "true\t0"]);
  });
});

describe("Lua 5.3", () => {
  const target = findTarget("esp8266-lua53");
  // The reference's collector would run by itself.
  const NEW = `collectgarbage("stop") local function new(name, more)
    return setmetatable({}, {__gc = function(o) print("gc " .. name) if more then more(o) end end})
  end `;

  it("keeps a value of weak keys only while something else keeps its key", () => {
    const source = `
      local t = setmetatable({}, {__mode = "k"})
      for i = 1, 3 do local key = {} t[key] = {key} end
      local kept = {} t[kept] = {1}
      local a, b = {}, {} t[a], t[b] = b, a a, b = nil, nil
      local c, d = {}, {} t[c] = d t[d] = {2} d = nil
      collectgarbage()
      local n = 0 for _ in pairs(t) do n = n + 1 end
      print(n, t[kept][1], t[t[c]][1])`;
    expect(linesOf({ source, target })).toEqual(["3\t1\t2"]);
  });

  it("finalizes tables whose metatable had a finalizer when it was set, the last one first", () => {
    const source = `${NEW}
      new("a") local kept = new("b") new("c")
      local late = {} setmetatable({}, late) late.__gc = function() print("never") end
      local marked = {__gc = true} setmetatable({}, marked) marked.__gc = function() print("marked") end
      collectgarbage() print(type(kept))`;
    expect(linesOf({ source, target })).toEqual(["marked", "gc c", "gc a", "table"]);
  });

  it("finalizes again what got its metatable again", () => {
    const source = `${NEW}
      local saved new("o", function(o) saved = o end) collectgarbage()
      setmetatable(saved, getmetatable(saved)) saved = nil collectgarbage()
      saved = nil collectgarbage() print("end")`;
    expect(linesOf({ source, target })).toEqual(["gc o", "gc o", "end"]);
  });

  it("takes objects out of weak values before they are finalized, and out of weak keys after", () => {
    const source = `${NEW}
      local v = setmetatable({}, {__mode = "v"}) local k = setmetatable({}, {__mode = "k"})
      local held = {}
      do
        local o = new("o", function(o) print(v[1], v[2], k[o]) end)
        o.held = {} v[1], v[2], k[o] = o, o.held, 1
      end
      collectgarbage() print(next(k) ~= nil) collectgarbage() print(next(k))`;
    expect(linesOf({ source, target })).toEqual(["gc o", "nil\tnil\t1", "true", "nil"]);
  });

  it("tells that an error came from a finalizer", () => {
    const source = `${NEW}
      new("first") new("bad", function() error("oops", 0) end) new("worse", function() error({}) end)
      for i = 1, 3 do print(pcall(collectgarbage)) end`;
    expect(linesOf({ source, target })).toEqual([
      "gc worse",
      "false\terror in __gc metamethod (no message)",
      "gc bad",
      "false\terror in __gc metamethod (oops)",
      "gc first",
      "true\t0",
    ]);
  });
});

describe("a memory limit", () => {
  it.each([
    ["tables", "local t = {} while true do t[#t + 1] = {} end"],
    ["tables in a chain", "local t = {} while true do t = {t} end"],
    [
      "empty tables with metatables",
      "local t = {} while true do t = setmetatable({}, {__index = t}) end",
    ],
    ["a growing string", "local s = 'x' while true do s = s .. s end"],
    ["strings", "local t = {} while true do t[#t + 1] = ('x'):rep(100) .. #t end"],
    ["one long string", "return ('x'):rep(2 ^ 26)"],
    ["closures", "local f = print while true do local g = f f = function() return g end end"],
    ["coroutines", "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end"],
    ["userdata", "local t = {} while true do t[#t + 1] = pixbuf.newBuffer(50, 4) end"],
    ["deep recursion", "local function f() return 1 + f() end return f()"],
    [
      "loaded code",
      "local t = {} while true do t[#t + 1] = assert(loadstring('return {1, 2, 3}')) end",
    ],
  ])("ends a program that makes %s, by an error that it can catch", (_, body) => {
    const source = `print(pcall(function() ${body} end)) print(#{1, 2})`;
    expect(lines(source, 60_000)).toEqual(["false\tnot enough memory", "2"]);
  });

  it("leaves alone a program whose garbage is many times as much", () => {
    const source = `
      local last for i = 1, 20000 do last = {i, "text " .. i, function() return i end} end
      print(last[2])`;
    expect(lines(source, 20_000)).toEqual(["text 20000"]);
  });

  it("is kept to within a sixty-fourth", () => {
    const source = `
      local t, size = {}, 0
      pcall(function() while true do t[#t + 1] = {} size = collectgarbage("count") end end)
      print(size)`;
    const [size] = lines(source, 40_000);
    expect(Number(size)).toBeGreaterThan(40_000 * 0.9);
    expect(Number(size)).toBeLessThan(40_000 * (1 + 1 / 64));
  });
});

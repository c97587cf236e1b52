/** Stand-ins for modules, in JavaScript and in Lua. */
import { describe, expect, test } from "vitest";
import { LuaMock, type Mock, mockModules } from "../../src/board/mock.ts";
import { OpaqueValue, results } from "../../src/board/mock-values.ts";
import { GENERATIONS, printed, trial } from "./trial.ts";

const [FIRMWARE_22, FIRMWARE_30] = GENERATIONS;

function withMock(program: string, mock: Mock, target = FIRMWARE_30): string {
  return printed(target, program, { modules: mockModules({ mock }) });
}

describe.each(GENERATIONS)("a mock in JavaScript on %s", (target) => {
  test("is a global with functions, constants and tables", () => {
    const mock = { STATION: 1, NAME: "w", on: true, sta: { getip: () => "192.168.0.2" } };
    const program = "print(mock.STATION, mock.NAME, mock.on, mock.sta.getip(), mock.none)";
    expect(withMock(program, mock, target)).toBe("1\tw\ttrue\t192.168.0.2\tnil\n");
  });

  test("cannot be changed, like a module", () => {
    const program = `
      print(pcall(function() mock.x = 1 end))
      print(pcall(function() mock.sta.x = 1 end))
      print(type(mock) == type(node), mock.x)`;
    const result = withMock(program, { sta: {} }, target);
    expect(result.match(/^false\t/gm)).toHaveLength(2);
    expect(result.endsWith("true\tnil\n")).toBe(true);
  });

  test("takes the place of a module that the board has", () => {
    expect(
      printed(target, "print(node.heap())", { modules: mockModules({ node: { heap: () => 7 } }) }),
    ).toBe("7\n");
  });
});

test("pairs shows a mock in the order in which it is written", () => {
  const program = "for k in pairs(mock) do print(k) end";
  expect(withMock(program, { z: 1, a: () => 1, m: {} })).toBe("z\na\nm\n");
});

describe("values", () => {
  const echo = { echo: (value: string) => value };

  test.each(["nil", "true", "1", "0.5", "-3e10", "'text'", "'\\195\\164'", "'\\0\\255\\n'"])(
    "%s goes to JavaScript and back",
    (value) => {
      expect(withMock(`local v = ${value} print(mock.echo(v) == v)`, echo)).toBe("true\n");
    },
  );

  test("come to JavaScript as one would write them there", () => {
    const seen: unknown[] = [];
    const see = (...args: unknown[]) => void seen.push(...args);
    const program = `
      mock.see(nil, false, 12, 1.5, "\\195\\164", "\\255", { 1, "b" }, { x = { y = 2 } }, {}, { [3] = 4 })`;
    withMock(program, { see });
    expect(seen).toEqual([
      undefined,
      false,
      12,
      1.5,
      "ä",
      Uint8Array.of(255),
      [1, "b"],
      { x: { y: 2 } },
      {},
      { "3": 4 },
    ]);
  });

  test("of JavaScript come to Lua", () => {
    const mock = {
      list: () => [1, "zwei", [3]],
      object: () => ({ a: 1, b: { c: null, d: "x" } }),
      bytes: () => Uint8Array.of(0, 255),
      big: () => 3_000_000_000,
      nothing: () => undefined,
      several: () => results(1, undefined, "three"),
      more: () => () => "inner",
    };
    const program = `
      local l, o = mock.list(), mock.object()
      print(#l, l[1], l[2], l[3][1], o.a, o.b.c, o.b.d)
      print(#mock.bytes(), mock.bytes():byte(2), mock.big(), mock.nothing())
      print(mock.several())
      print(mock.more()())
      l[1] = "changed" print(l[1])`;
    expect(withMock(program, mock)).toBe(
      "3\t1\tzwei\t3\t1\tnil\tx\n2\t255\t3000000000\tnil\n1\tnil\tthree\ninner\nchanged\n",
    );
  });

  test("are integers where numbers are integers", () => {
    const program = "print(mock.half(), mock.whole())";
    const mock = { half: () => 2.5, whole: () => 7 };
    expect(withMock(program, mock, "esp8266-lua51-int")).toBe("2\t7\n");
  });

  test("that refer to themselves come to JavaScript as such", () => {
    let seen: { self?: unknown } = {};
    const see = (value: { self?: unknown }) => {
      seen = value;
    };
    withMock("local t = {} t.self = t mock.see(t)", { see });
    expect(seen.self).toBe(seen);
  });

  test("that only Lua knows can be given back", () => {
    const kept: unknown[] = [];
    const mock = {
      keep: (value: unknown) => void kept.push(value),
      give: () => kept[0],
    };
    const program =
      "local c = coroutine.create(function() end) mock.keep(c) print(mock.give() == c)";
    expect(withMock(program, mock as unknown as Mock)).toBe("true\n");
    expect(kept[0]).toBeInstanceOf(OpaqueValue);
  });

  test("are refused when Lua has nothing for them", () => {
    const mock = { soon: async () => 1, made: () => new Date(0), sign: () => Symbol("s") };
    const program = `
      print(select(2, pcall(mock.soon)))
      print(select(2, pcall(mock.made)))
      print(select(2, pcall(mock.sign)))`;
    expect(withMock(program, mock)).toBe(
      "Lua has nothing for a Promise; plain objects and arrays become tables\n" +
        "Lua has nothing for a Date; plain objects and arrays become tables\n" +
        "Lua has nothing for a symbol\n",
    );
  });
});

describe("objects with functions", () => {
  test("have methods, which get the object itself", () => {
    const sockets: unknown[] = [];
    const newSocket = () => {
      const socket = {
        sent: 0,
        send(self: { sent: number }, text: string) {
          sockets.push(self);
          self.sent += text.length;
          return self.sent;
        },
      };
      sockets.push(socket);
      return socket;
    };
    const program = 'local s = mock.newSocket() print(s:send("ab"), s:send("cde"))';
    expect(withMock(program, { newSocket })).toBe("2\t5\n");
    expect(sockets).toHaveLength(3);
    expect(new Set(sockets).size).toBe(1);
  });
});

describe("functions of the program", () => {
  test("give their first result when they are called at once", () => {
    const twice = (fn: (x: number) => number) => fn(fn(3));
    expect(withMock("print(mock.twice(function(x) return x * x, 'more' end))", { twice })).toBe(
      "81\n",
    );
  });

  test("come back as themselves", () => {
    const same = (fn: () => void) => fn;
    expect(withMock("local function f() end print(mock.same(f) == f)", { same })).toBe("true\n");
  });

  test("are tasks when they are called later", () => {
    const mock: Mock = (board) => ({
      later(milliseconds: number, fn: (text: string) => void) {
        board.after(milliseconds, () => fn(`at ${Math.floor(board.now() / 1000)} s`));
      },
    });
    const program = `
      mock.later(5000, function(text) print("second", text) end)
      mock.later(2000, function(text) print("first", text) end)
      print("now")`;
    expect(withMock(program, mock)).toBe("now\nfirst\tat 2 s\nsecond\tat 5 s\n");
  });

  test("of an earlier start are not called any more", () => {
    let old: ((text: string) => void) | undefined;
    const mock = {
      on(fn: (text: string) => void) {
        old?.("too late");
        old = fn;
      },
    };
    const program = `
      mock.on(function(text) print("called", text) end)
      if select(2, node.bootreason()) == 0 then node.restart() end
      print("end")`;
    expect(withMock(program, mock)).toBe("end\n");
  });

  test("hand their errors on", () => {
    const call = (fn: () => void) => fn();
    const program = `print(pcall(mock.call, function() error("inner", 0) end))
      print(pcall(mock.call, function() error({ code = 5 }) end))`;
    expect(withMock(program, { call })).toMatch(/^false\tinner\nfalse\ttable: /);
  });
});

describe("errors", () => {
  test("of JavaScript are Lua's, with the place of the call", () => {
    const mock = {
      fail() {
        throw new Error("no network");
      },
    };
    const program = "local function f()\n mock.fail()\nend\nprint(pcall(f))\nmock.fail()";
    const result = withMock(program, mock);
    expect(result).toContain("false\tinit.lua:2: no network\n");
    expect(result).toContain("init.lua:5: no network\nstack traceback:");
  });

  test("of a program that calls itself through a mock do not end the run", () => {
    const again = (fn: () => void) => fn();
    const program = "local function f() mock.again(f) end print(pcall(f))";
    expect(withMock(program, { again })).toMatch(/^false\t.*overflow/);
  });
});

test("a mock that is made at each start begins anew, and knows why", () => {
  const reasons: string[] = [];
  const mock: Mock = (board) => {
    reasons.push(board.startReason);
    let count = 0;
    return { count: () => ++count };
  };
  const program = `
    print(mock.count(), mock.count())
    if select(2, node.bootreason()) == 0 then node.restart() end`;
  expect(withMock(program, mock)).toBe("1\t2\n1\t2\n");
  expect(reasons).toEqual(["power on", "restart"]);
});

describe.each(GENERATIONS)("a mock in Lua on %s", (target) => {
  const WIFI = new LuaMock(`
    local ip = "10.0.0.7"
    local M = { STATION = 1, names = { "a", "b" } }
    M.sta = { getip = function() return ip end, setip = function(new) ip = new end }
    function M.setmode(mode) return mode == M.STATION end
    return M`);

  test("is a global that cannot be changed, and keeps its state", () => {
    const program = `
      print(wifi.setmode(wifi.STATION), wifi.sta.getip(), #wifi.names, wifi.names[2])
      wifi.sta.setip("10.0.0.8")
      print(wifi.sta.getip())
      print((pcall(function() wifi.STATION = 2 end)), (pcall(function() wifi.sta.x = 1 end)))
      print(type(wifi) == type(node))`;
    expect(printed(target, program, { modules: mockModules({ wifi: WIFI }) })).toBe(
      "true\t10.0.0.7\t2\tb\n10.0.0.8\nfalse\tfalse\ntrue\n",
    );
  });

  test("begins anew with each start, before the program", () => {
    const mock = new LuaMock("print('mock', print ~= nil) return {}");
    const program = `print(mock ~= nil)
      if select(2, node.bootreason()) % 8 == 0 then node.restart() end`;
    expect(withMock(program, mock, target)).toBe("mock\ttrue\ntrue\nmock\ttrue\ntrue\n");
  });
});

test("a mock in Lua may have a metatable and tables that refer to each other", () => {
  const mock = new LuaMock(`
    local M = {}
    M.self, M.sub = M, { parent = M }
    return setmetatable(M, { __index = function(_, name) return "no " .. name end })`);
  expect(withMock("print(mock.self == mock, mock.sub.parent == mock, mock.other)", mock)).toBe(
    "true\ttrue\tno other\n",
  );
});

describe("a mock in Lua that fails stops the board", () => {
  test.each([
    ["x = = 1", "mock.lua:1: unexpected symbol near '='"],
    ["error('no')", "mock.lua:1: no"],
    ["return 5", "mock.lua must return a table, not number"],
    ["", "mock.lua must return a table, not nil"],
  ])("%j", (source, reason) => {
    const { board } = trial(
      FIRMWARE_22,
      { "init.lua": "" },
      { modules: mockModules({ mock: new LuaMock(source) }) },
    );
    expect(board.run()).toMatchObject({
      kind: "stopped",
      message: `the mock of 'mock' failed: ${reason}`,
    });
  });
});

test("two boards may have the same mock", () => {
  const calls: (() => void)[] = [];
  const modules = mockModules({ mock: { later: (call: () => void) => void calls.push(call) } });
  const program = { "init.lua": "mock.later(function() print('called') end)" };
  const boards = [1, 2].map(() => trial(FIRMWARE_30, program, { modules }));
  for (const { board } of boards) board.run();
  for (const call of calls) call();
  for (const { board } of boards) board.run();
  expect(boards.map(({ output }) => output())).toEqual(["called\n", "called\n"]);
});

test("a module that is neither there nor mocked is nil, as on a device without it", () => {
  const result = printed(FIRMWARE_30, "wifi.sta.getip()");
  expect(result).toContain("init.lua:1: attempt to index global 'wifi' (a nil value)");
});

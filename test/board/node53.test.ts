/** The module `node` with Lua 5.3: what is different from Lua 5.1, and that the rest works there, too. */
import { describe, expect, test } from "vitest";
import { mockModules } from "../../src/board/mock.ts";
import { compile, encode } from "../../src/index.ts";
import { IMAGE_TIME, imageOf, printed, trial } from "./trial.ts";

const [SMALL, LARGE, NEWER_CHIP, NEWER_LARGE] = [
  "esp8266-lua53",
  "esp8266-lua53-64",
  "esp32-lua53",
  "esp32-lua53-64",
];
const TARGETS = [SMALL, LARGE, NEWER_CHIP, NEWER_LARGE];
/** What projects put into their image: the table of modules is the firmware's own there. */
const INIT = `
local LFS = node.LFS
_G.LFS = LFS
package.searchers[3] = function(name) return LFS[name] end
local fromFiles = loadfile
function loadfile(name)
  local module = name:match("(.*)%.l[uc]a?$")
  return module and LFS[module] or fromFiles(name)
end
function dofile(name) return assert(loadfile(name))() end
`;

const MODULES = {
  _init: INIT,
  greet: "local name = ... return { from = name, say = function() return _VERSION end }",
  twice: "local x = ... return 2 * x",
};

/** Runs a program on a board that has loaded the image itself. */
function withImage(target: string, program: string) {
  const files = {
    "init.lua": `if not node.LFS.list() then node.LFS.reload("lfs.img") end ${program}`,
    "lfs.img": imageOf(target, MODULES),
  };
  const { board, output } = trial(target, files);
  const state = board.run(60_000_000);
  return { board, state, output: output() };
}

describe.each(TARGETS)("an image on %s", (target) => {
  test("is loaded by a restart, and the usual _init makes it the program's", () => {
    const { board, output } = withImage(
      target,
      `
      node.LFS._init()
      local greet = require("greet")
      print(greet.say(), greet.from, package.loaded.greet == greet)
      print(LFS.twice(21), loadfile("twice.lua")(4), pcall(require, "nothing"))
      print((select(2, node.bootreason())))`,
    );
    const reason = target.startsWith("esp32") ? 19 : 4;
    expect(output).toMatch(/Lua 5\.3\tgreet\ttrue\n42\t8\tfalse\tmodule 'nothing' not found/);
    expect(output.endsWith(`\n${reason}\n`)).toBe(true);
    expect(board.restarts).toBe(1);
  });

  test("is found, listed and told of", () => {
    const { output } = withImage(
      target,
      `
      print(table.concat(node.LFS.list(), " "))
      print(node.LFS.time, node.LFS.twice(4), node.LFS.get("twice")(5), node.flashindex("twice")(6))
      print(node.LFS.nothing, node.LFS.get("nothing"), node.LFS.get(5), node.LFS[true])
      print(node.LFS.config.lfs_used > 200, node.info("lfs").lfs_used == node.LFS.config.lfs_used)`,
    );
    expect(output.split("\n").slice(-5).join("\n")).toBe(
      `_init greet twice\n${IMAGE_TIME}\t8\t10\t12\nnil\tnil\tnil\tnil\ntrue\ttrue\n`,
    );
  });

  test("that is not there: no list, and 0 as its time", () => {
    const program = "print(node.LFS.list(), node.LFS.time, node.LFS.x, node.LFS.config.lfs_used)";
    expect(printed(target, program)).toBe("nil\t0\tnil\t0\n");
    expect(printed(target, 'print(node.LFS.reload("a.img"))')).toBe("No LFS partition allocated\n");
  });
});

describe.each(TARGETS)("node on %s", (target) => {
  test("has no egc", () => {
    expect(printed(target, "print(node.egc, type(node.task), type(node.LFS))")).toBe(
      "nil\ttable\ttable\n",
    );
  });

  test("compiles files as the device does: with lines, without names", () => {
    const source = "local a = ...\nlocal function f(x)\n  return x + a\nend\nreturn f(1)\n";
    const { board, files, output } = trial(target, {
      "init.lua": 'node.compile("m.lua") print(loadfile("m.lc")(4))',
      "m.lua": source,
    });
    board.run();
    expect(output()).toBe("5\n");
    const expected = encode(compile(source, { target, chunkName: "@m.lua" }), {
      target,
      strip: true,
    });
    expect(files.read("m.lc")).toEqual(expected);
  });

  test("strips functions", () => {
    const program = `
      local function f() error("x") end
      print(node.stripdebug(), select(2, pcall(f)))
      print(node.stripdebug(3, f) > 0, select(2, pcall(f)))
      print(node.stripdebug(3), node.stripdebug())
      print(select(2, pcall(load("error('x')", "=chunk"))))`;
    expect(printed(target, program)).toBe("2\tinit.lua:2: x\ntrue\tx\n3\t3\nx\n");
  });

  test("runs tasks and tells of their errors", () => {
    const program = `
      node.setonerror(function(message) print("caught", (message:match("[^\\n]+"))) end)
      node.task.post(0, function(p) print("low", p) end)
      node.task.post(function() error("late") end)`;
    expect(printed(target, program)).toBe("caught\tinit.lua:4: late\nlow\t0\n");
  });

  test("sleeps and restarts", () => {
    const program = `
      local _, reason = node.bootreason()
      print(reason)
      if reason % 8 == 0 then node.dsleep(2000000) elseif reason == 5 or reason == 12 then node.restart() end`;
    const expected = target.startsWith("esp32") ? "8\n12\n19\n" : "0\n5\n4\n";
    expect(printed(target, program)).toBe(expected);
  });
});

describe("numbers", () => {
  test("of node.random are integers of the target's width, or floats below 1", () => {
    const program = (high: string) => `
      for _ = 1, 100 do
        local x = node.random(${high} - 2, ${high})
        assert(math.type(x) == "integer" and x >= ${high} - 2 and x <= ${high})
        local f = node.random()
        assert(math.type(f) == "float" and f >= 0 and f < 1)
      end
      print(math.type(node.random(math.mininteger, math.maxinteger)))`;
    expect(printed(SMALL, program("2147483647"))).toBe("integer\n");
    expect(printed(LARGE, program("9223372036854775807"))).toBe("integer\n");
  });

  test("of the newer chip's clock: a float, and how often it began anew", () => {
    const program = "local a, b = node.uptime() print(math.type(a), math.type(b), a > 0, b)";
    expect(printed(NEWER_LARGE, program)).toBe("float\tinteger\ttrue\t0\n");
  });

  test("node.info tells what they are, in the firmware's words", () => {
    const program = "print(node.info('build_config').number_type)";
    expect(TARGETS.map((target) => printed(target, program))).toEqual([
      "float\n",
      "double\n",
      "float\n",
      "integer\n",
    ]);
    expect(printed("esp32-lua53-double", program)).toBe("double\n");
  });
});

test("output goes to a pipe, or to tasks", () => {
  const pipe = `
    node.output(function(p) local text = p:read(100) node.output() print("got", #text) return false end, 0)
    print("abc")`;
  expect(printed(SMALL, pipe)).toBe("got\t4\n");
  const tasks = `
    local size = 0
    node.output(function(text) size = size + #text end, 0)
    print("abc")
    node.task.post(0, function() node.output() print("got", size) end)`;
  expect(printed(NEWER_CHIP, tasks)).toBe("got\t4\n");
});

test("mocks have integers and floats", () => {
  const modules = mockModules({
    mock: {
      whole: () => 3,
      big: () => 2 ** 40,
      half: () => 0.5,
      echo: (x: number) => x,
      list: () => [1],
    },
  });
  const program = `
    print(mock.whole(), mock.half(), mock.echo(7), mock.echo(7.0), #mock.list())
    print(math.type(mock.whole()), math.type(mock.big()), math.type(mock.half()))`;
  expect(printed(LARGE, program, { modules })).toBe("3\t0.5\t7\t7\t1\ninteger\tinteger\tfloat\n");
  expect(printed(SMALL, program, { modules })).toContain("integer\tfloat\tfloat\n");
});

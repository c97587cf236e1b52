/** The flash store as programs reach it: `node.flashindex`, `node.LFS`, and the usual `_init`. */
import { describe, expect, test } from "vitest";
import { GENERATIONS, IMAGE_TIME, imageOf, trial } from "./trial.ts";

const [FIRMWARE_22, FIRMWARE_30, NEWER_CHIP] = GENERATIONS;
const WITH_TABLE = [FIRMWARE_30, NEWER_CHIP];

/** What projects put into their image to reach the rest of it, in a form that fits all firmware. */
const INIT = `
local index = node.LFS and node.LFS.get or node.flashindex
local G = getfenv()
local store = {}
store.__index = function(_, name)
  local found, address, offset, size, modules = index(name)
  if not address then return found end
  if name == "_time" then return found end
  if name == "_list" then return modules end
  return nil
end
store.__newindex = function(_, name) error("the flash store is read-only: " .. name, 2) end
G.LFS = setmetatable(store, store)
package.loaders[3] = function(name)
  local found, address = index(name)
  return address and "not in the flash store" or found
end
local fromFiles = loadfile
G.loadfile = function(name)
  local module, ending = name:match("(.*)%.(l[uc]a?)")
  local found, address = index(module)
  if address or not found then return fromFiles(name) end
  return found
end
G.dofile = function(name) return assert(loadfile(name))() end
`;

const MODULES = {
  _init: INIT,
  greet: 'local name = ... return { from = name, say = function() return "hello" end }',
  twice: "local x = ... return 2 * x",
};

/** Runs a program on a board that has loaded the image itself. */
function withImage(target: string, program: string, modules = MODULES) {
  const init = `
    if file_was_loaded() then
      ${program}
    else node.flashreload("lfs.img") end`;
  const loaded =
    "function file_was_loaded() return (node.LFS and node.LFS.list() or node.flashindex()) ~= nil end\n";
  const files = { "init.lua": loaded + init, "lfs.img": imageOf(target, modules) };
  const { board, output } = trial(target, files);
  const state = board.run();
  return { board, state, output: output().replace(/^(?:Warning|LFS region).*\n/gm, "") };
}

describe.each(GENERATIONS)("the usual _init on %s", (target) => {
  const start = 'local init = (node.LFS and node.LFS.get or node.flashindex)("_init") init()\n';

  test("lets programs require, call and load modules of the image", () => {
    const { output, board, state } = withImage(
      target,
      `${start}
      local greet = require("greet")
      print(greet.say(), greet.from, package.loaded.greet == greet)
      print(LFS.twice(21), loadfile("twice.lua")(4))`,
    );
    expect(output).toBe("hello\tgreet\ttrue\n42\t8\n");
    expect(state.kind).toBe("idle");
    expect(board.restarts).toBe(1);
  });

  test("prefers files to what is in the image", () => {
    const image = imageOf(target, MODULES);
    const program = `
      if not node.flashindex("_init") then node.flashreload("lfs.img") end
      node.flashindex("_init")()
      print(require("greet"))`;
    const files = { "init.lua": program, "lfs.img": image, "greet.lua": "return 'a file'" };
    const { board, output } = trial(target, files);
    board.run();
    expect(output().endsWith("a file\n")).toBe(true);
  });

  test("says what is missing, and refuses writes", () => {
    const { output } = withImage(
      target,
      `${start}
      print(LFS.nothing)
      print(pcall(function() LFS.x = 1 end))
      print(pcall(require, "nothing"))`,
    );
    expect(output).toContain("nil\nfalse\tinit.lua:");
    expect(output).toContain("the flash store is read-only: x\n");
    expect(output).toContain("module 'nothing' not found");
  });
});

describe("node.flashindex of firmware 2.2", () => {
  test("tells of the whole store", () => {
    const { output } = withImage(
      FIRMWARE_22,
      `
      local time, mapped, offset, size, modules = node.flashindex()
      table.sort(modules)
      print(time, mapped - offset == 0x40200000, offset % 4096, size > 200)
      print(table.concat(modules, " "))
      print(select("#", node.flashindex("nothing")), type(node.flashindex("greet")))`,
    );
    expect(output).toBe(`${IMAGE_TIME}\ttrue\t0\ttrue\n_init greet twice\n5\tfunction\n`);
  });

  test("gives nil and addresses when nothing is loaded", () => {
    const { board, output } = trial(FIRMWARE_22, { "init.lua": "print(node.flashindex('x'))" });
    board.run();
    expect(output()).toMatch(/^nil\t107\d{7}\t\d+\n$/);
  });
});

describe.each(WITH_TABLE)("node.LFS on %s", (target) => {
  test("finds, lists and tells", () => {
    const { output } = withImage(
      target,
      `
      print(table.concat(node.LFS.list(), " "))
      print(node.LFS.time, node.LFS.twice(4), node.LFS.get("twice")(5))
      print(node.LFS.nothing, node.LFS.get("nothing"), node.LFS.get(), node.LFS[true])
      local c = node.LFS.config
      print(c.lfs_used > 200, c.lfs_size, c.lfs_base, c.lfs_mapped - c.lfs_base > 0)
      print(node.info("lfs").lfs_used == c.lfs_used)
      print(pcall(function() node.LFS.x = 1 end))`,
    );
    expect(output).toMatch(
      new RegExp(
        `^_init greet twice\n${IMAGE_TIME}\t8\t10\nnil\tnil\tnil\tnil\ntrue\t\\d+\t\\d+\ttrue\ntrue\nfalse\t.*table is readonly\n$`,
      ),
    );
  });

  test("is empty when nothing is loaded", () => {
    const program = "print(node.LFS.list(), node.LFS.time, node.LFS.x, node.LFS.config.lfs_used)";
    const { board, output } = trial(target, { "init.lua": program });
    board.run();
    expect(output()).toBe("nil\tnil\tnil\t0\n");
  });

  test("warns of the old way to reload only", () => {
    const program = 'print(node.LFS.reload("a")) print(node.flashreload("b"))';
    const { board, output } = trial(target, { "init.lua": program });
    board.run();
    expect(output()).toBe(
      `LFS image file not found\nWarning, deprecated API! node.flashreload. It will be removed soon. ` +
        "Use node.LFS interface instead. See documentation for details.\nLFS image file not found\n",
    );
  });
});

describe.each(GENERATIONS)("reloading on %s", (target) => {
  const reload = "(node.LFS and node.LFS.reload or node.flashreload)";

  test("says why a file is refused, and goes on", () => {
    const program = `print(${reload}("bad.img")) print(${reload}()) print("still here")`;
    const { board, output } = trial(target, { "init.lua": program, "bad.img": "x".repeat(300) });
    board.run();
    expect(output()).toBe("read error on LFS image file\nLFS image file not found\nstill here\n");
    expect(board.restarts).toBe(0);
  });

  test("starts the board anew, and the reason tells", () => {
    const program = `
      if not node.flashindex("a") then ${reload}("lfs.img") print("not reached") end
      print(node.bootreason())
      print(node.flashindex("a")())`;
    const files = { "init.lua": program, "lfs.img": imageOf(target, { a: "return 'loaded'" }) };
    const { board, output } = trial(target, files);
    board.run();
    const reason = target === NEWER_CHIP ? "2\t19\t0" : "2\t3";
    expect(output()).toContain(`Restarting.\n${reason}\nloaded\n`);
    expect(output()).not.toContain("not reached");
  });

  test("replaces an image by another one", () => {
    const program = `
      local a, b = node.flashindex("a"), node.flashindex("b")
      local hasA, hasB = type(a) == "function", type(b) == "function"
      print(hasA, hasB)
      if not hasA and not hasB then ${reload}("1.img") elseif hasA then ${reload}("2.img") end`;
    const files = {
      "init.lua": program,
      "1.img": imageOf(target, { a: "return 1" }),
      "2.img": imageOf(target, { b: "return 2" }),
    };
    const { board, output } = trial(target, files);
    expect(board.run().kind).toBe("idle");
    const lines = output()
      .split("\n")
      .filter((line) => /^(?:true|false)\t/.test(line));
    expect(lines).toEqual(["false\tfalse", "true\tfalse", "false\ttrue"]);
    expect(board.restarts).toBe(2);
  });
});

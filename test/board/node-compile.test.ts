/** The device's own compiler: `node.compile`, `string.dump`, `node.stripdebug`. */
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/base/lua-string.ts";
import { compile, encode } from "../../src/index.ts";
import { GENERATIONS, printed, trial } from "./trial.ts";

const [FIRMWARE_22, FIRMWARE_30, NEWER_CHIP] = GENERATIONS;
const SOURCE = "local a, b = ...\nlocal function f(x)\n  return x + a, b\nend\nreturn f(1)\n";

/** What the cross-compiler makes of the same file. */
function crossCompiled(target: string, strip: boolean, source = SOURCE): Uint8Array {
  return encode(compile(source, { target, chunkName: "@m.lua" }), { target, strip });
}

describe.each([...GENERATIONS, "esp8266-lua51-int"])("node.compile on %s", (target) => {
  test("writes what luac.cross -s writes", () => {
    const { board, files, output } = trial(target, {
      "init.lua": 'print(node.compile("m.lua")) print(dofile("m.lc"))',
      "m.lua": SOURCE.replace("+ a", ""),
    });
    board.run();
    expect(output()).toBe("\n1\tnil\n");
    const expected = crossCompiled(target, true, SOURCE.replace("+ a", ""));
    expect(files.read("m.lc")).toEqual(expected);
  });

  test("says what is wrong with a source, and where the call was", () => {
    const program = `
      local function try(name)
        print(select(2, pcall(function()
          node.compile(name)
        end)))
      end
      try("m.txt") try("missing.lua") try("wrong.lua")`;
    const { board, files, output } = trial(target, { "init.lua": program, "wrong.lua": "x = = 1" });
    board.run();
    const [ending, missing, wrong] = output().split("\n");
    expect(ending).toBe("init.lua:4: not a .lua file");
    expect(missing).toMatch(/^init\.lua:4: cannot open missing\.lua/);
    expect(wrong).toBe("init.lua:4: wrong.lua:1: unexpected symbol near '='");
    expect(files.names()).toEqual(["init.lua", "wrong.lua"]);
  });
});

test.each([
  [FIRMWARE_22, "cannot open a.lua"],
  [FIRMWARE_30, "cannot open a.lua: "],
  [NEWER_CHIP, "cannot open a.lua: No such file or directory"],
])("a file that is not there, in the words of %s", (target, message) => {
  expect(printed(target, 'print(select(2, pcall(node.compile, "a.lua")))')).toBe(`${message}\n`);
});

test.each([FIRMWARE_22, FIRMWARE_30])("%s takes no names that its files cannot have", (target) => {
  const program = 'print(select(2, pcall(node.compile, ("x"):rep(28) .. ".lua")))';
  expect(printed(target, program)).toBe("bad argument #1 to '?' (filename invalid)\n");
});

test("a chunk that was compiled before is written stripped", () => {
  const { board, files } = trial(FIRMWARE_30, {
    "init.lua": 'node.compile("m.lua")',
    "m.lua": crossCompiled(FIRMWARE_30, false),
  });
  board.run();
  expect(files.read("m.lc")).toEqual(crossCompiled(FIRMWARE_30, true));
});

test("files that cannot be written are told of", () => {
  const { board, files, output } = trial(FIRMWARE_30, {
    "init.lua": 'print(pcall(node.compile, "m.lua"))',
    "m.lua": "return 1",
  });
  files.write = () => false;
  board.run();
  expect(output()).toBe("false\tcannot open/write to file\n");
});

describe("string.dump on a board", () => {
  test.each([
    [FIRMWARE_22, false],
    [FIRMWARE_30, true],
    [NEWER_CHIP, true],
  ])("writes as %s does by default", (target, strip) => {
    const { board, output } = trial(target, {
      "init.lua": 'uart_write(string.dump(loadfile("m.lua")))'.replace("uart_write", "print"),
      "m.lua": SOURCE,
    });
    board.run();
    // What is printed ends at the first zero byte, so that the length has to do for the rest.
    const expected = fromBytes(crossCompiled(target, strip));
    expect(output()).toBe(`${expected.slice(0, expected.indexOf("\0"))}\n`);
    const size = 'print(#string.dump(loadfile("m.lua")))';
    const other = trial(target, { "init.lua": size, "m.lua": SOURCE });
    other.board.run();
    expect(other.output()).toBe(`${expected.length}\n`);
  });
});

describe.each(GENERATIONS)("node.stripdebug on %s", (target) => {
  const fails = `
    local function f() error("x") end
    print(select(2, pcall(f)))`;

  test("takes the lines out of a function", () => {
    const program = `${fails}
      print(node.stripdebug(3, f) > 0)
      print(select(2, pcall(f)))
      print(node.stripdebug(2, f), node.stripdebug(3, f))`;
    expect(printed(target, program)).toBe("init.lua:2: x\ntrue\nx\n0\t0\n");
  });

  test("leaves the machine's own errors a line 0", () => {
    const program = `
      local function f() return nil + 1 end
      node.stripdebug(3, f)
      print(select(2, pcall(f)))`;
    expect(printed(target, program)).toBe(
      "init.lua:0: attempt to perform arithmetic on a nil value\n",
    );
  });

  test("finds a function by its level", () => {
    const program = `
      local function f() node.stripdebug(3, 1) error("x") end
      print(select(2, pcall(f)))`;
    expect(printed(target, program)).toBe("x\n");
  });

  test("is a setting for what is compiled from then on", () => {
    const program = `
      print(node.stripdebug())
      print(node.stripdebug(3))
      print(node.stripdebug())
      print(select(2, pcall(loadstring("error('x')", "=chunk"))))
      node.stripdebug(2)
      print(select(2, pcall(loadstring("error('x')", "=chunk"))))`;
    const given = target === FIRMWARE_22 ? "" : "3";
    expect(printed(target, program)).toBe(`2\n${given}\n3\nx\nchunk:1: x\n`);
  });

  test("ends with the start", () => {
    const program = `
      print(node.stripdebug())
      if select(2, node.bootreason()) % 8 == 0 then node.stripdebug(3) node.restart() end`;
    expect(printed(target, program)).toBe("2\n2\n");
  });

  test("refuses other levels and what is no function", () => {
    const program = `
      print(select(2, pcall(node.stripdebug, 4)))
      print(select(2, pcall(node.stripdebug, 3, print)))
      print(select(2, pcall(node.stripdebug, 3, 99)))`;
    const range = target === FIRMWARE_22 ? "must in range 1-3" : "Invalid strip level";
    const noFunction = target === FIRMWARE_22 ? "must be a Lua Function" : "not a valid function";
    const native = target === FIRMWARE_22 ? `bad argument #2 to '?' (${noFunction})` : "-1";
    expect(printed(target, program)).toBe(
      `bad argument #1 to '?' (${range})\n${native}\nbad argument #2 to '?' (${noFunction})\n`,
    );
  });
});

/** A board as a whole: its start, its console, what becomes of errors, and restarts. */
import { describe, expect, test } from "vitest";
import type { LuaString } from "../../src/base/lua-string.ts";
import type { BoardModule } from "../../src/board/module.ts";
import { buildImage } from "../../src/index.ts";
import { type Trial, type TrialOptions, trial } from "./trial.ts";

function boardWith(
  files: Readonly<Record<string, string | Uint8Array>>,
  { target = "esp8266-lua51-float", ...options }: TrialOptions & { readonly target?: string } = {},
): Trial {
  return trial(target, files, options);
}

const TARGETS = [
  "esp8266-2.2-float",
  "esp8266-lua51-float",
  "esp32-lua51-int",
  "esp8266-lua53",
  "esp32-lua53-64",
];

/** A module that restarts the board, or calls back later. */
const SWITCH: BoardModule = {
  name: "switch",
  open: (context) => ({
    name: "switch",
    functions: {
      restart: () => context.restart("restart"),
      sleep: (call) => context.sleep(call.isNoneOrNil(1) ? undefined : call.integer(1)),
      later(call) {
        const callback = call.callable(1);
        context.loop.after(1_000_000, () => context.run(callback, []));
        return call.giveNothing();
      },
      reason: (call) => call.giveText(context.startReason),
      now: (call) => call.giveInteger(context.now()),
    },
  }),
};
const modules = [SWITCH];

describe.each(TARGETS)("the start on %s", (target) => {
  test("runs init.lua, which finds other files", () => {
    const files = { "init.lua": 'print(require("m").x)', "m.lua": "return { x = 'found' }" };
    const { board, output } = boardWith(files, { target });
    expect(board.run().kind).toBe("idle");
    expect(output()).toBe("found\n");
  });

  test("tells that there is no init.lua", () => {
    const { board, output } = boardWith({}, { target });
    board.run();
    expect(output()).toContain("cannot open init.lua\n");
  });

  test("has no os, and numbers of 32 bits", () => {
    const { board, output } = boardWith({ "init.lua": "print(os, 2147483647)" }, { target });
    board.run();
    expect(output()).toBe("nil\t2147483647\n");
  });
});

test.each([
  ["esp8266-2.2-float", "lua: init.lua:1: boom\nstack traceback:\n"],
  ["esp8266-lua51-float", "init.lua:1: boom\nstack traceback:\n"],
])("a program that fails on %s is told of and does not restart", (target, text) => {
  const failures: LuaString[] = [];
  const onFailure = (message: LuaString) => failures.push(message);
  const { board, output } = boardWith({ "init.lua": 'error("boom")' }, { target, onFailure });
  expect(board.run().kind).toBe("idle");
  expect(output().startsWith(text)).toBe(true);
  expect(failures).toHaveLength(1);
  expect(board.restarts).toBe(0);
});

test.each([
  ["esp8266-lua51-float", "nil\n"],
  ["esp32-lua51-float", "abc\tb\n"],
  ["esp32-lua53", "abc\tb\n"],
])("io on %s is what its firmware has, on the board's files", (target, expected) => {
  const source = `
    if not io then print(io) return end
    local f = io.open("x.txt", "w+") f:write("ab") f:write("c") f:seek("set", 1)
    local second = f:read(1) f:close()
    print(io.open("x.txt"):read("*a"), second, io.open("gone.txt"))`;
  const { board, output } = boardWith({ "init.lua": source }, { target });
  board.run();
  expect(output().startsWith(expected.trimEnd())).toBe(true);
});

describe("the console", () => {
  test.each([
    ["print(1)\n", "1\n"],
    ["=1+1\n", "2\n"],
    ["for i = 1, 2 do\nprint(i)\nend\n", "1\n2\n"],
    ["x = = 1\n", "Lua error: \tstdin:1: unexpected symbol near '='\n"],
    ["print(1)\r\nprint(2)\r", "1\n2\n"],
  ])("runs %j", (input, expected) => {
    const { board, output } = boardWith({ "init.lua": "" });
    board.serial.receive(input);
    board.run();
    expect(output()).toBe(expected);
  });

  test("shows prompts, which a program may change", () => {
    const { board, output } = boardWith({ "init.lua": "_PROMPT = 'lua? '" }, { hasPrompt: true });
    board.serial.receive("do\nend\n");
    board.run();
    expect(output()).toBe("lua? >> lua? ");
  });
});

describe("an error in a callback", () => {
  const init = 'switch.later(function() error("late") end)';

  test("stops firmware 2.2 at once, and it restarts", () => {
    const { board, output } = boardWith(
      { "init.lua": init },
      { target: "esp8266-2.2-float", modules },
    );
    board.run(1_500_000);
    expect(output()).toBe("PANIC: unprotected error in call to Lua API (init.lua:1: late)\n");
    expect(board.restarts).toBe(1);
  });

  test("is printed by firmware 3.0, which restarts two seconds later", () => {
    const { board, output } = boardWith({ "init.lua": init }, { modules });
    board.run(2_500_000);
    expect(output()).toMatch(/^init.lua:1: late\nstack traceback:\n/);
    expect(board.restarts).toBe(0);
    board.run(3_300_000);
    expect(board.restarts).toBe(1);
  });
});

describe("restarts", () => {
  test("begin with fresh globals and run the program again", () => {
    const source =
      "print(x, switch.reason()) x = 1 if switch.reason() == 'power on' then switch.restart() end";
    const { board, output } = boardWith({ "init.lua": source }, { modules });
    expect(board.run().kind).toBe("idle");
    expect(output()).toBe("nil\tpower on\nnil\trestart\n");
  });

  test("cannot be caught", () => {
    const source = "if switch.reason() == 'power on' then pcall(switch.restart) print('no') end";
    const { board, output } = boardWith({ "init.lua": source }, { modules });
    board.run();
    expect(output()).toBe("");
    expect(board.restarts).toBe(1);
  });

  test("come after a sleep, or never", () => {
    const source =
      "print(switch.reason()) switch.sleep(switch.reason() == 'power on' and 5e6 or nil)";
    const { board, output } = boardWith({ "init.lua": source }, { modules });
    expect(board.run().kind).toBe("asleep");
    expect(output()).toBe("power on\ndeep sleep\n");
    expect(board.now).toBeGreaterThan(5_000_000);
  });
});

describe("time", () => {
  test("passes while a program works", () => {
    const source = "local t = switch.now() while switch.now() < t + 1e6 do end print('done')";
    const { board, output } = boardWith({ "init.lua": source }, { modules });
    board.run();
    expect(output()).toBe("done\n");
    expect(board.now).toBeGreaterThan(1_000_000);
  });

  test("runs no program for ever", () => {
    const { board } = boardWith({ "init.lua": "while true do end" }, { stepsPerTask: 1000 });
    expect(board.run()).toMatchObject({ kind: "stopped", reason: "steps" });
  });

  test("ends a run where the caller wants it", () => {
    const source = "local function f() switch.later(f) end f()";
    const { board } = boardWith({ "init.lua": source }, { modules });
    expect(board.run(10_000_000).kind).toBe("waiting");
    expect(board.now).toBe(10_000_000);
  });
});

describe("memory", () => {
  /** Some 20 KB of source. */
  const functions = Array.from(
    { length: 250 },
    (_, i) => `function t.f${i}(a) return a + ${i}, "number ${i}" end`,
  );
  const big = `local t = {}\n${functions.join("\n")}\nreturn t`;
  const init = "local ok, m = pcall(dofile, 'big.lua') print(ok, ok and m.f7(1) or m)";

  test("may be too small to compile what would fit once it is compiled", () => {
    const small = boardWith({ "init.lua": init, "big.lua": big }, { freeHeap: 90_000 });
    small.board.run();
    expect(small.output()).toBe("false\tnot enough memory\n");
    const large = boardWith({ "init.lua": init, "big.lua": big }, { freeHeap: 140_000 });
    large.board.run();
    expect(large.output()).toBe("true\t8\n");
    const used = large.board.memory()?.used ?? 0;
    expect(used).toBeLessThan(90_000);
  });

  test("that runs out is an error, which no handler gets to see", () => {
    const source = "local t = {} for i = 1, 1e6 do t[i] = {} end";
    const { board, output } = boardWith({ "init.lua": source }, { freeHeap: 20_000 });
    board.run();
    expect(output()).toBe("not enough memory\n");
  });
});

describe("an image in the flash store", () => {
  const sources = [{ name: "m", source: "print('from LFS', ...)" }];
  const init = "print(lfs.find('m')) lfs.find('m')(1)";
  /** What the firmware's own module does, without its words. */
  const lfs: BoardModule = {
    name: "lfs",
    open: (context) => ({
      name: "lfs",
      functions: {
        find(call) {
          const name = call.text(1);
          const module = context.lfs.image?.modules.find((candidate) => candidate.name === name);
          return call.give(module && context.state.newClosure(module.proto));
        },
        reload: (call) => call.giveText(context.lfs.reload(call.text(1)) ?? "nothing"),
      },
    }),
  };

  test.each(TARGETS)("runs on %s, compact or absolute", (target) => {
    for (const address of [undefined, 0x40280000]) {
      const image = buildImage(sources, { target, address }).bytes;
      const { board, output } = boardWith({ "init.lua": init }, { target, image, modules: [lfs] });
      board.run();
      expect(output()).toMatch(/function: 0x[0-9a-f]+\nfrom LFS\t1\n$/);
    }
  });

  test("is refused when it is for another firmware", () => {
    const image = buildImage(sources, { target: "esp8266-lua51-int" }).bytes;
    expect(() => boardWith({}, { image })).toThrow(/the board refuses it: /);
  });

  test("is loaded by a program, which is run again then", () => {
    const image = buildImage(sources, { target: "esp8266-lua51-float" }).bytes;
    const source = "local m = lfs.find('m') if m then m(2) else print(lfs.reload('app.img')) end";
    const files = { "init.lua": source, "app.img": image };
    const { board, output } = boardWith(files, { modules: [lfs] });
    board.run();
    expect(output()).toMatch(/from LFS\t2\n$/);
    expect(board.restarts).toBe(1);
  });

  test("that is no image is refused, and the program goes on", () => {
    const files = { "init.lua": "print(lfs.reload('init.lua'))" };
    const { board, output } = boardWith(files, { modules: [lfs] });
    board.run();
    expect(output()).toMatch(/^\w.*\n$/);
    expect(board.restarts).toBe(0);
  });
});

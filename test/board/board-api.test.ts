/** Boards as users of the library have them. */
import { describe, expect, test } from "vitest";
import { buildImage, type CreateBoardOptions, createBoard, LuaMock } from "../../src/index.ts";

/** A board that has been switched on and let run, and what it sent. */
function ran(options: CreateBoardOptions, milliseconds?: number) {
  let output = "";
  const errors: string[] = [];
  const board = createBoard({
    ...options,
    onOutput: (text) => {
      output += text;
    },
    onError: (message) => errors.push(message),
  });
  board.powerOn();
  board.run(milliseconds);
  return { board, errors, output: () => output };
}

const BLINK = `
gpio.mode(1, gpio.OUTPUT)
local level = 0
tmr.create():alarm(500, tmr.ALARM_AUTO, function() level = 1 - level gpio.write(1, level) end)`;

test("files, timers and pins", () => {
  const { board } = ran({ files: { "init.lua": BLINK } }, 1800);
  expect(board.status).toMatchObject({ kind: "waiting" });
  expect(board.pinWrites.map(({ pin, level }) => [pin, level])).toEqual([
    [1, 1],
    [1, 0],
    [1, 1],
  ]);
  const [first, second] = board.pinWrites.map(({ time }) => time);
  expect(second - first).toBeCloseTo(500, 0);
  expect(board.now).toBe(1800);
});

test("text beyond ASCII", () => {
  const { output } = ran({ program: 'print("grün", #"grün")' });
  expect(output()).toBe("grün\t5\n");
});

test("the target is the image's, or the one that is given, or the usual one", () => {
  const sources = [{ name: "m", source: "return 1" }];
  const { bytes: lfs } = buildImage(sources, { target: "esp8266-lua53-64" });
  const { board, output } = ran({ lfs, program: "print(node.LFS.get('m')(), 7 // 2)" });
  expect(board.target.name).toBe("esp8266-lua53-64");
  expect(output()).toBe("1\t3\n");
  expect(createBoard({ target: "esp32-lua51-int" }).target.name).toBe("esp32-lua51-int");
  expect(createBoard().target.name).toBe("esp8266-lua51-float");
  expect(() => createBoard({ lfs, target: "esp8266-lua53" })).toThrow("the board refuses it");
  expect(() => createBoard({ target: "esp" })).toThrow("unknown target 'esp'");
});

test.each([
  [{ heap: -1 }, "heap must be a whole number of 0 or more"],
  [{ heap: "40K" }, "heap must be a whole number of 0 or more"],
  [{ steps: 0 }, "steps must be a whole number of 1 or more"],
  [{ program: 5 }, "program must be a string or a Uint8Array"],
  [{ files: { "a.lua": 5 } }, "file 'a.lua' must be a string or a Uint8Array"],
  [{ files: { [`${"ü".repeat(15)}n`]: "" } }, undefined],
  [{ files: { ["ü".repeat(16)]: "" } }, "of a file must have 1 to 31 bytes"],
  [{ files: { "": "" } }, "of a file must have 1 to 31 bytes"],
])("options without types are checked: %j", (options, message) => {
  const create = () => createBoard(options as object);
  if (message === undefined) expect(create).not.toThrow();
  else expect(create).toThrow(message);
});

test("mocks, in JavaScript and in Lua", () => {
  const { output } = ran({
    program: "wifi.setmode(wifi.STATION) print(wifi.sta.getip(), sht.read())",
    mocks: {
      wifi: { STATION: 1, setmode: () => true, sta: { getip: () => "192.168.0.2" } },
      sht: new LuaMock("return { read = function() return 21 end }"),
    },
  });
  expect(output()).toBe("192.168.0.2\t21\n");
});

test("errors, restarts and sleep", () => {
  const { errors, board } = ran({ program: "node.task.post(function() error('late') end)" }, 5000);
  expect(errors[0]).toMatch(/^main.lua:1: late\nstack traceback:\n/);
  expect(board.restarts).toBeGreaterThan(0);
  expect(ran({ program: "node.dsleep(0)" }).board.status).toEqual({ kind: "asleep" });
  expect(ran({ program: "while true do end", steps: 1000 }).board.status).toMatchObject({
    kind: "stopped",
    reason: "steps",
  });
});

describe("from outside", () => {
  test("the console is typed on", () => {
    const { board, output } = ran({ program: "" });
    board.send("x = 20\n=x + 1\n");
    board.run();
    expect(output()).toBe("21\n");
  });

  test("files are read and written", () => {
    const { board } = ran({ program: "file.open('a.txt', 'w') file.write('abc') file.close()" });
    expect(new TextDecoder().decode(board.readFile("a.txt"))).toBe("abc");
    board.writeFile("b.txt", "ä");
    expect(board.fileNames).toEqual(["a.txt", "b.txt"]);
    expect(board.readFile("b.txt")).toHaveLength(2);
    expect(board.readFile("gone")).toBeUndefined();
  });

  test("pins get levels", () => {
    const source =
      "gpio.mode(2, gpio.INT) gpio.trig(2, 'up', function(level) print('up', level) end)";
    const { board, output } = ran({ program: source });
    board.setPin(2, 1);
    board.run();
    expect(output()).toBe("up\t1\n");
  });

  test("memory is counted", () => {
    const { board } = ran({ program: "t = {} for i = 1, 100 do t[i] = {} end", heap: 30_000 });
    const { used = 0, free = 0 } = board.memory ?? {};
    expect(used).toBeGreaterThan(100 * 20);
    expect(used + free).toBe(30_000);
    expect(createBoard().memory).toBeUndefined();
  });
});

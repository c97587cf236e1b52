/** `node.input` and `node.output`: texts to the interpreter, and what is printed to a function. */
import { describe, expect, test } from "vitest";
import { GENERATIONS, printed, trial } from "./trial.ts";

const [FIRMWARE_22, FIRMWARE_30, NEWER_CHIP] = GENERATIONS;

describe.each(GENERATIONS)("node.input on %s", (target) => {
  test("runs lines after what runs now", () => {
    const program = 'node.input("x = 1\\nprint(x + 1)\\n") print("first")';
    expect(printed(target, program)).toBe("first\n2\n");
  });

  test("shows errors and goes on", () => {
    const result = printed(target, 'node.input("error(\'typed\')\\n") node.input("print(2)\\n")');
    expect(result).toContain("stdin:1: typed");
    expect(result.endsWith("2\n")).toBe(true);
  });
});

describe("a text without an end of the line", () => {
  test("is a line in firmware 2.2", () => {
    expect(printed(FIRMWARE_22, 'node.input("print(7)")')).toBe("7\n");
  });

  test.each([FIRMWARE_30, NEWER_CHIP])("waits for its end on %s", (target) => {
    expect(printed(target, 'node.input("print(")')).toBe("");
    expect(printed(target, 'node.input("print(") node.input("8)\\n")')).toBe("8\n");
  });
});

test("what there is of a chunk can be dropped", () => {
  const { board, output } = trial(GENERATIONS[0], { "init.lua": "" });
  const type = (text: string) => {
    board.serial.receive(text);
    board.run(board.now + 1000);
  };
  board.run();
  expect(board.forgetInput()).toBe(false);
  type("print(1\n");
  expect(board.forgetInput()).toBe(true);
  type("print(2)\nprint(");
  expect(board.forgetInput()).toBe(true);
  expect(board.forgetInput()).toBe(false);
  type("print(3)\n");
  expect(output()).toBe("2\n3\n");
});

test("a text too long for a line is lost, but for firmware 3.0", () => {
  const program = 'node.input("print(" .. ("1"):rep(300):sub(1, 1) .. (" "):rep(300) .. ")\\n")';
  expect(printed(FIRMWARE_22, program)).toBe("");
  expect(printed(FIRMWARE_30, program)).toBe("1\n");
  expect(printed(NEWER_CHIP, program)).toBe("");
});

/** Collects what is printed in a global, and shows it over the serial port in the end. */
const COLLECT = `
  local pieces = {}
  local function show() node.output(nil) for i = 1, #pieces do print("got " .. pieces[i]) end end
`;

describe("node.output of firmware 2.2", () => {
  test("calls the function at once", () => {
    const program = `${COLLECT}
      node.output(function(text) pieces[#pieces + 1] = text:gsub("\\n", "|") end, 0)
      print("a", 1)
      show()`;
    expect(printed(FIRMWARE_22, program).replace(/got |\n/g, "")).toBe("a\t1|".replace(/\n/g, ""));
  });

  test("sends it over the serial port, too, unless it is told not to", () => {
    const program =
      "node.output(function() end) print('seen') node.output(function() end, 0) print('not seen')";
    expect(printed(FIRMWARE_22, program)).toBe("seen\n");
  });

  test("lets an error in the function through", () => {
    const program = `
      node.output(function() error("no") end, 0)
      local ok, message = pcall(print, "x")
      node.output()
      print(ok, message)`;
    expect(printed(FIRMWARE_22, program)).toBe("false\tinit.lua:2: no\n");
  });
});

describe("node.output of firmware 3.0", () => {
  test("gives the function a pipe as a task", () => {
    const program = `${COLLECT}
      node.output(function(pipe)
        for line in pipe:reader("\\n") do pieces[#pieces + 1] = line end
        node.task.post(0, show)
        return false
      end, 0)
      print("a", 1)
      print("b")`;
    expect(printed(FIRMWARE_30, program)).toBe("got a\t1\ngot b\n");
  });

  test("sends it over the serial port, too, unless it is told not to", () => {
    const program = `
      local function reader(pipe) pipe:read(1000) return false end
      node.output(reader) print('seen')
      node.output(reader, 0) print('not seen')
      node.output() print('again')`;
    expect(printed(FIRMWARE_30, program)).toBe("seen\nagain\n");
  });
});

describe("node.output of the newer chip", () => {
  test("posts a task for each piece", () => {
    const program = `${COLLECT}
      node.output(function(text) pieces[#pieces + 1] = #text > 20 and #text or text end, 0)
      print(("x"):rep(200))
      node.task.post(0, show)`;
    const result = printed(NEWER_CHIP, program);
    expect(result).toContain("got 127\ngot 73\n");
  });

  test("has an echo for the first function only", () => {
    const program = `
      node.output(function() end) print('seen')
      node.output(function() end) print('not seen')
      node.output(nil) print('again')`;
    expect(printed(NEWER_CHIP, program)).toBe("seen\nagain\n");
  });

  test("says when too much waits", () => {
    const program = "node.output(function() end) for i = 1, 200 do print('x') end";
    expect(printed(NEWER_CHIP, program)).toContain("E: output overflow\n");
  });
});

test.each(GENERATIONS)("a start undoes node.output on %s", (target) => {
  const program = `
    if select(2, node.bootreason()) % 8 == 0 then
      node.output(function() end, 0)
      print("not seen")
      node.restart()
    end
    print("seen")`;
  const { board, output } = trial(target, { "init.lua": program });
  board.run();
  expect(output()).toBe("seen\n");
});

/** The library `io` on boards that have it, over the board's files. */
import { expect, test } from "vitest";
import { lines, onBoards, outputOf, started, textOf } from "./boards.ts";

onBoards(
  "io",
  (target) => {
    const run = (program: string) => outputOf(target, program);

    test("files are written, read, and seen by the module file", () => {
      const program = `
        local f = io.open("x", "w")
        f:write("one\\n", 2, "\\nthree")
        f:close()
        for line in io.lines("/x") do print(line) end
        local f = io.open("x")
        print(f:read("*n"), f:read("*a"))
        print(f:seek("set", 4), f:read("*n"), f:seek("end"))
        f:close()
        f = io.open("x", "a+") f:write("!") f:seek("set") print(f:read("*a")) f:close()
        print(file.exists("x"), file.list().x)
        print(io.type(f), io.type(io.stdout))`;
      expect(run(program)).toBe(
        lines(
          "one",
          "2",
          "three",
          "nil\tone\n2\nthree",
          "4\t2\t11",
          "one\n2\nthree!",
          "true\t12",
          "closed file\tfile",
        ),
      );
    });

    test("what cannot be opened is told with the C library's words", () => {
      const program = `
        print(io.open("none"))
        print(io.open(("n"):rep(32), "w"))
        local open = {}
        for i = 1, 4 do open[i] = io.open("f" .. i, "w") end
        print(io.open("f5", "w"))
        open[1]:close()
        print(io.open("f2"):write("x"))
        open[2]:close()
        print((select(2, pcall(io.lines, "none"))):match("none.-(%w.*)%)"))`;
      expect(run(program)).toBe(
        lines(
          "nil\tnone: No such file or directory\t2",
          `nil\t${"n".repeat(32)}: File or path name too long\t91`,
          "nil\tf5: Too many open files in system\t23",
          "nil\tBad file number\t9",
          "No such file or directory",
        ),
      );
    });

    test("files that a program forgot are closed, and what waited is written", () => {
      const program = `
        for i = 1, 10 do io.open("f" .. i, "w"):write("text " .. i) end
        tmr.create():alarm(10, tmr.ALARM_SINGLE, function()
          print(file.list().f1, file.list().f10)
        end)`;
      expect(run(program)).toBe(lines("6\t7"));
    });

    test("a full flash is told when what waits is written", () => {
      const program = `
        local f = io.open("x", "w")
        local piece = ("x"):rep(20000)
        local n = 0
        while f:write(piece) do n = n + 1 end
        print(n > 15, n < 25)
        print(f:write(piece))`;
      expect(run(program)).toBe(lines("true\ttrue", "nil\tNo space left on device\t28"));
    });

    test("output and input go where a program says; standard output is the console", () => {
      const program = `
        io.write("to the console\\n")
        io.output("x") io.write("to x") io.close()
        io.input("x") print(io.read("*a")) io.close(io.input())
        io.stderr:write("to the console, too\\n")
        print(io.stdin:read("*l"))`;
      const { board, output, files } = started(target, program);
      board.run();
      expect(output()).toBe(lines("to the console", "to x", "to the console, too", "nil"));
      expect(textOf(files, "x")).toBe("to x");
    });
  },
  ["ESP32"],
);

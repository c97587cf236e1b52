/** The module `uart`: what goes out, and who gets what comes in. */
import { expect, test } from "vitest";
import { lines, onBoards, outputOf, startCounter, started } from "./boards.ts";

/** What a program sends when texts come in, one after the other was dealt with. */
function answers(
  target: Parameters<typeof started>[0],
  program: string,
  ...texts: readonly string[]
): string {
  const { board, output } = started(target, program);
  board.run();
  for (const text of texts) {
    board.serial.receive(text);
    board.run();
  }
  return output();
}

onBoards("serial ports", (target, generation) => {
  test("write sends texts and bytes as they are", () => {
    const program = `uart.write(0, "a\\0", 98, 255, "\\r\\n") uart.write(1, "lost")`;
    expect(outputOf(target, program)).toBe("a\0b\xff\r\n");
  });

  test("what comes before a wrong argument has been sent", () => {
    const program = `
      print(pcall(uart.write, 0, "x", 256))
      print(pcall(uart.write, 0, "y", {}))
      print(pcall(uart.write, 9, "z"))`;
    expect(outputOf(target, program)).toBe(
      lines(
        "xfalse\tinvalid number",
        "yfalse\tbad argument #3 to '?' (string expected, got table)",
        "false\tuart 9 does not exist",
      ),
    );
  });

  test("setup gives the rate; getconfig tells what was set up", () => {
    const program = `
      print(uart.getconfig(0))
      print(uart.setup(0, 9600, 7, uart.PARITY_EVEN, uart.STOPBITS_2, 1))
      print(uart.getconfig(0))
      print(uart.getconfig(1))
      print(uart.setup(0, 12345, 9, 9, 9))
      print(uart.getconfig(0))`;
    const odd = generation === "ESP32" ? "12344" : "9600";
    expect(outputOf(target, program)).toBe(
      lines(
        "115200\t8\t0\t1",
        "9600",
        "9600\t7\t1\t2",
        "115200\t8\t0\t1",
        "12345",
        `${odd}\t8\t0\t1`,
      ),
    );
  });

  test("without a callback the interpreter gets everything", () => {
    expect(answers(target, "", "print(1", "+1)\r", "print(3)\n")).toBe(lines("2", "3"));
  });

  test("so many bytes at a time, and none for the interpreter", () => {
    const program = `
      uart.on("data", 4, function(data)
        print("got " .. data)
        if data == "quit" then uart.on("data") end
      end, 0)`;
    expect(answers(target, program, "abcdef", "ghqui", "tprint('lua')\n")).toBe(
      lines("got abcd", "got efgh", "got quit", "lua"),
    );
  });

  test("up to a character", () => {
    const program = `uart.on("data", "\\r", function(data) print(#data, data:byte(-1)) end, 0)`;
    expect(answers(target, program, "print(1)\rab", "c\r", "x".repeat(300))).toBe(
      lines("9\t13", "4\t13", "256\t120"),
    );
  });

  test("each byte, or all that came in", () => {
    const program = `uart.on("data", 0, function(data) print(data) end, 0)`;
    const expected = generation === "2.2" ? ["abc", "d"] : ["a", "b", "c", "d"];
    expect(answers(target, program, "abc", "d")).toBe(lines(...expected));
  });

  test("while the interpreter reads along, it runs lines after the callback got them", () => {
    const program = `uart.on("data", "\\n", function(data) print("<" .. data .. ">") end)`;
    const expected = {
      "2.2": ["<print(1)>", "1"],
      "3.0": ["<print(1)>", "1", "<>"],
      ESP32: ["<print(1)\n>", "1", "<\n>"],
    }[generation];
    expect(answers(target, program, "print(1)\n", "\n")).toBe(lines(...expected));
  });

  test("a callback may hand the rest over to the interpreter", () => {
    const program = `uart.on("data", "!", function(data) print(data) uart.on("data") end, 0)`;
    expect(answers(target, program, "hello!print('lua')\nprint(2)\n")).toBe(
      lines("hello!", "lua", "2"),
    );
  });

  test("what comes in while Lua runs waits for its turn", () => {
    const program = `
      uart.on("data", 1, function(data) print("in", data) end, 0)
      print("out")`;
    let isTalking = true;
    const run = started(target, program, {
      output: (text) => {
        sent += text;
        if (isTalking && text.includes("out")) run.board.serial.receive("x");
        isTalking &&= !text.includes("out");
      },
    });
    let sent = "";
    run.board.run();
    expect(sent).toBe(lines("out", "in\tx"));
  });

  test("a restart gives the port back to the interpreter, with what comes in meanwhile", () => {
    const program = `if starts.isFirst() then uart.on("data", 1, print, 0) end`;
    const { board, output } = started(target, program, { modules: [startCounter()] });
    board.run();
    board.serial.receive("x");
    board.run();
    board.powerOn();
    board.serial.receive("print('lua')\n");
    board.run();
    expect(output()).toBe(lines("x", "lua"));
  });

  test("wrong arguments of on are told", () => {
    const program = `
      print((select(2, pcall(uart.on, "dada", print))))
      print((select(2, pcall(uart.on, "data", 256, print))))
      print((select(2, pcall(uart.on, "data", "ab", print))))
      print((select(2, pcall(uart.on))))`;
    const argument = (n: number, detail: string) => `bad argument #${n} to '?' (${detail})`;
    const is30 = generation === "3.0";
    expect(outputOf(target, program)).toBe(
      lines(
        is30 ? argument(1, "method not supported") : "method not supported",
        is30 ? argument(2, "wrong arg range") : "wrong arg range",
        "wrong arg range",
        argument(1, is30 ? "method not supported" : "string expected, got no value"),
      ),
    );
  });
});

onBoards("what calls without a limit mean", (target, generation) => {
  test("what the last one meant, or 256 bytes or a NUL", () => {
    const program = `
        uart.on("data", 2, print, 0)
        uart.on("data", function(data) print(#data) end, 0)`;
    const expected = generation === "3.0" ? ["4"] : ["2", "2"];
    expect(answers(target, program, "abc\0d")).toBe(lines(...expected));
  });
});

onBoards(
  "the older chip's own",
  (target) => {
    test("alt and echo are accepted", () => {
      const program = `print(select("#", uart.alt(1)), uart.setup(0, 9600, 8, 0, 1, 0))`;
      expect(outputOf(target, program)).toBe(lines("0\t9600"));
    });
  },
  ["2.2", "3.0"],
);

onBoards(
  "queues",
  (target) => {
    test("are empty", () => {
      const program = `
        print(uart.fifodepth(0, uart.DIR_RX), uart.fifodepth(1, uart.DIR_TX), uart.fifodepth())
        print(pcall(uart.fifodepth, 2))
        print(pcall(uart.fifodepth, 0, 2))`;
      expect(outputOf(target, program)).toBe(
        lines(
          "0\t0\t0",
          "false\tbad argument #1 to '?' (Bad UART id; must be 0 or 1)",
          "false\tbad argument #2 to '?' (Bad direction; must be DIR_RX or DIR_TX)",
        ),
      );
    });
  },
  ["3.0"],
);

onBoards(
  "ports of the newer chip",
  (target) => {
    test("those that are not the console's have pins and are started", () => {
      const program = `
        print(uart.setup(2, 115200, 8, uart.PARITY_NONE, uart.STOPBITS_1, {tx = 17, rx = 16}))
        print(pcall(uart.setup, 2, 115200, 8, 0, 1, {tx = 17}))
        print(pcall(uart.setup, 2, 115200, 8, 0, 1, 1))
        print(uart.start(2), uart.start(2), uart.start(0))
        uart.on(2, "data", 1, print) uart.on(2, "error", print)
        uart.stop(2) uart.setmode(2, uart.MODE_IRDA) uart.txflush(0) uart.wakeup(0, 3)
        print(uart.start(2), pcall(uart.wakeup, 0, 2))
        print(pcall(uart.on, 3, "data", print))`;
      expect(outputOf(target, program)).toBe(
        lines(
          "115200",
          "false\tbad argument #-1 to '?' (number expected, got nil)",
          "false\tbad argument #6 to '?' (table expected, got number)",
          "true\tfalse\tfalse",
          "true\tfalse\tError -1 from uart_set_wakeup_threshold()",
          "false\tuart 3 does not exist",
        ),
      );
    });

    test("the callback of another port hears nothing of the console", () => {
      const program = `uart.on(1, "data", 1, function() print("no") end)`;
      expect(answers(target, program, "print('lua')\n")).toBe(lines("lua"));
    });
  },
  ["ESP32"],
);

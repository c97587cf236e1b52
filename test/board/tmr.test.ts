/** The module `tmr`: what the manual says of timers, and in which order they run. */
import { expect, test } from "vitest";
import { lines, onBoards, outputOf, started } from "./boards.ts";

onBoards("timers", (target, generation) => {
  const run = (program: string) => outputOf(target, program);

  test("a single one runs once, with itself as the argument, and is not registered then", () => {
    const program = `
      local t = tmr.create()
      print(t:state())
      print(select("#", t:register(5000, tmr.ALARM_SINGLE, function(self) print(self == t, t:state()) end)))
      print(t:state())
      print(t:start(), t:state())`;
    expect(run(program)).toBe(lines("nil", "0", "false\t0", "true\ttrue\t0", "true\tnil"));
  });

  test("a semi-automatic one can be started again", () => {
    const program = `
      local n = 0
      tmr.create():alarm(100, tmr.ALARM_SEMI, function(t)
        n = n + 1
        print(n, t:state())
        if n < 3 then print(t:start()) end
      end)`;
    expect(run(program)).toBe(lines("1\tfalse\t2", "true", "2\tfalse\t2", "true", "3\tfalse\t2"));
  });

  test("an automatic one runs until it is stopped, and goes on when it is started", () => {
    const program = `
      local n = 0
      local t = tmr.create()
      t:alarm(100, tmr.ALARM_AUTO, function()
        n = n + 1
        if n == 2 then print(t:stop(), t:stop(), t:state()) print(t:start(), t:start()) end
        if n == 4 then print(select("#", t:unregister()), t:state()) end
        print(n)
      end)`;
    expect(run(program)).toBe(
      lines("1", "true\tfalse\tfalse\t1", "true\tfalse", "2", "3", "0\tnil", "4"),
    );
  });

  test("an automatic one counts from when it was due, not from when its turn came", () => {
    const program = `
      local turns = 0
      local t = tmr.create()
      t:alarm(1000, tmr.ALARM_AUTO, function() turns = turns + 1 end)
      tmr.create():alarm(990, tmr.ALARM_SINGLE, function() for i = 1, 100000 do end end)
      tmr.create():alarm(2100, tmr.ALARM_SINGLE, function() print(turns) t:stop() end)`;
    expect(run(program)).toBe(lines("2"));
  });

  test("a timer that is late goes before waiting tasks, or to the end of their queue", () => {
    const program = `
      tmr.create():alarm(10, tmr.ALARM_SINGLE, function() print("timer") end)
      node.task.post(node.task.HIGH_PRIORITY, function() print("task") end)
      for i = 1, 100000 do end`;
    const expected = generation === "ESP32" ? ["task", "timer"] : ["timer", "task"];
    expect(run(program)).toBe(lines(...expected));
  });

  test("the one that is due first runs first, whatever was set first", () => {
    const program = `
      for _, ms in ipairs{300, 100, 200, 100} do
        tmr.create():alarm(ms, tmr.ALARM_SINGLE, function() print(ms) end)
      end`;
    expect(run(program)).toBe(lines("100", "100", "200", "300"));
  });

  test("a new interval starts a running timer anew", () => {
    const program = `
      local t = tmr.create()
      t:interval(5)
      print(t:state())
      t:alarm(3000, tmr.ALARM_SINGLE, function() print("t") end)
      tmr.create():alarm(1000, tmr.ALARM_SINGLE, function() t:interval(500) print("1000") end)
      tmr.create():alarm(2000, tmr.ALARM_SINGLE, function() print("2000") end)`;
    expect(run(program)).toBe(lines("nil", "1000", "t", "2000"));
  });

  test("alarm on a running timer takes its place", () => {
    const program = `
      local t = tmr.create()
      t:alarm(100, tmr.ALARM_AUTO, function() print("old") end)
      print(t:alarm(250, tmr.ALARM_SINGLE, function() print("new") end))`;
    expect(run(program)).toBe(lines("true", "new"));
  });

  test("a stopped timer can be thrown away", () => {
    const program = `
      local t = tmr.create()
      print(t:stop())
      t:alarm(100, tmr.ALARM_SINGLE, function() print("never") end)
      t:unregister()
      print(t:state())`;
    expect(run(program)).toBe(lines("false", "nil"));
  });

  test("wrong arguments are told", () => {
    const program = `
      local t = tmr.create()
      local function try(...) print((select(2, pcall(t.register, t, ...)))) end
      try(0, 0, print) try(6870948, 0, print) try(-1, 0, print) try(1000, 3, print) try(1000, 0)
      try(1000, 0, {}) try("x", 0, print)
      print(pcall(t.interval, t, 0))
      print(t:state())
      print(pcall(t.start, {}))`;
    const range = { "2.2": "1-6870947", "3.0": "1-0x68D7A3", ESP32: "1-6870947" }[generation];
    const noFunction = (got: string) =>
      generation === "ESP32" ? `function expected, got ${got}` : "Must be function";
    expect(run(program)).toBe(
      lines(
        ...[
          `#2 to '?' (Range: ${range})`,
          `#2 to '?' (Range: ${range})`,
          `#2 to '?' (Range: ${range})`,
          "#3 to '?' (Invalid mode)",
          `#4 to '?' (${noFunction("no value")})`,
          `#4 to '?' (${noFunction("table")})`,
          "#2 to '?' (number expected, got string)",
        ].map((text) => `bad argument ${text}`),
        `false\tbad argument #2 to '?' (Range: ${range})`,
        "nil",
        "false\tbad argument #1 to '?' (tmr.timer expected, got table)",
      ),
    );
  });

  test("a callback that fails leaves the others to run", () => {
    const { board, output } = started(
      target,
      `tmr.create():alarm(10, tmr.ALARM_SINGLE, function() error("wrong", 0) end)`,
    );
    board.run(1_000_000);
    expect(output()).toContain("wrong");
  });
});

onBoards(
  "starting a timer that runs",
  (target) => {
    test("needs the argument true", () => {
      const program = `
        local t = tmr.create()
        t:alarm(1000, tmr.ALARM_SINGLE, function() print("done") end)
        tmr.create():alarm(600, tmr.ALARM_SINGLE, function()
          print(t:start(), t:start(false), t:start(nil), t:start(true))
          print(pcall(t.start, t, 1))
        end)
        tmr.create():alarm(1200, tmr.ALARM_SINGLE, function() print("1200") end)`;
      expect(outputOf(target, program)).toBe(
        lines(
          "false\tfalse\tfalse\ttrue",
          "false\tbad argument #2 to '?' (boolean expected)",
          "1200",
          "done",
        ),
      );
    });

    test("one that was never registered looks stopped after stop", () => {
      const program = `
        local t = tmr.create()
        print(t:start(), t:stop(), t:state())`;
      expect(outputOf(target, program)).toBe(lines("false\tfalse\tfalse\t3"));
    });
  },
  ["3.0"],
);

onBoards(
  "a timer without a callback",
  (target, generation) => {
    test("does not start", () => {
      const program = `
        local t = tmr.create()
        print(pcall(t.start, t))
        print(t:stop(), t:state())`;
      const answer = generation === "2.2" ? "true\tfalse" : "false\ttimer not registered";
      expect(outputOf(target, program)).toBe(lines(answer, "false\tnil"));
    });
  },
  ["2.2", "ESP32"],
);

onBoards(
  "timers of the newer chip",
  (target) => {
    test("go by a clock of 10 ms and wait for their turn among the tasks", () => {
      const program = `
        local t = tmr.create()
        print(pcall(t.register, t, 9, tmr.ALARM_SINGLE, print))
        print(pcall(t.interval, t, 9))
        t:register(15, tmr.ALARM_SINGLE, print)
        print(pcall(t.interval, t, 9))
        print(tmr.now, tmr.time, tmr.delay, select("#", tmr.wdclr()))
        t:alarm(15, tmr.ALARM_SINGLE, function() print("15 is 10") end)
        tmr.create():alarm(10, tmr.ALARM_SINGLE, function() print("10") end)`;
      expect(outputOf(target, program)).toBe(
        lines(
          "false\tFreeRTOS timer creation failed",
          "true",
          "false\tcannot change period",
          "nil\tnil\tnil\t0",
          "15 is 10",
          "10",
        ),
      );
    });
  },
  ["ESP32"],
);

onBoards(
  "clocks",
  (target, generation) => {
    test("now counts microseconds and time seconds since the start", () => {
      const program = `
        local now, time = tmr.now(), tmr.time()
        tmr.delay(5000000)
        local passed = tmr.now() - now
        print(passed >= 5000000 and passed < 5001000, tmr.time() - time)
        tmr.wdclr()
        tmr.create():alarm(2500, tmr.ALARM_SINGLE, function() print(tmr.time() - time) end)`;
      expect(outputOf(target, program)).toBe(lines("true\t5", "7"));
    });

    test("now has 31 bits", () => {
      const program = `
        for i = 1, 2 do tmr.delay(2147483647) end
        local now = tmr.now()
        print(now >= 0, now < 2000000)`;
      expect(outputOf(target, program)).toBe(lines("true\ttrue"));
    });

    test("delay lets no timer run", () => {
      const program = `
        tmr.create():alarm(10, tmr.ALARM_SINGLE, function() print("timer") end)
        tmr.delay(1000000)
        print("program")`;
      expect(outputOf(target, program)).toBe(lines("program", "timer"));
    });

    test("a loop that waits for the clock comes to its end", () => {
      const program = `
        local start = tmr.now()
        while tmr.now() - start < 100000 do end
        print("done")`;
      expect(outputOf(target, program)).toBe(lines("done"));
    });

    test("delay refuses what is no time", () => {
      const message =
        generation === "2.2" ? "wrong arg range" : "bad argument #1 to '?' (wrong arg range)";
      expect(outputOf(target, "print(pcall(tmr.delay, 0))")).toBe(lines(`false\t${message}`));
    });

    test("the software watchdog restarts the board unless it is set again or off", () => {
      const program = (body: string) => `
        print("start")
        if tmr.time() < 1 then
          ${body}
          tmr.create():alarm(3500, tmr.ALARM_SINGLE, function() print("3.5 s") end)
        end`;
      const restarts = (body: string) => {
        const { board, output } = started(target, program(body));
        board.run(board.now + 4_000_000);
        return [board.restarts > 0, output().includes("3.5 s")];
      };
      const extra = generation === "3.0" ? 1 : 0;
      expect(restarts(`tmr.softwd(${3 - extra})`)).toEqual([true, false]);
      expect(restarts(`tmr.softwd(${4 - extra})`)).toEqual([false, true]);
      expect(restarts("tmr.softwd(1) tmr.softwd(-1)")).toEqual([false, true]);
      expect(restarts("tmr.softwd(0)")).toEqual([generation === "3.0", generation === "2.2"]);
    });
  },
  ["2.2", "3.0"],
);

onBoards(
  "the counter of cycles",
  (target) => {
    test("goes with 80 MHz and wraps to negative numbers", () => {
      const program = `
        local a = tmr.ccount()
        tmr.delay(1000)
        local b = tmr.ccount()
        print(b - a >= 80000, b - a < 82000)
        tmr.delay(30000000)
        print(tmr.ccount() < 0)`;
      expect(outputOf(target, program)).toBe(lines("true\ttrue", "true"));
    });
  },
  ["3.0"],
);

/** The module `gpio`: levels that programs write and read, interrupts, and pulse trains. */
import { expect, test } from "vitest";
import type { Board } from "../../src/board/board.ts";
import type { Level } from "../../src/board/pins.ts";
import { lines, onBoards, outputOf, startCounter, started } from "./boards.ts";

/** Sets a pin from outside to one level after the other, a millisecond apart. */
function feed(board: Board, pin: number, levels: readonly Level[]): void {
  for (const level of levels) {
    board.pins.setInput(pin, level);
    board.run(board.now + 1000);
  }
}

/** What was written to pins, with times from the first one on. */
function recorded({ pins }: Board): [number, number, Level][] {
  return pins.changes.map(({ time, pin, level }) => [time - pins.changes[0].time, pin, level]);
}

onBoards(
  "pins of the kit",
  (target) => {
    const run = (program: string) => outputOf(target, program);

    test("what is written is recorded and read back", () => {
      const program = `
        gpio.mode(1, gpio.OUTPUT)
        gpio.write(1, gpio.HIGH) print(gpio.read(1))
        gpio.write(1, gpio.LOW) print(gpio.read(1))
        gpio.write(0, gpio.HIGH)`;
      const { board, output } = started(target, program);
      board.run();
      expect(output()).toBe(lines("1", "0"));
      const changes = board.pins.changes.map(({ pin, level }) => [pin, level]);
      expect(changes).toEqual([
        [1, 1],
        [1, 0],
        [0, 1],
      ]);
      expect([board.pins.outputOf(0), board.pins.outputOf(1)]).toEqual([1, 0]);
    });

    test("a write makes an output of any pin", () => {
      const { board } = started(target, "gpio.mode(3, gpio.INPUT) gpio.write(3, 1)");
      board.run();
      expect(board.pins.changes).toHaveLength(1);
    });

    test("inputs are read from outside; what is not connected is low, or high with a pull-up", () => {
      const program = `
        gpio.mode(1, gpio.INPUT) gpio.mode(2, gpio.INPUT, gpio.PULLUP) gpio.mode(3, gpio.INT)
        print(gpio.read(1), gpio.read(2), gpio.read(3), gpio.read(4), gpio.read(5))`;
      const { board, output } = started(target, program);
      board.pins.setInput(3, 1);
      board.pins.setInput(4, 1);
      board.run();
      expect(output()).toBe(lines("0\t1\t1\t1\t0"));
    });

    test("an open drain pulls down, or leaves the level to the outside", () => {
      const program = `
        gpio.mode(1, gpio.OPENDRAIN, gpio.PULLUP) gpio.mode(2, gpio.OPENDRAIN)
        gpio.write(1, 1) gpio.write(2, 1)
        print(gpio.read(1), gpio.read(2))
        gpio.write(2, 0)
        print(gpio.read(2))`;
      const { board, output } = started(target, program);
      board.pins.setInput(2, 1);
      board.run();
      expect(output()).toBe(lines("1\t1", "0"));
    });

    test("wrong arguments are told", () => {
      const program = `
        for _, call in ipairs{
          {gpio.mode, 13, 0}, {gpio.mode, 0, gpio.INT}, {gpio.mode, 1, 4},
          {gpio.read, 13}, {gpio.read, -1}, {gpio.write, 13, 1}, {gpio.write, 1, 2},
          {gpio.trig, 0, "up", print}, {gpio.trig, 1, "left", print}, {gpio.trig, 1, "up"},
          {gpio.trig, 1, "up", 1},
          {gpio.serout, 13, 1, {1}}, {gpio.serout, 1, 2, {1}}, {gpio.serout, 1, 1},
          {gpio.serout, 1, 1, {true}}, {gpio.pulse.build, {}},
        } do print((select(2, pcall(unpack(call))))) end`;
      const wrong = (n: number, detail: string) => `bad argument #${n} to '?' (${detail})`;
      expect(run(program.replace("unpack", "(unpack or table.unpack)"))).toBe(
        lines(
          wrong(1, "Invalid pin"),
          wrong(1, "Invalid pin"),
          wrong(2, "wrong arg type"),
          "gpio 13 does not exist",
          "gpio -1 does not exist",
          "gpio 13 does not exist",
          wrong(2, "wrong level type"),
          wrong(1, "Invalid interrupt pin"),
          wrong(2, "invalid option 'left'"),
          wrong(3, "invalid callback type"),
          wrong(3, "invalid callback type"),
          wrong(1, "Invalid pin"),
          wrong(2, "Wrong level type"),
          wrong(3, "Invalid delay_times"),
          wrong(-1, "number expected, got boolean"),
          "the simulated board has no gpio.pulse",
        ),
      );
    });

    test("interrupts at edges tell level, time and how many there were", () => {
      const program = `
        gpio.mode(1, gpio.INT)
        local before
        gpio.trig(1, "both", function(level, time, count)
          print(level, count, before and time - before)
          before = time
        end)`;
      const { board, output } = started(target, program);
      board.run();
      feed(board, 1, [1, 0]);
      // Two more before the callback's turn comes.
      board.pins.setInput(1, 1);
      board.pins.setInput(1, 0);
      board.run();
      const times = output().matchAll(/\t(\d{3,})\n/g);
      for (const [, time] of times) expect(Math.abs(Number(time) - 1000)).toBeLessThan(100);
      expect(output().replaceAll(/\d{3,}/g, "T")).toBe(lines("1\t1\tnil", "0\t1\tT", "1\t2\tT"));
    });

    test.each([
      ["up", [1, 1]],
      ["down", [0, 0]],
      ["both", [1, 0, 1, 0]],
      ["none", []],
    ])("edges: %s", (trigger, told) => {
      const program = `gpio.mode(2, gpio.INT) gpio.trig(2, "${trigger}", print)`;
      const { board, output } = started(target, program);
      board.run();
      feed(board, 2, [1, 0, 1, 0]);
      expect(output().match(/^\d/gm) ?? []).toEqual(told.map(String));
    });

    test("interrupts by level come again as long as the level is there", () => {
      const program = `
        gpio.mode(1, gpio.INT)
        local n = 0
        gpio.trig(1, "high", function(level)
          n = n + 1
          print(level, n)
          if n == 3 then gpio.trig(1, "none") end
        end)`;
      const { board, output } = started(target, program);
      board.run();
      expect(output()).toBe("");
      feed(board, 1, [1]);
      expect(output()).toBe(lines("1\t1", "1\t2", "1\t3"));
    });

    test("one by level is counted once until its callback has run", () => {
      const program = `
        gpio.mode(1, gpio.INT)
        gpio.trig(1, "high", function(level, time, count) print(count) gpio.trig(1, "none") end)`;
      const { board, output } = started(target, program);
      board.run();
      for (const level of [1, 0, 1] as const) board.pins.setInput(1, level);
      board.run();
      expect(output()).toBe(lines("1"));
    });

    test("setting a trigger forgets what was not told", () => {
      const program = `
        gpio.mode(1, gpio.OUTPUT)
        gpio.trig(1, "up", print)
        for i = 1, 3 do gpio.write(1, 1) gpio.write(1, 0) end
        gpio.trig(1, "up", function(level, time, count) print(level, count) end)`;
      expect(run(program)).toBe(lines("1\t0"));
    });

    test("one by level comes at once when the level is there, and time goes on between", () => {
      const program = `
        gpio.mode(1, gpio.INT) gpio.trig(1, "low", function() n = (n or 0) + 1 end)
        tmr.create():alarm(50, tmr.ALARM_SINGLE, function() print(n > 100) end)`;
      const { board, output } = started(target, program);
      board.run(board.now + 1_000_000);
      expect(output()).toBe(lines("true"));
    });

    test("a callback stays when another trigger is set without one; a mode takes it away", () => {
      const program = `
        gpio.mode(1, gpio.INT)
        gpio.trig(1, "up", function(level)
          print(level)
          gpio.trig(1, level == gpio.HIGH and "down" or "up")
          if level == gpio.LOW then gpio.mode(1, gpio.INPUT) end
        end)`;
      const { board, output } = started(target, program);
      board.run();
      feed(board, 1, [1, 0, 1, 0]);
      expect(output()).toBe(lines("1", "0"));
    });

    test("a pin that the program writes interrupts, too", () => {
      const program = `
        gpio.mode(1, gpio.OUTPUT)
        gpio.trig(1, "up", function() print("rose") end)
        gpio.write(1, 1)`;
      expect(run(program)).toBe(lines("rose"));
    });

    test("a restart forgets triggers, also before it has begun; levels stay", () => {
      const program = `
        if starts.isFirst() then
          gpio.write(2, 1)
          gpio.mode(1, gpio.INT) gpio.trig(1, "both", print)
        end`;
      const { board, output } = started(target, program, { modules: [startCounter()] });
      board.run();
      board.powerOn();
      board.pins.setInput(1, 1);
      board.run();
      feed(board, 1, [0]);
      expect([output(), board.pins.outputOf(2)]).toEqual(["", 1]);
    });

    test("serout: the program waits for the whole train", () => {
      const program = `
        gpio.mode(1, gpio.OUTPUT, gpio.PULLUP)
        gpio.serout(1, gpio.HIGH, {30, 70, 20}, 2)
        print("after")`;
      const { board, output } = started(target, program);
      board.run();
      expect(output()).toBe(lines("after"));
      expect(recorded(board)).toEqual([
        [0, 1, 1],
        [30, 1, 0],
        [100, 1, 1],
        [120, 1, 0],
        [150, 1, 1],
        [220, 1, 0],
      ]);
    });

    test("serout with a callback: the program goes on, and the callback comes at the end", () => {
      const program = `
        gpio.serout(1, gpio.HIGH, {5000, 995000}, 3, function() print("done", tmr.time()) end)
        print("going on")`;
      const { board, output } = started(target, program);
      board.run();
      expect(output()).toBe(lines("going on", "done\t3"));
      expect(recorded(board)).toEqual([
        [0, 1, 1],
        [5000, 1, 0],
        [1000000, 1, 1],
        [1005000, 1, 0],
        [2000000, 1, 1],
        [2005000, 1, 0],
      ]);
    });

    test("serout with a number instead: nobody is called", () => {
      const { board, output } = started(target, "gpio.serout(2, 0, {100, 100}, 2, 1) print(1)");
      board.run();
      expect(output()).toBe(lines("1"));
      expect(board.pins.changes.map(({ level }) => level)).toEqual([0, 1, 0, 1]);
    });

    test("a train that takes too long lets the watchdog bite", () => {
      const { board } = started(target, "gpio.serout(1, 1, {1000000, 1000000}, 0)");
      board.run(board.now + 5_000_000);
      expect(board.restarts).toBe(1);
    });
  },
  ["2.2", "3.0"],
);

onBoards(
  "pins of the chip",
  (target) => {
    test("config sets up one pin or several; outputs show what was written before", () => {
      const program = `
        gpio.write(21, 1)
        gpio.config({ gpio = {19, 21}, dir = gpio.OUT }, { gpio = 22, dir = gpio.IN, pull = gpio.PULL_UP })
        gpio.write(19, 1)
        gpio.write(22, 1)
        print(gpio.read(19), gpio.read(22))
        gpio.config{ gpio = 19, dir = gpio.IN_OUT }
        print(gpio.read(19))`;
      const { board, output } = started(target, program);
      board.run();
      // An output that is no input reads as low.
      expect(output()).toBe(lines("0\t1", "1"));
      expect(board.pins.changes.map(({ pin, level }) => [pin, level])).toEqual([
        [21, 1],
        [19, 1],
      ]);
    });

    test("an open drain pulls down only", () => {
      const program = `
        gpio.config{ gpio = 4, dir = gpio.IN_OUT, opendrain = 1 }
        gpio.write(4, 1) print(gpio.read(4))
        gpio.write(4, 0) print(gpio.read(4))`;
      const { board, output } = started(target, program);
      board.pins.setInput(4, 1);
      board.run();
      expect(output()).toBe(lines("1", "0"));
    });

    test("wrong arguments are told", () => {
      const program = `
        for _, call in ipairs{
          {gpio.config, 1}, {gpio.config, {gpio = 1}}, {gpio.config, {dir = gpio.IN}},
          {gpio.config, {gpio = 40, dir = gpio.IN}}, {gpio.config, {gpio = {1, 28}, dir = gpio.IN}},
          {gpio.config, {gpio = {}, dir = gpio.IN}}, {gpio.config, {gpio = 34, dir = gpio.OUT}},
          {gpio.read, 24}, {gpio.write, 35, 1}, {gpio.trig, 40, gpio.INTR_UP, print},
          {gpio.trig, 4, 6, print}, {gpio.trig, 4, gpio.INTR_UP, 1},
          {gpio.wakeup, 4, gpio.INTR_UP}, {gpio.set_drive, 4, 4}, {gpio.set_drive, 36, 1},
        } do print((select(2, pcall((unpack or table.unpack)(call))))) end
        print(gpio.wakeup(4, gpio.INTR_LOW), gpio.wakeup(4), gpio.set_drive(4, gpio.DRIVE_3))`;
      const invalid = "invalid argument";
      expect(outputOf(target, program)).toBe(
        lines(
          "bad argument #1 to '?' (table expected, got number)",
          "bad argument #-1 to '?' (number expected, got nil)",
          "missing/bad 'gpio' field",
          invalid,
          invalid,
          invalid,
          invalid,
          invalid,
          invalid,
          "invalid gpio",
          invalid,
          "bad argument #3 to '?' (function expected, got number)",
          invalid,
          "bad argument #2 to '?' (pad strength must be between gpio.DRIVE_0 and gpio.DRIVE_3)",
          invalid,
          "nil\tnil",
        ),
      );
    });

    test.each([
      ["INTR_UP", [1, 1]],
      ["INTR_DOWN", [0, 0]],
      ["INTR_UP_DOWN", [1, 0, 1, 0]],
    ])("edges: %s", (trigger, told) => {
      const program = `gpio.config{ gpio = 5, dir = gpio.IN } gpio.trig(5, gpio.${trigger}, print)`;
      const { board, output } = started(target, program);
      board.run();
      feed(board, 5, [1, 0, 1, 0]);
      expect(output()).toBe(lines(...told.map((level) => `5\t${level}`)));
    });

    test("edges before the callback has run are lost", () => {
      const program = `gpio.config{ gpio = 5, dir = gpio.IN } gpio.trig(5, gpio.INTR_UP_DOWN, print)`;
      const { board, output } = started(target, program);
      board.run();
      for (const level of [1, 0, 1] as const) board.pins.setInput(5, level);
      board.run();
      feed(board, 5, [0]);
      expect(output()).toBe(lines("5\t1", "5\t0"));
    });

    test("interrupts by level come again until the trigger is taken away", () => {
      const program = `
        gpio.config{ gpio = 5, dir = gpio.IN }
        local n = 0
        gpio.trig(5, gpio.INTR_HIGH, function(pin, level)
          n = n + 1
          print(pin, level, n)
          if n == 2 then gpio.trig(5) end
        end)`;
      const { board, output } = started(target, program);
      board.run();
      feed(board, 5, [1]);
      expect(output()).toBe(lines("5\t1\t1", "5\t1\t2"));
    });

    test("another trigger without a callback keeps the one that there is", () => {
      const program = `
        gpio.config{ gpio = 5, dir = gpio.IN }
        gpio.trig(5, gpio.INTR_UP, print)
        gpio.trig(5, gpio.INTR_DOWN)`;
      const { board, output } = started(target, program);
      board.run();
      feed(board, 5, [1, 0]);
      expect(output()).toBe(lines("5\t0"));
    });
  },
  ["ESP32"],
);

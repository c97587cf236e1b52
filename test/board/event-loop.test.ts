/** Virtual time and the order of what happens in it. */
import { describe, expect, test } from "vitest";
import { EventLoop, Priority } from "../../src/board/event-loop.ts";

/** Runs everything, timers included, and returns when each thing happened. */
function runAll(loop: EventLoop): number[] {
  const times: number[] = [];
  for (;;) {
    if (loop.runNext()) times.push(loop.now);
    else if (loop.nextDue === Number.POSITIVE_INFINITY) return times;
    else loop.skipTo(loop.nextDue);
  }
}

describe("tasks", () => {
  test("run by priority, and in the order in which they were posted", () => {
    const loop = new EventLoop();
    const order: string[] = [];
    loop.post(() => order.push("low"), Priority.Low);
    loop.post(() => order.push("medium 1"), Priority.Medium);
    loop.post(() => order.push("medium 2"), Priority.Medium);
    loop.post(() => order.push("high"), Priority.High);
    runAll(loop);
    expect(order).toEqual(["high", "medium 1", "medium 2", "low"]);
  });

  test("that are posted by a task run later", () => {
    const loop = new EventLoop();
    const order: string[] = [];
    loop.post(() => {
      loop.post(() => order.push("inner"), Priority.High);
      order.push("outer");
    }, Priority.Low);
    runAll(loop);
    expect(order).toEqual(["outer", "inner"]);
  });
});

describe("timers", () => {
  test("run when they are due, and time jumps to them", () => {
    const loop = new EventLoop();
    const order: string[] = [];
    loop.after(3_000_000, () => order.push("c"));
    loop.after(1_000_000, () => order.push("a"));
    loop.after(1_000_000, () => order.push("b"));
    expect(runAll(loop)).toEqual([1_000_000, 1_000_000, 3_000_000]);
    expect(order).toEqual(["a", "b", "c"]);
  });

  test("go before tasks once they are due", () => {
    const loop = new EventLoop();
    const order: string[] = [];
    loop.post(() => order.push("task"), Priority.High);
    loop.after(10, () => order.push("timer"));
    loop.pass(10);
    runAll(loop);
    expect(order).toEqual(["timer", "task"]);
  });

  test("that are taken back do not run", () => {
    const loop = new EventLoop();
    const order: string[] = [];
    const alarm = loop.after(5, () => order.push("never"));
    alarm.cancel();
    expect(loop.nextDue).toBe(Number.POSITIVE_INFINITY);
    expect(runAll(loop)).toEqual([]);
    expect(order).toEqual([]);
  });

  test("are gone after a restart, but time goes on", () => {
    const loop = new EventLoop();
    loop.after(5, () => undefined);
    loop.post(() => undefined, Priority.Low);
    loop.pass(3);
    loop.clear();
    expect(loop.isBusy).toBe(false);
    expect(loop.now).toBe(3);
  });
});

test("time never goes back", () => {
  const loop = new EventLoop();
  loop.pass(10);
  loop.skipTo(5);
  expect(loop.now).toBe(10);
});

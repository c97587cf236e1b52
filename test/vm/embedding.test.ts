/** What an embedder sees of a machine's memory: flash, references from JavaScript, collections. */
import { describe, expect, it } from "vitest";
import { toBytes } from "../../src/base/lua-string.ts";
import { compile } from "../../src/index.ts";
import { findTarget } from "../../src/target/targets.ts";
import { toolchainFor } from "../../src/toolchain.ts";
import { collect } from "../../src/vm/collect.ts";
import { Machine } from "../../src/vm/machine.ts";
import { memoryInUse } from "../../src/vm/memory-use.ts";
import { keep, kept, release } from "../../src/vm/references.ts";
import { Table } from "../../src/vm/table.ts";

const target = findTarget("esp8266-lua51-float");

function newMachine(): Machine {
  return new Machine({
    target,
    write: () => undefined,
    load: (chunk, chunkName) => toolchainFor(target).compile(chunk, { chunkName, target }),
  });
}

const SOURCE =
  "local a, b = 'some text', 'more' function f(x) return function() return x .. a end end";

describe("code in flash", () => {
  it("costs a closure, and its strings nothing", () => {
    const proto = compile(SOURCE, { target });
    const inFlash = newMachine();
    inFlash.flash.add(proto);
    const before = memoryInUse(inFlash);
    keep(inFlash, inFlash.newClosure(proto));
    // A closure of 20 bytes, and the registry's array for it.
    expect(memoryInUse(inFlash) - before).toBe(20 + 12);
    keep(inFlash, inFlash.intern("some text"));
    expect(memoryInUse(inFlash) - before).toBe(20 + 2 * 12);
  });

  it("costs more in memory", () => {
    const proto = compile(SOURCE, { target });
    const machine = newMachine();
    const before = memoryInUse(machine);
    keep(machine, machine.newClosure(proto));
    expect(memoryInUse(machine) - before).toBeGreaterThan(300);
  });

  it("costs nothing when a function in it is all that is kept", () => {
    const proto = compile(SOURCE, { target });
    const machine = newMachine();
    machine.flash.add(proto);
    machine.call(machine.newClosure(proto));
    const before = memoryInUse(machine);
    const { ok, values } = {
      values: [],
      ...machine.call(machine.globals.getString(machine.intern("f"))),
    };
    expect(ok).toBe(true);
    keep(machine, values[0]);
    // The closure with two upvalues, of which the one for `a` was there, and the registry's array.
    expect(memoryInUse(machine) - before).toBe(20 + 2 * 4 + 24 + 12);
  });
});

describe("references", () => {
  it("keep values, and their numbers are used again", () => {
    const machine = newMachine();
    const [a, b, c] = [1, 2, 3].map(() => new Table(machine.heap));
    const [first, second] = [keep(machine, a), keep(machine, b)];
    expect([first, second]).toEqual([1, 2]);
    release(machine, first);
    expect(kept(machine, first)).not.toBe(a);
    expect(keep(machine, c)).toBe(first);
    expect(kept(machine, first)).toBe(c);
    expect(kept(machine, second)).toBe(b);
    expect(keep(machine, a)).toBe(3);
  });

  it("of several that became free, the last is used first", () => {
    const machine = newMachine();
    for (const value of [10, 20, 30]) keep(machine, value);
    release(machine, 1);
    release(machine, 3);
    expect([keep(machine, 1), keep(machine, 2), keep(machine, 3)]).toEqual([3, 1, 4]);
  });
});

describe("a collection asked for by the embedder", () => {
  it("clears weak tables", () => {
    const machine = newMachine();
    const weak = new Table(machine.heap);
    weak.metatable = new Table(machine.heap);
    weak.metatable.setString(machine.events.mode, machine.intern("v"));
    const held = new Table(machine.heap);
    weak.setNumber(1, held);
    weak.setNumber(2, new Table(machine.heap));
    keep(machine, weak);
    const reference = keep(machine, held);
    collect(machine.mainThread);
    expect([weak.getNumber(1), weak.getNumber(2)]).toEqual([held, undefined]);
    release(machine, reference);
    collect(machine.mainThread);
    expect(weak.getNumber(1)).toBe(undefined);
  });

  it("forgets how deep a program was", () => {
    const machine = newMachine();
    const main = machine.loadChunk(
      toBytes("local function f(n) if n > 0 then return 1 + f(n - 1) end return 0 end f(1000)"),
      "@deep.lua",
    );
    if (typeof main === "string") throw new Error(main);
    const before = memoryInUse(machine);
    machine.call(main);
    expect(memoryInUse(machine)).toBe(before);
    for (let i = 0; i < 10; i++) collect(machine.mainThread);
    // Its stack once grew, and is cut by half until that is near what is in use.
    expect(memoryInUse(machine)).toBeGreaterThan(before);
    expect(memoryInUse(machine)).toBeLessThan(before + 50 * 12);
  });
});

/**
 * Compiles do not know of each other: whatever ran before, runs in between or beside, the result
 * is the same. A number model of our own is the place where one call can run inside another.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import * as luacross from "../../src/index.ts";
import { BROKEN, results, SAMPLES, supportedTargets } from "./samples.ts";
import { ROOT } from "./sources.ts";

const { compile, decode, encode, findTarget, list } = luacross;
type Target = luacross.Target;
type NumberModel = Target["numbers"];

const TARGETS = supportedTargets(luacross);
const JOBS = TARGETS.flatMap((target) => SAMPLES.map((source) => ({ source, target })));
const DOUBLE = "esp8266-lua51-float";
const INTEGER = "esp8266-2.2-int";

/** The results of all jobs, each in the order of the list. */
const EXPECTED = JOBS.map(({ source, target }) => results(luacross, source, target));

describe("one after the other", () => {
  test("targets and sources differ, so a mix-up would show", () => {
    expect(new Set(SAMPLES.map((source) => results(luacross, source, DOUBLE))).size).toBe(3);
    expect(new Set([DOUBLE, INTEGER].map((name) => results(luacross, SAMPLES[2], name))).size).toBe(
      2,
    );
  });

  test("the order does not matter, and errors leave nothing behind", () => {
    for (const i of [...JOBS.keys()].reverse()) {
      const { source, target } = JOBS[i];
      expect(() => compile(BROKEN, { target })).toThrow(luacross.CompileError);
      expect(results(luacross, source, target)).toBe(EXPECTED[i]);
    }
  });

  test("a prototype keeps nothing of its source, and nothing of it changes later", () => {
    const source = new TextEncoder().encode(SAMPLES[1]);
    const proto = compile(source, { target: DOUBLE });
    const before = structuredClone(proto);
    source.fill(0);
    for (const other of SAMPLES) compile(other, { target: DOUBLE });
    expect(proto).toEqual(before);
  });

  test("a compile changes neither its source nor its target", () => {
    const source = new TextEncoder().encode(SAMPLES[1]);
    const before = source.slice();
    const target = frozen(findTarget(INTEGER));
    const bytes = encode(compile(source, { target }), { target });
    expect(source).toEqual(before);
    expect(bytes).toEqual(encode(compile(SAMPLES[1], { target: INTEGER }), { target: INTEGER }));
  });
});

/** A copy of a record, and of all records in it, that throws when it is changed. */
function frozen<T extends object>(record: T): T {
  const entries = Object.entries(record).map(([name, value]) => {
    return [name, typeof value === "object" && value !== null ? frozen(value) : value];
  });
  const copy = Object.assign(Array.isArray(record) ? [] : {}, Object.fromEntries(entries));
  return Object.freeze(copy);
}

/** A target that runs something whenever its number model is asked for one service. */
function interrupted(name: string, service: keyof NumberModel, run: () => void): Target {
  const target = findTarget(name);
  const original = target.numbers[service] as (...args: unknown[]) => unknown;
  const replacement = (...args: unknown[]) => {
    run();
    const result = original.apply(target.numbers, args);
    run();
    return result;
  };
  return { ...target, numbers: { ...target.numbers, [service]: replacement } };
}

describe("one inside the other", () => {
  const SERVICES = ["parse", "fold", "write", "read", "format"] as const;

  test.each(SERVICES)("in the middle of a number's %s", (service) => {
    const [outer, inner] = [SAMPLES[2], SAMPLES[0]];
    const expected = allOf(outer, findTarget(DOUBLE));
    const expectedInside = results(luacross, inner, INTEGER);
    let count = 0;
    const target = interrupted(DOUBLE, service, () => {
      count++;
      expect(() => compile(BROKEN)).toThrow(luacross.CompileError);
      expect(results(luacross, inner, INTEGER)).toBe(expectedInside);
    });
    expect(allOf(outer, target)).toEqual(expected);
    expect(count).toBeGreaterThan(2);
  });

  test("an interruption that changes a number would show", () => {
    const target = findTarget(DOUBLE);
    const numbers = { ...target.numbers, parse: () => 1 };
    expect(allOf(SAMPLES[2], { ...target, numbers })).not.toEqual(allOf(SAMPLES[2], target));
  });

  function allOf(source: string, target: Target) {
    const chunk = encode(compile(source, { target }), { target });
    return { chunk, listing: list(decode(chunk, { target }), { target, full: true }) };
  }
});

describe("beside each other", () => {
  const SAMPLES_AND_RESULTS = `
    import * as library from "./src/index.ts";
    import { results } from "./test/structure/samples.ts";
    import { parentPort, workerData } from "node:worker_threads";
    for (const { source, target } of workerData) {
      parentPort.postMessage(results(library, source, target));
    }`;

  test("in workers, each with half of the targets at a time", async () => {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      stdin: { contents: SAMPLES_AND_RESULTS, resolveDir: ROOT, loader: "ts" },
      bundle: true,
      write: false,
      format: "cjs",
      platform: "node",
    });
    const halves = [0, 1].map((half) => [...JOBS.keys()].filter((i) => i % 2 === half));
    const answers = halves.map(async (indices) => {
      const jobs = indices.map((i) => JOBS[i]);
      const worker = new Worker(outputFiles[0].text, { eval: true, workerData: jobs });
      const received: string[] = [];
      worker.on("message", (message: string) => received.push(message));
      await once(worker, "exit");
      return received;
    });
    const expected = halves.map((indices) => indices.map((i) => EXPECTED[i]));
    expect(await Promise.all(answers)).toEqual(expected);
  });
});

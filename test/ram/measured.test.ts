/**
 * The model against measurements: interpreters of the reference, built for 32 bits with the device's
 * layout of records and an allocator that counts, loaded each module; recorded is what was in use
 * after two collections, and at the worst moment of compiling, less what was in use before.
 */
import { describe, expect, it } from "vitest";
import { measureRam, targets } from "../../src/index.ts";
import measured from "./measured.json" with { type: "json" };
import { MODULES } from "./modules.ts";

/** Bytes from source, from `.lc`, from `.lc` without debug information, and the compiler's peak. */
type Measurement = readonly number[];
const MEASURED: Readonly<Record<string, Readonly<Record<string, Measurement>>>> = measured;

/**
 * How far the peak may be off where the collector runs during a compile, in bytes: it may have taken
 * the strings of the file's name before, and a vector may have grown a token earlier or later.
 */
const COLLECTED = 128;

it("there are measurements for every target and module", () => {
  expect(Object.keys(MEASURED)).toEqual(targets.map(({ name }) => name));
  for (const modules of Object.values(MEASURED)) {
    expect(Object.keys(modules)).toEqual(Object.keys(MODULES));
  }
});

describe.each(targets.filter(({ supported }) => supported))("$name", ({ name: target, memory }) => {
  const tolerance = memory.compiler.sharesLookup ? COLLECTED : 0;

  it.each(Object.keys(MODULES))("%s", (name) => {
    const use = measureRam(MODULES[name], { target, chunkName: `@${name}` });
    const [source, lc, stripped, compilePeak] = MEASURED[target][name];
    expect([use.source, use.lc, use.stripped]).toEqual([source, lc, stripped]);
    expect(Math.abs((use.compilePeak ?? 0) - compilePeak)).toBeLessThanOrEqual(tolerance);
  });
});

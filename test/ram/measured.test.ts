/**
 * The model against measurements: interpreters of the reference, built for 32 bits with the device's
 * layout of records and an allocator that counts, loaded each module; recorded is what was in use
 * after two collections, and at the worst moment of compiling, less what was in use before.
 */
import { describe, expect, it } from "vitest";
import { measureRam } from "../../src/index.ts";
import measured from "./measured.json" with { type: "json" };
import { MODULES } from "./modules.ts";

/** Bytes from source, from `.lc`, from `.lc` without debug information, and the compiler's peak. */
type Measurement = readonly number[];
const MEASURED: Readonly<Record<string, Readonly<Record<string, Measurement>>>> = measured;

describe.each(Object.entries(MEASURED))("%s", (target, modules) => {
  it.each(Object.keys(MODULES))("%s", (name) => {
    const { source, lc, stripped, compilePeak } = measureRam(MODULES[name], {
      target,
      chunkName: `@${name}`,
    });
    expect([source, lc, stripped, compilePeak]).toEqual(modules[name]);
  });
});

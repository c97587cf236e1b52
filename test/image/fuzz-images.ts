/**
 * Compares images with those of reference executables:
 *
 *     LUACROSS_REFERENCE=… node scripts/run.mjs test/image/fuzz-images.ts [--cases N] [--seed S]
 *         [--modules FOLDER]
 *
 * Each case is built for every target in both formats, and read back. `--modules` names a folder
 * with Lua files that make some of the cases. Exit status 1 means a difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Target } from "../../src/target/target.ts";
import { Random } from "../fuzz/random.ts";
import { compareCase, Tally } from "./compare.ts";
import {
  BOUNDARY_SIZES,
  collidingStrings,
  data,
  debugChunk,
  inputsOfSize,
  literal,
  program,
  stringModule,
} from "./inputs.ts";
import { combine, IMAGE_TARGETS, type Inputs } from "./subject.ts";

/** The older reference crashes on longer binary inputs. */
const MAX_BINARY = 255;
const MAX_MODULES = 50;

type Maker = (random: Random, target: Target) => Inputs;

function main(): void {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
      modules: { type: "string" },
    },
  });
  const makers = makersOf(values.modules);
  const tally = new Tally();
  for (let i = 0; i < Number(values.cases); i++) {
    const [kind, make] = makers[i % makers.length];
    for (const target of IMAGE_TARGETS) {
      // The same inputs for all targets, as far as they do not depend on it.
      const random = new Random(`${values.seed} ${i}`);
      const strip = random.chance(0.2);
      compareCase(
        { kind, seed: `${values.seed} ${i}`, strip },
        make(random, target),
        target,
        tally,
      );
    }
  }
  console.log(tally.lines().join("\n"));
  if (tally.differences > 0) process.exitCode = 1;
}

function makersOf(folder: string | undefined): [kind: string, make: Maker][] {
  const own: [string, Maker][] = [
    ["programs", (random) => modules(random, () => program(random, random.magnitude(1, 60)))],
    ["data", (random) => modules(random, () => dataModule(random), 4)],
    ["collisions", (random) => ({ "c.lua": stringModule(colliding(random)) })],
    ["debug info", (random, target) => modules(random, () => smallChunk(random, target), 12, "lc")],
    ["boundary", (random, target) => inputsOfSize(random.pick(BOUNDARY_SIZES), target)],
    ["sizes", (random, target) => inputsOfSize(random.magnitude(200, 60_000) * 4, target)],
  ];
  if (folder === undefined) return own;
  const files = luaFiles(folder);
  const real: Maker = (random, target) => someOf(files, random, target);
  return own.flatMap((maker): [string, Maker][] => [maker, ["real", real]]);
}

function modules(random: Random, make: () => string, most = 20, extension = "lua"): Inputs {
  const count = random.chance(0.05) ? MAX_MODULES : random.magnitude(1, most);
  const folder = random.chance(0.3) ? "src/lib/" : "";
  const entries = Array.from({ length: count }, (_, i) => [`${folder}m${i}.${extension}`, make()]);
  return Object.fromEntries(entries);
}

function dataModule(random: Random): string {
  const pieces = Array.from({ length: random.magnitude(1, 6) }, () => {
    return `f(${literal(data(random, random.magnitude(1, 24_000)))})`;
  });
  return pieces.join("\n");
}

function colliding(random: Random): string[] {
  const bits = random.between(3, 12);
  const strings = collidingStrings(random, random.magnitude(4, 200), bits);
  return random.chance(0.5) ? [...strings, ...collidingStrings(random, 40, 2)] : strings;
}

function smallChunk(random: Random, target: Target): string {
  for (let size = random.magnitude(1, 20); ; size = Math.max(0, size - 1)) {
    const text = debugChunk(random, target, size);
    const fits = target.wire.stringTag === 4 || text.length <= MAX_BINARY;
    if (fits) return text;
  }
}

/** Real modules, as many as make an image of some size, of those that the target can compile. */
function someOf(files: readonly string[], random: Random, target: Target): Inputs {
  const inputs: Record<string, Uint8Array> = {};
  let room = random.magnitude(2000, 250_000);
  for (let i = 0; i < MAX_MODULES && room > 0; i++) {
    const source = new Uint8Array(readFileSync(random.pick(files)));
    if (!compiles(source, target)) continue;
    room -= source.length;
    if (room > 0) inputs[`m${i}.lua`] = source;
  }
  return Object.keys(inputs).length > 0 ? inputs : { "empty.lua": "" };
}

function compiles(source: Uint8Array, target: Target): boolean {
  try {
    combine({ "m.lua": source }, target, 0);
    return true;
  } catch {
    return false;
  }
}

function luaFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".lua"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

main();

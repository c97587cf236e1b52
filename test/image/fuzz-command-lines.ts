/**
 * Compares whole command lines that ask for images with those of reference executables:
 *
 *     LUACROSS_REFERENCE=… LUACROSS_CLOCK=… node scripts/run.mjs test/image/fuzz-command-lines.ts
 *         [--cases N] [--seed S]
 *
 * Compared are exit status, output, messages and every byte of every file. What luacross says more
 * than the reference is taken out first, and a file that the reference leaves empty after an error
 * is no file. Exit status 1 means a difference.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Target } from "../../src/target/target.ts";
import { Random } from "../fuzz/random.ts";
import { differences, toAnswer } from "../vectors/answers.ts";
import type { Outcome, VectorCase } from "../vectors/case.ts";
import { runProduct } from "../vectors/replay.ts";
import { LUACROSS_CLOCK, runReference } from "../vectors/run-reference.ts";
import { Tally } from "./compare.ts";
import { debugChunk, literal, program } from "./inputs.ts";
import { referenceFolder } from "./reference.ts";
import { IMAGE_TARGETS } from "./subject.ts";

/** The older reference crashes on longer binary inputs. */
const MAX_BINARY = 255;
/** How a chunk begins. */
const CHUNK = "\x1bLua";
/** What both say of an error of their output, which luacross finds only when there is one. */
const NO_OUTPUT = /^luac\.cross: cannot open missing\/out\.img: /m;

function main(): void {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
    },
  });
  if (LUACROSS_CLOCK === "") throw new Error("LUACROSS_CLOCK does not name a library");
  const tally = new Tally();
  for (let i = 0; i < Number(values.cases); i++) {
    for (const target of IMAGE_TARGETS) {
      const random = new Random(`${values.seed} ${i} ${target.name}`);
      compare(commandLine(random, target), target, `${values.seed} ${i}`, tally);
    }
  }
  console.log(tally.lines().join("\n"));
  if (tally.differences > 0) process.exitCode = 1;
}

function compare(vector: VectorCase, target: Target, seed: string, tally: Tally): void {
  const theirs = runReference(join(referenceFolder(), target.name), vector);
  if (typeof theirs.exit === "string") {
    tally.count(`the reference ends with ${theirs.exit}`);
    return;
  }
  const ours = runProduct(vector, target.name);
  if (NO_OUTPUT.test(theirs.stderr) && ours.exit === theirs.exit && !NO_OUTPUT.test(ours.stderr)) {
    tally.count("of which fail for two reasons");
    return;
  }
  tally.count("command lines");
  tally.count(`command lines for ${target.name}`);
  tally.count(theirs.exit === 0 ? "of which succeed" : "of which fail");
  if (/warning: the device will refuse/.test(ours.stderr))
    tally.count("images that devices refuse");
  const found = differences(
    toAnswer(vector, withoutRemains(theirs)),
    toAnswer(vector, { ...ours, stderr: withoutOwnWords(ours.stderr) }),
  );
  for (const difference of found) {
    tally.difference(`${target.name} ${seed} ${JSON.stringify(vector.args)} ${difference}`);
  }
}

/** After an error the reference leaves an empty file, or the beginning of one, or of its output. */
function withoutRemains(outcome: Outcome): Outcome {
  if (outcome.exit === 0) return outcome;
  return { ...outcome, files: {}, stdout: outcome.stdout.split(CHUNK, 1)[0] };
}

function withoutOwnWords(stderr: LuaString): LuaString {
  return stderr.replace(
    /^(?:luac\.cross: (?:warning|note): .*|The image has \d+ bytes; .*)\n/gm,
    "",
  );
}

function commandLine(random: Random, target: Target): VectorCase {
  const files = inputFiles(random, target);
  const names = Object.keys(files).map((name) => (random.chance(0.1) ? `./${name}` : name));
  const stdin = random.chance(0.1) ? program(random, 3) : "";
  if (stdin !== "") names.splice(random.below(names.length + 1), 0, "-");
  if (random.chance(0.03)) names.push("missing.lua");
  if (random.chance(0.05)) names.push(random.pick(names));
  const output = random.pick(["out.img", "out.img", "-", "d/out.img", "missing/out.img"]);
  const named = random.chance(0.9) ? ["-o", output] : [];
  const all = [...options(random), ...named, ...options(random)];
  // Made-up line info leads the reference's listing into memory that is not its own.
  const chunks = names.some((name) => name.endsWith(".lc"));
  const args = chunks ? all.filter((arg) => arg !== "-l") : all;
  if (random.chance(0.1)) args.push("--");
  const old = random.chance(0.3) ? { "out.img": "old", "luac.out": "older" } : {};
  // The reference's bytes are wanted even where devices refuse them.
  return {
    name: "",
    args: [...args, ...names],
    own: ["--exact"],
    files: { ...files, "d/": "", ...old },
    stdin,
  };
}

const OPTIONS: readonly ((random: Random) => readonly string[])[] = [
  () => ["-f"],
  () => ["-f"],
  () => ["-i"],
  () => ["-s"],
  () => ["-l"],
  () => ["-v"],
  (random) => (random.chance(0.3) ? ["-p"] : []),
  (random) => ["-a", addressText(random)],
  (random) => ["-a", addressText(random)],
  (random) => ["-m", limitText(random)],
  (random) => (random.chance(0.1) ? ["-x"] : []),
];

function options(random: Random): string[] {
  return Array.from({ length: random.below(4) }, () => random.pick(OPTIONS)(random)).flat();
}

/** Mostly an address that the ESP8266 takes. */
function addressText(random: Random): string {
  const address = 0x40210000 + 4096 * random.below(random.chance(0.9) ? 256 : 300);
  if (random.chance(0.05)) return random.pick(["", "junk", "0", "0x", "-1", "0x4021000g", "1e9"]);
  const texts = [`0x${address.toString(16)}`, String(address), `0${address.toString(8)}`];
  return random.pick(["", "", " ", "+"]) + random.pick(texts) + random.pick(["", "", "", "z"]);
}

function limitText(random: Random): string {
  if (random.chance(0.1)) return random.pick(["", "junk", "0", "64k", "-1", "-4096", "4097"]);
  const limit = 4096 * random.magnitude(1, 100);
  return random.pick([String(limit), `0x${limit.toString(16)}`, `0${limit.toString(8)}`]);
}

function inputFiles(random: Random, target: Target): Record<string, LuaString> {
  const count = random.chance(0.05) ? random.between(48, 52) : random.magnitude(1, 6);
  const files: Record<string, LuaString> = {};
  for (let i = 0; i < count; i++) Object.assign(files, inputFile(random, target, i));
  return files;
}

function inputFile(random: Random, target: Target, i: number): Record<string, LuaString> {
  const folder = random.pick(["", "", "src/", "a.b/"]);
  const stem = random.pick([`m${i}`, `m${i}`, `m${i}`, `m${i % 2}.x${i}`, `.h${i}`, `${i}\\m`]);
  if (random.chance(0.15)) return { [`${folder}${stem}.lc`]: smallChunk(random, target) };
  return { [`${folder}${stem}.lua`]: sourceOf(random) };
}

function sourceOf(random: Random): LuaString {
  if (random.chance(0.03)) return random.pick(["x = = 1", "return )", "local", '"'] as const);
  if (random.chance(0.05)) return `return ${literal("xyz".repeat(random.magnitude(1, 30_000)))}`;
  if (random.chance(0.1)) return random.pick(["", "return 1", "#!lua\nprint(1)"] as const);
  return program(random, random.magnitude(1, 40));
}

function smallChunk(random: Random, target: Target): LuaString {
  for (let size = random.magnitude(1, 20); ; size = Math.max(0, size - 1)) {
    const bytes = debugChunk(random, target, size);
    if (target.wire.stringTag === 4 || bytes.length <= MAX_BINARY) return bytes;
  }
}

main();

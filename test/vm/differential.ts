/**
 * `LUACROSS_REFERENCE=DIR node scripts/run.mjs test/vm/differential.ts [--target T] [--seed S]
 * [--count N] [--reference NAME] [--compile-after N]`: runs generated programs on the machine and on
 * the reference, and shows those that came out differently.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { findTarget } from "../../src/target/targets.ts";
import { Random } from "../fuzz/random.ts";
import { generateProgram } from "./generate.ts";
import { runProgram } from "./program.ts";

const TIMEOUT = 5000;
/** Locals that a main function has room for limit how long a program may be. */
const UNITS = 12;

const { values } = parseArgs({
  options: {
    target: { type: "string", default: "esp8266-lua51-float" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "100" },
    /** The reference to ask, where it is not that of the target. */
    reference: { type: "string" },
    // Functions are compiled to JavaScript when they are entered so often; 0 for never.
    "compile-after": { type: "string" },
    show: { type: "boolean", default: false },
  },
});

interface Answer {
  readonly output: LuaString;
  readonly error: LuaString;
}

const target = findTarget(values.target);
const executable = join(process.env.LUACROSS_REFERENCE ?? ".", values.reference ?? values.target);
const folder = mkdtempSync(join(tmpdir(), "luacross-vm-"));
const language = {
  hasFloats: !target.numbers.integral,
  isLua53: target.dialect.chunkVersion === 0x53,
};

const after = values["compile-after"];
const compileAfter = after === "0" ? false : after === undefined ? undefined : Number(after);

let different = 0;
let crashed = 0;
let errors = 0;
for (let i = 0; i < Number(values.count); i++) {
  const random = new Random(`${values.seed}/${values.target}/${i}`);
  const program = generateProgram(random, language, UNITS);
  const expected = askReference(program);
  if (expected === undefined) {
    crashed++;
    if (values.show) console.log(`program ${i} made the reference crash`);
    continue;
  }
  const { output, error } = runProgram(program, "fuzz.lua", target, compileAfter);
  const actual = { output: comparable(output), error: comparable(error ?? "") };
  if (actual.error !== "") errors++;
  if (actual.output === expected.output && actual.error === expected.error) continue;
  different++;
  console.log(`program ${i} differs`);
  console.log(firstDifference(actual, expected));
  if (values.show) console.log(program);
}
rmSync(folder, { recursive: true });
console.log(
  `${values.count} programs for ${values.target}: ${different} different, ${errors} ended with an error, ` +
    `${crashed} made the reference crash`,
);
process.exitCode = different > 0 ? 1 : 0;

/** What the reference says, or undefined when it crashed or hung. */
function askReference(program: string): Answer | undefined {
  writeFileSync(join(folder, "fuzz.lua"), toBytes(program));
  const { stdout, stderr, status } = spawnSync(executable, ["-e", "fuzz.lua"], {
    cwd: folder,
    timeout: TIMEOUT,
    maxBuffer: 1 << 28,
  });
  if (status === null || status > 1) return undefined;
  const message = fromBytes(stderr);
  const text = message.replace(/^[^:]*: /, "").replace(/\n$/, "");
  const error = language.isLua53 ? text : text.replace(/\nstack traceback:[\s\S]*$/, "");
  return { output: comparable(fromBytes(stdout)), error: comparable(error) };
}

/**
 * Hides addresses, and the lines of divisions by zero, which the reference takes from an instruction
 * before.
 */
function comparable(text: LuaString): LuaString {
  return text
    .replace(/0x[0-9a-f]{8,}/g, "0xADDRESS")
    .replace(/:-?\d+: ((?:divide|modulo) by zero)/g, ":LINE: $1");
}

function firstDifference(actual: Answer, expected: Answer): string {
  if (actual.output === expected.output) {
    return `  error  ${actual.error}\n  wanted ${expected.error}`;
  }
  const ours = actual.output.split("\n");
  const theirs = expected.output.split("\n");
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  const from = Math.max(0, at - 1);
  return (
    `  line ${at + 1}\n  output ${JSON.stringify(ours.slice(from, at + 2))}` +
    `\n  wanted ${JSON.stringify(theirs.slice(from, at + 2))}\n  error ${actual.error}`
  );
}

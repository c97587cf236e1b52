/**
 * `LUACROSS_REFERENCE=DIR node scripts/run.mjs test/vm/library-fuzz.ts [--target T] [--seed S]
 * [--count N]`: makes random calls of library functions on the machine and on the reference, and shows
 * those that came out differently. Where the reference crashes, the calls behind are left out.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { nodeScriptHost } from "../../src/cli/node-script-host.ts";
import { runScript } from "../../src/run-script.ts";
import { findTarget } from "../../src/target/targets.ts";
import { Random } from "../fuzz/random.ts";
import { libraryProgram } from "./library-calls.ts";

const TIMEOUT = 20_000;
const CALLS = 100;
const MAX_SHOWN = 60;

const { values } = parseArgs({
  options: {
    target: { type: "string", default: "esp8266-lua51-float" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "2000" },
    only: { type: "string", default: "" },
  },
});

const target = findTarget(values.target);
const isLua53 = target.dialect.chunkVersion === 0x53;
const language = {
  hasFloats: !target.numbers.integral,
  isLua53,
  hasModules: target.libraries.rom.includes("struct"),
  isWide: target.numbers.integerSize === 8,
};
const executable = join(process.env.LUACROSS_REFERENCE ?? ".", values.target);
const folder = mkdtempSync(join(tmpdir(), "luacross-lib-"));
const file = join(folder, "fuzz.lua");

let made = 0;
let different = 0;
let crashes = 0;
for (let i = 0; i * CALLS < Number(values.count); i++) {
  const random = new Random(`${values.seed}/${values.target}/${i}`);
  compare(libraryProgram(random, language, CALLS));
}
rmSync(folder, { recursive: true });
console.log(`${made} calls for ${values.target}: ${different} different, ${crashes} crashes`);
process.exitCode = different > 0 ? 1 : 0;

function compare(program: LuaString): void {
  const expected = askReference(program);
  const actual = runHere(program);
  const calls = program.split("\n").filter((line) => line.startsWith("call("));
  for (const [n, line] of expected.entries()) {
    made++;
    if (line === actual[n] || !calls[n]?.includes(values.only)) continue;
    if (++different > MAX_SHOWN) continue;
    console.log(`${calls[n]}\n  reference ${line}\n  here      ${actual[n]}`);
  }
}

/** One line per call; fewer when it crashed. */
function askReference(program: LuaString): LuaString[] {
  writeFileSync(file, toBytes(program));
  const { stdout, stderr, status } = spawnSync(executable, ["-e", "fuzz.lua"], {
    cwd: folder,
    timeout: TIMEOUT,
    maxBuffer: 1 << 28,
  });
  const lines = comparable(fromBytes(stdout));
  if (lines.length === 0) throw new Error(`${program}\n${fromBytes(stderr)}`);
  if (status !== 0) {
    crashes++;
    console.log(
      `the reference ended with ${status} in or after call ${lines.length}: ${fromBytes(stderr)}`,
    );
    const call = program.split("\n").filter((line) => line.startsWith("call("))[lines.length];
    console.log(`  ${call}`);
  }
  return lines;
}

function runHere(program: LuaString): LuaString[] {
  const output: LuaString[] = [];
  const { host } = nodeScriptHost();
  const outcome = runScript(toBytes(program), {
    target,
    name: "fuzz.lua",
    host: { ...host, writeOutput: (text) => output.push(text) },
    steps: 100_000_000,
  });
  const lines = comparable(output.join(""));
  if (outcome.kind !== "done") lines.push(JSON.stringify(outcome));
  return lines;
}

function comparable(output: LuaString): LuaString[] {
  const shown = output.replace(/-nan/g, "nan").replace(/0x[0-9a-f]{6,}/g, "PTR");
  const lines = shown.split("\n");
  return lines.slice(0, -1);
}

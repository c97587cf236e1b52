/**
 * `LUACROSS_REFERENCE=DIR node scripts/run.mjs test/vm/suites.ts FOLDER TARGET [FILE]... [--show]`:
 * runs a test suite that others wrote, given as a folder, on `luac.cross -e` and on the reference.
 * Tells for each file how many checks passed on either, and whether the outputs are the same; with
 * `--show`, where they part. Files are the folder's `*.lua` and `*.t` unless they are named.
 *
 * Checks are lines of TAP (`ok 1`) or NTest (`pass`) and calls of `assert`, which counts here
 * instead of ending the file. Each run gets a fresh copy of the folder.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fromBytes, type LuaString } from "../../src/base/lua-string.ts";

const TIMEOUT = 100_000;
/** Kilobytes that a reference may take: some tests try to use up the memory. */
const MEMORY_LIMIT = 4_000_000;
const WITH_LIMIT = `ulimit -v ${MEMORY_LIMIT}; exec "$0" "$@"`;
/** Runs before the test file, where the folder has it: what a suite needs and NodeMCU took out. */
const PRELUDE = "prelude.lua";
/** Name of the script around a test file. */
const WRAPPER = "luacross-suite.lua";

/** Runs `file`, and ends with how often the `assert` of each line passed and failed. */
const wrapperOf = (file: string) => `
local file, counts, lines, error, pcall = ${JSON.stringify(file)}, {}, {}, error, pcall
local print, ipairs, tostring, select, sort = print, ipairs, tostring, select, table.sort
local check, run = assert, dofile
arg = {[-1] = 'lua', [0] = file}
function assert(...)
  local _, place = pcall(error, '', 3)
  if place == '' or select('#', ...) == 0 then return check(...) end
  local count = counts[place]
  if not count then
    count = {0, 0}
    counts[place] = count
    lines[#lines + 1] = place
  end
  local at = (...) and 1 or 2
  count[at] = count[at] + 1
  return ...
end
if io.open('${PRELUDE}') then run('${PRELUDE}') end
local done, message = pcall(run, file)
if not done then print('stopped: ' .. tostring(message)) end
for _, place in ipairs(lines) do
  print('asserted ' .. place .. ' passed ' .. counts[place][1] .. ' failed ' .. counts[place][2])
end
`;

interface Run {
  readonly passed: number;
  readonly failed: number;
  /** What the run wrote, and its exit status, without what differs between two runs. */
  readonly lines: readonly LuaString[];
  /** The last words of a file that did not come to its end. */
  readonly ended: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: "boolean", default: false } },
});
const [folder, target, ...named] = positionals;
const references = process.env.LUACROSS_REFERENCE;
if (target === undefined || references === undefined) {
  throw new Error("needs FOLDER, TARGET and a folder of references in LUACROSS_REFERENCE");
}
const files = named.length > 0 ? named : readdirSync(folder).filter(isTest).sort();
const totals = { ours: 0, reference: 0, different: 0 };
for (const file of files) compare(file);
console.log(
  `${files.length} files for ${target}: ${totals.ours} checks passed, ${totals.reference} on the ` +
    `reference; ${totals.different} files with other output`,
);
process.exitCode = totals.different > 0 || totals.ours < totals.reference ? 1 : 0;

function isTest(name: string): boolean {
  return /\.(lua|t)$/.test(name) && name !== PRELUDE;
}

function compare(file: string): void {
  const reference = run(file, [resolve(references ?? "", target)]);
  const ours = run(file, [process.execPath, resolve("bin/luac.cross"), "--target", target]);
  totals.ours += ours.passed;
  totals.reference += reference.passed;
  const at = ours.lines.findIndex((line, index) => line !== reference.lines[index]);
  const same = at < 0 && ours.lines.length === reference.lines.length;
  if (!same) totals.different++;
  console.log(
    `${file.padEnd(22)} passed ${ours.passed} / ${reference.passed}, failed ${ours.failed} / ` +
      `${reference.failed}${same ? "" : ", other output"}${ours.ended || reference.ended}`,
  );
  if (!same && values.show) showDifference(ours.lines, reference.lines);
}

/** Runs one file under the wrapper in a copy of the folder. */
function run(file: string, command: readonly string[]): Run {
  const copy = mkdtempSync(join(tmpdir(), "luacross-suite-"));
  cpSync(folder, copy, { recursive: true });
  writeFileSync(join(copy, WRAPPER), wrapperOf(file));
  const limited = command[0] === process.execPath ? [] : ["sh", "-c", WITH_LIMIT];
  const [program, ...args] = [...limited, ...command, "-e", WRAPPER];
  const options = { cwd: copy, timeout: TIMEOUT, maxBuffer: 1 << 28, input: "" };
  const { stdout, stderr, status, signal } = spawnSync(program, args, {
    ...options,
    killSignal: "SIGKILL",
  });
  rmSync(copy, { recursive: true });
  const errors = fromBytes(stderr).replace(/^[^\n]*?: /, "");
  const text = `${comparable(`${fromBytes(stdout)}\n${errors}`)}\nstatus ${status} ${signal}`;
  return summary(text.split("\n"));
}

/** Hides what differs between two runs: addresses, names of temporary files, times. */
function comparable(text: LuaString): LuaString {
  return text
    .replace(/0x[0-9a-f]{8,}/g, "0xADDRESS")
    .replace(/\/\w+\/lua_\w{6}/g, "TEMPORARY")
    .replace(/[\d.]+ m?sec\./g, "TIME")
    .replace(/\d\d:\d\d:\d\d/g, "TIME");
}

function summary(lines: readonly LuaString[]): Run {
  let passed = 0;
  let failed = 0;
  for (const line of lines) {
    const asserted = /^asserted .* passed (\d+) failed (\d+)$/.exec(line);
    if (asserted) {
      passed += Number(asserted[1]);
      failed += Number(asserted[2]);
    } else if (/^(?:ok \d| {2}pass )/.test(line)) passed++;
    else if (/^(?:not ok \d| ==> {2}(?:fail|except) )/.test(line)) failed++;
  }
  const stopped = lines.find((line) => line.startsWith("stopped: "));
  const crashed = lines[lines.length - 1] === "status 0 null" ? "" : `, ${lines[lines.length - 1]}`;
  return { passed, failed, lines, ended: stopped ? `, ${stopped}` : crashed };
}

function showDifference(ours: readonly LuaString[], reference: readonly LuaString[]): void {
  for (const line of ours.filter((each) => !reference.includes(each)).slice(0, 12)) {
    console.log(`    ours      ${line.slice(0, 200)}`);
  }
  for (const line of reference.filter((each) => !ours.includes(each)).slice(0, 12)) {
    console.log(`    reference ${line.slice(0, 200)}`);
  }
}

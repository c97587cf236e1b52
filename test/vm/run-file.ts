/** `node scripts/run.mjs test/vm/run-file.ts TARGET FILE`: runs a program like the reference's `-e`. */
import { readFileSync } from "node:fs";
import { fromBytes } from "../../src/base/lua-string.ts";
import { findTarget } from "../../src/target/targets.ts";
import { runProgram } from "./program.ts";

const [name, file] = process.argv.slice(2);
const { output, error } = runProgram(fromBytes(readFileSync(file)), file, findTarget(name));
process.stdout.write(Buffer.from(output, "latin1"));
if (error !== undefined) {
  process.stderr.write(`${name}: ${error}\n`);
  process.exitCode = 1;
}

/** What `bin/launch.js` leaves behind beside the command it runs. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const launcher = fileURLToPath(new URL("../../bin/launch.js", import.meta.url));

let folder: string;
let dist: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "luacross-launch-"));
  dist = path.join(folder, "dist");
  fs.mkdirSync(dist);
  fs.cpSync(launcher, path.join(folder, "bin", "launch.js"));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Runs a command with this code. @returns what it prints, and the names in `dist/` */
function launch(code: string) {
  const file = path.join(dist, "x.cjs");
  if (!fs.existsSync(file)) fs.writeFileSync(file, code);
  const start = `require(${JSON.stringify(path.join(folder, "bin", "launch.js"))})("x")`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", start], { encoding: "utf8" });
  return { stdout, stderr, names: fs.readdirSync(dist).sort() };
}

/** Code of a command after which these functions of `node:fs` fail. */
function refusing(...names: string[]): string {
  const replace = names.map((name) => `fs.${name} = () => { throw new Error("refused"); };`);
  return `const fs = require("node:fs"); console.log("done"); ${replace.join(" ")}`;
}

describe("the cache", () => {
  it("is one file", () => {
    const { stdout, names } = launch('console.log("done");');
    expect(stdout).toBe("done\n");
    expect(names).toEqual([expect.stringMatching(/^x\.cjs$/), expect.stringMatching(/\.cache$/)]);
  });

  it("leaves nothing when it cannot be written", () => {
    const refused = launch(refusing("writeSync", "writeFileSync"));
    expect(refused).toEqual({ stdout: "done\n", stderr: "", names: ["x.cjs"] });
  });

  it("leaves nothing when it cannot be put in its place", () => {
    const refused = launch(refusing("renameSync"));
    expect(refused).toEqual({ stdout: "done\n", stderr: "", names: ["x.cjs"] });
  });

  it("leaves nothing when a folder has its name", () => {
    const [, cache] = launch('console.log("done");').names;
    fs.rmSync(path.join(dist, cache));
    fs.mkdirSync(path.join(dist, cache));
    expect(launch("").names).toEqual(["x.cjs", cache]);
  });
});

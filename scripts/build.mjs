/**
 * Builds what the package ships: one file per command, one more for `luac.cross -e`, one for the library, and the library's
 * types. Runs on `npm ci` (as `prepare`) and as `npm run build`.
 *
 *     node scripts/build.mjs [--commands-only] [--outdir DIR]
 */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const { values: options } = parseArgs({
  options: {
    "commands-only": { type: "boolean", default: false },
    outdir: { type: "string", default: `${root}dist` },
  },
});
const outdir = resolve(options.outdir);

const common = {
  absWorkingDir: root,
  bundle: true,
  target: "es2022",
  legalComments: "none",
  define: { LUACROSS_VERSION: JSON.stringify(version) },
  logLevel: "warning",
};

/** A command is one CommonJS file, which Node starts faster than modules. */
function buildCommand(name, entry) {
  return build({
    ...common,
    entryPoints: [entry],
    outfile: `${outdir}/${name}.cjs`,
    format: "cjs",
    platform: "node",
    // Names stay readable for the stack trace of a bug report.
    minifyWhitespace: true,
    minifySyntax: true,
  });
}

function buildLibrary() {
  return build({
    ...common,
    entryPoints: ["src/index.ts"],
    outfile: `${outdir}/index.js`,
    format: "esm",
    platform: "neutral",
    // Puts numeric constants in place of their names, which the scanner's loops gain from.
    minifySyntax: true,
  });
}

function buildTypes() {
  const require = createRequire(import.meta.url);
  const tsc = require.resolve("typescript/package.json").replace(/package\.json$/, "bin/tsc");
  const types = ["-p", "tsconfig.build.json", "--outDir", `${outdir}/types`];
  execFileSync(process.execPath, [tsc, ...types], { cwd: root, stdio: "inherit" });
}

/** Lua that makes the compiler use most of itself. */
const SAMPLE = `
local a, b = 1, "two"
local function f(x, ...) if x and not a or x == b then return f(...) end return -x ^ 2 .. #b end
for i = 1, 10 do a = a + i * 2 / 3 % 4 end
for k, v in pairs({ 1, a, n = b, [f] = true }) do while k < v do k = f(k, v) break end end
repeat local t = { f() }; t.x.y, t[1] = t:z { 0.5 }, function() a = nil end until t ~= a and b >= a
`;

/**
 * Runs the commands once, so that the first run in this checkout finds what `bin/launch.js` keeps.
 * The package does not ship that: it suits one version of Node and one build only.
 */
function warmUp() {
  for (const command of [["luac.cross"], ["luacross", "compile"]]) {
    const [name, ...words] = command;
    const args = [`${root}bin/${name}`, ...words, "-o", `${outdir}/sample.lc`, "-"];
    execFileSync(process.execPath, args, { input: SAMPLE });
  }
  rmSync(`${outdir}/sample.lc`);
}

rmSync(outdir, { recursive: true, force: true });
await buildCommand("luac.cross", "src/cli/main-luac-cross.ts");
await buildCommand("luac.cross-scripts", "src/cli/main-luac-cross-scripts.ts");
await buildCommand("luacross", "src/cli/main-luacross.ts");
if (!options["commands-only"]) {
  await buildLibrary();
  buildTypes();
  warmUp();
}

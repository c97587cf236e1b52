/**
 * Runs one of the project's own TypeScript programs: `node scripts/run.mjs FILE.ts [ARGS]`.
 * The file is bundled first, so that what is measured and fuzzed is what is shipped.
 */
import { mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const [entry] = process.argv.splice(2, 1);
const outfile = resolve(root, "build", basename(entry).replace(/\.ts$/, ".mjs"));
mkdirSync(resolve(root, "build"), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
process.argv[1] = outfile;
await import(pathToFileURL(outfile).href);

/**
 * `npm start`: the main job on the bundled example. Compiles every module of
 * examples/weather-station with the shipped library, writes build/weather-station/ and shows what
 * came of it. `npm start -- TARGET` does so for another target.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const exampleDirectory = join(root, "examples", "weather-station");
const outputDirectory = join(root, "build", "weather-station");
const strippedDirectory = join(outputDirectory, "stripped");

/** The firmware starts this file itself, and only under this name: it goes along as source. */
const ENTRY_POINT = "init.lua";

try {
  const library = await loadLibrary();
  const target = library.findTarget(process.argv[2] ?? library.DEFAULT_TARGET_NAME);
  const { modules, milliseconds } = compileAll(library, target);
  writeAll(modules);
  report(modules, target, milliseconds);
} catch (error) {
  console.error(`npm start: ${inWords(error)}`);
  process.exitCode = 1;
}

/** The library as it is shipped. */
async function loadLibrary() {
  const file = join(root, "dist", "index.js");
  if (!existsSync(file)) {
    throw new Error(`${shown(file)} is not there; run "npm ci" or "npm run build" first.`);
  }
  return import(pathToFileURL(file).href);
}

/** Compiles every module of the example; reading and writing files is not timed. */
function compileAll(library, target) {
  const sources = readdirSync(exampleDirectory)
    .filter((file) => file.endsWith(".lua"))
    .sort()
    .map((file) => ({ file, source: new Uint8Array(readFileSync(join(exampleDirectory, file))) }));
  const started = performance.now();
  const modules = sources.map(({ file, source }) => {
    // The name that `luac.cross FILE` gives a chunk, so the bytes are those it would write.
    const proto = library.compile(source, { chunkName: `@${file}`, target });
    return {
      file,
      name: file.replace(/\.lua$/, ""),
      sourceBytes: source.length,
      full: library.encode(proto, { target, strip: false }),
      stripped: library.encode(proto, { target, strip: true }),
      functions: countFunctions(proto),
    };
  });
  return { modules, milliseconds: performance.now() - started };
}

function countFunctions(proto) {
  return proto.protos.reduce((sum, nested) => sum + countFunctions(nested), 1);
}

function writeAll(modules) {
  rmSync(outputDirectory, { recursive: true, force: true });
  mkdirSync(strippedDirectory, { recursive: true });
  for (const { name, full, stripped } of modules) {
    writeFileSync(join(outputDirectory, `${name}.lc`), full);
    writeFileSync(join(strippedDirectory, `${name}.lc`), stripped);
  }
  for (const directory of [outputDirectory, strippedDirectory]) {
    copyFileSync(join(exampleDirectory, ENTRY_POINT), join(directory, ENTRY_POINT));
  }
}

function report(modules, target, milliseconds) {
  const rows = modules.map((module) => [
    module.name,
    module.sourceBytes,
    module.full.length,
    module.stripped.length,
    module.functions,
  ]);
  const total = ["total", ...[1, 2, 3, 4].map((i) => rows.reduce((sum, row) => sum + row[i], 0))];
  const directory = shown(outputDirectory);
  const other = target.name.endsWith("-int") ? "esp8266-2.2-float" : "esp8266-lua51-int";

  const lines = [
    bold(`${shown(exampleDirectory)} for ${target.name}`),
    `${target.firmware}; ${target.dialect.title}, numbers: ${target.numbersInWords}`,
    "",
    ...table(["module", "source", ".lc", "stripped", "functions"], rows, total),
    "",
    `${modules.length} modules compiled in ${milliseconds.toFixed(1)} ms; sizes are in bytes`,
    "",
    bold("Written"),
    ...pairs([
      [directory, ".lc files that name the line of an error, and init.lua"],
      [shown(strippedDirectory), "the same without line numbers"],
    ]),
    "",
    bold("Next"),
    ...pairs([
      [
        "to a board",
        `upload ${ENTRY_POINT} and the .lc files; ${shown(join(exampleDirectory, "README.md"))} says how`,
      ],
      ["another target", `npm start -- ${other}`],
      ["all targets", `node ${shown(join(root, "bin", "luac.cross"))} --targets`],
      [
        "look inside",
        `node ${shown(join(root, "bin", "luac.cross"))} -l -p ${shown(join(exampleDirectory, "ring.lua"))}`,
      ],
    ]),
  ];
  console.log(lines.join("\n"));
}

/** Rows as text: the first column to the left, figures to the right, the total below a rule. */
function table(head, rows, total) {
  const cells = [head, ...rows, total].map((row) =>
    row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell)),
  );
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const lines = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1)];
}

/** Two columns of words. */
function pairs(entries) {
  const width = Math.max(...entries.map(([label]) => label.length));
  return entries.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
}

/** A path as one would type it here: relative when that is shorter, with the system's separators. */
function shown(path) {
  const short = relative(process.cwd(), path);
  return short.length < path.length ? short : path;
}

function bold(text) {
  const plain = !process.stdout.isTTY || process.env.NO_COLOR;
  return plain ? text : `\x1b[1m${text}\x1b[22m`;
}

/** What went wrong. Messages of the library hold bytes, one per unit; they are shown as UTF-8. */
function inWords(error) {
  if (!(error instanceof Error)) return String(error);
  const fromLibrary = typeof error.code === "string" && !("syscall" in error);
  return fromLibrary ? Buffer.from(error.message, "latin1").toString("utf8") : error.message;
}

/**
 * `npm start`: the main job on the bundled example. Builds the LFS image of
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
/** For boards without an LFS. */
const filesDirectory = join(outputDirectory, "files");

/** The firmware starts this file itself, and only under this name: it goes along as source. */
const ENTRY_POINT = "init.lua";
/** Runs first from the image; of no use without one. */
const IMAGE_ENTRY_POINT = "_init.lua";
/** The name under which the example's init.lua looks for an image. */
const IMAGE = "lfs.new";
/** What boards have for an LFS, often. */
const USUAL_LFS = 64 * 1024;

try {
  const library = await loadLibrary();
  const target = library.findTarget(process.argv[2] ?? library.DEFAULT_TARGET_NAME);
  const sources = readSources();
  const { modules, image, milliseconds } = buildAll(library, target, sources);
  writeAll(modules, image);
  report(library, modules, image, target, milliseconds);
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

/** The modules of the example, all but the one that stays a source. */
function readSources() {
  return readdirSync(exampleDirectory)
    .filter((file) => file.endsWith(".lua") && file !== ENTRY_POINT)
    .sort()
    .map((name) => ({ name, source: new Uint8Array(readFileSync(join(exampleDirectory, name))) }));
}

/** The image, and every module as a file; reading and writing files is not timed. */
function buildAll(library, target, sources) {
  const started = performance.now();
  const { SOURCE_DATE_EPOCH } = process.env;
  const timestamp = SOURCE_DATE_EPOCH ? Number(SOURCE_DATE_EPOCH) : undefined;
  const image = library.buildImage(sources, { target, timestamp });
  const milliseconds = performance.now() - started;
  const modules = sources.map(({ name, source }) => {
    // The name that `luac.cross FILE` gives a chunk, so the bytes are those it would write.
    const proto = library.compile(source, { chunkName: `@${name}`, target });
    return {
      name: name.replace(/\.lua$/, ""),
      sourceBytes: source.length,
      chunk: library.encode(proto, { target, strip: false }),
      functions: countFunctions(proto),
    };
  });
  return { modules, image, milliseconds };
}

function countFunctions(proto) {
  return proto.protos.reduce((sum, nested) => sum + countFunctions(nested), 1);
}

function writeAll(modules, image) {
  rmSync(outputDirectory, { recursive: true, force: true });
  mkdirSync(filesDirectory, { recursive: true });
  writeFileSync(join(outputDirectory, IMAGE), image.bytes);
  for (const { name, chunk } of modules) {
    if (`${name}.lua` !== IMAGE_ENTRY_POINT)
      writeFileSync(join(filesDirectory, `${name}.lc`), chunk);
  }
  for (const directory of [outputDirectory, filesDirectory]) {
    copyFileSync(join(exampleDirectory, ENTRY_POINT), join(directory, ENTRY_POINT));
  }
}

function report(library, modules, image, target, milliseconds) {
  const rows = modules.map((module) => [
    module.name,
    module.sourceBytes,
    module.chunk.length,
    module.functions,
  ]);
  const total = ["total", ...[1, 2, 3].map((i) => rows.reduce((sum, row) => sum + row[i], 0))];
  const other = target.name.endsWith("-int") ? "esp8266-2.2-float" : "esp8266-lua51-int";
  const [command, tool] = ["luac.cross", "luacross"].map(
    (name) => `node ${shown(join(root, "bin", name))}`,
  );

  const lines = [
    bold(`${shown(exampleDirectory)} for ${target.name}`),
    `${target.firmware}; ${target.dialect.title}, numbers: ${target.numbersInWords}`,
    "",
    ...table(["module", "source", ".lc", "functions"], rows, total),
    "",
    bold("LFS image"),
    ...pairs([
      ["modules", `${modules.length}, from source to image in ${milliseconds.toFixed(1)} ms`],
      ["file", `${grouped(image.bytes.length)} bytes`],
      ["in flash", `${grouped(image.size)} bytes, ${share(image.size)} of an LFS of 64 KB`],
      ["proof", proofOf(image, target)],
    ]),
    "",
    bold("Written"),
    ...pairs([
      [shown(join(outputDirectory, IMAGE)), "the image"],
      [shown(join(outputDirectory, ENTRY_POINT)), "what the firmware starts; it loads the image"],
      [shown(filesDirectory), "the same as single .lc files, for boards without an LFS"],
    ]),
    "",
    bold("Next"),
    ...pairs([
      ...trial(tool, target, library.DEFAULT_TARGET_NAME),
      ["to a board", `upload ${ENTRY_POINT} and ${IMAGE} and reset it; it then does`],
      ["", `${loadCommand(target)}, restarts, and runs from flash`],
      ["in detail", shown(join(exampleDirectory, "README.md"))],
      ["another target", `npm start -- ${other}`],
      ["all targets", `${command} --targets`],
      ["your own", `${command} -f -o lfs.img *.lua`],
      ["look inside", `${tool} inspect ${shown(join(outputDirectory, IMAGE))}`],
      ["where bytes go", `${tool} size ${shown(join(outputDirectory, IMAGE))}`],
      ["check by check", `${tool} verify ${shown(join(outputDirectory, IMAGE))}`],
    ]),
  ];
  console.log(lines.join("\n"));
}

/** The library builds no image that does not load, unless it is told to. */
function proofOf({ loads, replaced }, target) {
  if (!loads) throw new Error("the simulated device refuses the image");
  const form = replaced ? " (in another form than the original's)" : "";
  return `the simulated device (${target.firmware}) has loaded it and started from it${form}`;
}

/** A run on a simulated board, for the chip that the example is written for. */
function trial(tool, { name }, usualName) {
  if (!name.startsWith("esp8266-")) return [];
  const isUsual = name === usualName && !process.env.LUAC_CROSS_TARGET;
  const choice = isUsual ? "" : ` --target ${name}`;
  const mocks = shown(join(exampleDirectory, "mocks"));
  const program = shown(join(outputDirectory, ENTRY_POINT));
  return [["run it here", `${tool} run${choice} --time 200 --mocks ${mocks} ${program}`]];
}

/** What init.lua does with the image, on either generation. */
function loadCommand({ name }) {
  return name.startsWith("esp8266-2.2")
    ? 'node.flashreload("lfs.img")'
    : 'node.LFS.reload("lfs.img")';
}

function share(size) {
  return `${((100 * size) / USUAL_LFS).toFixed(1)} %`;
}

function grouped(number) {
  return number.toLocaleString("en-US");
}

/** Rows as text: the first column to the left, figures to the right, the total below a rule. */
function table(head, rows, total) {
  const cells = [head, ...rows, total].map((row) =>
    row.map((cell) => (typeof cell === "number" ? grouped(cell) : cell)),
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

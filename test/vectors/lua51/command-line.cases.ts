/** Options in every position, outputs, errors of files, usage (lua51.md §2.6, §6.1). */
import {
  type Extra,
  LUA51_TARGETS,
  program,
  repeat,
  type Topic,
  type VectorCase,
} from "../case.ts";

const FILES = { "w.lua": "x=1\n" };

/** A call with the file `w.lua` at hand. */
function call(args: readonly string[], extra: Extra = {}): VectorCase {
  const shown = args.map((arg) => (/^[-\w./=]+$/.test(arg) ? arg : JSON.stringify(arg)));
  return program(shown.join(" ") || "(nothing)", "", { args, files: FILES, ...extra });
}

/** The same, where the name must say more than the arguments do. */
function named(name: string, args: readonly string[], extra: Extra = {}): VectorCase {
  return program(name, "", { args, files: FILES, ...extra });
}

// biome-ignore format: one group per line
const single: VectorCase[] = [
  [], ["w.lua"], ["-"], ["--"], ["-l"], ["-p"], ["-s"], ["-v"], ["-o"], ["-i"], ["-o", "out.lc"],
  ["-l", "-l"], ["-v", "-v"],
  ["-l", "w.lua"], ["-p", "w.lua"], ["-s", "w.lua"], ["-v", "w.lua"], ["-i", "w.lua"],
  ["--", "w.lua"], ["-o", "out.lc", "w.lua"],
].map((args) => call(args));

// biome-ignore format: one group per line
const unknown: VectorCase[] = [
  ["-?"], ["--h"], ["-help"], ["-version"], ["-x"], ["-ls"], ["-l1"], ["-L"], ["-V"], ["-oout.lc"],
  ["-o=out.lc"], ["-lo"], ["---"], ["- "], ["-lw.lua"], ["-\u00e9"], ["-'"],
  ["-x", "w.lua"], ["-l", "-x", "w.lua"], ["-v", "-x"], ["-x", "-y"], ["-s", "-ps", "w.lua"],
  ["-o", "a", "-z", "w.lua"], ["-p", "-p1"], ["-1"], ["-i1", "w.lua"], ["-ll", "w.lua"],
].map((args) => call(args));

const USAGE = `usage: luac.cross [options] [filenames].
Available options are:
  -        process stdin
  -l       list
  -o name  output to file 'name' (default is "luac.out")
  -e name  execute a lua source file
  -f       output a flash image file
  -a addr  generate an absolute, rather than position independent flash image file
  -i       generate lookup combination master (default with option -f)
  -m size  maximum LFS image in bytes
  -p       parse only
  -s       strip debug information
  -v       show version information
  --       stop handling options
`;

/** The reference knows no way to ask for help. */
const help: VectorCase[] = [["-h"], ["-l", "-h", "w.lua"], ["-h", "-x"]].map((args) =>
  call(args, {
    deviations: [
      {
        reason: "-h asks for the usage, which then is no error",
        targets: LUA51_TARGETS,
        expect: { exit: 0, stdout: USAGE, stderr: "" },
      },
    ],
  }),
);

/** Messages begin with the name the program was called by. */
const programNames: VectorCase[] = [
  "./tools/luac.cross",
  "/usr/bin/my luac",
  "C:\\bin\\luac.exe",
  "l\u00fcac",
].flatMap((programName) => [
  named(`called as ${programName}: usage`, ["-x"], { programName }),
  named(`called as ${programName}: compile error`, ["w.lua"], {
    programName,
    files: { "w.lua": "x=" },
  }),
  named(`called as ${programName}: missing file`, ["missing.lua"], { programName }),
]);

/** Options after the first file are files. */
// biome-ignore format: one group per line
const positions: VectorCase[] = [
  ["w.lua", "-l"], ["w.lua", "-p"], ["w.lua", "-o", "out.lc"], ["w.lua", "--"], ["w.lua", "-v"],
  ["w.lua", "-x"], ["-p", "w.lua", "-l"], ["-p", "--", "-l"], ["-p", "--", "--", "w.lua"],
  ["--", "-l", "w.lua"],
  ["-l", "-o", "a.lc", "-s", "w.lua"], ["-s", "-l", "-o", "a.lc", "w.lua"],
  ["-o", "a.lc", "-l", "-l", "w.lua"], ["-l", "-p", "-l", "w.lua"], ["-p", "-s", "w.lua"],
  ["-s", "-s", "w.lua"], ["-p", "-p", "w.lua"], ["-l", "-l", "-l", "w.lua"],
  ["-l", "-l", "-l", "-l", "-p", "w.lua"], ["-l", "--", "w.lua"], ["-s", "--", "w.lua"],
  ["-o", "a.lc", "--", "w.lua"], ["-l", "-", "-l"], ["-i", "-l", "-p", "w.lua"],
  ["-p", "-o", "a.lc", "w.lua"],
].map((args) => call(args));

// biome-ignore format: one group per line
const outputs: VectorCase[] = [
  ["-o", "a.lc", "-o", "b.lc", "w.lua"], ["-o", "-x", "w.lua"], ["-o", "-l", "w.lua"],
  ["-o", "--", "w.lua"], ["-o", "-o", "w.lua"], ["-o", "-", "w.lua"], ["-l", "-o", "-", "w.lua"],
  ["-l", "-l", "-s", "-o", "-", "w.lua"],
  ["-o", "-", "-o", "a.lc", "w.lua"], ["-o", "a.lc", "-o", "-", "w.lua"],
  ["-p", "-o", "-", "w.lua"], ["-v", "-o", "-", "w.lua"], ["-o", ""], ["-o", "", "w.lua"],
  ["-o", "a.lc", "-o"], ["-l", "-o"], ["-o", "w.lua"], ["-o", "-"],
  ["-o", "folder/a.lc", "w.lua"], ["-o", "w.lua/a.lc", "w.lua"], ["-o", ".", "w.lua"],
  ["-o", "./a.lc", "w.lua"], ["-o", "a/", "w.lua"], ["-o", "n".repeat(256), "w.lua"],
  ["-o", "n".repeat(255), "w.lua"], ["-o", "w.lua", "w.lua"],
  ["-o", "/dev/null", "w.lua"], ["-o", "/dev/full", "w.lua"], ["-o", "a b.lc", "w.lua"],
  ["-o", "\u00e9.lc", "w.lua"], ["-o", "=a", "w.lua"], ["-o", "@a", "w.lua"],
  ["-l", "-o", "folder/a.lc", "w.lua"], ["-p", "-o", "folder/a.lc", "w.lua"],
].map((args) => call(args));

const LARGE = { "w.lua": repeat(2000, (n) => `x=${n % 100}\n`) };
const BROKEN = { "w.lua": "x=\n" };

const written: VectorCase[] = [
  named("output into an existing folder", ["-o", "folder/a.lc", "w.lua"], {
    files: { ...FILES, "folder/": "" },
  }),
  named("output is a folder", ["-o", "folder", "w.lua"], { files: { ...FILES, "folder/": "" } }),
  named("output replaces a longer file", ["-o", "a.lc", "w.lua"], {
    files: { ...FILES, "a.lc": "longer ".repeat(100) },
  }),
  named("output replaces luac.out", ["w.lua"], { files: { ...FILES, "luac.out": "older" } }),
  named("no output after a compile error", ["-o", "a.lc", "w.lua"], {
    files: { ...BROKEN, "a.lc": "older" },
  }),
  named("no output after a compile error, new file", ["-o", "a.lc", "w.lua"], { files: BROKEN }),
  named("no output after a missing file", ["-o", "a.lc", "missing.lua"], {
    files: { "a.lc": "older" },
  }),
  named("no stdout after a compile error", ["-o", "-", "w.lua"], { files: BROKEN }),
  named("no listing after a compile error", ["-l", "-p", "w.lua"], { files: BROKEN }),
  named("no listing when a later file fails", ["-l", "-p", "w.lua", "v.lua"], {
    files: { ...FILES, "v.lua": "x=" },
  }),
  named("version before a compile error", ["-v", "w.lua"], { files: BROKEN }),
  named("large output to a full device", ["-o", "/dev/full", "w.lua"], { files: LARGE }),
  named("small output to full stdout", ["-o", "-", "w.lua"], { stdoutIsFull: true }),
  named("large output to full stdout", ["-o", "-", "w.lua"], { files: LARGE, stdoutIsFull: true }),
  named("output over an input", ["-o", "v.lua", "w.lua", "v.lua"], {
    files: { ...FILES, "v.lua": "y=2" },
  }),
];

// biome-ignore format: one group per line
const inputs: VectorCase[] = [
  ["missing.lua"], ["folder/missing.lua"], ["w.lua/x"], [""], ["", "w.lua"], ["w.lua", ""],
  ["-p", ""], ["--", ""], ["."], [".."], ["./"], ["/"], ["n".repeat(255)], ["n".repeat(256)],
  [`${"d/".repeat(3000)}w.lua`],
  ["w.lua", "missing.lua"], ["missing.lua", "gone.lua"], ["missing.lua", "."], ["/dev/null"],
  ["-l", "-l", "/dev/null"], ["./w.lua"], [".//w.lua"], ["././w.lua"], ["w.lua/"], ["@w.lua"],
  ["=w.lua"], ["missing\u00e9.lua"], ["mis sing"], ["w.lua", "w.lua"],
].map((args) => call(args));

const folder: VectorCase[] = [
  named("an input is a folder", ["folder"], { files: { "folder/": "" } }),
  named("an input is a folder, with slash", ["-l", "folder/"], { files: { "folder/": "" } }),
  named("an input in a folder", ["-l", "-l", "folder/w.lua"], { files: { "folder/w.lua": "x=1" } }),
  named("an input through a folder and back", ["-l", "folder/../w.lua"], {
    files: { ...FILES, "folder/": "" },
  }),
  named("an input through a missing folder and back", ["-l", "missing/../w.lua"]),
  named("an input in a folder that is a file", ["w.lua/../w.lua"]),
  named("a compile error before a folder", ["w.lua", "folder"], {
    files: { ...BROKEN, "folder/": "" },
  }),
  named("a folder before a compile error", ["folder", "w.lua"], {
    files: { ...BROKEN, "folder/": "" },
  }),
  named("an input named -l", ["--", "-l"], { files: { "-l": "x=1" } }),
  named("an input named --", ["--", "--"], { files: { "--": "x=1" } }),
  named("an input named -- behind another", ["-p", "w.lua", "--"], {
    files: { ...FILES, "--": "x=" },
  }),
  named("an input with blanks", ["-l", "a b.lua"], { files: { "a b.lua": "x=1" } }),
  named("an input beyond ASCII", ["-l", "-l", "-o", "a.lc", "h\u00e9 \u20ac.lua"], {
    files: { "h\u00e9 \u20ac.lua": "x=1" },
  }),
  named("an empty input", ["-l", "-l", "w.lua"], { files: { "w.lua": "" } }),
];

/** Without files, `-l` and `-p` look at `luac.out`. */
const defaults: VectorCase[] = [
  named("-l lists luac.out", ["-l"], { files: { "luac.out": "x=1" } }),
  named("-l -l lists luac.out", ["-l", "-l"], { files: { "luac.out": "x=1" } }),
  named("-p parses luac.out", ["-p"], { files: { "luac.out": "x=" } }),
  named("-l does not write luac.out", ["-l", "-s"], { files: { "luac.out": "x=1" } }),
  named("-l with output name reads luac.out", ["-l", "-o", "a.lc"], {
    files: { "luac.out": "x=1", "a.lc": "y=1" },
  }),
  named("-l -- reads luac.out", ["-l", "--"], { files: { "luac.out": "x=1" } }),
  named("-v -l reads luac.out", ["-v", "-l"], { files: { "luac.out": "x=1" } }),
  named("-i -l reads luac.out", ["-i", "-l"], { files: { "luac.out": "x=1" } }),
  named("-p from stdin", ["-p", "-"], { files: {}, stdin: "x=1" }),
  named("-l without luac.out", ["-l"], { files: {} }),
];

const stdin: VectorCase[] = [
  named("stdin", ["-"], { files: {}, stdin: "x=1" }),
  named("stdin, listing", ["-l", "-l", "-o", "a.lc", "-"], {
    files: {},
    stdin: "x=1\nfunction f() return x end",
  }),
  named("stdin after --", ["-l", "--", "-"], { files: {}, stdin: "x=1" }),
  named("stdin with an error", ["-"], { files: {}, stdin: "x=\n)" }),
  named("stdin is empty", ["-l", "-"], { files: {}, stdin: "" }),
  named("stdin twice", ["-l", "-", "-"], { files: {}, stdin: "x=1" }),
  named("stdin behind a file", ["-l", "w.lua", "-"], { stdin: "y=2" }),
  named("stdin before a file", ["-l", "-", "w.lua"], { stdin: "y=2" }),
  named("stdin between files", ["-l", "w.lua", "-", "w.lua"], { stdin: "y=2" }),
  named("stdin ends option parsing", ["-", "-l"], { files: {}, stdin: "x=1" }),
  named("stdin to stdout", ["-o", "-", "-"], { files: {}, stdin: "x=1" }),
  named("stdin stripped", ["-s", "-"], { files: {}, stdin: "x=1" }),
  named("a file named stdin", ["-l", "stdin"], { files: { stdin: "x=1" } }),
  named("stdin is not read without -", ["w.lua"], { stdin: "x=" }),
];

// biome-ignore format: one group per line
const versions: VectorCase[] = [
  ["-v", "--"], ["-v", "-v", "--"], ["-v", "-"], ["-v", "-s"], ["-s", "-v"], ["-v", "-l", "w.lua"],
  ["-v", "-p", "w.lua"], ["-v", "-o", "a.lc"], ["-v", "-v", "w.lua"], ["-v", "--", "w.lua"],
  ["--", "-v"], ["-v", "missing.lua"], ["-v", ""],
  ["-p", "-v"], ["-l", "-v"], ["-o", "-v"], ["-o", "-v", "-v"], ["-v", "-o"],
  ["-v", "w.lua", "-v"], ["-i", "-v"], ["-v", "-i"], ["-v", "-v", "-v"], ["-v", "--", "--"],
  ["-v", "-p", "--"],
].map((args) => call(args));

/** Errors in the arguments of options whose work comes later. */
// biome-ignore format: one group per line
const arguments_: VectorCase[] = [
  ["-e"], ["-e", ""], ["-e", "-l"], ["-e", "-"], ["-e", "--", "w.lua"], ["-l", "-e"], ["-v", "-e"],
  ["-e", "-e"],
  ["-m", "1"], ["-m", "4095"], ["-m", "4097", "w.lua"], ["-m", "0x1001"], ["-m", "-1"],
  ["-m", "010001"], ["-m", "100000"], ["-v", "-m", "5"], ["-m", "1", "-x"], ["-x", "-m", "1"],
].map((args) => call(args));

// biome-ignore format: one group per line
const addresses: VectorCase[] = [
  ["-a", "0"], ["-a", "0x4020ffff"], ["-a", "0x40310001"], ["-a", "junk"], ["-a", "-1"],
  ["-a", "0x40210000x", "-x"], ["-a", "1"], ["-a", ""], ["-a", "0xffffffff"], ["-a", "1075904512"],
  ["-a", "0x140210000"],
].map((args) => call(args));

export const commandLine: Topic = {
  name: "command-line",
  cases: [
    ...single,
    ...unknown,
    ...help,
    ...programNames,
    ...positions,
    ...outputs,
    ...written,
    ...inputs,
    ...folder,
    ...defaults,
    ...stdin,
    ...versions,
    ...arguments_,
    ...addresses,
  ],
};

/**
 * The command line of the Lua 5.3 compilers (lua53.md §4.3, §4.4, §5.6, §6). Images with the
 * reference's random seed cannot be recorded; those made absolute from an image at hand can.
 */
import { type Extra, LUA53_TARGETS, type Topic, type VectorCase } from "../case.ts";

const FILES: Readonly<Record<string, string>> = {
  "a.lua": "local t = {...} return t.x, type(t)\n",
  "b.lua": "function f(a, ...) local b = 1 end\n",
  "d/c.x.lua":
    "return function() return print, 1.5, 300, 'a string of more than forty bytes, all told' end\n",
  "bad.lua": "local = 1\n",
};

const ESP32 = LUA53_TARGETS.filter((name) => name.startsWith("esp32"));
const ESP8266 = LUA53_TARGETS.filter((name) => name.startsWith("esp8266"));

function called(args: readonly string[], extra: Extra = {}): VectorCase {
  const name = args.map((arg) => (arg === "" ? "''" : arg)).join(" ");
  return { name, args, files: FILES, ...extra };
}

// biome-ignore format: one group per line
const options: VectorCase[] = [
  [], ["-v"], ["-v", "-v"], ["-v", "--"], ["-v", "a.lua"], ["-v", "-p", "a.lua"], ["-x"], ["-version"],
  ["-e"], ["-e", ""], ["-e", "-p"], ["-F"], ["-F", ""], ["-F", "-a"], ["-F", "none.img"],
  ["-o"], ["-o", ""], ["-o", "-x", "a.lua"], ["-o", "-o", "a.lua"], ["-o", "x", "-o", "y", "a.lua"],
  ["-m", "5", "a.lua"], ["-m", "64k", "-p", "a.lua"], ["-m", "-4096", "-p", "a.lua"], ["-m", "junk", "-p", "a.lua"],
  ["-p"], ["-l"], ["-p", "a.lua"], ["-p", "bad.lua"], ["-p", "none.lua"], ["-p", "d"], ["-p", "a.lua", "b.lua"],
  ["a.lua"], ["--", "a.lua"], ["-s", "a.lua"], ["-s", "-s", "a.lua"], ["a.lua", "-s"], ["-F", "none.img", "a.lua"],
  ["-o", "missing/out", "a.lua"], ["-o", "d", "a.lua"], ["-o", "/dev/full", "a.lua"], ["-o", "/dev/null", "a.lua"],
  ["-f", "-p", "a.lua"], ["-f", "bad.lua"], ["-f", "none.lua"], ["-f"], ["-i"], ["-i", "-p", "a.lua"],
].map((args) => called(args));

// biome-ignore format: one group per line
const combined: VectorCase[] = [
  ["a.lua", "b.lua"], ["-s", "a.lua", "b.lua"], ["-i", "a.lua"], ["-i", "-s", "b.lua", "d/c.x.lua"],
  ["a.lua", "a.lua"], ["-i", "a.lua", "a.lua"], ["-f", "a.lua", "a.lua"], ["-i", "b.lua", "-"],
  ["-i", "a.lua", "./a.lua"], ["-i", "d/c.x.lua", "a.lua", "b.lua"],
].map((args) => called(["-o", "out.lc", ...args], { stdin: "return 1\n" }));

const listed: VectorCase[] = [
  called(["-l", "-o", "out.lc", "a.lua", "b.lua"]),
  called(["-l", "-l", "-i", "-o", "out.lc", "a.lua"]),
  called(["-l", "-l", "-p", "-i", "b.lua", "d/c.x.lua"]),
  called(["-l", "-p", "-"], { stdin: "goto a ::a::\n" }),
];

/** Files called `__`, which are meant to come first; from the third place on one is lost. */
const ordered: VectorCase[] = [
  ["x__", "a.lua"],
  ["a.lua", "x__"],
  ["d/__", "a.lua"],
  ["a.lua", "d/__", "b.lua"],
  ["__x.lua", "a.lua"],
].map((args) =>
  called(["-i", "-o", "out.lc", ...args], {
    files: { ...FILES, x__: "return 2\n", "d/__": "return 3\n", "__x.lua": "return 4\n" },
  }),
);

const lost: VectorCase = called(["-o", "out.lc", "a.lua", "b.lua", "x__"], {
  files: { ...FILES, x__: "return 2\n" },
  deviations: [
    {
      reason: "an input that the reference loses is warned of",
      targets: LUA53_TARGETS,
      expect: {
        stderr:
          "luac.cross: warning: b.lua is left out, because of a file called '__' behind it; name it first, before all other files\n",
      },
    },
  ],
});

const hexBytes = (hex: string) =>
  hex.replace(/\s/g, "").replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));

/** An image of `return t.x, "zzz…"` with seed 12345 and time 1700000000 (Appendix C). */
const SAMPLE_IMAGE = hexBytes(`
  1b4c7561530b19930d0a1a0a04040404 200040b943 b0e039 197373 29 4c 01 06
  5e3d286c7561632e63726f737329 526d 57406d2e6c7561 5274 5278 e02a ${"7a".repeat(41)}
  197072 01 53 00 00 00 01 02 00 05 06004000 07404000 41800000 26008001 26008000
  03 54 55 66 01 01 50 00 00 02 0500 00 02 52 b6aacfe200`);

function placed(args: readonly string[], extra: Extra = {}): VectorCase {
  return called(args, { files: { ...FILES, "lfs.img": SAMPLE_IMAGE }, targets: ESP32, ...extra });
}

const absolute: VectorCase[] = [
  placed(["-F", "lfs.img", "-a", "0x40210000", "-o", "out.abs"], { targets: ["esp32-lua53"] }),
  placed(["-a", "0x403f0000", "-F", "lfs.img"], { targets: ["esp32-lua53"] }),
  placed(["-f", "-F", "lfs.img", "-a", "1077936128", "-o", "out.abs"], {
    targets: ["esp32-lua53"],
  }),
];

const addresses: VectorCase[] = [
  ["-a", "0x40200000"],
  ["-a", "0x40300001"],
  ["-a", "junk"],
  ["-a", "0x40210000"],
  ["-a", "0x40210000", "-o", "-"],
  ["-F", "lfs.img", "-a", "0x40210000", "-o", "-"],
  ["-F", "lfs.img", "-a", "0x40210000", "a.lua"],
  ["-F", "lfs.img", "-e", "a.lua", "-a", "0x40210000"],
].map((args) => placed(args, { targets: ESP8266 }));

export const commandLine: Topic = {
  name: "command-line",
  cases: [...options, ...combined, ...listed, ...ordered, lost, ...absolute, ...addresses],
};

/** The options of flash images, alone and together: `-f`, `-a`, `-m` (lfs51.md §2). */
import { type Deviation, type Extra, LUA51_TARGETS, type Topic, type VectorCase } from "../case.ts";

const FILES: Readonly<Record<string, string>> = {
  "a.lua": "print(1)\n",
  "mod.lua":
    'local function f(x, ...)\n  return x, nil, true, "hello world", {...}\nend\nreturn f\n',
};

const ESP32 = LUA51_TARGETS.filter((name) => name.startsWith("esp32"));

/** A command line with the output named; the case is called after it. */
function built(args: readonly string[], extra: Extra = {}): VectorCase {
  const name = args.map((arg) => (arg === "" ? "''" : arg)).join(" ");
  return { name, args: ["-o", "out.img", ...args], files: FILES, ...extra };
}

/** Warned of, with the same bytes. */
function warned(targets: readonly string[], address: string): Deviation {
  const warning = `${address} is not where an LFS begins: these addresses are multiples of 0x1000`;
  return {
    reason: "an address at which no LFS can be is warned of",
    targets,
    expect: { stderr: `luac.cross: warning: ${warning}\n` },
  };
}

// biome-ignore format: one group per line
const combined: VectorCase[] = [
  ["-f", "a.lua"], ["-f", "a.lua", "mod.lua"], ["-f", "mod.lua", "a.lua"], ["-f", "-f", "a.lua"],
  ["-f", "-i", "a.lua"], ["-i", "-f", "a.lua"], ["-a", "0x40210000", "a.lua"],
  ["-m", "4096", "a.lua"], ["-a", "0x40210000", "-m", "4096", "a.lua"],
  ["-m", "4096", "-a", "0x40210000", "a.lua"], ["-f", "-a", "0x40210000", "mod.lua"],
  ["-a", "0x40210000", "-f", "mod.lua"], ["-a", "0x40210000", "-a", "0x40296000", "a.lua"],
  ["-m", "8192", "-m", "4096", "a.lua"], ["-i", "-m", "4096", "-f", "-a", "0x40300000", "a.lua", "mod.lua"],
  ["-s", "-f", "mod.lua"], ["-s", "-a", "0x40210000", "mod.lua"], ["-f", "-s", "-s", "a.lua"],
  ["-p", "-f", "a.lua"], ["-f", "-p", "-a", "0x40210000", "a.lua"], ["-p", "-m", "0", "a.lua"],
  ["-l", "-f", "a.lua"], ["-f", "-l", "-l", "a.lua", "mod.lua"], ["-l", "-p", "-f", "a.lua"],
  ["-l", "-a", "0x40210000", "mod.lua"], ["-s", "-l", "-l", "-f", "mod.lua"],
  ["-v", "-f", "a.lua"], ["-f", "--", "a.lua"], ["-f"], ["-f", "-v"], ["-a", "0x40210000"],
  ["-m", "4096"], ["-f", "a.lua", "-f"], ["-f", "-x", "a.lua"], ["-f", "-p"], ["-l", "-f"],
  ["-f", "-l", "missing.lua"], ["-f", "a.lua", "missing.lua"],
].map((args) => built(args));

/** Where several outputs are named the last one counts. */
// biome-ignore format: one group per line
const outputs: VectorCase[] = [
  built(["-f", "-o", "other.img", "a.lua"]),
  built(["-f", "-o", "-", "a.lua"]),
  built(["-o", "-", "-a", "0x40210000", "a.lua"]),
  built(["-l", "-f", "-o", "-", "a.lua"]),
  built(["-f", "-o", "missing/out.img", "a.lua"]),
  built(["-f", "-o", "d", "a.lua"], { files: { ...FILES, "d/": "" } }),
  built(["-f", "-o", "/dev/full", "a.lua"]),
  built(["-f", "-o", "/dev/null", "a.lua"]),
  built(["-f", "-o", "-", "mod.lua"], { stdoutIsFull: true }),
  { name: "the usual output", args: ["-f", "a.lua"], files: FILES },
  { name: "over an old file", args: ["-f", "a.lua"], files: { ...FILES, "luac.out": "old" } },
];

/** Multiples of 4096, and numbers that C's base 0 makes such. */
// biome-ignore format: one group per line
const addresses: VectorCase[] = [
  "0x40211000", "0x40296000", "0x40310000", "1075904512", "010010200000", "0X40210000",
  " 0x40210000", "\t+0x40210000", "0x40210000junk", "0x140210000", "-3219062784", "-0xbfdf0000",
  "0x4020f000", "0x40311000", "0", "", "junk", "0x", "-", "x40210000", "0x3f400000", "-4096",
  "-99999999999999999999", "0xfffff000",
].map((address) => built(["-a", address, "a.lua"]));

/** No address follows the last one. */
function beyond(target: string, size: number, address: string): Deviation {
  const stderr = [
    `warning: ${address} is not where an LFS begins: these addresses are multiples of 0x1000`,
    `an image of ${size} bytes at ${address} would reach beyond the last address, 0xffffffff`,
  ];
  return {
    reason: "an image that no device could hold is not written",
    targets: [target],
    expect: {
      exit: 1,
      stdout: "",
      stderr: stderr.map((line) => `luac.cross: ${line}\n`).join(""),
      files: {},
    },
  };
}

function beyondOnBoth(address: string): Deviation[] {
  return [beyond("esp32-lua51-float", 428, address), beyond("esp32-lua51-int", 412, address)];
}

const unusualAddresses: VectorCase[] = [
  built(["-a", "0x40210001", "a.lua"], { deviations: [warned(LUA51_TARGETS, "0x40210001")] }),
  built(["-a", "0x4030fffc", "mod.lua"], { deviations: [warned(LUA51_TARGETS, "0x4030fffc")] }),
  built(["-a", "1", "a.lua"], { deviations: [warned(ESP32, "0x1")] }),
  built(["-a", "99999999999999999999", "a.lua"], { deviations: beyondOnBoth("0xffffffff") }),
  built(["-a", "0xffffffdf", "a.lua"], { deviations: beyondOnBoth("0xffffffdf") }),
];

// biome-ignore format: one group per line
const limits: VectorCase[] = [
  "4096", "8192", "262144", "1048576", "0x1000", "0X2000", "010000", "4096k", " 4096", "+4096",
  "-4096", "-8192", "0x100001000", "2147483648", "-2147483648",
  "1", "4095", "4097", "64k", "0x1001", "010001", "-1", "99999999999999999999",
].map((limit) => built(["-m", limit, "a.lua", "mod.lua"]));

/** What is said of an image of module a that is too large, for the sizes of its TValues. */
function noRoom(limit: string): Deviation {
  const cure = `'-m ${limit}' leaves no room for any image; -m takes bytes: 64 KB are 65536 or 0x10000.`;
  return {
    reason: "the old output is kept, and a sentence says what is wrong with the size",
    targets: LUA51_TARGETS,
    expect: {
      stderr: `luac.cross: The image is too large for specfied LFS size\n${cure}\n`,
      files: {},
    },
  };
}

const refused: VectorCase[] = ["0", "", "junk", "0x", "-99999999999999999999"].map((limit) =>
  built(["-m", limit, "a.lua"], {
    files: { ...FILES, "out.img": "old" },
    deviations: [noRoom(limit)],
  }),
);

const refusedAfterListing = built(["-l", "-m", "0", "a.lua"], {
  deviations: [noRoom("0")],
});

export const imageOptions: Topic = {
  name: "image-options",
  cases: [
    ...combined,
    ...outputs,
    ...addresses,
    ...unusualAddresses,
    ...limits,
    ...refused,
    refusedAfterListing,
  ],
};

/**
 * What the module `node` has and does differently in the firmware generations, and what a simulated
 * board says of itself. Data only. Source: the NodeMCU manual, "node"; the firmwares' module.
 */
import type { NumberModel } from "../base/number-model.ts";
import type { StripCount } from "../bytecode/strip-debug.ts";
import type { Dialect } from "./dialect.ts";
import { words } from "./words.ts";

/** Raw code and extended code of `node.bootreason`, and further results. */
export type BootReason = readonly number[];

export interface BootReasons {
  readonly powerOn: BootReason;
  readonly restart: BootReason;
  readonly watchdog: BootReason;
  readonly deepSleep: BootReason;
  /** After an error that nothing caught. */
  readonly error: BootReason;
}

/** What a firmware build tells of where it comes from. */
export interface BuildFacts {
  readonly branch: string;
  readonly commit: string;
  readonly release: string;
  /** Time of the commit: year, month, day, hour and minute in digits. */
  readonly time: string;
}

export interface NodeFacts {
  /** What programs find in the module, in the order in which `pairs` shows it. */
  readonly entries: readonly string[];
  /** Parts of the version: of the SDK on the older chip. */
  readonly version: readonly [major: number, minor: number, revision: number];
  readonly build: BuildFacts;
  /** What the chip calls itself; undefined for the older chip. */
  readonly chipModel: string | undefined;
  /** Groups of `node.info`, the last one for calls without one; undefined: there are none. */
  readonly infoGroups: readonly string[] | undefined;
  readonly bootReasons: BootReasons;
  /** What `node.info` says of the numbers. */
  readonly numberType: (numbers: NumberModel) => string;
  /** Why the board says that it starts after a new image was loaded. */
  readonly afterReload: "watchdog" | "restart";
  /** Modules in flash are found by a call of the image's main function, which makes them. */
  readonly mainFindsModules: boolean;
  /** Tasks that may wait at each priority, the lowest first. */
  readonly taskQueues: readonly [low: number, medium: number, high: number];
  /** What `node.task.post` says of something that is no function; undefined: what Lua says. */
  readonly noFunction: string | undefined;
  /** `node.flashindex` tells of the whole store when there is no such module in it. */
  readonly indexTellsAll: boolean;
  /** Old functions print that they will go. */
  readonly warnsOfOldFunctions: boolean;
  /** `node.dsleep` refuses options that are out of range. */
  readonly checksSleepOption: boolean;
  /** What stands behind the name of a file that cannot be opened. */
  readonly openFailure: string;
  /** Longest text that `node.input` takes; a longer one is lost. */
  readonly longestInput: number | undefined;
  /** How `node.output` hands over what is printed. */
  readonly output: "call" | "pipe" | "tasks";
  /** What `node.stripdebug` counts. */
  readonly stripCount: StripCount;
  /** `node.stripdebug` words its errors and gives results as firmware 2.2 does. */
  readonly stripsAs22: boolean;
  /** `node.random` cuts its limits to 32 bits. */
  readonly randomTakesInt: boolean;
}

const ON_ESP8266 = {
  powerOn: [1, 0],
  restart: [2, 4],
  watchdog: [2, 3],
  deepSleep: [2, 5],
} as const;

const COMMON = words(`restart dsleep dsleepMax sleep chipid flashid flashsize input output compile
  CPU80MHZ CPU160MHZ setcpufreq getcpufreq bootreason restore random stripdebug egc`);

const NODE_22: NodeFacts = {
  entries: [...words("heap info task flashreload flashindex"), ...COMMON],
  version: [2, 2, 1],
  build: {
    branch: "master",
    commit: "4905381c004bdeaf744a60bb940c1906c2e052d4",
    release: "2.2.1-master_20190405",
    time: "201904041229",
  },
  chipModel: undefined,
  infoGroups: undefined,
  numberType: ({ integral, integerSize }) =>
    integral ? "integer" : integerSize === 8 ? "double" : "float",
  // An error that nothing catches leads to an endless loop, which the watchdog ends.
  bootReasons: { ...ON_ESP8266, error: [2, 3] },
  afterReload: "watchdog",
  mainFindsModules: true,
  taskQueues: [8, 8, 8],
  noFunction: "invalid function",
  indexTellsAll: true,
  warnsOfOldFunctions: false,
  checksSleepOption: true,
  openFailure: "",
  longestInput: 255,
  output: "call",
  // The heads of names are counted, too, and local variables twice.
  stripCount: { local: 64, upvalue: 20 },
  stripsAs22: true,
  randomTakesInt: true,
};

const NODE_30: NodeFacts = {
  ...NODE_22,
  entries: [
    ...words("heap info task flashreload flashindex LFS setonerror startupcommand startup"),
    ...COMMON,
    ...words("getpartitiontable setpartitiontable"),
  ],
  version: [3, 0, 0],
  build: {
    branch: "release",
    commit: "4b92eab71a3573a3f948977878514de7def76ff8",
    release: "3.0.0-release_20240225",
    time: "202402250908",
  },
  infoGroups: ["lfs", "hw", "sw_version", "build_config", "legacy"],
  bootReasons: { ...ON_ESP8266, error: [2, 4] },
  noFunction: undefined,
  indexTellsAll: false,
  warnsOfOldFunctions: true,
  checksSleepOption: false,
  openFailure: ": ",
  longestInput: undefined,
  output: "pipe",
  stripCount: { local: 12, upvalue: 4 },
  stripsAs22: false,
  randomTakesInt: false,
};

const NODE_ESP32: NodeFacts = {
  ...NODE_30,
  entries:
    words(`bootreason chipid chipmodel compile dsleep egc flashreload flashindex LFS heap info
    input output osprint restart setonerror sleep stripdebug task uptime wakeup`),
  version: [0, 0, 0],
  build: {
    branch: "dev-esp32",
    commit: "7c5bb15154f6766987bf3f119335b08dfcc51a40",
    release: "dev-esp32",
    time: "202410242346",
  },
  chipModel: "esp32",
  infoGroups: ["lfs", "hw", "sw_version", "build_config", "default"],
  // These are the words of that firmware, right or wrong.
  numberType: ({ integerSize, size }) =>
    integerSize === 8 ? "integer" : integerSize === 4 && size === 8 ? "double" : "float",
  // The third is the place of a panic; there is none.
  bootReasons: {
    powerOn: [1, 8],
    restart: [2, 19, 0],
    watchdog: [3, 14],
    deepSleep: [3, 12],
    error: [2, 19, 0],
  },
  afterReload: "restart",
  taskQueues: [25, 125, 100],
  noFunction: "invalid function",
  openFailure: ": No such file or directory",
  longestInput: 254,
  output: "tasks",
};

/** The same firmware with Lua 5.3. */
function with53(facts: NodeFacts): NodeFacts {
  return {
    ...facts,
    entries: facts.entries.filter((name) => name !== "egc"),
    afterReload: "restart",
    mainFindsModules: false,
    stripCount: { local: 12, upvalue: 0 },
  };
}

export type NodeByDialect = Readonly<Partial<Record<Dialect["name"], NodeFacts>>>;

export const NODES_22: NodeByDialect = { lua51: NODE_22 };
export const NODES_30: NodeByDialect = { lua51: NODE_30, lua53: with53(NODE_30) };
export const NODES_ESP32: NodeByDialect = { lua51: NODE_ESP32, lua53: with53(NODE_ESP32) };

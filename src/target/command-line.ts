/**
 * Where the reference's command line differs between firmware generations: data only, one record
 * per generation and Lua version. Source: lfs51.md §2, lua51.md §6.1, lua53.md §6.
 */
import type { LuaString } from "../base/lua-string.ts";
import { formatFixed } from "../base/number-text.ts";
import type { Dialect } from "./dialect.ts";

/** Both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** An option, and what it does, in the reference's words. */
export type OptionRow = readonly [option: string, effect: string];

export interface CommandLineRules {
  /** What the usage text begins with, behind the program's name. */
  readonly usageTail: string;
  /** The options of the usage text, in its order. */
  readonly options: readonly OptionRow[];
  /** The file that is written, and listed, when none is named. */
  readonly defaultOutput: string;
  /** Option `-o` takes no name that begins with a dash, but a dash alone. */
  readonly refusesDashes: boolean;
  /** What is said when `-e` has no file. */
  readonly scriptMissing: string;
  /** There is an option `-F`, which reads an image, for `-a` to make another of it. */
  readonly readsImages: boolean;
  /** What is said of an address for `-a` when there is nothing to make an image of; else nothing. */
  readonly nothingToPlace: string | undefined;
  /** Bytes an image may have when `-m` does not say it. */
  readonly defaultLimit: number;
  /** Addresses that `-a` accepts; all when there is no range. */
  readonly absoluteAddresses: AddressRange | undefined;
  /** What is said of an address beyond them, in the reference's words. */
  readonly wrongAddress: string;
  /** What is said of a value of `-m` that is no multiple of 4096, in the reference's words. */
  readonly wrongLimit: string;
  /**
   * What is printed when an image is built, line end included; nothing if empty.
   *
   * @param size bytes of the image
   * @param limit bytes it may have
   */
  readonly imageSizeLine: (size: number, limit: number) => LuaString;
}

export interface CommandLineFacts extends CommandLineRules {
  /** What `-v` prints. */
  readonly banner: LuaString;
}

/** The greatest image that the references of Lua 5.1 build. */
const LIMIT_51 = 0x40000;

function optionRows51(defaultOutput: string): readonly OptionRow[] {
  return [
    ["-", "process stdin"],
    ["-l", "list"],
    ["-o name", `output to file 'name' (default is "${defaultOutput}")`],
    ["-e name", "execute a lua source file"],
    ["-f", "output a flash image file"],
    ["-a addr", "generate an absolute, rather than position independent flash image file"],
    ["-i", "generate lookup combination master (default with option -f)"],
    ["-m size", "maximum LFS image in bytes"],
    ["-p", "parse only"],
    ["-s", "strip debug information"],
    ["-v", "show version information"],
    ["--", "stop handling options"],
  ];
}

function optionRows53(defaultOutput: string): readonly OptionRow[] {
  return [
    ["-l", "list (use -l -l for full listing)"],
    ["-o name", `output to file 'name' (default is "${defaultOutput}")`],
    ["-e name", "execute a lua source file"],
    ["-f", "output a flash image file"],
    ["-F name", "load a flash image file"],
    ["-a addr", "generate an absolute, rather than position independent flash image file"],
    ["", "(use with -F LFSimage -o absLFSimage to convert an image to absolute format)"],
    ["-i", "generate lookup combination master (default with option -f)"],
    ["-m size", "maximum LFS image in bytes"],
    ["-p", "parse only"],
    ["-s", "strip debug information"],
    ["-v", "show version information"],
    ["--", "stop handling options"],
    ["-", "stop handling options and process stdin"],
  ];
}

// The references of Lua 5.1 call both options -e here.
const RULES_51 = {
  usageTail: "[options] [filenames].",
  options: optionRows51("luac.out"),
  defaultOutput: "luac.out",
  refusesDashes: false,
  scriptMissing: "'-e' needs argument",
  readsImages: false,
  nothingToPlace: undefined,
  defaultLimit: LIMIT_51,
  wrongAddress: "'-e' absolute address must be valid flash address",
  wrongLimit: "'-e' maximum size must be a multiple of 4,096",
} as const;

/** Where the ESP8266 maps images. */
const FLASH_ADDRESSES = { first: 0x40210000, last: 0x40310000 };

const NO_LINE = (): LuaString => "";

const RULES_22: CommandLineRules = {
  ...RULES_51,
  absoluteAddresses: FLASH_ADDRESSES,
  imageSizeLine: NO_LINE,
};

const RULES_30: CommandLineRules = {
  ...RULES_51,
  absoluteAddresses: FLASH_ADDRESSES,
  imageSizeLine: (size) => `Image size: ${size}\n`,
};

const RULES_ESP32: CommandLineRules = {
  ...RULES_51,
  absoluteAddresses: undefined,
  imageSizeLine: (size, limit) => {
    const kibibytes = formatFixed(size / 1024, 2);
    const share = formatFixed((size / limit) * 100, 1);
    return `Flash image size: ${size} bytes (${kibibytes}kiB, ${share}% of available size of ${limit >>> 10}kiB)\n`;
  },
};

const RULES_53 = {
  usageTail: "[options] [filenames]",
  options: optionRows53("luac.cross.out"),
  defaultOutput: "luac.cross.out",
  refusesDashes: true,
  scriptMissing: '"-e" needs a file argument',
  readsImages: true,
  defaultLimit: Number.POSITIVE_INFINITY,
  wrongAddress: '"-a" absolute address must be valid flash address',
  imageSizeLine: NO_LINE,
} as const;

const RULES_30_LUA53: CommandLineRules = {
  ...RULES_53,
  absoluteAddresses: { first: 0x40200001, last: 0x40300000 },
  nothingToPlace: "'-a' also requires '-o' and '-f' options without lua source files",
  wrongLimit: '"-e" maximum size must be a multiple of 4,096',
};

const RULES_ESP32_LUA53: CommandLineRules = {
  ...RULES_53,
  absoluteAddresses: undefined,
  nothingToPlace: undefined,
  wrongLimit: '"-m" maximum size must be a multiple of 4,096',
};

/** The rules of one generation; undefined where it has no such Lua version. */
export type RulesByDialect = Readonly<Partial<Record<Dialect["name"], CommandLineRules>>>;

export const COMMAND_LINES_22: RulesByDialect = { lua51: RULES_22 };
export const COMMAND_LINES_30: RulesByDialect = { lua51: RULES_30, lua53: RULES_30_LUA53 };
export const COMMAND_LINES_ESP32: RulesByDialect = { lua51: RULES_ESP32, lua53: RULES_ESP32_LUA53 };

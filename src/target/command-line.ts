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

export interface CommandLineRules {
  /** The file that is written, and listed, when none is named. */
  readonly defaultOutput: string;
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

// The references of Lua 5.1 call both options -e here.
const RULES_51 = {
  defaultOutput: "luac.out",
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
  defaultOutput: "luac.cross.out",
  wrongAddress: '"-a" absolute address must be valid flash address',
  imageSizeLine: NO_LINE,
} as const;

const RULES_30_LUA53: CommandLineRules = {
  ...RULES_53,
  absoluteAddresses: { first: 0x40200001, last: 0x40300000 },
  wrongLimit: '"-e" maximum size must be a multiple of 4,096',
};

const RULES_ESP32_LUA53: CommandLineRules = {
  ...RULES_53,
  absoluteAddresses: undefined,
  wrongLimit: '"-m" maximum size must be a multiple of 4,096',
};

/** The rules of one generation; undefined where it has no such Lua version. */
export type RulesByDialect = Readonly<Partial<Record<Dialect["name"], CommandLineRules>>>;

export const COMMAND_LINES_22: RulesByDialect = { lua51: RULES_22 };
export const COMMAND_LINES_30: RulesByDialect = { lua51: RULES_30, lua53: RULES_30_LUA53 };
export const COMMAND_LINES_ESP32: RulesByDialect = { lua51: RULES_ESP32, lua53: RULES_ESP32_LUA53 };

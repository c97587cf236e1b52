/**
 * The generations of firmware, each with what its targets have in common: all that does not depend on
 * numbers and sizes. What differs between the Lua versions of a generation is kept by dialect.
 */
import { BOARD_22, BOARD_30, BOARD_ESP32, type BoardFacts } from "./board-facts.ts";
import {
  COMMAND_LINES_22,
  COMMAND_LINES_30,
  COMMAND_LINES_ESP32,
  type RulesByDialect,
} from "./command-line.ts";
import type { Dialect } from "./dialect.ts";
import {
  FIRMWARE_22,
  FIRMWARE_30,
  FIRMWARE_ESP32,
  type FirmwareNames,
  withLibraries53,
} from "./firmware-modules.ts";
import {
  LIBRARIES_22,
  LIBRARIES_30,
  LIBRARIES_53,
  LIBRARIES_ESP32,
  LIBRARIES_ESP32_53,
  type LibraryFacts,
} from "./library-facts.ts";
import { LOADER_22, LOADER_30, LOADER_DEV, type LoaderFacts } from "./loader-facts.ts";
import { LOADER_30_53, LOADER_DEV_53, type LoaderFacts53 } from "./loader-facts53.ts";
import { STRINGS_22, STRINGS_30, STRINGS_ESP32, type StringsByDialect } from "./memory-facts.ts";
import { NODES_22, NODES_30, NODES_ESP32, type NodeByDialect } from "./node-facts.ts";
import { RUNTIME_22, RUNTIME_51, RUNTIME_53, type RuntimeFacts } from "./runtime-facts.ts";

type ByDialect<Facts> = Readonly<Partial<Record<Dialect["name"], Facts>>>;

export interface Generation {
  /** In words a user recognises. */
  readonly firmware: string;
  /** How images of Lua 5.1 are loaded. */
  readonly loader: LoaderFacts;
  /** How images of Lua 5.3 are loaded; undefined where there is no such firmware. */
  readonly loader53: LoaderFacts53 | undefined;
  /** Values in memory take no more than 12 bytes, however they lie in images. */
  readonly packsValues: boolean;
  readonly board: BoardFacts;
  readonly strings: StringsByDialect;
  readonly runtime: ByDialect<RuntimeFacts>;
  readonly libraries: ByDialect<LibraryFacts>;
  readonly names: ByDialect<FirmwareNames>;
  readonly node: NodeByDialect;
  readonly commandLine: RulesByDialect;
}

export const ESP8266_22: Generation = {
  firmware: "ESP8266, NodeMCU 2.2.1",
  loader: LOADER_22,
  loader53: undefined,
  packsValues: false,
  board: BOARD_22,
  strings: STRINGS_22,
  runtime: { lua51: RUNTIME_22 },
  libraries: { lua51: LIBRARIES_22 },
  names: { lua51: FIRMWARE_22 },
  node: NODES_22,
  commandLine: COMMAND_LINES_22,
};

export const ESP8266_30: Generation = {
  firmware: "ESP8266, NodeMCU 3.0",
  loader: LOADER_30,
  loader53: LOADER_30_53,
  packsValues: true,
  board: BOARD_30,
  strings: STRINGS_30,
  runtime: { lua51: RUNTIME_51, lua53: RUNTIME_53 },
  libraries: { lua51: LIBRARIES_30, lua53: LIBRARIES_53 },
  names: { lua51: FIRMWARE_30, lua53: withLibraries53(FIRMWARE_30) },
  node: NODES_30,
  commandLine: COMMAND_LINES_30,
};

export const ESP32: Generation = {
  firmware: "ESP32, NodeMCU dev-esp32",
  loader: LOADER_DEV,
  loader53: LOADER_DEV_53,
  packsValues: true,
  board: BOARD_ESP32,
  strings: STRINGS_ESP32,
  runtime: { lua51: RUNTIME_51, lua53: RUNTIME_53 },
  libraries: { lua51: LIBRARIES_ESP32, lua53: LIBRARIES_ESP32_53 },
  names: { lua51: FIRMWARE_ESP32, lua53: withLibraries53(FIRMWARE_ESP32) },
  node: NODES_ESP32,
  commandLine: COMMAND_LINES_ESP32,
};

/** What a generation has of a dialect. @throws Error when it has no such Lua */
export function ofDialect<Facts>(
  { firmware }: Generation,
  facts: ByDialect<Facts>,
  dialect: Dialect,
): Facts {
  const own = facts[dialect.name];
  if (own !== undefined) return own;
  throw new Error(`nothing is known of ${dialect.title} in ${firmware}`);
}

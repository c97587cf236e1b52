/**
 * Every firmware build luacross knows, one row each. Adding a build is adding a row here, and a
 * generation in `generations.ts` if it is of a new one; no other file compares target or dialect names.
 */
import { DOUBLE } from "../base/double.ts";
import { DOUBLE_22 } from "../base/double22.ts";
import { LuacrossError } from "../base/errors.ts";
import { INT32 } from "../base/int32.ts";
import { fromText } from "../base/lua-string.ts";
import type { NumberModel } from "../base/number-model.ts";
import { INT32_DOUBLE, INT32_FLOAT32, INT64_DOUBLE, INT64_FLOAT32 } from "../base/two-subtypes.ts";
import { type Dialect, LUA51, LUA53 } from "./dialect.ts";
import { ESP32, ESP8266_22, ESP8266_30, type Generation, ofDialect } from "./generations.ts";
import { type MemoryFacts, memoryFacts } from "./memory-facts.ts";
import type { ImageFacts51, ImageLayout, Target, TargetRow, WireEra } from "./target.ts";

/** The dialects that there is a compiler for. */
const COMPILED_DIALECTS: readonly Dialect[] = [LUA51, LUA53];

const WIRE_22: WireEra = { numberTag: 5, stringTag: 6 };
const WIRE_30: WireEra = { numberTag: 3, stringTag: 4 };
/** Lua 5.3 chunks have a tag system of their own; see lua53.md §3. */
const WIRE_53: WireEra = { numberTag: 3, stringTag: 5 };

const ESP8266_8 = imageLayout51(8, 4, 0xfafaa152);
const ESP8266_12 = imageLayout51(12, 8, 0xfafaa154);
const ESP8266_16 = imageLayout51(16, 8, 0xfafaa150);
const ESP32_8 = withEsp32Rules(ESP8266_8);
const ESP32_12 = withEsp32Rules(ESP8266_12);

/** The older firmware does not tell its number models apart. */
const SIGNATURE_53 = 0xfafaa250;
const INT64_BIT = 1;
const DOUBLE_BIT = 2;
const IMAGE_53_8 = imageLayout53(8, SIGNATURE_53);
const IMAGE_53_12 = imageLayout53(12, SIGNATURE_53);
const ESP32_53_BOTH = imageLayout53(12, SIGNATURE_53 + INT64_BIT + DOUBLE_BIT);
const ESP32_53_INT64 = imageLayout53(12, SIGNATURE_53 + INT64_BIT);
const ESP32_53_DOUBLE = imageLayout53(12, SIGNATURE_53 + DOUBLE_BIT);

const BANNER_51 = "Lua 5.1.4  Copyright (C) 1994-2011 Lua.org, PUC-Rio";
const BANNER_536 = "Lua 5.3.6  Copyright (C) 1994-2020 Lua.org, PUC-Rio";
const BANNER_535 = "Lua 5.3.5  Copyright (C) 1994-2018 Lua.org, PUC-Rio";

interface Layout51 extends ImageLayout {
  readonly facts51: ImageFacts51;
}

function imageLayout51(valueSize: 8 | 12 | 16, tagOffset: 4 | 8, signature: number): Layout51 {
  return { valueSize, facts51: { tagOffset, signature, bucketFactor: 1, honoursStrip: false } };
}

function imageLayout53(valueSize: 8 | 12, signature: number): ImageLayout {
  return { valueSize, facts53: { signature } };
}

/** The ESP32's builder leaves more room in the string table, and can strip. */
function withEsp32Rules(layout: Layout51): Layout51 {
  return { ...layout, facts51: { ...layout.facts51, bucketFactor: 1.3, honoursStrip: true } };
}

/**
 * Since 3.0 the firmware packs its values in memory whatever its settings, so that one built for
 * images of 16-byte values does not have such values itself.
 */
function memoryOf(
  { packsValues, strings }: Generation,
  dialect: Dialect,
  { valueSize }: ImageLayout,
): MemoryFacts {
  return memoryFacts(dialect, strings, packsValues ? Math.min(valueSize, 12) : valueSize);
}

/** One row of the table, in its columns' order. */
function row(
  name: string,
  generation: Generation,
  dialect: Dialect,
  numbers: NumberModel,
  numbersInWords: string,
  wire: WireEra,
  image: ImageLayout,
  banner: string,
  settings: string,
): TargetRow {
  const { firmware, loader, loader53, board, runtime, libraries, names, node, commandLine } =
    generation;
  return Object.freeze({
    name,
    firmware,
    dialect,
    numbers,
    numbersInWords,
    wire,
    image,
    loader: image.facts51 && loader,
    loader53: image.facts53 && loader53,
    memory: memoryOf(generation, dialect, image),
    runtime: ofDialect(generation, runtime, dialect),
    libraries: ofDialect(generation, libraries, dialect),
    board,
    firmwareNames: ofDialect(generation, names, dialect),
    node: ofDialect(generation, node, dialect),
    settings,
    commandLine: { ...ofDialect(generation, commandLine, dialect), banner },
    supported: COMPILED_DIALECTS.includes(dialect),
  });
}

// biome-ignore format: a table reads best with one row per line
export const TARGETS: readonly TargetRow[] = Object.freeze([
  row("esp8266-2.2-float", ESP8266_22, LUA51, DOUBLE_22, "double", WIRE_22, ESP8266_16, BANNER_51, "none"),
  row("esp8266-2.2-int", ESP8266_22, LUA51, INT32, "32-bit integer", WIRE_22, ESP8266_8, BANNER_51, "LUA_NUMBER_INTEGRAL"),
  row("esp8266-2.2-packed", ESP8266_22, LUA51, DOUBLE_22, "double, packed values", WIRE_22, ESP8266_12, BANNER_51, "LUA_DWORD_ALIGNED_TVALUES (inverted there)"),
  row("esp8266-lua51-float", ESP8266_30, LUA51, DOUBLE, "double", WIRE_30, ESP8266_12, BANNER_51, "none"),
  row("esp8266-lua51-int", ESP8266_30, LUA51, INT32, "32-bit integer", WIRE_30, ESP8266_8, BANNER_51, "LUA_NUMBER_INTEGRAL"),
  row("esp8266-lua51-aligned", ESP8266_30, LUA51, DOUBLE, "double, 16-byte values", WIRE_30, ESP8266_16, BANNER_51, "LUA_DWORD_ALIGNED_TVALUES"),
  row("esp8266-lua53", ESP8266_30, LUA53, INT32_FLOAT32, "32-bit integer and float", WIRE_53, IMAGE_53_8, BANNER_536, "LUA=53"),
  row("esp8266-lua53-64", ESP8266_30, LUA53, INT64_DOUBLE, "64-bit integer and double", WIRE_53, IMAGE_53_12, BANNER_536, "LUA=53, LUA_NUMBER_64BITS"),
  row("esp32-lua51-float", ESP32, LUA51, DOUBLE, "double", WIRE_30, ESP32_12, `${BANNER_51} [5.1-doublefp]`, "none"),
  row("esp32-lua51-int", ESP32, LUA51, INT32, "32-bit integer", WIRE_30, ESP32_8, `${BANNER_51} [5.1-integral]`, "CONFIG_LUA_NUMBER_INTEGRAL"),
  row("esp32-lua53", ESP32, LUA53, INT32_FLOAT32, "32-bit integer and float", WIRE_53, IMAGE_53_8, `${BANNER_535} [5.3-int32-singlefp]`, "none"),
  row("esp32-lua53-64", ESP32, LUA53, INT64_DOUBLE, "64-bit integer and double", WIRE_53, ESP32_53_BOTH, `${BANNER_535} [5.3-int64-doublefp]`, "CONFIG_LUA_NUMBER_INT64, CONFIG_LUA_NUMBER_DOUBLE"),
  row("esp32-lua53-int64", ESP32, LUA53, INT64_FLOAT32, "64-bit integer, 32-bit float", WIRE_53, ESP32_53_INT64, `${BANNER_535} [5.3-int64-singlefp]`, "CONFIG_LUA_NUMBER_INT64"),
  row("esp32-lua53-double", ESP32, LUA53, INT32_DOUBLE, "32-bit integer, double", WIRE_53, ESP32_53_DOUBLE, `${BANNER_535} [5.3-int32-doublefp]`, "CONFIG_LUA_NUMBER_DOUBLE"),
]);

export const DEFAULT_TARGET_NAME = "esp8266-lua51-float";

/** As much of a name as is looked at when it is wrong: 64 characters. */
const START_OF_NAME = /^.{0,64}/su;

/**
 * The target of that name.
 *
 * @param name ordinary text, as people type it
 * @throws LuacrossError `unknown-target`, with the nearest name, when there is no such row;
 *   `unsupported` when there is no compiler for it yet
 */
export function findTarget(name: string): Target {
  const row = TARGETS.find((candidate) => candidate.name === name);
  if (row === undefined) {
    const [start] = START_OF_NAME.exec(name) ?? [""];
    const shown = start.length < name.length ? `${start}...` : name;
    const message = `unknown target '${shown}'; did you mean '${nearestName(start)}'?`;
    throw new LuacrossError("unknown-target", fromText(message));
  }
  return supportedTarget(row);
}

/** @throws LuacrossError `unsupported` when there is no compiler for the row yet */
export function supportedTarget(row: TargetRow): Target {
  if (isSupported(row)) return row;
  throw new LuacrossError("unsupported", fromText(`target '${row.name}' is not supported yet`));
}

/** The rows that can be compiled for. */
export const SUPPORTED_TARGETS: readonly Target[] = TARGETS.filter(isSupported);

function isSupported(row: TargetRow): row is Target {
  return row.supported;
}

/** Of targets equally near, one that can be compiled for. */
function nearestName(name: string): string {
  const distances = TARGETS.map((row) => ({
    row,
    distance: editDistance(name.toLowerCase(), row.name) + (row.supported ? 0 : 0.5),
  }));
  const nearest = distances.reduce((a, b) => (b.distance < a.distance ? b : a));
  return nearest.row.name;
}

/** Levenshtein distance: how many letters to insert, delete or replace to get from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

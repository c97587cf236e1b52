/**
 * Every firmware build luacross knows, one row each. Adding a firmware is adding a row here; no
 * other file compares target or dialect names.
 */
import { DOUBLE } from "../base/double.ts";
import { DOUBLE_22 } from "../base/double22.ts";
import { LuacrossError } from "../base/errors.ts";
import { INT32 } from "../base/int32.ts";
import type { NumberModel } from "../base/number-model.ts";
import { type Dialect, LUA51, LUA53 } from "./dialect.ts";
import type { ImageLayout, Target, WireEra } from "./target.ts";

const WIRE_22: WireEra = { name: "2.2", numberTag: 5, stringTag: 6 };
const WIRE_30: WireEra = { name: "3.0", numberTag: 3, stringTag: 4 };
/** Lua 5.3 chunks have a tag system of their own; see lua53.md §3. */
const WIRE_53: WireEra = { name: "5.3", numberTag: 3, stringTag: 5 };

const VALUE_8: ImageLayout = { valueSize: 8 };
const VALUE_12: ImageLayout = { valueSize: 12 };
const VALUE_16: ImageLayout = { valueSize: 16 };

const BANNER_51 = "Lua 5.1.4  Copyright (C) 1994-2011 Lua.org, PUC-Rio";
const BANNER_536 = "Lua 5.3.6  Copyright (C) 1994-2020 Lua.org, PUC-Rio";
const BANNER_535 = "Lua 5.3.5  Copyright (C) 1994-2018 Lua.org, PUC-Rio";

const ESP8266_22 = "ESP8266, NodeMCU 2.2.1";
const ESP8266_30 = "ESP8266, NodeMCU 3.0";
const ESP32 = "ESP32, NodeMCU dev-esp32";

/** One row of the table, in its columns' order. */
function row(
  name: string,
  firmware: string,
  dialect: Dialect,
  numbers: NumberModel,
  numbersInWords: string,
  wire: WireEra,
  image: ImageLayout,
  banner: string,
  settings: string,
): Target {
  return {
    name,
    firmware,
    dialect,
    numbers,
    numbersInWords,
    wire,
    image,
    settings,
    commandLine: { banner },
    supported: dialect === LUA51,
  };
}

// biome-ignore format: a table reads best with one row per line
export const TARGETS: readonly Target[] = [
  row("esp8266-2.2-float", ESP8266_22, LUA51, DOUBLE_22, "double", WIRE_22, VALUE_16, BANNER_51, "none"),
  row("esp8266-2.2-int", ESP8266_22, LUA51, INT32, "32-bit integer", WIRE_22, VALUE_8, BANNER_51, "LUA_NUMBER_INTEGRAL"),
  row("esp8266-2.2-packed", ESP8266_22, LUA51, DOUBLE_22, "double, packed values", WIRE_22, VALUE_12, BANNER_51, "LUA_DWORD_ALIGNED_TVALUES (inverted there)"),
  row("esp8266-lua51-float", ESP8266_30, LUA51, DOUBLE, "double", WIRE_30, VALUE_12, BANNER_51, "none"),
  row("esp8266-lua51-int", ESP8266_30, LUA51, INT32, "32-bit integer", WIRE_30, VALUE_8, BANNER_51, "LUA_NUMBER_INTEGRAL"),
  row("esp8266-lua51-aligned", ESP8266_30, LUA51, DOUBLE, "double, 16-byte values", WIRE_30, VALUE_16, BANNER_51, "LUA_DWORD_ALIGNED_TVALUES"),
  row("esp8266-lua53", ESP8266_30, LUA53, DOUBLE, "32-bit integer and float", WIRE_53, VALUE_8, BANNER_536, "none"),
  row("esp8266-lua53-64", ESP8266_30, LUA53, DOUBLE, "64-bit integer and double", WIRE_53, VALUE_12, BANNER_536, "LUA_NUMBER_64BITS"),
  row("esp32-lua51-float", ESP32, LUA51, DOUBLE, "double", WIRE_30, VALUE_12, `${BANNER_51} [5.1-doublefp]`, "none"),
  row("esp32-lua51-int", ESP32, LUA51, INT32, "32-bit integer", WIRE_30, VALUE_8, `${BANNER_51} [5.1-integral]`, "CONFIG_LUA_NUMBER_INTEGRAL"),
  row("esp32-lua53", ESP32, LUA53, DOUBLE, "32-bit integer and float", WIRE_53, VALUE_8, BANNER_535, "none"),
  row("esp32-lua53-64", ESP32, LUA53, DOUBLE, "64-bit integer and double", WIRE_53, VALUE_12, BANNER_535, "CONFIG_LUA_NUMBER_INT64, CONFIG_LUA_NUMBER_DOUBLE"),
  row("esp32-lua53-int64", ESP32, LUA53, DOUBLE, "64-bit integer, 32-bit float", WIRE_53, VALUE_12, BANNER_535, "CONFIG_LUA_NUMBER_INT64"),
  row("esp32-lua53-double", ESP32, LUA53, DOUBLE, "32-bit integer, double", WIRE_53, VALUE_12, BANNER_535, "CONFIG_LUA_NUMBER_DOUBLE"),
];

export const DEFAULT_TARGET_NAME = "esp8266-lua51-float";

/** @throws LuacrossError `unknown-target`, with the nearest name, when there is no such target */
export function findTarget(name: string): Target {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target) return target;
  throw new LuacrossError(
    "unknown-target",
    `unknown target '${name}'; did you mean '${nearestName(name)}'?`,
  );
}

function nearestName(name: string): string {
  let nearest = DEFAULT_TARGET_NAME;
  let least = Number.POSITIVE_INFINITY;
  for (const target of TARGETS) {
    const distance = editDistance(name.toLowerCase(), target.name);
    if (distance < least) {
      least = distance;
      nearest = target.name;
    }
  }
  return nearest;
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

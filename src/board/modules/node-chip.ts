/**
 * The chip in the module `node`: what it is, why it started, how fast it is, its memory. Source: the
 * NodeMCU manual, "node". Chip and flash have ids of their own kind, which no real one has.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../../vm/call.ts";
import { intArgument } from "../../vm/library/words.ts";
import type { Table } from "../../vm/table.ts";
import type { ModuleContext, RestartReason } from "../module.ts";
import { tableOf, warnOfOld } from "./node-common.ts";
import { lfsConfig } from "./node-lfs.ts";
import type { NativesByName } from "./pick.ts";

export const CPU_80_MHZ = 80;
export const CPU_160_MHZ = 160;

const CHIP_ID = 0x51ab0d;
/** The newer chip's, from its network address. */
const NEWER_CHIP_ID = "0x51ab0d51ab0d";
/** Maker 0xef, then the kind and the power of two of the size. */
const FLASH_ID = 0x1640ef;
const FLASH_MODE = 2;
const FLASH_SPEED = 40_000_000;
/** Wireless network, and both kinds of Bluetooth. */
const NEWER_CHIP_FEATURES = 0x32;
const NEWER_CHIP_CORES = 2;
const KILOBYTE = 1024;
/** What the older chip can sleep at most, in microseconds, when its slow clock ticks every 6. */
const LONGEST_SLEEP = 6 * (2 ** 31 - 1);
/** `node.uptime` gives so many bits first. */
const UPTIME_SPLIT = 2 ** 53;
const INTEGRAL_UPTIME_SPLIT = 2 ** 31;

/** @param startsFast whether the processor begins at its higher speed */
export function chipFunctions(context: ModuleContext, startsFast: boolean): NativesByName {
  const { chipModel } = context.target.node;
  let speed = startsFast ? CPU_160_MHZ : CPU_80_MHZ;
  return {
    bootreason: (call) => giveReason(call, context),
    chipid: (call) =>
      chipModel === undefined ? call.giveInteger(CHIP_ID) : call.giveText(NEWER_CHIP_ID),
    chipmodel: (call) => call.giveText(chipModel ?? ""),
    dsleepMax: (call) =>
      call.numbers.integral ? call.giveInteger(LONGEST_SLEEP) : call.giveDouble(LONGEST_SLEEP),
    flashid: (call) => call.giveInteger(FLASH_ID),
    flashsize: (call) => flashSize(call, context),
    getcpufreq: (call) => call.giveInteger(speed),
    heap: (call) => call.giveInteger(context.memory().free),
    info: (call) => info(call, context),
    setcpufreq(call) {
      speed = intArgument(call, 1) === CPU_160_MHZ ? CPU_160_MHZ : CPU_80_MHZ;
      return call.giveInteger(speed);
    },
    uptime: (call) => uptime(call, context),
  };
}

// Why it started

const REASONS = {
  "power on": "powerOn",
  restart: "restart",
  watchdog: "watchdog",
  "deep sleep": "deepSleep",
  error: "error",
} as const satisfies Record<RestartReason, string>;

function giveReason(call: Call, { target, startReason }: ModuleContext): number {
  const codes = target.node.bootReasons[REASONS[startReason]];
  return call.giveAll(codes.map((code) => call.numbers.fromInteger(code)));
}

// What it is

function flashSize(call: Call, { flash, target }: ModuleContext): number {
  if (target.node.infoGroups === undefined && typeof call.get(1) === "number") {
    throw call.error("the flash of a simulated board keeps its size");
  }
  return call.giveInteger(flash.size);
}

function info(call: Call, context: ModuleContext): number {
  const { infoGroups } = context.target.node;
  if (infoGroups === undefined) return giveNumbers(call, context);
  const group = infoGroups[call.option(1, infoGroups, infoGroups[infoGroups.length - 1])];
  switch (group) {
    case "lfs":
      return call.give(lfsConfig(context));
    case "hw":
      return call.give(hardware(context));
    case "sw_version":
      return call.give(tableOf(context.state, software(context)));
    case "build_config":
      return call.give(tableOf(context.state, configuration(context)));
    case "legacy":
      warnOfOld(context, "node.info() without parameter", "in the next version");
      return giveNumbers(call, context);
    default:
      return call.give(call.newTable());
  }
}

/** The old form: eight numbers. */
function giveNumbers(call: Call, { flash, target }: ModuleContext): number {
  const numbers = [
    ...target.node.version,
    CHIP_ID,
    FLASH_ID,
    flash.size / KILOBYTE,
    FLASH_MODE,
    FLASH_SPEED,
  ];
  return call.giveAll(numbers.map((number) => call.numbers.fromInteger(number)));
}

function hardware({ state, flash, target }: ModuleContext): Table {
  const size = flash.size / KILOBYTE;
  const { chipModel } = target.node;
  if (chipModel === undefined) {
    return tableOf(state, {
      chip_id: CHIP_ID,
      flash_id: FLASH_ID,
      flash_size: size,
      flash_mode: FLASH_MODE,
      flash_speed: FLASH_SPEED,
    });
  }
  return tableOf(state, {
    chip_model: chipModel,
    chip_features: NEWER_CHIP_FEATURES,
    chip_major_rev: 1,
    chip_minor_rev: 0,
    cpu_cores: NEWER_CHIP_CORES,
    flash_size: size,
    flash_id: FLASH_ID,
  });
}

function software({ target }: ModuleContext): Record<LuaString, number | LuaString> {
  const { build, version, chipModel } = target.node;
  const [major, minor, revision] = version;
  return {
    ...(chipModel === undefined ? {} : { node_version: `NodeMCU ${chipModel.toUpperCase()}` }),
    node_version_major: major,
    node_version_minor: minor,
    node_version_revision: revision,
    git_branch: build.branch,
    git_commit_id: build.commit,
    git_release: build.release,
    git_commit_dts: build.time,
  };
}

function configuration({ lfs, target, moduleNames }: ModuleContext) {
  return {
    ssl: false,
    lfs_size: lfs.region?.size ?? 0,
    modules: [...moduleNames].sort().join(",") || "-",
    number_type: target.node.numberType(target.numbers),
    ...(target.node.chipModel === undefined ? {} : { esp_console: "uart" }),
  };
}

// Its clock

/** The time in two numbers, the second of which counts how often the first began anew. */
function uptime(call: Call, { loop }: ModuleContext): number {
  const now = loop.now;
  if (call.numbers.integral) {
    const low = call.numbers.fromInteger(now % INTEGRAL_UPTIME_SPLIT);
    const high = call.numbers.fromInteger(Math.floor(now / INTEGRAL_UPTIME_SPLIT));
    return call.giveTwo(low, high);
  }
  const high = call.numbers.fromInteger(Math.floor(now / UPTIME_SPLIT));
  return call.giveTwo(call.numbers.fromDouble(now % UPTIME_SPLIT), high);
}

/** The constants of `node.wakeup`. */
export const WAKEUP = { GPIO: 7, TIMER: 4, TOUCHPAD: 5, UART: 8, ULP: 6 } as const;

/**
 * Restarts and sleep in the module `node`. On a simulated board only time wakes: what else a program
 * waits for never comes while it sleeps. Source: the NodeMCU manual, "node.dsleep", "node.sleep",
 * "node.restart"; the firmwares' module.
 */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../../vm/call.ts";
import type { LuaError } from "../../vm/errors.ts";
import { isNumber } from "../../vm/numbers.ts";
import { Table } from "../../vm/table.ts";
import { isTruthy, type Value } from "../../vm/values.ts";
import type { ModuleContext } from "../module.ts";
import { WAKEUP } from "./node-chip.ts";
import { numberIfAny } from "./node-common.ts";
import type { NativesByName } from "./pick.ts";

export function sleepFunctions(context: ModuleContext): NativesByName {
  const isNewer = context.target.node.chipModel !== undefined;
  return {
    restart: () => context.restart("restart"),
    // There are no settings of a network that could be given up.
    restore: (call) => call.giveNothing(),
    dsleep: (call) => (isNewer ? deepSleepByOptions(call, context) : deepSleep(call, context)),
    sleep(call) {
      // It is not built in unless a user asks for it.
      if (!isNewer) throw call.error("node.sleep() is unavailable");
      return lightSleep(call, context);
    },
  };
}

// The older chip

const MOST_OPTION = 4;

/** `dsleep(us, option, instant)`: without a time it only sets the option; 0 is for ever. */
function deepSleep(call: Call, context: ModuleContext): number {
  const option = numberIfAny(call, 2);
  if (option !== undefined && context.target.node.checksSleepOption) {
    // A byte on the device.
    if ((Math.trunc(option) & 0xff) > MOST_OPTION) throw call.error("wrong arg range");
  }
  const time = numberIfAny(call, 1);
  if (time === undefined) return call.giveNothing();
  const microseconds = Math.trunc(time);
  if (microseconds < 0) throw call.error("a simulated board does not sleep for less than no time");
  return context.sleep(microseconds === 0 ? undefined : microseconds);
}

// The newer chip

const SECOND = 1_000_000;
const PIN_COUNT = 40;
/** Pins that are there during deep sleep. */
const SLEEP_PINS = new Set([0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39]);

function deepSleepByOptions(call: Call, context: ModuleContext): number {
  const options = call.get(1);
  if (isNumber(options)) return context.sleep(notNegative(call, call.integer(1)));
  if (!(options instanceof Table)) throw call.argumentError(1, "Expected integer or table");
  checkPins(call, fieldOf(call, options, "gpio"));
  checkBoolean(call, options, "pull");
  checkLevel(call, options);
  checkBoolean(call, options, "touch");
  const time = timeOf(call, options);
  return context.sleep(time === undefined ? undefined : notNegative(call, time));
}

/** Waking by the level of a pin. */
function checkPins(call: Call, pins: Value): void {
  for (const value of pins instanceof Table ? listOf(pins) : [pins]) {
    if (!isNumber(value)) continue;
    const pin = call.numbers.toDouble(value);
    if (pin >= 0 && pin < PIN_COUNT && !SLEEP_PINS.has(pin)) {
      throw call.error(`Pin ${pin} is not an RTC GPIO and cannot be used for wakeup`);
    }
  }
}

function listOf(table: Table): Value[] {
  return Array.from({ length: table.length() }, (_, i) => table.getNumber(i + 1));
}

function checkLevel(call: Call, options: Table): void {
  const level = integerOption(call, options, "level") ?? 1;
  if (level !== 0 && level !== 1) throw optionError(call, "level", "must be in range 0-1");
}

function lightSleep(call: Call, { loop }: ModuleContext): number {
  const options = call.table(1);
  const uart = fieldOf(call, options, "uart");
  if (uart !== undefined && !isNumber(uart) && !(uart instanceof Table)) {
    throw optionError(call, "uart", "must be integer or table");
  }
  checkBoolean(call, options, "gpio");
  const time = timeOf(call, options);
  checkBoolean(call, options, "touch");
  checkBoolean(call, options, "ulp");
  if (time === undefined) {
    throw call.error("node.sleep: only time wakes a simulated board; give 'us' or 'secs'");
  }
  loop.pass(notNegative(call, time));
  return call.giveInteger(WAKEUP.TIMER);
}

/** Microseconds of the options `us` and `secs`; undefined when neither is there. */
function timeOf(call: Call, options: Table): number | undefined {
  const microseconds = integerOption(call, options, "us");
  const seconds = integerOption(call, options, "secs");
  if (microseconds === undefined && seconds === undefined) return undefined;
  return (microseconds ?? 0) + (seconds ?? 0) * SECOND;
}

function notNegative(call: Call, microseconds: number): number {
  if (microseconds >= 0) return microseconds;
  throw call.error("a simulated board does not sleep for less than no time");
}

// Options in a table

function fieldOf(call: Call, options: Table, name: LuaString): Value {
  return call.index(options, call.make(name));
}

function integerOption(call: Call, options: Table, name: LuaString): number | undefined {
  const value = fieldOf(call, options, name);
  if (value === undefined) return undefined;
  if (isNumber(value)) return Math.trunc(call.numbers.toDouble(value));
  throw optionError(call, name, `number expected, got ${call.typeName(value)}`);
}

function checkBoolean(call: Call, options: Table, name: LuaString): boolean {
  const value = fieldOf(call, options, name);
  if (value === undefined || typeof value === "boolean") return isTruthy(value);
  throw optionError(call, name, `boolean expected, got ${call.typeName(value)}`);
}

/** Worded as for an argument, with the option in its place. */
function optionError(call: Call, option: LuaString, detail: LuaString): LuaError {
  const message = call.state.engine.argumentMessage(call, 1, detail);
  return call.error(message.replace("argument #1", () => `option ${option}`));
}

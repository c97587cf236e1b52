/** The library `os` of Lua 5.3, as the reference's host build has it. Source: the manual, §6.9. */
import { type LuaString, untilNul } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import type { Functions } from "../library.ts";
import type { Table } from "../table.ts";
import { cText } from "./c-texts.ts";
import { type CalendarTime, toCalendar } from "./calendar.ts";
import {
  clockFunction,
  type DateRules,
  dateField,
  dateFunction,
  exit,
  getenvFunction,
  momentOf,
  removeFunction,
  renameFunction,
  type ShowDate,
  setDateFields,
  setlocale,
  systemStatus,
  tmpnameFunction,
} from "./os-common.ts";
import type { Clock, Processes, Surroundings } from "./surroundings.ts";
import { toInt } from "./words.ts";

/** A field of a date may not be further from 0. */
const MAX_FIELD = 2 ** 30 - 1;
const NOT_REPRESENTABLE = "time result cannot be represented in this installation";

/** Conversions of `os.date`, and the letters that may stand behind the modifiers E and O. */
const CONVERSIONS = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
const MODIFIED: Readonly<Record<string, string>> = { E: "cCxXyY", O: "deHImMSuUVwWy" };

export function os53(surroundings: Surroundings): Functions {
  const { clock } = surroundings;
  return {
    clock: clockFunction(surroundings),
    date: dateFunction(clock, DATES),
    difftime: (call) => call.giveDouble(timeArgument(call, 1) - timeArgument(call, 2)),
    execute: executeFunction(surroundings.processes),
    exit: (call) => exit(statusArgument(call)),
    getenv: getenvFunction(surroundings),
    remove: removeFunction(surroundings),
    rename: renameFunction(surroundings, false),
    setlocale,
    time: timeFunction(clock),
    tmpname: tmpnameFunction(surroundings),
  };
}

function timeArgument(call: Call, n: number): number {
  return call.integer(n);
}

function statusArgument(call: Call): number {
  const given = call.get(1);
  if (typeof given === "boolean") return given ? 0 : 1;
  return toInt(call.isNoneOrNil(1) ? 0 : call.exactInteger(1));
}

/** Gives true for success and nil else, and the status as the system's `wait` has it. */
function executeFunction(processes: Processes): Native {
  return (call) => {
    if (call.isNoneOrNil(1)) return call.give(processes.hasShell);
    const status = systemStatus(processes.run(cText(call, 1)));
    const success = status === 0 ? true : undefined;
    return call.giveThree(success, call.make("exit"), call.numbers.fromInteger(status));
  };
}

// Dates

const DATES: DateRules = {
  format: (call) => call.text(1, "%c"),
  seconds: (call) => timeArgument(call, 2),
  giveNone(call) {
    throw call.error(NOT_REPRESENTABLE);
  },
  show: formatItems,
};

function formatItems(call: Call, items: LuaString, show: ShowDate): LuaString {
  return items.replace(/%([EO]?)([\s\S]?)/g, (_, modifier: string, letter: string, at: number) => {
    const letters = modifier === "" ? CONVERSIONS : MODIFIED[modifier];
    if (letter !== "" && letters.includes(letter)) return show(letter) ?? "";
    throw call.argumentError(1, `invalid conversion specifier '${untilNul(items.slice(at))}'`);
  });
}

function timeFunction(clock: Clock): Native {
  return (call) => {
    if (call.isNoneOrNil(1)) return giveTime(call, clock.now());
    const table = call.table(1);
    const seconds = momentOf(call, table, clock, field);
    const normal: CalendarTime | undefined = toCalendar(seconds, clock.zoneAt(seconds));
    if (normal === undefined) throw call.error(NOT_REPRESENTABLE);
    setDateFields(call, table, normal);
    return giveTime(call, seconds);
  };
}

function giveTime(call: Call, seconds: number): number {
  const time = call.numbers.fromInteger(seconds);
  if (seconds === -1 || call.numbers.toDouble(time) !== seconds)
    throw call.error(NOT_REPRESENTABLE);
  return call.give(time);
}

function field(call: Call, table: Table, name: LuaString, whenMissing?: number): number {
  const value = dateField(call, table, name);
  const number = call.state.engine.toNumber(call.state, value);
  const integer = number === undefined ? undefined : call.numbers.toInteger(number);
  if (integer === undefined) {
    if (value !== undefined) throw call.error(`field '${name}' is not an integer`);
    if (whenMissing !== undefined) return whenMissing;
    throw call.error(`field '${name}' missing in date table`);
  }
  if (integer < -MAX_FIELD || integer > MAX_FIELD) {
    throw call.error(`field '${name}' is out-of-bound`);
  }
  return Number(integer);
}

/** The library `os` of Lua 5.1, as the reference's host build has it. Source: the manual, §5.8. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import type { Functions, Library } from "../library.ts";
import type { Table } from "../table.ts";
import { plainTable } from "./arguments.ts";
import { cText } from "./c-texts.ts";
import { toCalendar, UTC } from "./calendar.ts";
import { formatDate } from "./date-format.ts";
import {
  clockFunction,
  dateField,
  exit,
  getenvFunction,
  momentOf,
  removeFunction,
  renameFunction,
  setDateFields,
  setlocale,
  systemStatus,
  tmpnameFunction,
} from "./os-common.ts";
import type { Clock, Processes, Surroundings } from "./surroundings.ts";
import { intArgument, toInt } from "./words.ts";

export function os51(surroundings: Surroundings, integral: boolean): Library {
  const { clock } = surroundings;
  const difftime: Functions = integral ? {} : { difftime: differenceOfTimes };
  return {
    name: "os",
    functions: {
      clock: clockFunction(surroundings),
      date: dateFunction(clock),
      ...difftime,
      execute: executeFunction(surroundings.processes),
      exit: (call) => exit(intArgument(call, 1, 0)),
      getenv: getenvFunction(surroundings),
      remove: removeFunction(surroundings),
      rename: renameFunction(surroundings, true),
      setlocale,
      time: timeFunction(clock),
      tmpname: tmpnameFunction(surroundings),
    },
  };
}

function differenceOfTimes(call: Call): number {
  return call.giveDouble(Math.trunc(call.number(1)) - Math.trunc(call.number(2, 0)));
}

function executeFunction(processes: Processes): Native {
  return (call) => {
    if (call.isNoneOrNil(1)) return call.giveInteger(processes.hasShell ? 1 : 0);
    return call.giveInteger(systemStatus(processes.run(cText(call, 1))));
  };
}

function dateFunction(clock: Clock): Native {
  return (call) => {
    const format = cText(call, 1, "%c");
    const seconds = call.isNoneOrNil(2) ? clock.now() : Math.trunc(call.number(2));
    const isUtc = format.startsWith("!");
    const zone = isUtc ? UTC : clock.zoneAt(seconds);
    const time = toCalendar(seconds, zone);
    if (time === undefined) return call.give(undefined);
    const items = isUtc ? format.slice(1) : format;
    if (items === "*t") {
      const table = call.newTable(0, 9);
      setDateFields(call, table, time);
      return call.give(table);
    }
    return call.giveText(
      items.replace(/%([\s\S])/g, (item, letter: string) => {
        return formatDate(letter, time, zone, seconds) ?? item;
      }),
    );
  };
}

function timeFunction(clock: Clock): Native {
  return (call) => {
    if (call.isNoneOrNil(1)) return call.giveDouble(clock.now());
    const table = plainTable(call, 1);
    const seconds = momentOf(call, table, clock, field);
    return seconds === -1 ? call.give(undefined) : call.giveDouble(seconds);
  };
}

function field(call: Call, table: Table, name: LuaString, whenMissing?: number): number {
  const value = call.state.engine.toNumber(call.state, dateField(call, table, name));
  if (value !== undefined) return toInt(call.numbers.toInteger(value) ?? 0);
  if (whenMissing !== undefined) return whenMissing;
  throw call.error(`field '${name}' missing in date table`);
}

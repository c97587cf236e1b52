/** The library `os` of Lua 5.1, as the reference's host build has it. Source: the manual, §5.8. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import type { Functions, Library } from "../library.ts";
import type { Table } from "../table.ts";
import { plainTable } from "./arguments.ts";
import { cText } from "./c-texts.ts";
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
      date: dateFunction(clock, DATES),
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

const DATES: DateRules = {
  format: (call) => cText(call, 1, "%c"),
  seconds: (call) => Math.trunc(call.number(2)),
  giveNone: (call) => call.give(undefined),
  show: (_, items, show) =>
    items.replace(/%([\s\S])/g, (item, letter: string) => show(letter) ?? item),
};

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

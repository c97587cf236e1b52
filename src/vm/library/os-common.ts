/** What the libraries `os` of both versions share. Source: the manuals' §5.8 and §6.9; observed. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { Stop } from "../errors.ts";
import type { Table } from "../table.ts";
import { isTruthy, type Value } from "../values.ts";
import { cText } from "./c-texts.ts";
import { type CalendarTime, fromCalendar, toCalendar, UTC } from "./calendar.ts";
import { formatDate } from "./date-format.ts";
import { giveDone } from "./refusals.ts";
import { type Clock, type ProcessEnd, type Surroundings, SystemRefusal } from "./surroundings.ts";

/** Processor time; whole seconds where numbers are integers. */
export function clockFunction({ clock }: Surroundings): Native {
  return (call) => call.giveDouble(clock.used());
}

export function getenvFunction(surroundings: Surroundings): Native {
  return (call) => {
    const value = surroundings.environment(cText(call, 1));
    return call.give(value === undefined ? undefined : call.make(value));
  };
}

export function removeFunction({ files }: Surroundings): Native {
  return (call) => {
    const path = cText(call, 1);
    return giveDone(call, () => files.remove(path), path);
  };
}

/** @param namesFile whether a refusal says which file it is about */
export function renameFunction({ files }: Surroundings, namesFile: boolean): Native {
  return (call) => {
    const from = cText(call, 1);
    const to = cText(call, 2);
    return giveDone(call, () => files.rename(from, to), namesFile ? from : undefined);
  };
}

export function tmpnameFunction({ files }: Surroundings): Native {
  return (call) => {
    try {
      return call.giveText(files.temporaryName());
    } catch (error) {
      if (!(error instanceof SystemRefusal)) throw error;
      throw call.error("unable to generate a unique filename");
    }
  };
}

const CATEGORIES = ["all", "collate", "ctype", "monetary", "numeric", "time"];
const ONLY_LOCALE = "C";
const ITS_NAMES = ["", "C", "POSIX"];

/** There is one locale. */
export function setlocale(call: Call): number {
  const wanted = call.isNoneOrNil(1) ? ONLY_LOCALE : cText(call, 1);
  call.option(2, CATEGORIES, "all");
  return call.give(ITS_NAMES.includes(wanted) ? call.make(ONLY_LOCALE) : undefined);
}

/** How a process ended, as the system's `wait` has it: an exit status in the second byte. */
export function systemStatus({ kind, status }: ProcessEnd): number {
  return kind === "exit" ? (status & 0xff) << 8 : status;
}

/** Ends the run; of a status the system keeps eight bits. */
export function exit(status: number): never {
  throw new Stop("exit", "", status & 0xff);
}

/** The text of a conversion's letter; undefined when there is no such conversion. */
export type ShowDate = (letter: string) => LuaString | undefined;

/** What the versions of `os.date` do in their own way. */
export interface DateRules {
  format(call: Call): LuaString;
  /** The moment that the second argument names. */
  seconds(call: Call): number;
  /** For a moment that no calendar has. */
  giveNone(call: Call): number;
  /** A format with its conversions replaced. */
  show(call: Call, items: LuaString, show: ShowDate): LuaString;
}

/** `os.date`. */
export function dateFunction(clock: Clock, rules: DateRules): Native {
  return (call) => {
    const format = rules.format(call);
    const seconds = call.isNoneOrNil(2) ? clock.now() : rules.seconds(call);
    const isUtc = format.startsWith("!");
    const zone = isUtc ? UTC : clock.zoneAt(seconds);
    const time = toCalendar(seconds, zone);
    if (time === undefined) return rules.giveNone(call);
    const items = isUtc ? format.slice(1) : format;
    if (items !== "*t") {
      const show: ShowDate = (letter) => formatDate(letter, time, zone, seconds);
      return call.giveText(rules.show(call, items, show));
    }
    const table = call.newTable(0, 9);
    setDateFields(call, table, time);
    return call.give(table);
  };
}

/** The fields of a moment, in the order of the reference. */
export function setDateFields(call: Call, table: Value, time: CalendarTime): void {
  const fields: Readonly<Record<string, number>> = {
    sec: time.second,
    min: time.minute,
    hour: time.hour,
    day: time.day,
    month: time.month + 1,
    year: time.year,
    wday: time.weekDay + 1,
    yday: time.yearDay + 1,
  };
  for (const name of Object.keys(fields)) {
    call.setIndex(table, call.make(name), call.numbers.fromInteger(fields[name]));
  }
  call.setIndex(table, call.make("isdst"), time.isSummer);
}

/** Reads a field of a date, or takes what stands in for it. @throws LuaError when neither is there */
export type FieldReader = (
  call: Call,
  table: Table,
  name: LuaString,
  whenMissing?: number,
) => number;

/** The moment that a table tells, in seconds since 1970. */
export function momentOf(call: Call, table: Table, clock: Clock, read: FieldReader): number {
  const fields = {
    second: read(call, table, "sec", 0),
    minute: read(call, table, "min", 0),
    hour: read(call, table, "hour", 12),
    day: read(call, table, "day"),
    month: read(call, table, "month") - 1,
    year: read(call, table, "year"),
  };
  const summer = dateField(call, table, "isdst");
  const isSummer = summer === undefined ? undefined : isTruthy(summer);
  return fromCalendar({ ...fields, isSummer }, clock);
}

export function dateField(call: Call, table: Table, name: LuaString): Value {
  return call.index(table, call.make(name));
}

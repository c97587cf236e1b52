/** C's `strftime` in the "C" locale, one conversion at a time. Source: ISO C99 §7.23.3.5, and glibc. */
import type { LuaString } from "../../base/lua-string.ts";
import type { CalendarTime } from "./calendar.ts";
import type { Zone } from "./surroundings.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const ABBREVIATED = 3;

function pad(value: number, width = 2, fill = "0"): LuaString {
  const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, fill);
  return value < 0 ? `-${digits}` : digits;
}

function halfDayHour(hour: number): number {
  return hour % 12 || 12;
}

/** The remainder that is not negative. */
function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Year and number of the week by ISO 8601: that of its Thursday. */
function isoWeek({ year, yearDay, weekDay }: CalendarTime): { year: number; week: number } {
  const thursday = yearDay - modulo(weekDay - 1, 7) + 3;
  if (thursday < 0) {
    const before = daysIn(year - 1);
    return { year: year - 1, week: Math.floor((thursday + before) / 7) + 1 };
  }
  if (thursday >= daysIn(year)) return { year: year + 1, week: 1 };
  return { year, week: Math.floor(thursday / 7) + 1 };
}

function daysIn(year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return isLeap ? 366 : 365;
}

function offsetText(ahead: number): LuaString {
  const minutes = Math.floor(Math.abs(ahead) / 60);
  return `${ahead < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
}

/**
 * What a conversion stands for.
 *
 * @param seconds since 1970 of the same moment
 * @returns undefined when there is no such conversion
 */
export function formatDate(
  letter: string,
  time: CalendarTime,
  zone: Zone,
  seconds: number,
): LuaString | undefined {
  const several = (letters: LuaString) =>
    letters.replace(/[A-Za-z]/g, (each) => formatDate(each, time, zone, seconds) ?? "");
  const { year, month, day, hour, minute, second, weekDay, yearDay } = time;
  switch (letter) {
    case "a":
      return DAYS[weekDay].slice(0, ABBREVIATED);
    case "A":
      return DAYS[weekDay];
    case "b":
    case "h":
      return MONTHS[month].slice(0, ABBREVIATED);
    case "B":
      return MONTHS[month];
    case "c":
      return several("a b e H:M:S Y");
    case "C":
      return pad(Math.floor(year / 100));
    case "d":
      return pad(day);
    case "D":
    case "x":
      return several("m/d/y");
    case "e":
      return pad(day, 2, " ");
    case "F":
      return several("Y-m-d");
    case "g":
      return pad(modulo(isoWeek(time).year, 100));
    case "G":
      return String(isoWeek(time).year);
    case "H":
      return pad(hour);
    case "I":
      return pad(halfDayHour(hour));
    case "j":
      return pad(yearDay + 1, 3);
    case "k":
      return pad(hour, 2, " ");
    case "l":
      return pad(halfDayHour(hour), 2, " ");
    case "m":
      return pad(month + 1);
    case "M":
      return pad(minute);
    case "n":
      return "\n";
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "P":
      return hour < 12 ? "am" : "pm";
    case "r":
      return several("I:M:S p");
    case "R":
      return several("H:M");
    case "s":
      return String(seconds);
    case "S":
      return pad(second);
    case "t":
      return "\t";
    case "T":
    case "X":
      return several("H:M:S");
    case "u":
      return String(weekDay || 7);
    case "U":
      return pad(Math.floor((yearDay + 7 - weekDay) / 7));
    case "V":
      return pad(isoWeek(time).week);
    case "w":
      return String(weekDay);
    case "W":
      return pad(Math.floor((yearDay + 7 - modulo(weekDay - 1, 7)) / 7));
    case "y":
      return pad(modulo(year, 100));
    case "Y":
      return String(year);
    case "z":
      return offsetText(zone.ahead);
    case "Z":
      return zone.name;
    case "%":
      return "%";
    default:
      return undefined;
  }
}

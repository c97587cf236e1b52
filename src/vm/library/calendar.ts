/** Seconds since 1970 and the calendar, for any year that seconds of doubles reach. */
import type { Clock, Zone } from "./surroundings.ts";

/** A moment by the calendar. */
export interface CalendarTime {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  /** 1–31. */
  readonly day: number;
  /** 0–11. */
  readonly month: number;
  readonly year: number;
  /** 0 is Sunday. */
  readonly weekDay: number;
  /** 0–365. */
  readonly yearDay: number;
  readonly isSummer: boolean;
}

/** What of a moment a program gives; every field may be out of its range. */
export interface CalendarFields {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
  /** Undefined when the zone is to know it. */
  readonly isSummer: boolean | undefined;
}

export const UTC: Zone = { ahead: 0, name: "GMT", isSummer: false };

const DAY = 86_400;
const HOUR = 3600;
/** Days from 1 March 0000 to 1 January 1970. */
const EPOCH = 719_468;
/** Days of 400, 100 and 4 years, each beginning in March, and of a plain year. */
const QUADRICENTURY = 146_097;
const CENTURY = 36_524;
const FOUR_YEARS = 1461;
const YEAR = 365;
/** C keeps years since 1900 in 32 bits. */
const MAX_YEAR = 2 ** 31 + 1899;

/** The remainder that is not negative. */
function modulo(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}

/** The moment in a zone, or undefined when its year is too far away. */
export function toCalendar(seconds: number, zone: Zone): CalendarTime | undefined {
  const local = seconds + zone.ahead;
  const days = Math.floor(local / DAY);
  const { year, month, day } = dateOf(days);
  if (!(Math.abs(year - 1900) < MAX_YEAR - 1900)) return undefined;
  const time = modulo(local, DAY);
  return {
    second: time % 60,
    minute: Math.floor(time / 60) % 60,
    hour: Math.floor(time / HOUR),
    day,
    month,
    year,
    weekDay: modulo(days + 4, 7),
    yearDay: days - daysTo(year, 0),
    isSummer: zone.isSummer,
  };
}

/** The date of a day since 1970. Years are counted from March, so that leap days come last. */
function dateOf(days: number): { year: number; month: number; day: number } {
  const sinceEpoch = days + EPOCH;
  const era = Math.floor(sinceEpoch / QUADRICENTURY);
  const dayOfEra = sinceEpoch - era * QUADRICENTURY;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / (FOUR_YEARS - 1)) +
      Math.floor(dayOfEra / CENTURY) -
      Math.floor(dayOfEra / (QUADRICENTURY - 1))) /
      YEAR,
  );
  const dayOfYear =
    dayOfEra - (YEAR * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = (monthFromMarch + 2) % 12;
  return { year: era * 400 + yearOfEra + (month < 2 ? 1 : 0), month, day };
}

/** Days from 1970 to the first of a month, which may be out of range. */
function daysTo(year: number, month: number): number {
  const fromMarch = modulo(month - 2, 12);
  const yearFromMarch = year + Math.floor((month - 2) / 12);
  const era = Math.floor(yearFromMarch / 400);
  const yearOfEra = yearFromMarch - era * 400;
  const dayOfYear = Math.floor((153 * fromMarch + 2) / 5);
  const dayOfEra =
    yearOfEra * YEAR + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * QUADRICENTURY + dayOfEra - EPOCH;
}

/** The seconds since 1970 of a local time, as C's `mktime` finds them. */
export function fromCalendar(fields: CalendarFields, clock: Clock): number {
  const days = daysTo(fields.year, fields.month) + fields.day - 1;
  const local = days * DAY + fields.hour * HOUR + fields.minute * 60 + fields.second;
  let seconds = local - clock.zoneAt(local).ahead;
  seconds = local - clock.zoneAt(seconds).ahead;
  const { isSummer } = clock.zoneAt(seconds);
  if (fields.isSummer === undefined || fields.isSummer === isSummer) return seconds;
  return seconds + (isSummer ? HOUR : -HOUR);
}

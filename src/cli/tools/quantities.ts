/** Sizes, addresses and times on the command line and on pages. */
import { WrongUse } from "./tool.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1024],
  ["m", 1024 * 1024],
]);
const SIZE = /^(0x[0-9a-f]+|\d+)(?:([km])i?b?)?$/i;
const ADDRESS = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i;
const LARGEST_ADDRESS = 0xffffffff;

/**
 * Bytes: `65536`, `0x10000`, `64K`, `64KiB`, `1M`; a K is 1024.
 *
 * @throws WrongUse that names the option
 */
export function parseSize(option: string, text: string): number {
  const [, digits, unit = ""] = SIZE.exec(text) ?? [];
  const size = Number(digits) * (UNITS.get(unit.toLowerCase()) ?? 1);
  if (Number.isSafeInteger(size)) return size;
  throw new WrongUse(`'${option} ${text}' is no size; write it like 65536, 0x10000 or 64K`);
}

/** 32 bits, unsigned. @throws WrongUse that names the option */
export function parseAddress(option: string, text: string): number {
  const address = ADDRESS.test(text) ? Number(text) : Number.NaN;
  if (address <= LARGEST_ADDRESS) return address;
  throw new WrongUse(`'${option} ${text}' is no address; write it like 0x40210000`);
}

/** `12,345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 byte`, `12,345 bytes`. */
export function bytes(count: number): string {
  return counted(count, "byte");
}

export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** `+12,345`, `-3`, `0`. */
export function signed(change: number): string {
  if (change === 0) return "0";
  return `${change < 0 ? "-" : "+"}${grouped(Math.abs(change))}`;
}

/** With one decimal place. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : ((100 * part) / whole).toFixed(1);
}

export function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}

const LAST_TIME = 253_402_300_799;

/** A time of day in UTC; undefined for what no calendar has. @param seconds since 1970 */
export function dateTime(seconds: number): string | undefined {
  if (!(seconds >= 0 && seconds <= LAST_TIME)) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

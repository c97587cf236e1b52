/**
 * Debug information taken out of functions that may already be running, as `node.stripdebug` does.
 * It is the one thing that changes a prototype after it was made. Source: the NodeMCU manual,
 * "node.stripdebug"; the firmwares' counting, observed.
 */
import type { Proto } from "./proto.ts";

/** How much debug information goes. */
export enum StripLevel {
  /** None. */
  Keep = 1,
  /** Names of local variables and upvalues. */
  Names = 2,
  /** Names and line numbers. */
  All = 3,
}

/** What a firmware counts for each piece that goes, in bytes. */
export interface StripCount {
  readonly local: number;
  readonly upvalue: number;
}

type Changeable = { -readonly [Field in keyof Proto]: Proto[Field] };

/** Takes the information out of a function and all within it. Returns the bytes that a firmware counts. */
export function stripDebug(proto: Proto, level: StripLevel, count: StripCount): number {
  let bytes = 0;
  for (const nested of proto.protos) bytes += stripDebug(nested, level, count);
  if (level === StripLevel.Keep) return bytes;
  const changeable: Changeable = proto;
  bytes += proto.locals.length * count.local + proto.upvalueNames.length * count.upvalue;
  changeable.locals = [];
  changeable.upvalueNames = [];
  if (level === StripLevel.Names) return bytes;
  bytes += proto.lineInfo.length;
  changeable.lineInfo = new Uint8Array(0);
  return bytes;
}

/** The strings of a Lua 5.3 image: which ones, in which order, under which numbers. Source: lua53.md §4.1, §4.2. */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { FIXED_STRINGS } from "./fixed-strings53.ts";

const FIXED: ReadonlySet<LuaString> = new Set(FIXED_STRINGS);

export function isFixed(text: LuaString): boolean {
  return FIXED.has(text);
}

/**
 * The strings of an image without those that each one has, in the order in which they are first met:
 * source, constants and names of a function, then those of the functions within. For the main
 * function that makes the wrapper's source and the names of the modules come first.
 *
 * Names are there also if they are not to be written, as in the reference.
 */
export function newStrings53(main: Proto): LuaString[] {
  const found = new Set<LuaString>();
  const add = (text: LuaString | null) => {
    if (text !== null && !FIXED.has(text)) found.add(text);
  };
  const addProto = (proto: Proto) => {
    add(proto.source);
    for (const constant of proto.constants) if (typeof constant === "string") add(constant);
    for (const name of proto.upvalueNames) add(name);
    for (const { name } of proto.locals) add(name);
    for (const nested of proto.protos) addProto(nested);
  };
  addProto(main);
  return [...found];
}

/** The numbers by which functions refer to strings: from 1, the fixed ones last. */
export function stringNumbers(newStrings: readonly LuaString[]): Map<LuaString, number> {
  const numbers = new Map<LuaString, number>();
  for (const text of newStrings) numbers.set(text, numbers.size + 1);
  for (const text of FIXED_STRINGS) numbers.set(text, numbers.size + 1);
  return numbers;
}

/**
 * The hash of a string; all 32 bits, signed.
 *
 * @param seed of the image; 32 bits
 */
export function hashString53(text: LuaString, seed: number): number {
  const { length } = text;
  const step = (length >> 5) + 1;
  let hash = seed ^ length;
  for (let at = length; at >= step; at -= step) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(at - 1);
  }
  return hash;
}

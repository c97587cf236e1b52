/**
 * What a loaded module keeps of the device's memory until it is thrown away: its prototypes with
 * their vectors, which loading leaves no longer than needed, its strings, and the closure of its
 * main function.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { MemoryFacts } from "../target/memory-facts.ts";
import { closureSize, codeSize, type ObjectSizes } from "../target/object-sizes.ts";
import { StringHeap } from "./string-heap.ts";

/** What stands for the source of a `.lc` file without one. */
const NO_SOURCE: LuaString = "=?";

/** The strings that the prototype and all nested in it hold, in no particular order. */
function stringsOf(proto: Proto): LuaString[] {
  const own = proto.constants.filter((constant) => typeof constant === "string");
  const names = [...proto.locals.map(({ name }) => name), ...proto.upvalueNames];
  return [
    ...own,
    ...names.filter((name) => name !== null),
    ...proto.protos.flatMap((nested) => stringsOf(nested)),
  ];
}

/** Bytes of a closure of the main function; all that a module in flash costs. */
export function mainClosureBytes(sizes: ObjectSizes, main: Proto): number {
  return closureSize(sizes, main.upvalueCount) + main.upvalueCount * sizes.upvalue;
}

/** The strings that loading a file makes to put its name with its mark together. */
export function stringsOfLoading(chunkName: LuaString): LuaString[] {
  return [chunkName.slice(0, 1), chunkName.slice(1), "", chunkName];
}

/**
 * Bytes that stay of a module compiled on the device.
 *
 * @param made every string that there was while it was compiled
 */
export function residentFromSource(
  facts: MemoryFacts,
  main: Proto,
  made: Iterable<LuaString>,
): number {
  const kept = new Set([main.source, ...stringsOf(main)]);
  return residentBytes(facts, main, made, kept);
}

/** Bytes that stay of a module loaded from a `.lc` file of that name. */
export function residentFromChunk(facts: MemoryFacts, main: Proto, chunkName: LuaString): number {
  const { madeByLoader } = facts;
  const kept = [main.source, ...stringsOf(main)];
  const made = [...stringsOfLoading(chunkName), ...kept];
  if (madeByLoader !== undefined) made.push(madeByLoader);
  return residentBytes(facts, main, made, kept);
}

/**
 * @param made every string that there was at some time
 * @param kept those that stay
 */
function residentBytes(
  facts: MemoryFacts,
  main: Proto,
  made: Iterable<LuaString>,
  kept: Iterable<LuaString>,
): number {
  const heap = new StringHeap(facts);
  for (const text of made) heap.add(text);
  const objects = codeSize(facts.objects, main) + mainClosureBytes(facts.objects, main);
  return objects + heap.bytesAfterCollections(kept);
}

/** The module as it is when its `.lc` file was written without debug information. */
export function strippedProto(facts: MemoryFacts, proto: Proto): Proto {
  const places = facts.stripKeepsPlaces ? {} : { source: NO_SOURCE, lineInfo: NO_BYTES };
  return {
    ...proto,
    ...places,
    locals: [],
    upvalueNames: [],
    protos: proto.protos.map((nested) => strippedProto(facts, nested)),
  };
}

const NO_BYTES = new Uint8Array(0);

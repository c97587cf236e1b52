/** What the libraries `debug` of both versions share. Source: the manuals' §5.9 and §6.10; observed. */
import type { Call } from "../call.ts";
import { stringsInMemory } from "./strings-in-memory.ts";

export function getregistry(call: Call): number {
  return call.give(call.state.registry);
}

/** The strings that are in memory, sorted; without an image in flash there are none there. */
export function getstrings(call: Call): number {
  if (!call.state.target.libraries.listsFlashStrings) return call.give(stringsInMemory(call));
  const place = call.option(1, ["RAM", "ROM"], "RAM");
  return call.give(place === 0 ? stringsInMemory(call) : undefined);
}

/**
 * What a power cut leaves while Lua 5.3 firmware loads an image, from the restarted device's first
 * erase on. Source: lua53.md §9.1.
 */
import { type BootResult53, inspectRegion53, type LfsDevice53 } from "./boot53.ts";
import { type LoadResult53, type NamedFile, reload53 } from "./loader53.ts";
import { type PowerCuts, tryCuts } from "./power-cuts.ts";

/**
 * Tries every possible cut of one load. The device itself stays as it is.
 *
 * @param file undefined when there is none of that name
 */
export function powerCuts53(
  device: LfsDevice53,
  file: NamedFile | undefined,
): PowerCuts<LoadResult53, BootResult53> {
  return tryCuts(device, {
    reload: (copy) => reload53(copy, file),
    boot: inspectRegion53,
    sameBoot: (a, b) => a.state === b.state,
  });
}

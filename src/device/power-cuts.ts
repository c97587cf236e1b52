/**
 * What a power cut during a load leaves: the load is run once, and every erase and every word that
 * it programmed is then repeated one by one, with a look at what a boot would find in between.
 * Source: lfs51.md §9.4.
 */
import { type BootResult, boot } from "./boot51.ts";
import type { LfsDevice } from "./device.ts";
import type { FlashOperation, NorFlash } from "./flash.ts";
import type { ImageFile } from "./load-report.ts";
import { type LoadResult, reload } from "./loader51.ts";

/** Cuts after which the next boot finds the same. */
export interface CutRange {
  /** Fewest and most flash operations that were done when the power failed. */
  readonly first: number;
  readonly last: number;
  /** The first and the last of them; undefined when none was done. */
  readonly from: FlashOperation | undefined;
  readonly to: FlashOperation | undefined;
  /**
   * What the region holds: what it held before the load, all of the new image, or neither. After a
   * load that ends by erasing the region nothing is ever "new".
   */
  readonly holds: "old" | "new" | "neither";
  readonly boot: BootResult;
}

export interface PowerCuts {
  /** The load with nothing going wrong on the way. */
  readonly load: LoadResult;
  /** Erases and programmed words of that load; there can be a cut after each, and one before all. */
  readonly operations: number;
  /** Every cut from 0 to `operations`, in order, without gaps. */
  readonly ranges: readonly CutRange[];
}

/**
 * Tries every possible cut of one load. The device itself stays as it is.
 *
 * @param file undefined when there is none of that name
 */
export function powerCuts(device: LfsDevice, file: ImageFile | undefined): PowerCuts {
  const operations: FlashOperation[] = [];
  const loading = withFlash(device, device.flash.clone());
  loading.flash.listen((operation) => operations.push(operation));
  const load = reload(loading, file);
  return { load, operations: operations.length, ranges: cutRanges(device, operations, load) };
}

function cutRanges(
  device: LfsDevice,
  operations: readonly FlashOperation[],
  load: LoadResult,
): CutRange[] {
  const cut = withFlash(device, device.flash.clone());
  const ranges: CutRange[] = [];
  for (let done = 0; done <= operations.length; done++) {
    const operation = operations[done - 1];
    if (operation) cut.flash.repeat(operation);
    const found = boot(cut);
    const complete = done === operations.length && load.lfs === "written";
    const holds = done === 0 ? "old" : complete ? "new" : "neither";
    const before = ranges.at(-1);
    if (before && before.holds === holds && sameBoot(before.boot, found)) {
      ranges[ranges.length - 1] = { ...before, last: done, to: operation };
    } else {
      ranges.push({ first: done, last: done, from: operation, to: operation, holds, boot: found });
    }
  }
  return ranges;
}

function withFlash(device: LfsDevice, flash: NorFlash): LfsDevice {
  return { ...device, flash };
}

function sameBoot(a: BootResult, b: BootResult): boolean {
  if (a.state === "loaded" && b.state === "loaded") {
    return a.header.signature === b.header.signature && a.header.main === b.header.main;
  }
  return a.state === b.state && messageOf(a) === messageOf(b);
}

function messageOf(result: BootResult): string | undefined {
  return "message" in result ? result.message : undefined;
}

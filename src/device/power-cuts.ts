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
export interface CutRange<Boot = BootResult> {
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
  readonly boot: Boot;
}

export interface PowerCuts<Load = LoadResult, Boot = BootResult> {
  /** The load with nothing going wrong on the way. */
  readonly load: Load;
  /** Erases and programmed words of that load; there can be a cut after each, and one before all. */
  readonly operations: number;
  /** Every cut from 0 to `operations`, in order, without gaps. */
  readonly ranges: readonly CutRange<Boot>[];
}

/** One version's firmware, as far as cuts have to do with it. */
export interface CutFirmware<Device, Load, Boot> {
  reload(device: Device): Load;
  /** What a start would find; it changes nothing. */
  boot(device: Device): Boot;
  sameBoot(a: Boot, b: Boot): boolean;
}

type WithFlash = { readonly flash: NorFlash };
type WithState = { readonly lfs: LoadResult["lfs"] };

/**
 * Tries every possible cut of one load. The device itself stays as it is.
 *
 * @param file undefined when there is none of that name
 */
export function powerCuts(device: LfsDevice, file: ImageFile | undefined): PowerCuts {
  return tryCuts(device, { reload: (copy) => reload(copy, file), boot, sameBoot });
}

/** Tries every cut with the firmware of some Lua version. The device itself stays as it is. */
export function tryCuts<Device extends WithFlash, Load extends WithState, Boot>(
  device: Device,
  firmware: CutFirmware<Device, Load, Boot>,
): PowerCuts<Load, Boot> {
  const operations: FlashOperation[] = [];
  const loading = withFlash(device, device.flash.clone());
  loading.flash.listen((operation) => operations.push(operation));
  const load = firmware.reload(loading);
  return {
    load,
    operations: operations.length,
    ranges: cutRanges(device, firmware, operations, load.lfs === "written"),
  };
}

function cutRanges<Device extends WithFlash, Load, Boot>(
  device: Device,
  firmware: CutFirmware<Device, Load, Boot>,
  operations: readonly FlashOperation[],
  isWritten: boolean,
): CutRange<Boot>[] {
  const cut = withFlash(device, device.flash.clone());
  const ranges: CutRange<Boot>[] = [];
  for (let done = 0; done <= operations.length; done++) {
    const operation = operations[done - 1];
    if (operation) cut.flash.repeat(operation);
    const found = firmware.boot(cut);
    const complete = done === operations.length && isWritten;
    const holds = done === 0 ? "old" : complete ? "new" : "neither";
    const before = ranges.at(-1);
    if (before && before.holds === holds && firmware.sameBoot(before.boot, found)) {
      ranges[ranges.length - 1] = { ...before, last: done, to: operation };
    } else {
      ranges.push({ first: done, last: done, from: operation, to: operation, holds, boot: found });
    }
  }
  return ranges;
}

function withFlash<Device extends WithFlash>(device: Device, flash: NorFlash): Device {
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

/** Checks of images that devices do not make, the same for every format. */
import { LuacrossError } from "../base/errors.ts";
import type { FlashImage } from "../image/flash-image.ts";
import type { LfsRegion } from "./device.ts";
import type { Check } from "./verification.ts";

export function checked(name: string, title: string, holds: boolean, detail: string): Check {
  return { name, title, outcome: holds ? "passed" : "failed", detail };
}

export function isPassed({ outcome }: Check): boolean {
  return outcome === "passed";
}

export interface Content<Image extends FlashImage> {
  readonly content: Check;
  /** Undefined when it cannot be read. */
  readonly image: Image | undefined;
}

/** Whether a file can be read. */
export function readContent<Image extends FlashImage>(
  file: Uint8Array,
  read: (file: Uint8Array) => Image,
): Content<Image> {
  const title = "strings, functions and code are whole";
  try {
    const image = read(file);
    const detail = `${image.strings.length} strings, ${image.modules.length} modules`;
    return { image, content: checked("content", title, true, detail) };
  } catch (error) {
    if (!(error instanceof LuacrossError)) throw error;
    return { image: undefined, content: checked("content", title, false, error.message) };
  }
}

/** What stands in no header, so that a device trips over it while it runs. */
export function placeChecks({ base, header }: FlashImage, region: LfsRegion): Check[] {
  const size = `${header.size} bytes into ${region.size}`;
  const place = `made for ${hex(base)}, the region is at ${hex(region.mapped)}`;
  return [
    checked("fit", "the image fits into the region", header.size <= region.size, size),
    checked("base", "its addresses are those of the region", base === region.mapped, place),
  ];
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, "0")}`;
}

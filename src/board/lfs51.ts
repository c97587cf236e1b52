/** The flash store of boards with Lua 5.1 firmware. Source: lfs51.md §9. */
import { LuacrossError } from "../base/errors.ts";
import { boot } from "../device/boot51.ts";
import { type LfsDevice, lfsFirmware } from "../device/device.ts";
import { reload } from "../device/loader51.ts";
import { readImage51 } from "../image/read51.ts";
import type { LfsBoard, LfsBoot, LfsDriver, LfsReload, LoadedImage } from "./lfs-driver.ts";

export const LFS_51: LfsDriver = { boot: bootBoard, reload: reloadBoard };

function deviceOf({ target, flash, region, freeHeap }: LfsBoard): LfsDevice {
  return { firmware: lfsFirmware(target), flash, region, freeHeap };
}

function bootBoard(board: LfsBoard): LfsBoot {
  const found = boot(deviceOf(board));
  const message = "message" in found ? found.message : undefined;
  return { message, image: found.state === "loaded" ? imageOf(board) : undefined };
}

/** The functions as they lie in flash; firmware believes them, we look. @throws LuacrossError */
function imageOf({ flash, region }: LfsBoard): LoadedImage | undefined {
  if (region === undefined) return undefined;
  const image = readImage51(flash.read(region.offset, region.size));
  const { main, modules, time, header } = image;
  const strings = image.strings.map(({ text }) => text);
  return { main, modules, time, strings, size: header.size };
}

function reloadBoard(board: LfsBoard, name: string, file: Uint8Array | undefined): LfsReload {
  const { end, message, hazards } = reload(deviceOf(board), file && { bytes: file });
  if (end !== "stuck") return { end, message };
  throw new LuacrossError("image-refused", stuckMessage(name, hazards));
}

/** What people are told of a board that hangs while it loads an image. */
export function stuckMessage(name: string, hazards: readonly string[]): string {
  const [reason = "its loader does not come to an end"] = hazards;
  return `the board hangs while it loads '${name}': ${reason}`;
}

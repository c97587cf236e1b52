/** The flash store of boards with Lua 5.3 firmware. Source: lua53.md §9.1. */
import { LuacrossError } from "../base/errors.ts";
import { boot53, type LfsDevice53 } from "../device/boot53.ts";
import { reload53 } from "../device/loader53.ts";
import { STORED_FIXED_STRINGS } from "../image/fixed-strings53.ts";
import { HeaderWord53, WORD_SIZE } from "../image/layout53.ts";
import { readAbsolute53 } from "../image/read-absolute53.ts";
import { readModules, readTime } from "../image/read53.ts";
import type { LfsBoard, LfsBoot, LfsDriver, LfsReload, LoadedImage } from "./lfs-driver.ts";
import { stuckMessage } from "./lfs51.ts";

export const LFS_53: LfsDriver = { boot: bootBoard, reload: reloadBoard };

function deviceOf({ target, flash, region, freeHeap }: LfsBoard): LfsDevice53 {
  return { target, flash, region, freeHeap };
}

function bootBoard(board: LfsBoard): LfsBoot {
  const found = boot53(deviceOf(board));
  if (found.state === "broken") {
    throw new LuacrossError("image-refused", "the board crashes: its flash holds a damaged image");
  }
  const message = "message" in found ? found.message : undefined;
  return { message, image: found.state === "loaded" ? imageOf(board) : undefined };
}

/** The functions as they lie in flash; firmware believes them, we look. @throws LuacrossError */
function imageOf({ flash, region, target }: LfsBoard): LoadedImage | undefined {
  if (region === undefined) return undefined;
  const size = flash.word(region.offset + HeaderWord53.Size * WORD_SIZE);
  const { image } = readAbsolute53(flash.read(region.offset, size), target);
  const { main } = image;
  const strings = [...image.strings, ...STORED_FIXED_STRINGS];
  return { main, modules: readModules(main), time: readTime(image), strings, size };
}

/** A load that fails behind the restart leaves a board without a program; the message tells. */
function reloadBoard(board: LfsBoard, name: string, bytes: Uint8Array | undefined): LfsReload {
  const { end, message, hazards } = reload53(deviceOf(board), bytes && { name, bytes });
  if (end !== "stuck") return { end, message };
  throw new LuacrossError("image-refused", stuckMessage(name, hazards));
}

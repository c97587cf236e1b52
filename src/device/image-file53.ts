/** Builds the file of a Lua 5.3 image, from its main function to the proof that it loads. */
import { LuacrossError } from "../base/errors.ts";
import type { Proto } from "../bytecode/proto.ts";
import { absoluteImage53, buildImage53, derivedSeed53, flashSize53 } from "../image/build53.ts";
import { compactImage53, type Image53 } from "../image/compact53.ts";
import { checkPlace } from "../image/errors.ts";
import { boot53, type LfsDevice53 } from "./boot53.ts";
import { NorFlash, SECTOR_SIZE } from "./flash.ts";
import type { BuiltImage, ImageOptions } from "./image-file.ts";
import { reload53 } from "./loader53.ts";

/** Where the older chip could have its region first; of no importance for a compact image. */
const USUAL_ADDRESS = 0x40210000;

/**
 * @param main a lookup combination
 * @throws ImageSizeError when it is too large
 * @throws LuacrossError `limit` when it would reach beyond the last address
 * @throws EncodeError when a prototype made by hand holds what does not fit its place
 * @throws LuacrossError `image-refused`, with the device's words, when the device does not take it
 */
export function imageFile53(main: Proto, options: ImageOptions): BuiltImage {
  const { target, address, limit, exact } = options;
  const strip = options.strip !== "nothing";
  const bare = options.strip === "all" ? withoutLines(main) : main;
  const seed = options.seed ?? derivedSeed53(bare, { target, strip });
  const image = buildImage53(bare, { target, strip, limit, seed });
  const size = flashSize53(image);
  checkPlace(address, size);
  const proved = prove(image, address);
  if (!proved.loads && !exact) {
    const words = proved.refusal ?? "it does not start";
    throw new LuacrossError("image-refused", `the device refuses it: ${words}`);
  }
  const full = strip ? { ...image, strip: false, main } : image;
  return { ...proved, size, fullSize: flashSize53(full) };
}

/** Functions without line info say `?` for a line. */
function withoutLines(proto: Proto): Proto {
  return { ...proto, lineInfo: new Uint8Array(0), protos: proto.protos.map(withoutLines) };
}

function prove(image: Image53, address: number): Omit<BuiltImage, "size" | "fullSize"> {
  const device = deviceFor(image, address === 0 ? USUAL_ADDRESS : address);
  if (address !== 0) {
    const file = absoluteImage53(image, address);
    device.flash.flashFromOutside(0, file);
    return { file, loads: boot53(device).state === "loaded", refusal: undefined };
  }
  const bytes = compactImage53(image);
  const { loaded, message, hazards } = reload53(device, { name: "lfs.img", bytes });
  const refusal = message ?? hazards[0];
  return { file: bytes, loads: loaded && refusal === undefined, refusal };
}

/** A device with nothing but a region that the image just fits into. */
function deviceFor(image: Image53, mapped: number): LfsDevice53 {
  const size = Math.ceil(flashSize53(image) / SECTOR_SIZE) * SECTOR_SIZE;
  return { target: image.target, flash: new NorFlash(size), region: { offset: 0, size, mapped } };
}

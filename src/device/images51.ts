/** Flash images of Lua 5.1: all that commands and library do with them. Source: lfs51.md. */
import { absoluteImage51, compactImage51 } from "../image/build51.ts";
import { checkPlace } from "../image/errors.ts";
import { MAX_IMAGE_SIZE } from "../image/layout51.ts";
import { type ImageFile51, readImage51 } from "../image/read51.ts";
import { measureImage } from "../image/sizes.ts";
import { sizeRules51 } from "../image/sizes51.ts";
import type { ImageFormat, OpenImage } from "./image-format.ts";
import { loadableCompact51 } from "./loadable51.ts";
import { LARGEST_REFUSED } from "./loader51.ts";
import { isAbsolute51, powerCuts51, verifyImage51 } from "./verify-image51.ts";

export const IMAGES_51: ImageFormat = {
  largestRegion: MAX_IMAGE_SIZE,
  recognises: (file) => isCompact51(file) || isAbsolute51(file),
  open: (file, options) => opened(readImage51(file, options), isTooShort(file)),
  verify: verifyImage51,
  powerCuts: powerCuts51,
};

/** Begins like a gzip file. */
function isCompact51(file: Uint8Array): boolean {
  return file[0] === 0x1f && file[1] === 0x8b;
}

function isTooShort(file: Uint8Array): boolean {
  return isCompact51(file) && file.length <= LARGEST_REFUSED;
}

function opened(file: ImageFile51, tooShort: boolean): OpenImage {
  return {
    image: file,
    isTooShort: tooShort,
    compact: () => compactImage51(file.image),
    loadable: (target) => loadableCompact51(file.image, target),
    absolute(address) {
      checkPlace(address, file.header.size);
      return absoluteImage51(file.image, address);
    },
    measure: () => measureImage(file, sizeRules51(file.targets[0].image)),
  };
}

/** Flash images of Lua 5.3: all that commands and library do with them. Source: lua53.md §4, §5. */

import { LuacrossError } from "../base/errors.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";
import { chunkKind } from "../formats/chunk.ts";
import { absoluteImage53 } from "../image/build53.ts";
import { compactImage53, type Image53 } from "../image/compact53.ts";
import { checkPlace } from "../image/errors.ts";
import { type ImageFile53, readImage53 } from "../image/read53.ts";
import { measureImage } from "../image/sizes.ts";
import { sizeRules53 } from "../image/sizes53.ts";
import type { Target } from "../target/target.ts";
import type { ImageFormat, LoadableImage, OpenImage } from "./image-format.ts";
import { isAbsolute53, powerCutsOf53, verifyImage53 } from "./verify-image53.ts";

/** The older chip maps so much of its flash, the program itself included. */
const LARGEST_REGION = 0x100000;

export const IMAGES_53: ImageFormat = {
  largestRegion: LARGEST_REGION,
  recognises: (file) => isCompact53(file) || isAbsolute53(file),
  open: (file, options) => opened(readImage53(file, options)),
  verify: verifyImage53,
  powerCuts: powerCutsOf53,
};

/** Begins like a binary chunk whose format is that of an image. */
function isCompact53(file: Uint8Array): boolean {
  return file[0] === BINARY_MARK && chunkKind(file) === "image";
}

function opened(file: ImageFile53): OpenImage {
  const { image } = file;
  return {
    image: file,
    isTooShort: false,
    compact: () => compactImage53(image),
    loadable: (target) => loadable(file, target),
    absolute(address, target) {
      checkPlace(address, file.header.size);
      return absoluteImage53(forTarget(file, target), address);
    },
    measure: () => measureImage(file, sizeRules53(image)),
  };
}

/** There is only one compact form, and devices take it. */
function loadable(file: ImageFile53, target: Target): LoadableImage {
  return { file: compactImage53(forTarget(file, target)), instead: undefined };
}

/** Firmware of both generations takes the same compact image, but each signs absolute ones. */
function forTarget({ image, targets }: ImageFile53, target: Target): Image53 {
  if (targets.some(({ numbers }) => numbers === target.numbers)) return { ...image, target };
  throw new LuacrossError("image-refused", `${target.name} refuses it: it has other numbers`);
}

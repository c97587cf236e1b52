/** Builds the file of a Lua 5.1 image, from its main function to the proof that it loads. */
import type { Proto } from "../bytecode/proto.ts";
import { buildImage51, imageSize51 } from "../image/build51.ts";
import { COMPRESSIONS } from "../image/compression.ts";
import { checkPlace } from "../image/errors.ts";
import { factsOf } from "../image/layout51.ts";
import type { BuiltImage, ImageOptions } from "./image-file.ts";
import { provedImage51 } from "./proof51.ts";

/**
 * @param main nearly always a lookup combination
 * @throws ImageSizeError when it is too large
 * @throws LuacrossError `limit` when it would reach beyond the last address
 * @throws EncodeError when a prototype made by hand holds what does not fit its place
 * @throws LuacrossError `image-refused`, with the device's words, when no file of it is taken
 */
export function imageFile51(main: Proto, options: ImageOptions): BuiltImage {
  const { target, address, limit, exact } = options;
  const strip = isStripped(options);
  const image = buildImage51(main, { target, strip, limit });
  checkPlace(address, image.body.length);
  const compression = COMPRESSIONS[options.compression];
  const proved = provedImage51(image, { target, address, compression, exact });
  const size = image.body.length;
  return { ...proved, size, fullSize: strip ? imageSize51(main, target, false) : size };
}

function isStripped({ strip, target }: ImageOptions): boolean {
  return strip === "all" || (strip === "as-reference" && factsOf(target.image).honoursStrip);
}

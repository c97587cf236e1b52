/**
 * The one place where a Lua version picks its format of flash images. Commands and library ask for
 * the format of a target, or for the one that a file begins like.
 */
import { LuacrossError } from "./base/errors.ts";
import type { ImageFormat, OpenImage } from "./device/image-format.ts";
import { IMAGES_51 } from "./device/images51.ts";
import { IMAGES_53 } from "./device/images53.ts";
import type { ReadImageOptions } from "./image/flash-image.ts";
import type { Dialect } from "./target/dialect.ts";
import type { Target } from "./target/target.ts";

const FORMATS: Readonly<Partial<Record<Dialect["name"], ImageFormat>>> = {
  lua51: IMAGES_51,
  lua53: IMAGES_53,
};

/** @throws LuacrossError `unsupported` while the images of a target's Lua version are not known */
export function imageFormatFor(target: Target): ImageFormat {
  const format = FORMATS[target.dialect.name];
  if (format) return format;
  throw new LuacrossError("unsupported", `images for '${target.name}' are not supported yet`);
}

/** Whether a file begins like an image of any known format. */
export function isKnownImage(file: Uint8Array): boolean {
  return formatOf(file) !== undefined;
}

/**
 * Reads an image of whichever format.
 *
 * @throws LuacrossError `chunk-header` when the file is no image that is known; with offset and
 *   field when it is damaged
 */
export function openImage(file: Uint8Array, options: ReadImageOptions = {}): OpenImage {
  const format = formatOf(file);
  if (format) return format.open(file, options);
  throw new LuacrossError("chunk-header", "this is no flash image, or one of an unknown format");
}

function formatOf(file: Uint8Array): ImageFormat | undefined {
  return Object.values(FORMATS).find((format) => format.recognises(file));
}

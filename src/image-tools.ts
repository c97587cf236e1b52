/**
 * What people do with flash images, whatever their format: read, convert, try on a simulated device,
 * measure. Bytes in, facts or bytes out.
 */
import { LuacrossError } from "./base/errors.ts";
import type { LfsRegion } from "./device/device.ts";
import { SECTOR_SIZE } from "./device/flash.ts";
import type { ImageFormat } from "./device/image-format.ts";
import type { PowerCutReport, Verification } from "./device/verification.ts";
import type { FlashImage, ReadImageOptions } from "./image/flash-image.ts";
import type { ImageSizes } from "./image/sizes.ts";
import { imageFormatFor, openImage } from "./image-formats.ts";
import type { Target } from "./target/target.ts";

/** Where a region lies when nobody says it: the first address that firmware could use. */
const USUAL_ADDRESS = 0x40210000;
/** No chip has more flash than this. */
const LARGEST_REGION = 16 * 1024 * 1024;

/** The region for the image on the device it is tried on. */
export interface RegionChoice {
  /** Bytes, a multiple of 4096; the largest such regions can be when left out. */
  readonly size?: number | undefined;
  /** Where it is mapped; that of an absolute image when left out. */
  readonly address?: number | undefined;
}

/** @throws LuacrossError when it is no such image or is damaged */
export function readImage(file: Uint8Array, options: ReadImageOptions = {}): FlashImage {
  return openImage(file, options).image;
}

/** Where the bytes of an image go. @throws LuacrossError as {@link readImage} */
export function measureImage(file: Uint8Array): ImageSizes {
  return openImage(file, { allowBadCode: true }).measure();
}

/**
 * The image in its other format, or for another address.
 *
 * @param address of the absolute image, a multiple of 4; undefined for a compact one, whose bytes
 *   are the reference's
 * @param target of the absolute image; undefined: the first one the image may be for
 * @throws LuacrossError as {@link readImage}; `limit` for an address that cannot be
 */
export function convertImage(
  file: Uint8Array,
  address: number | undefined,
  target: Target | undefined,
): Uint8Array {
  const image = openImage(file, { allowBadCode: true });
  if (address === undefined) return image.compact();
  checkAddress(address);
  return image.absolute(address, target ?? image.image.targets[0]);
}

/**
 * Tries an image on a simulated device, step by step.
 *
 * @param target undefined: the first one the image may be for
 * @throws LuacrossError when there is no target, and none can be told from the file; `limit` for a
 *   region that cannot be
 */
export function verifyImage(
  file: Uint8Array,
  target: Target | undefined,
  choice: RegionChoice = {},
): Verification {
  const { format, device, region } = trial(file, target, choice);
  return format.verify(file, device, region);
}

/**
 * Every cut of power while a device loads the file over an image that works.
 *
 * @throws LuacrossError as {@link verifyImage}
 */
export function tryPowerCuts(
  file: Uint8Array,
  target: Target | undefined,
  choice: RegionChoice = {},
): PowerCutReport {
  const { format, device, region } = trial(file, target, choice);
  return format.powerCuts(file, device, region);
}

/** What a file is tried on. */
interface Trial {
  readonly format: ImageFormat;
  readonly device: Target;
  readonly region: LfsRegion;
}

function trial(file: Uint8Array, target: Target | undefined, choice: RegionChoice): Trial {
  const image = target ? readIfPossible(file) : readImage(file, { allowBadCode: true });
  const device = target ?? image?.targets[0];
  if (!device) throw new LuacrossError("chunk-header", "the image tells no target");
  const format = imageFormatFor(device);
  const { size = format.largestRegion, address = placeOf(image) } = choice;
  if (!(size > 0 && size <= LARGEST_REGION) || size % SECTOR_SIZE !== 0) {
    const message = `a region of ${size} bytes cannot be: regions are whole sectors of ${SECTOR_SIZE} bytes`;
    throw new LuacrossError("limit", message);
  }
  checkAddress(address);
  return { format, device, region: { offset: 0, size, mapped: address } };
}

/** The address an absolute image was made for; for others it does not matter. */
function placeOf(image: FlashImage | undefined): number {
  const isPlaced = image?.kind === "absolute" && image.base % WORD_SIZE === 0;
  return isPlaced ? image.base : USUAL_ADDRESS;
}

/** Undefined for what is damaged, or no image: a device can be tried with that, too. */
function readIfPossible(file: Uint8Array): FlashImage | undefined {
  try {
    return readImage(file, { allowBadCode: true });
  } catch (error) {
    if (error instanceof LuacrossError) return undefined;
    throw error;
  }
}

const WORD_SIZE = 4;

function checkAddress(address: number): void {
  if (Number.isInteger(address) && address >= 0 && address < 2 ** 32 && address % WORD_SIZE === 0) {
    return;
  }
  const shown = Number.isInteger(address) ? `0x${address.toString(16)}` : String(address);
  throw new LuacrossError("limit", `an image cannot lie at ${shown}: addresses are multiples of 4`);
}

/**
 * What a format of flash images must be able to do so that commands and library can work with it.
 * There is one per Lua version; `../image-formats.ts` has them all.
 */
import type { FlashImage, ReadImageOptions } from "../image/flash-image.ts";
import type { ImageSizes } from "../image/sizes.ts";
import type { Target } from "../target/target.ts";
import type { LfsRegion } from "./device.ts";
import type { PowerCutReport, Verification } from "./verification.ts";

export interface LoadableImage {
  readonly file: Uint8Array;
  /**
   * Why these are not the reference's bytes, in words that follow "the device"; undefined when
   * they are.
   */
  readonly instead: string | undefined;
}

/** An image in hand, with what can be made of it. */
export interface OpenImage {
  readonly image: FlashImage;
  /** The device refuses a file of so few bytes, whatever is in it. */
  readonly isTooShort: boolean;
  /** The file to be loaded by the device, as the reference writes it; some few are refused. */
  compact(): Uint8Array;
  /**
   * A file that a device of the target loads and starts, the reference's where that is one.
   *
   * @throws LuacrossError `limit`, with the device's words, when there is none
   */
  loadable(target: Target): LoadableImage;
  /**
   * @param address where the image will be mapped; 32 bits, unsigned
   * @param target one of those that the image is for
   * @throws LuacrossError `limit` when it would reach beyond the last address
   */
  absolute(address: number, target: Target): Uint8Array;
  measure(): ImageSizes;
}

export interface ImageFormat {
  /** Bytes of the largest region a device has for such images. */
  readonly largestRegion: number;

  /** Whether a file begins like such an image. */
  recognises(file: Uint8Array): boolean;

  /** @throws LuacrossError with offset and field, when the image is damaged */
  open(file: Uint8Array, options: ReadImageOptions): OpenImage;

  /** Tries the file on a simulated device of the target; it always comes to an end. */
  verify(file: Uint8Array, target: Target, region: LfsRegion): Verification;

  /** Every cut of power while the device loads the file over an image that works. */
  powerCuts(file: Uint8Array, target: Target, region: LfsRegion): PowerCutReport;
}

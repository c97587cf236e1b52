/**
 * What it takes to build an image of any format, and what comes of it. Each Lua version has a
 * function from one to the other, in the toolchain.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { CompressionName } from "../image/compression.ts";
import type { Target } from "../target/target.ts";

/** What is left out of an image: line info, and the names of locals and upvalues. */
export type ImageStrip =
  | "nothing"
  /** Whatever the reference's `-s` leaves out for the target, which may be nothing. */
  | "as-reference"
  | "all";

export interface ImageOptions {
  readonly target: Target;
  /** Where the image will be mapped, 32 bits; 0 for a compact image. */
  readonly address: number;
  /** Bytes the image may have in flash, 32 bits; `Infinity` when there is no limit. */
  readonly limit: number;
  readonly strip: ImageStrip;
  readonly compression: CompressionName;
  /** Keep the usual bytes even when the device refuses them. */
  readonly exact: boolean;
  /**
   * Of the hashes of all strings, 32 bits, in Lua 5.3; undefined: made from the content, for equal
   * builds.
   */
  readonly seed?: number | undefined;
}

/** A file, and what the simulated device of its target says of it. */
export interface BuiltImage {
  readonly file: Uint8Array;
  /** Bytes of the image in flash. */
  readonly size: number;
  /** What it would have without {@link ImageOptions.strip}. */
  readonly fullSize: number;
  /** False only for what was to be kept as it is. */
  readonly loads: boolean;
  /** The device's words for the usual bytes, when it does not take them. */
  readonly refusal: LuaString | undefined;
}

/** Bytes of absolute images that nobody uses: the reference leaves them to chance. */
import { absoluteImage53 } from "../../../src/image/build53.ts";
import type { Image53 } from "../../../src/image/compact53.ts";
import { RECORDED_ADDRESS } from "./cases.ts";

export interface MaskedImage {
  readonly bytes: Uint8Array;
  readonly undefinedBytes: number;
}

/** The reference's image with zeros in their place, which are where the loader here says so. */
export function absoluteWithoutUndefined(image: Image53, absolute: Uint8Array): MaskedImage {
  const bytes = absolute.slice();
  let undefinedBytes = 0;
  absoluteImage53(image, RECORDED_ADDRESS, (offset, length) => {
    bytes.fill(0, offset, offset + length);
    undefinedBytes += length;
  });
  return { bytes, undefinedBytes };
}

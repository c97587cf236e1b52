/**
 * No compact image is written that its device would refuse: the reference's bytes where the
 * simulated device takes them, and where it does not, other bytes of the same image that it takes.
 * Source: lfs51.md §8 for what the reference writes and devices refuse.
 */
import type { Image51 } from "../image/body51.ts";
import { COMPRESSIONS } from "../image/compression.ts";
import { MAX_IMAGE_SIZE } from "../image/layout51.ts";
import type { Target } from "../target/target.ts";
import { bareDevice, lfsFirmware } from "./device.ts";
import type { LoadableImage } from "./image-format.ts";
import { type LoadResult, reload } from "./loader51.ts";
import { provedImage51 } from "./proof51.ts";

/**
 * A file that the device loads and starts.
 *
 * @throws {LuacrossError} `image-refused`, with the device's words, when there is none: the image
 *   itself is not as the device wants it
 */
export function loadableCompact51(image: Image51, target: Target): LoadableImage {
  const compression = COMPRESSIONS.reference;
  const { file, refusal } = provedImage51(image, { target, address: 0, compression, exact: false });
  return { file, instead: refusal && `would refuse the original's bytes: ${refusal}` };
}

/** What a device of the target, with as much room as there can be, makes of a file. */
export function loadAlone51(file: Uint8Array, target: Target): LoadResult {
  return reload(bareDevice(lfsFirmware(target), MAX_IMAGE_SIZE), { bytes: file });
}

/**
 * The file of an image, with the proof that it loads: the simulated device of its target loads it
 * before anyone gets it. Source: lfs51.md §8, §9.
 *
 *     compact    both passes of a load, then the boot; the flash must hold the image, relocated
 *     absolute   the boot, with the file in flash at its address
 *
 * Devices refuse some few files that the reference writes. In their place comes another file of the
 * same image.
 */
import { LuacrossError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import type { Image51 } from "../image/body51.ts";
import { absoluteImage51, compactPayload51 } from "../image/build51.ts";
import type { Compression } from "../image/compression.ts";
import { aligned } from "../image/layout51.ts";
import type { Target } from "../target/target.ts";
import { boot } from "./boot51.ts";
import { bareDevice, type LfsDevice, lfsFirmware } from "./device.ts";
import { SECTOR_SIZE } from "./flash.ts";
import { type LoadResult, reload } from "./loader51.ts";

export interface ImageForm {
  readonly target: Target;
  /** Where the image will be mapped, 32 bits; 0 for a compact image. */
  readonly address: number;
  readonly compression: Compression;
  /** Keep the usual bytes even when the device refuses them. */
  readonly exact: boolean;
}

export interface ProvedImage {
  readonly file: Uint8Array;
  /** False only for what was to be kept as it is. */
  readonly loads: boolean;
  /** The device's words for the usual bytes, when it does not take them. */
  readonly refusal: LuaString | undefined;
}

/** @throws LuacrossError `image-refused`, with the device's words, when no file is taken */
export function provedImage51(image: Image51, form: ImageForm): ProvedImage {
  const files = form.address === 0 ? compactFiles(image, form) : absoluteFiles(image, form);
  let refusal: LuaString | undefined;
  for (const file of files) {
    const found = refusalOf(file, image, form);
    refusal ??= found;
    if (found === undefined || form.exact) return { file, loads: found === undefined, refusal };
  }
  throw new LuacrossError("image-refused", `the device refuses it: ${refusal}`);
}

/** The second is made only when it is asked for. */
function* compactFiles(image: Image51, { compression }: ImageForm): Generator<Uint8Array> {
  const payload = compactPayload51(image);
  yield compression.usual(payload);
  yield compression.careful(payload);
}

function absoluteFiles(image: Image51, { address }: ImageForm): readonly Uint8Array[] {
  return [absoluteImage51(image, address)];
}

function refusalOf(file: Uint8Array, image: Image51, form: ImageForm): LuaString | undefined {
  const size = Math.ceil(image.body.length / SECTOR_SIZE) * SECTOR_SIZE;
  const firmware = lfsFirmware(form.target);
  return form.address === 0
    ? refusedLoad(file, image, bareDevice(firmware, size))
    : refusedBoot(file, bareDevice(firmware, size, form.address));
}

function refusedLoad(file: Uint8Array, image: Image51, device: LfsDevice): LuaString | undefined {
  const result = reload(device, { bytes: file });
  if (!result.loaded) return refusalText(result);
  if (result.hazards.length > 0) return result.hazards[0];
  return holds(device, image) ? undefined : "what is loaded is not what was built";
}

/** What the device said to a file that it did not load, and why. */
function refusalText({ message, steps }: LoadResult): LuaString {
  const failed = steps.find(({ outcome }) => outcome === "failed");
  const detail = failed?.detail === undefined ? "" : ` (${failed.detail})`;
  return `${message ?? "it gets stuck"}${detail}`;
}

function refusedBoot(file: Uint8Array, device: LfsDevice): LuaString | undefined {
  device.flash.flashFromOutside(0, file);
  const found = boot(device);
  return "message" in found ? found.message : undefined;
}

/** Whether the flash has the image with the addresses of its place. */
function holds({ flash, region }: LfsDevice, image: Image51): boolean {
  const wanted = absoluteImage51(image, region?.mapped ?? 0);
  // Loading does not set the bit of an absolute image.
  wanted[0] = image.body[0];
  return sameWords(flash.read(0, wanted.length), wanted);
}

/** Both in whole words, of their own. */
function sameWords(a: Uint8Array, b: Uint8Array): boolean {
  const count = aligned(a.length) / 4;
  const [one, other] = [a, b].map(({ buffer }) => new Int32Array(buffer, 0, count));
  for (let i = 0; i < count; i++) if (one[i] !== other[i]) return false;
  return true;
}

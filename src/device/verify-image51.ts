/**
 * Tries a Lua 5.1 image on the simulated device: a compact one is loaded as `node.LFS.reload` does,
 * an absolute one is flashed from outside and started. Then what devices do not look at: whether the
 * image can be read, is for this firmware, and has the addresses of the region. Source: lfs51.md §9.
 */
import type { FlashImage } from "../image/flash-image.ts";
import { readImage51 } from "../image/read51.ts";
import { targetsOfSignature } from "../image/recognise51.ts";
import type { Target } from "../target/target.ts";
import { type BootResult, boot } from "./boot51.ts";
import { checked, isPassed, placeChecks, readContent } from "./checks.ts";
import { type LfsDevice, type LfsRegion, lfsFirmware } from "./device.ts";
import { NorFlash } from "./flash.ts";
import { reload } from "./loader51.ts";
import { powerCuts } from "./power-cuts.ts";
import type { Check, PowerCutReport, Verification } from "./verification.ts";

const WORD_SIZE = 4;

/** Never throws on account of the file. */
export function verifyImage51(file: Uint8Array, target: Target, region: LfsRegion): Verification {
  return isAbsolute51(file) ? flashed(file, target, region) : loaded(file, target, region);
}

/** Begins with the signature of some target, in whichever of its states. */
export function isAbsolute51(file: Uint8Array): boolean {
  if (file.length < WORD_SIZE) return false;
  const signature = new DataView(file.buffer, file.byteOffset, WORD_SIZE).getUint32(0, true);
  return targetsOfSignature(signature).length > 0;
}

/** Every cut of a load over an image that works: the same one, if the device takes it. */
export function powerCuts51(file: Uint8Array, target: Target, region: LfsRegion): PowerCutReport {
  const device = deviceWith(target, region);
  reload(device, { bytes: file });
  return powerCuts(device, { bytes: file });
}

/** A device of the target with nothing but that region. */
function deviceWith(target: Target, region: LfsRegion): LfsDevice {
  const flash = new NorFlash(region.offset + region.size);
  return { firmware: lfsFirmware(target), flash, region };
}

function loaded(file: Uint8Array, target: Target, region: LfsRegion): Verification {
  const result = reload(deviceWith(target, region), { bytes: file });
  const { content, image } = readContent(file, readImage51);
  const beyond = image ? [content, forTarget(image, target)] : [content];
  return {
    way: "load",
    target,
    region,
    checks: [...result.steps, bootCheck(result.end === "restarted" ? result.boot : undefined)],
    beyond,
    accepted: result.loaded,
    sound: result.loaded && result.hazards.length === 0 && beyond.every(isPassed),
    message: result.message,
    stuck: result.end === "stuck",
    hazards: result.hazards,
    warnings: [],
    peakMemory: result.peakMemory,
  };
}

function flashed(file: Uint8Array, target: Target, region: LfsRegion): Verification {
  const device = deviceWith(target, region);
  device.flash.flashFromOutside(region.offset, file.subarray(0, region.size));
  const found = boot(device);
  const accepted = found.state === "loaded";
  const { content, image } = readContent(file, readImage51);
  const beyond = image
    ? [content, forTarget(image, target), ...placeChecks(image, region)]
    : [content];
  return {
    way: "flash",
    target,
    region,
    checks: [bootCheck(found)],
    beyond,
    accepted,
    sound: accepted && beyond.every(isPassed),
    message: "message" in found ? found.message : undefined,
    stuck: false,
    hazards: [],
    warnings: [],
    peakMemory: 0,
  };
}

/** @param found undefined when the device does not come to start */
function bootCheck(found: BootResult | undefined): Check {
  const check = { name: "boot", title: "the device starts and takes the image" };
  if (!found) return { ...check, outcome: "not reached" };
  if (found.state === "loaded") return { ...check, outcome: "passed" };
  return { ...check, outcome: "failed", ...("message" in found && { message: found.message }) };
}

/** Generations share signatures, but some tag values in another way. */
function forTarget({ targets }: FlashImage, target: Target): Check {
  // Images that differ in nothing but the size of a table run on each other's firmware.
  const isLike = ({ wire, image }: Target) =>
    wire.stringTag === target.wire.stringTag &&
    image.facts51?.signature === target.image.facts51?.signature;
  const names = targets.map(({ name }) => name).join(" or ");
  const detail = `built for ${names}`;
  return checked("target", "values are as this firmware has them", targets.some(isLike), detail);
}

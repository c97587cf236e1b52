/**
 * Tries a Lua 5.3 image on the simulated device: a compact one is loaded as `node.LFS.reload` does,
 * an absolute one is flashed from outside and started. Then what devices do not look at, which is
 * nearly everything, and what programs will not find. Source: lua53.md §9.
 */
import type { FlashImage } from "../image/flash-image.ts";
import { WORD_SIZE } from "../image/layout53.ts";
import { type ImageFile53, readImage53 } from "../image/read53.ts";
import type { Target } from "../target/target.ts";
import { TARGETS } from "../target/targets.ts";
import { type BootResult53, boot53, type LfsDevice53 } from "./boot53.ts";
import { checked, isPassed, placeChecks, readContent } from "./checks.ts";
import type { LfsRegion } from "./device.ts";
import { NorFlash } from "./flash.ts";
import { reload53 } from "./loader53.ts";
import { powerCuts53 } from "./power-cuts53.ts";
import type { Check, PowerCutReport, Verification } from "./verification.ts";
import { runTimeWarnings53 } from "./warnings53.ts";

/** A name as good as any; what it is called matters to no device. */
const FILE_NAME = "lfs.img";

/** Never throws on account of the file. */
export function verifyImage53(file: Uint8Array, target: Target, region: LfsRegion): Verification {
  return isAbsolute53(file) ? flashed(file, target, region) : loaded(file, target, region);
}

/** Begins with the signature of some target. */
export function isAbsolute53(file: Uint8Array): boolean {
  if (file.length < WORD_SIZE) return false;
  const signature = new DataView(file.buffer, file.byteOffset, WORD_SIZE).getUint32(0, true);
  return TARGETS.some(({ image }) => image.facts53?.signature === signature);
}

/** Every cut of a load over an image that works: the same one, if the device takes it. */
export function powerCutsOf53(file: Uint8Array, target: Target, region: LfsRegion): PowerCutReport {
  const device = deviceWith(target, region);
  const named = { name: FILE_NAME, bytes: file };
  reload53(device, named);
  return powerCuts53(device, named);
}

/** A device of the target with nothing but that region. */
function deviceWith(target: Target, region: LfsRegion): LfsDevice53 {
  return { target, flash: new NorFlash(region.offset + region.size), region };
}

function loaded(file: Uint8Array, target: Target, region: LfsRegion): Verification {
  const result = reload53(deviceWith(target, region), { name: FILE_NAME, bytes: file });
  const { end, message, hazards, peakMemory } = result;
  const isUp = end === "restarted" && message === undefined;
  const { content, image } = readContent(file, readImage53);
  const beyond = [content, ...(image ? [forTarget(image, target), fits(image, region)] : [])];
  return {
    way: "load",
    target,
    region,
    checks: [...result.steps, bootCheck(isUp ? result.boot : undefined)],
    beyond,
    accepted: result.loaded,
    sound: result.loaded && hazards.length === 0 && beyond.every(isPassed),
    message,
    stuck: end === "stuck",
    hazards,
    warnings: warningsOf(image),
    peakMemory,
  };
}

function flashed(file: Uint8Array, target: Target, region: LfsRegion): Verification {
  const device = deviceWith(target, region);
  device.flash.flashFromOutside(region.offset, file.subarray(0, region.size));
  const found = boot53(device);
  const accepted = found.state === "loaded";
  const { content, image } = readContent(file, readImage53);
  const places = image ? [forTarget(image, target), ...placeChecks(image, region)] : [];
  const beyond = [content, ...places];
  return {
    way: "flash",
    target,
    region,
    checks: [bootCheck(found)],
    beyond,
    accepted,
    sound: accepted && beyond.every(isPassed),
    message: messageOf(found),
    stuck: found.state === "broken",
    hazards: [],
    warnings: warningsOf(image),
    peakMemory: 0,
  };
}

/** @param found undefined when the device does not come to start anew */
function bootCheck(found: BootResult53 | undefined): Check {
  const check = { name: "boot", title: "the device starts and takes the image" };
  if (!found) return { ...check, outcome: "not reached" };
  if (found.state === "loaded") return { ...check, outcome: "passed" };
  const message = messageOf(found);
  return { ...check, outcome: "failed", ...(message !== undefined && { message }) };
}

/** That an image was loaded is no word of refusal. */
function messageOf(found: BootResult53): string | undefined {
  return found.state === "refused" ? found.message : undefined;
}

/** The loader looks neither before it writes nor while it does. */
function fits({ header }: FlashImage, region: LfsRegion): Check {
  const size = `${header.size} bytes into ${region.size}`;
  return checked("fit", "the image fits into the region", header.size <= region.size, size);
}

function forTarget({ targets }: FlashImage, target: Target): Check {
  const holds = targets.some(({ numbers }) => numbers === target.numbers);
  const detail = `built for ${targets.map(({ name }) => name).join(" or ")}`;
  return checked("target", "values are as this firmware has them", holds, detail);
}

function warningsOf(image: ImageFile53 | undefined): readonly string[] {
  return image ? runTimeWarnings53(image.image.main).map(({ message }) => message) : [];
}

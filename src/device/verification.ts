/**
 * What is found out about an image before it meets a device: the device's own checks one by one,
 * and what the device does not look at and should. The same for images of every format.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Target } from "../target/target.ts";
import type { LfsRegion } from "./device.ts";
import type { FlashOperation } from "./flash.ts";

export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  /** What is made sure of or done, in plain words. */
  readonly title: string;
  readonly outcome: "passed" | "failed" | "not reached";
  /** The device's own text for the failure. */
  readonly message?: LuaString;
  /** What was found, in plain words. */
  readonly detail?: string;
}

export interface Verification {
  /** `load`: the device loads the file itself; `flash`: a tool writes it, and the device starts. */
  readonly way: "load" | "flash";
  readonly target: Target;
  readonly region: LfsRegion;
  /** The device's checks, in its order. */
  readonly checks: readonly Check[];
  /** What the device does not look at: checks of luacross. */
  readonly beyond: readonly Check[];
  /** Whether the device, started after this, runs the image. */
  readonly accepted: boolean;
  /** Accepted, and all else is in order, too. */
  readonly sound: boolean;
  /** The device's last words; undefined when it says nothing. */
  readonly message: LuaString | undefined;
  /** The device hangs or crashes instead of refusing. */
  readonly stuck: boolean;
  /** Where one device may go on differently from another; in plain words. */
  readonly hazards: readonly string[];
  /** What programs will not find as they expect it once the image runs; in plain words. */
  readonly warnings: readonly string[];
  /** Bytes of RAM that loading takes at the worst moment; 0 where nothing is loaded. */
  readonly peakMemory: number;
}

/** Cuts of power after which the next boot finds the same. */
export interface CutOutcome {
  /** Fewest and most flash operations that were done when the power failed. */
  readonly first: number;
  readonly last: number;
  /** The first and the last of them; undefined when none was done. */
  readonly from: FlashOperation | undefined;
  readonly to: FlashOperation | undefined;
  /** What the region holds: what it held before the load, all of the new image, or neither. */
  readonly holds: "old" | "new" | "neither";
  readonly boot: BootOutcome;
}

export interface BootOutcome {
  /** `broken`: the device takes what is not whole, and crashes. */
  readonly state: "no region" | "empty" | "refused" | "broken" | "loaded";
  /** What the device says on its serial line. */
  readonly message?: LuaString;
}

/** Every cut of power during one load. */
export interface PowerCutReport {
  /** Erases and words written; there can be a cut after each, and one before all. */
  readonly operations: number;
  /** Every cut from 0 to `operations`, in order, without gaps. */
  readonly ranges: readonly CutOutcome[];
}

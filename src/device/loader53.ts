/**
 * Loading an image file into the LFS as Lua 5.3 firmware does: `node.LFS.reload`. Source: lua53.md §9.1.
 *
 *     call          keeps the name of the file and restarts the device; the file is not looked at
 *     start         forgets the name, erases the region, writes what the file holds in a single pass,
 *                   the header last; a failure is printed, and no program is started
 *     second start  without a restart: Lua begins anew and finds the image
 */
import { ChunkError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";
import { ImageError } from "../image/errors.ts";
import { HEADER_SIZE_53 } from "../image/layout53.ts";
import { loadImage53 } from "../image/load53.ts";
import type { LoaderFacts53 } from "../target/loader-facts53.ts";
import {
  type BootResult53,
  boot53,
  eraseRegion53,
  inspectRegion53,
  type LfsDevice53,
} from "./boot53.ts";
import type { LfsRegion } from "./device.ts";
import { SECTOR_SIZE } from "./flash.ts";
import { FlashOverrun, FlashSink53 } from "./flash-sink53.ts";
import { type LoadStep, StepList } from "./steps.ts";
import { STEP_TITLES_53, type StepName53 } from "./steps53.ts";

/** An image file as the device's file system has it. */
export interface NamedFile {
  readonly name: LuaString;
  readonly bytes: Uint8Array;
}

export interface LoadResult53 {
  /** Every step, in the order of {@link STEP_TITLES_53}. */
  readonly steps: readonly LoadStep<StepName53>[];
  /**
   * How the call ended: it returned `message` to Lua; or the device restarted, and then printed
   * `message` if there is one; or it gets stuck or crashes, which its makers did not intend.
   */
  readonly end: "returned" | "restarted" | "stuck";
  readonly message: LuaString | undefined;
  /** What became of the region. */
  readonly lfs: "kept" | "erased" | "unfinished" | "written";
  /** What the device finds in the end. */
  readonly boot: BootResult53;
  /** Whether it runs the new image then. */
  readonly loaded: boolean;
  /** Where one device may go on differently from another; in plain words. */
  readonly hazards: readonly string[];
  /** Bytes of RAM in use at the worst moment. */
  readonly peakMemory: number;
}

const NO_FILE_SYSTEM = "No file system mounted";
/** Said for a missing file, too. */
const NO_REGION = "No LFS partition allocated";
const NO_MEMORY = "not enough memory";
/** Nothing tells the loader what its file is called. */
const NAMELESS: LuaString = "=(null)";

/** Bytes of the loader's record, and of its blocks for input and output. */
const LOADER_STATE = 112 + 2 * 4096;

/**
 * Loads an image file into the LFS of the device, in its flash, and starts the device.
 *
 * @param file undefined when there is none of that name
 * @throws LuacrossError `unsupported` when the target's images are not Lua 5.3's
 * @throws PowerCut when the flash's power is set to fail
 */
export function reload53(device: LfsDevice53, file: NamedFile | undefined): LoadResult53 {
  return new Load(device).run(file);
}

/** The load ends here. */
class Failure extends Error {
  readonly step: StepName53;
  readonly end: LoadResult53["end"];
  /** The device's own words. */
  readonly text: LuaString | undefined;
  readonly detail: string | undefined;

  constructor(
    step: StepName53,
    end: LoadResult53["end"],
    text: LuaString | undefined,
    detail?: string,
  ) {
    super(text ?? detail);
    this.step = step;
    this.end = end;
    this.text = text;
    this.detail = detail;
  }
}

class Load {
  private readonly device: LfsDevice53;
  private readonly facts: LoaderFacts53 | undefined;
  private readonly steps = new StepList<StepName53>(STEP_TITLES_53);
  private readonly hazards = new Set<string>();
  private lfs: LoadResult53["lfs"] = "kept";
  private memory = 0;
  private peakMemory = 0;

  constructor(device: LfsDevice53) {
    this.device = device;
    this.facts = device.target.loader53;
  }

  run(file: NamedFile | undefined): LoadResult53 {
    try {
      const region = this.call(file);
      this.load(region, this.open(file));
      return this.result("restarted", undefined);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.steps.failed(error.step, error.text, error.detail);
      return this.result(error.end, error.text);
    }
  }

  /** The call of Lua's function. */
  private call(file: NamedFile | undefined): LfsRegion {
    const { steps, device } = this;
    const { region } = device;
    if (device.hasFileSystem === false) {
      throw new Failure("file system", "returned", NO_FILE_SYSTEM);
    }
    steps.passed("file system");
    if (!region) throw new Failure("region", "returned", NO_REGION);
    steps.passed("region", `${region.size} bytes at 0x${region.mapped.toString(16)}`);
    if (!file) throw new Failure("file", "returned", NO_REGION);
    steps.passed("file", `${file.bytes.length} bytes`);
    steps.passed("restart");
    return region;
  }

  /** The restarted device, up to the opened file. */
  private open(file: NamedFile | undefined): Uint8Array {
    const { steps, device, facts } = this;
    this.allocate("memory", LOADER_STATE);
    steps.passed("memory");
    const name = file?.name ?? "";
    const longest = facts?.longestName ?? Number.POSITIVE_INFINITY;
    if (name.length > longest) {
      const detail = `${name.length} bytes are too long for it, above ${longest} it is not read back`;
      throw new Failure("open", "restarted", undefined, detail);
    }
    if (device.region?.embedded) {
      this.hazards.add("the name is never forgotten, so no start finds the embedded image again");
      throw new Failure("open", "restarted", undefined, "the region is a part of the firmware");
    }
    steps.passed("open");
    return file?.bytes ?? new Uint8Array(0);
  }

  private load(region: LfsRegion, bytes: Uint8Array): void {
    const { flash, target } = this.device;
    const sectors = `of ${region.size / SECTOR_SIZE} sectors`;
    this.lfs = "unfinished";
    this.steps.passed("erase", `${eraseRegion53(flash, region)} ${sectors}`);
    this.lfs = "erased";
    const sink = new FlashSink53(flash, region);
    const stage = { step: "header" as StepName53 };
    try {
      const size = loadImage53(bytes, sink, {
        target,
        address: region.mapped,
        chunkName: NAMELESS,
        onStage: (next) => this.pass(stage, next),
        onMemory: (change) => this.allocate(stage.step, change),
      });
      this.steps.passed("finish", `${size} bytes`);
      this.lfs = "written";
    } catch (error) {
      if (sink.position > HEADER_SIZE_53) this.lfs = "unfinished";
      throw this.asFailure(error, stage.step);
    } finally {
      if (sink.overran) this.hazards.add(OVERRUN);
    }
  }

  /** The stage at hand is over. */
  private pass(stage: { step: StepName53 }, next: StepName53): void {
    this.steps.passed(stage.step);
    stage.step = next;
  }

  private asFailure(error: unknown, step: StepName53): unknown {
    if (error instanceof ChunkError) {
      const detail = `${error.field} at offset ${error.offset}`;
      return new Failure(step, "restarted", error.message, detail);
    }
    if (error instanceof ImageError) {
      this.hazards.add(error.message);
      return new Failure(step, "stuck", undefined, error.message);
    }
    if (error instanceof FlashOverrun) return new Failure(step, "stuck", undefined, OVERRUN);
    return error;
  }

  /** @param bytes below 0: they are given back */
  private allocate(step: StepName53, bytes: number): void {
    const size = this.device.freeHeap ?? this.facts?.dataRam ?? Number.POSITIVE_INFINITY;
    this.memory += bytes;
    if (this.memory > size) {
      throw new Failure(step, "restarted", NO_MEMORY, `${this.memory} bytes needed, ${size} there`);
    }
    this.peakMemory = Math.max(this.peakMemory, this.memory);
  }

  private result(end: LoadResult53["end"], message: LuaString | undefined): LoadResult53 {
    const { lfs, hazards, peakMemory } = this;
    const boot = this.nextStart(end === "restarted" && message === undefined);
    return {
      steps: this.steps.all(),
      end,
      message,
      lfs,
      boot,
      loaded: lfs === "written" && boot.state === "loaded" && !hazards.has(OVERRUN),
      hazards: [...hazards],
      peakMemory,
    };
  }

  /** @param isUp false when the device has printed an error instead of looking at its region again */
  private nextStart(isUp: boolean): BootResult53 {
    const { device } = this;
    // With a name to be loaded it does not look at all.
    if (isUp && device.region?.embedded) return { state: "empty" };
    return isUp ? boot53(device) : inspectRegion53(device);
  }
}

const OVERRUN = "the image is larger than the region, and the loader writes over what follows it";

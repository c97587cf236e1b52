/**
 * Loading an image file into the LFS as Lua 5.1 firmware does: `node.LFS.reload`, and in older
 * firmware `node.flashreload`. Source: lfs51.md §9.1–§9.3.
 *
 *     first pass    checks everything and keeps the bitmap; a failure is returned to Lua
 *     second pass   erases, writes block by block; a failure erases the whole region
 *     end           the device restarts
 */
import type { LuaString } from "../base/lua-string.ts";
import { type BootResult, boot } from "./boot51.ts";
import type { LfsDevice, LfsRegion } from "./device.ts";
import { FirstPass } from "./first-pass51.ts";
import { Heap, type ImageFile, LoadFailure, type LoadReport, READ_ERROR } from "./load-report.ts";
import { BLOCK_SIZE } from "./output-window.ts";
import { SecondPass } from "./second-pass51.ts";
import { type LoadStep, STEP_TITLES, StepList } from "./steps.ts";

export interface LoadResult {
  /** Every step, in the order of {@link STEP_TITLES}. */
  readonly steps: readonly LoadStep[];
  /**
   * How the call ended: it returned `message` to Lua; or `message` went to the UART and the device
   * restarted; or the device got stuck or crashed, which its makers did not intend.
   */
  readonly end: "returned" | "restarted" | "stuck";
  readonly message: LuaString | undefined;
  /** What became of the region. */
  readonly lfs: "kept" | "erased" | "unfinished" | "written";
  /** What the next boot finds. */
  readonly boot: BootResult;
  /** Whether the next boot runs the new image. */
  readonly loaded: boolean;
  /**
   * Where one device may go on differently from another, because the file makes it use memory that
   * is not its own or that nothing was written to; in plain words.
   */
  readonly hazards: readonly string[];
  /** Bytes of RAM in use at the worst moment. */
  readonly peakMemory: number;
}

/** Bytes of the loader's records for the file and for the output. */
const FILE_STATE = 1048;
const LOADER_STATE = 2128;
/** Loaders refuse compact files of so many bytes and fewer, whatever is in them. */
export const LARGEST_REFUSED = 200;

const NO_REGION = "No LFS partition allocated";
const EMBEDDED = "Not allowed to write to LFS section";
const NO_FILE = "LFS image file not found";
const SUCCESS = "LFS region updated.  Restarting.";

/**
 * Loads an image file into the LFS of the device, in its flash.
 *
 * @param file undefined when there is none of that name
 * @throws PowerCut when the flash's power is set to fail
 */
export function reload(device: LfsDevice, file: ImageFile | undefined): LoadResult {
  const report: LoadReport = {
    steps: new StepList(STEP_TITLES),
    heap: new Heap(device.freeHeap ?? device.firmware.facts.dataRam),
    hazards: new Set(),
  };
  const { end, message, lfs } = new Load(device, report).run(file);
  const found = boot(device);
  return {
    steps: report.steps.all(),
    end,
    message,
    lfs,
    boot: found,
    loaded: lfs === "written" && found.state === "loaded",
    hazards: [...report.hazards],
    peakMemory: report.heap.peak,
  };
}

type Ending = Pick<LoadResult, "end" | "message" | "lfs">;

class Load {
  private readonly device: LfsDevice;
  private readonly report: LoadReport;

  constructor(device: LfsDevice, report: LoadReport) {
    this.device = device;
    this.report = report;
  }

  run(file: ImageFile | undefined): Ending {
    let second: SecondPass;
    try {
      second = this.firstPass(file);
    } catch (error) {
      return { ...this.ending(error, "returned"), lfs: "kept" };
    }
    try {
      second.run();
    } catch (error) {
      const ending = this.ending(error, "restarted");
      if (ending.end === "stuck") return { ...ending, lfs: second.state };
      second.eraseAll();
      return { ...ending, lfs: "erased" };
    }
    return { end: "restarted", message: SUCCESS, lfs: second.state };
  }

  /** Up to and without the first erase. */
  private firstPass(file: ImageFile | undefined): SecondPass {
    const { device, report } = this;
    const { steps, heap } = report;
    const region = this.writableRegion();
    heap.allocate("memory", FILE_STATE + LOADER_STATE);
    steps.passed("memory");
    if (!file) throw new LoadFailure("file", NO_FILE);
    steps.passed("file");
    const payload = this.payloadLength(file);
    for (let i = 0; i < device.firmware.facts.blocks; i++) heap.allocate("blocks", BLOCK_SIZE);
    steps.passed("blocks");
    const first = new FirstPass(payload, region, device.firmware, report);
    first.run(file);
    return new SecondPass(file, payload, region, device, report, first.result());
  }

  private writableRegion(): LfsRegion {
    const { region } = this.device;
    if (!region) throw new LoadFailure("region", NO_REGION);
    if (region.embedded) throw new LoadFailure("region", EMBEDDED);
    const place = `${region.size} bytes at 0x${region.mapped.toString(16)}`;
    this.report.steps.passed("region", place);
    return region;
  }

  /** The last word of the file. */
  private payloadLength({ bytes, unreadable }: ImageFile): number {
    const size = bytes.length;
    const detail = `${size} bytes`;
    if (size <= LARGEST_REFUSED) throw new LoadFailure("size", READ_ERROR, detail);
    const last = size - 4;
    if (unreadable?.pass === 1 && unreadable.offset >= last) {
      throw new LoadFailure("size", READ_ERROR, "its end cannot be read");
    }
    this.report.steps.passed("size", detail);
    return new DataView(bytes.buffer, bytes.byteOffset, size).getUint32(last, true);
  }

  private ending(error: unknown, end: "returned" | "restarted"): Omit<Ending, "lfs"> {
    if (!(error instanceof LoadFailure)) throw error;
    this.report.steps.failed(error.step, error.text, error.detail);
    return error.text === undefined
      ? { end: "stuck", message: undefined }
      : { end, message: error.text };
  }
}

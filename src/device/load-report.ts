/**
 * What the parts of the loader have in common: the file, the memory account, how a load fails.
 * Source: lfs51.md §8, §9.2.
 */
import type { LuaString } from "../base/lua-string.ts";
import { DeviceInput, EndlessInput, InputUnreadable } from "./device-input.ts";
import { type InflateEnd, inflate } from "./inflater.ts";
import { DistanceError, EndlessOutput, type OutputWindow } from "./output-window.ts";
import type { StepList, StepName } from "./steps.ts";

/** An image file as the device's file system has it. */
export interface ImageFile {
  readonly bytes: Uint8Array;
  /** What the second pass reads, when somebody writes to the file during the load. */
  readonly secondBytes?: Uint8Array;
  /** A byte that the file system cannot read, nor the 1024 of its piece, and in which pass. */
  readonly unreadable?: { readonly pass: 1 | 2; readonly offset: number };
}

export interface LoadReport {
  readonly steps: StepList<StepName>;
  readonly heap: Heap;
  /** Plain words. */
  readonly hazards: Set<string>;
}

/** The load ends here. */
export class LoadFailure extends Error {
  readonly step: StepName;
  /** The device's own words; undefined when it gets stuck or crashes without any. */
  readonly text: LuaString | undefined;
  readonly detail: string | undefined;

  constructor(step: StepName, text: LuaString | undefined, detail?: string) {
    super(text ?? detail);
    this.step = step;
    this.text = text;
    this.detail = detail;
  }
}

export const READ_ERROR = "read error on LFS image file";
const NO_MEMORY = "Memory allocation error";
const BAD_DISTANCE = "invalid dictionary offset on inflate";

/** Bytes of the inflater's record. */
const INFLATER_STATE = 1460;

/** Counts bytes of RAM; the allocator's own overhead and fragmentation are left out. */
export class Heap {
  /** Bytes in use at the worst moment. */
  peak = 0;
  private used = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  /** @throws LoadFailure with `text` when there is not so much */
  allocate(step: StepName, bytes: number, text: LuaString = NO_MEMORY): void {
    const needed = this.used + bytes;
    if (needed > this.size) {
      throw new LoadFailure(step, text, `${needed} bytes needed, ${this.size} there`);
    }
    this.used = needed;
    this.peak = Math.max(this.peak, needed);
  }

  free(bytes: number): void {
    this.used -= bytes;
  }
}

const ENDLESS_INPUT = "the device reads beyond the end of the file and does not stop";
const ENDLESS_OUTPUT = "the file inflates to more than the device lives through";

/**
 * Inflates the file into the window as one of the passes.
 *
 * @param step that fails when the file cannot be read or makes the device stuck
 * @throws LoadFailure
 */
export function inflateFile(
  file: ImageFile,
  pass: 1 | 2,
  window: OutputWindow,
  heap: Heap,
  texts: { readonly step: StepName; readonly noMemory: LuaString },
): InflateEnd {
  const { step } = texts;
  const bytes = pass === 2 ? (file.secondBytes ?? file.bytes) : file.bytes;
  const unreadable = file.unreadable?.pass === pass ? file.unreadable.offset : undefined;
  heap.allocate(step, INFLATER_STATE, texts.noMemory);
  try {
    return inflate(new DeviceInput(bytes, unreadable), window);
  } catch (error) {
    throw asFailure(error, pass, step);
  } finally {
    heap.free(INFLATER_STATE);
  }
}

function asFailure(error: unknown, pass: 1 | 2, step: StepName): unknown {
  if (error instanceof DistanceError) {
    return new LoadFailure(pass === 1 ? "distance" : step, BAD_DISTANCE, error.message);
  }
  if (error instanceof InputUnreadable) return new LoadFailure(step, READ_ERROR, "cannot be read");
  if (error instanceof EndlessInput) return new LoadFailure(step, undefined, ENDLESS_INPUT);
  if (error instanceof EndlessOutput) return new LoadFailure(step, undefined, ENDLESS_OUTPUT);
  return error;
}

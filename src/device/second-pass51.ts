/**
 * The second pass of a load: erases the sectors of the image, inflates the file once more, and
 * writes block by block with all addresses in place. Source: lfs51.md §9.3.
 *
 * The first word carries the load-in-progress bit until the rest is written; clearing it is the last
 * write, so that a load that was cut short is known at the next boot.
 */

import { LOADING_BIT, WORD_SIZE, WORDS_PER_MARK } from "../image/layout51.ts";
import type { LfsDevice, LfsRegion } from "./device.ts";
import type { FirstPassResult } from "./first-pass51.ts";
import { SECTOR_SIZE } from "./flash.ts";
import { type ImageFile, inflateFile, LoadFailure, type LoadReport } from "./load-report.ts";
import { BLOCK_SIZE, type BlockHandler, OutputWindow } from "./output-window.ts";

const NO_MEMORY = "Memory_error during decompression";
const DATA_ERROR = "Data_error during decompression";

export class SecondPass implements BlockHandler {
  /** What the region holds at this moment. */
  state: "kept" | "unfinished" | "written" = "kept";
  private written = 0;
  private readonly file: ImageFile;
  private readonly payload: number;
  private readonly region: LfsRegion;
  private readonly device: LfsDevice;
  private readonly report: LoadReport;
  private readonly first: FirstPassResult;

  constructor(
    file: ImageFile,
    payload: number,
    region: LfsRegion,
    device: LfsDevice,
    report: LoadReport,
    first: FirstPassResult,
  ) {
    this.file = file;
    this.payload = payload;
    this.region = region;
    this.device = device;
    this.report = report;
    this.first = first;
  }

  /** @throws LoadFailure, PowerCut */
  run(): void {
    this.eraseForImage();
    if (this.file.secondBytes === undefined && this.file.unreadable === undefined) {
      // The same file inflates to the same once more.
      for (const { block, total } of this.first.blocks) this.blockFull(block, total);
    } else {
      this.inflateAgain();
    }
  }

  /** @throws LoadFailure, PowerCut */
  private inflateAgain(): void {
    const { file, payload, first } = this;
    const window = new OutputWindow(payload, this);
    window.limit = first.outputLimit;
    const texts = { step: "write", noMemory: NO_MEMORY } as const;
    const { crc, trouble } = inflateFile(file, 2, window, this.report.heap, texts);
    if (crc === undefined && this.device.firmware.facts.checksSecondInflate) {
      throw new LoadFailure("write", DATA_ERROR, trouble);
    }
  }

  /** What the device does after a failure. @throws PowerCut */
  eraseAll(): void {
    this.erase(this.region.size / SECTOR_SIZE);
  }

  readsUnwrittenMemory(): void {
    this.report.hazards.add("a code table repeats a length that is not there");
  }

  /** @throws PowerCut */
  blockFull(block: Uint8Array, total: number): void {
    if (this.state === "written") return;
    const { imageSize, signature } = this.first;
    const length = total > imageSize ? imageSize % BLOCK_SIZE : BLOCK_SIZE;
    const words = this.relocated(block, length);
    if (total <= BLOCK_SIZE && length > 0) {
      words.setUint32(0, signature | LOADING_BIT, true);
    }
    this.program(this.written, words);
    this.written += length;
    if (total >= imageSize) this.finish();
  }

  private eraseForImage(): void {
    const sectors = Math.trunc((this.first.imageSize - 1) / SECTOR_SIZE) + 1;
    this.erase(sectors);
    this.report.steps.passed("erase", `${sectors} of ${this.region.size / SECTOR_SIZE} sectors`);
  }

  private erase(sectors: number): void {
    const first = this.region.offset / SECTOR_SIZE;
    for (let i = 0; i < sectors; i++) {
      this.device.flash.erase(first + i);
      this.state = "unfinished";
    }
  }

  /** The block's image bytes, with the region's address added where the bitmap says so. */
  private relocated(block: Uint8Array, length: number): DataView {
    const words = new DataView(block.slice(0, length).buffer);
    const bitmap = new DataView(this.first.bitmap.buffer);
    const group = WORDS_PER_MARK * WORD_SIZE;
    for (let at = 0; at < length; at += group) {
      let marks = bitmap.getInt32(((this.written + at) / group) * WORD_SIZE, true);
      // Marks beyond the image's end are never looked at.
      const left = (length - at) / WORD_SIZE;
      if (left < WORDS_PER_MARK) marks &= (1 << left) - 1;
      for (; marks !== 0; marks &= marks - 1) {
        this.relocate(words, at + (31 - Math.clz32(marks & -marks)) * WORD_SIZE);
      }
    }
    return words;
  }

  /** Makes an address of a word offset. */
  private relocate(words: DataView, at: number): void {
    words.setUint32(at, words.getUint32(at, true) * WORD_SIZE + this.region.mapped, true);
  }

  /** The signature without its load-in-progress bit. */
  private finish(): void {
    const { steps } = this.report;
    steps.passed("write", `${this.written} bytes`);
    const word = new DataView(new ArrayBuffer(WORD_SIZE));
    word.setUint32(0, this.first.signature, true);
    this.program(0, word);
    this.state = "written";
    steps.passed("finish");
  }

  private program(offset: number, words: DataView): void {
    const { buffer } = words;
    this.device.flash.program(this.region.offset + offset, new Uint8Array(buffer as ArrayBuffer));
  }
}

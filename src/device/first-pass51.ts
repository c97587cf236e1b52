/**
 * The first pass of a load: inflates the file, checks what there is to check, keeps the bitmap, and
 * touches nothing. Source: lfs51.md §9.2, payload §6.
 *
 *     payload = header ... image bytes, then the bitmap: a bit for each word of the image
 */
import type { LuaString } from "../base/lua-string.ts";
import { crc32 } from "../image/crc32.ts";
import { ABSOLUTE_BIT, HeaderWord, WORD_SIZE } from "../image/layout51.ts";
import type { LfsFirmware, LfsRegion } from "./device.ts";
import {
  type ImageFile,
  inflateFile,
  LoadFailure,
  type LoadReport,
  READ_ERROR,
} from "./load-report.ts";
import { BLOCK_SIZE, type BlockHandler, OutputWindow } from "./output-window.ts";
import type { StepName } from "./steps.ts";

const WRONG_VERSION = "Incorrect LFS header version";
const WRONG_BUILD = "Incorrect LFS build type";
const WRONG_SIGNATURE = "incorrect LFS header signature";
const TOO_BIG = "LFS Image too big for configured LFS region";
const WRONG_LENGTH = "LFS length mismatch";
const WRONG_CHECKSUM = "checksum error on LFS image file";

/** Bytes of the header that are looked at. */
const HEADER_SEEN = 8;
/** Bits of the signature that are compared first. */
const VERSION_MASK = 0xf00;
const VERSION = 0x100;
const PACKED = 0x004;

/** What the second pass needs to know. */
export interface FirstPassResult {
  readonly signature: number;
  /** Bytes of the image, without the bitmap. */
  readonly imageSize: number;
  readonly bitmap: Uint8Array;
  /** Bytes of output that no device lives through. */
  readonly outputLimit: number;
  /** All that the file inflates to, block by block; the second pass gets just that once more. */
  readonly blocks: readonly InflatedBlock[];
}

export interface InflatedBlock {
  readonly block: Uint8Array;
  /** Bytes so far, those in the block included. */
  readonly total: number;
}

export class FirstPass implements BlockHandler {
  private signature = 0;
  private imageSize = 0;
  private bitmap = new Uint8Array(0);
  /** Bytes of the bitmap's content met so far, in whole words. */
  private kept = 0;
  private crc = 0;
  private readonly blocks: InflatedBlock[] = [];
  private readonly payload: number;
  private readonly region: LfsRegion;
  private readonly firmware: LfsFirmware;
  private readonly report: LoadReport;
  private readonly window: OutputWindow;

  constructor(payload: number, region: LfsRegion, firmware: LfsFirmware, report: LoadReport) {
    this.payload = payload;
    this.region = region;
    this.firmware = firmware;
    this.report = report;
    this.window = new OutputWindow(payload, this);
    this.window.limit = this.outputLimit();
  }

  /** @throws LoadFailure */
  run(file: ImageFile): void {
    const { steps, heap } = this.report;
    const texts = { step: "inflate", noMemory: READ_ERROR } as const;
    const { crc, trouble } = inflateFile(file, 1, this.window, heap, texts);
    if (crc === undefined) throw new LoadFailure("inflate", READ_ERROR, trouble);
    steps.passed("inflate", `to ${this.window.total} bytes`);
    steps.passed("distance");
    const own = this.crc;
    this.check("checksum", own === crc, WRONG_CHECKSUM, `${hex(own)}, the file says ${hex(crc)}`);
    if (this.window.total < this.payload) this.hazard("the bitmap is not all in the file");
  }

  result(): FirstPassResult {
    const { signature, imageSize, bitmap, blocks } = this;
    return { signature, imageSize, bitmap, blocks, outputLimit: this.outputLimit() };
  }

  readsUnwrittenMemory(): void {
    this.hazard("a code table repeats a length that is not there");
  }

  /** @throws LoadFailure */
  blockFull(block: Uint8Array, total: number): void {
    if (total <= BLOCK_SIZE) this.header(block, total);
    this.blocks.push({ block: block.slice(), total });
    const length = total % BLOCK_SIZE || BLOCK_SIZE;
    this.crc = crc32(block.subarray(0, length), this.crc);
    if (total > this.imageSize) this.keepBitmap(block, total, length);
  }

  private header(block: Uint8Array, total: number): void {
    if (total < HEADER_SEEN) this.hazard("the header is not all in the file");
    if (this.report.steps.has("bitmap")) this.hazard("memory is taken for a second header");
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const signature = view.getUint32(HeaderWord.Signature * WORD_SIZE, true);
    const size = view.getUint32(HeaderWord.Size * WORD_SIZE, true);
    this.checkSignature(signature);
    this.checkLengths(size);
    this.signature = signature;
    this.imageSize = size;
    const bytes = this.bitmapWords(size) * WORD_SIZE;
    this.report.heap.allocate("bitmap", bytes);
    this.report.steps.passed("bitmap", `${bytes} bytes`);
    this.bitmap = new Uint8Array(bytes);
    this.window.limit = this.outputLimit();
  }

  private checkSignature(found: number): void {
    const wanted = this.firmware.signature;
    const detail = `${hex(found)}, the firmware has ${hex(wanted)}`;
    const version = (found & VERSION_MASK) === VERSION;
    this.check("version", version, WRONG_VERSION, detail);
    const packed = (found & PACKED) === (wanted & PACKED);
    this.check("build", packed, WRONG_BUILD, detail);
    const same = (found & ~ABSOLUTE_BIT) >>> 0 === wanted;
    this.check("signature", same, WRONG_SIGNATURE, detail);
  }

  private checkLengths(size: number): void {
    const room = `${size} bytes into ${this.region.size}`;
    this.check("fit", size <= this.region.size, TOO_BIG, room);
    const wanted = (1 + ((((size >>> 2) - 1) >>> 0) >>> 5)) >>> 0;
    const agree = size % WORD_SIZE === 0 && this.bitmapWords(size) === wanted;
    const lengths = `image ${size} bytes, with bitmap ${this.payload}`;
    this.check("length", agree, WRONG_LENGTH, lengths);
  }

  /** Words between the image's end and the payload's, in the device's arithmetic. */
  private bitmapWords(size: number): number {
    return ((this.payload - size) >>> 0) >>> 2;
  }

  /** Takes what a block holds of the bitmap, and of what follows it, for which there is no room. */
  private keepBitmap(block: Uint8Array, total: number, length: number): void {
    const start = Math.max(0, this.imageSize - (total - length));
    const part = block.subarray(start, length);
    const room = this.bitmap.length - this.kept;
    if (part.length > room) this.hazard("the loader writes beyond its memory for the bitmap");
    if (room > 0) this.bitmap.set(part.subarray(0, room), this.kept);
    this.kept += Math.floor(part.length / WORD_SIZE) * WORD_SIZE;
  }

  /** Writing beyond the bitmap through all of the RAM is the end of any device. */
  private outputLimit(): number {
    return this.imageSize + this.bitmap.length + BLOCK_SIZE + this.firmware.facts.dataRam;
  }

  private check(step: StepName, holds: boolean, text: LuaString, detail: string): void {
    if (!holds) throw new LoadFailure(step, text, detail);
    this.report.steps.passed(step, detail);
  }

  private hazard(words: string): void {
    this.report.hazards.add(words);
  }
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}

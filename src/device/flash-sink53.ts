/**
 * Where the loader of Lua 5.3 writes on a device: words are collected in a block and programmed when
 * the next one does not fit. Source: lua53.md §9.1.
 */
import { HEADER_SIZE_53, WORD_SIZE } from "../image/layout53.ts";
import type { WordSink } from "../image/word-sink.ts";
import type { LfsRegion } from "./device.ts";
import type { NorFlash } from "./flash.ts";

/** Bytes of a block; blocks do not begin where sectors do, as the first is behind the header. */
const BLOCK_SIZE = 4096;

/** The image does not fit into the flash, let alone the region. */
export class FlashOverrun extends Error {}

export class FlashSink53 implements WordSink {
  /** Whether anything was programmed behind the region. */
  overran = false;
  private readonly flash: NorFlash;
  private readonly region: LfsRegion;
  private readonly block = new Uint8Array(BLOCK_SIZE);
  private readonly view = new DataView(this.block.buffer);
  /** Bytes of the block in use. */
  private used = 0;
  /** Offset in the image at which the block begins. */
  private start = HEADER_SIZE_53;

  constructor(flash: NorFlash, region: LfsRegion) {
    this.flash = flash;
    this.region = region;
  }

  get position(): number {
    return this.start + this.used;
  }

  /** @throws PowerCut, FlashOverrun */
  word(value: number): void {
    if (this.used === BLOCK_SIZE) this.flush();
    this.view.setInt32(this.used, value, true);
    this.used += WORD_SIZE;
  }

  /** @throws PowerCut, FlashOverrun */
  bytes(bytes: Uint8Array): void {
    const whole = new Uint8Array(Math.ceil(bytes.length / WORD_SIZE) * WORD_SIZE);
    whole.set(bytes);
    const view = new DataView(whole.buffer);
    for (let at = 0; at < whole.length; at += WORD_SIZE) this.word(view.getInt32(at, true));
  }

  /** @throws PowerCut, FlashOverrun */
  flush(): void {
    const { flash, region, used } = this;
    const offset = region.offset + this.start;
    this.start += used;
    this.used = 0;
    this.overran ||= this.start > region.size;
    if (offset + used > flash.size) throw new FlashOverrun();
    flash.program(offset, this.block.subarray(0, used));
  }

  /** @throws PowerCut */
  header(words: readonly number[]): void {
    this.start = 0;
    for (const word of words) this.word(word);
  }
}

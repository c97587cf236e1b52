/**
 * What the loader inflates into: nine blocks of 2048 bytes, used in turn, which also serve as the
 * window for copies. A block that is full, or that holds the last byte of the payload, is handed on.
 * Source: lfs51.md §8, §9.2.
 *
 * When a file goes on after its payload, blocks and positions are out of step from then on; the
 * device goes on like that, and so does this.
 */
import type { InflaterOutput } from "./inflater.ts";

export const BLOCK_SIZE = 2048;
const BLOCK_BITS = 11;
const IN_BLOCK = BLOCK_SIZE - 1;
const BLOCKS = 9;
const FARTHEST = 16384;

/** A copy that begins too far back, or at the very first byte. */
export class DistanceError extends Error {}

/** More output than any device lives through. */
export class EndlessOutput extends Error {}

export interface BlockHandler {
  /** `block` is a view that changes later; `total` counts all bytes so far, those in it included. */
  blockFull(block: Uint8Array, total: number): void;
  readsUnwrittenMemory(): void;
}

export class OutputWindow implements InflaterOutput {
  /** Bytes since the pass began. */
  total = 0;
  /** No more bytes than this are accepted. */
  limit = Number.POSITIVE_INFINITY;
  private readonly bytes = new Uint8Array(BLOCKS * BLOCK_SIZE);
  private readonly payload: number;
  private readonly handler: BlockHandler;
  private slot = 0;

  /** @param payload bytes that the file says it inflates to */
  constructor(payload: number, handler: BlockHandler) {
    this.payload = payload;
    this.handler = handler;
  }

  /** @throws EndlessOutput, and what the handler throws */
  put(byte: number): void {
    this.bytes[this.slot * BLOCK_SIZE + (this.total & IN_BLOCK)] = byte;
    this.advance(1);
  }

  /** @throws DistanceError, EndlessOutput, and what the handler throws */
  copy(distance: number, length: number): void {
    if (distance > FARTHEST || distance >= this.total) {
      throw new DistanceError(`${distance} bytes back after ${this.total} bytes`);
    }
    for (let left = length; left > 0; ) left -= this.copyRun(distance, left);
  }

  uncertain(): void {
    this.handler.readsUnwrittenMemory();
  }

  /** Copies as much as lies within one block, here and there. Returns how much. */
  private copyRun(distance: number, most: number): number {
    const { bytes, total, payload } = this;
    const start = total - distance;
    const blocksBack = (total >>> BLOCK_BITS) - (start >>> BLOCK_BITS);
    const slot = this.slot - blocksBack + (blocksBack > this.slot ? BLOCKS : 0);
    const from = slot * BLOCK_SIZE + (start & IN_BLOCK);
    const to = this.slot * BLOCK_SIZE + (total & IN_BLOCK);
    let count = Math.min(most, BLOCK_SIZE - (to & IN_BLOCK), BLOCK_SIZE - (from & IN_BLOCK));
    if (total < payload) count = Math.min(count, payload - total);
    // Byte by byte: a copy may read what it has just written.
    for (let i = 0; i < count; i++) bytes[to + i] = bytes[from + i];
    this.advance(count);
    return count;
  }

  /** @param count at most up to the end of the block or of the payload */
  private advance(count: number): void {
    this.total += count;
    if ((this.total & IN_BLOCK) === 0 || this.total === this.payload) this.blockFull();
  }

  private blockFull(): void {
    if (this.total > this.limit) throw new EndlessOutput();
    const start = this.slot * BLOCK_SIZE;
    this.handler.blockFull(this.bytes.subarray(start, start + BLOCK_SIZE), this.total);
    this.slot = (this.slot + 1) % BLOCKS;
  }
}

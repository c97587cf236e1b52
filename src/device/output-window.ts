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
    this.bytes[this.slot * BLOCK_SIZE + (this.total % BLOCK_SIZE)] = byte;
    this.total++;
    if (this.total % BLOCK_SIZE === 0 || this.total === this.payload) this.blockFull();
  }

  /** @throws DistanceError, EndlessOutput, and what the handler throws */
  copy(distance: number, length: number): void {
    if (distance > FARTHEST || distance >= this.total) {
      throw new DistanceError(`${distance} bytes back after ${this.total} bytes`);
    }
    for (let i = 0; i < length; i++) this.put(this.recall(distance));
  }

  uncertain(): void {
    this.handler.readsUnwrittenMemory();
  }

  private recall(distance: number): number {
    const { total } = this;
    const from = total - distance;
    const blocksBack = Math.floor(total / BLOCK_SIZE) - Math.floor(from / BLOCK_SIZE);
    const slot = (this.slot - blocksBack + BLOCKS) % BLOCKS;
    return this.bytes[slot * BLOCK_SIZE + (from % BLOCK_SIZE)];
  }

  private blockFull(): void {
    if (this.total > this.limit) throw new EndlessOutput();
    const start = this.slot * BLOCK_SIZE;
    this.handler.blockFull(this.bytes.subarray(start, start + BLOCK_SIZE), this.total);
    this.slot = (this.slot + 1) % BLOCKS;
  }
}

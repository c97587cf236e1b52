/**
 * Where the loader of Lua 5.3 images puts what it makes: words, one after another, behind room for
 * the header, which comes last. Source: lua53.md §5.1.
 */
import { HEADER_SIZE_53, WORD_SIZE } from "./layout53.ts";

export interface WordSink {
  /** Offset in the image of the next word. */
  readonly position: number;
  word(value: number): void;
  /** Bytes, filled up to whole words with zeros. */
  bytes(bytes: Uint8Array): void;
  /** Lets go of what has been collected so far. */
  flush(): void;
  /** Puts words at the start of the image. */
  header(words: readonly number[]): void;
}

/** The image in memory. */
export class ImageBuffer implements WordSink {
  private content: Uint8Array;
  private view: DataView;
  private end = HEADER_SIZE_53;

  /** @param capacity bytes to reserve at first */
  constructor(capacity = 4096) {
    this.content = new Uint8Array(Math.max(capacity, HEADER_SIZE_53));
    this.view = new DataView(this.content.buffer);
  }

  get position(): number {
    return this.end;
  }

  word(value: number): void {
    this.reserve(WORD_SIZE);
    this.view.setInt32(this.end, value, true);
    this.end += WORD_SIZE;
  }

  bytes(bytes: Uint8Array): void {
    const size = Math.ceil(bytes.length / WORD_SIZE) * WORD_SIZE;
    this.reserve(size);
    this.content.set(bytes, this.end);
    this.end += size;
  }

  flush(): void {
    // All is there already.
  }

  header(words: readonly number[]): void {
    words.forEach((word, i) => {
      this.view.setInt32(i * WORD_SIZE, word, true);
    });
  }

  /** A copy of the image. */
  finish(): Uint8Array {
    return this.content.slice(0, this.end);
  }

  private reserve(size: number): void {
    const needed = this.end + size;
    if (needed <= this.content.length) return;
    const grown = new Uint8Array(Math.max(needed, this.content.length * 2));
    grown.set(this.content.subarray(0, this.end));
    this.content = grown;
    this.view = new DataView(grown.buffer);
  }
}

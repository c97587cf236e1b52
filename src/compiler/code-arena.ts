/**
 * Where finished code lies. Making many small typed arrays is slow in JavaScript engines, so the
 * functions of one compile are views of a few large ones.
 */
const SMALLEST = 128;
const LARGEST = 1 << 16;

export class CodeArena {
  private words: Int32Array;
  private end = 0;

  /** @param expected words that the whole chunk is likely to need */
  constructor(expected: number) {
    this.words = new Int32Array(Math.min(Math.max(expected, SMALLEST), LARGEST));
  }

  /** A lasting copy of the first `count` words. */
  keep(code: Int32Array, count: number): Int32Array {
    const start = this.end;
    if (start + count > this.words.length) {
      this.words = new Int32Array(Math.max(count, this.words.length));
      this.end = 0;
      return this.keep(code, count);
    }
    const { words } = this;
    for (let i = 0; i < count; i++) words[start + i] = code[i];
    this.end = start + count;
    return words.subarray(start, this.end);
  }
}

/**
 * Where the instructions of one compile lie: one large typed array, because many small ones are
 * slow to make. The code of open functions grows upward, a nested function beginning where its
 * parent has got to; when a function ends, its code moves to the finished code, which grows
 * downward from the top, and the parent goes on where the nested function began.
 *
 *     0 | main … | nested … | -> free <- | finished | finished | top
 */
const SMALLEST = 64;
const LARGEST = 1 << 16;

export class CodeBuffer {
  words: Int32Array;
  /** Where the finished code begins; open code must stay below. */
  limit: number;

  /** @param expected words that the whole chunk is likely to need */
  constructor(expected: number) {
    this.words = new Int32Array(Math.min(SMALLEST + expected, LARGEST));
    this.limit = this.words.length | 0;
  }

  /** Moves open code to a larger array. Finished code stays in the old one, for its views. */
  grow(): void {
    const grown = new Int32Array(this.words.length * 2);
    grown.set(this.words.subarray(0, this.limit));
    this.words = grown;
    this.limit = grown.length | 0;
  }

  /**
   * Finishes the topmost function.
   * @param start where it begins, with its `count` words and as many more below the limit
   * @returns a lasting view of its words
   */
  keep(start: number, count: number): Int32Array {
    const { words } = this;
    const to = this.limit - count;
    for (let i = 0; i < count; i++) words[to + i] = words[start + i];
    const view = words.subarray(to, this.limit);
    this.limit = to;
    return view;
  }
}

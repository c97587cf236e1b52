/**
 * Huffman codes as the device decodes them: canonical, of up to 15 bits, and never checked for
 * being complete. A code nobody has is found out after 16 bits. Source: lfs51.md §8.
 */
import type { DeviceInput } from "./device-input.ts";

/** What {@link HuffmanCode.decode} gives for 16 bits that are no code. */
export const NO_SYMBOL = -1;

const LONGEST = 15;
/** Codes of up to so many bits are looked up in one step. */
const QUICK = 9;
export const QUICK_MASK = (1 << QUICK) - 1;

export class HuffmanCode {
  /** By length: how many codes have it, the first of them, and where its symbols begin. */
  private readonly counts = new Int32Array(LONGEST + 1);
  private readonly firstCodes = new Int32Array(LONGEST + 1);
  private readonly firstSymbols = new Int32Array(LONGEST + 1);
  /** Symbols by code. */
  private readonly symbols: Uint16Array;
  /** By the next bits: symbol × 16 + length, or 0 when the code is longer. */
  readonly quick = new Uint16Array(1 << QUICK);

  /** @param lengths of the symbols' codes, 0–15; 0 for a symbol that has none */
  constructor(lengths: Uint8Array) {
    for (const length of lengths) if (length > 0) this.counts[length]++;
    for (let length = 1; length <= LONGEST; length++) {
      const shorter = length - 1;
      this.firstCodes[length] = (this.firstCodes[shorter] + this.counts[shorter]) * 2;
      this.firstSymbols[length] = this.firstSymbols[shorter] + this.counts[shorter];
    }
    this.symbols = new Uint16Array(this.firstSymbols[LONGEST] + this.counts[LONGEST]);
    const free = this.firstSymbols.slice();
    lengths.forEach((length, symbol) => {
      if (length > 0) this.symbols[free[length]++] = symbol;
    });
    this.quick.forEach((_, bits, quick) => {
      quick[bits] = Math.max(0, this.find(bits, QUICK));
    });
  }

  /** Takes a code from the input. Returns its symbol, or {@link NO_SYMBOL}. */
  decode(input: DeviceInput): number {
    const bits = input.peek();
    const found = this.quick[bits & QUICK_MASK] || this.find(bits, LONGEST);
    if (found === NO_SYMBOL) {
      input.skip(LONGEST + 1);
      return NO_SYMBOL;
    }
    input.skip(found & 15);
    return found >> 4;
  }

  /**
   * Symbol × 16 + length of the code that `bits` begin with, or {@link NO_SYMBOL} when it is
   * longer than `most`. With more codes than there is room for the shortest wins, as on the device.
   */
  private find(bits: number, most: number): number {
    let code = 0;
    for (let length = 1; length <= most; length++) {
      code = code * 2 + ((bits >> (length - 1)) & 1);
      const index = code - this.firstCodes[length];
      if (index < this.counts[length]) {
        return this.symbols[this.firstSymbols[length] + index] * 16 + length;
      }
    }
    return NO_SYMBOL;
  }
}

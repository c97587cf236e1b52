/**
 * NOR flash as the simulated device has it: erasing sets a whole sector to ones, programming only
 * turns ones into zeros, and the power may fail between any two operations. Source: lfs51.md §9.3,
 * §9.4.
 *
 * The unit of programming is a word: a power cut leaves a written block whole up to some word. What
 * a cut *within* a word or a sector erase leaves is up to the chip and not modelled.
 */

/** Bytes that one erase sets to ones. */
export const SECTOR_SIZE = 4096;
const WORD = 4;

/** One step of the chip, as listeners see it before it happens. */
export type FlashOperation =
  | { readonly kind: "erase"; readonly sector: number }
  | { readonly kind: "program"; readonly offset: number; readonly word: number };

/** The power failed; the flash holds what had been done. Nothing but the caller may catch it. */
export class PowerCut extends Error {
  /** Operations that were completed since the flash was made. */
  readonly operations: number;

  constructor(operations: number) {
    super(`the power failed after ${operations} flash operations`);
    this.name = "PowerCut";
    this.operations = operations;
  }
}

export class NorFlash {
  /** Bytes, a multiple of {@link SECTOR_SIZE}. */
  readonly size: number;
  /** How often each sector has been erased, for a look at wear. */
  readonly eraseCounts: Uint32Array;
  private readonly bytes: Uint8Array;
  private readonly words: Uint32Array;
  private readonly view: DataView;
  private done = 0;
  private budget = Number.POSITIVE_INFINITY;
  private listener: ((operation: FlashOperation) => void) | undefined;

  /**
   * A new chip, all ones.
   *
   * @param size bytes; a multiple of {@link SECTOR_SIZE}
   * @throws RangeError when it is not
   */
  constructor(size: number) {
    if (!(size > 0) || size % SECTOR_SIZE !== 0) {
      throw new RangeError(`flash of ${size} bytes: must be a multiple of ${SECTOR_SIZE}`);
    }
    this.size = size;
    this.bytes = new Uint8Array(size).fill(0xff);
    this.words = new Uint32Array(this.bytes.buffer);
    this.view = new DataView(this.bytes.buffer);
    this.eraseCounts = new Uint32Array(size / SECTOR_SIZE);
  }

  /** Erases and programs, one each per sector and word, that were completed so far. */
  get operations(): number {
    return this.done;
  }

  /** A copy of `length` bytes. @throws RangeError outside the chip */
  read(offset: number, length: number): Uint8Array {
    this.checkRange(offset, length);
    return this.bytes.slice(offset, offset + length);
  }

  /** The unsigned word at an aligned or unaligned offset. @throws RangeError outside the chip */
  word(offset: number): number {
    this.checkRange(offset, WORD);
    return this.view.getUint32(offset, true);
  }

  /** Sets sector number `sector` to ones. @throws PowerCut, RangeError */
  erase(sector: number): void {
    const offset = sector * SECTOR_SIZE;
    this.checkRange(offset, SECTOR_SIZE);
    if (this.done >= this.budget) throw new PowerCut(this.done);
    this.listener?.({ kind: "erase", sector });
    this.bytes.fill(0xff, offset, offset + SECTOR_SIZE);
    this.eraseCounts[sector]++;
    this.done++;
  }

  /**
   * Programs words in ascending order; each keeps only the ones that both the flash and the data
   * have.
   *
   * @param offset of the first byte, a multiple of 4
   * @param data whole words
   * @throws PowerCut, RangeError when not aligned or outside the chip
   */
  program(offset: number, data: Uint8Array): void {
    this.checkRange(offset, data.length);
    if ((offset | data.length) % WORD !== 0) throw new RangeError("flash is programmed in words");
    const source = new Uint32Array(new Uint8Array(data).buffer);
    const first = offset / WORD;
    for (let i = 0; i < source.length; i++) {
      if (this.done >= this.budget) throw new PowerCut(this.done);
      if (this.listener) this.tell(offset, data, i * WORD);
      // Both sides are in the order of the machine, whichever it is.
      this.words[first + i] &= source[i];
      this.done++;
    }
  }

  /**
   * Puts bytes in place as a flashing tool does from a computer: erases the sectors they touch and
   * programs them. They are padded with ones to whole words.
   *
   * @param offset a multiple of {@link SECTOR_SIZE}
   * @throws PowerCut, RangeError
   */
  flashFromOutside(offset: number, data: Uint8Array): void {
    if (offset % SECTOR_SIZE !== 0) throw new RangeError("flashing begins at a sector");
    this.checkRange(offset, data.length);
    const end = offset + data.length;
    for (let at = offset; at < end; at += SECTOR_SIZE) this.erase(at / SECTOR_SIZE);
    const whole = new Uint8Array(Math.ceil(data.length / WORD) * WORD).fill(0xff);
    whole.set(data);
    this.program(offset, whole);
  }

  /** Lets `operations` more happen; the next one throws {@link PowerCut}, until power is restored. */
  cutPowerAfter(operations: number): void {
    this.budget = this.done + operations;
  }

  restorePower(): void {
    this.budget = Number.POSITIVE_INFINITY;
  }

  /** Calls back before each operation, in order; `undefined` ends it. */
  listen(listener: ((operation: FlashOperation) => void) | undefined): void {
    this.listener = listener;
  }

  /** Repeats an operation that was heard of, on this chip. @throws PowerCut, RangeError */
  repeat(operation: FlashOperation): void {
    if (operation.kind === "erase") {
      this.erase(operation.sector);
      return;
    }
    const data = new Uint8Array(WORD);
    new DataView(data.buffer).setUint32(0, operation.word, true);
    this.program(operation.offset, data);
  }

  /** A chip of the same content and wear, with power, and no listener. */
  clone(): NorFlash {
    const copy = new NorFlash(this.size);
    copy.bytes.set(this.bytes);
    copy.eraseCounts.set(this.eraseCounts);
    copy.done = this.done;
    return copy;
  }

  private tell(offset: number, data: Uint8Array, at: number): void {
    const word = new DataView(data.buffer, data.byteOffset + at, WORD).getUint32(0, true);
    this.listener?.({ kind: "program", offset: offset + at, word });
  }

  private checkRange(offset: number, length: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset + length > this.size) {
      throw new RangeError(`flash of ${this.size} bytes has no ${length} bytes at ${offset}`);
    }
  }
}

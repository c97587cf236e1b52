/**
 * The image file as the device's inflater reads it: bits, lowest first, of a file that never ends.
 * Source: lfs51.md §8, §9.2.
 *
 * The loader reads pieces of 1024 bytes. When the file is over it does not notice: every further
 * byte is the first of the last piece again.
 */

const PIECE = 1024;
/** Bits that are looked at before they are taken; longer codes are rare. */
export const FILL = 24;
/** Bytes that a few symbols take at most. */
const FEW = 8;
/** After so many bytes past the end the device will not come back: nothing changes any more. */
const ENDLESS = 1 << 20;

/** The device reads on for ever. */
export class EndlessInput extends Error {}

/** The file system did not give what was asked for. */
export class InputUnreadable extends Error {}

export class DeviceInput {
  readonly bytes: Uint8Array;
  /** Before this, bytes are there and can be read for some symbols to come. */
  readonly farEnd: number;
  private readonly stale: number;
  /** Bytes before this are read without an error. */
  private readonly readable: number;
  /** Where the next byte comes from. */
  next = 0;
  /** The next bits, lowest first, and how many of them are there. */
  hold = 0;
  held = 0;

  /** @param readable the file system fails at the first piece that reaches beyond so many bytes */
  constructor(bytes: Uint8Array, readable: number = Number.POSITIVE_INFINITY) {
    this.bytes = bytes;
    const last = Math.floor((bytes.length - 1) / PIECE) * PIECE;
    this.stale = bytes[last] ?? 0;
    this.readable = readable < bytes.length ? Math.floor(readable / PIECE) * PIECE : readable;
    this.farEnd = Math.min(bytes.length, this.readable) - FEW;
  }

  /** Goes on from a state that another has brought about, from this one's. */
  goOn(next: number, hold: number, held: number): void {
    this.next = next;
    this.hold = hold;
    this.held = held;
  }

  /** Bytes of which at least one bit was taken. */
  get taken(): number {
    return this.next - (this.held >> 3);
  }

  /** The next 24 bits or more, lowest first, of which {@link skip} then takes some. */
  peek(): number {
    while (this.held < FILL) {
      this.hold |= this.byteAt(this.next++) << this.held;
      this.held += 8;
    }
    return this.hold;
  }

  /** Takes up to 24 bits that were looked at. @throws InputUnreadable, EndlessInput */
  skip(count: number): void {
    this.hold >>>= count;
    this.held -= count;
    if (this.next > this.bytes.length || this.taken > this.readable) this.checkEnd();
  }

  /** Takes a number of up to 16 bits. @throws InputUnreadable, EndlessInput */
  bits(count: number): number {
    const value = this.peek() & ((1 << count) - 1);
    this.skip(count);
    return value;
  }

  /** Drops what is left of a byte. */
  align(): void {
    this.skip(this.held & 7);
  }

  /** A whole byte, at a byte boundary. @throws InputUnreadable, EndlessInput */
  byte(): number {
    return this.bits(8);
  }

  /** A little-endian number of two bytes. */
  uint16(): number {
    return this.byte() | (this.byte() << 8);
  }

  /** A little-endian number of four bytes, unsigned. */
  uint32(): number {
    return (this.uint16() | (this.uint16() << 16)) >>> 0;
  }

  private byteAt(offset: number): number {
    return offset < this.bytes.length ? this.bytes[offset] : this.stale;
  }

  private checkEnd(): void {
    if (this.taken > this.readable) throw new InputUnreadable();
    if (this.taken > this.bytes.length + ENDLESS) throw new EndlessInput();
  }
}

/**
 * Reads a binary format and knows where it is: the byte offset, and the name of the field in hand.
 * What is read never runs past the end; running short calls `short`, which must throw.
 */
import { fromBytes, type LuaString } from "./lua-string.ts";

const scratch = new DataView(new ArrayBuffer(8));

export class ByteReader {
  /** Offset of the next byte. */
  offset = 0;
  /** The field being read, for error messages. */
  field = "header";
  /** When set, multi-byte values are read as big-endian. */
  bigEndian = false;
  readonly bytes: Uint8Array;
  private readonly short: (reader: ByteReader) => never;

  constructor(bytes: Uint8Array, short: (reader: ByteReader) => never) {
    this.bytes = bytes;
    this.short = short;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  byte(): number {
    if (this.remaining < 1) this.short(this);
    return this.bytes[this.offset++];
  }

  /** A signed 32-bit integer. */
  int32(): number {
    const at = this.take(4);
    const b = this.bytes;
    return this.bigEndian
      ? (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]
      : b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24);
  }

  /** A signed integer of `size` bytes (1–8), exact. */
  signed(size: number): bigint {
    const at = this.take(size);
    let value = 0n;
    for (let i = 0; i < size; i++) {
      value = (value << 8n) | BigInt(this.bytes[this.bigEndian ? at + i : at + size - 1 - i]);
    }
    return BigInt.asIntN(size * 8, value);
  }

  /** An IEEE 754 single. */
  float32(): number {
    scratch.setInt32(0, this.int32());
    return scratch.getFloat32(0);
  }

  /** An IEEE 754 double. */
  float64(): number {
    const at = this.take(8);
    for (let i = 0; i < 8; i++) scratch.setUint8(i, this.bytes[at + i]);
    return scratch.getFloat64(0, !this.bigEndian);
  }

  /** A view of the next `count` bytes. */
  raw(count: number): Uint8Array {
    const at = this.take(count);
    return this.bytes.subarray(at, at + count);
  }

  text(count: number): LuaString {
    const at = this.take(count);
    return fromBytes(this.bytes, at, at + count);
  }

  /** Skips to the next multiple of `unit`. */
  align(unit: number): void {
    this.take((unit - (this.offset % unit)) % unit);
  }

  /** Claims `count` bytes and returns where they start. */
  private take(count: number): number {
    if (count > this.remaining) this.short(this);
    const at = this.offset;
    this.offset += count;
    return at;
  }
}

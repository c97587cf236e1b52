/** A growing byte buffer that knows its offset; all multi-byte values are little-endian. */
import { EncodeError } from "./errors.ts";
import type { LuaString } from "./lua-string.ts";

const scratch = new DataView(new ArrayBuffer(8));

export class ByteWriter {
  private bytes: Uint8Array;
  private end = 0;

  /** @param capacity bytes to reserve at first; the buffer doubles whenever it is full */
  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(Math.max(capacity, 16));
  }

  /** Bytes written so far, which is also the offset of the next one. */
  get offset(): number {
    return this.end;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.end++] = value;
  }

  /** A 32-bit word; signed and unsigned values are written alike. */
  int32(value: number): void {
    this.reserve(4);
    const { bytes, end } = this;
    bytes[end] = value;
    bytes[end + 1] = value >>> 8;
    bytes[end + 2] = value >>> 16;
    bytes[end + 3] = value >>> 24;
    this.end = end + 4;
  }

  /** An IEEE 754 single, the nearest to the value. */
  float32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.int32(scratch.getInt32(0, true));
  }

  /** An IEEE 754 double. */
  float64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.int32(scratch.getInt32(0, true));
    this.int32(scratch.getInt32(4, true));
  }

  /**
   * The bytes of a Lua string, without length or terminator.
   *
   * @throws EncodeError `number` when a unit is above 255
   */
  text(text: LuaString): void {
    const { length } = text;
    this.reserve(length);
    const { bytes, end } = this;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      bytes[end + i] = unit;
    }
    if (all > 0xff) {
      throw new EncodeError("number", "a string has units above 255, which are not bytes");
    }
    this.end = end + length;
  }

  raw(source: Uint8Array): void {
    this.reserve(source.length);
    if (source.length > 64) this.bytes.set(source, this.end);
    else for (let i = 0; i < source.length; i++) this.bytes[this.end + i] = source[i];
    this.end = (this.end + source.length) | 0;
  }

  /** 32-bit words, one after another. */
  words(words: Int32Array): void {
    this.reserve(words.length * 4);
    const { bytes } = this;
    let at = this.end;
    for (let i = 0; i < words.length; i++, at += 4) {
      const word = words[i];
      bytes[at] = word;
      bytes[at + 1] = word >>> 8;
      bytes[at + 2] = word >>> 16;
      bytes[at + 3] = word >>> 24;
    }
    this.end = at;
  }

  /** Zero bytes until the offset is a multiple of `unit`. */
  align(unit: number): void {
    while (this.end % unit !== 0) this.byte(0);
  }

  /** A copy of everything written. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.end);
  }

  private reserve(count: number): void {
    const needed = this.end + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
  }
}

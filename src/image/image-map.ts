/**
 * An image under examination: its words, what each is part of, and which are refs. It keeps a
 * reader inside the image and within bounds: each word can be claimed once only, so that whatever
 * counts a damaged image claims, not more is read from it than it is long.
 */
import type { ErrorCode } from "../base/errors.ts";
import type { Image51 } from "./body51.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import { bitmapSize, WORD_SIZE } from "./layout51.ts";

/** What images consist of; words that belong to nothing are unused. */
const IMAGE_PARTS = [
  "unused",
  "header",
  "buckets",
  "strings",
  "functions",
  "nested functions",
  "constants",
  "code",
  "locals",
  "upvalue names",
] as const;

export type ImagePart = (typeof IMAGE_PARTS)[number];

export class ImageMap {
  /** The image with word offsets for refs, as far as it has been read. */
  readonly image: Image51;
  /** What is being read, for error messages. */
  field = "header";
  private readonly view: DataView;
  /** By word: index of its part. */
  private readonly owners: Uint8Array;
  private readonly base: number | undefined;

  /**
   * @param body the image alone; refs in it are replaced
   * @param base what refs count from, in bytes; undefined when they are word offsets already
   */
  constructor(body: Uint8Array, base: number | undefined) {
    this.image = { body, bitmap: new Uint32Array(bitmapSize(body.length) / WORD_SIZE) };
    this.view = new DataView(body.buffer, body.byteOffset, body.length);
    this.owners = new Uint8Array(body.length / WORD_SIZE);
    this.base = base;
  }

  get size(): number {
    return this.image.body.length;
  }

  /** An unsigned word. @param at of a structure that is claimed; @param index of a word in it */
  word(at: number, index: number): number {
    return this.view.getUint32(at + index * WORD_SIZE, true);
  }

  byte(at: number): number {
    return this.image.body[at];
  }

  float64(at: number): number {
    return this.view.getFloat64(at, true);
  }

  /** Where a ref leads, in bytes from the image's start; 0: to nothing. */
  ref(at: number, index: number): number {
    const word = this.word(at, index);
    if (word === 0) return 0;
    const place = at + index * WORD_SIZE;
    const target = this.base === undefined ? word * WORD_SIZE : (word - this.base) >>> 0;
    if (target === 0 || target >= this.size || target % WORD_SIZE !== 0) {
      this.refuse(DAMAGED, "it refers to what is not in the image", place);
    }
    const number = place / WORD_SIZE;
    this.view.setUint32(place, target / WORD_SIZE, true);
    this.image.bitmap[number >> 5] |= 1 << (number & 31);
    return target;
  }

  /**
   * Makes so many bytes a part of the image.
   *
   * @param at a multiple of 4
   * @throws {ImageError} when they are not all there, or belong to something else
   */
  claim(at: number, size: number, part: ImagePart): void {
    const { owners } = this;
    if (size > this.size - at) this.refuse("chunk-truncated", "it is longer than the image", at);
    const index = IMAGE_PARTS.indexOf(part);
    const end = Math.ceil((at + size) / WORD_SIZE);
    for (let word = at / WORD_SIZE; word < end; word++) {
      if (owners[word] !== 0) {
        const other = IMAGE_PARTS[owners[word]];
        this.refuse(DAMAGED, `it shares words with the ${other}`, word * WORD_SIZE);
      }
      owners[word] = index;
    }
  }

  /** Bytes of each part. */
  partSizes(): Record<ImagePart, number> {
    const sizes = IMAGE_PARTS.map(() => 0);
    for (const owner of this.owners) sizes[owner] += WORD_SIZE;
    const entries = IMAGE_PARTS.map((part, index) => [part, sizes[index]] as const);
    return Object.fromEntries(entries) as Record<ImagePart, number>;
  }

  refuse(code: ErrorCode, reason: string, offset: number): never {
    throw new ImageError(code, reason, offset, this.field);
  }
}

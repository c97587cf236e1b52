/**
 * The device's table of strings, and the buffer in which it joins them, as large as they are there.
 * Both grow with strings that are garbage soon, too, and a collection makes them smaller again only
 * step by step. Source: observed; the rules are data of the target.
 */
import { LARGEST_KEPT_TABLE, type StringFacts } from "../target/memory-facts.ts";
import { ADDRESS_SIZE, type ObjectSizes } from "../target/object-sizes.ts";

/** A larger buffer is halved. */
const LARGEST_KEPT_BUFFER = 64;
/** Longer ones are joined from pieces. */
const LONG_TEXT = 256;
/** Strings that loading a chunk makes besides: of its name, and of errors that searching for it gives. */
const STRINGS_OF_LOADING = 7;

export class StringTable {
  private readonly facts: StringFacts;
  private readonly sizes: ObjectSizes;
  private buckets: number;
  private buffer: number;
  /** Strings that the last collection left. */
  private left: number;
  /** Those that were made since, by loading chunks, too, and by the largest of these. */
  private made = 0;
  private loaded = 0;
  private mostLoaded = 0;
  /** The length of the longest that was joined since. */
  private longestJoined = 0;

  /** A library function has made a long text. */
  private hasTextBox = false;

  constructor(facts: StringFacts, sizes: ObjectSizes) {
    this.facts = facts;
    this.sizes = sizes;
    this.buckets = facts.firstBuckets;
    this.buffer = facts.firstBuffer;
    this.left = facts.present.length;
  }

  /** Of a text that a library function has made. */
  noteMade(length: number): void {
    this.made++;
    if (length <= LONG_TEXT) return;
    this.hasTextBox = true;
    this.longestJoined = Math.max(this.longestJoined, length);
  }

  noteJoined(length: number): void {
    this.made++;
    if (length > this.longestJoined) this.longestJoined = length;
  }

  noteLoaded(strings: number): void {
    const made = strings + STRINGS_OF_LOADING;
    this.loaded += made;
    this.mostLoaded = Math.max(this.mostLoaded, made);
  }

  /** Bytes of table and buffer when there are so many strings, and garbage has left nothing behind. */
  bytes(strings: number): number {
    const box = this.hasTextBox ? this.sizes.textBox : 0;
    return grown(this.buckets, strings) * ADDRESS_SIZE + this.buffer + box;
  }

  /**
   * @param strings what a collection leaves
   * @param garbagePart how much of what was made since the last one is there at a time; undefined
   *   when all is, because no collector ran
   * @param passes how often it looks at sizes
   */
  shrink(strings: number, garbagePart: number | undefined, passes: number): void {
    this.buckets = grown(this.buckets, this.most(strings, garbagePart));
    if (this.facts.firstBuffer > 0) this.buffer = Math.max(this.buffer, this.longestJoined);
    for (let pass = 0; pass < passes; pass++) {
      if (strings < this.buckets >> 2 && this.buckets > LARGEST_KEPT_TABLE) this.buckets >>= 1;
      if (this.buffer > LARGEST_KEPT_BUFFER) this.buffer >>= 1;
    }
    this.left = strings;
    this.made = 0;
    this.loaded = 0;
    this.mostLoaded = 0;
    this.longestJoined = 0;
  }

  /** How many strings there were at the same time, about. */
  private most(strings: number, garbagePart: number | undefined): number {
    if (garbagePart === undefined) return this.left + this.loaded + this.made;
    const garbage = Math.max(0, this.made - (strings - this.left)) * garbagePart;
    return Math.max(this.left + this.mostLoaded, strings + garbage);
  }
}

/** The table doubles when it is full. */
function grown(buckets: number, strings: number): number {
  let size = buckets;
  while (size < strings) size *= 2;
  return size;
}

/**
 * The strings that Lua holds in memory, and the table that finds them. Equal strings are one, the
 * longest excepted; what the interpreter holds from the start costs a module nothing. The table
 * doubles when it is full and halves in a collection that leaves it mostly empty.
 */
import type { LuaString } from "../base/lua-string.ts";
import { LARGEST_KEPT_TABLE, type MemoryFacts } from "../target/memory-facts.ts";
import { ADDRESS_SIZE, stringSize } from "../target/object-sizes.ts";

/**
 * Two collections look at the table's size four times; the first time before anything was freed.
 */
const LOOKS = 3;

export class StringHeap {
  private readonly facts: MemoryFacts;
  private readonly known: Set<LuaString>;
  private readonly bucketsBefore: number;
  private buckets: number;
  private text = 0;

  constructor(facts: MemoryFacts) {
    const { present, firstBuckets } = facts.strings;
    this.facts = facts;
    this.known = new Set(present);
    this.buckets = firstBuckets;
    this.makeRoom();
    this.bucketsBefore = this.buckets;
  }

  /** Makes the string, unless it is there. */
  add(text: LuaString): void {
    const { objects, strings } = this.facts;
    if (text.length <= strings.longestShared) {
      if (this.known.has(text)) return;
      this.known.add(text);
      this.makeRoom();
    }
    this.text += stringSize(objects, text);
  }

  /** Bytes that came on top of what the interpreter held from the start. */
  get bytes(): number {
    return this.text + (this.buckets - this.bucketsBefore) * ADDRESS_SIZE;
  }

  /**
   * Bytes on top that stay when two collections have left nothing but what the interpreter held
   * from the start and those strings.
   */
  bytesAfterCollections(kept: Iterable<LuaString>): number {
    const after = new StringHeap(this.facts);
    for (const text of kept) after.add(text);
    let { buckets } = this;
    for (let look = 0; look < LOOKS && after.wouldHalve(buckets); look++) buckets /= 2;
    return after.text + (buckets - this.bucketsBefore) * ADDRESS_SIZE;
  }

  private wouldHalve(buckets: number): boolean {
    return this.known.size < Math.floor(buckets / 4) && buckets > LARGEST_KEPT_TABLE;
  }

  private makeRoom(): void {
    while (this.known.size > this.buckets) this.buckets *= 2;
  }
}

/**
 * How large the table gets by which the compiler finds names and constants. It is an ordinary Lua
 * table: its hash part has room for a power of two, and whenever it is full, all keys are counted
 * anew and whole numbers go to the array part as long as they fill half of it.
 */
import { type Constant, LuaFloat } from "../base/number-model.ts";
import type { MemoryFacts } from "../target/memory-facts.ts";
import { tableSize } from "../target/object-sizes.ts";

/** Whole numbers beyond this are never in an array part. */
const LARGEST_ARRAY = 2 ** 26;

export class LookupTable {
  private readonly facts: MemoryFacts;
  private readonly keys = new Set<Constant>();
  /** Keys that may be in the array part; where they are does not matter, only how many. */
  private readonly indices: number[] = [];
  private arraySize = 0;
  private nodes = 0;
  private usedNodes = 0;
  private passing = 0;

  constructor(facts: MemoryFacts) {
    this.facts = facts;
  }

  get bytes(): number {
    return tableSize(this.facts.objects, this.arraySize, this.nodes);
  }

  /** Bytes that were in use besides while the table grew, since this was asked last. */
  takePassing(): number {
    const { passing } = this;
    this.passing = 0;
    return passing;
  }

  add(constant: Constant): void {
    const key = this.keyOf(constant);
    if (this.keys.has(key)) return;
    this.keys.add(key);
    const isIndex = typeof key === "number" && Number.isInteger(key) && key >= 1;
    if (isIndex && key <= LARGEST_ARRAY) {
      this.indices.push(key);
      if (key <= this.arraySize) return;
    }
    if (this.usedNodes === this.nodes) this.rehash();
    else this.usedNodes++;
  }

  /** A `number` for what may be in the array part. */
  private keyOf(constant: Constant): Constant {
    if (constant instanceof LuaFloat) return constant.value;
    const hides = this.facts.compiler.hidesIntegers && typeof constant === "number";
    return hides ? BigInt(constant) : constant;
  }

  /** Sizes both parts for all keys; the one that did not fit is among them. */
  private rehash(): void {
    const { compiler, objects } = this.facts;
    if (compiler.copiesNodes) this.passing = this.nodes * objects.tableNode;
    this.arraySize = bestArraySize(this.indices);
    const inArray = this.indices.filter((index) => index <= this.arraySize).length;
    this.usedNodes = this.keys.size - inArray;
    // Once there is a hash part, one node remains even when all keys left it.
    const fewest = this.nodes === 0 && this.usedNodes === 0 ? 0 : 1;
    this.nodes = powerOfTwo(this.usedNodes, fewest);
  }
}

/** The largest power of two such that more than half of the indices up to it are in use. */
function bestArraySize(indices: readonly number[]): number {
  let best = 0;
  for (let size = 1; size / 2 < indices.length; size *= 2) {
    const used = indices.filter((index) => index <= size).length;
    if (used > size / 2) best = size;
  }
  return best;
}

/** The least power of two that is not below `count`, nor below `fewest`. */
function powerOfTwo(count: number, fewest: number): number {
  let size = fewest;
  while (size < count) size = size === 0 ? 1 : size * 2;
  return size;
}

/**
 * The best compressor: gzip files about as small as deflate allows within what devices take.
 * Source: lfs51.md §8, RFC 1951.
 *
 * The cheapest way to write a payload depends on the blocks' codes, and those on the way. So both
 * are found by turns: parse under guessed costs, cut into blocks, parse each block under the costs
 * of its own symbols, cut anew. There is no clock and no chance in it: the same payload becomes the
 * same file everywhere.
 */
import { compressLoadable, compressReference } from "./compress.ts";
import {
  BLOCK_HEADER_BITS,
  type BlockCode,
  bestCode,
  contentBits,
  plainCode,
} from "./deflate-block-code.ts";
import { codeCosts, guessedCosts, idealCosts, logarithms } from "./deflate-costs.ts";
import { Parser } from "./deflate-parse.ts";
import { splitTokens } from "./deflate-split.ts";
import { blockCounts, tokenSize } from "./deflate-tokens.ts";
import { DeflateWriter, FIXED_LENGTHS, storedBits } from "./deflate-writer.ts";
import { gzipFile, LEAST_LOADABLE } from "./gzip-file.ts";
import { inflate } from "./inflate.ts";

/** What the gzip header says of the effort. */
const MOST_EFFORT = 2;

/** How often a block is parsed: under ideal costs, then under the best code found until then. */
interface Effort {
  readonly ideal: number;
  readonly real: number;
}

/** More rounds make hardly a difference of one in ten thousand. */
const ROUNDS: readonly Effort[] = [
  { ideal: 2, real: 1 },
  { ideal: 3, real: 3 },
];
/** In larger payloads a single block of the fixed kind is never the best. */
const FIXED_BLOCK_MOST = 4096;

/** How a block is written: with a code of its own, or as one of the other kinds. */
type Coding = BlockCode | "fixed" | "stored";

/** A part of the payload, parsed. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly tokens: Int32Array;
  readonly coding: Coding;
  readonly bits: number;
}

/**
 * A file that every device takes, not larger than the reference's if that is one, too.
 *
 * @param payload at most some hundred KB, as images are: it takes about 50 times its size in memory
 */
export function compressBest(payload: Uint8Array): Uint8Array {
  const stream = writeBlocks(payload, new BlockMaker(payload).best());
  const file = gzipFile(stream, payload, MOST_EFFORT, LEAST_LOADABLE);
  return payload.length < 4 ? file : smallest(file, payload);
}

/**
 * The parser's search is limited; the reference's may have had more luck.
 *
 * @param file that devices take; @param payload what it unpacks to, at least 4 bytes
 * @returns it, or a smaller one of the reference's kind that devices take
 */
export function smallest(file: Uint8Array, payload: Uint8Array): Uint8Array {
  const reference = compressReference(payload);
  if (reference.length >= file.length) return file;
  const { refusedCopy } = inflate(reference, payload.length);
  if (reference.length >= LEAST_LOADABLE && refusedCopy === undefined) return reference;
  const loadable = compressLoadable(payload);
  return loadable.length < file.length ? loadable : file;
}

class BlockMaker {
  private readonly size: number;
  private readonly parser: Parser;
  private readonly logs: Float64Array;

  constructor(payload: Uint8Array) {
    this.size = payload.length;
    this.parser = new Parser(payload);
    this.logs = logarithms(payload.length + 1);
  }

  best(): Block[] {
    let tokens = this.parser.parse(0, this.size, guessedCosts());
    tokens = this.parser.parse(0, this.size, this.ideal(tokens));
    let best: Block[] = [];
    for (const effort of ROUNDS) {
      const blocks = this.blocks(tokens, effort);
      if (best.length === 0 || totalBits(blocks) < totalBits(best)) best = blocks;
      tokens = allTokens(blocks);
    }
    const whole = this.size > FIXED_BLOCK_MOST ? this.storedBlock(tokens) : this.fixedBlock();
    return whole.bits < totalBits(best) ? [whole] : best;
  }

  /** The blocks that these tokens are best cut into, parsed anew. */
  private blocks(tokens: Int32Array, effort: Effort): Block[] {
    let first = 0;
    let start = 0;
    return splitTokens(tokens, this.logs).map((cut) => {
      const part = tokens.subarray(first, cut);
      const end = part.reduce((at, token) => at + tokenSize(token), start);
      const block = this.improved(start, end, part, effort);
      first = cut;
      start = end;
      return block;
    });
  }

  private improved(start: number, end: number, first: Int32Array, effort: Effort): Block {
    let best = first;
    let code = plainCode(countsOf(first));
    let tokens = first;
    for (let i = 0; i < effort.ideal; i++) {
      tokens = this.parser.parse(start, end, this.ideal(tokens));
      const next = plainCode(countsOf(tokens));
      if (next.bits < code.bits) [best, code] = [tokens, next];
    }
    // A few matches save less than it takes to describe a code of distances.
    const literals = this.parser.literals(start, end);
    if (plainCode(countsOf(literals)).bits < code.bits) best = literals;
    code = bestCode(countsOf(best));
    for (let i = 0; i < effort.real; i++) {
      tokens = this.parser.parse(start, end, codeCosts(code.lengths));
      const next = bestCode(countsOf(tokens));
      if (next.bits >= code.bits) break;
      [best, code] = [tokens, next];
    }
    return cheapest({ start, end, tokens: best, coding: code, bits: code.bits });
  }

  /** All in one block with the fixed codes, or stored. */
  private fixedBlock(): Block {
    const tokens = this.parser.parse(0, this.size, codeCosts(FIXED_LENGTHS));
    return this.storedBlock(tokens);
  }

  private storedBlock(tokens: Int32Array): Block {
    return cheapest({ start: 0, end: this.size, tokens, coding: "stored", bits: Infinity });
  }

  private ideal(tokens: Int32Array) {
    return idealCosts(countsOf(tokens), this.logs);
  }
}

/** The same block, unless another kind is cheaper. */
function cheapest(block: Block): Block {
  const { start, end, tokens, bits } = block;
  const stored = storedBits(end - start);
  const fixed = BLOCK_HEADER_BITS + contentBits(countsOf(tokens), FIXED_LENGTHS);
  if (stored <= Math.min(fixed, bits)) return { ...block, coding: "stored", bits: stored };
  return fixed < bits ? { ...block, coding: "fixed", bits: fixed } : block;
}

function writeBlocks(payload: Uint8Array, blocks: readonly Block[]): Uint8Array {
  const writer = new DeflateWriter(payload.length);
  for (let i = 0; i < blocks.length; i++) {
    const { start, tokens, coding } = blocks[i];
    const isLast = () => i + 1 === blocks.length;
    if (coding === "fixed") writer.fixed(tokens, isLast());
    else if (coding !== "stored") writer.dynamic(tokens, coding, isLast());
    else {
      // What is stored next can be stored together with it.
      while (blocks[i + 1]?.coding === "stored") i++;
      writer.stored(payload.subarray(start, blocks[i].end), isLast());
    }
  }
  return writer.finish();
}

function countsOf(tokens: Int32Array): Int32Array {
  return blockCounts(tokens, 0, tokens.length);
}

function totalBits(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { bits }) => sum + bits, 0);
}

function allTokens(blocks: readonly Block[]): Int32Array {
  const all = new Int32Array(blocks.reduce((sum, { tokens }) => sum + tokens.length, 0));
  let end = 0;
  for (const { tokens } of blocks) {
    all.set(tokens, end);
    end += tokens.length;
  }
  return all;
}

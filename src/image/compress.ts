/**
 * The reference's compressor, to the byte. Source: lfs51.md §7.
 *
 *     file   = 1f 8b 08 00 00000000 04 03      gzip header: no time, fastest, Unix
 *              block                           see bit-writer.ts
 *              crc length                      4 bytes each, of what was packed
 *
 * It looks for matches in chains of places with the same hash of three bytes. The chains are kept
 * by place modulo 16384 and are not cleaned up, so that an old link may lead astray, even in
 * circles; that does no harm, but it uses up tries and so is part of the result.
 */
import { FixedBlockWriter } from "./bit-writer.ts";
import { MAX_MATCH, MIN_MATCH } from "./deflate-codes.ts";
import { gzipFile, LEAST_LOADABLE } from "./gzip-file.ts";

/** What the gzip header says of the effort. */
const FASTEST = 4;

/** How far back a match may begin. */
const WINDOW = 16_384;
/** Places are remembered modulo this. */
const PLACE_RANGE = 32_768;
/** Farther back than any match may begin, whatever the place is. */
const NO_PLACE = -PLACE_RANGE;
const MAX_TRIES = 60;
const THREE_BYTES = 0xffffff;
/** A match must be longer than this. */
const TOO_SHORT = MIN_MATCH - 1;

/** @param payload at least 3 bytes; @returns the file */
export function compressReference(payload: Uint8Array): Uint8Array {
  return gzipFile(
    pack(payload, (writer) => writeTokens(payload, writer)),
    payload,
    FASTEST,
  );
}

/**
 * Like {@link compressReference}, but always a file that devices take: no copy begins at the first
 * byte, and a comment in the header makes up for what a short file lacks. Source: lfs51.md §8.
 *
 * @param payload at least 4 bytes
 */
export function compressLoadable(payload: Uint8Array): Uint8Array {
  const stream = pack(payload, (writer) => {
    writer.literal(payload[0]);
    writeTokens(payload.subarray(1), writer);
  });
  return gzipFile(stream, payload, FASTEST, LEAST_LOADABLE);
}

function pack(payload: Uint8Array, write: (writer: FixedBlockWriter) => void): Uint8Array {
  const stream = new Uint8Array(((payload.length * 9) >> 3) + 4);
  const writer = new FixedBlockWriter(stream, 0);
  write(writer);
  return stream.subarray(0, writer.finish());
}

/**
 * A match is written only when the next place does not begin a longer one; if it does, its first
 * byte is written alone.
 */
function writeTokens(source: Uint8Array, writer: FixedBlockWriter): void {
  const finder = new MatchFinder(source);
  const lastStart = source.length - MIN_MATCH;
  let at = 0;
  // The match found at the place before, which waits to be written.
  let pendingLength = 0;
  let pendingDistance = 0;
  for (; at <= lastStart; at++) {
    const length = finder.search(at);
    const found = length > TOO_SHORT;
    if (pendingLength === 0) {
      if (!found) writer.literal(source[at]);
    } else if (!found || pendingLength >= length) {
      writer.match(pendingDistance, pendingLength);
      // What is jumped over is not remembered.
      at += pendingLength - 2;
      pendingLength = 0;
      continue;
    } else {
      writer.literal(source[at - 1]);
    }
    pendingLength = found ? length : 0;
    pendingDistance = finder.distance;
  }
  if (pendingLength > 0) {
    writer.match(pendingDistance, pendingLength);
    at += pendingLength - 1;
  }
  for (; at < source.length; at++) writer.literal(source[at]);
}

class MatchFinder {
  /** Of the match found last; meaningless when none was found. */
  distance = 0;
  /** By place: the four bytes from there on, the first one lowest; zeros follow the last. */
  private readonly quads: Int32Array;
  /** By hash: the last place that has it. */
  private readonly head: Int16Array;
  /** By place modulo the window: the place before with the same hash. */
  private readonly link: Int16Array;
  private readonly shift: number;

  constructor(source: Uint8Array) {
    const reach = Math.min(source.length, WINDOW);
    const hashBits = Math.max(6, 32 - Math.clz32(reach - 1) - 2);
    this.quads = quadsOf(source);
    this.head = new Int16Array(1 << hashBits).fill(NO_PLACE);
    this.link = new Int16Array(WINDOW).fill(NO_PLACE);
    this.shift = 24 - hashBits;
  }

  /**
   * Looks for the longest match that begins at a place, and remembers the place.
   *
   * @returns its length, or {@link TOO_SHORT} when there is none
   */
  search(at: number): number {
    const { quads, link } = this;
    const place = at & (PLACE_RANGE - 1);
    const base = at - place;
    const farthest = at - WINDOW;
    const beginning = quads[at];
    let candidate = this.remember(at, place);
    let tries = MAX_TRIES;
    let start = 0;
    // Most places have no match or few, so the first is looked for by itself.
    do {
      if (tries-- === 0) return TOO_SHORT;
      start = base + candidate;
      if (candidate >= place) start -= PLACE_RANGE;
      if (start < farthest) return TOO_SHORT;
      candidate = link[candidate & (WINDOW - 1)];
    } while (((quads[start] ^ beginning) & THREE_BYTES) !== 0);
    const longest = Math.min(MAX_MATCH, quads.length - at);
    let best = this.commonLength(start, at, longest);
    let distance = at - start;
    // The four bytes that end where a longer match differs from the best one.
    let ending = quads[at + best - 3];
    // Nothing can be longer than the longest, so there the search may end early.
    while (tries-- > 0 && best < longest) {
      start = base + candidate;
      if (candidate >= place) start -= PLACE_RANGE;
      if (start < farthest) break;
      candidate = link[candidate & (WINDOW - 1)];
      if (quads[start + best - 3] !== ending) continue;
      const length = this.commonLength(start, at, longest);
      if (length <= best) continue;
      best = length;
      distance = at - start;
      ending = quads[at + best - 3];
    }
    this.distance = distance;
    return best;
  }

  /** How many bytes are the same at two places, `most` at most. */
  private commonLength(a: number, b: number, most: number): number {
    const { quads } = this;
    let length = 0;
    while (length < most) {
      const difference = quads[a + length] ^ quads[b + length];
      if (difference !== 0) {
        // The lowest byte comes first.
        const same = (31 - Math.clz32(difference & -difference)) >> 3;
        return Math.min(length + same, most);
      }
      length += 4;
    }
    return most;
  }

  /** Puts a place at the head of its chain. @returns who was there before */
  private remember(at: number, place: number): number {
    const { head, link } = this;
    const quad = this.quads[at];
    const value = ((quad & 255) << 16) | (quad & 0xff00) | ((quad >> 16) & 255);
    const hash = ((value >> this.shift) - value) & (head.length - 1);
    const before = head[hash];
    head[hash] = place;
    link[place & (WINDOW - 1)] = before;
    return before;
  }
}

function quadsOf(source: Uint8Array): Int32Array {
  const quads = new Int32Array(source.length);
  let quad = 0;
  for (let at = source.length - 1; at >= 0; at--) {
    quad = (quad << 8) | source[at];
    quads[at] = quad;
  }
  return quads;
}

/**
 * Packed line info of Lua 5.3: which source line each instruction comes from. Source: lua53.md
 * §2.3.
 *
 *     line-info = { [delta] count } 00        line and pc start at 0
 *     count     = 01…7f                       the next `count` instructions have this line
 *     delta     = 1svvvvvv { 1vvvvvvv }       value v, 6 bits and then 7 bits at a time, low first
 *                                             s = 0: line += v + 2    s = 1: line −= v
 *     no delta                                line += 1
 *
 * The encoder reproduces the reference's behaviour, including how it takes back a line that turns
 * out to be wrong: of a delta of more than one byte only the lowest 6 bits are taken back, and the
 * lines that follow in that function are off by a multiple of 64.
 */
import type { LineInfoEncoder } from "./line-info.ts";

const MAX_COUNT = 127;
const DELTA = 0x80;
const SIGN = 0x40;

export class LineInfoEncoder53 implements LineInfoEncoder {
  private bytes = new Uint8Array(64);
  private end = 0;
  private lastLine = 0;
  private lastPc = -1;

  reset(): void {
    this.end = 0;
    this.lastLine = 0;
    this.lastPc = -1;
  }

  emit(pc: number, line: number): void {
    if (pc === this.lastPc) {
      this.amend(line);
      return;
    }
    this.add(line);
    this.lastPc = pc;
  }

  amend(line: number): void {
    if (line === this.lastLine) return;
    if (this.bytes[this.end - 1] > 1) this.bytes[this.end - 1]--;
    else this.takeBack();
    this.add(line);
  }

  get size(): number {
    return this.end;
  }

  finish(): Uint8Array {
    this.push(0);
    const finished = new Uint8Array(this.end);
    for (let i = 0; i < finished.length; i++) finished[i] = this.bytes[i]; // most are short
    return finished;
  }

  /** One more instruction for the line. */
  private add(line: number): void {
    const { bytes, end } = this;
    if (line === this.lastLine && end > 0) {
      if (bytes[end - 1] < MAX_COUNT) {
        bytes[end - 1]++;
        return;
      }
      this.push(DELTA | SIGN);
    } else {
      // With nothing written, the line may be the last one only through the mistake described
      // above, which makes the reference write in front of its array. Then count from 0.
      this.pushDelta(line === this.lastLine ? line : line - this.lastLine);
    }
    this.push(1);
    this.lastLine = line;
  }

  private pushDelta(delta: number): void {
    if (delta === 1) return;
    const rest = delta <= 0 ? -delta : delta - 2;
    this.push(DELTA | (delta <= 0 ? SIGN : 0) | (rest & 63));
    for (let more = rest >> 6; more > 0; more >>= 7) this.push(DELTA | (more & 127));
  }

  /** Removes a final count of 1 with its delta, and computes the line before as the reference does. */
  private takeBack(): void {
    const { bytes } = this;
    this.end--;
    let first = 0;
    while (this.end > 0 && bytes[this.end - 1] >= DELTA) first = bytes[--this.end];
    if (first === 0) this.lastLine -= 1;
    else this.lastLine -= (first & SIGN) !== 0 ? -(first & 63) : (first & 63) + 2;
  }

  private push(byte: number): void {
    if (this.end === this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.end++] = byte;
  }
}

/**
 * The line of each instruction. A line of 0 or less is unknown: none was recorded, or the encoder's
 * mistake described above led there.
 */
export function decodeLines53(lineInfo: Uint8Array, instructionCount: number): Int32Array {
  const lines = new Int32Array(instructionCount);
  let line = 0;
  let pc = 0;
  let at = 0;
  while (pc < instructionCount) {
    let delta = 1;
    if (lineInfo[at] >= DELTA) {
      const first = lineInfo[at++];
      let value = first & 63;
      for (let shift = 6; lineInfo[at] >= DELTA; shift += 7)
        value |= (lineInfo[at++] & 127) << shift;
      delta = (first & SIGN) !== 0 ? -value : value + 2;
    }
    if (at >= lineInfo.length || lineInfo[at] === 0) break;
    line += delta;
    const stop = Math.min(pc + lineInfo[at++], instructionCount);
    lines.fill(line, pc, stop);
    pc = stop;
  }
  return lines;
}

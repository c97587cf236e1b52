/**
 * Packed line info of Lua 5.1: which source line each instruction comes from. Source: lua51.md §4.
 *
 *     line-info = { [delta] count } 00        line and pc start at 0
 *     count     = 01…7e                       the next `count` instructions have this line
 *     delta     = 1svvvvvv { 1vvvvvvv }       value v, 6 bits and then 7 bits at a time, low first
 *                                             s = 0: line += v + 2    s = 1: line −= v
 *     no delta                                line += 1
 *
 * The encoder reproduces the reference's behaviour, including how it takes back a line that turns
 * out to be wrong: a delta of more than one byte is not taken back correctly, and the lines that
 * follow in that function are off.
 */

const MAX_COUNT = 126;
/** Never written; readers take it for the end. */
const FILLER = 0x7f;
const DELTA = 0x80;
const SIGN = 0x40;

export class LineInfoEncoder51 {
  private bytes = new Uint8Array(64);
  private end = 0;
  private lastLine = 0;
  private previousPc = -1;

  /** Makes the encoder ready for another function. */
  reset(): void {
    this.end = 0;
    this.lastLine = 0;
    this.previousPc = -1;
  }

  /** The instruction at `pc` was emitted for `line`; `pc` may repeat when one was removed. */
  emit(pc: number, line: number): void {
    if (pc === this.previousPc) this.amend(line);
    else if (line === this.lastLine && this.end > 0 && this.bytes[this.end - 1] < MAX_COUNT) {
      this.bytes[this.end - 1]++;
    } else this.append(line);
    this.previousPc = pc;
  }

  /** Attributes the instruction emitted last to another line. */
  amend(line: number): void {
    if (line === this.lastLine) return;
    if (this.bytes[this.end - 1] > 1) this.bytes[this.end - 1]--;
    else this.takeBack();
    this.append(line);
  }

  get size(): number {
    return this.end;
  }

  /** The finished bytes with their terminator. */
  finish(): Uint8Array {
    this.push(0);
    const finished = new Uint8Array(this.end);
    for (let i = 0; i < finished.length; i++) finished[i] = this.bytes[i]; // most are short
    return finished;
  }

  private append(line: number): void {
    const delta = line - this.lastLine - 1;
    if (delta !== 0) {
      let rest = delta < 0 ? -delta - 1 : delta - 1;
      this.push(DELTA | (delta < 0 ? SIGN : 0) | (rest & 63));
      for (rest >>= 6; rest !== 0; rest >>= 7) this.push(DELTA | (rest & 127));
    }
    this.push(1);
    this.lastLine = line;
  }

  /** Removes a final count of 1 with its delta, and computes the line before as the reference does. */
  private takeBack(): void {
    const { bytes } = this;
    let delta = 0;
    this.end--;
    while (this.end > 0 && bytes[this.end - 1] >= DELTA) {
      const byte = bytes[--this.end];
      if (this.end > 0 && bytes[this.end - 1] >= DELTA) delta += (byte & 127) * 128;
      else {
        delta += (byte & 63) + 1;
        if ((byte & SIGN) !== 0) delta = -delta;
      }
    }
    this.lastLine -= delta + 1;
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
export function decodeLines(lineInfo: Uint8Array, instructionCount: number): Int32Array {
  const lines = new Int32Array(instructionCount);
  let line = 0;
  let pc = 0;
  let at = 0;
  while (pc < instructionCount && !endsAt(lineInfo, at)) {
    line += 1;
    if (lineInfo[at] >= DELTA) {
      const first = lineInfo[at++];
      let value = first & 63;
      for (let shift = 6; lineInfo[at] >= DELTA; shift += 7)
        value |= (lineInfo[at++] & 127) << shift;
      line += (first & SIGN) !== 0 ? -value - 1 : value + 1;
    }
    const stop = Math.min(pc + lineInfo[at++], instructionCount);
    lines.fill(line, pc, stop);
    pc = stop;
  }
  return lines;
}

function endsAt(lineInfo: Uint8Array, at: number): boolean {
  return at >= lineInfo.length || lineInfo[at] === 0 || lineInfo[at] === FILLER;
}

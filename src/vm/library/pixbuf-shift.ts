/** Shifting of a part of a pixel buffer. */

export interface Shift {
  /** Where the part begins, in bytes. */
  readonly offset: number;
  /** Bytes of the part. */
  readonly window: number;
  /** Bytes to shift by, at most the whole part; negative to the left. */
  readonly distance: number;
  /** What falls out at one end comes in at the other. */
  readonly isCircular: boolean;
}

/** Bytes that a circular shift goes at a time. */
const STEP = 32;

export function shiftBytes(levels: Uint8Array, shift: Shift): void {
  if (shift.isCircular) shiftCircular(levels, shift);
  else shiftLogical(levels, shift);
}

function shiftLogical(levels: Uint8Array, { offset, window, distance }: Shift): void {
  const end = offset + window;
  if (distance < 0) {
    levels.copyWithin(offset, offset - distance, end);
    levels.fill(0, end + distance, end);
  } else {
    levels.copyWithin(offset + distance, offset, end - distance);
    levels.fill(0, offset, offset + distance);
  }
}

/**
 * The firmware shifts by 32 bytes at a time and moves the part along by as much, which is wrong for
 * longer shifts. What lies beyond the buffer then is any memory there, and zeros here.
 */
function shiftCircular(levels: Uint8Array, { offset, window, distance }: Shift): void {
  const total = Math.abs(distance);
  const memory = new Uint8Array(levels.length + total);
  memory.set(levels);
  for (let done = 0; done < total; done += STEP) {
    const part = memory.subarray(offset + done, offset + done + window);
    rotate(part, Math.min(STEP, total - done), distance < 0);
  }
  levels.set(memory.subarray(0, levels.length));
}

/** Rotates a part by less than its length, or by all of it, which changes nothing. */
function rotate(part: Uint8Array, by: number, left: boolean): void {
  const border = left ? by : part.length - by;
  const head = part.slice(0, border);
  part.copyWithin(0, border);
  part.set(head, part.length - border);
}

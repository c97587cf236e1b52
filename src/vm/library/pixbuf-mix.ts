/** Mixing of pixel buffers, each weighted by a factor of which 256 is the whole. */
export interface Source {
  /** In 256ths; may be negative. */
  readonly factor: number;
  readonly levels: Uint8Array;
}

const WHOLE = 256;
const MAX_LEVEL = 255;

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), MAX_LEVEL);
}

/** Mixes level by level; sums wrap around as C's `int`. */
export function mixLevels(output: Uint8Array, sources: readonly Source[]): void {
  for (let i = 0; i < output.length; i++) {
    let sum = 0;
    for (const { factor, levels } of sources) sum = (sum + Math.imul(levels[i], factor)) | 0;
    output[i] = clamp(Math.trunc(((sum + WHOLE / 2) | 0) / WHOLE));
  }
}

/**
 * Mixes pixels of a brightness and three levels, of which each stands for brightness times level.
 * The new brightness is the least that the largest of the sums can be shown with.
 */
export function mixIntensities(
  output: Uint8Array,
  sources: readonly Source[],
  bits: number,
  longBits: 32 | 64,
): void {
  for (let at = 0; at < output.length; at += 4) {
    const sums = [1, 2, 3].map((channel) => sumOf(sources, at, channel));
    // A negative sum is taken for a large one.
    const largest = Math.max(...sums.map((sum) => sum >>> 0));
    const brightness = brightnessFor(largest, 2 ** bits - 1);
    output[at] = brightness;
    for (let i = 0; i < 3; i++) {
      output[at + 1 + i] = brightness === 0 ? 0 : level(sums[i], brightness, longBits);
    }
  }
}

function sumOf(sources: readonly Source[], pixel: number, channel: number): number {
  let sum = 0;
  for (const { factor, levels } of sources) {
    sum = (sum + Math.imul(levels[pixel + channel] * levels[pixel], factor)) | 0;
  }
  return sum;
}

function brightnessFor(largest: number, most: number): number {
  if (largest === 0) return 0;
  if (largest <= 1 << 16) return 1;
  return largest >= most << 16 ? most : (largest >>> 16) + 1;
}

/** Computed without a sign, so that negative sums do not become 0. */
function level(sum: number, brightness: number, longBits: 32 | 64): number {
  const unit = WHOLE * brightness;
  const dividend = BigInt.asUintN(longBits, BigInt(sum + unit - 127));
  return clamp(Number(BigInt.asIntN(32, dividend / BigInt(unit))));
}

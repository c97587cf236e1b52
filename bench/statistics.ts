/** What is said about a series of measured times. Noise only ever adds, so the best one counts. */

/** All times are in milliseconds. */
export interface Times {
  readonly best: number;
  readonly median: number;
  readonly rounds: number;
}

/** @param milliseconds at least one */
export function timesOf(milliseconds: readonly number[]): Times {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { best: sorted[0], median, rounds: sorted.length };
}

/** @param values at least one, all above 0 */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Megabytes (of 1,000,000 bytes) per second. */
export function rate(bytes: number, milliseconds: number): number {
  return bytes / 1000 / milliseconds;
}

/**
 * The list, begun at another place in every round: nobody always comes after the same neighbour,
 * who may leave the machine hot or its caches cold.
 */
export function inTurn<T>(list: readonly T[], round: number): T[] {
  const start = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/**
 * The pseudo-random numbers of glibc's `random`, which the reference's host takes; boards have true
 * ones. An additive feedback generator with 31 words of state.
 */
const WORDS = 31;
const LAG = 3;
/** Numbers that are thrown away after seeding. */
const WARM_UP = 310;
/** The multiplier and modulus that fill the state from a seed. */
const MULTIPLIER = 16807;
const MODULUS = 2147483647;

/** The greatest number it gives. */
export const RANDOM_MAX = 2147483647;

export class RandomNumbers {
  private readonly words = new Int32Array(WORDS);
  private at = LAG;

  constructor() {
    this.seed(1);
  }

  /** @param seed of 32 bits; 0 is taken for 1 */
  seed(seed: number): void {
    const { words } = this;
    words[0] = seed === 0 ? 1 : seed;
    for (let i = 1; i < WORDS; i++) {
      const word = (MULTIPLIER * words[i - 1]) % MODULUS;
      words[i] = word < 0 ? word + MODULUS : word;
    }
    this.at = LAG;
    for (let i = 0; i < WARM_UP; i++) this.next();
  }

  /** A whole number from 0 to {@link RANDOM_MAX}. */
  next(): number {
    const { words, at } = this;
    words[at] += words[(at + WORDS - LAG) % WORDS];
    this.at = (at + 1) % WORDS;
    return words[at] >>> 1;
  }
}

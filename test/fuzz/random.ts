/**
 * A seedable source of randomness. Everything the fuzzer makes comes from one of these, so a seed
 * and a number name a program for ever. The generator is sfc32 (Chris Doty-Humphrey's "small fast
 * counter"), which is quick in JavaScript and good enough for choosing test inputs.
 */

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any text; different texts give unrelated streams */
  constructor(seed: string) {
    this.a = hash(seed, 0x9e3779b9);
    this.b = hash(seed, 0x243f6a88);
    this.c = hash(seed, 0xb7e15162);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number, 0 to 2^32 − 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A whole number, 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x100000000) * limit);
  }

  /** A whole number, `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** A whole number, `least` to `most`, small ones as likely as large ones ten times their size. */
  magnitude(least: number, most: number): number {
    const exponent = (this.next() / 0x100000000) * Math.log(most / least);
    return Math.min(most, Math.floor(least * Math.exp(exponent)));
  }

  /** True with probability `share`, 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share * 0x100000000;
  }

  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)];
  }

  /** A whole number below the number of weights, each as often as its weight says. */
  spread(...weights: readonly number[]): number {
    let rest = this.below(weights.reduce((sum, weight) => sum + weight, 0));
    return weights.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    });
  }

  /** Picks one value, each as often as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let rest = this.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of choices) {
      rest -= weight;
      if (rest < 0) return value;
    }
    throw new Error("nothing to choose from");
  }
}

/** FNV-1a over the text, started from `basis`. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}

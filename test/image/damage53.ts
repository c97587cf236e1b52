/** Damages a file of Lua 5.3 somewhere, its first bytes more often than others. */
import type { Random } from "../fuzz/random.ts";

const START = 60;
/** Bytes that mean something in many places. */
const TELLING = [0x00, 0x01, 0x50, 0x7f, 0x80, 0xff];

export function damage(file: Uint8Array, random: Random): Uint8Array {
  let damaged = file;
  for (let left = random.between(1, 3); left > 0; left--) damaged = damageOnce(damaged, random);
  return damaged;
}

function damageOnce(file: Uint8Array, random: Random): Uint8Array {
  const at = random.below(random.chance(0.3) ? Math.min(START, file.length) : file.length);
  const copy = file.slice();
  switch (random.spread(10, 4, 1, 1, 1)) {
    case 0:
      copy[at] = random.below(256);
      return copy;
    case 1:
      copy[at] ^= 1 << random.below(8);
      return copy;
    case 2:
      return copy.slice(0, Math.max(at, 1));
    case 3:
      return joined(copy.slice(0, at), copy.slice(at + random.between(1, 5)));
    default: {
      const extra = Array.from({ length: random.between(1, 5) }, () => random.pick(TELLING));
      return joined(copy.slice(0, at), Uint8Array.from(extra), copy.slice(at));
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

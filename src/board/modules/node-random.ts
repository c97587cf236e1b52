/**
 * `node.random`: numbers that the chip's hardware would make. Here they come from a generator that
 * begins with the time, so that every run of a program is the same. Source: the NodeMCU manual,
 * "node.random".
 */
import type { Call, Native } from "../../vm/call.ts";
import { intArgument } from "../../vm/library/words.ts";
import type { ModuleContext } from "../module.ts";

const WORD = 2 ** 32;
const GOLDEN = 0x9e3779b9;

/** @param generator gives whole numbers from 0 to 2^32 − 1 */
export function randomFunction({ loop, target }: ModuleContext): Native {
  const next = generator(loop.now);
  const { randomTakesInt } = target.node;
  return (call) => {
    if (call.count === 0)
      return call.numbers.integral ? call.giveInteger(0) : giveFraction(call, next);
    if (call.count > 2) throw call.error("wrong number of arguments");
    const read = (n: number) =>
      BigInt(randomTakesInt ? intArgument(call, n) : call.exactInteger(n));
    const low = call.count === 1 ? 1n : read(1);
    const high = read(call.count);
    if (low > high) throw call.argumentError(2, "interval is empty");
    return call.giveInteger(low + below(high - low + 1n, next));
  };
}

function giveFraction(call: Call, next: () => number): number {
  return call.giveDouble(next() / WORD);
}

/** A number from 0 on that is less than so many; all of them are as likely. */
function below(count: bigint, next: () => number): bigint {
  const word = BigInt(WORD);
  const draw = () => (count <= word ? BigInt(next()) : BigInt(next()) * word + BigInt(next()));
  const all = count <= word ? word : word * word;
  const fair = all - (all % count);
  for (;;) {
    const drawn = draw();
    if (drawn < fair) return drawn % count;
  }
}

/** Steps through all words by a fixed distance, and mixes each well. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + GOLDEN) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}

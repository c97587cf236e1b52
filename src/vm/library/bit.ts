/**
 * The firmware's module `bit`. Shifts go as the processor does them: the distance counts modulo the
 * width. Functions that take bit positions work on an `int`, whose sign is spread over wider numbers.
 * Source: the NodeMCU manual, "bit"; observed.
 */
import type { Call, Native } from "../call.ts";
import type { Library } from "../library.ts";
import { intArgument, integerBits } from "./words.ts";

function give(call: Call, value: bigint): number {
  return call.giveInteger(BigInt.asIntN(integerBits(call), value));
}

/** What is shifted to the right has the width of `size_t`. */
function shiftRight(call: Call): number {
  const { longBits } = call.state;
  return give(call, BigInt.asUintN(longBits, word(call, 1)) >> distance(call, longBits));
}

function word(call: Call, n: number): bigint {
  return BigInt(call.exactInteger(n));
}

/** How far argument 2 shifts a word of that many bits. */
function distance(call: Call, bits: 32 | 64): bigint {
  return word(call, 2) & BigInt(bits - 1);
}

/** The bit at a position from 0 to 31; the uppermost one brings all above it. */
function bitAt(call: Call, n: number): bigint {
  return BigInt(1 << intArgument(call, n));
}

function joined(join: Join): Native {
  return (call) => give(call, fold(call, word(call, 1), join, word));
}

function changed(change: Join): Native {
  return (call) => give(call, fold(call, unsigned(call, 1), change, bitAt));
}

type Join = (left: bigint, right: bigint) => bigint;

/** Joins a word with those that the other arguments are taken for. */
function fold(
  call: Call,
  first: bigint,
  join: Join,
  take: (call: Call, n: number) => bigint,
): bigint {
  let value = first;
  for (let n = 2; n <= call.count; n++) value = join(value, take(call, n));
  return value;
}

/** An argument without a sign: of 32 bits in Lua 5.1, of an integer in Lua 5.3. */
function unsigned(call: Call, n: number): bigint {
  return BigInt.asUintN(call.state.target.numbers.integerSize === 8 ? 64 : 32, word(call, n));
}

export const BIT: Library = {
  name: "bit",
  functions: {
    bnot: (call) => give(call, ~word(call, 1)),
    band: joined((left, right) => left & right),
    bor: joined((left, right) => left | right),
    bxor: joined((left, right) => left ^ right),
    lshift: (call) => give(call, word(call, 1) << distance(call, integerBits(call))),
    rshift: shiftRight,
    arshift: (call) => give(call, word(call, 1) >> distance(call, integerBits(call))),
    bit: (call) => call.giveInteger(1 << intArgument(call, 1)),
    set: changed((value, bit) => value | bit),
    clear: changed((value, bit) => value & ~bit),
    isset: (call) => call.give((unsigned(call, 1) & bitAt(call, 2)) !== 0n),
    isclear: (call) => call.give((unsigned(call, 1) & bitAt(call, 2)) === 0n),
  },
};

/**
 * The library `math` of Lua 5.3. Transcendental functions are computed as doubles and rounded once to
 * the target's floats; the last digit may differ from the reference's C library.
 * Source: lua53 manual §6.7; lua53.md §8.
 */
import { LuaFloat } from "../../base/number-model.ts";
import type { Call, Native } from "../call.ts";
import type { Library } from "../library.ts";
import { isNumber, type NumberValue } from "../numbers.ts";
import type { Value } from "../values.ts";
import { maxInteger, minInteger, toUnsigned } from "./integers.ts";
import { RANDOM_MAX, RandomNumbers } from "./random.ts";
import { toInt } from "./words.ts";

/** Makes the library for one machine, with random numbers of its own. */
export function math53(): Library {
  const random = new RandomNumbers();
  return {
    name: "math",
    functions: {
      abs,
      acos: onNumber(Math.acos),
      asin: onNumber(Math.asin),
      atan: (call) => call.giveDouble(Math.atan2(call.float(1), call.float(2, 1))),
      ceil: rounded(Math.ceil),
      cos: onNumber(Math.cos),
      deg: onNumber((value) => value * (180 / Math.PI)),
      exp: onNumber(Math.exp),
      tointeger: toInteger,
      floor: rounded(Math.floor),
      fmod,
      ult,
      log,
      max: extreme((call, candidate, best) => call.less(best, candidate)),
      min: extreme((call, candidate, best) => call.less(candidate, best)),
      modf,
      rad: onNumber((value) => value * (Math.PI / 180)),
      random: (call) => giveRandom(call, random.next() / (RANDOM_MAX + 1)),
      randomseed: (call) => {
        random.seed(seedArgument(call));
        random.next();
        return call.giveNothing();
      },
      sin: onNumber(Math.sin),
      sqrt: onNumber(Math.sqrt),
      tan: onNumber(Math.tan),
      type: numberType,
    },
    fields: ({ numbers, target }) => {
      const wide = target.numbers.integerSize === 8;
      return {
        pi: numbers.fromDouble(Math.PI),
        huge: numbers.fromDouble(Number.POSITIVE_INFINITY),
        maxinteger: numbers.fromInteger(wide ? 2n ** 63n - 1n : 2 ** 31 - 1),
        mininteger: numbers.fromInteger(wide ? -(2n ** 63n) : -(2 ** 31)),
      };
    },
  };
}

/** The argument when it is of the integer subtype. */
function integerArgument(call: Call, n: number): number | bigint | undefined {
  const value = call.get(n);
  return isInteger(value) ? value : undefined;
}

function isInteger(value: Value): value is number | bigint {
  return isNumber(value) && !(value instanceof LuaFloat);
}

function onNumber(work: (value: number) => number): Native {
  return (call) => call.giveDouble(work(call.float(1)));
}

function abs(call: Call): number {
  const integer = integerArgument(call, 1);
  if (integer === undefined) return call.giveDouble(Math.abs(call.float(1)));
  return call.giveInteger(integer < 0 ? -integer : integer);
}

/** An integer where the value fits one, else a float. */
function integerIfFits(call: Call, value: number): NumberValue {
  const least = minInteger(call);
  if (!Number.isInteger(value) || value < least || value >= -least) {
    return call.numbers.fromDouble(value);
  }
  return call.numbers.fromInteger(Number.isSafeInteger(value) ? value : BigInt(value));
}

function rounded(work: (value: number) => number): Native {
  return (call) => {
    const integer = integerArgument(call, 1);
    return call.give(integer ?? integerIfFits(call, work(call.float(1))));
  };
}

function toInteger(call: Call): number {
  const number = call.state.engine.toNumber(call.state, call.any(1));
  return call.give(number === undefined ? undefined : call.numbers.toInteger(number));
}

function fmod(call: Call): number {
  const left = integerArgument(call, 1);
  const right = integerArgument(call, 2);
  if (left !== undefined && right !== undefined) {
    if (BigInt(right) === 0n) throw call.argumentError(2, "zero");
    const rest = BigInt(left) % BigInt(right);
    return call.giveInteger(rest);
  }
  const dividend = call.float(1);
  const divisor = call.float(2);
  if (divisor === 0) throw call.error("modulo by zero");
  // The quotient is one of the target's floats; the rest of the work is done with doubles.
  const { numbers } = call;
  const quotient = Math.trunc(numbers.toDouble(numbers.fromDouble(dividend / divisor)));
  return call.giveDouble(dividend - divisor * quotient);
}

function ult(call: Call): number {
  const left = call.exactInteger(1);
  const right = call.exactInteger(2);
  return call.give(toUnsigned(call, left) < toUnsigned(call, right));
}

function log(call: Call): number {
  const value = call.float(1);
  if (call.isNoneOrNil(2)) return call.giveDouble(Math.log(value));
  const base = call.float(2);
  if (base === 2) return call.giveDouble(Math.log2(value));
  if (base === 10) return call.giveDouble(Math.log10(value));
  const { numbers } = call;
  const round = (x: number) => numbers.toDouble(numbers.fromDouble(x));
  return call.giveDouble(round(Math.log(value)) / round(Math.log(base)));
}

function modf(call: Call): number {
  const integer = integerArgument(call, 1);
  const { numbers } = call;
  if (integer !== undefined) return call.giveAll([integer, numbers.fromDouble(0)]);
  const value = call.float(1);
  const whole = Math.trunc(value);
  const fraction = value === whole ? 0 : value - whole;
  return call.giveAll([integerIfFits(call, whole), numbers.fromDouble(fraction)]);
}

function extreme(isBetter: (call: Call, candidate: Value, best: Value) => boolean): Native {
  return (call) => {
    if (call.count === 0) throw call.argumentError(1, "value expected");
    let best = call.get(1);
    for (let n = 2; n <= call.count; n++) {
      const candidate = call.get(n);
      if (isBetter(call, candidate, best)) best = candidate;
    }
    return call.give(best);
  };
}

/** As C converts it on x86-64: what is no integer of the target is the least one. */
function seedArgument(call: Call): number {
  const whole = Math.trunc(call.float(1));
  const least = minInteger(call);
  const fits = whole >= least && whole < -least;
  return toInt(fits ? BigInt(whole) : least);
}

/** @param drawn from 0 to less than 1 */
function giveRandom(call: Call, drawn: number): number {
  if (call.count === 0) return call.giveDouble(drawn);
  if (call.count > 2) throw call.error("wrong number of arguments");
  const low = call.count === 1 ? 1 : call.exactInteger(1);
  const high = call.exactInteger(call.count);
  if (low > high) throw call.argumentError(1, "interval is empty");
  const span = BigInt(high) - BigInt(low);
  if (low < 0 && span > BigInt(maxInteger(call))) throw call.argumentError(1, "interval too large");
  const offset = BigInt(Math.trunc(drawn * (Number(span) + 1)));
  return call.giveInteger(offset + BigInt(low));
}

function numberType(call: Call): number {
  const value = call.any(1);
  if (!isNumber(value)) return call.give(undefined);
  return call.giveText(isInteger(value) ? "integer" : "float");
}

/**
 * The library `math` of Lua 5.1, of which NodeMCU keeps little; integer builds have the same functions
 * on integers. Source: lua51 manual §5.6.
 */
import { Arithmetic } from "../../base/number-model.ts";
import { type Call, type Native, withQuick } from "../call.ts";
import type { Functions, Library } from "../library.ts";
import { RANDOM_MAX, RandomNumbers } from "./random.ts";
import { intArgument } from "./words.ts";

/** Makes the library for one machine, with random numbers of its own. */
export function math51(integral: boolean): Library {
  const random = new RandomNumbers();
  const common: Functions = {
    abs: onNumber(Math.abs),
    ceil: onNumber(Math.ceil),
    floor: onNumber(Math.floor),
    max: extreme((candidate, best) => candidate > best),
    min: extreme((candidate, best) => candidate < best),
    pow,
    random: (call) => giveRandom(call, random.next() % RANDOM_MAX, integral),
    randomseed: (call) => {
      random.seed(intArgument(call, 1));
      return call.giveNothing();
    },
    sqrt: integral ? integerSqrt : onNumber(Math.sqrt),
  };
  return {
    name: "math",
    functions: common,
    fields: () => (integral ? { huge: RANDOM_MAX } : { pi: Math.PI, huge: Infinity }),
  };
}

function onNumber(work: (value: number) => number): Native {
  return withQuick(
    (call) => call.giveDouble(work(call.number(1))),
    ({ numbers }, _count, x) =>
      typeof x === "number" ? (numbers.fromDouble(work(x)) as number) : null,
  );
}

function extreme(isBetter: (candidate: number, best: number) => boolean): Native {
  const body = (call: Call): number => {
    let best = call.number(1);
    for (let n = 2; n <= call.count; n++) {
      const candidate = call.number(n);
      if (isBetter(candidate, best)) best = candidate;
    }
    return call.giveDouble(best);
  };
  return withQuick(body, (_state, count, x, y) => {
    if (count !== 2 || typeof x !== "number" || typeof y !== "number") return null;
    return isBetter(y, x) ? y : x;
  });
}

/** The exponent is looked at first. */
function pow(call: Call): number {
  const { numbers } = call.state.target;
  const exponent = call.number(2);
  const power = numbers.fold(Arithmetic.Pow, call.number(1), exponent);
  return call.give(power ?? Number.NaN);
}

/** The first number whose root overflows on the way. */
const SQRT_OVERFLOW = 2 ** 30;

function integerSqrt(call: Call): number {
  const value = call.number(1);
  if (value < 0) throw call.argumentError(1, "negative");
  return call.giveDouble(value < SQRT_OVERFLOW ? Math.floor(Math.sqrt(value)) : -1);
}

/** @param drawn a whole number from 0 to {@link RANDOM_MAX} − 1 */
function giveRandom(call: Call, drawn: number, integral: boolean): number {
  if (call.count === 0) return call.giveDouble(integral ? 0 : drawn / RANDOM_MAX);
  if (call.count > 2) throw call.error("wrong number of arguments");
  const low = call.count === 1 ? 1 : intArgument(call, 1);
  const high = intArgument(call, call.count);
  if (low > high) throw call.argumentError(call.count, "interval is empty");
  const size = (high - low + 1) | 0;
  const offset = integral ? drawn % size : Math.floor((drawn / RANDOM_MAX) * size);
  return call.giveDouble(offset + low);
}

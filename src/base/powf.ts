/**
 * x^y of 32-bit floats, to the last bit as the reference computes it while compiling: the C
 * library's `powf`, which is not correctly rounded. Source: lua53.md Appendix B.
 *
 * x^y = 2^(y · log2 x), in doubles from end to end and rounded once at the end. The logarithm takes
 * a table of 16 steps per octave and a polynomial for the rest; the power takes the 32nd roots of
 * powers of two and another polynomial. The order in which terms are summed is part of the result.
 */
import { scale } from "./double-bits.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** Steps into which the logarithm divides an octave. */
const STEPS = 16;
const STEP_BITS = 4;

/** Bits of the fraction of a 32-bit float, below its exponent. */
const FRACTION_BITS = 23;

/** The float, as its bits, that starts the logarithm's octave: about 0.6992. */
const OCTAVE_START = 0x3f330000;

const LEAST_NORMAL = 2 ** -126;

/** For each step a reciprocal near that of its middle, and minus the binary logarithm of that. */
// biome-ignore format: one step per line
const LOGARITHMS = Float64Array.of(
  1.398907162146528, -0.48430022186289673,
  1.3403141896637998, -0.42257122959194704,
  1.286432210124115, -0.3633754347673556,
  1.2367150214269895, -0.30651309567405577,
  1.1906977166711752, -0.25180720160537634,
  1.1479821020556429, -0.19910014943794563,
  1.1082251448272158, -0.14825100623281615,
  1.0711297413057381, -0.09913323807318392,
  1.036437278977283, -0.051632812977629436,
  1, 0,
  0.9492859795739057, 0.07508531937943004,
  0.8951049428609004, 0.15987125980713107,
  0.8476821620351103, 0.2384046664317681,
  0.8050314851692001, 0.31288288605863257,
  0.7664671008843108, 0.38370422656453185,
  0.731428603316328, 0.451211048935815,
);

/** log2(1 + r) = L1·r + L2·r² + …, fitted for the rests of the steps. */
const L1 = 1.4426950408774342;
const L2 = -0.7213474675006291;
const L3 = 0.480898481472577;
const L4 = -0.36092606229713164;
const L5 = 0.288457581109214;

/** 2^r = 1 + E1·r + E2·r² + E3·r³, fitted for |r| ≤ 1/64. */
const E1 = 0.6931471806916203;
const E2 = 0.2402284522445722;
const E3 = 0.05550361559341535;

/** Steps into which the power divides a unit of the exponent. */
const ROOTS = 32;
const ROOT_BITS = 5;

/** 2^(i/32), each the nearest double. */
// biome-ignore format: four to a line
const POWERS = Float64Array.of(
  1, 1.0218971486541166, 1.0442737824274138, 1.0671404006768237,
  1.0905077326652577, 1.1143867425958924, 1.1387886347566916, 1.1637248587775775,
  1.189207115002721, 1.215247359980469, 1.241857812073484, 1.2690509571917332,
  1.2968395546510096, 1.3252366431597413, 1.3542555469368927, 1.383909881963832,
  Math.SQRT2, 1.4451808069770467, 1.4768261459394993, 1.5091644275934228,
  1.5422108254079407, 1.5759808451078865, 1.6104903319492543, 1.645755478153965,
  1.681792830507429, 1.718619298122478, 1.7562521603732995, 1.7947090750031072,
  1.8340080864093424, 1.8741676341103, 1.9152065613971474, 1.9571441241754002,
);

/** Adding it to a number below 2^46 rounds that to a multiple of 1/32. */
const ROUND_TO_ROOT = (1.5 * 2 ** 52) / ROOTS;

/** The least exponents of 2 whose power is too large for a float, and is not. */
const OVERFLOW = 127.99999995700433;
/** At and below this exponent of 2 the power is nothing. */
const UNDERFLOW = -150;

/** C's `powf(x, y)` of two 32-bit floats: as IEEE 754 has it, so `1^y` and `x^0` are 1 for NaN. */
export function powf(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (!Number.isFinite(y)) return x === -1 && !Number.isNaN(y) ? 1 : x ** y;
  if (x === 0 || !Number.isFinite(x)) return x ** y;
  if (x > 0) return powerOfTwo(y * binaryLogarithm(x));
  if (!Number.isInteger(y)) return Number.NaN;
  const magnitude = powerOfTwo(y * binaryLogarithm(-x));
  return y % 2 === 0 ? magnitude : -magnitude;
}

/** log2 x = k + log2 c + log2(1 + r), where x = 2^k · z, c is near z, and r = z/c - 1. */
function binaryLogarithm(x: number): number {
  const isSubnormal = x < LEAST_NORMAL;
  scratch.setFloat32(0, isSubnormal ? x * 2 ** FRACTION_BITS : x);
  const bits = scratch.getInt32(0) - (isSubnormal ? FRACTION_BITS << FRACTION_BITS : 0);
  const offset = bits - OCTAVE_START;
  const k = offset >> FRACTION_BITS;
  scratch.setInt32(0, bits - (k << FRACTION_BITS));
  const z = scratch.getFloat32(0);
  const entry = 2 * ((offset >> (FRACTION_BITS - STEP_BITS)) & (STEPS - 1));

  const r = z * LOGARITHMS[entry] - 1;
  const square = r * r;
  const low = L1 * r + (LOGARITHMS[entry + 1] + k);
  return (L5 * r + L4) * (square * square) + ((L3 * r + L2) * square + low);
}

/** 2^exponent as a 32-bit float: infinite or zero where that is too large or too small. */
function powerOfTwo(exponent: number): number {
  if (exponent > OVERFLOW) return Number.POSITIVE_INFINITY;
  if (exponent <= UNDERFLOW) return 0;
  const rounded = exponent + ROUND_TO_ROOT - ROUND_TO_ROOT;
  const r = exponent - rounded;
  const n = rounded * ROOTS;
  const root = POWERS[n & (ROOTS - 1)];
  const excess = (E3 * r + E2) * (r * r) + (E1 * r + 1);
  return Math.fround(excess * scale(root, n >> ROOT_BITS));
}

/**
 * C's `printf` for one conversion, exact to the last digit, in the "C" locale; what `string.format`
 * is made of. Source: ISO C99 §7.19.6.1.
 *
 *     spec = "%" { "-" | "+" | " " | "#" | "0" } [width] ["." [precision]] letter
 */
import { decompose, divideToEven, isNegative } from "../../base/double-bits.ts";
import type { LuaString } from "../../base/lua-string.ts";

export interface FormatSpec {
  readonly left: boolean;
  readonly plus: boolean;
  readonly blank: boolean;
  readonly alternate: boolean;
  readonly zeros: boolean;
  /** 0–99. */
  readonly width: number;
  /** 0–99, or −1 when none is given. */
  readonly precision: number;
}

/** `%s` and the like, with nothing between. */
export const PLAIN_SPEC: FormatSpec = {
  left: false,
  plus: false,
  blank: false,
  alternate: false,
  zeros: false,
  width: 0,
  precision: -1,
};

/**
 * JavaScript does not keep the sign of a NaN. The processor of the reference's host gives those that
 * arithmetic makes a negative one, so this is what is shown but for few cases.
 */
export const NAN_TEXT = "-nan";

/** `%d` and `%i`. */
export function formatSigned(spec: FormatSpec, value: number | bigint): LuaString {
  const isNegativeValue = value < 0;
  const digits = String(value).replace("-", "");
  return padded(
    spec,
    signOf(spec, isNegativeValue),
    integerDigits(spec, digits),
    spec.precision < 0,
  );
}

/** `%o`, `%u`, `%x` and `%X` of a value ≥ 0. */
export function formatUnsigned(
  spec: FormatSpec,
  value: number | bigint,
  letter: string,
): LuaString {
  const radix = letter === "o" ? 8 : letter === "u" ? 10 : 16;
  let digits = integerDigits(spec, value.toString(radix));
  if (spec.alternate && letter === "o" && !digits.startsWith("0")) digits = `0${digits}`;
  const prefix = spec.alternate && radix === 16 && value > 0 ? "0x" : "";
  const text = padded(spec, prefix, digits, spec.precision < 0);
  return letter === "X" ? text.toUpperCase() : text;
}

/** `%c`: the lower byte of a number. */
export function formatCharacter(spec: FormatSpec, value: number): LuaString {
  return padded(spec, "", String.fromCharCode(value & 0xff), false);
}

/** `%s`. */
export function formatText(spec: FormatSpec, text: LuaString): LuaString {
  const cut = spec.precision < 0 ? text : text.slice(0, spec.precision);
  return padded({ ...spec, zeros: false }, "", cut, false);
}

/** `%e`, `%f`, `%g`, `%a` and their capitals. */
export function formatFloat(spec: FormatSpec, value: number, letter: string): LuaString {
  const lower = letter.toLowerCase();
  const text = Number.isNaN(value)
    ? padded(spec, "", NAN_TEXT, false)
    : withSign(spec, value, signOf(spec, isNegative(value)), lower);
  return letter === lower ? text : text.toUpperCase();
}

function withSign(spec: FormatSpec, value: number, sign: string, letter: string): LuaString {
  if (!Number.isFinite(value)) return padded(spec, sign, "inf", false);
  return finite(spec, Math.abs(value), sign, letter);
}

function finite(spec: FormatSpec, value: number, sign: string, letter: string): LuaString {
  if (letter === "a") {
    const { prefix, digits } = hexadecimal(spec, value);
    return padded(spec, sign + prefix, digits, true);
  }
  const precision = spec.precision < 0 ? 6 : spec.precision;
  const digits =
    letter === "f"
      ? fixed(value, precision, spec.alternate)
      : letter === "e"
        ? exponential(value, precision, spec.alternate)
        : general(value, precision, spec.alternate);
  return padded(spec, sign, digits, true);
}

/** `value` with that many digits behind the point. */
function fixed(value: number, precision: number, keepPoint: boolean): string {
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  const point = digits.length - precision;
  return withPoint(digits.slice(0, point), digits.slice(point), keepPoint);
}

function exponential(value: number, precision: number, keepPoint: boolean): string {
  const { digits, exponent } = significant(value, precision + 1);
  const power = String(Math.abs(exponent)).padStart(2, "0");
  const sign = exponent < 0 ? "-" : "+";
  return `${withPoint(digits[0], digits.slice(1), keepPoint)}e${sign}${power}`;
}

/** The shorter of the two above, by the exponent; trailing zeros go unless they are asked for. */
function general(value: number, precision: number, keepZeros: boolean): string {
  const count = Math.max(precision, 1);
  const { digits, exponent } = significant(value, count);
  const isExponential = exponent < -4 || exponent >= count;
  if (keepZeros) {
    return isExponential
      ? exponential(value, count - 1, true)
      : fixed(value, count - 1 - exponent, true);
  }
  const kept = digits.replace(/0+$/, "") || "0";
  if (isExponential) return exponential(value, kept.length - 1, false);
  return fixed(value, Math.max(kept.length - 1 - exponent, 0), false);
}

/** The first `count` digits, rounded on the exact value, and the power of ten of the first one. */
function significant(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "0".repeat(count), exponent: 0 };
  const guess = Number(value.toExponential(0).split("e")[1]);
  // The guess is rounded, so it may be one too high; and rounding to `count` digits may carry.
  for (let exponent = guess - 1; ; exponent++) {
    const digits = scaled(value, count - 1 - exponent).toString();
    if (digits.length === count) return { digits, exponent };
  }
}

/** `value · 10^power` to the nearest integer, ties to even, for a finite value ≥ 0. */
function scaled(value: number, power: number): bigint {
  const { significand, exponent } = decompose(value);
  const up = (n: number) => BigInt(Math.max(n, 0));
  const dividend = (significand * 10n ** up(power)) << up(exponent);
  return divideToEven(dividend, (10n ** up(-power)) << up(-exponent));
}

/** Bits of a double's fraction, and the hexadecimal digits that show them. */
const FRACTION_BITS = 52;
const FRACTION_DIGITS = 13;

/** glibc's `%a`: one digit, 1 unless rounding or a subnormal number makes it another; the fraction. */
function hexadecimal(spec: FormatSpec, value: number): { prefix: string; digits: string } {
  const { significand, exponent } = decompose(value);
  const dropped = 4n * BigInt(Math.max(FRACTION_DIGITS - countOf(spec), 0));
  const rounded = divideToEven(significand, 1n << dropped) << dropped;
  const power = significand === 0n ? 0 : exponent + FRACTION_BITS;
  const digits = BigInt.asUintN(FRACTION_BITS, rounded).toString(16).padStart(FRACTION_DIGITS, "0");
  const fraction =
    spec.precision < 0
      ? digits.replace(/0+$/, "")
      : digits.padEnd(spec.precision, "0").slice(0, spec.precision);
  const text = withPoint(String(rounded >> BigInt(FRACTION_BITS)), fraction, spec.alternate);
  return { prefix: "0x", digits: `${text}p${power < 0 ? "-" : "+"}${Math.abs(power)}` };
}

function countOf({ precision }: FormatSpec): number {
  return precision < 0 ? FRACTION_DIGITS : precision;
}

function withPoint(whole: string, fraction: string, keepPoint: boolean): string {
  return fraction !== "" || keepPoint ? `${whole}.${fraction}` : whole;
}

function signOf({ plus, blank }: FormatSpec, isNegativeValue: boolean): string {
  if (isNegativeValue) return "-";
  return plus ? "+" : blank ? " " : "";
}

/** At least `precision` digits; none at all for 0 with precision 0. */
function integerDigits({ precision }: FormatSpec, digits: string): string {
  if (precision === 0 && digits === "0") return "";
  return digits.padStart(precision, "0");
}

/** @param mayFill whether the flag `0` fills up with zeros here */
function padded(spec: FormatSpec, prefix: string, body: string, mayFill: boolean): LuaString {
  const missing = spec.width - prefix.length - body.length;
  if (missing <= 0) return prefix + body;
  if (spec.left) return prefix + body + " ".repeat(missing);
  if (spec.zeros && mayFill) return prefix + "0".repeat(missing) + body;
  return " ".repeat(missing) + prefix + body;
}

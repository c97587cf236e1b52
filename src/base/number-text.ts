/**
 * Number text that the number models share: numerals to numbers (lua51.md §1.2) and numbers to
 * text as C's `printf` writes them in the "C" locale (lua51.md §7). A model composes these.
 *
 *   decimal = (digits ["." [digits]] | "." digits) [("e" | "E") ["+" | "-"] digits]
 *   hex     = "0" ("x" | "X") (hexdigits ["." [hexdigits]] | "." hexdigits)
 *             [("p" | "P") ["+" | "-"] digits]
 *
 * Readers take a whole text, without sign, spaces or NUL, and return undefined for any other text.
 */
import { compose, decompose, divideToEven, isNegative } from "./double-bits.ts";

/** Groups: digits before the dot, digits after it, exponent. */
const DECIMAL = /^(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Groups: hex digits before the dot, hex digits after it, binary exponent. */
const HEX = /^0[xX](?=\.?[\da-fA-F])([\da-fA-F]*)(?:\.([\da-fA-F]*))?(?:[pP]([+-]?\d+))?$/;

const DECIMAL_INTEGER = /^\d+$/;
const HEX_INTEGER = /^0[xX][\da-fA-F]+$/;

/** A decimal numeral in its parts; a part may be empty, though not both runs of digits. */
export interface DecimalParts {
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: string;
}

/** Digits and the power of ten of the first one: `d.ddd… · 10^exponent`. */
interface DecimalDigits {
  readonly digits: string;
  readonly exponent: number;
}

/**
 * The value of a text of one to nine decimal digits, or of `0x` and one to seven hexadecimal ones;
 * -1 for any other. That is almost every numeral there is, and each number model has the value, for
 * it is below 2^31.
 */
export function shortInteger(text: string): number {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return i === 1 && value === 0 ? shortHex(text) : -1;
    value = value * 10 + digit;
  }
  return value;
}

/** {@link shortInteger} for a text of up to nine characters that starts with `0`. */
function shortHex(text: string): number {
  if (text.length < 3 || (text.charCodeAt(1) | 32) !== 120) return -1;
  let value = 0;
  for (let i = 2; i < text.length; i++) {
    const digit = hexDigit(text.charCodeAt(i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The parts of a decimal numeral, for a model with a conversion of its own. */
export function decimalParts(text: string): DecimalParts | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole, fraction = "", exponent = ""] = match;
  return { whole, fraction, exponent };
}

/** C's `strtod` for a decimal numeral: the nearest double, ties to even; infinite beyond them. */
export function decimalDouble(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/** C's `strtod` for a hexadecimal numeral: rounded as a decimal one is. */
export function hexDouble(text: string): number | undefined {
  if (HEX_INTEGER.test(text)) return Number(text);
  const match = HEX.exec(text);
  if (match === null) return undefined;
  const [, whole, fraction = "", exponent = "0"] = match;
  return compose(BigInt(`0x${whole}${fraction}`), Number(exponent) - 4 * fraction.length);
}

/** True for a run of decimal digits. */
export function isDecimalInteger(text: string): boolean {
  return DECIMAL_INTEGER.test(text);
}

/** What follows `0x` in a hexadecimal integer. */
export function hexDigits(text: string): string | undefined {
  return HEX_INTEGER.test(text) ? text.slice(2) : undefined;
}

/** A run of decimal digits as an integer; 10^19 for all above that, which is beyond 64 bits. */
export function decimalInteger(text: string): bigint | undefined {
  if (!DECIMAL_INTEGER.test(text)) return undefined;
  const digits = withoutLeadingZeros(text, 0);
  return digits.length > 19 ? 10n ** 19n : BigInt(digits);
}

/** `0x` and hexadecimal digits as an integer; 2^64 for all above that. */
export function hexInteger(text: string): bigint | undefined {
  if (!HEX_INTEGER.test(text)) return undefined;
  const digits = withoutLeadingZeros(text, 2);
  return digits.length > 16 ? 2n ** 64n : BigInt(`0x${digits}`);
}

/** The digits from `start` on, at least one: long ones would take a bigint quadratic time. */
function withoutLeadingZeros(text: string, start: number): string {
  let first = start;
  while (first < text.length - 1 && text[first] === "0") first++;
  return text.slice(first);
}

/** `value`, or `most` when that is less: how C's `strtol` and `strtoul` treat an overflow. */
export function saturate(value: bigint, most: bigint): bigint {
  return value < most ? value : most;
}

/**
 * `%.<precision>g` with 0 ≤ precision ≤ 100: that many significant digits, trailing zeros dropped.
 */
export function formatG(value: number, precision: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0 || !Number.isFinite(magnitude)) return withSign(value, "0");
  // No decimal of up to 15 digits is nearer than the one that reads back as the value.
  if (magnitude >= 1e-4 && magnitude < 1e15 && precision <= 15) {
    const text = String(magnitude);
    if (text.length <= precision) return withSign(value, text);
  }
  const wanted = Math.max(precision, 1);
  const { digits, exponent } = significantDigits(magnitude, wanted);
  const kept = digits.replace(/0+$/, "");
  const short = exponent >= -4 && exponent < wanted;
  return withSign(value, short ? positional(kept, exponent) : scientific(kept, exponent));
}

/** `%.<digits>f` for a number ≥ 0 and digits > 0: rounded on the exact value, ties to even. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return withSign(value, "");
  const all = timesTenTo(value, digits)
    .toString()
    .padStart(digits + 1, "0");
  return `${all.slice(0, -digits)}.${all.slice(-digits)}`;
}

/**
 * The first `count` digits of a finite number ≥ 0, rounded, ties to even on the exact value;
 * 1 ≤ count ≤ 100.
 */
function significantDigits(value: number, count: number): DecimalDigits {
  const oneMore = splitExponent(value.toExponential(count));
  // The engine rounds ties up. A tie is a number that ends in 5 one digit later.
  if (!oneMore.digits.endsWith("5")) return splitExponent(value.toExponential(count - 1));
  const digits = timesTenTo(value, count - 1 - oneMore.exponent).toString();
  const carry = digits.length - count;
  return { digits: digits.slice(0, count), exponent: oneMore.exponent + carry };
}

/** `value · 10^power` to the nearest integer, ties to even, for a finite number ≥ 0. */
function timesTenTo(value: number, power: number): bigint {
  const { significand, exponent } = decompose(value);
  const dividend = (significand * 10n ** positivePart(power)) << positivePart(exponent);
  const divisor = (10n ** positivePart(-power)) << positivePart(-exponent);
  return divideToEven(dividend, divisor);
}

function positivePart(value: number): bigint {
  return BigInt(Math.max(value, 0));
}

/** Takes apart what `toExponential` returns, such as `1.25e+3`. */
function splitExponent(text: string): DecimalDigits {
  const [mantissa, exponent] = text.split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** Digits around a decimal point, which is left out when nothing follows it. */
function positional(digits: string, exponent: number): string {
  const filled = exponent < 0 ? "0".repeat(-exponent) + digits : digits.padEnd(exponent + 1, "0");
  const point = Math.max(exponent, 0) + 1;
  return pointAfter(filled, point);
}

function scientific(digits: string, exponent: number): string {
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${pointAfter(digits, 1)}e${exponent < 0 ? "-" : "+"}${power}`;
}

function pointAfter(digits: string, count: number): string {
  return digits.length > count ? `${digits.slice(0, count)}.${digits.slice(count)}` : digits;
}

/** The text of a magnitude with the sign of `value`; infinities and NaN have C's words for them. */
function withSign(value: number, text: string): string {
  const words = Number.isNaN(value) ? "nan" : Number.isFinite(value) ? text : "inf";
  return isNegative(value) ? `-${words}` : words;
}

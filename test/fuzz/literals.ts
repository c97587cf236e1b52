/**
 * Numerals and string literals of every form that the lexer accepts (lua51.md §1, §2.5, lua53.md
 * §1.1). What forms there are depends on the target, see {@link Features}.
 */
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Features } from "./features.ts";
import type { Random } from "./random.ts";

const NEWLINES = ["\n", "\r", "\r\n", "\n\r"];

/** A line end: mostly LF, sometimes CR, CRLF or LFCR. */
export function newline(random: Random): LuaString {
  return random.chance(0.7) ? "\n" : random.pick(NEWLINES);
}

/** So many digits, letters in either case. */
function digits(random: Random, count: number, base = 10): string {
  let text = "";
  for (let i = 0; i < count; i++) {
    const digit = random.below(base).toString(base);
    text += random.chance(0.5) ? digit : digit.toUpperCase();
  }
  return text;
}

/** Integers at which some rule changes: operand widths, word sizes, saturation. */
// biome-ignore format: a list reads best as a block
const EDGES = [
  0n,
  1n,
  2n,
  3n,
  7n,
  8n,
  15n,
  16n,
  50n,
  127n,
  255n,
  256n,
  257n,
  511n,
  512n,
  65535n,
  131071n,
  262143n,
  2147483646n,
  2147483649n,
  4294967295n,
  4294967296n,
  9007199254740991n,
  9007199254740993n,
  9223372036854775807n,
  9223372036854775808n,
  18446744073709551615n,
  18446744073709551616n,
];

/** A numeral without a fraction, decimal or hexadecimal, of any size. */
function integer(random: Random): string {
  return random.weighted<() => string>([
    [12, () => String(random.below(10))],
    [6, () => String(random.below(300))],
    [3, () => String(random.next())],
    [2, () => digits(random, random.between(1, 25))],
    [2, () => `0${digits(random, random.between(1, 4))}`],
    [4, () => String(random.pick(EDGES))],
    [2, () => random.pick(["0x", "0X"]) + digits(random, random.between(1, 8), 16)],
    [1, () => random.pick(["0x", "0X"]) + digits(random, random.between(9, 22), 16)],
    [1, () => `0x${random.pick(EDGES).toString(16)}`],
  ])();
}

// biome-ignore format: a list reads best as a block
const EXTREMES = [
  "1e308", "1e309", "1e400", "1e-400", "4.9e-324", "2.4e-324", "2.5e-324", "1e-310", "1e-323",
  "2.2250738585072014e-308", "2.2250738585072011e-308", "1.7976931348623157e308",
  "1.7976931348623159e308", "0.1", "0.5", "1e22", "1e23", "1e15", "1e16", "123456789012345",
  "5e-1", "0.0000000000000000001", "1e4294967297", "3.", ".5e1", "5.e-1", "1E+2", "0e5",
];

const view = new DataView(new ArrayBuffer(8));

/** Any finite double, written with enough digits, or one digit too few. */
function anyDouble(random: Random): string {
  view.setUint32(0, random.next() & 0x7fffffff);
  view.setUint32(4, random.next());
  const value = view.getFloat64(0);
  if (!Number.isFinite(value)) return "1e300";
  return random.pick([
    () => value.toPrecision(random.between(1, 21)).replace("+", ""),
    () => String(value),
    () => value.toExponential(random.between(0, 20)),
  ])();
}

/** A decimal numeral with a fraction or an exponent, or both. */
function fraction(random: Random): string {
  const whole = digits(random, random.between(0, 3));
  const part = digits(random, random.between(whole === "" ? 1 : 0, random.chance(0.1) ? 40 : 4));
  const sign = random.pick(["", "+", "-"]);
  const power = String(random.chance(0.9) ? random.below(25) : random.below(340));
  const exponent = random.chance(0.5) ? random.pick(["e", "E"]) + sign + power : "";
  return `${whole}${random.chance(0.8) || whole === "" ? "." : ""}${part}${exponent}`;
}

/** A hexadecimal numeral with a binary exponent. */
function hexFloat(random: Random): string {
  const power = random.chance(0.8) ? random.below(70) : random.below(1200);
  return `0x${digits(random, random.between(1, 16), 16)}${random.pick(["p", "P"])}${power}`;
}

/** The same with a fraction, and exponents of either sign. */
function hexFraction(random: Random): string {
  const whole = digits(random, random.between(0, 9), 16);
  const part = digits(random, random.between(whole === "" ? 1 : 0, 16), 16);
  const sign = random.pick(["", "+", "-"]);
  const power = String(random.chance(0.8) ? random.below(70) : random.below(1200));
  const exponent = random.chance(0.7) ? random.pick(["p", "P"]) + sign + power : "";
  return `${random.pick(["0x", "0X"])}${whole}.${part}${exponent}`;
}

/** A numeral that the target accepts. */
export function numeral(random: Random, features: Features): string {
  if (!features.fractions || random.chance(0.6)) return integer(random);
  return random.weighted<() => string>([
    [5, () => fraction(random)],
    [2, () => anyDouble(random)],
    [1, () => random.pick(EXTREMES)],
    [features.hexFloats ? 1 : 0, () => hexFloat(random)],
    [features.hexFractions ? 2 : 0, () => hexFraction(random)],
  ])();
}

const NUMERAL_LETTERS = "00112589..eEEpPxXfFaA+-_\0";

/** Something that begins like a numeral; seldom one that any target accepts. */
export function doubtfulNumeral(random: Random): LuaString {
  let text = random.pick(["", "0x", ".", "1", "0X", "1e", "0.", "214748364", "1e214748364"]);
  for (let i = random.between(1, 8); i > 0; i--) text += random.pick(NUMERAL_LETTERS);
  return /^\.?[0-9]/.test(text) ? text : `7${text}`;
}

const WORDS = [
  "",
  "a",
  "b",
  "x",
  "key",
  "value",
  "self",
  "and",
  "print",
  "0",
  "1",
  "a longer text",
  "%d",
];

/** Single characters that may follow a backslash, the numeric and newline escapes aside. */
const ESCAPED = "abfnrtv\\\"'xzuq-[ .{\0\xff";

/** A backslash and what it stands for. */
function escapeSequence(random: Random): LuaString {
  if (random.chance(0.2)) return `\\${newline(random)}`;
  if (random.chance(0.5)) return `\\${random.pick(ESCAPED)}`;
  const value = random.below(256);
  const text = String(value).padStart(random.between(1, 3), "0");
  // A digit that came next would belong to a short escape and might make it too large.
  return text.length < 3 && value > 1 ? `\\${text}_` : `\\${text}`;
}

/** What may follow a backslash where not everything may. */
const STRICT_ESCAPES: readonly ((random: Random) => LuaString)[] = [
  (random) => random.pick("abfnrtv\\\"'"),
  (random) => `x${digits(random, 2, 16)}`,
  (random) => `u{${random.magnitude(1, 0x10ffff).toString(16)}}`,
  (random) =>
    `u{${random.pick(["0", "7F", "80", "7ff", "800", "FFFF", "10000", "10ffff", "0000e9"])}}`,
  (random) => `z${random.pick(["", " ", "\n", " \t\v\f", "\r\n  \n"])}`,
  (random) => String(random.below(256)).padStart(3, "0"),
  (random) => `${random.below(10)}_`,
  newline,
];

/** One raw byte that needs no escape. */
function rawByte(random: Random, quote: string): LuaString {
  const byte = String.fromCharCode(
    random.chance(0.8) ? random.between(32, 126) : random.below(256),
  );
  return byte === quote || byte === "\\" || byte === "\n" || byte === "\r" ? "." : byte;
}

/** A string in single or double quotes. */
function quoted(random: Random, features: Features): LuaString {
  const anyEscape = features.strictEscapes
    ? () => `\\${random.pick(STRICT_ESCAPES)(random)}`
    : () => escapeSequence(random);
  const quote = random.pick(['"', "'"]);
  if (random.chance(0.5)) return quote + random.pick(WORDS) + quote;
  const length = random.chance(0.97) ? random.below(12) : random.magnitude(20, 3000);
  let text = quote;
  for (let i = 0; i < length; i++) {
    text += random.chance(0.25) ? anyEscape() : rawByte(random, quote);
  }
  return text + quote;
}

/**
 * `[==[ … ]==]` with anything inside that does not close it nor, at level 0, opens another one
 * where the dialect refuses that. Also the body of long comments.
 */
export function longBrackets(random: Random, features: Features, filling?: LuaString): LuaString {
  const level = "=".repeat(random.spread(6, 3, 2, 0, 0, 0, 0, 1));
  let text = filling ?? "";
  const length = filling === undefined ? random.below(12) : 0;
  for (let i = 0; i < length; i++) {
    const byte = random.chance(0.3)
      ? random.pick(["]", "[", "=", "\\n", '"'])
      : rawByte(random, "");
    text += random.chance(0.2) ? newline(random) : byte;
  }
  const close = `]${level}]`;
  const closesEarly = (text + close).indexOf(close) < text.length;
  const nests = level === "" && text.includes("[[") && !features.nestedBrackets;
  return closesEarly || nests ? `[${level}[x${close}` : `[${level}[${text}${close}`;
}

/** A string literal. */
export function stringLiteral(random: Random, features: Features): LuaString {
  return random.chance(0.85) ? quoted(random, features) : longBrackets(random, features);
}

/**
 * The two subtypes of a Lua 5.3 number, each in two widths. A number model is made of one of each
 * (see `two-subtypes.ts`); a virtual machine may use them directly. Source: lua53.md §1.
 *
 * Integers and floats need no functions to be compared: `<`, `<=` and `==` compare a `number` and
 * a `bigint` by their exact values, which is what Lua does.
 */
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/**
 * Integers of one width. All results are in range, wrapped around where the operation can leave it.
 *
 * @typeParam Value how the integers are kept: `number` (never -0), and `bigint` where that is needed
 */
export interface IntegerSubtype<Value extends number | bigint> {
  readonly name: string;
  /** Bytes. */
  readonly size: 4 | 8;

  /** The value of decimal digits; undefined when it is beyond the greatest integer. */
  fromDecimal(digits: string): Value | undefined;
  /** The value of hexadecimal digits, wrapped around. */
  fromHex(digits: string): Value;
  /** Wrapped around. */
  fromBigInt(value: bigint): Value;
  /** The integer equal to a float; undefined when it has a fraction or is out of range. */
  fromFloat(value: number): Value | undefined;

  add(left: Value, right: Value): Value;
  subtract(left: Value, right: Value): Value;
  multiply(left: Value, right: Value): Value;
  /** Rounded down; the divisor is not 0. */
  floorDivide(left: Value, right: Value): Value;
  /** With the sign of the divisor, which is not 0. */
  modulo(left: Value, right: Value): Value;
  negate(value: Value): Value;

  bitAnd(left: Value, right: Value): Value;
  bitOr(left: Value, right: Value): Value;
  bitXor(left: Value, right: Value): Value;
  bitNot(value: Value): Value;
  /** By any count: negative ones shift right, and those of the width or more leave nothing. */
  shiftLeft(value: Value, count: Value): Value;
  /** Zeros come in; else as {@link shiftLeft} the other way. */
  shiftRight(value: Value, count: Value): Value;
}

/** Floats of one width, kept as `number`. Each operation rounds once, to nearest, ties to even. */
export interface FloatSubtype {
  readonly name: string;
  /** Bytes. */
  readonly size: 4 | 8;
  /** Significant digits that are printed. */
  readonly digits: number;

  /** The float nearest to a double. */
  round(value: number): number;
  /** The float nearest to an integer. */
  fromInteger(value: number | bigint): number;

  add(left: number, right: number): number;
  subtract(left: number, right: number): number;
  multiply(left: number, right: number): number;
  divide(left: number, right: number): number;
  /** The quotient, rounded as {@link divide} does and then down. */
  floorDivide(left: number, right: number): number;
  /** With the sign of the divisor; exact but for one rounding where signs differ. */
  modulo(left: number, right: number): number;
  /** As the C library has it, which does not round correctly. */
  power(left: number, right: number): number;

  /** @throws EncodeError `number` when the value is no float of this width */
  write(writer: ByteWriter, value: number): void;
  read(reader: ByteReader): number;
}

/** What a number model of Lua 5.3 is made of. */
export interface Subtypes {
  readonly integers: IntegerSubtype<number | bigint>;
  readonly floats: FloatSubtype;
}

/** Bytes of the source and their classes, for the scanner. Source: lua51.md §2.3. */

/** Classes of bytes, one bit each. */
export enum Class {
  NameStart = 1,
  Digit = 2,
  NamePart = 3,
  Space = 4,
  LineEnd = 8,
  /** NUL, which also stands behind the end of the source; quotes, and the backslash. */
  SpecialInString = 16,
}

/** Character classes of the "C" locale: bytes from 0x80 on are never letters. */
export const CLASS = characterClasses();

function characterClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") {
    classes[letter.charCodeAt(0)] = Class.NameStart;
  }
  for (const digit of "0123456789") classes[digit.charCodeAt(0)] = Class.Digit;
  for (const space of " \t\v\f") classes[space.charCodeAt(0)] = Class.Space;
  for (const lineEnd of "\n\r") classes[lineEnd.charCodeAt(0)] = Class.LineEnd;
  for (const byte of "\"'\\\0") classes[byte.charCodeAt(0)] = Class.SpecialInString;
  return classes;
}

/** An enum, because the bundler puts its values into the `case` labels. */
export enum Byte {
  LineFeed = 10,
  CarriageReturn = 13,
  Space = 32,
  Quote = 34,
  Apostrophe = 39,
  Plus = 43,
  Dash = 45,
  Dot = 46,
  Slash = 47,
  Zero = 48,
  Colon = 58,
  Less = 60,
  Equals = 61,
  Greater = 62,
  OpenBracket = 91,
  Backslash = 92,
  CloseBracket = 93,
  E = 101,
  P = 112,
  U = 117,
  X = 120,
  Z = 122,
  OpenBrace = 123,
  CloseBrace = 125,
  Tilde = 126,
}

/** What a token begins with. */
export enum Kind {
  /** A character that is a token, whatever comes behind it. */
  Single,
  Name,
  Numeral,
  /** Space other than the blank. */
  Space,
  LineEnd,
  Quote,
  Dot,
  Dash,
  Bracket,
  /** `=`, `<`, `>`, `~`, `/` or `:`. */
  Operator,
  Nul,
}

/** The kind of each byte. */
export const KIND = tokenKinds();

function tokenKinds(): Uint8Array {
  const kinds = CLASS.map((bits) => {
    if (bits === Class.NameStart) return Kind.Name;
    if (bits === Class.Digit) return Kind.Numeral;
    if (bits === Class.Space) return Kind.Space;
    return bits === Class.LineEnd ? Kind.LineEnd : Kind.Single;
  });
  for (const operator of "=<>~/:") kinds[operator.charCodeAt(0)] = Kind.Operator;
  kinds[Byte.Quote] = Kind.Quote;
  kinds[Byte.Apostrophe] = Kind.Quote;
  kinds[Byte.Dot] = Kind.Dot;
  kinds[Byte.Dash] = Kind.Dash;
  kinds[Byte.OpenBracket] = Kind.Bracket;
  kinds[0] = Kind.Nul;
  return kinds;
}

/** Makes a letter small; nothing else becomes a small letter by it. */
export const TO_LOWER = 0x20;

/** The value of a hexadecimal digit, or −1. */
export function hexValue(byte: number): number {
  if (CLASS[byte] === Class.Digit) return byte - Byte.Zero;
  const value = (byte | TO_LOWER) - 87;
  return value >= 10 && value < 16 ? value : -1;
}

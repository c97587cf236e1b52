/** Numbers on the command line, read as C's `strtol` reads them. Source: lua51.md §6.1. */

const INTEGER = /^[ \t\n\v\f\r]*([+-]?)(0[xX](?=[0-9a-fA-F])|0?)([0-9a-fA-F]*)/;
const LONGEST = (1n << 63n) - 1n;

/**
 * The low 32 bits, unsigned, of `strtol(text, NULL, 0)` on a 64-bit system: `0x…` is hexadecimal,
 * `0…` octal, what follows the number is ignored, and no number at all is 0.
 */
export function parseCInteger(text: string): number {
  const [, sign, prefix, rest] = INTEGER.exec(text) ?? ["", "", "", ""];
  const base = prefix === "" ? 10 : prefix === "0" ? 8 : 16;
  let magnitude = 0n;
  for (const character of rest) {
    const digit = Number.parseInt(character, 16);
    if (digit >= base) break;
    magnitude = magnitude * BigInt(base) + BigInt(digit);
    if (magnitude > LONGEST) return saturated(sign);
  }
  return Number(BigInt.asUintN(32, sign === "-" ? -magnitude : magnitude));
}

/** The low bits of the largest long, or of the smallest. */
function saturated(sign: string): number {
  return sign === "-" ? 0 : 0xffffffff;
}

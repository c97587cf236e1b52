/**
 * Two things differ between runs of the reference and say nothing about the program: addresses in
 * listings, and the build time in the lookup function that `-i` makes. Both sides of a comparison
 * pass through these masks. Source: lua51.md §6.2 (type 1) and §7 (addresses).
 */
import type { LuaString } from "../../src/base/lua-string.ts";

/** The three places of a listing that show an address; groups: before, address, after. */
const ADDRESS = new RegExp(
  [
    /^((?:main|function) <.*> \(\d+ instructions?(?:, \d+ bytes)? at )(0x[0-9a-f]+)(\))$/,
    /^((?:constants|locals|upvalues) \(\d+\) for )(0x[0-9a-f]+)(:)$/,
    /^(\t\d+\t\[(?:\d+|-)\]\tCLOSURE {2}\t\d+ \d+\t; )(0x[0-9a-f]+)()$/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gm",
);

/** Replaces each address by the ordinal of its first appearance, so that equal stays equal. */
export function maskAddresses(listing: LuaString): LuaString {
  const ordinals = new Map<string, string>();
  return listing.replace(ADDRESS, (...groups: (string | undefined)[]) => {
    const [before, address, after] = groups.slice(1, 10).filter((group) => group !== undefined);
    if (!ordinals.has(address)) ordinals.set(address, `<${ordinals.size + 1}>`);
    return `${before}${ordinals.get(address)}${after}`;
  });
}

/** In the listing of a lookup function, its first block, replaces the time by `TIME`. */
export function maskListedTime(listing: LuaString): LuaString {
  const start = listing.search(/^main </m);
  if (start < 0) return listing;
  const next = listing.indexOf("\nfunction <", start);
  const nextMain = listing.indexOf("\nmain <", start);
  const ends = [next, nextMain, listing.length].filter((at) => at >= 0);
  const end = Math.min(...ends);
  const block = listing
    .slice(start, end)
    .replace(/(\tLOADK {4}\t1 -\d+\t; ).*/, "$1TIME")
    .replace(/(\n\t\d+\t)[^\t\n]*(?=\nlocals \()/, "$1TIME");
  return listing.slice(0, start) + block + listing.slice(end);
}

/**
 * In a chunk whose main is a lookup function, sets the last constant, the time, to zero bytes.
 * Any other chunk is returned as it is.
 *
 *     header(12) source lines(8) flags(4) sizecode align4 code sizek constants …
 */
export function maskChunkTime(chunk: LuaString): LuaString {
  if (!chunk.startsWith("\x1bLua")) return chunk;
  const numberSize = chunk.charCodeAt(10);
  let at = 12;
  at += 4 + int32(chunk, at);
  const parameters = chunk.charCodeAt(at + 9);
  at += 12;
  const code = (at + 4 + 3) & ~3;
  at = code + 4 * int32(chunk, at);
  const constants = int32(chunk, at);
  if (parameters !== 1 || constants < 2) return chunk;
  at += 4;
  for (let i = 0; i < constants - 1; i++) at += 5 + int32(chunk, at + 1);
  return chunk.slice(0, at + 1) + "\0".repeat(numberSize) + chunk.slice(at + 1 + numberSize);
}

function int32(chunk: LuaString, at: number): number {
  const byte = (i: number) => chunk.charCodeAt(at + i);
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}

/**
 * Advice for people at a terminal whose input could not be opened, not loaded as a chunk, or not
 * written as one.
 */
import type { EncodeError } from "../base/errors.ts";
import { chunkKind } from "../formats/chunk.ts";
import type { Target } from "../target/target.ts";
import { SUPPORTED_TARGETS } from "../target/targets.ts";
import { toolchainFor } from "../toolchain.ts";

/** Offsets in the header of a chunk. */
const VERSION_AT = 4;
const STRING_SIZE_AT = 8;

/** Why a binary chunk may not have loaded; one line without its end. */
export function chunkHint(chunk: Uint8Array, target: Target): string {
  const kind = chunkKind(chunk);
  if (kind === "image") return "this is a flash image, not a chunk";
  if (!hasLuaSignature(chunk)) return "this is neither Lua nor a chunk";
  const { chunkVersion, title } = target.dialect;
  if (isVersion(chunk[VERSION_AT]) && chunk[VERSION_AT] !== chunkVersion) {
    return `this is a chunk of ${titleOf(chunk[VERSION_AT])}, and target ${target.name} is ${title}`;
  }
  if (chunk[STRING_SIZE_AT] === 8) {
    return "plain luac on a 64-bit system made this chunk; compile its source with luac.cross";
  }
  const maker = makerOf(chunk, target);
  return maker
    ? `this chunk was made for ${maker.name}, or a target like it`
    : "the chunk is damaged, or plain luac made it; compile its source with luac.cross";
}

function hasLuaSignature(chunk: Uint8Array): boolean {
  return chunk[1] === 0x4c && chunk[2] === 0x75 && chunk[3] === 0x61;
}

/** Whether there is a Lua of that version that chunks could be from; else it is damage. */
function isVersion(version: number): boolean {
  return version >= 0x40 && version <= 0x5f;
}

/** `Lua 5.1` for 0x51. */
function titleOf(version: number): string {
  return `Lua ${version >> 4}.${version & 15}`;
}

/** The target, of the same firmware if possible, that can load this chunk. */
function makerOf(chunk: Uint8Array, target: Target): Target | undefined {
  const akin = SUPPORTED_TARGETS.filter((other) => other !== target);
  const nearness = (other: Target) => Number(other.firmware === target.firmware);
  akin.sort((a, b) => nearness(b) - nearness(a));
  return akin.find((other) => loads(chunk, other));
}

function loads(chunk: Uint8Array, target: Target): boolean {
  try {
    toolchainFor(target).decode(chunk, { chunkName: "=?", target });
    return true;
  } catch {
    return false;
  }
}

/** Why a file may not have been found; one line without its end. */
export function missingFileHint(name: string): string | undefined {
  if (/^-./.test(name)) {
    return "options come before the first file name; what follows it is read as file names";
  }
  if (/[*?]/.test(name)) {
    return "nothing has expanded this pattern (the Windows command prompt does not); name the files";
  }
  return undefined;
}

/** Where the number is that does not fit in the file; one line without its end. */
export function encodeHint({ place }: EncodeError, target: Target): string | undefined {
  if (place === undefined) return undefined;
  const { lineDefined } = place;
  const where =
    lineDefined === 0 ? "outside of functions" : `in the function of line ${lineDefined}`;
  return `a .lc file for ${target.name} cannot hold the numbers 2147483647 and -2147483648; one is ${where}: compute it when the program runs, from a variable`;
}

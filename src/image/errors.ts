/** What can be wrong with a flash image, to be built or to be read. */
import { type ErrorCode, LuacrossError } from "../base/errors.ts";
import type { LuaString } from "../base/lua-string.ts";

/** What one module adds to an image. */
export interface ModuleSize {
  /** The name it is found by. */
  readonly name: LuaString;
  /** Bytes of its functions, and of the strings that no other module uses. */
  readonly size: number;
}

/** What an image is too large for. */
export type SizeBound =
  /** The reference's builder, which gives up before there is an image. */
  | "builder"
  /** What was asked for. */
  | "limit";

/** An image that is too large. Its message is the reference's. */
export class ImageSizeError extends LuacrossError {
  /** Bytes of the image. */
  readonly size: number;
  /** Bytes it may have. */
  readonly limit: number;
  readonly bound: SizeBound;
  /** The largest first. */
  readonly modules: readonly ModuleSize[];

  constructor(
    message: LuaString,
    size: number,
    limit: number,
    modules: readonly ModuleSize[],
    bound: SizeBound = "limit",
  ) {
    super("limit", message);
    this.size = size;
    this.limit = limit;
    this.bound = bound;
    this.modules = modules;
  }

  /** Bytes by which it must shrink. */
  get excess(): number {
    return this.size - this.limit;
  }
}

/** Addresses have 32 bits. */
const ADDRESSES = 2 ** 32;

/**
 * @param address of an absolute image, 32 bits
 * @param size of it in bytes
 * @throws LuacrossError `limit` when it would reach beyond the last address
 */
export function checkPlace(address: number, size: number): void {
  if (address + size <= ADDRESSES) return;
  const place = `0x${address.toString(16)}`;
  const last = `0x${(ADDRESSES - 1).toString(16)}`;
  const message = `an image of ${size} bytes at ${place} would reach beyond the last address, ${last}`;
  throw new LuacrossError("limit", message);
}

/** The code of whatever is wrong with an image that has no code of its own: counts, refs, packing. */
export const DAMAGED: ErrorCode = "chunk-integer";

/** An image that cannot be read. */
export class ImageError extends LuacrossError {
  /** Byte offset of the trouble: in the image, or in the file while it is still packed. */
  readonly offset: number;
  /** What was being read there, such as `"constants of a function"`. */
  readonly field: string;

  constructor(code: ErrorCode, reason: string, offset: number, field: string) {
    super(code, `${field} at offset ${offset}: ${reason}`);
    this.offset = offset;
    this.field = field;
  }
}

/**
 * What every flash image has, of whichever format: the view that commands and users of the library
 * get. Each format's reader adds what is its own.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import type { RefusedCopy } from "./inflate.ts";

export interface ImageHeader {
  /** The first word in flash, unsigned. */
  readonly signature: number;
  /** Bytes that the image takes in flash. */
  readonly size: number;
  /** Of the hashes of all strings, in Lua 5.3; 32 bits, unsigned. Lua 5.1 has none. */
  readonly seed?: number | undefined;
}

export interface ImageModule {
  /** The name it is found by. */
  readonly name: LuaString;
  readonly proto: Proto;
}

/** An instruction that the code checker refuses. */
export interface BadCode {
  /** Where it is in the image. */
  readonly offset: number;
  readonly reason: string;
}

export interface FlashImage {
  /** To be loaded by the device at any address, or to be flashed at one. */
  readonly kind: "compact" | "absolute";
  /** What it may have been built for: at least one. They differ in nothing the image shows. */
  readonly targets: readonly Target[];
  /** Address at which an absolute image is to lie; 0 for a compact one. */
  readonly base: number;
  readonly header: ImageHeader;
  /** In the order in which they lie in the image. */
  readonly strings: readonly { readonly text: LuaString }[];
  readonly main: Proto;
  /** In the order of their names; none when the main function is no lookup combination. */
  readonly modules: readonly ImageModule[];
  /** When it was built, in seconds since 1970; undefined when the main function does not tell. */
  readonly time: number | undefined;
  /** Bytes of each part, by name; together the size of the image. */
  readonly parts: Readonly<Record<string, number>>;
  /** Code that must not be run; always undefined unless that was allowed. */
  readonly badCode: BadCode | undefined;
  /** A copy in a compact image for which devices refuse it. */
  readonly refusedCopy: RefusedCopy | undefined;
  /** Bytes behind an absolute image, as in a copy of a whole flash region. */
  readonly extraBytes: number;
}

export interface ReadImageOptions {
  /** Accept code that the code checker refuses; it is for looking at, not to be run. */
  readonly allowBadCode?: boolean | undefined;
}

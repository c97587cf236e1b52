/** Builds images of Lua 5.3 from chunks, as the command line does. */
import { fromText, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { combineLookup53 } from "../../src/formats/combine53.ts";
import { decodeChunk53 } from "../../src/formats/lc53.ts";
import { buildImage53 } from "../../src/image/build53.ts";
import type { Image53 } from "../../src/image/compact53.ts";
import type { Target } from "../../src/target/target.ts";

/** `.lc` files by path, in the order of the command line. */
export type Chunks53 = Readonly<Record<string, LuaString | Uint8Array>>;

export interface ImageChoices53 {
  readonly seed: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly strip?: boolean;
  readonly limit?: number;
}

export function imageOf53(chunks: Chunks53, target: Target, choices: ImageChoices53): Image53 {
  const { time, ...options } = choices;
  const protos = Object.entries(chunks).map(([path, chunk]) => {
    const bytes = typeof chunk === "string" ? toBytes(chunk) : chunk;
    return decodeChunk53(bytes, { target, chunkName: fromText(`@${path}`), trust: true });
  });
  const main = combineLookup53(protos, target.numbers.fromInteger(BigInt(time)));
  return buildImage53(main, { target, ...options });
}

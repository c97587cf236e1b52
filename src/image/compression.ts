/**
 * The ways to pack a compact image. Each comes in two forms: the usual one, and one for the few
 * payloads of which the usual one makes a file that devices refuse. Source: lfs51.md §7, §8.
 */
import { compressLoadable, compressReference } from "./compress.ts";
import { compressBest } from "./compress-best.ts";

/** Makes a gzip file of a payload of at least 4 bytes. */
export type Compressor = (payload: Uint8Array) => Uint8Array;

export interface Compression {
  readonly usual: Compressor;
  /** Always makes a file that devices take. */
  readonly careful: Compressor;
}

/** What users call them. */
export type CompressionName = "best" | "reference";

export const COMPRESSIONS: Readonly<Record<CompressionName, Compression>> = {
  reference: { usual: compressReference, careful: compressLoadable },
  best: { usual: compressBest, careful: compressBest },
};

/** Whether that is the name of one. */
export function isCompression(name: string): name is CompressionName {
  return Object.hasOwn(COMPRESSIONS, name);
}

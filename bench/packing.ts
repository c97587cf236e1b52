/**
 * How well and how fast a large image is packed with `compress: "best"`: the whole build, in process,
 * beside the same build with the reference's compressor, and the sizes beside zlib's.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { applicationOf, SOURCE_BYTES } from "./images.ts";
import type { Library } from "./library.ts";
import { type Times, timesOf } from "./statistics.ts";

const MODULES = 30;
/** zlib's window of 16 KB, which is the device's. */
const WINDOW_BITS = 14;

export interface PackingResult {
  /** Bytes in flash. */
  readonly size: number;
  /** Bytes of the files. */
  readonly reference: number;
  readonly zlib: number;
  readonly best: number;
  /** Milliseconds of the first build in this process, which is what a command takes. */
  readonly first: number;
  readonly times: Times;
  readonly referenceTimes: Times;
  readonly problems: readonly string[];
}

/** @param rounds how often each is built, after the first time */
export function measurePacking(library: Library, rounds: number): PackingResult {
  const modules = applicationOf(MODULES, SOURCE_BYTES);
  const build = (compress: "best" | "reference") => {
    const start = performance.now();
    const image = library.buildImage(modules, { timestamp: 0, compress });
    return { ...image, milliseconds: performance.now() - start };
  };
  const first = build("best");
  const usual = build("reference");
  const times = Array.from({ length: rounds }, () => ({
    best: build("best").milliseconds,
    reference: build("reference").milliseconds,
  }));
  const payload = gunzipSync(usual.bytes);
  return {
    size: usual.size,
    reference: usual.bytes.length,
    zlib: gzipSync(payload, { level: 9, windowBits: WINDOW_BITS, memLevel: 9 }).length,
    best: first.bytes.length,
    first: first.milliseconds,
    times: timesOf(times.map(({ best }) => best)),
    referenceTimes: timesOf(times.map(({ reference }) => reference)),
    problems: check(library, first.bytes, payload),
  };
}

function check(library: Library, file: Uint8Array, payload: Uint8Array): string[] {
  if (!gunzipSync(file).equals(payload)) return ["best packing: it unpacks to something else"];
  return library.verifyImage(file).sound ? [] : ["best packing: the device refuses it"];
}

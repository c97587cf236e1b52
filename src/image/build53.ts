/**
 * Builds flash images of Lua 5.3, as `luac.cross -f` does and `-F … -a …` goes on, to the byte.
 * Source: lua53.md §4 (compact), §5 (absolute).
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { moduleName53 } from "../formats/combine53.ts";
import type { Target } from "../target/target.ts";
import { compactImage53, countStrings, type Image53 } from "./compact53.ts";
import { crc32 } from "./crc32.ts";
import { ImageSizeError, type ModuleSize } from "./errors.ts";
import { STORED_FIXED_STRINGS } from "./fixed-strings53.ts";
import {
  aligned,
  bucketCount53,
  entrySize53,
  HEADER_SIZE_53,
  LOCAL_SIZE_53,
  PROTO_SIZE_53,
  stringSize53,
  TABLE_SIZE_53,
  UPVALUE_SIZE_53,
  WORD_SIZE,
} from "./layout53.ts";
import { loadImage53 } from "./load53.ts";
import { newStrings53 } from "./strings53.ts";
import { ImageBuffer } from "./word-sink.ts";

export interface BuildOptions53 {
  readonly target: Target;
  /** Leave out the names of locals and upvalues; sources and line info stay. */
  readonly strip?: boolean | undefined;
  /** Bytes that the image may take in flash; no limit when left out, as in the reference. */
  readonly limit?: number | undefined;
  /** Of the hashes of all strings; 32 bits. Any will do: its purpose is not to be known. */
  readonly seed: number;
}

/** What lies in flash, by parts; bytes. */
export interface ImageParts53 {
  readonly header: number;
  readonly strings: number;
  readonly buckets: number;
  readonly functions: number;
  readonly "nested functions": number;
  readonly constants: number;
  readonly code: number;
  readonly "line info": number;
  readonly locals: number;
  readonly upvalues: number;
  readonly modules: number;
}

/**
 * The image of a lookup combination; see `combine53.ts`.
 *
 * @throws {ImageSizeError} when it would be larger than allowed
 */
export function buildImage53(main: Proto, options: BuildOptions53): Image53 {
  const { target, strip = false, limit = Number.POSITIVE_INFINITY, seed } = options;
  const image = { target, strip, seed: seed >>> 0, strings: newStrings53(main), main };
  const size = flashSize53(image);
  if (size <= limit) return image;
  const message = "The image is too large for the specified LFS size";
  throw new ImageSizeError(message, size, limit, moduleSizes53(image));
}

/**
 * A seed that depends on nothing but the image's content, its time included: for builds that are to
 * give the same bytes again.
 *
 * @returns 32 bits, unsigned
 */
export function derivedSeed53(
  main: Proto,
  options: Omit<BuildOptions53, "seed" | "limit">,
): number {
  return crc32(compactImage53(buildImage53(main, { ...options, seed: 0 })));
}

/**
 * The image as it lies in flash at an address.
 *
 * @param address 32 bits; whether an image can lie there is not looked at
 * @param onUndefined told of bytes whose value nobody uses; the reference leaves them to chance
 */
export function absoluteImage53(
  image: Image53,
  address: number,
  onUndefined?: (offset: number, length: number) => void,
): Uint8Array {
  const { target } = image;
  const sink = new ImageBuffer(flashSize53(image));
  const chunkName = "=image";
  loadImage53(compactImage53(image), sink, { target, address, chunkName, onUndefined });
  return sink.finish();
}

/** Bytes of the image in flash. */
export function flashSize53(image: Image53): number {
  return Object.values(partSizes53(image)).reduce((sum, size) => sum + size, 0);
}

/** The parts of the image in flash; together its size. */
export function partSizes53(image: Image53): ImageParts53 {
  const { strings, main, target, strip } = image;
  const { valueSize } = target.image;
  const parts = new FunctionParts(valueSize, strip);
  for (const proto of main.protos) parts.add(proto);
  return {
    header: HEADER_SIZE_53,
    strings: stringsSize(STORED_FIXED_STRINGS) + stringsSize(strings),
    buckets: bucketCount53(countStrings(strings).short) * WORD_SIZE,
    ...parts.sizes,
    modules: (main.protos.length + 1) * entrySize53(valueSize) + TABLE_SIZE_53,
  };
}

function stringsSize(texts: readonly LuaString[]): number {
  return texts.reduce((size, { length }) => size + stringSize53(length), 0);
}

/** Adds up what functions take in flash. */
class FunctionParts {
  readonly sizes = {
    functions: 0,
    "nested functions": 0,
    constants: 0,
    code: 0,
    "line info": 0,
    locals: 0,
    upvalues: 0,
  };
  private readonly valueSize: number;
  private readonly strip: boolean;

  constructor(valueSize: number, strip: boolean) {
    this.valueSize = valueSize;
    this.strip = strip;
  }

  get total(): number {
    return Object.values(this.sizes).reduce((sum, size) => sum + size, 0);
  }

  add(proto: Proto): void {
    const { sizes } = this;
    sizes.functions += PROTO_SIZE_53;
    sizes["nested functions"] += proto.protos.length * WORD_SIZE;
    sizes.constants += proto.constants.length * this.valueSize;
    sizes.code += proto.code.length * WORD_SIZE;
    sizes["line info"] += aligned(proto.lineInfo.length);
    sizes.locals += this.strip ? 0 : proto.locals.length * LOCAL_SIZE_53;
    sizes.upvalues += proto.upvalueSources.length * UPVALUE_SIZE_53;
    for (const nested of proto.protos) this.add(nested);
  }
}

/**
 * What the modules of an image add to it in flash, the largest first.
 *
 * @returns sizes that together are less than the image: what several modules share belongs to none
 */
export function moduleSizes53({ main, target, strip }: Image53): ModuleSize[] {
  const { protos, constants } = main;
  const sets = protos.map(newStrings53);
  const users = new Map<LuaString, number>();
  for (const text of sets.flat()) users.set(text, (users.get(text) ?? 0) + 1);
  const sizes = protos.map((proto, i) => {
    const parts = new FunctionParts(target.image.valueSize, strip);
    parts.add(proto);
    const own = sets[i].filter((text) => users.get(text) === 1);
    const name = constants[i];
    return {
      name: typeof name === "string" ? name : moduleName53(proto.source),
      size: parts.total + stringsSize(own),
    };
  });
  return sizes.sort((a, b) => b.size - a.size);
}

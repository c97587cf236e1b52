/**
 * Builds flash images of Lua 5.1, as `luac.cross -f` and `-a` do, to the byte.
 * Source: lfs51.md §5 (body), §6 (the two formats), §2 (limits).
 *
 *     compact  = gzip( body bitmap )           refs are word offsets
 *     absolute = body                          refs are addresses, signature has its lowest bit
 */
import type { Proto } from "../bytecode/proto.ts";
import { moduleName } from "../formats/combine51.ts";
import type { Target } from "../target/target.ts";
import { type Image51, protoSize, stringsSize, writeBody } from "./body51.ts";
import { checkWritable51 } from "./check-proto51.ts";
import { compressReference } from "./compress.ts";
import { ImageSizeError, type ModuleSize, type SizeBound } from "./errors.ts";
import {
  ABSOLUTE_BIT,
  factsOf,
  MAX_IMAGE_SIZE,
  stringSize,
  WORD_SIZE,
  WORDS_PER_MARK,
} from "./layout51.ts";
import { StringSet } from "./strings51.ts";

export interface BuildOptions51 {
  readonly target: Target;
  /**
   * Leave out line info and the names of locals and upvalues. The reference does so only where the
   * target's image facts say that its `-s` is honoured; devices run such images all the same.
   */
  readonly strip?: boolean | undefined;
  /** Bytes the image may have, bitmap not counted; 262,144 when left out, and at most that. */
  readonly limit?: number | undefined;
}

/**
 * The image of a main function and all within it.
 *
 * @param main nearly always a lookup combination; see `combine51.ts`
 * @throws {ImageSizeError} when it would be larger than allowed
 * @throws {EncodeError} when a prototype made by hand holds what does not fit its place
 * @throws {LuacrossError} `unsupported` when the target's images are of another format
 */
export function buildImage51(main: Proto, options: BuildOptions51): Image51 {
  const { target, strip = false, limit = MAX_IMAGE_SIZE } = options;
  const facts = factsOf(target.image);
  checkWritable51(main, target);
  const strings = new StringSet();
  strings.addProto(main, strip);
  const size = stringsSize(strings.texts, facts) + protoSize(main, target.image.valueSize, strip);
  if (size > MAX_IMAGE_SIZE) throw tooLarge("builder", size, MAX_IMAGE_SIZE, main, options);
  if (size > limit) throw tooLarge("limit", size, limit, main, options);
  return writeBody(main, strings, size, { target, strip });
}

/** The file that `luac.cross -f` writes. Some few of them no device loads: see lfs51.md §8. */
export function compactImage51(image: Image51): Uint8Array {
  return compressReference(compactPayload51(image));
}

/** Bytes that an image has with other options, without building it. */
export function imageSize51(main: Proto, target: Target, strip: boolean): number {
  const strings = new StringSet();
  strings.addProto(main, strip);
  const { valueSize } = target.image;
  return stringsSize(strings.texts, factsOf(target.image)) + protoSize(main, valueSize, strip);
}

/** What a compact image is once it is unpacked: the body, and the bitmap behind it. */
export function compactPayload51({ body, bitmap }: Image51): Uint8Array {
  const payload = new Uint8Array(body.length + bitmap.length * WORD_SIZE);
  const view = new DataView(payload.buffer);
  payload.set(body);
  for (let i = 0; i < bitmap.length; i++) {
    view.setUint32(body.length + i * WORD_SIZE, bitmap[i], true);
  }
  return payload;
}

/**
 * The file that `luac.cross -a` writes.
 *
 * @param address where the image will be mapped, 32 bits; whether it can be is not looked at
 */
export function absoluteImage51({ body, bitmap }: Image51, address: number): Uint8Array {
  const absolute = new Uint8Array(body);
  const view = new DataView(absolute.buffer);
  for (let i = 0; i < bitmap.length; i++) {
    for (let marks = bitmap[i]; marks !== 0; marks &= marks - 1) {
      const bit = 31 - Math.clz32(marks & -marks);
      const at = (i * WORDS_PER_MARK + bit) * WORD_SIZE;
      view.setUint32(at, view.getUint32(at, true) * WORD_SIZE + address, true);
    }
  }
  view.setUint32(0, view.getUint32(0, true) | ABSOLUTE_BIT, true);
  return absolute;
}

/**
 * What the modules of a lookup combination add to its image, the largest first.
 *
 * @returns sizes that together are less than the image: what several modules share, and what the
 *   combination itself needs, belongs to none
 */
export function moduleSizes51(
  main: Proto,
  { target, strip = false }: BuildOptions51,
): ModuleSize[] {
  const { valueSize } = target.image;
  const sets = main.protos.map((proto) => {
    const strings = new StringSet();
    strings.addProto(proto, strip);
    return strings.texts;
  });
  const users = new Map<string, number>();
  for (const texts of sets) for (const text of texts) users.set(text, (users.get(text) ?? 0) + 1);
  const sizes = main.protos.map((proto, i) => {
    const own = sets[i].filter((text) => users.get(text) === 1);
    const strings = own.reduce((sum, text) => sum + stringSize(text.length), 0);
    return { name: moduleName(proto.source), size: protoSize(proto, valueSize, strip) + strings };
  });
  return sizes.sort((a, b) => b.size - a.size);
}

// The reference's words and spelling.
const SIZE_MESSAGES: Readonly<Record<SizeBound, string>> = {
  builder: "Out of Flash memory",
  limit: "The image is too large for specfied LFS size",
};

function tooLarge(
  bound: SizeBound,
  size: number,
  limit: number,
  main: Proto,
  options: BuildOptions51,
): ImageSizeError {
  const modules = moduleSizes51(main, options);
  return new ImageSizeError(SIZE_MESSAGES[bound], size, limit, modules, bound);
}

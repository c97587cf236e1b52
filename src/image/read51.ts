/**
 * Reads flash images of Lua 5.1, compact and absolute, of any target and for any address.
 * Source: lfs51.md §5, §6; §8 for the packing. It accepts more than a device does (see `refusedCopy`
 * and `extraBytes`) and tells what the image is for from its bytes alone.
 *
 *     compact  = gzip( body bitmap )           refs are word offsets
 *     absolute = body                          refs are addresses; also as it lies in flash
 */
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import type { Image51 } from "./body51.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import type { BadCode, FlashImage, ImageHeader, ReadImageOptions } from "./flash-image.ts";
import { ImageMap, type ImagePart } from "./image-map.ts";
import { inflate, type RefusedCopy } from "./inflate.ts";
import {
  ABSOLUTE_BIT,
  bitmapSize,
  HEADER_SIZE,
  HeaderWord,
  LOADING_BIT,
  MAX_IMAGE_SIZE,
  WORD_SIZE,
} from "./layout51.ts";
import { readProtos } from "./read-protos51.ts";
import { type ImageString, readStrings } from "./read-strings51.ts";
import { targetsOfSignature, targetsOfStrings } from "./recognise51.ts";

/** A file is believed to unpack to no more than this. */
const MAX_PAYLOAD_SIZE = MAX_IMAGE_SIZE + bitmapSize(MAX_IMAGE_SIZE);

export interface ImageHeader51 extends ImageHeader {
  /** Where the main function's record is, in bytes from the image's start. */
  readonly main: number;
  /** Where the buckets of the string table are. */
  readonly buckets: number;
  readonly stringCount: number;
  readonly bucketCount: number;
}

export interface ImageFile51 extends FlashImage {
  readonly header: ImageHeader51;
  readonly strings: readonly ImageString[];
  readonly parts: Readonly<Record<ImagePart, number>>;
  /** The image with word offsets for refs, to be written in either format. */
  readonly image: Image51;
}

/** An image without its wrapping. */
interface Unwrapped {
  readonly kind: FlashImage["kind"];
  /** Begins with the image. */
  readonly bytes: Uint8Array;
  readonly refusedCopy: RefusedCopy | undefined;
}

/**
 * @param file all bytes of the file; not changed
 * @throws {ImageError} with offset and field, when it is no such image or is damaged
 */
export function readImage51(file: Uint8Array, options: ReadImageOptions = {}): ImageFile51 {
  const { kind, bytes, refusedCopy } = unwrap(file);
  const isCompact = kind === "compact";
  const view = readableHeader(bytes);
  const size = view.getUint32(HeaderWord.Size * WORD_SIZE, true);
  checkSize(bytes, size, isCompact);
  // The string table follows the header, so its address tells where the image is to lie.
  const base = isCompact ? 0 : view.getUint32(HeaderWord.Buckets * WORD_SIZE, true) - HEADER_SIZE;
  // A copy in any case: what Node's files are read into has a `slice` that makes none.
  const body = new Uint8Array(bytes.subarray(0, size));
  const map = new ImageMap(body, isCompact ? undefined : base >>> 0);
  const header = readHeader(map);
  const { strings, tag } = readStrings(map, header);
  const targets = findTargets(header, tag);
  const { main, badCode } = readProtos(map, header.main, strings, targets[0]);
  if (badCode && !options.allowBadCode) refuseCode(badCode);
  if (isCompact) checkBitmap(map, bytes.subarray(size));
  relocatable(map.image);
  return {
    kind,
    targets,
    base: base >>> 0,
    header,
    strings,
    main,
    ...readLookup(main),
    parts: map.partSizes(),
    image: map.image,
    badCode,
    refusedCopy,
    extraBytes: isCompact ? 0 : bytes.length - size,
  };
}

function unwrap(file: Uint8Array): Unwrapped {
  if (file[0] !== 0x1f || file[1] !== 0x8b) {
    return { kind: "absolute", bytes: file, refusedCopy: undefined };
  }
  const { payload, refusedCopy } = inflate(file, MAX_PAYLOAD_SIZE);
  return { kind: "compact", bytes: payload, refusedCopy };
}

/** @throws {ImageError} when it is no image of a known target, or not a finished one */
function readableHeader(bytes: Uint8Array): DataView {
  if (bytes.length < HEADER_SIZE) {
    throw new ImageError("chunk-truncated", "it ends too early", bytes.length, "header");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const signature = view.getUint32(0, true);
  if (targetsOfSignature(signature).length === 0) {
    const reason = `${signature.toString(16).padStart(8, "0")} is not an image's of Lua 5.1`;
    throw new ImageError("chunk-header", reason, 0, "signature");
  }
  if ((signature & LOADING_BIT) !== 0) {
    throw new ImageError("chunk-header", "the image was not written to its end", 0, "signature");
  }
  return view;
}

/** @param bytes a compact image has just its bitmap behind it, an absolute one anything */
function checkSize(bytes: Uint8Array, size: number, isCompact: boolean): void {
  const refuse = (reason: string): never => {
    throw new ImageError(DAMAGED, reason, HeaderWord.Size * WORD_SIZE, "image size");
  };
  if (size % WORD_SIZE !== 0 || size < HEADER_SIZE) refuse(`${size} bytes make no image`);
  if (size > bytes.length) refuse(`${size} bytes are more than the ${bytes.length} there are`);
  if (size > MAX_IMAGE_SIZE) refuse(`${size} bytes are over the limit of ${MAX_IMAGE_SIZE}`);
  if (isCompact && bytes.length !== size + bitmapSize(size)) {
    refuse(`${size} bytes and a bitmap do not make the ${bytes.length} there are`);
  }
}

function readHeader(map: ImageMap): ImageHeader51 {
  map.claim(0, HEADER_SIZE, "header");
  map.field = "main function";
  const main = map.ref(0, HeaderWord.Main);
  if (main === 0) map.refuse(DAMAGED, "there is none", HeaderWord.Main * WORD_SIZE);
  map.field = "string table";
  const buckets = map.ref(0, HeaderWord.Buckets);
  if (buckets === 0) map.refuse(DAMAGED, "there is none", HeaderWord.Buckets * WORD_SIZE);
  return {
    signature: map.word(0, HeaderWord.Signature),
    size: map.size,
    main,
    buckets,
    stringCount: map.word(0, HeaderWord.StringCount),
    bucketCount: map.word(0, HeaderWord.BucketCount),
  };
}

/** @param tag that of the strings; undefined when there are none */
function findTargets(header: ImageHeader51, tag: number | undefined): Target[] {
  const targets = targetsOfSignature(header.signature);
  const { stringCount: count, bucketCount: buckets } = header;
  const likely = targetsOfStrings(targets, { tag: tag ?? -1, count, buckets });
  if (likely.length > 0) return likely;
  throw new ImageError("chunk-header", "no target has such a type", header.buckets, "strings");
}

/** The file's bitmap must mark just the words that were used as refs. */
function checkBitmap({ image }: ImageMap, found: Uint8Array): void {
  const view = new DataView(found.buffer, found.byteOffset, found.length);
  for (let i = 0; i < image.bitmap.length; i++) {
    const wrong = image.bitmap[i] ^ view.getUint32(i * WORD_SIZE, true);
    if (wrong === 0) continue;
    const bit = 31 - Math.clz32(wrong & -wrong);
    const offset = (i * 32 + bit) * WORD_SIZE;
    const isRef = (image.bitmap[i] & (1 << bit)) !== 0;
    const reason = isRef ? "this ref is not marked" : "this word is no ref";
    throw new ImageError(DAMAGED, reason, offset, "bitmap of refs");
  }
}

function refuseCode({ reason, offset }: BadCode): never {
  throw new ImageError("chunk-code", reason, offset, "code");
}

/** Clears the signature's bit for absolute images, now that there are offsets for addresses. */
function relocatable({ body }: Image51): void {
  body[0] &= ~ABSOLUTE_BIT;
}

/** Names and time of a lookup combination, which are the constants of its main function. */
function readLookup({ constants, protos }: Proto): Pick<FlashImage, "modules" | "time"> {
  const names = constants.slice(0, protos.length);
  const time = constants[protos.length];
  if (constants.length !== protos.length + 1 || typeof time !== "number") {
    return { modules: [], time: undefined };
  }
  const modules = protos.flatMap((proto, i) => {
    const name = names[i];
    return typeof name === "string" ? [{ name, proto }] : [];
  });
  return { modules, time };
}

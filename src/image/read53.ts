/**
 * Reads flash images of Lua 5.3, compact and absolute, of any target and for any address. Source:
 * lua53.md §4, §5. It is stricter than a device, which trusts what it loads, and tells what the image
 * is for from its bytes alone.
 *
 *     compact  = ESC "Lua" 53 0b …             `compact53.ts`; names the sizes of its numbers
 *     absolute = 50–53 a2 fa fa …              `layout53.ts`; also as it lies in flash
 */

import type { LuaString } from "../base/lua-string.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";
import type { Proto } from "../bytecode/proto.ts";
import { firstRefusedCode, type ReadFunction } from "../formats/function53.ts";
import { numberSizes } from "../formats/header53.ts";
import type { Target, TargetRow } from "../target/target.ts";
import { TARGETS } from "../target/targets.ts";
import { flashSize53, type ImageParts53, partSizes53 } from "./build53.ts";
import { countStrings, type Image53, readCompact53 } from "./compact53.ts";
import { DAMAGED, ImageError } from "./errors.ts";
import { STORED_FIXED_STRINGS } from "./fixed-strings53.ts";
import type { FlashImage, ImageHeader, ReadImageOptions } from "./flash-image.ts";
import { bucketCount53, factsOf53, HEADER_SIZE_53, HeaderWord53, WORD_SIZE } from "./layout53.ts";
import { readAbsolute53 } from "./read-absolute53.ts";

export interface ImageHeader53 extends ImageHeader {
  /** Of the hashes of all strings; 32 bits, unsigned. */
  readonly seed: number;
  /** Short strings, and the buckets they are found by. */
  readonly stringCount: number;
  readonly bucketCount: number;
}

export interface ImageString53 {
  readonly text: LuaString;
  /** True for one that each image has. */
  readonly fixed: boolean;
}

export interface ImageFile53 extends FlashImage {
  /** For a compact image it is what the first of its targets makes of it. */
  readonly header: ImageHeader53;
  readonly strings: readonly ImageString53[];
  readonly parts: Readonly<Record<keyof ImageParts53, number>>;
  /** To be written in either format, for the first of its targets. */
  readonly image: Image53;
}

/** What both formats hold. */
interface Content {
  readonly kind: FlashImage["kind"];
  readonly targets: readonly Target[];
  readonly base: number;
  readonly image: Image53;
  readonly functions: readonly ReadFunction[];
  readonly extraBytes: number;
}

/**
 * @param file all bytes of the file; not changed
 * @throws {ImageError} with offset and field, when it is no such image or is damaged
 */
export function readImage53(file: Uint8Array, options: ReadImageOptions = {}): ImageFile53 {
  const content = file[0] === BINARY_MARK ? readCompact(file) : readAbsolute(file);
  const { kind, targets, base, image, extraBytes } = content;
  const { strings, main } = image;
  const badCode = firstRefusedCode(content.functions);
  if (badCode && !options.allowBadCode) {
    throw new ImageError("chunk-code", badCode.reason, badCode.offset, "code");
  }
  const { short } = countStrings(strings);
  return {
    kind,
    targets,
    base,
    header: {
      signature: factsOf53(image.target.image).signature,
      size: flashSize53(image),
      seed: image.seed,
      stringCount: short,
      bucketCount: bucketCount53(short),
    },
    strings: [
      ...strings.map((text) => ({ text, fixed: false })),
      ...STORED_FIXED_STRINGS.map((text) => ({ text, fixed: true })),
    ],
    main,
    modules: readModules(main),
    time: readTime(image),
    parts: partSizes53(image),
    image,
    badCode: badCode && { offset: badCode.offset, reason: badCode.reason },
    refusedCopy: undefined,
    extraBytes,
  };
}

function readCompact(file: Uint8Array): Content {
  const { integerSize, floatSize } = numberSizes(file);
  const targets = targetsOf(({ numbers }) => {
    return numbers.integerSize === integerSize && numbers.size === floatSize;
  });
  // Where no target fits, any of them says what is wrong.
  const [target = targetsOf(() => true)[0]] = targets;
  return { kind: "compact", targets, base: 0, ...readCompact53(file, target) };
}

function readAbsolute(file: Uint8Array): Content {
  if (file.length < HEADER_SIZE_53) {
    throw new ImageError("chunk-truncated", "it ends too early", file.length, "header");
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const signature = view.getUint32(HeaderWord53.Signature * WORD_SIZE, true);
  const targets = targetsOf(({ image }) => factsOf53(image).signature === signature);
  if (targets.length === 0) {
    const reason = `${signature.toString(16).padStart(8, "0")} is not an image's of Lua 5.3`;
    throw new ImageError("chunk-header", reason, 0, "signature");
  }
  const size = view.getUint32(HeaderWord53.Size * WORD_SIZE, true);
  if (size > file.length || size < HEADER_SIZE_53) {
    const reason = `${size} bytes do not fit the ${file.length} there are`;
    throw new ImageError(DAMAGED, reason, HeaderWord53.Size * WORD_SIZE, "image size");
  }
  const content = readForOne(file.subarray(0, size), targets);
  return { kind: "absolute", ...content, extraBytes: file.length - size };
}

/** Some firmware's signature does not tell which numbers it has; only one model fits the bytes. */
function readForOne(
  bytes: Uint8Array,
  targets: readonly Target[],
): Pick<Content, "targets" | "image" | "base" | "functions"> {
  const models = new Set(targets.map(({ numbers }) => numbers));
  let refusal: unknown;
  for (const model of models) {
    const fitting = targets.filter(({ numbers }) => numbers === model);
    try {
      return { targets: fitting, ...readAbsolute53(bytes, fitting[0]) };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      // What was read the furthest before it went wrong is likely to be the right one.
      refusal ??= error;
    }
  }
  throw refusal;
}

function targetsOf(fits: (target: Target) => boolean): Target[] {
  const hasImages = (row: TargetRow): row is Target =>
    row.image.facts53 !== undefined && row.numbers !== undefined;
  return TARGETS.filter(hasImages).filter(fits);
}

export function readModules({ constants, protos }: Proto): ImageFile53["modules"] {
  return protos.flatMap((proto, i) => {
    const name = constants[i];
    return typeof name === "string" ? [{ name, proto }] : [];
  });
}

/** Where integers have 32 bits, the time wraps around to negative ones for a while. */
export function readTime({ main, target }: Image53): number | undefined {
  const time = main.constants.at(-1);
  if (typeof time === "bigint") return Number(time);
  if (typeof time !== "number") return undefined;
  return target.numbers.integerSize === 4 ? time >>> 0 : time;
}

/**
 * Flash images on the command line: the building, and what is said of the result.
 * Source: lfs51.md §2 and lua53.md §6 for the reference's part.
 */
import { LuacrossError } from "../base/errors.ts";
import { fromText, type LuaString, toText } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { BuiltImage, ImageOptions, ImageStrip } from "../device/image-file.ts";
import { ImageSizeError, type ModuleSize } from "../image/errors.ts";
import { convertImage } from "../image-tools.ts";
import type { Target } from "../target/target.ts";
import type { Toolchain } from "../toolchain.ts";
import { Failure, hintLine } from "./failure.ts";
import { type CompileRequest, type ImageRequest, LIMIT_HINT } from "./options.ts";

/** How many modules of an image that is too large are named. */
const NAMED = 3;

/**
 * @param announce takes what is printed of an image that is larger than `-m` allows
 * @throws Failure
 */
export function buildImage(
  toolchain: Toolchain,
  main: Proto,
  request: CompileRequest,
  image: ImageRequest & Pick<ImageOptions, "seed">,
  announce: (line: LuaString) => void,
): BuiltImage {
  const { target, own } = request;
  const { exact, compression } = own;
  try {
    const strip = stripOf(request);
    return toolchain.buildImage(main, { ...image, target, strip, compression, exact });
  } catch (error) {
    if (!(error instanceof ImageSizeError)) throw error;
    if (error.bound === "limit") announce(sizeLine(request, error.size, image));
    if (error.limit === 0) {
      throw new Failure(error.message, undefined, fromText(`${noRoomText(image)}\n`));
    }
    const explain = () => hintLine(stripHint(toolchain, main, request, image, error.size));
    throw new Failure(error.message, explain, fromText(`${shrinkText(error)}\n`));
  }
}

/**
 * An image as it lies in flash at an address.
 *
 * @param file of the image
 * @param name of the file
 * @throws Failure when it is none for the target, or is too large
 */
export function placedImage(
  file: Uint8Array,
  name: string,
  target: Target,
  image: ImageRequest,
): Uint8Array {
  const { address, limit } = image;
  const prefix = fromText(name);
  try {
    const placed = convertImage(file, address, target);
    if (placed.length <= limit) return placed;
    if (limit === 0) throw new Failure(`${prefix}: ${fromText(noRoomText(image))}`);
    const excess = placed.length - limit;
    throw new Failure(
      `${prefix}: the image has ${placed.length} bytes; to fit into ${limit} it must shrink by ${excess}`,
    );
  } catch (error) {
    if (error instanceof LuacrossError) throw new Failure(`${prefix}: ${error.message}`);
    throw error;
  }
}

/** How far an image that is too large would shrink without debug information. */
function stripHint(
  toolchain: Toolchain,
  main: Proto,
  { target }: CompileRequest,
  image: ImageRequest,
  size: number,
): string | undefined {
  const options = {
    ...image,
    target,
    strip: "all",
    compression: "reference",
    exact: true,
  } as const;
  const [stripped, fits] = sizeOrExcess(() => toolchain.buildImage(main, options));
  if (stripped >= size) return undefined;
  return `--strip leaves out line numbers and names of locals: ${stripped} bytes${fits ? ", which fits" : ""}`;
}

function sizeOrExcess(build: () => BuiltImage): [size: number, fits: boolean] {
  try {
    return [build().size, true];
  } catch (error) {
    if (error instanceof ImageSizeError) return [error.size, false];
    throw error;
  }
}

/** What is printed of an image, as the reference prints it. */
export function sizeLine(
  { target }: CompileRequest,
  size: number,
  { limit }: ImageRequest,
): LuaString {
  return target.commandLine.imageSizeLine(size, limit);
}

function stripOf({ own, strip }: CompileRequest): ImageStrip {
  if (own.strip) return "all";
  return strip ? "as-reference" : "nothing";
}

/** What was done that the reference would not have done, in plain text. */
export function imageNotes(built: BuiltImage, { own }: CompileRequest): string[] {
  const notes: string[] = [];
  if (own.strip) notes.push(savedText(built));
  if (built.refusal !== undefined && built.loads) {
    notes.push(
      `the device would refuse the original's bytes: ${toText(built.refusal)}; wrote others of the same content`,
    );
  }
  return notes;
}

/** What is wrong with an image that was to be written all the same, in plain text. */
export function imageWarnings({ loads, refusal = "" }: BuiltImage): string[] {
  return loads ? [] : [`the device will refuse this image: ${toText(refusal)}`];
}

function savedText({ size, fullSize }: BuiltImage): string {
  const saved = fullSize - size;
  const share = ((100 * saved) / fullSize).toFixed(1);
  return `stripped: ${size} bytes of flash instead of ${fullSize}, ${saved} (${share} %) less`;
}

/** By how much an image must shrink, and where there is most to gain. */
function shrinkText({ size, limit, excess, modules }: ImageSizeError): string {
  const largest = modules.slice(0, NAMED).map(moduleText).join(", ");
  return `The image has ${size} bytes; to fit into ${limit} it must shrink by ${excess}. Largest modules: ${largest}.`;
}

/** No image has 0 bytes; who says so has mistyped a size, most likely. */
function noRoomText({ limitInWords = "0" }: ImageRequest): string {
  return `'-m ${limitInWords}' leaves no room for any image; ${LIMIT_HINT}.`;
}

function moduleText({ name, size }: ModuleSize): string {
  return `${toText(name)} (${size} bytes)`;
}

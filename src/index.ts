/**
 * luacross: the NodeMCU Lua cross-compiler as a library. Bytes in, bytes out; nothing here touches
 * files or the console, and everything runs in Node and in browsers. Compiles are independent of
 * each other and may be interleaved.
 *
 * ```ts
 * import { compile, encode } from "luacross";
 *
 * const proto = compile("print('hello')", { chunkName: "@init.lua" });
 * const lc = encode(proto, { strip: true });
 * ```
 */
import { ChunkError, LuacrossError } from "./base/errors.ts";
import { fromText, isBytes } from "./base/lua-string.ts";
import { LuaMock, type Mock, type MockBoard, type MockObject } from "./board/mock.ts";
import { type MockValue, results } from "./board/mock-values.ts";
import {
  type BoardOptions,
  type BoardStatus,
  type PinWrite,
  type SimulatedBoard,
  simulatedBoard,
} from "./board-api.ts";
import { messageName } from "./bytecode/chunk-name.ts";
import type { Proto } from "./bytecode/proto.ts";
import type { PowerCutReport, Verification } from "./device/verification.ts";
import { chunkKind } from "./formats/chunk.ts";
import { moduleName as moduleNameOfSource } from "./formats/combine51.ts";
import { type CompressionName, isCompression } from "./image/compression.ts";
import type { FlashImage, ReadImageOptions } from "./image/flash-image.ts";
import type { ImageSizes } from "./image/sizes.ts";
import { buildImageOf, type NamedSource } from "./image-builder.ts";
import {
  convertImage as convert,
  measureImage as measure,
  type RegionChoice,
  readImage as read,
  verifyImage as tryImage,
  tryPowerCuts,
} from "./image-tools.ts";
import { type RamUse, ramUseOfProto, ramUseOfSource } from "./ram/ram-use.ts";
import type { Target, TargetRow } from "./target/target.ts";
import { DEFAULT_TARGET_NAME, findTarget, supportedTarget, TARGETS } from "./target/targets.ts";
import { toolchainFor } from "./toolchain.ts";

export {
  ChunkError,
  CompileError,
  type ConstantPlace,
  EncodeError,
  type ErrorCode,
  LuacrossError,
  type SourcePlace,
} from "./base/errors.ts";
export { fromBytes, fromText, type LuaString, toBytes, toText } from "./base/lua-string.ts";
export { type Constant, LuaFloat, type LuaNumber } from "./base/number-model.ts";
export { decodeLines } from "./bytecode/line-info51.ts";
export type { LocalVariable, Proto, UpvalueSource } from "./bytecode/proto.ts";
export type { LfsRegion } from "./device/device.ts";
export type { FlashOperation } from "./device/flash.ts";
export type {
  BootOutcome,
  Check,
  CutOutcome,
  PowerCutReport,
  Verification,
} from "./device/verification.ts";
export type { ChunkKind } from "./formats/chunk.ts";
export {
  compareSizes,
  type FunctionChange,
  type ImageChange,
  type ModuleChange,
  type PartChanges,
  type SizeChange,
} from "./image/compare-sizes.ts";
export { ImageError, ImageSizeError, type ModuleSize } from "./image/errors.ts";
export type {
  BadCode,
  FlashImage,
  ImageHeader,
  ImageModule,
  ReadImageOptions,
} from "./image/flash-image.ts";
export type { RefusedCopy } from "./image/inflate.ts";
export type {
  FunctionSizes,
  ImageSizes,
  ModuleSizes,
  PartSizes,
  SizePart,
} from "./image/sizes.ts";
export { DEFAULT_TARGET_NAME, findTarget } from "./target/targets.ts";
export type {
  BoardStatus,
  CompressionName,
  Mock,
  MockBoard,
  MockObject,
  MockValue,
  NamedSource,
  PinWrite,
  RamUse,
  SimulatedBoard,
  Target,
  TargetRow,
};
export { chunkKind, LuaMock, results };

/** Every firmware build NodeMCU has; `supported` tells whether luacross can compile for it yet. */
export const targets: readonly TargetRow[] = TARGETS;

/** A row of {@link targets}, or its name. */
export type TargetChoice = TargetRow | string;

/** What to compile for; {@link DEFAULT_TARGET_NAME} when left out. */
export interface TargetOption {
  readonly target?: TargetChoice | undefined;
}

export interface CompileOptions extends TargetOption {
  /**
   * The chunk's name as it will be in messages and in the file: `@` and a file name, or `=` and
   * any words. Text beyond ASCII becomes UTF-8. `=source` when left out.
   */
  readonly chunkName?: string | undefined;
}

/**
 * Compiles Lua source. A first line that begins with `#` is skipped, as in files.
 *
 * @param source bytes as they are in the file, or text, which is taken as UTF-8
 * @throws CompileError when the source is not valid; its message is the reference compiler's, one
 *   unit per byte: {@link toText} makes it readable where it quotes text beyond ASCII
 * @throws LuacrossError `unknown-target`, `unsupported`; `chunk-header` when it is no source at all
 */
export function compile(source: Uint8Array | string, options: CompileOptions = {}): Proto {
  const target = resolveTarget(options.target);
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  requireBytes(bytes, "source");
  const kind = chunkKind(bytes);
  if (kind !== "source") {
    const what = kind === "image" ? "a flash image" : "a compiled chunk";
    throw new LuacrossError("chunk-header", `this is ${what}, not Lua source`);
  }
  const chunkName = fromText(options.chunkName ?? "=source");
  const toolchain = toolchainFor(target);
  return toolchain.compile(toolchain.skipFirstLine(bytes), { chunkName, target });
}

export interface EncodeOptions extends TargetOption {
  /** Leave out source names, line info and variable names, as `luac.cross -s`. */
  readonly strip?: boolean | undefined;
}

/**
 * The bytes of a `.lc` file.
 *
 * @throws EncodeError `number` when an integer build's constant is 2147483647 or −2147483648, which
 *   the file format of these builds cannot hold
 */
export function encode(proto: Proto, options: EncodeOptions = {}): Uint8Array {
  const target = resolveTarget(options.target);
  return toolchainFor(target).encode(proto, { target, strip: options.strip ?? false });
}

export interface DecodeOptions extends TargetOption {
  /** Name of the chunk in error messages, like {@link CompileOptions.chunkName}. */
  readonly chunkName?: string | undefined;
}

/**
 * Reads a `.lc` file and checks its code as the device would.
 *
 * @throws ChunkError with the byte offset and the field at which the file is wrong
 */
export function decode(chunk: Uint8Array, options: DecodeOptions = {}): Proto {
  const target = resolveTarget(options.target);
  requireBytes(chunk, "chunk");
  const chunkName = fromText(options.chunkName ?? "=chunk");
  const kind = chunkKind(chunk);
  if (kind === "source" || kind === "image") {
    const what = kind === "image" ? "a flash image" : "no compiled chunk";
    throw new ChunkError(
      "chunk-header",
      `${messageName(chunkName)}: this is ${what}`,
      0,
      "signature",
    );
  }
  const toolchain = toolchainFor(target);
  return toolchain.decode(toolchain.skipFirstLine(chunk), { chunkName, target });
}

/**
 * Checks the code of a prototype and of all nested in it by the rules of the target's loader.
 *
 * @throws ChunkError `chunk-code`; its field says which instruction is refused and why
 */
export function verify(proto: Proto, options: TargetOption = {}): void {
  toolchainFor(resolveTarget(options.target)).verify(proto);
}

export interface ListOptions extends TargetOption {
  /** Also list constants, locals and upvalues, as `luac.cross -l -l`. */
  readonly full?: boolean | undefined;
}

/**
 * The listing of `luac.cross -l`, one unit per byte. Where the reference prints memory addresses
 * there are made-up ones, different for each function.
 *
 * @param proto compiled, decoded, or accepted by {@link verify}
 */
export function list(proto: Proto, options: ListOptions = {}): string {
  const target = resolveTarget(options.target);
  const { numbers } = target;
  return toolchainFor(target).list(proto, { full: options.full ?? false, numbers });
}

/**
 * What a module costs of the device's memory by the way it is loaded, and while the device compiles
 * it.
 *
 * @param input source, as for {@link compile}, or the bytes of a `.lc` file
 * @param options the chunk's name is part of what is in memory: `@` and the file's name there
 * @throws CompileError, ChunkError, LuacrossError as {@link compile} and {@link decode}
 */
export function measureRam(input: Uint8Array | string, options: CompileOptions = {}): RamUse {
  const target = resolveTarget(options.target);
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  requireBytes(bytes, "input");
  const chunkName = fromText(options.chunkName ?? "=source");
  if (chunkKind(bytes) === "source") {
    const content = toolchainFor(target).skipFirstLine(bytes);
    return ramUseOfSource(content, { chunkName, target });
  }
  return ramUseOfProto(decode(bytes, options), { chunkName, target });
}

export interface BuildImageOptions extends TargetOption {
  /** Build time in seconds since 1970; now when left out. */
  readonly timestamp?: number | undefined;
  /**
   * Where the image will be mapped, for an absolute one as of `luac.cross -a`; 32 bits. When left
   * out the image is compact, to be loaded by the device, as of `luac.cross -f`.
   */
  readonly address?: number | undefined;
  /** Bytes it may take in flash. In Lua 5.1 at most 262,144; in Lua 5.3 any when left out. */
  readonly limit?: number | undefined;
  /** Leave out line info and the names of locals and upvalues. */
  readonly strip?: boolean | undefined;
  /** How a compact image of Lua 5.1 is packed; as the reference does it when left out. */
  readonly compress?: CompressionName | undefined;
  /** Keep the usual bytes even when the device refuses them. */
  readonly exact?: boolean | undefined;
  /** Allow more than the 50 modules that the reference takes in Lua 5.1. */
  readonly manyModules?: boolean | undefined;
  /**
   * Seed of the hashes of all strings in an image of Lua 5.3, 32 bits; made from the content when
   * left out, so that equal builds give equal bytes.
   */
  readonly seed?: number | undefined;
}

/** A flash image, and what the simulated device of its target says of it. */
export interface ImageBuild {
  /** The file. */
  readonly bytes: Uint8Array;
  /** Bytes of the image in flash. */
  readonly size: number;
  /** The same without {@link BuildImageOptions.strip}. */
  readonly fullSize: number;
  /** False only for bytes that were to be kept exactly. */
  readonly loads: boolean;
  /** Whether other bytes of the same content stand for usual ones that the device refuses. */
  readonly replaced: boolean;
  /** The device's words for the usual bytes, when it refuses them. */
  readonly refusal: string | undefined;
  /** What is likely wrong, such as two modules of one name; plain text. */
  readonly warnings: readonly string[];
}

/**
 * The flash image of some modules: the bytes that `luac.cross` writes, after the simulated device of
 * the target has loaded them.
 *
 * @param modules one at least: prototypes, or sources and `.lc` files with their names
 * @throws CompileError, ChunkError when a module is not valid
 * @throws ImageSizeError when the image is too large, with the sizes of its modules
 * @throws EncodeError when a prototype made by hand holds what does not fit its place
 * @throws LuacrossError `limit` for a number of modules, an address or a time that cannot be;
 *   `image-refused` when the device would not start it; `unknown-target`, `unsupported`
 */
export function buildImage(
  modules: readonly (Proto | NamedSource)[],
  options: BuildImageOptions = {},
): ImageBuild {
  for (const module of modules) {
    if ("name" in module && typeof module.source !== "string")
      requireBytes(module.source, "source");
  }
  const compression = options.compress ?? "reference";
  if (!isCompression(compression)) throw new TypeError(`there is no compress '${compression}'`);
  const target = resolveTarget(options.target);
  const { file, refusal, ...facts } = buildImageOf(modules, {
    target,
    timestamp: checkedTime(options.timestamp ?? Math.floor(Date.now() / 1000)),
    address: options.address ?? 0,
    limit: options.limit ?? target.commandLine.defaultLimit,
    strip: options.strip ? "all" : "nothing",
    compression,
    exact: options.exact ?? false,
    manyModules: options.manyModules ?? false,
    seed: checkedSeed(options.seed),
  });
  const replaced = facts.loads && refusal !== undefined;
  return { bytes: file, ...facts, replaced, refusal };
}

/** @throws LuacrossError `limit` */
function checkedSeed(seed: number | undefined): number | undefined {
  if (seed === undefined || seed === seed >>> 0) return seed;
  throw new LuacrossError("limit", `seed ${seed} is no whole number from 0 to 2^32 - 1`);
}

/** @throws LuacrossError `limit` */
function checkedTime(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new LuacrossError("limit", `timestamp ${seconds} is no whole number of seconds since 1970`);
}

/**
 * Reads an LFS image of either format, of any target and address: header, strings, functions,
 * modules, and the targets it may be for.
 *
 * @throws ImageError with the byte offset and the field at which the image is wrong
 * @throws LuacrossError `chunk-header` when it is no image that is known
 */
export function readImage(image: Uint8Array, options: ReadImageOptions = {}): FlashImage {
  requireBytes(image, "image");
  return read(image, options);
}

/** What an image is to become. */
export interface ConvertOptions {
  /**
   * The address of an absolute image, a multiple of 4, up to 32 bits; when left out the image
   * becomes a compact one.
   */
  readonly address?: number | undefined;
  /** The firmware of an absolute image; when left out, the first one the image may be for. */
  readonly target?: TargetChoice | undefined;
}

/**
 * The image in its other format, or for another address: the bytes that `luac.cross -a` or `-f`
 * would have written. Devices refuse some few compact ones; {@link verifyImage} tells.
 *
 * @throws ImageError, LuacrossError as {@link readImage}; `limit` for an address that cannot be
 */
export function convertImage(image: Uint8Array, options: ConvertOptions = {}): Uint8Array {
  requireBytes(image, "image");
  return convert(image, options.address, imageTarget(options));
}

export interface VerifyImageOptions {
  /** The firmware to try it on; when left out, the first one the image may be for. */
  readonly target?: TargetChoice | undefined;
  /** Bytes of the LFS region, a multiple of 4096; the most there can be when left out. */
  readonly regionSize?: number | undefined;
  /** Where the region is mapped; that of an absolute image when left out. */
  readonly address?: number | undefined;
}

/**
 * Tries an image on a simulated device of the target: each check of its loader, then what the
 * device does not look at. It comes to an end with any file.
 *
 * @throws ImageError, LuacrossError when no target is given and the image cannot be read; `limit`
 *   for a region that cannot be
 */
export function verifyImage(image: Uint8Array, options: VerifyImageOptions = {}): Verification {
  requireBytes(image, "image");
  return tryImage(image, imageTarget(options), regionOf(options));
}

/**
 * Every cut of power while the device loads a compact image over one that works, and what the next
 * start finds.
 *
 * @throws ImageError, LuacrossError as {@link verifyImage}
 */
export function powerCuts(image: Uint8Array, options: VerifyImageOptions = {}): PowerCutReport {
  requireBytes(image, "image");
  return tryPowerCuts(image, imageTarget(options), regionOf(options));
}

/**
 * Where the bytes of an image go: by module, by function, by what they are.
 *
 * @throws ImageError, LuacrossError as {@link readImage}
 */
export function measureImage(image: Uint8Array): ImageSizes {
  requireBytes(image, "image");
  return measure(image);
}

function imageTarget({ target }: TargetOption): Target | undefined {
  return target === undefined ? undefined : resolveTarget(target);
}

function regionOf({ regionSize: size, address }: VerifyImageOptions): RegionChoice {
  return { size, address };
}

export interface CreateBoardOptions extends BoardOptions, TargetOption {}

/**
 * A simulated board to run programs on, switched off. Time is virtual, so that a test of an hour
 * takes a moment.
 *
 * ```ts
 * const board = createBoard({
 *   files: { "init.lua": "tmr.create():alarm(1000, tmr.ALARM_SINGLE, function() print('hi') end)" },
 *   onOutput: (text) => console.log(text),
 * });
 * board.powerOn();
 * board.run(2000);
 * ```
 *
 * Without a target it is the one that the image is for, or the usual one.
 *
 * @throws LuacrossError when the image is none, or the board does not take it; `unknown-target`,
 *   `unsupported`
 */
export function createBoard(options: CreateBoardOptions = {}): SimulatedBoard {
  const { target, lfs } = options;
  if (lfs !== undefined) requireBytes(lfs, "lfs");
  const [recognised] = target === undefined && lfs !== undefined ? readImage(lfs).targets : [];
  return simulatedBoard(options, recognised ?? resolveTarget(target));
}

/** The name under which `require` and LFS know a module compiled from that chunk name. */
export function moduleName(chunkName: string): string {
  return moduleNameOfSource(fromText(chunkName));
}

/** @throws LuacrossError `unknown-target`, `unsupported` */
function resolveTarget(choice: TargetChoice = DEFAULT_TARGET_NAME): Target {
  if (typeof choice !== "string" && typeof choice?.name !== "string") {
    throw new TypeError("target must be a row of targets, or a name");
  }
  return typeof choice === "string" ? findTarget(choice) : supportedTarget(choice);
}

/** Callers without types get a sentence, not a failure somewhere inside. */
function requireBytes(bytes: unknown, what: string): void {
  if (!isBytes(bytes)) throw new TypeError(`${what} must be a Uint8Array`);
}

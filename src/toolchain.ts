/**
 * The one place where a Lua version picks its compiler, codecs and listing. The library and the
 * command lines ask for the toolchain of a target's dialect and never for the dialect's name.
 */
import type { LuaString } from "./base/lua-string.ts";
import type { NumberModel } from "./base/number-model.ts";
import { readInstruction51 } from "./bytecode/code-steps51.ts";
import { readInstruction53 } from "./bytecode/code-steps53.ts";
import { type Use, usesOf } from "./bytecode/code-uses.ts";
import { FIELDS_PER_FLUSH } from "./bytecode/instruction.ts";
import { decodeLines } from "./bytecode/line-info51.ts";
import { decodeLines53 } from "./bytecode/line-info53.ts";
import { list51 } from "./bytecode/listing51.ts";
import { list53 } from "./bytecode/listing53.ts";
import type { Proto } from "./bytecode/proto.ts";
import { verifyChunk51 } from "./bytecode/verify51.ts";
import { verifyChunk53 } from "./bytecode/verify53.ts";
import { compileSource } from "./compiler/compile.ts";
import type { BuiltImage, ImageOptions } from "./device/image-file.ts";
import { imageFile51 } from "./device/image-file51.ts";
import { imageFile53 } from "./device/image-file53.ts";
import { runTimeWarnings53 } from "./device/warnings53.ts";
import { isBinaryChunk, type Origin, skipFirstLine, skipFirstLine53 } from "./formats/chunk.ts";
import {
  combineCall51,
  combineLookup51,
  type HiddenModule,
  hiddenModules51,
} from "./formats/combine51.ts";
import {
  combineCall53,
  combineLookup53,
  type InputOrder,
  orderInputs53,
} from "./formats/combine53.ts";
import { decodeChunk51, encodeChunk51 } from "./formats/lc51.ts";
import { decodeChunk53, encodeChunk53 } from "./formats/lc53.ts";
import type { Dialect } from "./target/dialect.ts";
import type { Target } from "./target/target.ts";

/** What a chunk is made from, besides its bytes. */
export interface LoadOptions {
  /** With its mark: `@` and a file name, or `=` and any words. */
  readonly chunkName: LuaString;
  readonly target: Target;
  /** Load a chunk without a look at its code, where the reference does not look at it either. */
  readonly trust?: boolean | undefined;
}

/** What a Lua version has of everything that works on code. */
export interface Toolchain {
  /** Input files that one command line may name; `Infinity` when there is no limit. */
  readonly maxInputs: number;
  /** Chunks that a lookup combination of the reference may hold; `Infinity` when all. */
  readonly maxModules: number;

  /** The order in which input files are loaded; a lone `-` is standard input. */
  orderInputs(paths: readonly LuaString[]): InputOrder;
  /** What of an input is to be loaded: without a first line that begins with `#`. */
  skipFirstLine(bytes: Uint8Array, origin?: Origin): Uint8Array;
  /** @throws CompileError */
  compile(source: Uint8Array, options: LoadOptions): Proto;
  /** @throws ChunkError */
  decode(chunk: Uint8Array, options: LoadOptions): Proto;
  /** @throws EncodeError */
  encode(proto: Proto, options: { readonly target: Target; readonly strip: boolean }): Uint8Array;
  /** @throws ChunkError when the target's loader would refuse the code */
  verify(proto: Proto): void;
  /** A main function around the chunks, without their names; see `combine51.ts`, `combine53.ts`. */
  combineCall(protos: readonly Proto[]): Proto;
  /**
   * A main function around the chunks, with their module names.
   *
   * @param protos at least one
   * @param time seconds since 1970; wraps around where the target's integers are too small
   * @throws LuacrossError `limit` for more chunks than any device could find
   */
  combineLookup(protos: readonly Proto[], time: number, target: Target): Proto;
  /** The chunks that a lookup combination does not find. */
  hiddenModules(protos: readonly Proto[]): readonly HiddenModule[];
  /** What programs will not find in an image of that lookup combination; plain text. */
  runTimeWarnings(main: Proto): readonly string[];
  /**
   * The file of a flash image.
   *
   * @param main a lookup combination
   * @throws ImageSizeError, EncodeError
   * @throws LuacrossError `image-refused` when the device takes no file of it
   */
  buildImage(main: Proto, options: ImageOptions): BuiltImage;
  /** What a main function and all within read, store and call by name. */
  usesOf(main: Proto): readonly Use[];
  /** The line of each instruction; 0 or less when it is unknown. */
  linesOf(proto: Proto): Int32Array;
  list(proto: Proto, options: { readonly full: boolean; readonly numbers: NumberModel }): LuaString;
}

const TOOLCHAIN_51: Toolchain = {
  maxInputs: 7999,
  maxModules: FIELDS_PER_FLUSH,
  orderInputs: (paths) => ({
    inputs: paths.map((path) => ({ path, isStdin: path === "-" })),
    lost: [],
  }),
  skipFirstLine,
  compile: compileSource,
  decode: decodeChunk51,
  encode: encodeChunk51,
  verify: verifyChunk51,
  combineCall: combineCall51,
  combineLookup: (protos, time, { numbers }) =>
    combineLookup51(protos, Number(numbers.fromInteger(BigInt(time)))),
  hiddenModules: hiddenModules51,
  runTimeWarnings: () => [],
  buildImage: imageFile51,
  usesOf: (main) => usesOf(main, readInstruction51),
  linesOf: ({ lineInfo, code }) => decodeLines(lineInfo, code.length),
  list: list51,
};

const TOOLCHAIN_53: Toolchain = {
  maxInputs: Number.POSITIVE_INFINITY,
  maxModules: Number.POSITIVE_INFINITY,
  orderInputs: orderInputs53,
  skipFirstLine: skipFirstLine53,
  compile: compileSource,
  decode: decodeChunk53,
  encode: encodeChunk53,
  verify: verifyChunk53,
  combineCall: combineCall53,
  combineLookup: (protos, time, { numbers }) =>
    combineLookup53(protos, numbers.fromInteger(BigInt(time))),
  hiddenModules: () => [], // modules of the same name are refused
  runTimeWarnings: (main) => runTimeWarnings53(main).map(({ message }) => message),
  buildImage: imageFile53,
  usesOf: (main) => usesOf(main, readInstruction53),
  linesOf: ({ lineInfo, code }) => decodeLines53(lineInfo, code.length),
  list: list53,
};

const TOOLCHAINS: Readonly<Record<Dialect["name"], Toolchain>> = {
  lua51: TOOLCHAIN_51,
  lua53: TOOLCHAIN_53,
};

/** Source or a binary chunk as a prototype. @throws CompileError, ChunkError */
export function loadChunk(
  { compile, decode }: Toolchain,
  chunk: Uint8Array,
  options: LoadOptions,
): Proto {
  return isBinaryChunk(chunk) ? decode(chunk, options) : compile(chunk, options);
}

export function toolchainFor(target: Target): Toolchain {
  return TOOLCHAINS[target.dialect.name];
}

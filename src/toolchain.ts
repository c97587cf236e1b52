/**
 * The one place where a Lua version picks its compiler, codecs and listing. The library and the
 * command lines ask for the toolchain of a target's dialect and never for the dialect's name.
 */
import { LuacrossError } from "./base/errors.ts";
import type { LuaString } from "./base/lua-string.ts";
import type { NumberModel } from "./base/number-model.ts";
import { FIELDS_PER_FLUSH } from "./bytecode/instruction.ts";
import { list51 } from "./bytecode/listing51.ts";
import type { Proto } from "./bytecode/proto.ts";
import { verifyChunk51 } from "./bytecode/verify51.ts";
import { compileSource } from "./compiler/compile.ts";
import type { BuiltImage, ImageOptions } from "./device/image-file.ts";
import { imageFile51 } from "./device/image-file51.ts";
import {
  combineCall51,
  combineLookup51,
  type HiddenModule,
  hiddenModules51,
} from "./formats/combine51.ts";
import { decodeChunk51, encodeChunk51 } from "./formats/lc51.ts";
import type { Dialect } from "./target/dialect.ts";
import type { Target } from "./target/target.ts";

/** What a chunk is made from, besides its bytes. */
export interface LoadOptions {
  /** With its mark: `@` and a file name, or `=` and any words. */
  readonly chunkName: LuaString;
  readonly target: Target;
}

export interface Toolchain {
  /** Input files that one command line may name. */
  readonly maxInputs: number;
  /** Chunks that a lookup combination of the reference may hold. */
  readonly maxModules: number;

  /** @throws CompileError */
  compile(source: Uint8Array, options: LoadOptions): Proto;
  /** @throws ChunkError */
  decode(chunk: Uint8Array, options: LoadOptions): Proto;
  /** @throws EncodeError */
  encode(proto: Proto, options: { readonly target: Target; readonly strip: boolean }): Uint8Array;
  /** @throws ChunkError when the target's loader would refuse the code */
  verify(proto: Proto): void;
  /** A main function that runs every chunk. */
  combineCall(protos: readonly Proto[]): Proto;
  /**
   * A main function that finds a chunk by its module name.
   *
   * @param protos at least one
   * @param time seconds since 1970; wraps around where the target's integers are too small
   * @throws LuacrossError `limit` for more chunks than any device could find
   */
  combineLookup(protos: readonly Proto[], time: number, target: Target): Proto;
  /** The chunks that a lookup combination does not find. */
  hiddenModules(protos: readonly Proto[]): readonly HiddenModule[];
  /**
   * The file of a flash image.
   *
   * @param main a lookup combination
   * @throws ImageSizeError, EncodeError
   * @throws LuacrossError `image-refused` when the device takes no file of it
   */
  buildImage(main: Proto, options: ImageOptions): BuiltImage;
  list(proto: Proto, options: { readonly full: boolean; readonly numbers: NumberModel }): LuaString;
}

const TOOLCHAIN_51: Toolchain = {
  maxInputs: 7999,
  maxModules: FIELDS_PER_FLUSH,
  compile: compileSource,
  decode: decodeChunk51,
  encode: encodeChunk51,
  verify: verifyChunk51,
  combineCall: combineCall51,
  combineLookup: (protos, time, { numbers }) =>
    combineLookup51(protos, Number(numbers.fromInteger(BigInt(time)))),
  hiddenModules: hiddenModules51,
  buildImage: imageFile51,
  list: list51,
};

const TOOLCHAINS: Readonly<Partial<Record<Dialect["name"], Toolchain>>> = {
  lua51: TOOLCHAIN_51,
};

/** @throws LuacrossError `unsupported` while a target's Lua version has no toolchain */
export function toolchainFor(target: Target): Toolchain {
  const toolchain = TOOLCHAINS[target.dialect.name];
  if (toolchain) return toolchain;
  throw new LuacrossError("unsupported", `target '${target.name}' is not supported yet`);
}

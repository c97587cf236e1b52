/**
 * What a module costs of the device's memory, by the way it gets there.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { compileSource } from "../compiler/compile.ts";
import type { Target } from "../target/target.ts";
import { CompileMemory } from "./compile-memory.ts";
import {
  mainClosureBytes,
  residentFromChunk,
  residentFromSource,
  stringsOfLoading,
  strippedProto,
} from "./resident.ts";

/**
 * Bytes that a module keeps after loading, before it runs, and at the worst moment of compiling it
 * on the device; as `collectgarbage("count")` counts, and beyond what a freshly started interpreter
 * has in use.
 */
export interface RamUse {
  /** Loaded from source; null when there is none. */
  readonly source: number | null;
  /** Loaded from a `.lc` file. */
  readonly lc: number;
  /** Loaded from a `.lc` file without debug information. */
  readonly stripped: number;
  /** Found in an LFS image. */
  readonly lfs: number;
  /** In use at the worst moment while the device compiles the source; null when there is none. */
  readonly compilePeak: number | null;
}

export interface ModuleOptions {
  /** With its mark: `@` and the file's name on the device. */
  readonly chunkName: LuaString;
  readonly target: Target;
}

/** @throws CompileError */
export function ramUseOfSource(source: Uint8Array, options: ModuleOptions): RamUse {
  const { memory } = options.target;
  const compile = new CompileMemory(memory, stringsOfLoading(options.chunkName));
  const main = compileSource(source, options, compile);
  return {
    ...ramUseOfProto(main, options),
    source: residentFromSource(memory, main, compile.strings),
    compilePeak: compile.peak,
  };
}

/** Of a module whose source is not at hand. */
export function ramUseOfProto(main: Proto, { chunkName, target }: ModuleOptions): RamUse {
  const { memory } = target;
  return {
    source: null,
    lc: residentFromChunk(memory, main, chunkName),
    stripped: residentFromChunk(memory, strippedProto(memory, main), chunkName),
    lfs: mainClosureBytes(memory.objects, main),
    compilePeak: null,
  };
}

/**
 * Loading of chunks in Lua 5.1: `load`, `loadstring`, `loadfile`, `dofile`. Source: the manual, §5.1.
 */
import { type LuaString, toBytes, untilNul } from "../../base/lua-string.ts";
import type { Call, Native } from "../call.ts";
import { LuaError } from "../errors.ts";
import { Closure } from "../state.ts";
import { plainFunction } from "./arguments.ts";
import { readChunkFile, readPieces } from "./chunk-source.ts";
import { fileArgument, fileChunkName, giveLoaded } from "./load-common.ts";
import type { Surroundings } from "./surroundings.ts";

export interface LoadFunctions51 {
  readonly load: Native;
  readonly loadstring: Native;
  readonly loadfile: Native;
  readonly dofile: Native;
}

export function loadFunctions51(surroundings: Surroundings): LoadFunctions51 {
  return {
    load,
    loadstring,
    loadfile(call) {
      return giveLoaded(call, loadFile51(call, surroundings, fileArgument(call)));
    },
    dofile(call) {
      const main = loadFile51(call, surroundings, fileArgument(call));
      if (typeof main === "string") throw LuaError.of(main);
      return call.giveAll(call.callAll(main, []));
    },
  };
}

function loadstring(call: Call): number {
  const text = call.text(1);
  const name = untilNul(call.text(2, text));
  return giveLoaded(call, loadChunk51(call, toBytes(text), name));
}

function load(call: Call): number {
  const name = untilNul(call.text(2, "=(load)"));
  const reader = plainFunction(call, 1);
  const pieces = readPieces(call, reader, { passesFirst: true });
  if (!pieces.ok) return call.giveTwo(undefined, pieces.error);
  return giveLoaded(call, loadChunk51(call, toBytes(pieces.text), name));
}

/** A function of a chunk, or why there is none. Its globals are those of the running thread. */
function loadChunk51(call: Call, chunk: Uint8Array, chunkName: LuaString): Closure | LuaString {
  const loaded = call.state.loadChunk(chunk, chunkName);
  if (loaded instanceof Closure) loaded.environment = call.thread.globals;
  return loaded;
}

/** The same for a file, or for standard input when it has no name. */
export function loadFile51(
  call: Call,
  surroundings: Surroundings,
  path: LuaString | undefined,
): Closure | LuaString {
  const chunk = readChunkFile(surroundings, path);
  if (typeof chunk === "string") return chunk;
  return loadChunk51(call, chunk, fileChunkName(path));
}

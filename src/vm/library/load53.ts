/** Loading of chunks in Lua 5.3: `load`, `loadfile`, `dofile`. Source: the manual, §6.1. */

import { type LuaString, toBytes, untilNul } from "../../base/lua-string.ts";
import { BINARY_MARK } from "../../bytecode/binary-mark.ts";
import type { Call, Native } from "../call.ts";
import { LuaError } from "../errors.ts";
import { callThen, enterLevel, leaveLevel } from "../frames.ts";
import { isNumber } from "../numbers.ts";
import { Closure } from "../state.ts";
import { TString } from "../values.ts";
import { readChunkFile, readPieces } from "./chunk-source.ts";
import { fileArgument, fileChunkName, giveLoaded } from "./load-common.ts";
import type { Surroundings } from "./surroundings.ts";

export interface LoadFunctions53 {
  /** Also `loadstring`. */
  readonly load: Native;
  readonly loadfile: Native;
  readonly dofile: Native;
}

/** What the mode of a chunk may be when nobody says. */
const ANY_MODE = "bt";

export function loadFunctions53(surroundings: Surroundings): LoadFunctions53 {
  return {
    load,
    loadfile(call) {
      const path = fileArgument(call);
      const mode = call.text(2, ANY_MODE);
      return giveInEnvironment(call, loadFile53(call, surroundings, path, mode), 3);
    },
    dofile(call) {
      const main = loadFile53(call, surroundings, fileArgument(call));
      if (typeof main === "string") throw LuaError.of(main);
      return callMain(call, main);
    },
  };
}

/** A coroutine may be suspended in the main function. */
function callMain(call: Call, main: Closure): number {
  call.give(main);
  enterLevel(call.thread);
  return callThen(call, call.base, 0, ({ thread, base }) => {
    const frame = thread.frames[thread.depth];
    leaveLevel(thread, frame);
    frame.top = thread.top;
    return thread.top - base;
  });
}

function load(call: Call): number {
  const given = call.get(1);
  const mode = call.text(3, ANY_MODE);
  if (given instanceof TString || isNumber(given)) {
    const text = call.text(1);
    const name = untilNul(call.text(2, text));
    return giveInEnvironment(call, loadChunk53(call, toBytes(text), name, mode), 4);
  }
  const name = untilNul(call.text(2, "=(load)"));
  const refuse = (start: LuaString) => refusal(start.charCodeAt(0), mode);
  const pieces = readPieces(call, call.callable(1), { refuse });
  if (!pieces.ok) return call.giveTwo(undefined, pieces.error);
  return giveInEnvironment(call, loadChunk53(call, toBytes(pieces.text), name, mode), 4);
}

/** @param n the argument with the function's first upvalue, its environment */
function giveInEnvironment(call: Call, loaded: Closure | LuaString, n: number): number {
  if (loaded instanceof Closure && call.has(n) && loaded.upvalues.length > 0) {
    const [{ array, index }] = loaded.upvalues;
    array[index] = call.get(n);
  }
  return giveLoaded(call, loaded);
}

/** Why a mode refuses a chunk by its first byte, which is NaN for none; undefined when it does not. */
function refusal(first: number, mode: LuaString): LuaString | undefined {
  const kind = first === BINARY_MARK ? "binary" : "text";
  const letters = untilNul(mode);
  if (letters.includes(kind[0])) return undefined;
  return `attempt to load a ${kind} chunk (mode is '${letters}')`;
}

function loadChunk53(
  call: Call,
  chunk: Uint8Array,
  chunkName: LuaString,
  mode: LuaString,
): Closure | LuaString {
  return refusal(chunk[0], mode) ?? call.state.loadChunk(chunk, chunkName);
}

/** A function of a file, or of standard input when it has no name; or why there is none. */
export function loadFile53(
  call: Call,
  surroundings: Surroundings,
  path: LuaString | undefined,
  mode: LuaString = ANY_MODE,
): Closure | LuaString {
  const chunk = readChunkFile(surroundings, path);
  if (typeof chunk === "string") return chunk;
  return loadChunk53(call, chunk, fileChunkName(path), mode);
}

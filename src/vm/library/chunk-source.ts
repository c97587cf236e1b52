/** Where the functions that load chunks get them from: a function that gives pieces, or a file. */
import { type LuaString, toBytes } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { LuaError } from "../errors.ts";
import { handled, handlerInForce } from "../run.ts";
import type { LuaFunction } from "../state.ts";
import type { Value } from "../values.ts";
import { textOf } from "./c-texts.ts";
import { type OpenFile, type Surroundings, SystemRefusal } from "./surroundings.ts";

/** All pieces, or the error that ended them. */
export type Pieces =
  | { readonly ok: true; readonly text: LuaString }
  | { readonly ok: false; readonly error: Value };

/** Bytes and pieces of a chunk that there can be memory for. */
const MAX_SIZE = 2 ** 26;

/**
 * Bytes that may be looked at again and again to find out whether a chunk is complete; afterwards this
 * is done only when it has doubled.
 */
const LOOKED_AT_OFTEN = 2 ** 14;

/** What the loader of a version does with the first piece. */
export interface ReadRules {
  /**
   * An empty one does not end the chunk, which is source then, whatever follows: the loader looks
   * ahead, and forgets that it found nothing.
   */
  readonly passesFirst?: boolean;
  /** Says why not to ask for more; undefined when there is no reason. */
  readonly refuse?: (start: LuaString) => LuaString | undefined;
}

/**
 * The pieces that a function gives until it gives nil or nothing, or the loader needs no more because
 * of a mistake in the source or the end of a binary chunk. In long chunks that is noticed late.
 *
 * @throws LuaError when there are too many
 */
export function readPieces(call: Call, reader: LuaFunction, rules: ReadRules = {}): Pieces {
  const pieces: LuaString[] = [];
  let size = 0;
  let lookedAt = 0;
  let lookAt = 0;
  for (;;) {
    const piece = readPiece(call, reader);
    if (typeof piece !== "string") return piece;
    const reason = pieces.length === 0 ? rules.refuse?.(piece) : undefined;
    if (reason !== undefined) return { ok: false, error: call.make(reason) };
    if (piece !== "") pieces.push(piece);
    else if (rules.passesFirst && pieces.length === 0) pieces.push(" ");
    else return { ok: true, text: pieces.join("") };
    size += 1 + piece.length;
    if (size > MAX_SIZE) throw LuaError.outOfMemory();
    if (size > lookAt) {
      const text = pieces.join("");
      if (call.state.needsNoMore(toBytes(text))) return { ok: true, text };
      lookedAt += size;
      lookAt = lookedAt < LOOKED_AT_OFTEN ? size : 2 * size;
    }
  }
}

/** Empty at the end. Errors come to the error handler in force, although the loader returns them. */
function readPiece(call: Call, reader: LuaFunction): LuaString | (Pieces & { ok: false }) {
  const { thread, state } = call;
  const handler = handlerInForce(thread);
  const result = state.engine.protectedCall(thread, reader, [], handler);
  if (!result.ok) return { ok: false, error: result.error.value };
  const [piece] = result.values;
  const text = piece === undefined ? "" : textOf(call, piece);
  if (text !== undefined) return text;
  const error = call.error("reader function must return a string");
  return { ok: false, error: handled(thread, error, handler).value };
}

const PORTION = 65_536;

/** What is left of a file. */
export function readAll(file: OpenFile): LuaString {
  const parts: LuaString[] = [];
  for (;;) {
    const part = file.read(PORTION);
    if (part === "") return parts.join("");
    parts.push(part);
  }
}

/** The chunk in a file, or in standard input when it has no name; or why there is none. */
export function readChunkFile(
  surroundings: Surroundings,
  path: LuaString | undefined,
): Uint8Array | LuaString {
  let action = "open";
  try {
    const file = path === undefined ? surroundings.stdin : surroundings.files.open(path, "r");
    action = "read";
    const content = toBytes(readAll(file));
    if (path !== undefined) file.close();
    return surroundings.chunkOf(content, path === undefined ? "stdin" : "file");
  } catch (error) {
    if (!(error instanceof SystemRefusal)) throw error;
    const { chunkRefusal = (reason) => `: ${reason}` } = surroundings;
    return `cannot ${action} ${path ?? "stdin"}${chunkRefusal(error.reason)}`;
  }
}

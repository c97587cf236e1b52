/** Where the functions that load chunks get them from: a function that gives pieces, or a file. */
import { type LuaString, toBytes } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { isNumber } from "../numbers.ts";
import type { LuaFunction } from "../state.ts";
import { TString, type Value } from "../values.ts";
import { type OpenFile, type Surroundings, SystemRefusal } from "./surroundings.ts";

/** All pieces, or the error that ended them. */
export type Pieces =
  | { readonly ok: true; readonly text: LuaString }
  | { readonly ok: false; readonly error: Value };

/**
 * The pieces that a function gives until it gives nil or nothing. It is called to the end, even when
 * the compiler would have found a mistake before.
 */
export function readPieces(call: Call, reader: LuaFunction): Pieces {
  const pieces: LuaString[] = [];
  for (;;) {
    const result = call.protectedCall(reader, []);
    if (!result.ok) return { ok: false, error: result.error.value };
    const [piece] = result.values;
    if (piece === undefined) break;
    const text = textOf(call, piece);
    if (text === undefined) {
      return { ok: false, error: call.error("reader function must return a string").value };
    }
    if (text === "") break;
    pieces.push(text);
  }
  return { ok: true, text: pieces.join("") };
}

function textOf(call: Call, value: Value): LuaString | undefined {
  if (value instanceof TString) return value.text;
  return isNumber(value) ? call.numbers.format(value) : undefined;
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
    return `cannot ${action} ${path ?? "stdin"}: ${error.reason}`;
  }
}

/**
 * How many strings compiling a source makes, roughly: its names and literals, most of which are garbage
 * soon. A machine is handed its compiler and knows nothing else of it.
 */

import { fromBytes } from "../base/lua-string.ts";
import { BINARY_MARK } from "../bytecode/binary-mark.ts";

/** Comments, literals, names. */
const PIECES =
  /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*/;
/** They are no strings, or are there anyway. */
const RESERVED = new Set(
  (
    "and break do else elseif end false for function goto if in local nil not or repeat return " +
    "then true until while"
  ).split(" "),
);

/** What loops of either kind call the variables that no source mentions. */
const HIDDEN_NAMES = 3;

/** Of a binary chunk, 0. */
export function stringsInSource(chunk: Uint8Array): number {
  if (chunk[0] === BINARY_MARK) return 0;
  const pieces = new Set(fromBytes(chunk).match(new RegExp(PIECES, "g")));
  let count = 0;
  for (const piece of pieces) if (!piece.startsWith("--") && !RESERVED.has(piece)) count++;
  if (pieces.has("for")) count += HIDDEN_NAMES;
  if (pieces.has("in")) count += HIDDEN_NAMES;
  return count;
}

/**
 * A chunk name tells where a function came from: `@file`, `=words`, or the source text itself.
 * People see it without its mark. Source: lua51.md §2.6 (messages), §7 (listing).
 */
import { type LuaString, untilNul } from "../base/lua-string.ts";

/** The source of a function in a chunk that carries no name. */
export const NO_SOURCE: LuaString = "=?";

const ESCAPE = "\x1b";

/** The name as messages about binary chunks show it; never shortened. */
export function messageName(chunkName: LuaString): LuaString {
  return (
    visibleName(chunkName) ?? (chunkName.startsWith(ESCAPE) ? "binary string" : untilNul(chunkName))
  );
}

/** The name as a listing shows it; a chunk that is named by its own text is just a string there. */
export function listingName(chunkName: LuaString): LuaString {
  return visibleName(chunkName) ?? (chunkName.startsWith(ESCAPE) ? "(bstring)" : "(string)");
}

/** What follows the mark, or undefined if there is none. */
function visibleName(chunkName: LuaString): LuaString | undefined {
  const marked = chunkName.startsWith("@") || chunkName.startsWith("=");
  return marked ? untilNul(chunkName.slice(1)) : undefined;
}

/** What the functions that load chunks share in both versions. Source: the manuals' §5.1 and §6.1. */
import type { LuaString } from "../../base/lua-string.ts";
import type { Call } from "../call.ts";
import { Closure } from "../state.ts";
import { cText } from "./c-texts.ts";

/** A file's name; undefined for standard input. */
export function fileArgument(call: Call): LuaString | undefined {
  return call.isNoneOrNil(1) ? undefined : cText(call, 1);
}

/** What messages call a chunk of a file; standard input has no name. */
export function fileChunkName(path: LuaString | undefined): LuaString {
  return path === undefined ? "=stdin" : `@${path}`;
}

/** A function, or nil and why there is none. */
export function giveLoaded(call: Call, loaded: Closure | LuaString): number {
  if (loaded instanceof Closure) return call.give(loaded);
  return call.giveTwo(undefined, call.make(loaded));
}

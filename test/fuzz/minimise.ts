/**
 * Makes a failing input small: leaves out ever smaller runs of lines, tokens and bytes for as long
 * as it still fails (the "ddmin" idea of Zeller and Hildebrandt).
 */
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { splitLines, splitTokens } from "./tokens.ts";

/** Asks whether an input still shows the failure. */
export type Fails = (input: Uint8Array) => boolean;

/** Counts down the tries that are left. */
interface Effort {
  left: number;
}

/**
 * The smallest failing source found in at most `tries` tries.
 * @param input must fail
 */
export function minimiseSource(input: Uint8Array, fails: Fails, tries = 1500): Uint8Array {
  const effort: Effort = { left: tries };
  let text = fromBytes(input);
  const check = (candidate: LuaString) => fails(toBytes(candidate));
  for (let before = ""; before !== text && effort.left > 0; ) {
    before = text;
    for (const split of [splitLines, splitTokens])
      text = reduce(split(text), check, effort).join("");
    if (text.length < 300) text = reduce([...text], check, effort).join("");
  }
  return toBytes(text);
}

/** The pieces that remain when none (or no run tried) can be left out any more. */
function reduce(
  pieces: LuaString[],
  check: (text: LuaString) => boolean,
  effort: Effort,
): LuaString[] {
  let kept = pieces;
  for (let size = kept.length >> 1; size > 0; size = size > 1 ? size >> 1 : 0) {
    for (let at = 0; at < kept.length && effort.left > 0; ) {
      const candidate = [...kept.slice(0, at), ...kept.slice(at + size)];
      effort.left--;
      if (check(candidate.join(""))) kept = candidate;
      else at += size;
    }
  }
  return kept;
}

/**
 * Tracebacks of Lua 5.1, in the words of its `debug.traceback`. Source: observed.
 *
 *     stack traceback:
 *         main.lua:3: in function 'f'
 *         (tail call): ?
 *         main.lua:7: in main chunk
 *         [C]: ?
 */
import type { LuaString } from "../base/lua-string.ts";
import { chunkId } from "../bytecode/chunk-id.ts";
import { currentLine51, functionName51 } from "./names51.ts";
import { Closure, type Thread } from "./state.ts";

/** Of more levels than these two together those in the middle are left out. */
const FIRST_LEVELS = 12;
const LAST_LEVELS = 10;

/** The functions that run in a thread from a level on; level 0 is the innermost. */
export function traceback51(thread: Thread, level: number): LuaString {
  const levels = describeLevels(thread);
  const lines = ["stack traceback:"];
  let mayCut = true;
  for (let at = level; at >= 0 && at < levels.length; at++) {
    if (mayCut && at >= FIRST_LEVELS) {
      mayCut = false;
      if (levels.length > at + 1 + LAST_LEVELS) {
        lines.push("\n\t...");
        at = levels.length - LAST_LEVELS;
      }
    }
    lines.push(`\n\t${levels[at]}`);
  }
  return lines.join("");
}

/** One line for each level; a function that a tail call has replaced is a level, too. */
function describeLevels(thread: Thread): LuaString[] {
  const levels: LuaString[] = [];
  for (let { depth } = thread; depth > 0; depth--) {
    levels.push(describe(thread, depth));
    for (let i = 0; i < thread.frames[depth].tailCalls; i++) levels.push("(tail call): ?");
  }
  return levels;
}

function describe(thread: Thread, depth: number): LuaString {
  const frame = thread.frames[depth];
  const name = functionName51(thread, depth)?.name;
  if (!(frame.fn instanceof Closure)) {
    return name === undefined ? "[C]: ?" : `[C]: in function '${name}'`;
  }
  const { source, lineDefined } = frame.fn.code.proto;
  const file = chunkId(source, thread.state.target.dialect.chunkIdAtRun);
  const line = currentLine51(frame);
  const place = line > 0 ? `${file}:${line}:` : `${file}:`;
  if (name !== undefined) return `${place} in function '${name}'`;
  return lineDefined === 0
    ? `${place} in main chunk`
    : `${place} in function <${file}:${lineDefined}>`;
}

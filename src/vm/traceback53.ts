/**
 * Tracebacks of Lua 5.3, in the words of its `debug.traceback`. Source: observed.
 *
 *     stack traceback:
 *         [C]: in function 'error'
 *         main.lua:3: in upvalue '?'
 *         (...tail calls...)
 *         main.lua:7: in main chunk
 *         [C]: in ?
 */
import type { LuaString } from "../base/lua-string.ts";
import { chunkId } from "../bytecode/chunk-id.ts";
import { globalName53 } from "./function-names53.ts";
import { currentLine53, functionName53 } from "./names53.ts";
import { Closure, type Thread } from "./state.ts";

/** Of more levels than these two together those in the middle are left out. */
const FIRST_LEVELS = 10;
const LAST_LEVELS = 11;

/** The functions that run in a thread from a level on; level 0 is the innermost. */
export function traceback53(thread: Thread, level: number): LuaString {
  const lines = ["stack traceback:"];
  const first = thread.depth - level;
  const isCut = first - 1 > FIRST_LEVELS + LAST_LEVELS;
  for (let depth = first; depth > 0; depth--) {
    if (isCut && depth === first - FIRST_LEVELS) {
      lines.push("...");
      depth = LAST_LEVELS + 1;
    } else lines.push(describe(thread, depth));
  }
  return lines.join("\n\t");
}

function describe(thread: Thread, depth: number): LuaString {
  const frame = thread.frames[depth];
  const { fn, tailCalls } = frame;
  const tail = tailCalls > 0 ? "\n\t(...tail calls...)" : "";
  if (!(fn instanceof Closure)) return `[C]: in ${nameOf(thread, depth) ?? "?"}${tail}`;
  const { source, lineDefined } = fn.code.proto;
  const file = chunkId(source, thread.state.target.dialect.chunkIdAtRun);
  const line = currentLine53(frame);
  const place = line > 0 ? `${file}:${line}:` : `${file}:`;
  const plain = lineDefined === 0 ? "main chunk" : `function <${file}:${lineDefined}>`;
  return `${place} in ${nameOf(thread, depth) ?? plain}${tail}`;
}

/** By its global name, or else as the code that called it names it. */
function nameOf(thread: Thread, depth: number): LuaString | undefined {
  const { fn } = thread.frames[depth];
  const global = fn === undefined ? undefined : globalName53(thread, fn);
  if (global !== undefined) return `function '${global}'`;
  const called = functionName53(thread, depth);
  return called === undefined ? undefined : `${called.kind} '${called.name}'`;
}

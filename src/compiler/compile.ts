/** The compiler's entrance: source bytes in, prototype out. */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import { CodeBuffer } from "./code-buffer.ts";
import { StringConstants } from "./constant-table.ts";
import type { Backend } from "./function-state.ts";
import { Lexer } from "./lexer.ts";
import { LUA51_BACKEND } from "./lua51.ts";
import { Parser } from "./parser.ts";
import { SymbolTable } from "./symbol-table.ts";
import { type CompileWatcher, WatchedLexer } from "./watch.ts";

export interface CompileOptions {
  /** The chunk's name with its `@` (a file) or `=` (shown as it is). */
  readonly chunkName: LuaString;
  readonly target: Target;
}

const BACKENDS: Readonly<Record<Target["dialect"]["name"], Backend | undefined>> = {
  lua51: LUA51_BACKEND,
  lua53: undefined,
};

/**
 * Compiles a chunk. The bytes are taken as they are: a first line that begins with `#` is the
 * caller's to skip.
 * @param watcher told of every token and function, for those who measure the compiler
 * @throws CompileError when the source is not valid
 */
export function compileSource(
  source: Uint8Array,
  options: CompileOptions,
  watcher?: CompileWatcher,
): Proto {
  const { chunkName, target } = options;
  const backend = BACKENDS[target.dialect.name] as Backend;
  const symbols = new SymbolTable(source);
  const lexer = watcher
    ? new WatchedLexer(symbols, chunkName, target.dialect, target.numbers, watcher)
    : new Lexer(symbols, chunkName, target.dialect, target.numbers);
  const parser = new Parser({
    chunkName,
    lexer,
    dialect: target.dialect,
    numbers: target.numbers,
    backend,
    code: new CodeBuffer(source.length >> 2),
    strings: new StringConstants(symbols),
    watcher,
  });
  return parser.mainFunction();
}

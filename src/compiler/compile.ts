/** The compiler's entrance: source bytes in, prototype out. */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Dialect } from "../target/dialect.ts";
import type { Target } from "../target/target.ts";
import { TARGETS } from "../target/targets.ts";
import { CodeBuffer } from "./code-buffer.ts";
import type { Backend } from "./function-state.ts";
import { LabelTable } from "./labels.ts";
import { Lexer } from "./lexer.ts";
import { LUA51_BACKEND } from "./lua51.ts";
import { LUA53_BACKEND } from "./lua53.ts";
import { type OperatorTable, operatorTable } from "./operators.ts";
import { Parser } from "./parser.ts";
import { SymbolTable } from "./symbol-table.ts";
import { type CompileWatcher, WatchedLexer } from "./watch.ts";

export interface CompileOptions {
  /** The chunk's name with its `@` (a file) or `=` (shown as it is). */
  readonly chunkName: LuaString;
  readonly target: Target;
}

const BACKENDS: Readonly<Record<Target["dialect"]["name"], Backend>> = {
  lua51: LUA51_BACKEND,
  lua53: LUA53_BACKEND,
};

/** Made once, as it takes longer than to compile a short chunk. */
const OPERATORS: ReadonlyMap<Dialect, OperatorTable> = new Map(
  TARGETS.map(({ dialect }) => [dialect, operatorTable(dialect)]),
);

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
  const backend = BACKENDS[target.dialect.name];
  const symbols = new SymbolTable(source);
  const lexer = watcher
    ? new WatchedLexer(symbols, chunkName, target.dialect, target.numbers, watcher)
    : new Lexer(symbols, chunkName, target.dialect, target.numbers);
  const parser = new Parser({
    chunkName,
    lexer,
    dialect: target.dialect,
    operators: OPERATORS.get(target.dialect) ?? operatorTable(target.dialect),
    numbers: target.numbers,
    backend,
    code: new CodeBuffer(source.length >> 2),
    constants: backend.createConstants(symbols),
    labels: new LabelTable(),
    watcher,
  });
  return parser.mainFunction();
}

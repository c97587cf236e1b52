/**
 * Stand-ins for firmware modules that a simulated board does not have: written in JavaScript as an
 * object, or in Lua as a file that returns a table. Programs see them as they see real modules: as a
 * global that cannot be changed.
 *
 * ```ts
 * createBoard({
 *   program,
 *   mocks: {
 *     wifi: { STATION: 1, setmode: () => true, sta: { getip: () => "192.168.0.2" } },
 *     sntp: (board) => ({
 *       sync(server: string, done: (seconds: number) => void) {
 *         board.after(300, () => done(1_600_000_000));
 *       },
 *     }),
 *     net: new LuaMock("return { createServer = function() error('no network') end }"),
 *   },
 * });
 * ```
 *
 * How values are converted is at the head of `mock-values.ts`. Mocks live as long as the program: a
 * function that makes one is called at each start of the board.
 */
import { LuacrossError } from "../base/errors.ts";
import { fromText, type LuaString, toBytes } from "../base/lua-string.ts";
import type { NorFlash } from "../device/flash.ts";
import { Table } from "../vm/table.ts";
import { TString, type Value } from "../vm/values.ts";
import { type MockValue, MockValues } from "./mock-values.ts";
import type { BoardModule, ModuleContext, RestartReason } from "./module.ts";
import { itemsOf } from "./table-items.ts";

/** A module: its functions, constants, and tables of such. */
export type MockObject = { readonly [name: string]: MockValue };

/** The board as a mock sees it. */
export interface MockBoard {
  /** Why the board started this time. */
  readonly startReason: RestartReason;
  /** Milliseconds since the board started. */
  now(): number;
  /** Runs something later; a restart forgets it. @param milliseconds of board time, not negative */
  after(milliseconds: number, run: () => void): void;
}

/** A mock in Lua: a chunk that returns a table; it is run at each start, before the program. */
export class LuaMock {
  /** Source or a binary chunk. */
  readonly chunk: Uint8Array;
  /** For messages; begins with `@` or `=`. */
  readonly chunkName: LuaString | undefined;

  /** @param source text is taken as UTF-8 */
  constructor(source: Uint8Array | string, chunkName?: LuaString) {
    this.chunk = typeof source === "string" ? toBytes(fromText(source)) : source;
    this.chunkName = chunkName;
  }
}

/** An object, a function that makes one at each start, or a chunk of Lua. */
export type Mock = MockObject | ((board: MockBoard) => MockObject) | LuaMock;

const MILLISECOND = 1000;

/** Mocks by the names of their globals, to be given to a board as its modules. */
export function mockModules(mocks: Readonly<Record<string, Mock>>): readonly BoardModule[] {
  return Object.entries(mocks).map(([name, mock]) => mockModule(name, mock));
}

/** One mock as a module of a board. */
export function mockModule(global: string, mock: Mock): BoardModule {
  const name = fromText(global);
  return mock instanceof LuaMock ? moduleInLua(name, mock) : moduleInJavaScript(name, mock);
}

// Mocks in JavaScript

type JavaScriptMock = Exclude<Mock, LuaMock>;

function moduleInJavaScript(name: LuaString, mock: JavaScriptMock): BoardModule {
  // By what a board keeps when it restarts: several boards may have the same mock.
  const current = new WeakMap<NorFlash, MockValues>();
  return {
    name,
    open(context) {
      current.get(context.flash)?.end();
      const values = new MockValues(context);
      current.set(context.flash, values);
      return { name, functions: {}, fields: fieldsOf(values, mock, context) };
    },
  };
}

function fieldsOf(values: MockValues, mock: JavaScriptMock, context: ModuleContext) {
  const object = typeof mock === "function" ? mock(boardOf(context)) : mock;
  const table = values.toFlashTable(object);
  const fields = itemsOf(table).flatMap(([key, value]) =>
    key instanceof TString ? [[key.text, value] as const] : [],
  );
  return () => Object.fromEntries<Value>(fields);
}

function boardOf({ startReason, now, loop }: ModuleContext): MockBoard {
  return {
    startReason,
    now: () => now() / MILLISECOND,
    after(milliseconds, run) {
      loop.after(milliseconds * MILLISECOND, run);
    },
  };
}

// Mocks in Lua

function moduleInLua(name: LuaString, { chunk, chunkName = `@${name}.lua` }: LuaMock): BoardModule {
  return {
    name,
    open: () => ({ name, functions: {} }),
    ready(context) {
      const { state } = context;
      const table = runMock(context, name, chunk, chunkName);
      const place = state.engine.index(state.mainThread, state.globals, state.intern(name));
      if (place instanceof Table) moveToFlash(table, place, new Map());
    },
  };
}

/** @throws LuacrossError `unsupported` when it fails, or returns no table */
function runMock(
  context: ModuleContext,
  name: LuaString,
  chunk: Uint8Array,
  chunkName: LuaString,
): Table {
  const { state } = context;
  const main = state.loadChunk(context.chunkOf(chunk), chunkName);
  if (typeof main === "string") throw failure(name, main);
  const result = state.engine.protectedCall(state.mainThread, main, []);
  if (!result.ok) throw failure(name, result.error.message ?? "(error object is not a string)");
  const [table] = result.values;
  if (table instanceof Table) return table;
  const got = state.engine.typeName(state, table);
  throw failure(name, `${chunkName.slice(1)} must return a table, not ${got}`);
}

function failure(name: LuaString, reason: LuaString): LuacrossError {
  return new LuacrossError("unsupported", `the mock of '${name}' failed: ${reason}`);
}

/**
 * Makes a table in flash of one in memory: what is in it at that moment, tables within it included.
 * Later changes of the one in memory are not seen.
 */
function moveToFlash(from: Table, to: Table, moved: Map<Table, Table>): Table {
  moved.set(from, to);
  const entries = itemsOf(from).flatMap(([key, value]) => {
    if (!(key instanceof TString)) return [];
    return [{ key, value: value instanceof Table ? movedTable(value, from, moved) : value }];
  });
  to.readOnly = false;
  for (const { key, value } of entries) to.setString(key, value);
  to.entries = entries;
  to.readOnly = true;
  to.metatable = from.metatable;
  return to;
}

/** Lists, and other tables with keys that are no strings, stay what they are. */
function movedTable(table: Table, like: Table, moved: Map<Table, Table>): Table {
  const known = moved.get(table);
  if (known) return known;
  const hasNames = itemsOf(table).every(([key]) => key instanceof TString);
  return hasNames ? moveToFlash(table, new Table(like.heap), moved) : table;
}
